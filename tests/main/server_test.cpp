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
        auto all = extra_environment_;
        all["MOTCUA_OA_SECRET_KEY"] = secret;
        return all;
    }

    void start_simulator(const std::string& server_url)
    {
        std::vector<std::string> command{
            MOTCUA_SIMULATOR, "--server", server_url, "--retry-scale", "0.01"};
        command.insert(command.end(), simulator_arguments_.begin(), simulator_arguments_.end());
        simulator_ = std::make_unique<child_process>(command, environment(), folder_ / "errors");
        simulator_url_ = simulator_->line_after("listening simulator ");
    }

    void start_server(const std::vector<std::string>& settings)
    {
        std::vector<std::string> command{MOTCUA_PROGRAM, "serve", "--demo"};
        auto all = settings;
        all.insert(all.end(), extra_settings_.begin(), extra_settings_.end());
        all.push_back("storage.directory=" + storage());
        all.push_back("content.intents=" + intents_.string());
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

    std::string storage() const { return (folder_ / "storage").string(); }
    std::int64_t stored_events() const
    {
        return sqlite::open_reader(folder_ / "storage/motcua.db")->count("events");
    }

    // What the server has logged so often; waits for it, at most 60 s.
    void expect_logged(const std::string& event, std::size_t times)
    {
        const auto count = [&] {
            const auto log = read_file(folder_ / "errors");
            std::size_t found = 0;
            for (auto at = log.find(event); at != std::string::npos; at = log.find(event, at + 1))
                ++found;
            return found;
        };
        for (int i = 0; i < 600 && count() < times; ++i)
            run(sleep_for(std::chrono::milliseconds(100)));
        EXPECT_GE(count(), times) << event;
    }

    // Holds a conversation of one turn with a new citizen.
    void expect_said(const std::string& citizen_says, const std::string& answer_holds)
    {
        const auto file = folder_ / "script.txt";
        std::ofstream(file) << "Tên: Một lượt\nDân: " << citizen_says
                            << "\nMáy nhắc: " << answer_holds << '\n';
        const auto script = simulator::read_conversation(file);
        const auto played = run(simulator::play_conversation(simulator_url_, script));
        for (const auto& complaint : played.complaints)
            ADD_FAILURE() << complaint << '\n' << played.transcript;
    }

    asio::io_context io_{1};
    fs::path folder_;
    fs::path intents_ = source_folder / "intents";
    std::vector<std::string> extra_settings_;
    std::vector<std::string> simulator_arguments_;
    std::map<std::string, std::string> extra_environment_;
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

TEST_F(Server, TakesGoodContentOnHangUpAndKeepsTheOldInsteadOfBad)
{
    intents_ = folder_ / "intents";
    fs::copy(source_folder / "intents", intents_, fs::copy_options::recursive);
    const auto phrases = intents_ / "say/phrases.yml";
    start_both();
    expect_said("menu", "Anh/chị cần hỗ trợ việc gì?");

    auto text = read_file(phrases);
    const std::string before = "Anh/chị cần hỗ trợ việc gì?";
    text.replace(text.find(before), before.size(), "Hôm nay anh/chị cần việc gì?");
    std::ofstream(phrases) << text;
    expect_said("menu", before);
    server_->send_signal(SIGHUP);
    expect_logged("content reloaded", 1);
    expect_said("menu", "Hôm nay anh/chị cần việc gì?");

    std::ofstream(phrases) << text << "  menu: [\n";
    server_->send_signal(SIGHUP);
    expect_logged("content not reloaded", 1);
    expect_logged("phrases.yml:", 1);
    expect_said("menu", "Hôm nay anh/chị cần việc gì?");

    std::ofstream(phrases) << read_file(source_folder / "intents/say/phrases.yml");
    server_->send_signal(SIGHUP);
    expect_logged("content reloaded", 2);
    expect_said("menu", before);
    EXPECT_EQ(server_->stop(), 0);
}

TEST_F(Server, TakesProceduresImportedMeanwhileOnHangUp)
{
    start_both();
    const auto file = folder_ / "more.jsonl";
    std::ofstream(file) << R"({"code":"9.123456","name":"Thủ tục nạp khi đang chạy",)"
                        << R"("level":"commune","documents":[],"updated_at":"2026-07-01"})" << '\n';
    child_process import(
        {MOTCUA_PROGRAM,
         "import",
         "procedures",
         "--demo",
         "--set",
         "storage.directory=" + (folder_ / "storage").string(),
         file.string()},
        {},
        folder_ / "errors");
    EXPECT_NE(import.line_after("1 records handed over").find("SIGHUP"), std::string::npos);
    EXPECT_EQ(import.wait(), 0);
    expect_said("9.123456", "chưa tìm thấy thủ tục");
    server_->send_signal(SIGHUP);
    expect_logged("content reloaded", 1);
    expect_said("9.123456", "Nạp khi đang chạy");
    EXPECT_TRUE(fs::is_empty(folder_ / "storage/import"));
    restart_server();
    expect_said("9.123456", "Nạp khi đang chạy");
    EXPECT_EQ(server_->stop(), 0);
}

// --- people, files, erasure

class Citizens : public Server
{
protected:
    json ask_simulator(const std::string& path)
    {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = simulator_url_});
        return json::parse(run(client->get(path, {})).body);
    }
    json tell_simulator(const std::string& path, const json& body)
    {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = simulator_url_});
        return json::parse(run(client->post(path, {}, body.dump())).body);
    }
    std::string new_citizen()
    {
        return tell_simulator("/api/citizens", {{"name", "Thử"}}).at("id").get<std::string>();
    }
    void act(const std::string& citizen, const std::string& what, const json& body)
    {
        const auto end = tell_simulator("/api/citizens/" + citizen + "/" + what, body);
        EXPECT_EQ(end.value("status", 0), 200) << end;
    }
    std::string host_file(const std::string& type, const std::string& bytes)
    {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = simulator_url_});
        zalo::http_fields fields{{"Content-Type", type}};
        const auto stored = run(client->post("/api/files", std::move(fields), bytes));
        return json::parse(stored.body).at("url").get<std::string>();
    }
    // Signed as the platform does, with no simulator.
    void post_text(const std::string& citizen, const std::string& text)
    {
        const auto at = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                                           std::chrono::system_clock::now().time_since_epoch())
                                           .count());
        const auto body = json{
            {"app_id", "4120000000000000001"},
            {"sender", {{"id", citizen}}},
            {"recipient", {{"id", "2870000000000000001"}}},
            {"event_name", "user_send_text"},
            {"message", {{"text", text}, {"msg_id", "posted-" + at}}},
            {"timestamp", at}}.dump();
        const auto signature = zalo::sign("4120000000000000001", body, at, secret);
        EXPECT_EQ(post("/webhook/zalo", {{"X-ZEvent-Signature", signature}}, body).status, 200U);
    }
    json status() { return json::parse(get(staff_url_, "/api/v1/status").body); }
    bool until(const std::function<bool()>& reached)
    {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!reached() && std::chrono::steady_clock::now() < give_up)
            run(sleep_for(std::chrono::milliseconds(20)));
        return reached();
    }
    // What the OA has said, fetched as the phone does, which sends the receipts.
    bool has_said(const std::string& citizen, const std::string& words)
    {
        const auto view = ask_simulator("/api/citizens/" + citizen + "/messages?after=0");
        for (const auto& one : view.at("messages"))
            if (one.value("from", "") == "oa" &&
                one.value("text", "").find(words) != std::string::npos)
                return true;
        return false;
    }
    // Which of the words stand in which file below the folder, or in the log.
    std::vector<std::string> found_on_disk(const std::vector<std::string>& words) const
    {
        std::vector<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
            if (!entry.is_regular_file() || entry.path().extension() == ".bin")
                continue;
            const auto bytes = read_file(entry.path());
            for (const auto& one : words)
                if (bytes.find(one) != std::string::npos)
                    found.push_back(entry.path().filename().string() + ": " + one);
        }
        return found;
    }
};

TEST_F(Citizens, ErasureLeavesNothingNotEvenOfTheFarewell)
{
    extra_settings_ = {"log_level=debug"};
    start_both();
    const auto citizen = new_citizen();
    const std::string words = "canh-bao-rieng-tu-4711";
    const std::string phone = "0900000123";
    const std::string content = "\xFF\xD8\xFF\xE0 ruot-anh-rieng-tu-4711";
    const auto url = host_file("image/jpeg", content);
    const std::vector<std::string> canaries{
        citizen, words, phone, "ruot-anh-rieng-tu", "ten-tep-4711"};
    act(citizen, "follow", json::object());
    act(citizen, "text", {{"text", words + " " + phone}});
    act(citizen, "image", {{"url", url + "?token=" + words}, {"text", words}});
    act(citizen, "file", {{"url", url}, {"name", "ten-tep-4711.pdf"}});
    act(citizen, "location", {{"latitude", 11.31}, {"longitude", 106.09}});
    act(citizen, "submit-info", {{"name", words}, {"phone", phone}});
    act(citizen, "text", {{"text", "gặp cán bộ"}});
    tell_simulator("/api/admin-reply", {{"citizen", citizen}, {"text", "Chào " + words}});
    ASSERT_TRUE(until([this] { return status().at("attachments").at("stored") == 3; }));
    EXPECT_GE(found_on_disk(canaries).size(), 4U) << "the search works";

    act(citizen, "text", {{"text", "xóa dữ liệu của tôi"}});
    act(citizen, "text", {{"text", "1"}});
    ASSERT_TRUE(until([&] { return has_said(citizen, "Đã xóa dữ liệu"); }));
    ASSERT_TRUE(until([&] {
        has_said(citizen, "");
        return ask_simulator("/api/deliveries").at("waiting") == 0;
    })) << "echo and receipts of the farewell have come";
    EXPECT_TRUE(until([&] { return found_on_disk(canaries).empty(); }));
    act(citizen, "unfollow", json::object());
    EXPECT_TRUE(until([&] { return found_on_disk(canaries).empty(); }));
    for (const auto& one : found_on_disk(canaries))
        ADD_FAILURE() << one;
    const auto figures = status();
    EXPECT_EQ(figures.at("erasures"), 1);
    EXPECT_EQ(figures.at("attachments").at("erased"), 3);
    EXPECT_EQ(figures.at("attachments").at("files_to_remove"), 0);
    EXPECT_EQ(server_->stop(), 0);
    EXPECT_TRUE(found_on_disk(canaries).empty());
}

TEST_F(Citizens, TheOperatorErasesOnRequest)
{
    start_both();
    const auto citizen = new_citizen();
    const auto url = host_file("application/pdf", "%PDF-1.4 ruot-tep-4711");
    act(citizen, "file", {{"url", url}, {"name", "ten-tep-4711.pdf"}});
    ASSERT_TRUE(until([this] { return status().at("attachments").at("stored") == 1; }));
    const std::vector<std::string> command{
        MOTCUA_PROGRAM, "erase", citizen, "--set", "storage.directory=" + storage()};
    {
        // The server holds the database and does it.
        const auto other = new_citizen();
        act(other, "text", {{"text", "loi-nhan-4712"}});
        auto for_other = command;
        for_other[2] = other;
        child_process asking(for_other, environment(), folder_ / "errors");
        const auto line = asking.line_after("erased; proof ");
        EXPECT_EQ(asking.wait(), 0);
        EXPECT_NE(line.find(" events"), std::string::npos) << line;
        EXPECT_TRUE(fs::is_empty(fs::path(storage()) / "erase"));
        EXPECT_EQ(status().at("erasures"), 1);
        EXPECT_TRUE(until([&] { return found_on_disk({"loi-nhan-4712"}).empty(); }));
    }
    EXPECT_EQ(server_->stop(), 0);
    child_process erasing(command, environment(), folder_ / "errors");
    const auto proof = erasing.line_after("erased; proof ");
    EXPECT_EQ(erasing.wait(), 0);
    EXPECT_NE(proof.find(" 1 attachments"), std::string::npos) << proof;
    EXPECT_TRUE(found_on_disk({citizen, "ruot-tep-4711", "ten-tep-4711"}).empty());
}

// The server was stopped, or died, before it had taken the request.
TEST_F(Citizens, AnErasureAskedForIsDoneAtTheNextStart)
{
    start_both();
    const auto citizen = new_citizen();
    act(citizen, "text", {{"text", "loi-nhan-4713"}});
    EXPECT_EQ(server_->stop(), 0);
    const auto folder = fs::path(storage()) / "erase";
    fs::create_directories(folder);
    std::ofstream(folder / "a.request") << citizen << '\n';
    std::ofstream(folder / "b.request") << "someone\n";
    restart_server();
    EXPECT_TRUE(until([&] { return fs::exists(folder / "b.proof"); }));
    EXPECT_TRUE(read_file(folder / "a.proof").starts_with("erased; proof "));
    EXPECT_NE(read_file(folder / "b.proof").find("no Zalo user id"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder / "a.request"));
    EXPECT_TRUE(until([&] { return found_on_disk({citizen, "loi-nhan-4713"}).empty(); }));
    EXPECT_EQ(server_->stop(), 0);
}

TEST_F(Citizens, TheStatusShowsWhatTheOutboxHolds)
{
    start_both();
    const auto citizen = new_citizen();
    act(citizen, "text", {{"text", "menu"}});
    ASSERT_TRUE(until([&] { return has_said(citizen, "Anh/chị cần hỗ trợ"); }));
    EXPECT_TRUE(until([&] {
        const auto states = status().at("outbox").at("states");
        return states.at("seen").get<int>() + states.at("sent").get<int>() +
                   states.at("delivered").get<int>() ==
               1;
    }));
    EXPECT_EQ(status().at("outbox").at("oldest_unsent_s"), 0);
    simulator_.reset(); // nobody answers
    post_text(citizen, "menu");
    ASSERT_TRUE(until([&] { return status().at("outbox").at("states").at("retry") == 1; }))
        << status().at("outbox");
    const auto outbox = status().at("outbox");
    ASSERT_EQ(outbox.at("reasons").size(), 1U) << outbox;
    EXPECT_EQ(outbox.at("reasons")[0].at("state"), "retry");
    EXPECT_EQ(outbox.at("reasons")[0].at("count"), 1);
    EXPECT_TRUE(until([&] { return status().at("outbox").at("oldest_unsent_s") >= 1; }));
    EXPECT_EQ(server_->stop(), 0);
}

TEST_F(Citizens, TheStatusShowsWhoWaitsAndWhatCannotBeFetched)
{
    start_both();
    const auto citizen = new_citizen();
    act(citizen, "text", {{"text", "gặp cán bộ"}});
    EXPECT_EQ(status().at("handovers").at("waiting"), 1);
    tell_simulator("/api/admin-reply", {{"citizen", citizen}, {"text", "Chào anh"}});
    EXPECT_EQ(status().at("handovers").at("waiting"), 0);
    EXPECT_EQ(status().at("handovers").at("answered_by_person"), 1);
    act(citizen, "text", {{"text", "menu"}});
    EXPECT_EQ(status().at("handovers").at("answered_by_person"), 0);

    act(citizen, "image", {{"url", simulator_url_ + "/files/999"}});
    act(citizen, "image", {{"url", "https://photos.example.org/secret-4711.jpg"}});
    ASSERT_TRUE(until([this] { return status().at("attachments").at("reasons").size() == 2; }));
    const auto figures = status().at("attachments");
    EXPECT_EQ(figures.at("wanted"), 2) << "tried again later, or after a start";
    std::string reasons;
    for (const auto& one : figures.at("reasons"))
        reasons += one.at("reason").get<std::string>() + ";";
    EXPECT_EQ(reasons, "host not allowed: photos.example.org;http 404;");
    EXPECT_EQ(read_file(folder_ / "errors").find("secret-4711"), std::string::npos);
    EXPECT_EQ(server_->stop(), 0);
}

// --- kinds of Official Account

// A server that is told who it is and nothing else: neither a demonstration nor a kind of account.
class Account : public Citizens
{
protected:
    void start_account(const std::string& port)
    {
        const auto file = folder_ / "motcua.yml";
        std::ofstream(file) << "zalo: {app_id: \"4120000000000000001\", "
                               "oa_id: \"2870000000000000001\"}\n";
        std::vector<std::string> command{MOTCUA_PROGRAM, "serve", "--config", file.string()};
        // Where this test keeps things and plays the platform.
        for (const auto& place :
             {"storage.directory=" + storage(),
              "content.intents=" + intents_.string(),
              "content.data=" + (source_folder / "data").string(),
              "zalo.api_base=" + simulator_url_,
              "zalo.oauth_base=" + simulator_url_,
              std::string("public.address=127.0.0.1"),
              "public.port=" + port,
              std::string("staff.port=0")}) {
            command.emplace_back("--set");
            command.push_back(place);
        }
        server_ = std::make_unique<child_process>(command, environment(), folder_ / "errors");
        server_url_ = server_->line_after("listening public ");
        staff_url_ = server_->line_after("listening staff ");
    }
    // By path: how many of the calls were accepted, and with which error they were refused.
    std::map<std::string, int> calls()
    {
        const auto all = ask_simulator("/api/messages");
        std::map<std::string, int> out;
        for (const auto& one : all.at("messages"))
            ++out[one.at("path").get<std::string>()];
        for (const auto& one : all.at("refused"))
            ++out[one.at("path").get<std::string>() + " " + one.at("error").dump()];
        return out;
    }
};

TEST_F(Account, ServesAStateAgencyAndAnEnterpriseWithoutBeingToldWhich)
{
    const std::string v3 = "/v3.0/oa/message/cs";
    const std::string v2 = "/v2.0/oa/message";
    simulator_arguments_ = {
        "--oa-type",
        "state_agency",
        "--refresh-token",
        "first-refresh-token",
        "--token-life",
        "90000"};
    // Nobody, until the server has a port; without a token it makes no call that its end would cut.
    simulator_url_ = "http://127.0.0.1:9";
    start_account("0");
    const auto port = server_url_.substr(server_url_.rfind(':') + 1);
    EXPECT_EQ(server_->stop(), 0);
    extra_environment_ = {
        {"MOTCUA_APP_SECRET_KEY", "app-secret"}, {"MOTCUA_REFRESH_TOKEN", "first-refresh-token"}};
    start_simulator(server_url_);
    start_account(port);
    expect_said("menu", "Anh/chị cần hỗ trợ việc gì?");
    expect_said("lệ phí đăng ký khai sinh", "khai sinh");
    auto made = calls();
    EXPECT_EQ(made[v3 + " -235"], 1) << "asked once";
    EXPECT_EQ(made[v3], 0);
    EXPECT_GE(made[v2], 2);

    EXPECT_EQ(server_->stop(), 0);
    start_account(port);
    expect_said("menu", "Anh/chị cần hỗ trợ việc gì?");
    made = calls();
    EXPECT_EQ(made[v3 + " -235"], 1) << "remembered over a restart";
    EXPECT_GE(made[v2], 3);

    tell_simulator("/api/settings", {{"oa_type", "enterprise"}});
    const auto before = made[v2];
    expect_said("menu", "Anh/chị cần hỗ trợ việc gì?");
    expect_said("lệ phí đăng ký khai sinh", "khai sinh");
    made = calls();
    EXPECT_EQ(made[v2 + " -240"], 1);
    EXPECT_EQ(made[v2], before);
    EXPECT_GE(made[v3], 2);
    for (const auto& [what, times] : made)
        EXPECT_TRUE(what == v2 || what == v3 || times == 1) << what << ": " << times;
    EXPECT_EQ(server_->stop(), 0);
}

TEST_F(Server, ListsWhatWasNotUnderstood)
{
    start_both();
    expect_said("abc xyz 0912345678", "chưa hiểu");
    expect_said("abc xyz 0987654321", "chưa hiểu");
    child_process listing(
        {MOTCUA_PROGRAM,
         "unknown",
         "--demo",
         "--include-test",
         "--set",
         "storage.directory=" + (folder_ / "storage").string(),
         "--set",
         "content.intents=" + intents_.string()},
        {},
        folder_ / "errors");
    EXPECT_NE(listing.line_after("    2  ").find("abc xyz <phone>"), std::string::npos);
    listing.line_after("2 messages in 1 groups");
    EXPECT_EQ(listing.wait(), 0);
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

// --- dossiers

class Dossiers : public Citizens
{
protected:
    // As if it had been dropped a minute ago.
    void drop(const std::string& name, const std::string& rows)
    {
        fs::create_directories(drop_folder());
        std::ofstream(drop_folder() / name)
            << "Mã hồ sơ,Tên thủ tục,Trạng thái,Ngày hẹn trả,Cơ quan giải quyết,Ghi chú cho công "
               "dân,Số điện thoại\n"
            << rows;
        fs::last_write_time(
            drop_folder() / name, fs::file_time_type::clock::now() - std::chrono::minutes(1));
    }
    fs::path drop_folder() const { return folder_ / "drop"; }
    void start_with_dossiers()
    {
        extra_settings_.emplace_back("dossiers.source=folder");
        extra_settings_.push_back("dossiers.folder=" + drop_folder().string());
        start_both();
        ASSERT_TRUE(until([this] { return status().at("dossiers").at("dossiers") == 3; }));
    }

    const std::string rows_ =
        "H15.50.05.13-261008-0975,Đăng ký khai sinh,Đang xử lý,31/12/2099,Trung tâm PVHCC phường "
        "Tân Ninh,,0912345678\n"
        "H15.50.05.13-261008-0976,Đăng ký khai sinh,Yêu cầu bổ sung giấy tờ,,,Thiếu giấy chứng "
        "sinh,0912345678\n"
        "H15.50.05.13-261008-0977,Đăng ký khai sinh,Đang xử lý,,,,\n";
};

TEST_F(Dossiers, AreToldOfInConversationsThroughTheWholeServer)
{
    drop("export.csv", rows_);
    start_with_dossiers();
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(source_folder / "tests/dossier_conversations"))
        files.push_back(entry.path().string());
    std::ranges::sort(files);
    ASSERT_GE(files.size(), 4U);
    for (const auto& file : files) {
        const auto script = simulator::read_conversation(file);
        const auto played = run(simulator::play_conversation(simulator_url_, script));
        for (const auto& complaint : played.complaints)
            ADD_FAILURE() << complaint << '\n' << played.transcript;
    }
    // A bad file changes nothing and says why.
    drop("bad.csv", "H15.50.05.13-261008-0975,Khai sinh,bay,,,,0912345678\n");
    EXPECT_TRUE(until([this] { return fs::exists(drop_folder() / "refused/bad.csv"); }));
    EXPECT_TRUE(until([this] {
        return read_file(drop_folder() / "refused/bad.csv.reason.txt").find("line 2: 'status'") !=
               std::string::npos;
    }));
    EXPECT_EQ(status().at("dossiers").at("dossiers"), 3);
    EXPECT_EQ(server_->stop(), 0);
}

// Nothing that is secret or personal stands in what the program says of itself, at any level.
TEST_F(Dossiers, NoCanaryIsInAnyLog)
{
    const std::map<std::string, std::string> secrets{
        {"MOTCUA_ACCESS_TOKEN", "canary-access-8c1"},
        {"MOTCUA_REFRESH_TOKEN", "canary-refresh-8c2"},
        {"MOTCUA_APP_SECRET_KEY", "canary-app-secret-8c3"},
        {"MOTCUA_SIGNING_KEY", "canary-signing-key-8c4-canary-signing"},
        {"MOTCUA_TOKEN_KEY", "ca4a47ca4a47ca4a47ca4a47ca4a47ca4a47ca4a47ca4a47ca4a47ca4a47ca4a"},
        {"MOTCUA_DOSSIER_TOKEN", "canary-dossier-token-8c6"}};
    const std::string words = "canary-words-8c7";
    const std::string phone = "0912345678";
    const std::string code = "H15.50.05.13-261008-0975";
    extra_environment_ = secrets;
    extra_settings_ = {"log_level=debug"};
    simulator_arguments_ = {
        "--access-token", "canary-access-8c1", "--refresh-token", "canary-refresh-8c2"};
    drop("export.csv", rows_);
    drop("bad.csv", words + ",x,y,z,a,b," + phone + "\n");
    start_with_dossiers();

    const auto citizen = new_citizen();
    act(citizen, "follow", json::object());
    for (const auto& text :
         {words,
          words + " " + phone,
          "tra hồ sơ " + code + " đuôi 5678",
          "tra hồ sơ " + code + " đuôi 1111",
          std::string("phản ánh ") + words,
          std::string("1"),
          words + " cán bộ nhũng nhiễu, gọi " + phone,
          std::string("tố cáo ") + words,
          std::string("#") + words,
          "#hs:watch:" + code,
          std::string("gặp cán bộ"),
          words})
        act(citizen, "text", {{"text", text}});
    act(citizen, "submit-info", {{"name", words}, {"phone", phone}, {"address", words}});
    act(citizen, "location", {{"latitude", 11.31}, {"longitude", 106.09}});
    const auto photo = host_file("image/jpeg", "\xFF\xD8\xFF\xE0 " + words);
    act(citizen, "image", {{"url", photo + "?token=" + words}, {"text", words}});
    act(citizen, "image", {{"url", simulator_url_ + "/files/" + words}, {"text", words}});
    act(citizen, "file", {{"url", photo}, {"name", words + ".pdf"}});
    act(citizen, "audio", {{"url", photo}});
    act(citizen, "sticker", {{"url", photo}, {"id", words}});
    act(citizen, "link", {{"url", "https://example.org/" + words}, {"description", words}});
    act(citizen, "business-card", {{"name", words}, {"phone", phone}});
    tell_simulator("/api/admin-reply", {{"citizen", citizen}, {"text", words}});
    // The platform fails in every way.
    for (const auto* kind :
         {"429", "500", "html", "half_json", "cut_before", "cut_after", "error:-216"})
        tell_simulator("/api/faults", {{"kind", kind}, {"times", 1}});
    const auto other = new_citizen();
    for (int i = 0; i < 4; ++i)
        act(other, "text", {{"text", words + std::to_string(i)}});
    // What nobody should send.
    const zalo::http_fields signed_wrong{{"X-ZEvent-Signature", "mac=" + words}};
    for (const auto& body :
         {words, "{\"" + words + "\":", json{{"event_name", words}}.dump(), std::string("{}")}) {
        post("/webhook/zalo", {}, body);
        post("/webhook/zalo", signed_wrong, body);
        const auto good = zalo::sign("4120000000000000001", body, "0", secret);
        post("/webhook/zalo", {{"X-ZEvent-Signature", good}}, body);
    }
    for (const auto& base : {server_url_, staff_url_}) {
        const auto client = zalo::make_http_client(io_.get_executor(), {.base = base});
        const auto hostile =
            json{{"user_name", words}, {"password", words}, {"reason", phone}, {"q", words}}.dump();
        for (const auto* path :
             {"/api/v1/session", "/api/v1/complaints/search", "/oauth/callback", "/metrics"}) {
            run(client->post(path, {{"Content-Type", "application/json"}}, hostile));
            run(client->post(path, {{"Authorization", "Bearer " + words}}, "{\"" + words));
            run(client->post(path, {{"Cookie", "__Host-motcua_session=" + words}}, hostile));
        }
        for (const auto& path :
             {"/" + words,
              "/?q=" + phone,
              "/oauth/callback?code=" + words + "&state=" + words,
              "/oauth/start?link=" + words,
              "/api/v1/" + words})
            get(base, path);
    }
    if (fs::exists(samples))
        for (const auto& entry : fs::directory_iterator(samples))
            post("/webhook/zalo", {}, read_file(entry.path()));
    server_->send_signal(SIGHUP);
    expect_logged("content reloaded", 1);
    act(citizen, "withdraw", json::object());
    expect_logged("dossier export refused", 1); // behind the move of the file
    EXPECT_TRUE(until([this] { return status().at("erasures") == 1; }));
    EXPECT_EQ(server_->stop(), 0);

    auto log = server_->rest();
    // The other commands on the same data, also where they fail.
    const std::vector<std::vector<std::string>> commands{
        {"token"},
        {"token", "refresh"},
        {"erase", citizen},
        {"erase", phone},
        {"retention"},
        {"audit", "verify"},
        {"staff", "list"},
        {"staff", "disable", "nobody"},
        {"backup", (folder_ / "copy").string()},
        {"restore", (folder_ / "nothing").string()},
        {"replay",
         "--from",
         "2026-01-01",
         "--to",
         "2030-01-01",
         "--against",
         source_folder.string()},
        {"import", "procedures", (drop_folder() / "refused/bad.csv").string()}};
    for (auto command : commands) {
        command.insert(command.begin(), MOTCUA_PROGRAM);
        for (const auto& more :
             {std::string("--demo"),
              std::string("--set"),
              "storage.directory=" + storage(),
              std::string("--set"),
              std::string("log_level=debug")})
            command.push_back(more);
        child_process one(command, environment(), folder_ / "commands");
        log += one.rest();
        one.wait();
    }
    const auto said = read_file(folder_ / "commands");
    std::cerr << said;
    log += read_file(folder_ / "errors") + said;
    EXPECT_NE(log.find("dossier export refused"), std::string::npos) << "it is the server's";
    for (const auto& one : {words, phone, std::string("12345678"), code, secret})
        EXPECT_EQ(log.find(one), std::string::npos) << one;
    for (const auto& [name, value] : secrets)
        EXPECT_EQ(log.find(value), std::string::npos) << name;
}

} // namespace
} // namespace motcua
