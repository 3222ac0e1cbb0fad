#include <gtest/gtest.h>
#include <motcua/adapters/zalo/client.hpp>
#include <nlohmann/json.hpp>

#include <string>

namespace motcua::zalo {
namespace {

using dialogue::button;
using dialogue::button_kind;
using dialogue::list_element;
using dialogue::outgoing_message;
using nlohmann::json;

json body_of(const outgoing_message& message)
{
    return json::parse(message_body("61390", message));
}

TEST(MessageBody, Text)
{
    outgoing_message message;
    message.text = "Dạ, \"xin chào\"\nanh/chị <b>";
    EXPECT_EQ(
        body_of(message),
        json::parse(
            R"({"recipient":{"user_id":"61390"},"message":{"text":"Dạ, \"xin chào\"\nanh/chị <b>"}})"));
}

TEST(MessageBody, TextWithButtonsHasNoTemplateType)
{
    outgoing_message message;
    message.text = "Chọn";
    message.buttons = {
        button{"Lệ phí", button_kind::query, "#phi:1"},
        button{"Cổng", button_kind::open_url, "https://a.example/?x=1&y=2"},
        button{"Gọi", button_kind::open_phone, "842763822233"}};
    EXPECT_EQ(body_of(message), json::parse(R"({
        "recipient": {"user_id": "61390"},
        "message": {
            "text": "Chọn",
            "attachment": {"type": "template", "payload": {"buttons": [
                {"title": "Lệ phí", "type": "oa.query.hide", "payload": "#phi:1"},
                {"title": "Cổng", "type": "oa.open.url",
                 "payload": {"url": "https://a.example/?x=1&y=2"}},
                {"title": "Gọi", "type": "oa.open.phone",
                 "payload": {"phone_code": "842763822233"}}]}}}})"));
}

TEST(MessageBody, ListHasFlatUrlsInItsActions)
{
    outgoing_message message;
    message.elements = {
        list_element{
            "Hộ tịch",
            "Khai sinh, kết hôn",
            "https://a.example/i.png",
            button{"", button_kind::open_url, "https://a.example/ho-tich"}},
        list_element{"Đất đai", "", "", button{"", button_kind::query, "#chon:2"}},
        list_element{"Gọi", "", "", button{"", button_kind::open_phone, "84276"}},
        list_element{"Không", "x", "", button{}}};
    message.buttons = {button{"Khác", button_kind::query, "#khac"}};
    EXPECT_EQ(body_of(message), json::parse(R"({
        "recipient": {"user_id": "61390"},
        "message": {"attachment": {"type": "template", "payload": {
            "template_type": "list",
            "elements": [
                {"title": "Hộ tịch", "subtitle": "Khai sinh, kết hôn",
                 "image_url": "https://a.example/i.png",
                 "default_action": {"type": "oa.open.url", "url": "https://a.example/ho-tich"}},
                {"title": "Đất đai",
                 "default_action": {"type": "oa.query.hide", "payload": "#chon:2"}},
                {"title": "Gọi",
                 "default_action": {"type": "oa.open.phone", "payload": {"phone_code": "84276"}}},
                {"title": "Không", "subtitle": "x"}],
            "buttons": [{"title": "Khác", "type": "oa.query.hide", "payload": "#khac"}]}}}})"));
}

TEST(MessageBody, MediaFileAndInfoRequest)
{
    outgoing_message image;
    image.text = "Sơ đồ";
    image.attached = {dialogue::media_kind::image, "https://a.example/x.png", ""};
    EXPECT_EQ(body_of(image)["message"], json::parse(R"({
        "text": "Sơ đồ",
        "attachment": {"type": "template", "payload": {
            "template_type": "media",
            "elements": [{"media_type": "image", "url": "https://a.example/x.png"}]}}})"));
    image.attached = {dialogue::media_kind::image, "", "att-1"};
    EXPECT_EQ(
        body_of(image)["message"]["attachment"]["payload"]["elements"],
        json::parse(R"([{"media_type": "image", "attachment_id": "att-1"}])"));
    outgoing_message file;
    file.attached = {dialogue::media_kind::file, "", "tok-1"};
    EXPECT_EQ(
        body_of(file)["message"],
        json::parse(R"({"attachment": {"type": "file", "payload": {"token": "tok-1"}}})"));
    outgoing_message asks;
    asks.asks = {"Thông tin", "Xin cho biết", "https://a.example/i.png"};
    EXPECT_EQ(body_of(asks)["message"], json::parse(R"({
        "attachment": {"type": "template", "payload": {
            "template_type": "request_user_info",
            "elements": [{"title": "Thông tin", "subtitle": "Xin cho biết",
                          "image_url": "https://a.example/i.png"}]}}})"));
}

TEST(MessageBody, IsNfcAndSurvivesBadBytes)
{
    outgoing_message message;
    message.text = "Vie\xCC\xA3\xCC\x82t"; // e, dot below, circumflex
    EXPECT_EQ(body_of(message)["message"]["text"].get<std::string>(), "Việt");
    message.text = "a\xFFz";
    EXPECT_EQ(body_of(message)["message"]["text"].get<std::string>(), "a\xEF\xBF\xBDz");
}

} // namespace
} // namespace motcua::zalo
