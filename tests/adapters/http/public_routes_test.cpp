#include "support/run_coroutine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/http/public_routes.hpp>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::http {
namespace {

using testing::HasSubstr;
using testing::Not;

asio::awaitable<webhook_verdict> decide(webhook_verdict verdict)
{
    co_return verdict;
}

struct public_listener
{
    public_listener()
    {
        parts.webhook = [this](request asked) {
            seen.push_back(std::move(asked));
            return decide(verdict);
        };
        parts.ready = [this] { return is_ready; };
        parts.verifier_token = "Tok_en-1";
        parts.organisation = "UBND tỉnh <b>&\"'";
    }

    response ask(std::string_view method, std::string_view target, std::string_view body = "")
    {
        request asked;
        asked.method = method;
        asked.target = target;
        asked.body = body;
        const auto routes = make_public_routes(parts);
        return run_coroutine(routes(asked));
    }

    public_parts parts;
    webhook_verdict verdict = webhook_verdict::accepted;
    bool is_ready = true;
    std::vector<request> seen;
};

std::string field(const response& reply, std::string_view name)
{
    for (const auto& [key, value] : reply.fields)
        if (key == name)
            return value;
    return "";
}

struct route_case
{
    std::string name;
    std::string method;
    std::string target;
    unsigned status;
    std::string allow; // of 405
};

std::ostream& operator<<(std::ostream& out, const route_case& shown)
{
    return out << shown.name;
}

class PublicRoutes : public testing::TestWithParam<route_case>
{
};

TEST_P(PublicRoutes, AnswersWithTheStatus)
{
    public_listener tested;
    const auto reply = tested.ask(GetParam().method, GetParam().target);
    EXPECT_EQ(reply.status, GetParam().status);
    EXPECT_EQ(field(reply, "Allow"), GetParam().allow);
    EXPECT_FALSE(reply.body.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All,
    PublicRoutes,
    testing::Values(
        route_case{"home", "GET", "/", 200, ""},
        route_case{"home_head", "HEAD", "/", 200, ""},
        route_case{"home_with_query", "GET", "/?utm=1", 200, ""},
        route_case{"home_post", "POST", "/", 405, "GET, HEAD"},
        route_case{"health", "GET", "/healthz", 200, ""},
        route_case{"health_delete", "DELETE", "/healthz", 405, "GET, HEAD"},
        route_case{"ready", "HEAD", "/readyz", 200, ""},
        route_case{"ready_post", "POST", "/readyz", 405, "GET, HEAD"},
        route_case{"verifier", "GET", "/zalo_verifierTok_en-1.html", 200, ""},
        route_case{"verifier_head", "HEAD", "/zalo_verifierTok_en-1.html", 200, ""},
        route_case{"verifier_put", "PUT", "/zalo_verifierTok_en-1.html", 405, "GET, HEAD"},
        route_case{"verifier_of_another", "GET", "/zalo_verifiertok_en-1.html", 404, ""},
        route_case{"verifier_without_token", "GET", "/zalo_verifier.html", 404, ""},
        route_case{"webhook_get", "GET", "/webhook/zalo", 200, ""},
        route_case{"webhook_head", "HEAD", "/webhook/zalo", 200, ""},
        route_case{"webhook_post", "POST", "/webhook/zalo", 200, ""},
        route_case{"webhook_post_with_query", "POST", "/webhook/zalo?a=b", 200, ""},
        route_case{"webhook_put", "PUT", "/webhook/zalo", 405, "GET, HEAD, POST"},
        route_case{"webhook_lower_case_method", "post", "/webhook/zalo", 405, "GET, HEAD, POST"},
        route_case{"webhook_behind", "POST", "/webhook/zalo/", 404, ""},
        route_case{"unknown", "GET", "/admin", 404, ""},
        route_case{"unknown_post", "POST", "/admin", 404, ""},
        route_case{"other_case", "GET", "/HEALTHZ", 404, ""},
        route_case{"escaped", "GET", "/%68ealthz", 404, ""},
        route_case{"double_slash", "GET", "//healthz", 404, ""}),
    [](const testing::TestParamInfo<route_case>& shown) { return shown.param.name; });

TEST(PublicPages, CarryTheVerificationTagAndTheEscapedName)
{
    public_listener tested;
    for (const std::string_view path : {"/", "/zalo_verifierTok_en-1.html"}) {
        const auto reply = tested.ask("GET", path);
        EXPECT_EQ(reply.content_type, "text/html; charset=utf-8");
        EXPECT_THAT(
            reply.body,
            HasSubstr(R"(<meta name="zalo-platform-site-verification" content="Tok_en-1" />)"));
        EXPECT_THAT(reply.body, HasSubstr("UBND tỉnh &lt;b&gt;&amp;&quot;&#39;"));
        EXPECT_THAT(reply.body, Not(HasSubstr("<b>")));
    }
}

TEST(PublicPages, WithoutTokenThereIsNoTagAndNoFile)
{
    public_listener tested;
    tested.parts.verifier_token.clear();
    EXPECT_EQ(tested.ask("GET", "/zalo_verifier.html").status, 404U);
    const auto home = tested.ask("GET", "/");
    EXPECT_EQ(home.status, 200U);
    EXPECT_THAT(home.body, Not(HasSubstr("verification")));
}

TEST(PublicPages, ReadinessFollowsTheServer)
{
    public_listener tested;
    tested.is_ready = false;
    EXPECT_EQ(tested.ask("GET", "/readyz").status, 503U);
    EXPECT_EQ(tested.ask("GET", "/healthz").status, 200U);
}

TEST(PublicWebhook, HandsOverTheRequestAsItCame)
{
    public_listener tested;
    tested.ask("POST", "/webhook/zalo?a=b", "{\"a\" : 1}\r\n");
    tested.ask("GET", "/webhook/zalo");
    ASSERT_EQ(tested.seen.size(), 1U) << "only a POST is a delivery";
    EXPECT_EQ(tested.seen[0].body, "{\"a\" : 1}\r\n");
    EXPECT_EQ(tested.seen[0].query(), "a=b");
}

TEST(PublicWebhook, VerdictBecomesStatus)
{
    public_listener tested;
    const std::pair<webhook_verdict, unsigned> expected[] = {
        {webhook_verdict::accepted, 200},
        {webhook_verdict::bad_signature, 401},
        {webhook_verdict::malformed, 400},
        {webhook_verdict::busy, 503}};
    for (const auto& [verdict, status] : expected) {
        tested.verdict = verdict;
        const auto reply = tested.ask("POST", "/webhook/zalo", "{}");
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(field(reply, "Retry-After"), status == 503 ? "5" : "");
    }
}

TEST(Request, SplitsItsTargetAndFindsFields)
{
    request asked;
    asked.target = "/a?b=c?d";
    asked.fields = {{"host", "x"}, {"empty", ""}};
    EXPECT_EQ(asked.path(), "/a");
    EXPECT_EQ(asked.query(), "b=c?d");
    EXPECT_EQ(asked.field("host"), "x");
    EXPECT_EQ(asked.field("none"), "");
    asked.target = "/a";
    EXPECT_EQ(asked.path(), "/a");
    EXPECT_EQ(asked.query(), "");
}

} // namespace
} // namespace motcua::http
