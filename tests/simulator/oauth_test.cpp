#include "adapters/zalo/token_fakes.hpp"
#include "support/run_coroutine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/zalo/client.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>
#include <motcua/simulator/simulator.hpp>
#include <motcua/support/task_group.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace motcua::simulator {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class OAuthDesk : public testing::Test
{
protected:
    OAuthDesk()
    {
        settings_.server = "http://127.0.0.1:9";
        settings_.oa_secret_key = "oa-secret";
        settings_.app_secret_key = "app-secret";
        settings_.refresh_token = "refresh-first";
        settings_.retry_waits.clear();
        settings_.now = [this] { return now_; };
    }

    void start()
    {
        simulator_ = make_simulator(context_.get_executor(), settings_);
        tasks_.spawn("simulator", simulator_->run());
        http_ = zalo::make_http_client(
            context_.get_executor(), {.base = simulator_->url(), .idle_connections = 0});
    }

    void TearDown() override
    {
        asio::post(context_, [this] { simulator_->stop(); });
        EXPECT_TRUE(run_coroutine(context_, tasks_.join(4s)));
    }

    zalo::http_answer post(const std::string& path, zalo::http_fields fields, std::string body)
    {
        return run_coroutine(context_, http_->post(path, std::move(fields), std::move(body)));
    }

    zalo::http_answer ask_raw(
        std::vector<std::pair<std::string_view, std::string_view>> form,
        const std::string& secret = "app-secret")
    {
        form.emplace_back("app_id", settings_.app_id);
        return post(
            std::string(zalo::token_path),
            {{"secret_key", secret}, {"Content-Type", "application/x-www-form-urlencoded"}},
            zalo::form_body(form));
    }
    json ask(const std::vector<std::pair<std::string_view, std::string_view>>& form)
    {
        const auto answer = ask_raw(form);
        EXPECT_EQ(answer.status, 200U);
        return json::parse(answer.body);
    }
    json refresh(const json& token)
    {
        return ask(
            {{"grant_type", "refresh_token"},
             {"refresh_token", token.get_ref<const std::string&>()}});
    }

    // The message API's error; -201 tells that the token was good and the body was not.
    int send_with(const json& token)
    {
        const auto answer =
            post("/v3.0/oa/message/cs", {{"access_token", token.get<std::string>()}}, "{}");
        return json::parse(answer.body).at("error").get<int>();
    }

    json steer(const std::string& what, const json& body)
    {
        return json::parse(post("/api/oauth/" + what, {}, body.dump()).body);
    }

    // Where the consent page sends the administrator; empty if it does not.
    std::string consent(const std::string& query)
    {
        const auto answer = run_coroutine(context_, http_->get("/v4/oa/permission?" + query, {}));
        return answer.status == 302 ? answer.body : std::string();
    }

    asio::io_context context_{1};
    task_group tasks_{context_.get_executor()};
    options settings_;
    utc_time now_{std::chrono::days(20'000)};
    std::unique_ptr<simulator> simulator_;
    std::unique_ptr<zalo::http_client> http_;
};

TEST_F(OAuthDesk, ARefreshTokenIsGoodForOnePair)
{
    start();
    const auto first = refresh("refresh-first");
    EXPECT_EQ(first.at("expires_in"), "90000") << "a string";
    const auto second = refresh(first.at("refresh_token"));
    EXPECT_NE(second.at("access_token"), first.at("access_token"));
    const auto again = refresh(first.at("refresh_token"));
    for (const auto* part : {"error", "error_name", "error_reason", "error_description", "ref_doc"})
        EXPECT_TRUE(again.contains(part)) << part;
    EXPECT_FALSE(again.contains("access_token"));
    EXPECT_EQ(send_with(second.at("access_token")), -201) << "the second pair lives on";
    EXPECT_EQ(send_with(first.at("access_token")), -216) << "dead since the second";
    EXPECT_TRUE(refresh(second.at("refresh_token")).contains("access_token"));
    EXPECT_TRUE(refresh("refresh-never-seen").contains("error"));
    EXPECT_TRUE(refresh("").contains("error"));
}

TEST_F(OAuthDesk, ASecondUseCanRevokeTheFamily)
{
    settings_.reuse = reused_refresh_token::revokes_family;
    start();
    const auto first = refresh("refresh-first");
    EXPECT_EQ(send_with(first.at("access_token")), -201);
    EXPECT_TRUE(refresh("refresh-first").contains("error"));
    EXPECT_EQ(send_with(first.at("access_token")), -216);
    EXPECT_TRUE(refresh(first.at("refresh_token")).contains("error"));
}

TEST_F(OAuthDesk, TokensExpireByThePlatformsClock)
{
    settings_.old_access_token_lives = true;
    start();
    const auto first = refresh("refresh-first");
    now_ += 12h;
    const auto second = refresh(first.at("refresh_token"));
    EXPECT_EQ(send_with(first.at("access_token")), -201) << "as told";
    now_ += 13h + 1s;
    EXPECT_EQ(send_with(first.at("access_token")), -220);
    EXPECT_EQ(send_with(second.at("access_token")), -201);
    now_ += std::chrono::days(90);
    EXPECT_TRUE(refresh(second.at("refresh_token")).contains("error"));
}

TEST_F(OAuthDesk, ChecksTheCaller)
{
    start();
    const std::vector<std::pair<std::string_view, std::string_view>> form{
        {"grant_type", "refresh_token"}, {"refresh_token", "refresh-first"}};
    EXPECT_TRUE(json::parse(ask_raw(form, "wrong").body).contains("error"));
    EXPECT_TRUE(ask({{"grant_type", "password"}}).contains("error"));
    EXPECT_TRUE(json::parse(ask_raw(form).body).contains("access_token")) << "and spends nothing";
}

TEST_F(OAuthDesk, AConsentIsExchangedWithItsVerifierOnce)
{
    settings_.callback_url = "https://x.example/oauth/callback";
    start();
    const auto verifier = zalo::random_token();
    const auto url = zalo::consent_url(
        "", settings_.app_id, settings_.callback_url, zalo::code_challenge(verifier), "the state");
    const auto query = url.substr(url.find('?') + 1);
    const auto code_of = [&] {
        const auto location = consent(query);
        EXPECT_TRUE(location.starts_with(settings_.callback_url + "?")) << location;
        const auto back = location.substr(location.find('?') + 1);
        EXPECT_EQ(zalo::form_value(back, "state"), "the state");
        EXPECT_EQ(zalo::form_value(back, "oa_id"), settings_.oa_id);
        return zalo::form_value(back, "code");
    };
    const auto exchange = [&](const std::string& code, const std::string& with) {
        return ask({{"grant_type", "authorization_code"}, {"code", code}, {"code_verifier", with}});
    };
    auto code = code_of();
    EXPECT_TRUE(exchange(code, zalo::random_token()).contains("error"));
    EXPECT_TRUE(exchange(code, verifier).contains("error")) << "used up";
    code = code_of();
    const auto pair = exchange(code, verifier);
    EXPECT_EQ(send_with(pair.at("access_token")), -201);
    EXPECT_TRUE(exchange(code, verifier).contains("error"));
    code = code_of();
    now_ += 10min + 1s;
    EXPECT_TRUE(exchange(code, verifier).contains("error")) << "too late";
    EXPECT_EQ(
        consent(
            "app_id=" + settings_.app_id + "&redirect_uri=https://evil.example&code_challenge=c"),
        "");
    EXPECT_EQ(consent("app_id=1&redirect_uri=" + settings_.callback_url + "&code_challenge=c"), "");
}

TEST_F(OAuthDesk, FailsAsPlanned)
{
    start();
    steer("faults", {{"kind", "500"}, {"acts", false}});
    steer("faults", {{"kind", "html"}, {"acts", false}});
    steer("faults", {{"kind", "half_json"}});
    const std::vector<std::pair<std::string_view, std::string_view>> form{
        {"grant_type", "refresh_token"}, {"refresh_token", "refresh-first"}};
    EXPECT_EQ(ask_raw(form).status, 500U);
    EXPECT_TRUE(ask_raw(form).body.starts_with("<html>"));
    EXPECT_FALSE(json::accept(ask_raw(form).body));
    EXPECT_TRUE(refresh("refresh-first").contains("error")) << "the last one has acted";
}

// The answer is cut behind every byte of it; no cut is taken for a pair or for a refusal.
TEST_F(OAuthDesk, AnAnswerCutAnywhereIsACutAnswer)
{
    settings_.refresh_token_repeats = true;
    start();
    const std::vector<std::pair<std::string_view, std::string_view>> form{
        {"grant_type", "refresh_token"}, {"refresh_token", "refresh-first"}};
    std::size_t bytes = 0;
    for (;; ++bytes) {
        steer("faults", {{"kind", "cut"}, {"bytes", bytes}});
        const auto answer = ask_raw(form);
        if (answer.end == zalo::http_answer::kind::answered)
            break;
        ASSERT_EQ(answer.end, zalo::http_answer::kind::cut) << bytes;
    }
    EXPECT_GT(bytes, 300U) << "header and body";
}

// The keeper against the simulator, over HTTP.
class KeptTokens : public OAuthDesk
{
protected:
    void start_keeper()
    {
        zalo::token_keeper_parts parts{.vault = vault_, .oauth = *http_};
        parts.now = [this] { return now_; };
        parts.steady_now = [this] {
            return std::chrono::steady_clock::time_point(now_.time_since_epoch());
        };
        parts.app_id = settings_.app_id;
        parts.app_secret_key = settings_.app_secret_key;
        parts.first_refresh_token = settings_.refresh_token;
        keeper_.emplace(context_.get_executor(), std::move(parts));
    }
    void pass() { run_coroutine(context_, keeper_->pass()); }

    zalo::model_disk disk_;
    zalo::token_vault vault_{disk_, "/vault", std::string(32, 'k')};
    std::optional<zalo::token_keeper> keeper_;
};

TEST_F(KeptTokens, LiveForNinetyDays)
{
    start();
    start_keeper();
    std::mt19937 random(90);
    for (auto lived = 0h; lived < std::chrono::days(90); ++lived) {
        if (random() % 50 == 0)
            start_keeper();
        if (random() % 10 == 0) {
            constexpr std::array kinds{"429", "none"};
            steer("faults", {{"kind", kinds[random() % kinds.size()]}, {"acts", false}});
        }
        pass();
        ASSERT_EQ(send_with(keeper_->access_token()), -201) << lived.count();
        now_ += 1h;
    }
    const auto seen = json::parse(run_coroutine(context_, http_->get("/api/oauth", {})).body);
    EXPECT_GE(seen.at("refreshes").get<int>(), 160);
    EXPECT_EQ(keeper_->status().alarm, "");
}

TEST_F(KeptTokens, AMessageWhoseTokenIsRefusedGoesOutOnceWithAnother)
{
    start();
    start_keeper();
    pass();
    tasks_.spawn("keeper", keeper_->run());
    const auto made = post("/api/citizens", {}, "{}");
    const auto citizen = json::parse(made.body).at("id").get<std::string>();
    post("/api/citizens/" + citizen + "/follow", {}, R"({"wait":false})");

    zalo::client_options client_options;
    client_options.api_base = simulator_->url();
    client_options.tokens = zalo::make_token_source(*keeper_);
    client_options.errors.by_code[-216] = {
        "access token invalid", app::error_action::refresh_token};
    const auto client = zalo::make_client(context_.get_executor(), std::move(client_options));
    const auto send = [&] {
        dialogue::outgoing_message message;
        message.text = "Dạ";
        return run_coroutine(context_, client->send(citizen, message)).end;
    };
    const auto refreshes = [&] {
        const auto seen = json::parse(run_coroutine(context_, http_->get("/api/oauth", {})).body);
        return seen.at("refreshes").get<int>();
    };
    EXPECT_EQ(send(), app::send_result::kind::sent);
    now_ += 11min;
    steer("revoke-access", json::object());
    EXPECT_EQ(send(), app::send_result::kind::sent);
    EXPECT_EQ(refreshes(), 2);
    steer("revoke-access", json::object());
    EXPECT_NE(send(), app::send_result::kind::sent) << "no second refresh within ten minutes";
    EXPECT_EQ(refreshes(), 2);
    const auto listed = json::parse(
        run_coroutine(context_, http_->get("/api/messages?citizen=" + citizen, {})).body);
    EXPECT_EQ(listed.at("messages").size(), 2U);
    keeper_->stop();
}

} // namespace
} // namespace motcua::simulator
