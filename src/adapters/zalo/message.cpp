#include <motcua/adapters/zalo/client.hpp>
#include <motcua/core/text/unicode.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace motcua::zalo {
namespace {

using nlohmann::json;
using text::to_nfc;

json button_json(const dialogue::button& button)
{
    auto payload = to_nfc(button.payload);
    json out{{"title", to_nfc(button.title)}};
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
    json out{{"title", to_nfc(element.title)}};
    if (!element.subtitle.empty())
        out["subtitle"] = to_nfc(element.subtitle);
    if (!element.image_url.empty())
        out["image_url"] = to_nfc(element.image_url);
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

json image_json(const dialogue::media& image)
{
    json out{{"media_type", "image"}};
    if (image.id.empty())
        out["url"] = to_nfc(image.url);
    else
        out["attachment_id"] = image.id;
    return out;
}

json request_json(const dialogue::info_request& asks)
{
    return {
        {"title", to_nfc(asks.title)},
        {"subtitle", to_nfc(asks.subtitle)},
        {"image_url", to_nfc(asks.image_url)}};
}

json template_payload(const dialogue::outgoing_message& message)
{
    json payload = json::object();
    if (!message.elements.empty()) {
        payload["template_type"] = "list";
        payload["elements"] = json::array();
        for (const auto& one : message.elements)
            payload["elements"].push_back(element_json(one));
    } else if (message.attached) {
        payload["template_type"] = "media";
        payload["elements"] = json::array({image_json(*message.attached)});
    } else if (message.asks) {
        payload["template_type"] = "request_user_info";
        payload["elements"] = json::array({request_json(*message.asks)});
    }
    // Text with buttons has no template_type (zalo-oa-protocol 2.2).
    if (!message.buttons.empty()) {
        payload["buttons"] = json::array();
        for (const auto& one : message.buttons)
            payload["buttons"].push_back(button_json(one));
    }
    return payload;
}

json attachment_json(const dialogue::outgoing_message& message)
{
    if (message.attached && message.attached->kind == dialogue::media_kind::file)
        return {{"type", "file"}, {"payload", {{"token", message.attached->id}}}};
    auto payload = template_payload(message);
    if (payload.empty())
        return {};
    return {{"type", "template"}, {"payload", std::move(payload)}};
}

} // namespace

std::string message_body(std::string_view user_id, const dialogue::outgoing_message& message)
{
    json content = json::object();
    if (!message.text.empty())
        content["text"] = to_nfc(message.text);
    if (auto attachment = attachment_json(message); !attachment.is_null())
        content["attachment"] = std::move(attachment);

    json body = json::object();
    body["recipient"] = {{"user_id", to_nfc(user_id)}};
    body["message"] = std::move(content);
    return body.dump();
}

std::string template_body(
    std::string_view user_id, std::string_view template_id, const dialogue::template_use& values)
{
    json data = json::object();
    for (const auto& [name, value] : values.values)
        data[to_nfc(name)] = to_nfc(value);
    json body = json::object();
    body["user_id"] = to_nfc(user_id);
    body["template_id"] = to_nfc(template_id);
    body["template_data"] = std::move(data);
    return body.dump();
}

} // namespace motcua::zalo
