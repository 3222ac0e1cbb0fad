#include "citizen_action.hpp"

#include "fields.hpp"

#include <fmt/format.h>
#include <motcua/adapters/zalo/bounded_json.hpp>

#include <array>

namespace motcua::simulator {
namespace {

using nlohmann::json;
using zalo::member;

citizen_action wrong(std::string why)
{
    citizen_action out;
    out.error = std::move(why);
    return out;
}

citizen_action words(const json& body, bool is_tap)
{
    const auto sent = text_of(body, is_tap ? "payload" : "text");
    if (sent.empty())
        return wrong(is_tap ? "payload is missing" : "text is missing");
    citizen_action out;
    out.event_name = "user_send_text";
    out.message["text"] = sent;
    out.hidden = is_tap;
    out.shown = is_tap && body.contains("title") ? text_of(body, "title") : sent;
    return out;
}

json attachment_of(std::string_view type, json payload)
{
    return {{"type", type}, {"payload", std::move(payload)}};
}

// One photo, or an album if `url` is a list.
citizen_action photos(const json& body)
{
    citizen_action out;
    out.event_name = "user_send_image";
    auto list = json::array();
    const auto& url = member(body, "url");
    const json urls = url.is_array() ? url : json::array({url});
    for (const auto& one : urls) {
        const auto link = zalo::token(one);
        if (link.empty())
            return wrong("url is missing");
        list.push_back(attachment_of("image", {{"thumbnail", link}, {"url", link}}));
    }
    out.shown = text_of(body, "text");
    if (!out.shown.empty())
        out.message["text"] = out.shown;
    out.message["attachments"] = std::move(list);
    return out;
}

citizen_action linked(std::string_view what, const json& body)
{
    const auto url = zalo::token(member(body, "url"));
    if (url.empty())
        return wrong("url is missing");
    json payload{{"url", url}};
    if (what == "file") {
        payload["name"] = text_of(body, "name");
        payload["type"] = text_of(body, "type");
        payload["size"] = zalo::token(member(body, "size"));
        payload["checksum"] = text_of(body, "checksum");
    } else if (what != "audio") {
        payload["thumbnail"] = text_of(body, "thumbnail");
    }
    if (what == "video" || what == "link")
        payload["description"] = text_of(body, "description");
    if (what == "sticker")
        payload["id"] = text_of(body, "id");
    citizen_action out;
    out.event_name = fmt::format("user_send_{}", what);
    out.message["attachments"] = json::array({attachment_of(what, std::move(payload))});
    return out;
}

citizen_action place(const json& body)
{
    const auto& latitude = member(body, "latitude");
    const auto& longitude = member(body, "longitude");
    if (!latitude.is_number() || !longitude.is_number())
        return wrong("latitude and longitude are numbers");
    json point{
        {"latitude", fmt::format("{:.6f}", latitude.get<double>())},
        {"longitude", fmt::format("{:.6f}", longitude.get<double>())}};
    citizen_action out;
    out.event_name = "user_send_location";
    out.message["attachments"] =
        json::array({attachment_of("location", {{"coordinates", std::move(point)}})});
    return out;
}

citizen_action business_card(const json& body)
{
    const auto name = text_of(body, "name");
    if (name.empty())
        return wrong("name is missing");
    const json about{
        {"phone", text_of(body, "phone")}, {"qrCodeUrl", text_of(body, "qr_code_url")}};
    citizen_action out;
    out.event_name = "user_send_business_card";
    out.shown = name;
    out.message["text"] = name;
    out.message["attachments"] = json::array({attachment_of(
        "link",
        {{"thumbnail", text_of(body, "thumbnail")},
         {"description", about.dump()},
         {"url", text_of(body, "url")}})});
    return out;
}

citizen_action shared_particulars(const json& body)
{
    citizen_action out;
    out.event_name = "user_submit_info";
    out.is_message = false;
    out.extra["info"] = {
        {"name", text_of(body, "name")},
        {"phone", text_of(body, "phone")},
        {"user_dob", text_of(body, "dob")},
        {"gender", text_of(body, "gender")},
        {"full_address",
         {{"user_city", text_of(body, "city")},
          {"user_ward", text_of(body, "ward")},
          {"user_address", text_of(body, "address")}}}};
    return out;
}

citizen_action reaction(const json& body)
{
    const auto about = text_of(body, "message_id");
    const auto icon = text_of(body, "icon");
    if (about.empty() || icon.empty())
        return wrong("message_id and icon are needed");
    citizen_action out;
    out.event_name = "user_reacted_message";
    out.is_message = false;
    out.extra["message"] = {{"msg_id", about}, {"react_icon", icon}};
    return out;
}

citizen_action flat(std::string_view event_name)
{
    citizen_action out;
    out.event_name = event_name;
    out.is_message = false;
    out.is_flat = true;
    return out;
}

} // namespace

citizen_action citizen_action_of(std::string_view what, const json& body)
{
    if (what == "text" || what == "tap")
        return words(body, what == "tap");
    if (what == "image")
        return photos(body);
    for (const std::string_view kind : {"file", "audio", "video", "gif", "sticker", "link"}) {
        if (what == kind)
            return linked(what, body);
    }
    if (what == "location")
        return place(body);
    if (what == "business-card")
        return business_card(body);
    if (what == "submit-info")
        return shared_particulars(body);
    if (what == "react")
        return reaction(body);
    if (what == "click-chat")
        return flat("user_click_chatnow");
    if (what == "withdraw")
        return flat("user_withdraw");
    if (what == "follow" || what == "unfollow") {
        auto out = flat(what);
        out.extra["source"] = "oa_profile";
        return out;
    }
    auto unknown = wrong("no such action");
    unknown.is_known = false;
    return unknown;
}

bool may_be_hosted(std::string_view type)
{
    constexpr std::array<std::string_view, 13> types{
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "audio/amr",
        "audio/mp4",
        "audio/mpeg",
        "audio/webm",
        "audio/ogg",
        "audio/wav",
        "video/mp4",
        "application/pdf",
        "application/octet-stream"};
    for (const auto one : types) {
        if (type == one)
            return true;
    }
    return false;
}

} // namespace motcua::simulator
