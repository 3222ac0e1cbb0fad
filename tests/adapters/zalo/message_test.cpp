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
using kind = app::send_result::kind;

json body_of(const outgoing_message& message)
{
    return json::parse(message_body("61390", message));
}

std::string repeated(std::string_view part, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += part;
    return out;
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

TEST(MessageBody, IsCutAtThePlatformsLimitsInCodePoints)
{
    outgoing_message message;
    message.text = repeated("ệ", 2001);
    for (int i = 0; i < 7; ++i)
        message.buttons.push_back(
            button{repeated("ữ", 101), button_kind::query, repeated("p", 1001)});
    const auto content = body_of(message)["message"];
    EXPECT_EQ(content["text"].get<std::string>(), repeated("ệ", 2000));
    const auto buttons = content["attachment"]["payload"]["buttons"];
    ASSERT_EQ(buttons.size(), 5U);
    EXPECT_EQ(buttons[4]["title"].get<std::string>(), repeated("ữ", 100));
    EXPECT_EQ(buttons[4]["payload"].get<std::string>(), repeated("p", 1000));

    outgoing_message list;
    for (int i = 0; i < 6; ++i)
        list.elements.push_back(list_element{repeated("ạ", 101), repeated("ổ", 501), "", button{}});
    const auto elements = body_of(list)["message"]["attachment"]["payload"]["elements"];
    ASSERT_EQ(elements.size(), 5U);
    EXPECT_EQ(elements[0]["title"].get<std::string>(), repeated("ạ", 100));
    EXPECT_EQ(elements[0]["subtitle"].get<std::string>(), repeated("ổ", 500));
}

TEST(MessageBody, IsNfcAndSurvivesBadBytes)
{
    outgoing_message message;
    message.text = "Vie\xCC\xA3\xCC\x82t"; // e, dot below, circumflex
    EXPECT_EQ(body_of(message)["message"]["text"].get<std::string>(), "Việt");
    message.text = "a\xFFz";
    EXPECT_EQ(body_of(message)["message"]["text"].get<std::string>(), "a\xEF\xBF\xBDz");
}

struct answer_case
{
    std::string name;
    unsigned status;
    std::string body;
    kind end;
    std::string reason;
    std::string message_id;
    std::chrono::seconds retry_after{0};
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const answer_case& value, std::ostream* out)
{
    *out << value.name;
}

class Answer : public ::testing::TestWithParam<answer_case>
{
};

TEST_P(Answer, MeansTheRightThing)
{
    const auto& want = GetParam();
    const auto got = interpret_answer(want.status, want.body);
    EXPECT_EQ(got.end, want.end);
    EXPECT_EQ(got.reason, want.reason);
    EXPECT_EQ(got.message_id, want.message_id);
    EXPECT_EQ(got.retry_after, want.retry_after);
}

constexpr std::chrono::hours hour{1};
const std::string not_api = ", not the API's answer";

INSTANTIATE_TEST_SUITE_P(
    All,
    Answer,
    ::testing::Values(
        answer_case{
            "sent",
            200,
            R"({"data":{"message_id":"ab12","user_id":"61390"},"error":0,"message":"Success"})",
            kind::sent,
            "",
            "ab12"},
        answer_case{
            "numbers_and_strings",
            200,
            R"({"data":{"message_id":17},"error":"0"})",
            kind::sent,
            "",
            "17"},
        answer_case{"sent_without_id", 200, R"({"error":0})", kind::sent, "", ""},
        answer_case{
            "window",
            200,
            R"({"error":-230,"message":"User has not interacted"})",
            kind::refused,
            "-230 no interaction in 7 days",
            ""},
        answer_case{"rate", 200, R"({"error":-32})", kind::try_later, "-32 rate limit", ""},
        answer_case{
            "token", 200, R"({"error":-216})", kind::try_later, "-216 access token invalid", ""},
        answer_case{
            "expired",
            200,
            R"({"error":-220})",
            kind::try_later,
            "-220 access token expired or removed",
            ""},
        answer_case{
            "night",
            200,
            R"({"error":-234})",
            kind::try_later,
            "-234 not at night (22:00-06:00)",
            "",
            hour},
        answer_case{
            "no_follower",
            200,
            R"({"error":-213})",
            kind::refused,
            "-213 user does not follow the OA",
            ""},
        answer_case{
            "parameter",
            200,
            R"({"error":-201})",
            kind::refused,
            "-201 a parameter is invalid",
            ""},
        answer_case{"send_failed", 200, R"({"error":-200})", kind::unknown, "-200 send failed", ""},
        answer_case{
            "new_code", 200, R"({"error":-99999})", kind::refused, "-99999 unknown error code", ""},
        answer_case{"http_429", 429, "slow down", kind::try_later, "http 429", ""},
        answer_case{"http_408", 408, "", kind::try_later, "http 408", ""},
        answer_case{"http_500", 500, R"({"error":0})", kind::try_later, "http 500", ""},
        answer_case{"http_503", 503, "", kind::try_later, "http 503", ""},
        answer_case{"http_404", 404, "", kind::refused, "http 404", ""},
        answer_case{"http_302", 302, "", kind::refused, "http 302", ""},
        answer_case{"html", 200, "<html>bảo trì</html>", kind::unknown, "http 200" + not_api, ""},
        answer_case{
            "half_json",
            200,
            R"({"data":{"message_id":"ab)",
            kind::unknown,
            "http 200" + not_api,
            ""},
        answer_case{"empty", 200, "", kind::unknown, "http 200" + not_api, ""},
        answer_case{"array", 200, "[0]", kind::unknown, "http 200" + not_api, ""},
        answer_case{"no_error", 200, R"({"data":{}})", kind::unknown, "http 200" + not_api, ""},
        answer_case{
            "error_is_words",
            200,
            R"({"error":"invalid_grant"})",
            kind::unknown,
            "http 200" + not_api,
            ""}),
    [](const auto& one) { return one.param.name; });

} // namespace
} // namespace motcua::zalo
