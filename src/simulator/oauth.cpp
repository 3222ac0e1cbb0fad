#include "oauth.hpp"

#include <fmt/format.h>
#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/support/within.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <utility>

namespace motcua::simulator {
namespace {

using http::request;
using http::response;
using nlohmann::json;
using zalo::form_value;
using zalo::member;

constexpr std::size_t remembered = 1000; // grants and consents
constexpr std::chrono::minutes code_life{10};
constexpr int token_invalid = -216;
constexpr int token_expired = -220;

// Of these codes only -14002 and -14003 are documented (zalo-oa-protocol 2.10); the others stand
// for codes nobody has written down.
struct oauth_refusal
{
    int code;
    std::string_view name;
    std::string_view reason;
};
constexpr oauth_refusal wrong_app{-14002, "Invalid app", "App id or secret key is invalid"};
constexpr oauth_refusal wrong_callback{
    -14003, "Invalid redirect uri", "Redirect uri is not registered"};
constexpr oauth_refusal wrong_code{-14010, "Invalid code", "Authorized code is invalid or used"};
constexpr oauth_refusal wrong_verifier{
    -14011, "Invalid code verifier", "Code verifier does not match"};
constexpr oauth_refusal wrong_refresh{
    -14014, "Invalid refresh token", "Refresh token is invalid or used"};
constexpr oauth_refusal wrong_grant{-14015, "Invalid grant type", "Grant type is invalid"};

json said(const oauth_refusal& why) // zalo-oa-protocol 3.5
{
    return {
        {"error", why.code},
        {"error_name", why.name},
        {"error_reason", why.reason},
        {"error_description", why.reason},
        {"ref_doc", "https://developers.zalo.me/docs"}};
}

response as_json(const json& value, unsigned status = 200)
{
    response out;
    out.status = status;
    out.content_type = "application/json";
    out.body = value.dump();
    return out;
}

} // namespace

oauth_desk::oauth_desk(const options& settings)
    : settings_(settings), run_(fmt::format("{:08x}", std::random_device()()))
{
    if (settings.refresh_token.empty())
        return;
    grant first;
    first.refresh = settings.refresh_token;
    first.access = settings.access_token;
    first.family = ++families_;
    first.made = utc_time::max();
    grants_.push_back(std::move(first));
}

bool oauth_desk::is_of_earlier_run(std::string_view token) const
{
    return token.starts_with("sim-") && !token.starts_with("sim-" + run_);
}

int oauth_desk::judge_access(std::string_view token, utc_time now) const
{
    if (is_of_earlier_run(token))
        return 0;
    const auto found = std::ranges::find(grants_, token, &grant::access);
    if (token.empty() || found == grants_.end() || found->access_dead)
        return token_invalid;
    return now - found->made > settings_.token_life ? token_expired : 0;
}

json oauth_desk::issue(std::uint64_t family, utc_time now)
{
    for (auto& old : grants_) {
        if (!settings_.old_access_token_lives) // zalo-oa-protocol 3, fact 11
            old.access_dead = true;
    }
    grant fresh;
    const auto number = ++tokens_;
    fresh.access = fmt::format("sim-{}-a{}-{}", run_, number, zalo::random_token());
    fresh.refresh = fmt::format("sim-{}-r{}-{}", run_, number, zalo::random_token());
    fresh.family = family;
    fresh.made = now;
    json out{
        {"access_token", fresh.access},
        {"refresh_token", fresh.refresh},
        {"expires_in", std::to_string(settings_.token_life.count())}};
    grants_.push_back(std::move(fresh));
    if (grants_.size() > remembered)
        grants_.pop_front();
    return out;
}

void oauth_desk::revoke(std::uint64_t family)
{
    for (auto& one : grants_) {
        if (one.family == family)
            one.access_dead = one.refresh_spent = true;
    }
}

json oauth_desk::refresh(const std::string& token, utc_time now)
{
    if (is_of_earlier_run(token)) {
        if (std::ranges::find(grants_, token, &grant::refresh) == grants_.end()) {
            grant earlier;
            earlier.refresh = token;
            earlier.family = ++families_;
            earlier.made = now;
            grants_.push_back(std::move(earlier));
        }
    }
    const auto found = std::ranges::find(grants_, token, &grant::refresh);
    if (token.empty() || found == grants_.end())
        return said(wrong_refresh);
    const bool may_repeat = settings_.refresh_token_repeats && token == settings_.refresh_token;
    if (found->refresh_spent && !may_repeat) {
        if (settings_.reuse == reused_refresh_token::revokes_family)
            revoke(found->family);
        return said(wrong_refresh);
    }
    if (now - found->made > zalo::refresh_token_life)
        return said(wrong_refresh);
    found->refresh_spent = true;
    ++refreshes_;
    return issue(found->family, now);
}

json oauth_desk::exchange(std::string_view form, utc_time now)
{
    const auto code = form_value(form, "code");
    const auto found = std::ranges::find(consents_, code, &consent::code);
    if (code.empty() || found == consents_.end() || found->used || now - found->made > code_life)
        return said(wrong_code);
    found->used = true;
    if (zalo::code_challenge(form_value(form, "code_verifier")) != found->challenge)
        return said(wrong_verifier);
    ++exchanges_;
    return issue(++families_, now);
}

json oauth_desk::token_call(const request& received, utc_time now)
{
    const auto& form = received.body;
    const bool right_secret = settings_.app_secret_key.empty() ||
                              received.field("secret_key") == settings_.app_secret_key;
    if (!right_secret || form_value(form, "app_id") != settings_.app_id ||
        received.field("content-type") != "application/x-www-form-urlencoded")
        return said(wrong_app);
    const auto grant_type = form_value(form, "grant_type");
    if (grant_type == "refresh_token")
        return refresh(form_value(form, "refresh_token"), now);
    if (grant_type == "authorization_code")
        return exchange(form, now);
    return said(wrong_grant);
}

// The administrator, once there, always agrees.
json oauth_desk::permission(std::string_view query, utc_time now, std::string& location)
{
    const auto callback = form_value(query, "redirect_uri");
    const auto challenge = form_value(query, "code_challenge");
    if (form_value(query, "app_id") != settings_.app_id)
        return said(wrong_app);
    const bool is_registered = settings_.callback_url.empty() || settings_.callback_url == callback;
    if (!is_registered || !callback.starts_with("http") || callback.find('?') != std::string::npos)
        return said(wrong_callback);
    if (challenge.empty())
        return said(wrong_verifier);
    consent fresh;
    fresh.code = zalo::random_token();
    fresh.challenge = challenge;
    fresh.made = now;
    location = callback + "?" +
               zalo::form_body(
                   {{"code", fresh.code},
                    {"oa_id", settings_.oa_id},
                    {"state", form_value(query, "state")}});
    consents_.push_back(std::move(fresh));
    if (consents_.size() > remembered)
        consents_.pop_front();
    return {};
}

asio::awaitable<response> oauth_desk::handle(request received, utc_time now)
{
    response out;
    if (received.path() == zalo::consent_path && received.method == "GET") {
        std::string location;
        const auto wrong = permission(received.query(), now, location);
        if (location.empty())
            co_return as_json(wrong);
        out.status = 302;
        out.body = location; // for callers that follow nothing
        out.fields.emplace_back("Location", std::move(location));
        co_return out;
    }
    if (received.path() != zalo::token_path || received.method != "POST")
        co_return as_json({{"error", "no such path"}}, 404);
    const auto wrong = take_fault();
    if (wrong.kind == "delay")
        co_await sleep_for(wrong.delay);
    if (wrong.acts) {
        const auto answer = token_call(received, now);
        if (answer.contains("error"))
            ++refusals_;
        out = as_json(answer);
    }
    if (wrong.kind == "cut") {
        out.cut_after = wrong.bytes;
        out.close = true;
    } else if (wrong.kind == "html") {
        out.content_type = "text/html; charset=utf-8";
        out.body = "<html><body>Hệ thống đang bảo trì</body></html>";
    } else if (wrong.kind == "half_json") {
        out.body.resize(out.body.size() / 2);
    } else if (wrong.kind == "500") {
        out = as_json({{"error", "internal error"}}, 500);
    } else if (wrong.kind == "429") {
        out = as_json({{"error", "too many requests"}}, 429);
    }
    co_return out;
}

oauth_desk::fault oauth_desk::take_fault()
{
    if (faults_.empty())
        return {};
    auto now = faults_.front();
    if (--faults_.front().times == 0)
        faults_.pop_front();
    return now;
}

response oauth_desk::plan_fault(const json& body)
{
    const auto integer = [&body](std::string_view name, std::int64_t otherwise, std::int64_t most) {
        const auto& value = member(body, name);
        const auto given = value.is_number_integer() ? value.get<std::int64_t>() : otherwise;
        return std::clamp(given, std::int64_t{0}, most);
    };
    constexpr std::array<std::string_view, 6> kinds{
        "cut", "delay", "html", "half_json", "500", "429"};
    fault plan;
    plan.kind = zalo::token(member(body, "kind"));
    plan.times = std::max(integer("times", 1, 100'000), std::int64_t{1});
    plan.acts = member(body, "acts") != false;
    plan.bytes = static_cast<std::size_t>(integer("bytes", 0, 1'000'000));
    plan.delay = std::chrono::milliseconds(integer("delay_ms", 3000, 60'000));
    if (plan.kind == "none")
        faults_.clear();
    else if (std::ranges::find(kinds, plan.kind) != kinds.end())
        faults_.push_back(std::move(plan));
    else
        return as_json({{"error", "unknown kind"}}, 400);
    return as_json({{"faults", faults_.size()}});
}

response oauth_desk::steer(std::string_view what, const json& body, utc_time now)
{
    if (what == "faults")
        return plan_fault(body);
    if (what == "revoke") {
        for (std::uint64_t family = 1; family <= families_; ++family)
            revoke(family);
    } else if (what == "revoke-access") {
        for (auto& one : grants_)
            one.access_dead = true;
    } else if (what != "state") {
        return as_json({{"error", "faults, revoke, revoke-access or state"}}, 404);
    }
    const auto is_live = [this, now](const grant& one) {
        return judge_access(one.access, now) == 0;
    };
    return as_json(
        {{"refreshes", refreshes_},
         {"exchanges", exchanges_},
         {"refused", refusals_},
         {"live_access_tokens", std::ranges::count_if(grants_, is_live)}});
}

} // namespace motcua::simulator
