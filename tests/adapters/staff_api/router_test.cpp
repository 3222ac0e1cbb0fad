#include "router.hpp"
#include "support/run_coroutine.hpp"

#include <gtest/gtest.h>

namespace motcua::staff_api {
namespace {

class one_session final : public session_source
{
public:
    asio::awaitable<caller> find(std::string cookie, std::string, bool) override
    {
        co_return cookie == "secret" ? kept : caller{};
    }
    caller kept;
};

class Router : public ::testing::Test
{
protected:
    Router()
    {
        sessions.kept.stage = stage::active;
        sessions.kept.who.roles = {app::staff_role::officer};
        sessions.kept.csrf_token = "csrf";
        add("GET", "/complaints/{code}", {app::staff_role::officer, app::staff_role::coordinator});
        add("GET", "/complaints/export", {app::staff_role::officer});
        add("PUT", "/complaints/{code}", {app::staff_role::officer});
        routes.add(
            {.method = "GET", .path = "/staff", .roles = {app::staff_role::admin}, .handle = echo});
    }

    void add(std::string method, std::string path, std::set<app::staff_role> roles)
    {
        const bool takes_body = method != "GET";
        routes.add(
            {.method = std::move(method),
             .path = std::move(path),
             .roles = std::move(roles),
             .takes_body = takes_body,
             .handle = echo});
    }

    static asio::awaitable<http::response> echo(call one)
    {
        const json seen = {{"path", one.path}, {"q", one.parameters("q")}, {"body", one.body}};
        co_return answer(200, seen);
    }

    static http::request get(std::string target)
    {
        http::request out;
        out.method = "GET";
        out.target = std::move(target);
        out.fields = {{"host", "desk.example"}, {"cookie", "a=b; __Host-motcua_session=secret"}};
        return out;
    }

    static http::request put(std::string target, std::string body)
    {
        auto out = get(std::move(target));
        out.method = "PUT";
        out.fields.emplace_back("origin", "https://desk.example");
        out.fields.emplace_back("x-csrf-token", "csrf");
        out.fields.emplace_back("content-type", "application/json");
        out.body = std::move(body);
        return out;
    }

    http::response ask(http::request asked)
    {
        return run_coroutine([this, &asked](asio::io_context&) { return routes.handle(asked); });
    }

    one_session sessions;
    router routes{sessions, [] { return utc_time{}; }};
};

TEST_F(Router, ValuesOfPathAndQueryAreDecoded)
{
    const auto got = ask(get("/api/v1/complaints/PA%2D1?q=l%C3%A0m&q=a%2Cb"));
    EXPECT_EQ(got.status, 200U);
    const auto body = json::parse(got.body);
    EXPECT_EQ(body["path"]["code"], "PA-1");
    EXPECT_EQ(body["q"], json::array({"làm", "a,b"}));
}

TEST_F(Router, TheExactPathGoesBeforeTheOneWithAPlace)
{
    EXPECT_TRUE(json::parse(ask(get("/api/v1/complaints/export")).body)["path"].empty());
}

TEST_F(Router, WhatIsNotThereIsAProblem)
{
    const auto got = ask(get("/api/v1/nothing"));
    EXPECT_EQ(got.status, 404U);
    EXPECT_EQ(got.content_type, "application/problem+json");
    EXPECT_EQ(json::parse(got.body)["type"], "urn:motcua:problem:not_found");
    auto post = put("/api/v1/staff", "{}");
    EXPECT_EQ(ask(post).status, 405U);
}

TEST_F(Router, ASessionAndARoleAreNeeded)
{
    auto asked = get("/api/v1/complaints/x");
    asked.fields.pop_back();
    EXPECT_EQ(ask(asked).status, 401U);
    EXPECT_EQ(ask(get("/api/v1/staff")).status, 403U);
    sessions.kept.stage = stage::totp;
    EXPECT_EQ(ask(get("/api/v1/complaints/x")).status, 403U);
}

TEST_F(Router, AChangeNeedsOwnOriginAndToken)
{
    EXPECT_EQ(ask(put("/api/v1/complaints/x", "{}")).status, 200U);
    auto foreign = put("/api/v1/complaints/x", "{}");
    foreign.fields[2].second = "https://desk.example.evil";
    EXPECT_EQ(ask(foreign).status, 403U);
    auto forged = put("/api/v1/complaints/x", "{}");
    forged.fields[3].second = "csrg";
    EXPECT_EQ(ask(forged).status, 403U);
    forged.fields[3].second = "";
    EXPECT_EQ(ask(forged).status, 403U);
}

TEST_F(Router, ABodyIsBoundedJson)
{
    EXPECT_EQ(ask(put("/api/v1/complaints/x", "{")).status, 400U);
    EXPECT_EQ(ask(put("/api/v1/complaints/x", std::string(100, '['))).status, 400U);
    EXPECT_EQ(ask(put("/api/v1/complaints/x", std::string(70'000, ' '))).status, 413U);
}

TEST(BodyReader, TakesWhatIsAskedForAndRefusesTheRest)
{
    const json body = {{"text", "a\u0301"}, {"n", 5}, {"other", 1}};
    body_reader reader(body);
    EXPECT_EQ(reader.text("text", 1, 1), "á");
    EXPECT_EQ(reader.integer("n", 1, 5), 5);
    EXPECT_THROW(reader.integer("n", 1, 4), problem);
    EXPECT_THROW(reader.text("n", 1, 4), problem);
    EXPECT_THROW(reader.end(), problem);
    EXPECT_EQ(reader.optional_text("absent", 3), std::nullopt);
}

TEST(Instant, IsWrittenInUtc)
{
    using namespace std::chrono_literals;
    const utc_time noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;
    EXPECT_EQ(instant(noon), "2026-11-22T12:00:00Z");
    EXPECT_EQ(instant(noon + 5ms), "2026-11-22T12:00:00.005Z");
}

} // namespace
} // namespace motcua::staff_api
