#include "child_process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <load/ledger.hpp>
#include <load/load.hpp>
#include <load/slow_clients.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <thread>

// The real program under more than it can take: docs/performance.md. MOTCUA_LONG_RUNS=1 makes it
// longer and harder.
namespace motcua {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

const std::string secret = "oa-secret-of-the-test";

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

bool is_long()
{
    return std::getenv("MOTCUA_LONG_RUNS") != nullptr; // NOLINT(concurrency-mt-unsafe)
}

std::string read_file(const fs::path& file)
{
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// Value of a sample in Prometheus text by its name and labels as printed; empty if it is not there.
std::optional<double> sample(const std::string& text, const std::string& name)
{
    const auto found = text.find("\n" + name + " ");
    if (found == std::string::npos)
        return std::nullopt;
    return std::stod(text.substr(found + name.size() + 2));
}

class Load : public testing::Test
{
protected:
    void SetUp() override
    {
        load::raise_descriptor_limit();
        folder_ = fs::path(testing::TempDir()) / ("load-" + std::to_string(::getpid()));
        fs::create_directories(folder_ / "storage");
        for (const auto& entry : fs::directory_iterator(MOTCUA_TEST_CACHE))
            if (entry.path().extension() == ".bin")
                fs::copy(entry.path(), folder_ / "storage");
    }
    void TearDown() override
    {
        server_.reset();
        if (HasFailure())
            std::cerr << read_file(folder_ / "errors");
        fs::remove_all(folder_);
    }

    void start_server(const std::vector<std::string>& settings = {})
    {
        std::vector<std::string> command{MOTCUA_PROGRAM, "serve", "--demo"};
        auto all = settings;
        all.push_back("storage.directory=" + (folder_ / "storage").string());
        all.push_back("content.intents=" + (fs::path(MOTCUA_SOURCE_DIR) / "intents").string());
        all.push_back("content.data=" + (fs::path(MOTCUA_SOURCE_DIR) / "data").string());
        all.emplace_back("zalo.api_base=http://127.0.0.1:9"); // nobody: the outbox keeps it all
        all.emplace_back("public.port=0");
        all.emplace_back("staff.port=0");
        all.emplace_back("log_level=error");
        for (const auto& pair : all) {
            command.emplace_back("--set");
            command.push_back(pair);
        }
        server_ = std::make_unique<child_process>(
            command,
            std::map<std::string, std::string>{{"MOTCUA_OA_SECRET_KEY", secret}},
            folder_ / "errors");
        server_url_ = server_->line_after("listening public ");
        staff_url_ = server_->line_after("listening staff ");
    }

    load::options towards_server() const
    {
        load::options how;
        how.port =
            static_cast<std::uint16_t>(std::stoi(server_url_.substr(server_url_.rfind(':') + 1)));
        how.as.secret = secret;
        return how;
    }

    zalo::http_answer
    get(const std::string& base, const std::string& path, zalo::http_fields fields = {})
    {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = base});
        auto future = asio::co_spawn(io_, client->get(path, std::move(fields)), asio::use_future);
        io_.restart();
        io_.run();
        return future.get();
    }
    std::string metrics() { return get(staff_url_, "/metrics").body; }

    // What was acknowledged is stored, once.
    void expect_nothing_lost(const fs::path& ledger)
    {
        const auto seen = load::compare(ledger, folder_ / "storage/motcua.db");
        EXPECT_GT(seen.acknowledged, 0U);
        EXPECT_EQ(seen.missing, 0U);
        EXPECT_EQ(seen.doubled, 0U);
    }

    asio::io_context io_{1};
    fs::path folder_;
    std::unique_ptr<child_process> server_;
    std::string server_url_;
    std::string staff_url_;
};

TEST_F(Load, MetricsCountWhatHappened)
{
    start_server();
    auto how = towards_server();
    how.shares = load::parse_mix("text=40,receipt=30,duplicate=10,forged=10,media=10");
    how.connections = 8;
    how.events = 200;
    how.ledger = folder_ / "ledger";
    const auto out = load::run(how);
    EXPECT_EQ(out.unfinished, 0U);
    EXPECT_EQ(out.forged_accepted, 0U);
    EXPECT_EQ(out.acknowledged + out.by_status.at(401), 200U);
    expect_nothing_lost(how.ledger);

    const auto text = metrics();
    const auto events = [&text](const std::string& result) {
        return sample(text, "motcua_webhook_events_total{result=\"" + result + "\"}").value_or(-1);
    };
    EXPECT_EQ(events("stored") + events("duplicate"), static_cast<double>(out.acknowledged));
    EXPECT_EQ(events("bad_signature"), static_cast<double>(out.by_status.at(401)));
    EXPECT_GT(events("duplicate"), 0);
    EXPECT_EQ(
        sample(text, "motcua_webhook_acknowledgement_seconds_count"),
        static_cast<double>(out.acknowledged));
    EXPECT_GT(sample(text, "motcua_understanding_seconds_count").value_or(0), 0);
    EXPECT_GT(sample(text, "motcua_contacts_total{outcome=\"answered\"}").value_or(0), 0);
    EXPECT_GT(sample(text, "motcua_writer_commit_seconds_count").value_or(0), 0);
    EXPECT_GT(sample(text, "motcua_database_bytes").value_or(0), 0);
    EXPECT_GT(sample(text, "motcua_token_expiry_time_seconds").value_or(-1), -1);
    EXPECT_EQ(sample(text, "motcua_ready"), 1);
    EXPECT_EQ(sample(text, "motcua_http_connections{listener=\"staff\"}"), 1);
    // Nobody is named: no id of a citizen, no message.
    EXPECT_EQ(text.find("6100000000"), std::string::npos);
    EXPECT_EQ(get(server_url_, "/metrics").status, 404U);
    EXPECT_EQ(get(staff_url_, "/metrics", {{"X-Forwarded-For", "10.1.2.3"}}).status, 404U);
    EXPECT_EQ(server_->stop(), 0);
}

TEST_F(Load, MetricsAskForTheTokenIfThereIsOne)
{
    std::ofstream(folder_ / "token") << "a-long-token\n";
    start_server({"metrics.token_file=" + (folder_ / "token").string()});
    EXPECT_EQ(get(staff_url_, "/metrics").status, 401U);
    EXPECT_EQ(get(staff_url_, "/metrics", {{"Authorization", "Bearer a-long-tokem"}}).status, 401U);
    EXPECT_EQ(get(staff_url_, "/metrics", {{"Authorization", "Bearer a-long-token"}}).status, 200U);
}

// Names of metrics in a PromQL expression: words that begin like ours.
std::set<std::string> names_in(const std::string& expression)
{
    std::set<std::string> found;
    std::string word;
    for (const char letter : expression + " ") {
        if (std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_') {
            word += letter;
            continue;
        }
        if (word.starts_with("motcua_") || word.starts_with("process_"))
            found.insert(word);
        word.clear();
    }
    return found;
}

TEST_F(Load, TheDashboardAsksForWhatThereIs)
{
    start_server();
    const auto text = metrics();
    const auto board = nlohmann::json::parse(
        read_file(fs::path(MOTCUA_SOURCE_DIR) / "data/grafana-dashboard.json"));
    std::set<std::string> asked;
    for (const auto& panel : board.at("panels")) {
        if (panel.at("type") == "row")
            continue;
        for (const auto& target : panel.at("targets"))
            asked.merge(names_in(target.at("expr").get<std::string>()));
    }
    EXPECT_GT(asked.size(), 20U);
    for (const auto& name : asked) {
        auto family = name;
        for (const std::string suffix : {"_bucket", "_sum", "_count"})
            if (family.ends_with(suffix))
                family.resize(family.size() - suffix.size());
        EXPECT_NE(text.find("# TYPE " + family + " "), std::string::npos) << name;
    }
}

// More at once than may be under way: what is refused says when to come again and is taken then,
// what is acknowledged is stored, and all is well afterwards.
TEST_F(Load, OverloadIsRefusedAndTakenOnRetry)
{
    start_server();
    const fs::path ledger = folder_ / "ledger";
    auto how = towards_server();
    how.shares = load::parse_mix("text=90,duplicate=5,forged=5");
    how.connections = 1800;
    how.source_addresses = 20;
    how.events = is_long() ? 60'000 : 4000;
    how.retry_after = 200ms;
    how.duration = is_long() ? 600s : 60s;
    how.drain = 120s;
    how.ledger = ledger;
    auto running = std::async(std::launch::async, [&how] { return load::run(how); });
    bool said_not_ready = false;
    bool figures_told = false;
    while (running.wait_for(20ms) != std::future_status::ready) {
        const auto ready = get(server_url_, "/readyz").status;
        said_not_ready = said_not_ready || ready == 503;
        figures_told = figures_told || sample(metrics(), "motcua_ready") == 0;
    }
    auto out = running.get();
    EXPECT_GT(out.by_status[503], 0U);
    EXPECT_EQ(out.without_retry_after, 0U);
    EXPECT_EQ(out.unfinished, 0U);
    EXPECT_EQ(out.forged_accepted, 0U);
    EXPECT_EQ(out.acknowledged + out.by_status[401], out.made);
    EXPECT_TRUE(said_not_ready);
    EXPECT_TRUE(figures_told);
    expect_nothing_lost(ledger);

    // By itself again.
    for (int i = 0; i < 100 && get(server_url_, "/readyz").status != 200; ++i)
        std::this_thread::sleep_for(100ms);
    EXPECT_EQ(get(server_url_, "/readyz").status, 200U);
    auto calm = towards_server();
    calm.connections = 4;
    calm.events = 50;
    const auto after = load::run(calm);
    EXPECT_EQ(after.acknowledged, 50U);
    const auto text = metrics();
    EXPECT_EQ(
        sample(text, "motcua_webhook_events_total{result=\"refused_overload\"}"),
        static_cast<double>(out.by_status.at(503)));
    if (!is_sanitized) { // shadow and quarantine are several times what is watched
        constexpr double bound = 400.0 * 1024 * 1024;
        EXPECT_LT(sample(text, "process_resident_memory_bytes").value_or(bound), bound);
    }
    EXPECT_EQ(server_->stop(), 0);
}

// One citizen says more than a person can: all of it is stored, others are answered as ever.
TEST_F(Load, OneCitizenDoesNotCrowdOutTheOthers)
{
    start_server();
    const auto events = [this](const std::string& result) {
        return sample(metrics(), "motcua_webhook_events_total{result=\"" + result + "\"}")
            .value_or(0);
    };
    auto repeated = towards_server();
    repeated.citizens = 1;
    repeated.connections = 4;
    repeated.events = 200;
    repeated.shares = load::parse_mix("text=10,duplicate=90");
    EXPECT_EQ(load::run(repeated).acknowledged, 200U);
    EXPECT_EQ(events("unheard"), 0) << "what the platform sends again is no new word";
    const auto before = events("stored");
    const auto understood = [this] {
        return sample(metrics(), "motcua_understanding_seconds_count").value_or(0);
    };
    const auto understood_before = understood();

    auto flood = towards_server();
    flood.citizens = 1;
    flood.connections = 4;
    flood.events = 200;
    flood.ledger = folder_ / "ledger";
    EXPECT_EQ(load::run(flood).acknowledged, 200U);
    expect_nothing_lost(flood.ledger);
    const auto unheard = events("unheard");
    const auto answered = events("stored");
    EXPECT_GE(answered, 60);
    EXPECT_GE(unheard, 100);
    EXPECT_EQ(answered - before + unheard, 200);
    EXPECT_LE(understood() - understood_before, answered - before);

    auto others = towards_server();
    others.citizens = 1000;
    others.seed = 2;
    others.connections = 4;
    others.events = 100;
    EXPECT_EQ(load::run(others).acknowledged, 100U);
    EXPECT_EQ(events("unheard"), unheard);
}

TEST_F(Load, AnInventedLinkTakesNoTurnOfTheWriter)
{
    start_server();
    const auto commits = [this] {
        return sample(metrics(), "motcua_writer_commit_seconds_count").value_or(0);
    };
    const auto before = commits();
    constexpr int asked = 100;
    for (int i = 0; i < asked; ++i)
        EXPECT_EQ(get(server_url_, "/d/deadbeef" + std::to_string(i)).status, 404U);
    EXPECT_LT(
        commits(), before + static_cast<double>(asked) / 2); // timers and the like write meanwhile
}

TEST_F(Load, SlowClientsDoNotKeepOthersWaiting)
{
    start_server();
    auto how = towards_server();
    const auto descriptors = [this] { return sample(metrics(), "process_open_fds").value_or(0); };
    const auto before = descriptors();
    {
        load::slow_options crowd;
        crowd.port = how.port;
        crowd.sockets = is_long() ? 4000 : 2500; // more than there is room for
        const load::slow_clients slow(crowd);
        for (int i = 0; i < 300 && slow.figures().ended == 0; ++i)
            std::this_thread::sleep_for(100ms); // until the server had to make room
        EXPECT_GT(slow.figures().ended, 0U);
        how.shares = load::parse_mix("text=50,receipt=50");
        how.connections = 32;
        how.rate = 50;
        how.duration = is_long() ? 60s : 3s;
        const auto out = load::run(how);
        EXPECT_EQ(out.by_status.at(200), out.made);
        EXPECT_EQ(out.cut, 0U);
        EXPECT_EQ(out.unfinished, 0U);
        if (is_long()) { // a busy machine is no failure
            EXPECT_LE(out.took.at(0.99), 250ms);
        }
        RecordProperty("p99_us", static_cast<int>(out.took.at(0.99).count()));
        const auto text = metrics();
        const auto cut = [&text](std::string_view how_it_ended) {
            const auto name = fmt::format(
                R"(motcua_http_connections_total{{listener="public",result="{}"}})", how_it_ended);
            return sample(text, name).value_or(0);
        };
        // So slow, sanitized, that deadlines may cut them before there is no room.
        EXPECT_GT(cut("evicted") + (is_sanitized ? cut("overdue") : 0), 0);
    }
    for (int i = 0; i < 300 && descriptors() > before + 4; ++i)
        std::this_thread::sleep_for(100ms);
    EXPECT_LE(descriptors(), before + 4); // all given back
    EXPECT_EQ(server_->stop(), 0);
}

} // namespace
} // namespace motcua
