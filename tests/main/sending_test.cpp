#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <adapters/sqlite/temporary_store.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/platform_error_file.hpp>
#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/zalo/client.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/app/outbox_sender.hpp>
#include <motcua/simulator/simulator.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/task_group.hpp>
#include <motcua/support/within.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <vector>

// The real sender, client and store against the real simulator over loopback, which fails by
// chance.
namespace motcua {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using nlohmann::json;

// None of these may be in the log.
const std::string token = "canary-token-5d1f";
const std::string secret = "canary-secret-77ab";
const std::string telephone = "84909123987";
const std::string words = "canary-words-c3e2";

struct run_options
{
    std::string name;
    simulator::oa_type type;
    simulator::oa_package package;
    std::string path; // that messages go by in the end
    bool echoes = true;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const run_options& value, std::ostream* out)
{
    *out << value.name;
}

class Sending : public testing::TestWithParam<run_options>
{
protected:
    static constexpr std::size_t citizens = 250;
    static constexpr std::size_t messages = 2500;

    Sending()
    {
        log::set_level(log::level::debug);
        store_ = sqlite::open_database({.file = folder_.file()});
        bot_ = http::make_server(
            io_.get_executor(), {}, [this](http::request got) { return on_event(std::move(got)); });
        simulator::options platform;
        platform.server = bot_->url();
        platform.oa_secret_key = secret;
        platform.access_token = token;
        platform.type = GetParam().type;
        platform.package = GetParam().package;
        platform.echoes = GetParam().echoes;
        platform.sends_per_minute = 10'000'000;
        simulator_ = simulator::make_simulator(io_.get_executor(), platform);
        control_ = zalo::make_http_client(io_.get_executor(), {.base = simulator_->url()});
        zalo::client_options options;
        options.api_base = simulator_->url();
        options.tokens = zalo::make_fixed_token(token);
        const auto errors = content::read_platform_errors(
            std::filesystem::path(MOTCUA_SOURCE_DIR) / "data/zalo_errors.yml");
        EXPECT_TRUE(errors.findings.empty());
        options.errors = errors.table;
        options.call_deadline = 200ms;
        client_ = zalo::make_client(io_.get_executor(), std::move(options));
        app::outbox_sender_parts parts{
            .store = store_->writer(),
            .platform = *client_,
            .now = now,
            .jitter = [this] { return std::uniform_real_distribution<>(0, 1)(random_); },
            .concurrency = 32,
            .retry = {.first = 10ms, .longest = 100ms},
            .breaker = {.pause = {.first = 20ms, .longest = 100ms}},
            .first_look = 20ms,
            .settle_after = 1s,
            .unknown_for = 30s};
        sender_ = std::make_unique<app::outbox_sender>(io_.get_executor(), std::move(parts));
    }
    ~Sending() override { log::set_level(log::level::info); }

    static utc_time now()
    {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }

    // What the webhook does for the outbox, without the dialogue.
    asio::awaitable<http::response> on_event(http::request got)
    {
        http::response out;
        const auto event = zalo::decode_event(got.body);
        if (!event)
            co_return out;
        auto unit = [one = *event](app::transaction& store) {
            if (one.kind == dialogue::event_kind::echo)
                store.settle_unknown_by_echo(
                    one.user_id, dialogue::trace_of(one), one.message_id, one.at);
            if (one.kind == dialogue::event_kind::received)
                store.mark_received(one.receipt_ids, one.at);
            if (dialogue::opens_window(one.kind))
                store.note_contact(one.user_id, one.at, one.at);
        };
        const auto committed = co_await store_->writer().commit(std::move(unit));
        out.status = committed ? 200 : 503;
        sender_->wake();
        co_return out;
    }

    asio::awaitable<json> post(std::string path, json body)
    {
        const auto answer = co_await control_->post(std::move(path), {}, body.dump());
        co_return json::parse(answer.body, nullptr, false);
    }

    asio::awaitable<void> play()
    {
        const json nothing = json::object();
        for (std::size_t i = 0; i < citizens; ++i) {
            auto made = co_await post("/api/citizens", nothing);
            ids_.push_back(made["id"].get<std::string>());
            co_await post("/api/citizens/" + ids_.back() + "/follow", nothing);
        }
        const auto faults = json::parse(R"({"seed": 3, "delay_ms": 400, "rates": {
            "cut_before": 0.01, "cut_after": 0.02, "half_json": 0.01, "html": 0.01, "500": 0.03,
            "error:-32": 0.005, "error:-200": 0.005, "delay": 0.005}})");
        co_await post("/api/faults", faults);
        auto fill = [this](app::transaction& store) { put_messages(store); };
        co_await store_->writer().commit(std::move(fill));
        sender_->wake();
        const json refuse{{"kind", "refuse"}, {"delay_ms", 200}};
        co_await post("/api/faults", refuse);
        for (int i = 0; i < 1000 && open_rows() > 0; ++i)
            co_await sleep_for(20ms);
        const json none{{"kind", "none"}};
        co_await post("/api/faults", none);
        co_await collect();
        sender_->stop();
        simulator_->stop();
        bot_->stop(100ms);
    }

    // Every citizen looks at the chat.
    asio::awaitable<void> collect()
    {
        for (const auto& id : ids_) {
            const auto answer = co_await control_->get("/api/citizens/" + id + "/messages", {});
            const auto chat = json::parse(answer.body, nullptr, false);
            for (const auto& one : chat["messages"])
                if (one["from"] == "oa")
                    chats_[id].push_back(one["text"].get<std::string>());
        }
        const auto listed = co_await control_->get("/api/messages", {});
        const auto calls = json::parse(listed.body, nullptr, false);
        last_path_ = calls["messages"].back()["path"].get<std::string>();
    }

    void put_messages(app::transaction& store)
    {
        for (std::size_t i = 0; i < messages; ++i) {
            dialogue::outgoing_message message;
            message.text = text_of(i / citizens);
            if (i % 2 == 0)
                message.buttons = {{"Lệ phí", dialogue::button_kind::query, "#phi"}};
            store.add_outgoing(ids_[i % citizens], message, now());
        }
    }
    static std::string text_of(std::size_t number)
    {
        return words + " " + telephone + " " + std::to_string(number) + "\n1. Lệ phí";
    }

    std::int64_t count(const std::string& condition) const
    {
        SQLite::Database db(folder_.file().string(), SQLite::OPEN_READONLY, 5000);
        SQLite::Statement query(db, "SELECT count(*) FROM outbox WHERE " + condition);
        query.executeStep();
        return query.getColumn(0).getInt64();
    }
    std::int64_t open_rows() const
    {
        return count("state IN ('pending', 'sending', 'retry', 'unknown', 'waiting')");
    }

    // Runs everything to its end; false if it does not come to one.
    bool run()
    {
        task_group tasks(io_.get_executor());
        tasks.spawn("bot", bot_->run());
        tasks.spawn("simulator", simulator_->run());
        tasks.spawn("sender", sender_->run());
        tasks.spawn("play", play());
        auto end = asio::co_spawn(io_, tasks.join(60s), asio::use_future);
        while (end.wait_for(0s) != std::future_status::ready)
            io_.run_one();
        return end.get();
    }

    asio::io_context io_{1};
    sqlite::temporary_folder folder_;
    std::mt19937_64 random_{5};
    std::unique_ptr<sqlite::database> store_;
    std::unique_ptr<http::server> bot_;
    std::unique_ptr<simulator::simulator> simulator_;
    std::unique_ptr<zalo::http_client> control_;
    std::unique_ptr<zalo::client> client_;
    std::unique_ptr<app::outbox_sender> sender_;
    std::vector<std::string> ids_;
    std::map<std::string, std::vector<std::string>> chats_;
    std::string last_path_;
};

TEST_P(Sending, EveryMessageArrivesOnceInOrderAndNothingPersonalIsLogged)
{
    testing::internal::CaptureStderr();
    const bool ended = run();
    const auto logged = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(ended);
    EXPECT_EQ(open_rows(), 0);
    EXPECT_EQ(count("state = 'dead' AND reason = ''"), 0);
    EXPECT_EQ(count("state = 'dead'"), 0) << "no fault of this run kills a message";
    std::vector<std::string> want;
    for (std::size_t i = 0; i < messages / citizens; ++i)
        want.push_back(text_of(i));
    for (const auto& id : ids_)
        EXPECT_EQ(chats_[id], want) << id;
    EXPECT_EQ(last_path_, GetParam().path);

    EXPECT_NE(logged.find("message not sent"), std::string::npos) << "there is a log";
    for (const auto& canary : {token, secret, telephone, words})
        EXPECT_EQ(logged.find(canary), std::string::npos) << canary;
}

INSTANTIATE_TEST_SUITE_P(
    Accounts,
    Sending,
    testing::Values(
        run_options{
            "StateAgency",
            simulator::oa_type::state_agency,
            simulator::oa_package::advanced,
            "/v2.0/oa/message"},
        run_options{
            "EnterpriseWithALowPackageAndNoEchoes",
            simulator::oa_type::enterprise,
            simulator::oa_package::basic,
            "/v3.0/oa/message/cs",
            false}),
    [](const auto& one) { return one.param.name; });

} // namespace
} // namespace motcua
