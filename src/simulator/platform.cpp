#include "platform.hpp"

#include <fmt/format.h>
#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/text/unicode.hpp>

#include <random>
#include <utility>

namespace motcua::simulator {
namespace {

using nlohmann::json;
using zalo::member;

constexpr std::size_t entry_limit = 1000; // per citizen
constexpr std::size_t call_limit = 20000;
constexpr std::uint64_t first_citizen = 6130000000000000001U;
constexpr std::chrono::hours window{7 * 24};

// Empty, or what is wrong with the value.
struct fault
{
    int error = 0;
    std::string message;
};
constexpr int invalid_parameter = -201;
constexpr int over_limit = -210;

fault invalid(std::string_view what)
{
    return {invalid_parameter, "Params is invalid: " + std::string(what)};
}

fault check_text(const json& value, std::string_view name, std::size_t limit)
{
    if (!value.is_string() || value.get_ref<const std::string&>().empty())
        return invalid(name);
    if (text::code_points(value.get_ref<const std::string&>()) > limit)
        return {over_limit, std::string(name) + " is over limit"};
    return {};
}

// What a button's payload, or a list element's flat action, must look like (2.3, 2.4).
fault check_action(const json& action, const json& payload, const json& url)
{
    const auto type = zalo::token(member(action, "type"));
    if (type == "oa.query.show" || type == "oa.query.hide")
        return check_text(payload, "payload", dialogue::payload_limit);
    if (type == "oa.open.url") {
        const auto target = zalo::token(url);
        return target.starts_with("https://") || target.starts_with("http://") ? fault{}
                                                                               : invalid("url");
    }
    if (type == "oa.open.phone" || type == "oa.open.sms")
        return zalo::token(member(payload, "phone_code")).empty() ? invalid("phone_code") : fault{};
    return invalid("type " + type);
}

fault check_button(const json& button)
{
    auto bad = check_text(member(button, "title"), "title", dialogue::button_title_limit);
    if (bad.error != 0)
        return bad;
    const auto& payload = member(button, "payload");
    return check_action(button, payload, member(payload, "url"));
}

fault check_element(const json& element)
{
    auto bad = check_text(member(element, "title"), "title", dialogue::element_title_limit);
    const auto& subtitle = member(element, "subtitle");
    if (bad.error == 0 && !subtitle.is_null())
        bad = check_text(subtitle, "subtitle", dialogue::element_subtitle_limit);
    const auto& action = member(element, "default_action");
    if (bad.error == 0 && !action.is_null())
        bad = check_action(action, member(action, "payload"), member(action, "url"));
    return bad;
}

template <class Check>
fault check_each(const json& values, std::string_view name, std::size_t limit, Check check)
{
    if (!values.is_array() || values.empty())
        return invalid(name);
    if (values.size() > limit)
        return {over_limit, std::string(name) + " is over limit"};
    for (const auto& value : values) {
        if (auto bad = check(value); bad.error != 0)
            return bad;
    }
    return {};
}

fault check_message(const json& message)
{
    const auto& text = member(message, "text");
    const auto& attachment = member(message, "attachment");
    if (attachment.is_null() || !text.is_null()) {
        if (auto bad = check_text(text, "text", dialogue::text_limit); bad.error != 0)
            return bad;
    }
    if (attachment.is_null())
        return {};
    const auto& payload = member(attachment, "payload");
    if (zalo::token(member(attachment, "type")) != "template" || !payload.is_object())
        return invalid("attachment");
    const auto& buttons = member(payload, "buttons");
    if (!buttons.is_null()) {
        auto bad = check_each(buttons, "buttons", dialogue::button_limit, check_button);
        if (bad.error != 0)
            return bad;
    }
    const auto& type = member(payload, "template_type");
    if (type.is_null())
        return text.is_null() || buttons.is_null() ? invalid("template_type") : fault{};
    if (type != "list")
        return invalid("template_type");
    return check_each(
        member(payload, "elements"), "elements", dialogue::element_limit, check_element);
}

} // namespace

platform::platform(const options& settings)
    : type(settings.type), access_token_(settings.access_token),
      sends_per_minute_(settings.sends_per_minute),
      run_id_(fmt::format("{:08x}", std::random_device()()))
{
}

citizen& platform::add_citizen(std::string name)
{
    auto id = std::to_string(first_citizen + citizens_.size());
    citizen fresh;
    fresh.id = id;
    fresh.name = std::move(name);
    return citizens_.emplace(std::move(id), std::move(fresh)).first->second;
}

citizen* platform::find(std::string_view id)
{
    const auto found = citizens_.find(id);
    return found == citizens_.end() ? nullptr : &found->second;
}

std::string platform::fresh_message_id()
{
    return fmt::format("{}{:012x}", run_id_, ++messages_);
}

chat_entry& platform::append(citizen& whose, chat_entry entry)
{
    entry.id = fresh_message_id();
    whose.entries.push_back(std::move(entry));
    if (whose.entries.size() > entry_limit)
        whose.entries.pop_front();
    changed(whose, whose.entries.back());
    return whose.entries.back();
}

void platform::changed(citizen& whose, chat_entry& entry)
{
    entry.revision = ++whose.revision;
}

platform::verdict
platform::check_caller(std::string_view path, std::string_view access_token, utc_time now)
{
    if (access_token.empty() || access_token != access_token_) {
        const int error = judge_token ? judge_token(access_token, now) : -216;
        if (error != 0)
            return {error, "Access token is invalid or expired"};
    }
    if (path == v3_path && type == oa_type::state_agency)
        return {-235, "API does not support this type of OA"};
    if (path == v2_path && type == oa_type::enterprise)
        return {-240, "Message API V2 has been shut down"};
    while (!recent_sends_.empty() && now - recent_sends_.front() >= std::chrono::minutes(1))
        recent_sends_.pop_front();
    if (recent_sends_.size() >= sends_per_minute_)
        return {-32, "Your application reached limit call api"};
    recent_sends_.push_back(now);
    return {};
}

platform::verdict platform::check_citizen(const citizen* whose, utc_time now) const
{
    if (whose == nullptr || !whose->follows)
        return {-213, "User has not followed OA"};
    if (!whose->last_interaction)
        return {-232, "User has not interacted with OA"};
    if (now - *whose->last_interaction > window)
        return {-230, "User has not interacted with OA in the past 7 days"};
    return {};
}

api_call platform::decide(
    std::string_view path, std::string_view access_token, std::string_view body, utc_time now)
{
    api_call call;
    call.at = now;
    call.path = path;
    auto said = check_caller(path, access_token, now);
    const auto parsed = zalo::parse_bounded(body);
    if (parsed) {
        call.user_id = zalo::token(member(member(*parsed, "recipient"), "user_id"));
        call.content = member(*parsed, "message");
    }
    auto* whose = find(call.user_id);
    if (said.error == 0) {
        auto bad = call.user_id.empty() ? invalid("recipient") : check_message(call.content);
        said = {bad.error, std::move(bad.message)};
    }
    if (said.error == 0)
        said = check_citizen(whose, now);
    call.error = said.error;
    call.message = said.error == 0 ? "Success" : said.message;
    if (call.error == 0) {
        chat_entry entry;
        entry.from = chat_entry::author::oa;
        entry.at = now;
        if (member(call.content, "text").is_string())
            entry.text = member(call.content, "text").get<std::string>();
        const auto& payload = member(member(call.content, "attachment"), "payload");
        for (const auto* part : {"buttons", "elements"}) {
            if (!member(payload, part).is_null())
                entry.parts[part] = member(payload, part);
        }
        call.message_id = append(*whose, std::move(entry)).id;
    }
    calls_.push_back(call);
    if (calls_.size() > call_limit)
        calls_.pop_front();
    return call;
}

json platform::answer(const api_call& call)
{
    json out{{"error", call.error}, {"message", call.message}};
    if (call.error == 0) {
        out["data"] = {
            {"message_id", call.message_id},
            {"user_id", call.user_id},
            {"sent_time", std::to_string(call.at.time_since_epoch().count())},
            {"quota", {{"quota_type", "reply"}, {"remain", "8"}, {"total", "8"}}}};
    }
    return out;
}

} // namespace motcua::simulator
