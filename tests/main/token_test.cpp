#include "child_process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/support/within.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>

// The tokens of the real program with the real simulator, each a process of its own.
namespace motcua {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using nlohmann::json;

const fs::path source_folder = MOTCUA_SOURCE_DIR;
const std::string app_secret = "CANARY-app-secret";
const std::string first_refresh = "CANARY-refresh-first";

class Tokens : public testing::Test
{
protected:
    void SetUp() override
    {
        folder_ = fs::path(testing::TempDir()) / ("tokens-" + std::to_string(::getpid()));
        fs::create_directories(folder_ / "storage");
        for (const auto& entry : fs::directory_iterator(MOTCUA_TEST_CACHE))
            if (entry.path().extension() == ".bin")
                fs::copy(entry.path(), folder_ / "storage");
        const std::vector<std::string> command{
            MOTCUA_SIMULATOR, "--server", "http://127.0.0.1:9", "--refresh-token", first_refresh};
        simulator_ = std::make_unique<child_process>(command, environment(), errors());
        simulator_url_ = simulator_->line_after("listening simulator ");
    }
    void TearDown() override
    {
        server_.reset();
        simulator_.reset();
        const auto log = read_errors();
        for (const auto* secret : {"CANARY", "sim-", "simulated-"})
            EXPECT_EQ(log.find(secret), std::string::npos) << log;
        fs::remove_all(folder_);
    }

    std::string errors() const { return folder_ / "errors"; }
    std::string read_errors() const
    {
        const std::ifstream in(errors());
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }
    static std::map<std::string, std::string> environment()
    {
        return {
            {"MOTCUA_OA_SECRET_KEY", "CANARY-oa-secret"},
            {"MOTCUA_APP_SECRET_KEY", app_secret},
            {"MOTCUA_REFRESH_TOKEN", first_refresh}};
    }

    std::unique_ptr<child_process>
    start(std::vector<std::string> command, const std::vector<std::string>& settings = {})
    {
        command.insert(command.begin(), MOTCUA_PROGRAM);
        command.emplace_back("--demo");
        auto all = settings;
        all.push_back("storage.directory=" + (folder_ / "storage").string());
        all.push_back("content.intents=" + (source_folder / "intents").string());
        all.push_back("content.data=" + (source_folder / "data").string());
        all.push_back("zalo.api_base=" + simulator_url_);
        all.emplace_back("log_level=debug");
        for (const auto& pair : all) {
            command.emplace_back("--set");
            command.push_back(pair);
        }
        return std::make_unique<child_process>(command, environment(), errors());
    }
    void start_server()
    {
        server_ = start({"serve"}, {"public.port=0", "staff.port=0"});
        server_->line_after("listening public ");
        staff_url_ = server_->line_after("listening staff ");
    }

    template <class T>
    T run(asio::awaitable<T> operation)
    {
        auto future = asio::co_spawn(io_, std::move(operation), asio::use_future);
        io_.restart();
        io_.run();
        return future.get();
    }
    zalo::http_answer get(const std::string& base, const std::string& path)
    {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = base});
        return run(client->get(path, {}));
    }
    void steer(const std::string& what, const json& body)
    {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = simulator_url_});
        run(client->post("/api/oauth/" + what, {}, body.dump()));
    }
    json seen_by_platform() { return json::parse(get(simulator_url_, "/api/oauth").body); }
    json status() { return json::parse(get(staff_url_, "/api/v1/status").body).at("token"); }
    // Polls until the status has the value, for at most 20 s.
    bool becomes(const std::function<bool(const json&)>& good)
    {
        for (int i = 0; i < 400; ++i) {
            if (good(status()))
                return true;
            run(sleep_for(std::chrono::milliseconds(50)));
        }
        return false;
    }

    asio::io_context io_{1};
    fs::path folder_;
    std::unique_ptr<child_process> simulator_;
    std::unique_ptr<child_process> server_;
    std::string simulator_url_;
    std::string staff_url_;
};

TEST_F(Tokens, AreKeptShownRefreshedAndGotBackByConsent)
{
    start_server();
    ASSERT_TRUE(becomes([](const json& token) { return token.at("last_renewal").is_string(); }));
    EXPECT_EQ(status().at("alarm"), "");
    EXPECT_EQ(seen_by_platform().at("refreshes"), 1);

    auto shown = start({"token"});
    EXPECT_EQ(shown->line_after("access token "), "       present");
    EXPECT_EQ(shown->wait(), 0);
    EXPECT_EQ(start({"token", "refresh"})->wait(), 0);
    EXPECT_EQ(seen_by_platform().at("refreshes"), 2);

    // An administrator takes the app's rights away; nothing but another consent helps.
    steer("revoke", json::object());
    EXPECT_EQ(start({"token", "refresh"})->wait(), 1);
    EXPECT_EQ(start({"token"})->wait(), 1);
    ASSERT_TRUE(becomes([](const json& token) { return token.at("alarm") != ""; }));

    const auto port = staff_url_.substr(staff_url_.rfind(':') + 1);
    auto consent = start({"token", "consent"}, {"staff.port=" + port});
    const auto start_path = "/oauth/start" + consent->line_after(staff_url_ + "/oauth/start");
    EXPECT_EQ(consent->wait(), 0);
    EXPECT_EQ(get(staff_url_, "/oauth/start?link=guess").status, 403U);
    const auto sent = get(staff_url_, start_path);
    EXPECT_EQ(sent.status, 303U);
    EXPECT_EQ(get(staff_url_, start_path).status, 403U) << "once";
    auto page = sent.body.substr(sent.body.find("/v4/oa/permission"));
    page.resize(page.find('"'));
    for (auto at = page.find("&amp;"); at != std::string::npos; at = page.find("&amp;"))
        page.replace(at, 5, "&");
    const auto back = get(simulator_url_, page).body;
    ASSERT_TRUE(back.starts_with(staff_url_ + "/oauth/callback?")) << back;
    const auto done = get(staff_url_, back.substr(staff_url_.size()));
    EXPECT_EQ(done.status, 200U) << done.body;
    EXPECT_EQ(get(staff_url_, back.substr(staff_url_.size())).status, 400U) << "once";
    EXPECT_EQ(seen_by_platform().at("exchanges"), 1);
    EXPECT_EQ(status().at("alarm"), "");
    EXPECT_EQ(start({"token"})->wait(), 0);

    EXPECT_EQ(server_->stop(), 0);
    start_server();
    EXPECT_EQ(status().at("alarm"), "");
    EXPECT_EQ(seen_by_platform().at("refreshes"), 2) << "a restart needs no refresh";
}

TEST_F(Tokens, EnteredByHandAreCheckedAgainstThePlatform)
{
    std::ofstream(folder_ / "access") << "simulated-access-token\n";
    std::ofstream(folder_ / "wrong") << "CANARY-access-wrong\n";
    std::ofstream(folder_ / "refresh") << first_refresh << "\n";
    const auto set = [this](const std::string& access) {
        return start({"token",
                      "set",
                      "--check",
                      "--access-token-file=" + (folder_ / access).string(),
                      "--refresh-token-file=" + (folder_ / "refresh").string()})
            ->wait();
    };
    EXPECT_EQ(set("wrong"), 1);
    EXPECT_FALSE(fs::exists(folder_ / "storage/tokens.vault")) << "nothing is kept of it";
    EXPECT_EQ(set("access"), 0);
    EXPECT_EQ(start({"token"})->wait(), 0);
}

TEST_F(Tokens, TwoProgramsAtOnceMakeOneRefresh)
{
    steer("faults", {{"kind", "delay"}, {"delay_ms", 2000}});
    auto one = start({"token", "refresh"});
    auto other = start({"token", "refresh"});
    EXPECT_EQ(one->wait(), 0);
    EXPECT_EQ(other->wait(), 0);
    EXPECT_EQ(seen_by_platform().at("refreshes"), 1);
    EXPECT_EQ(seen_by_platform().at("refused"), 0);
}

TEST_F(Tokens, AreEnteredByHandFromFiles)
{
    std::ofstream(folder_ / "access") << "CANARY-access-hand\n";
    std::ofstream(folder_ / "refresh") << first_refresh << "\n";
    std::ofstream(folder_ / "bad") << "two words\n";
    const std::string access = "--access-token-file=" + (folder_ / "access").string();
    EXPECT_EQ(
        start({"token", "set", access, "--refresh-token-file=" + (folder_ / "bad").string()})
            ->wait(),
        2);
    EXPECT_EQ(
        start({"token", "set", access, "--refresh-token-file=" + (folder_ / "refresh").string()})
            ->wait(),
        0);
    start_server();
    EXPECT_TRUE(becomes([](const json& token) { return token.at("last_renewal").is_string(); }));
    fs::permissions(folder_ / "storage/tokens.vault", fs::perms(0644));
    EXPECT_EQ(start({"token"})->wait(), 1);
    EXPECT_NE(read_errors().find("chmod 600"), std::string::npos);
}

} // namespace
} // namespace motcua
