#include "answer.hpp"
#include "error_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace motcua::zalo {
namespace {

using kind = app::send_result::kind;

http_answer of(unsigned status, const std::string& body)
{
    return {.end = http_answer::kind::answered, .reason = {}, .status = status, .body = body};
}

TEST(Answer, NothingSentIsAFailureAndACutIsUnknown)
{
    http_answer none{.end = http_answer::kind::not_sent, .reason = "connect: refused"};
    EXPECT_EQ(meaning_of(none, error_table()).result.end, kind::failed);
    none.end = http_answer::kind::cut;
    EXPECT_EQ(meaning_of(none, error_table()).result.end, kind::unknown);
    EXPECT_EQ(meaning_of(none, error_table()).result.reason, "connect: refused");
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
    const auto got = meaning_of(of(want.status, want.body), error_table()).result;
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
            kind::wait_for_contact,
            "-230 no interaction in 7 days",
            ""},
        answer_case{"rate", 200, R"({"error":-32})", kind::slow_down, "-32 rate limit", ""},
        answer_case{
            "token", 200, R"({"error":-216})", kind::failed, "-216 access token invalid", ""},
        answer_case{"night", 200, R"({"error":-234})", kind::by_day, "-234 not at night", ""},
        answer_case{
            "quota",
            200,
            R"({"error":-211})",
            kind::later,
            "-211 quota of the feature used up",
            "",
            hour},
        answer_case{"gone", 200, R"({"error":-204})", kind::stop, "-204 OA deleted", ""},
        answer_case{
            "no_follower", 200, R"({"error":-213})", kind::refused, "-213 unknown error code", ""},
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
        answer_case{"http_429", 429, "slow down", kind::slow_down, "http 429", ""},
        answer_case{"http_408", 408, "", kind::failed, "http 408", ""},
        answer_case{"http_500", 500, R"({"error":0})", kind::failed, "http 500", ""},
        answer_case{"http_503", 503, "", kind::failed, "http 503", ""},
        answer_case{"http_400", 400, "", kind::refused, "http 400", ""},
        answer_case{"http_404", 404, "", kind::stop, "http 404", ""},
        answer_case{"http_302", 302, "", kind::stop, "http 302", ""},
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
