#include <gtest/gtest.h>
#include <motcua/adapters/zalo/oauth.hpp>

namespace motcua::zalo {
namespace {

using kind = token_answer::kind;

struct answer_case
{
    std::string name;
    unsigned status;
    std::string body;
    kind expected;
    std::string reason{};
};

class TokenAnswer : public testing::TestWithParam<answer_case>
{
};

TEST_P(TokenAnswer, IsASuccessOnlyWithTwoTokens)
{
    const auto& one = GetParam();
    const auto answer = parse_token_answer(one.status, one.body);
    EXPECT_EQ(answer.end, one.expected);
    EXPECT_EQ(answer.reason, one.reason);
    EXPECT_EQ(answer.access_token.empty(), one.expected != kind::renewed);
    EXPECT_EQ(answer.refresh_token.empty(), one.expected != kind::renewed);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    TokenAnswer,
    testing::Values(
        answer_case{
            "good",
            200,
            R"({"access_token":"a","refresh_token":"r","expires_in":"90000"})",
            kind::renewed},
        answer_case{"no_life", 200, R"({"access_token":"a","refresh_token":"r"})", kind::renewed},
        answer_case{
            "error_zero",
            200,
            R"({"error":0,"access_token":"a","refresh_token":"r"})",
            kind::renewed},
        answer_case{
            "error_with_200",
            200,
            R"({"error":-14014,"error_name":"x","error_description":"the token SECRET is bad"})",
            kind::refused,
            "platform error -14014"},
        answer_case{
            "error_beside_tokens",
            200,
            R"({"error":-1,"access_token":"a","refresh_token":"r"})",
            kind::refused,
            "platform error -1"},
        answer_case{"name_only", 200, R"({"error_name":"x"})", kind::refused, "platform error"},
        answer_case{"error_word", 200, R"({"error":"bad"})", kind::refused, "platform error"},
        answer_case{"http_400", 400, "{}", kind::refused, "http 400"},
        answer_case{"http_302", 302, "", kind::refused, "http 302"},
        answer_case{
            "http_500",
            500,
            R"({"access_token":"a","refresh_token":"r"})",
            kind::unclear,
            "http 500"},
        answer_case{"html", 200, "<html></html>", kind::unclear, "http 200, not JSON"},
        answer_case{"array", 200, "[1]", kind::unclear, "http 200, not JSON"},
        answer_case{"empty", 200, "", kind::unclear, "http 200, not JSON"},
        answer_case{
            "one_token",
            200,
            R"({"access_token":"a"})",
            kind::unclear,
            "http 200, without two tokens"},
        answer_case{
            "number",
            200,
            R"({"access_token":"a","refresh_token":7})",
            kind::unclear,
            "http 200, without two tokens"},
        answer_case{
            "null_token",
            200,
            R"({"access_token":null,"refresh_token":"r"})",
            kind::unclear,
            "http 200, without two tokens"},
        answer_case{
            "undefined",
            200,
            R"({"access_token":"undefined","refresh_token":"r"})",
            kind::unclear,
            "http 200, without two tokens"},
        answer_case{
            "blank",
            200,
            R"({"access_token":"a","refresh_token":" "})",
            kind::unclear,
            "http 200, without two tokens"},
        answer_case{
            "line_break",
            200,
            R"({"access_token":"a\r\nx: y","refresh_token":"r"})",
            kind::unclear,
            "http 200, without two tokens"},
        answer_case{
            "empty_token",
            200,
            R"({"access_token":"","refresh_token":"r"})",
            kind::unclear,
            "http 200, without two tokens"}),
    [](const auto& one) { return one.param.name; });

TEST(TokenAnswer, CutAnywhereItIsNoSuccessAndNoRefusal)
{
    const std::string whole =
        R"({"access_token":"access-1","refresh_token":"refresh-1","expires_in":"90000"})";
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_EQ(parse_token_answer(200, whole.substr(0, length)).end, kind::unclear) << length;
    EXPECT_EQ(parse_token_answer(200, whole).end, kind::renewed);
}

TEST(TokenAnswer, LifeIsAStringOrANumberAndSane)
{
    const auto life = [](const std::string& value) {
        return parse_token_answer(
                   200, R"({"access_token":"a","refresh_token":"r","expires_in":)" + value + "}")
            .life.count();
    };
    EXPECT_EQ(life("\"3600\""), 3600);
    EXPECT_EQ(life("3600"), 3600);
    for (const auto* odd :
         {"\"soon\"", "0", "-5", "\"99999999999999999999\"", "1e99", "null", "1.5"})
        EXPECT_EQ(life(odd), 90000) << odd;
}

// RFC 7636, appendix B.
TEST(Pkce, ChallengeIsThatOfTheStandard)
{
    EXPECT_EQ(
        code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    const auto verifier = random_token();
    EXPECT_EQ(verifier.size(), 43U);
    EXPECT_NE(verifier, random_token());
}

TEST(Form, GoesThereAndBack)
{
    const std::string odd = "a b+c&d=e%f/ờ\n";
    const auto form = form_body({{"x", odd}, {"y", ""}, {"z", "1"}});
    EXPECT_EQ(form_value(form, "x"), odd);
    EXPECT_EQ(form_value(form, "y"), "");
    EXPECT_EQ(form_value(form, "z"), "1");
    EXPECT_EQ(form_value(form, "w"), "");
    EXPECT_EQ(form_value("a=%4&b=%zz&c=%", "a"), "%4");
    EXPECT_EQ(form_value("a=%4&b=%zz&c=%", "b"), "%zz");
    EXPECT_EQ(form_value("a=%4&b=%zz&c=%", "c"), "%");
}

TEST(Consent, UrlHasTheFourFieldsAndNoMore)
{
    EXPECT_EQ(
        consent_url("https://oauth.example/", "1", "https://x.example/oauth/callback", "c", "s"),
        "https://oauth.example/v4/oa/permission?app_id=1&redirect_uri=https%3A%2F%2Fx.example%2F"
        "oauth%2Fcallback&code_challenge=c&state=s");
}

} // namespace
} // namespace motcua::zalo
