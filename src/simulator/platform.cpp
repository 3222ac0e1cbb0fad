#include "platform.hpp"

#include <fmt/format.h>
#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
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
constexpr std::chrono::hours free_window{48};
constexpr std::uint64_t conversation_limit = 10; // messages in one answer

// Empty, or what is wrong with the value.
struct refusal
{
    int error = 0;
    std::string message;
};
constexpr int invalid_parameter = -201;
constexpr int over_limit = -210;

refusal invalid(std::string_view what)
{
    return {invalid_parameter, "Params is invalid: " + std::string(what)};
}

refusal check_text(const json& value, std::string_view name, std::size_t limit)
{
    if (!value.is_string() || value.get_ref<const std::string&>().empty())
        return invalid(name);
    if (text::code_points(value.get_ref<const std::string&>()) > limit)
        return {over_limit, std::string(name) + " is over limit"};
    return {};
}

constexpr std::size_t sms_limit = 160; // code points

// What a button's payload, or a list element's flat action, must look like (2.3, 2.4).
refusal check_action(const json& action, const json& payload, const json& url)
{
    const auto type = zalo::token(member(action, "type"));
    if (type == "oa.query.show" || type == "oa.query.hide")
        return check_text(payload, "payload", dialogue::payload_limit);
    if (type == "oa.open.url") {
        const auto target = zalo::token(url);
        return target.starts_with("https://") || target.starts_with("http://") ? refusal{}
                                                                               : invalid("url");
    }
    if (type == "oa.open.phone" || type == "oa.open.sms") {
        if (zalo::token(member(payload, "phone_code")).empty())
            return invalid("phone_code");
        return type == "oa.open.sms" ? check_text(member(payload, "content"), "content", sms_limit)
                                     : refusal{};
    }
    return invalid("type " + type);
}

refusal check_button(const json& button)
{
    auto bad = check_text(member(button, "title"), "title", dialogue::button_title_limit);
    if (bad.error != 0)
        return bad;
    const auto& payload = member(button, "payload");
    return check_action(button, payload, member(payload, "url"));
}

bool is_size(const json& pixels)
{
    return pixels.is_number_unsigned() && pixels != 0U;
}

refusal check_element(const json& element)
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
refusal check_each(const json& values, std::string_view name, std::size_t limit, Check check)
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

// The first one needs a subtitle (2.4).
refusal check_list(const json& payload)
{
    const auto& elements = member(payload, "elements");
    auto bad = check_each(elements, "elements", dialogue::element_limit, check_element);
    if (bad.error == 0 && member(elements.front(), "subtitle").is_null())
        bad = invalid("subtitle");
    return bad;
}

refusal check_media(const json& payload)
{
    const auto& elements = member(payload, "elements");
    if (!elements.is_array() || elements.size() != 1)
        return invalid("elements");
    const auto& one = elements.front();
    const auto type = zalo::token(member(one, "media_type"));
    if (type != "image" && type != "gif" && type != "sticker")
        return invalid("media_type");
    const auto url = zalo::token(member(one, "url"));
    if (url.empty() == zalo::token(member(one, "attachment_id")).empty())
        return invalid("url or attachment_id");
    if (type == "sticker" && !url.empty())
        return invalid("attachment_id");
    if (type == "gif" && !(is_size(member(one, "width")) && is_size(member(one, "height"))))
        return invalid("width or height");
    return url.empty() || url.starts_with("https://") ? refusal{} : invalid("url");
}

refusal check_request(const json& payload)
{
    const auto& elements = member(payload, "elements");
    if (!elements.is_array() || elements.size() != 1)
        return invalid("elements");
    const auto& one = elements.front();
    auto bad = check_text(member(one, "title"), "title", dialogue::element_title_limit);
    if (bad.error == 0)
        bad = check_text(member(one, "subtitle"), "subtitle", dialogue::element_subtitle_limit);
    if (bad.error != 0)
        return bad;
    return zalo::token(member(one, "image_url")).starts_with("https://") ? refusal{}
                                                                         : invalid("image_url");
}

refusal check_message(const json& message)
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
    const auto kind = zalo::token(member(attachment, "type"));
    if (kind == "file" && payload.is_object() && text.is_null())
        return zalo::token(member(payload, "token")).empty() ? invalid("token") : refusal{};
    if (kind != "template" || !payload.is_object())
        return invalid("attachment");
    const auto& buttons = member(payload, "buttons");
    if (!buttons.is_null()) {
        auto bad = check_each(buttons, "buttons", dialogue::button_limit, check_button);
        if (bad.error != 0)
            return bad;
    }
    const auto& type = member(payload, "template_type");
    if (type.is_null())
        return text.is_null() || buttons.is_null() ? invalid("template_type") : refusal{};
    if (type == "media")
        return check_media(payload);
    if (!text.is_null())
        return invalid("text");
    if (type == "request_user_info")
        return check_request(payload);
    if (type != "list")
        return invalid("template_type");
    return check_list(payload);
}

std::string words_of_template(const json& body)
{
    std::string out = "Mẫu " + zalo::token(member(body, "template_id"));
    for (const auto& [name, value] : member(body, "template_data").items())
        out += "\n" + name + ": " + value.get<std::string>();
    return out;
}

constexpr std::chrono::hours upload_kept{7 * 24};
constexpr std::chrono::hours upload_month{30 * 24};
constexpr std::size_t uploads_per_month = 5000; // of each kind (2.6)

struct upload_rule
{
    std::string_view kind;
    std::size_t limit_bytes;
    std::string_view id; // its name in the answer
};
constexpr std::size_t mebibyte = 1024UL * 1024;
constexpr std::array upload_rules{
    upload_rule{"image", mebibyte, "attachment_id"},
    upload_rule{"gif", 5 * mebibyte, "attachment_id"},
    upload_rule{"file", 5 * mebibyte, "token"}};

bool is_of_kind(std::string_view kind, std::string_view bytes)
{
    if (kind == "image")
        return bytes.starts_with("\xFF\xD8\xFF") || bytes.starts_with("\x89PNG");
    if (kind == "gif")
        return bytes.starts_with("GIF8");
    return bytes.starts_with("%PDF") || bytes.starts_with("PK") ||
           bytes.starts_with("\xD0\xCF\x11\xE0") || bytes.find('\0') == std::string_view::npos;
}

// The content of the part named "file"; empty if the body is no such form.
std::optional<std::string_view> file_part(std::string_view content_type, std::string_view body)
{
    constexpr std::string_view name = "boundary=";
    const auto at = content_type.find(name);
    if (!content_type.starts_with("multipart/form-data") || at == std::string_view::npos)
        return std::nullopt;
    const auto mark = "--" + std::string(content_type.substr(at + name.size()));
    const auto head = body.find("\r\n\r\n");
    if (!body.starts_with(mark + "\r\n") || head == std::string_view::npos ||
        body.substr(0, head).find("name=\"file\"") == std::string_view::npos)
        return std::nullopt;
    const auto content = body.substr(head + 4);
    const auto end = content.rfind("\r\n" + mark + "--");
    if (end == std::string_view::npos)
        return std::nullopt;
    return content.substr(0, end);
}

json refused(int code, std::string_view why)
{
    return {{"error", code}, {"message", why}};
}

std::string_view type_of(const chat_entry& entry)
{
    const auto shape = zalo::token(member(entry.parts, "template_type"));
    if (shape == "media")
        return "photo";
    if (shape == "file")
        return "file";
    return shape.empty() ? "text" : "list";
}

json item_of(const chat_entry& entry)
{
    json out{
        {"src", entry.from == chat_entry::author::citizen ? 1 : 0},
        {"time", entry.at.time_since_epoch().count()},
        {"message_id", entry.id},
        {"type", type_of(entry)}};
    if (!entry.text.empty())
        out["message"] = entry.text;
    const auto& elements = member(entry.parts, "elements");
    if (elements.is_array() && type_of(entry) == "list") {
        out["links"] = json::array();
        for (const auto& one : elements)
            out["links"].push_back({{"title", member(one, "title")}});
    }
    return out;
}

} // namespace

json platform::upload(
    std::string_view kind, std::string_view content_type, std::string_view body, utc_time now)
{
    const auto* rule =
        std::find_if(upload_rules.begin(), upload_rules.end(), [kind](const upload_rule& one) {
            return one.kind == kind;
        });
    if (rule == upload_rules.end())
        return refused(invalid_parameter, "Params is invalid: path");
    const auto bytes = file_part(content_type, body);
    if (!bytes || bytes->empty())
        return refused(invalid_parameter, "Params is invalid: file");
    if (bytes->size() > rule->limit_bytes)
        return refused(over_limit, "file is over limit");
    if (!is_of_kind(kind, *bytes))
        return refused(invalid_parameter, "file is invalid. We only support png and jpeg");
    auto& month = uploads_of_month_[rule->kind];
    while (!month.empty() && now - month.front() >= upload_month)
        month.pop_front();
    if (month.size() >= uploads_per_month)
        return refused(-211, "Out of quota");
    month.push_back(now);
    const auto id = "upload-" + fresh_message_id();
    uploads_[id] = {std::string(kind), now + upload_kept};
    return {{"error", 0}, {"message", "Success"}, {"data", {{rule->id, id}}}};
}

json platform::conversation(std::string_view data) const
{
    const auto asked = zalo::parse_bounded(data);
    const auto user_id = asked ? zalo::token(member(*asked, "user_id")) : std::string();
    const auto& offset = asked ? member(*asked, "offset") : json();
    const auto& count = asked ? member(*asked, "count") : json();
    if (user_id.empty() || !offset.is_number_unsigned() || !count.is_number_unsigned())
        return refused(invalid_parameter, "Params is invalid: data");
    if (count.get<std::uint64_t>() > conversation_limit)
        return refused(over_limit, "count is over limit");
    json items = json::array();
    const auto whose = citizens_.find(user_id);
    if (whose != citizens_.end()) {
        const auto& entries = whose->second.entries;
        const auto first = offset.get<std::uint64_t>();
        for (auto i = first; i < first + count.get<std::uint64_t>() && i < entries.size(); ++i)
            items.push_back(item_of(entries[entries.size() - 1 - i]));
    }
    return {{"error", 0}, {"message", "Success"}, {"data", std::move(items)}};
}

json platform::oa_info() const
{
    constexpr int enterprise = 2; // zalo-oa-protocol 4
    constexpr int state_agency = 4;
    const auto followers = std::count_if(
        citizens_.begin(), citizens_.end(), [](const auto& entry) { return entry.second.follows; });
    json info{
        {"name", "Một Cửa"},
        {"is_verified", true},
        {"num_follower", followers},
        {"oa_type", type == oa_type::state_agency ? state_agency : enterprise},
        {"package_name", package == oa_package::basic ? "Cơ bản" : "Nâng cao"}};
    return {{"error", 0}, {"message", "Success"}, {"data", std::move(info)}};
}

json platform::quota(std::string_view body, utc_time now) const
{
    const auto asked = zalo::parse_bounded(body);
    const auto found = citizens_.find(asked ? zalo::token(member(*asked, "user_id")) : "");
    if (found == citizens_.end())
        return refused(invalid_parameter, "Params is invalid: user_id");
    const auto last = found->second.last_interaction;
    const bool free = last && now - *last <= free_window;
    json data{{"cs_reply", {{"remain", free ? 8 : 0}, {"total", 8}}}};
    if (last)
        data["last_interaction"] = std::to_string(last->time_since_epoch().count());
    return {{"error", 0}, {"message", "Success"}, {"data", std::move(data)}};
}

platform::platform(const options& settings)
    : type(settings.type), package(settings.package), templates(settings.templates),
      access_token_(settings.access_token), sends_per_minute_(settings.sends_per_minute),
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

platform::verdict platform::check_upload(const json& message, utc_time now) const
{
    const auto& payload = member(member(message, "attachment"), "payload");
    auto id = zalo::token(member(payload, "token"));
    std::string wanted = "file";
    const auto& elements = member(payload, "elements");
    if (id.empty() && elements.is_array() && !elements.empty()) {
        id = zalo::token(member(elements.front(), "attachment_id"));
        wanted = zalo::token(member(elements.front(), "media_type"));
    }
    if (id.empty() || wanted == "sticker") // stickers are the platform's own
        return {};
    const auto found = uploads_.find(id);
    if (found == uploads_.end() || found->second.kind != wanted)
        return {invalid_parameter, "Params is invalid: attachment"};
    if (now > found->second.until)
        return {-100, "Attachment is expired"};
    return {};
}

platform::verdict platform::check_content(const json& message, utc_time now) const
{
    auto bad = check_message(message);
    if (bad.error != 0)
        return {bad.error, std::move(bad.message)};
    if (package == oa_package::basic &&
        zalo::token(member(member(message, "attachment"), "type")) == "template")
        return {-224, "OA package does not support this feature"};
    return check_upload(message, now);
}

platform::verdict platform::check_template(const json& body) const
{
    const auto id = zalo::token(member(body, "template_id"));
    if (std::find(templates.begin(), templates.end(), id) == templates.end())
        return {invalid_parameter, "Params is invalid: template_id"};
    const auto& data = member(body, "template_data");
    if (!data.is_object())
        return {invalid_parameter, "Params is invalid: template_data"};
    for (const auto& [name, value] : data.items()) {
        if (!value.is_string())
            return {invalid_parameter, "Params is invalid: " + name};
    }
    return {};
}

std::optional<json> platform::refuse_caller(std::string_view access_token, utc_time now)
{
    const auto said = check_caller({}, access_token, now);
    if (said.error == 0)
        return std::nullopt;
    return json{{"error", said.error}, {"message", said.message}};
}

std::size_t platform::calls_left(utc_time now) const
{
    const auto used = static_cast<std::size_t>(
        std::count_if(recent_sends_.begin(), recent_sends_.end(), [now](utc_time at) {
            return now - at < std::chrono::minutes(1);
        }));
    return sends_per_minute_ - std::min(sends_per_minute_, used);
}

api_call platform::decide(
    std::string_view path, std::string_view access_token, std::string_view body, utc_time now)
{
    api_call call;
    call.at = now;
    call.path = path;
    const bool by_template = path == template_path;
    auto said = check_caller(path, access_token, now);
    const auto parsed = zalo::parse_bounded(body);
    if (parsed) {
        call.user_id = zalo::token(
            by_template ? member(*parsed, "user_id")
                        : member(member(*parsed, "recipient"), "user_id"));
        call.content = by_template ? *parsed : member(*parsed, "message");
    }
    auto* whose = find(call.user_id);
    if (said.error == 0) {
        if (call.user_id.empty())
            said = {invalid_parameter, "Params is invalid: recipient"};
        else
            said = by_template ? check_template(call.content) : check_content(call.content, now);
    }
    // A template needs no window, only somebody to send it to.
    if (said.error == 0 && !by_template)
        said = check_citizen(whose, now);
    if (said.error == 0 && whose == nullptr)
        said = {-213, "User has not followed OA"};
    call.error = said.error;
    call.message = said.error == 0 ? "Success" : said.message;
    if (call.error == 0) {
        chat_entry entry;
        entry.from = chat_entry::author::oa;
        entry.at = now;
        if (member(call.content, "text").is_string())
            entry.text = member(call.content, "text").get<std::string>();
        if (by_template)
            entry.text = words_of_template(call.content);
        const auto& attachment = member(call.content, "attachment");
        const auto& payload = member(attachment, "payload");
        for (const auto* part : {"buttons", "elements", "template_type"}) {
            if (!member(payload, part).is_null())
                entry.parts[part] = member(payload, part);
        }
        if (zalo::token(member(attachment, "type")) == "file")
            entry.parts["template_type"] = "file";
        if (zalo::token(member(payload, "template_type")) == "media") {
            const auto url = zalo::token(member(payload["elements"].front(), "url"));
            entry.parts.erase("elements");
            entry.parts["attachments"] = {{{"type", "image"}, {"payload", {{"url", url}}}}};
        }
        call.message_id = append(*whose, std::move(entry)).id;
        call.free = !by_template && now - *whose->last_interaction <= free_window;
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
            {"sent_time", std::to_string(call.at.time_since_epoch().count())}};
        // Without a quota the message is charged.
        if (call.free)
            out["data"]["quota"] = {{"quota_type", "reply"}, {"remain", "8"}, {"total", "8"}};
    }
    return out;
}

} // namespace motcua::simulator
