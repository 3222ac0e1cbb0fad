#include "child_process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/simulator/play.hpp>
#include <motcua/support/task_group.hpp>
#include <motcua/support/within.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>

// The real program with a real database and the real simulator, each a process of its own.
namespace motcua {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using nlohmann::json;

const fs::path source_folder = MOTCUA_SOURCE_DIR;
const fs::path samples = fs::path(MOTCUA_SHARED_DIR) / "zalo-events";
const std::string secret = "oa-secret-of-the-test";

std::string read_file(const fs::path& file)
{
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

class Server : public testing::Test
{
protected:
    void SetUp() override
    {
        folder_ = fs::path(testing::TempDir()) / ("server-" + std::to_string(::getpid()));
        fs::create_directories(folder_);
        // One trained model serves all tests.
        fs::create_directories(folder_ / "storage");
        for (const auto& entry : fs::directory_iterator(MOTCUA_TEST_CACHE))
            if (entry.path().extension() == ".bin")
                fs::copy(entry.path(), folder_ / "storage");
    }
    void TearDown() override
    {
        server_.reset();
        simulator_.reset();
        if (HasFailure())
            std::cerr << read_file(folder_ / "errors");
        fs::remove_all(folder_);
    }

    std::map<std::string, std::string> environment() const
    {
        return {{"MOTCUA_OA_SECRET_KEY", secret}};
    }

    void start_simulator(const std::string& server_url)
    {
        const std::vector<std::string> command{
            MOTCUA_SIMULATOR, "--server", server_url, "--retry-scale", "0.01"};
        simulator_ = std::make_unique<child_process>(command, environment(), folder_ / "errors");
        simulator_url_ = simulator_->line_after("listening simulator ");
    }

    void start_server(const std::vector<std::string>& settings)
    {
        std::vector<std::string> command{MOTCUA_PROGRAM, "serve", "--demo"};
        auto all = settings;
        all.push_back("storage.directory=" + (folder_ / "storage").string());
        all.push_back("content.intents=" + (source_folder / "intents").string());
        all.push_back("content.data=" + (source_folder / "data").string());
        all.emplace_back("staff.port=0");
        for (const auto& pair : all) {
            command.emplace_back("--set");
            command.push_back(pair);
        }
        server_ = std::make_unique<child_process>(command, environment(), folder_ / "errors");
        server_url_ = server_->line_after("listening public ");
        staff_url_ = server_->line_after("listening staff ");
    }

    // The simulator must know the server's port and the server the simulator's: the server goes
    // first to get a free port.
    void start_both()
    {
        start_server({"public.port=0"});
        start_simulator(server_url_);
        restart_server();
    }

    void restart_server()
    {
        const auto port = server_url_.substr(server_url_.rfind(':') + 1);
        if (server_)
            server_.reset();
        start_server(
            {"public.port=" + port, "zalo.api_base=" + simulator_url_, "outbox.settle_seconds=2"});
    }

    template <class T>
    T run(asio::awaitable<T> operation)
    {
        auto future = asio::co_spawn(io_, std::move(operation), asio::use_future);
        io_.restart();
        io_.run();
        return future.get();
    }

    zalo::http_answer post(const std::string& path, zalo::http_fields fields, std::string body)
    {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = server_url_});
        return run(client->post(path, std::move(fields), std::move(body)));
    }
    zalo::http_answer get(const std::string& base, const std::string& path)
    {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = base});
        return run(client->get(path, {}));
    }

    std::int64_t stored_events() const
    {
        return sqlite::open_reader(folder_ / "storage/motcua.db")->count("events");
    }

    asio::io_context io_{1};
    fs::path folder_;
    std::unique_ptr<child_process> simulator_;
    std::unique_ptr<child_process> server_;
    std::string simulator_url_;
    std::string server_url_;
    std::string staff_url_;
};

TEST_F(Server, AnswersHealthAndStopsCleanly)
{
    start_server({"public.port=0", "zalo.verifier_token=abc123"});
    EXPECT_EQ(get(server_url_, "/healthz").status, 200U);
    EXPECT_EQ(get(server_url_, "/readyz").status, 200U);
    EXPECT_NE(get(server_url_, "/").body.find("abc123"), std::string::npos);
    EXPECT_EQ(get(server_url_, "/zalo_verifierabc123.html").status, 200U);
    EXPECT_EQ(get(server_url_, "/nothing").status, 404U);
    EXPECT_EQ(get(staff_url_, "/healthz").status, 200U);
    const auto status = json::parse(get(staff_url_, "/api/v1/status").body);
    EXPECT_TRUE(status.at("ready").get<bool>());
    EXPECT_EQ(server_->stop(), 0);
}

TEST_F(Server, HoldsEveryConversationThroughWebhookAndMessages)
{
    start_both();
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(source_folder / "tests/conversations"))
        files.push_back(entry.path().string());
    std::ranges::sort(files);
    for (const auto& file : files) {
        const auto script = simulator::read_conversation(file);
        const auto played = run(simulator::play_conversation(simulator_url_, script));
        for (const auto& complaint : played.complaints)
            ADD_FAILURE() << complaint;
    }
    EXPECT_EQ(server_->stop(), 0);
}

TEST_F(Server, EverySampleIsStoredOnceEvenWhenPostedThreeTimes)
{
    if (!fs::exists(samples))
        GTEST_SKIP() << "no samples here";
    start_server(
        {"public.port=0", "zalo.app_id=4120983375560182734", "zalo.oa_id=2875140966023817451"});
    std::int64_t expected = 0;
    for (const auto& entry : fs::directory_iterator(samples)) {
        if (entry.path().extension() != ".json")
            continue;
        const auto body = read_file(entry.path());
        if (body == "{}") {
            EXPECT_EQ(post("/webhook/zalo", {}, body).status, 200U);
            EXPECT_EQ(stored_events(), expected);
            continue;
        }
        const auto stamp = json::parse(body).at("timestamp");
        const auto digits = stamp.is_string() ? stamp.get<std::string>() : stamp.dump();
        const auto signature = zalo::sign("4120983375560182734", body, digits, secret);
        auto wrong = signature;
        wrong.back() = wrong.back() == '0' ? '1' : '0';
        EXPECT_EQ(post("/webhook/zalo", {{"X-ZEvent-Signature", wrong}}, body).status, 401U);
        EXPECT_EQ(post("/webhook/zalo", {}, body).status, 401U);
        EXPECT_EQ(stored_events(), expected) << entry.path();
        ++expected;
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(
                post("/webhook/zalo", {{"X-ZEvent-Signature", signature}}, body).status, 200U);
            EXPECT_EQ(stored_events(), expected) << entry.path();
        }
    }
    EXPECT_EQ(expected, 59);
    const auto status = json::parse(get(staff_url_, "/api/v1/status").body);
    EXPECT_EQ(status.at("deliveries").at("bad_signatures").get<int>(), 2 * 59);
}

// A stream of events posted as the platform would: each again until it is answered 200.
class event_stream
{
public:
    event_stream(
        asio::any_io_executor executor,
        const std::string& server_url,
        std::vector<std::string> citizens)
        : client_(zalo::make_http_client(executor, {.base = server_url})),
          citizens_(std::move(citizens)), acknowledged_(count, false), posters_(executor)
    {
    }

    static constexpr std::size_t count = 2000;
    static constexpr std::size_t parallel = 32;

    // Posts until `until` events in all are acknowledged; calls `then` at that moment, others being
    // under way.
    asio::awaitable<void> post_until(std::size_t until, std::function<void()> then = {})
    {
        target_ = until;
        at_target_ = std::move(then);
        for (std::size_t i = 0; i < parallel; ++i)
            posters_.spawn("poster", post_some(i));
        co_await posters_.join();
    }

    static std::string code(std::size_t number)
    {
        auto digits = std::to_string(number);
        return "9." + std::string(6 - digits.size(), '0') + digits;
    }

    std::size_t acknowledged() const
    {
        return static_cast<std::size_t>(std::ranges::count(acknowledged_, true));
    }

private:
    asio::awaitable<void> post_some(std::size_t first)
    {
        for (std::size_t i = first; i < count && done_ < target_; i += parallel) {
            if (acknowledged_[i])
                continue;
            const auto body = body_of(i);
            zalo::http_fields fields{
                {"X-ZEvent-Signature",
                 zalo::sign("4120000000000000001", body, timestamp_, secret)}};
            const auto answer = co_await client_->post("/webhook/zalo", std::move(fields), body);
            if (answer.end == zalo::http_answer::kind::answered && answer.status == 200) {
                acknowledged_[i] = true;
                if (++done_ == target_ && at_target_)
                    at_target_();
            }
        }
    }

    // Each event asks for a code of its own, so that each answer can be told from the others.
    std::string body_of(std::size_t i) const
    {
        const auto& citizen = citizens_[i % citizens_.size()];
        return json{
            {"app_id", "4120000000000000001"},
            {"sender", {{"id", citizen}}},
            {"recipient", {{"id", "2870000000000000001"}}},
            {"event_name", "user_send_text"},
            {"message",
             {{"text", "#procedure:" + code(i)}, {"msg_id", "event-" + std::to_string(i)}}},
            {"timestamp", timestamp_}}
            .dump();
    }

    std::unique_ptr<zalo::http_client> client_;
    std::vector<std::string> citizens_;
    std::vector<bool> acknowledged_;
    std::size_t done_ = 0;
    std::size_t target_ = 0;
    std::function<void()> at_target_;
    std::string timestamp_ = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                std::chrono::system_clock::now().time_since_epoch())
                                                .count());
    task_group posters_;
};

TEST_F(Server, AKillDuringAStreamLosesNoAcknowledgedEventAndAnswersEachOnce)
{
    start_both();
    std::vector<std::string> citizens;
    const auto simulator = zalo::make_http_client(io_.get_executor(), {.base = simulator_url_});
    for (int i = 0; i < 100; ++i) {
        const auto made = run(simulator->post("/api/citizens", {}, "{}"));
        citizens.push_back(json::parse(made.body).at("id").get<std::string>());
    }
    // Only who wrote to the OA may be answered.
    for (const auto& citizen : citizens)
        run(simulator->post("/api/citizens/" + citizen + "/follow", {}, "{}"));

    event_stream events(io_.get_executor(), server_url_, citizens);
    constexpr std::size_t kills = 3;
    for (std::size_t i = 1; i <= kills; ++i) {
        // Killed as soon as so many are acknowledged, with the other posters' events under way.
        run(events.post_until(
            i * event_stream::count / (kills + 1), [this] { server_->kill_at_once(); }));
        const auto before = events.acknowledged();
        ASSERT_GE(stored_events(), static_cast<std::int64_t>(before));
        restart_server();
    }
    for (int round = 0; round < 20 && events.acknowledged() < event_stream::count; ++round)
        run(events.post_until(event_stream::count));
    ASSERT_EQ(events.acknowledged(), event_stream::count);

    // Every answer once, those too that a kill caught on the way to the platform.
    std::map<std::string, int> answers;
    for (int i = 0; i < 600; ++i) {
        answers.clear();
        for (const auto& citizen : citizens) {
            const auto listed = run(simulator->get("/api/messages?citizen=" + citizen, {}));
            const auto sent = json::parse(listed.body);
            for (const auto& one : sent.at("messages")) {
                const auto text = one.at("message").at("text").get<std::string>();
                const auto code = text.find(" 9.");
                if (code != std::string::npos)
                    ++answers[text.substr(code + 1, 8)];
            }
        }
        if (answers.size() >= event_stream::count && i > 0)
            break;
        run(sleep_for(std::chrono::milliseconds(100)));
    }
    for (const auto& [code, times] : answers)
        EXPECT_EQ(times, 1) << code;
    EXPECT_EQ(answers.size(), event_stream::count);
    EXPECT_EQ(server_->stop(), 0);
}

} // namespace
} // namespace motcua
