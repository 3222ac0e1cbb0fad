#include "answer.hpp"

#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/adapters/zalo/client.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::zalo {
namespace {

using app::send_result;
using nlohmann::json;
using kind = app::send_result::kind;

std::string cut(std::string_view raw, std::size_t code_points)
{
    const auto nfc = text::to_nfc(raw);
    return std::string(text::prefix(nfc, code_points));
}

json button_json(const dialogue::button& button)
{
    auto payload = cut(button.payload, dialogue::payload_limit);
    json out{{"title", cut(button.title, dialogue::button_title_limit)}};
    switch (button.kind) {
    case dialogue::button_kind::query:
        out["type"] = "oa.query.hide";
        out["payload"] = std::move(payload);
        break;
    case dialogue::button_kind::open_url:
        out["type"] = "oa.open.url";
        out["payload"] = {{"url", std::move(payload)}};
        break;
    case dialogue::button_kind::open_phone:
        out["type"] = "oa.open.phone";
        out["payload"] = {{"phone_code", std::move(payload)}};
        break;
    }
    return out;
}

json element_json(const dialogue::list_element& element)
{
    json out{{"title", cut(element.title, dialogue::element_title_limit)}};
    if (!element.subtitle.empty())
        out["subtitle"] = cut(element.subtitle, dialogue::element_subtitle_limit);
    if (!element.image_url.empty())
        out["image_url"] = text::to_nfc(element.image_url);
    if (!element.action.payload.empty()) {
        json action = button_json(element.action);
        action.erase("title");
        // Unlike in a button, a URL is flat here (zalo-oa-protocol 2.4).
        if (element.action.kind == dialogue::button_kind::open_url) {
            action["url"] = action["payload"]["url"];
            action.erase("payload");
        }
        out["default_action"] = std::move(action);
    }
    return out;
}

template <class Values, class Convert>
json first_json(const Values& values, std::size_t limit, Convert convert)
{
    json out = json::array();
    for (std::size_t i = 0; i < std::min(values.size(), limit); ++i)
        out.push_back(convert(values[i]));
    return out;
}

// What an error code means for this message (zalo-oa-protocol 2.10).
struct error_meaning
{
    int code;
    std::string_view words;
    kind end;
    std::chrono::seconds wait{0};
};

constexpr std::chrono::hours next_hour{1};

constexpr std::array error_meanings{
    error_meaning{-32, "rate limit", kind::try_later},
    error_meaning{-100, "attachment expired", kind::refused},
    // Some failures are reported although the message went out (0.1): only the echo can tell.
    error_meaning{-200, "send failed", kind::unknown},
    error_meaning{-201, "a parameter is invalid", kind::refused},
    error_meaning{-204, "OA deleted", kind::refused},
    error_meaning{-205, "OA does not exist", kind::refused},
    error_meaning{-209, "app not activated", kind::refused},
    error_meaning{-210, "a parameter is over its limit", kind::refused},
    error_meaning{-211, "quota of the feature used up", kind::try_later, next_hour},
    error_meaning{-212, "app not registered for the API", kind::refused},
    error_meaning{-213, "user does not follow the OA", kind::refused},
    error_meaning{-214, "article being processed", kind::try_later},
    // The token keeper brings a new token before the next attempt.
    error_meaning{-216, "access token invalid", kind::try_later},
    error_meaning{-217, "user blocked invitations", kind::refused},
    error_meaning{-218, "limit of this recipient reached", kind::refused},
    error_meaning{-219, "app removed or disabled", kind::refused},
    error_meaning{-220, "access token expired or removed", kind::try_later},
    error_meaning{-221, "OA must be verified", kind::refused},
    error_meaning{-223, "OA has not authorised this API", kind::refused},
    error_meaning{-224, "OA package too low", kind::refused},
    error_meaning{-227, "user banned or away for 45 days", kind::refused},
    error_meaning{-230, "no interaction in 7 days", kind::refused},
    error_meaning{-232, "never interacted, or expired", kind::refused},
    error_meaning{-233, "message type not supported", kind::refused},
    error_meaning{-234, "not at night (22:00-06:00)", kind::try_later, next_hour},
    error_meaning{-235, "API not for this type of OA", kind::refused},
    error_meaning{-237, "group disabled", kind::refused},
    error_meaning{-238, "asset used or disabled", kind::refused},
    error_meaning{-240, "v2 message API shut down", kind::refused},
    error_meaning{-241, "asset used or disabled", kind::refused},
    error_meaning{-242, "appsecret_proof wrong", kind::refused},
    error_meaning{-244, "user restricted this message type", kind::refused},
    error_meaning{-248, "breaks platform standards", kind::refused},
    error_meaning{-249, "template cannot go by user id", kind::refused},
    error_meaning{-320, "needs a Zalo Cloud Account", kind::refused},
    error_meaning{-321, "Zalo Cloud Account has no money", kind::refused},
    error_meaning{-403, "OA not in the group", kind::refused},
    error_meaning{-1340, "form not found", kind::refused},
    error_meaning{-1341, "no access to the form", kind::refused},
};

send_result of_code(int code)
{
    send_result out;
    out.end = kind::refused;
    out.reason = std::to_string(code) + " ";
    for (const auto& meaning : error_meanings) {
        if (meaning.code == code) {
            out.end = meaning.end;
            out.reason += meaning.words;
            out.retry_after = meaning.wait;
            return out;
        }
    }
    out.reason += "unknown error code";
    return out;
}

std::optional<int> code_of(const json& answer)
{
    const auto digits = token(member(answer, "error"));
    int code = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, code);
    if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end)
        return std::nullopt;
    return code;
}

} // namespace

std::string message_body(std::string_view user_id, const dialogue::outgoing_message& message)
{
    json payload = json::object();
    if (!message.elements.empty()) {
        payload["template_type"] = "list";
        payload["elements"] = first_json(message.elements, dialogue::element_limit, element_json);
    }
    // Text with buttons has no template_type (zalo-oa-protocol 2.2).
    if (!message.buttons.empty())
        payload["buttons"] = first_json(message.buttons, dialogue::button_limit, button_json);

    json content = json::object();
    if (message.elements.empty())
        content["text"] = cut(message.text, dialogue::text_limit);
    if (!payload.empty())
        content["attachment"] = {{"type", "template"}, {"payload", std::move(payload)}};

    json body = json::object();
    body["recipient"] = {{"user_id", text::to_nfc(user_id)}};
    body["message"] = std::move(content);
    return body.dump();
}

std::optional<int> answer_code(std::string_view body)
{
    const auto answer = parse_bounded(body);
    return answer ? code_of(*answer) : std::nullopt;
}

send_result interpret_answer(unsigned status, std::string_view body)
{
    send_result out;
    out.reason = "http " + std::to_string(status);
    if (status == 408 || status == 429 || status >= 500) {
        out.end = kind::try_later;
        return out;
    }
    if (status >= 300) {
        out.end = kind::refused;
        return out;
    }
    const auto answer = parse_bounded(body);
    const auto code = answer ? code_of(*answer) : std::nullopt;
    if (status < 200 || !code) {
        out.end = kind::unknown;
        out.reason += ", not the API's answer";
        return out;
    }
    if (*code != 0)
        return of_code(*code);
    out.end = kind::sent;
    out.reason.clear();
    out.message_id = token(member(member(*answer, "data"), "message_id"));
    return out;
}

} // namespace motcua::zalo
