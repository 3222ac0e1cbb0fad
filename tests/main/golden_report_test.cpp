#include "commands.hpp"
#include "content_loader.hpp"
#include "data_folder.hpp"
#include "landing_routes.hpp"
#include "pseudonym.hpp"
#include "report_maker.hpp"
#include "report_verifier.hpp"
#include "webhook.hpp"
#include "zip_file.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/report/report_files.hpp>
#include <motcua/adapters/report/report_text.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/app/complaint_desk.hpp>
#include <motcua/core/dossiers/csv.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sqlite3.h>
#include <support/run_coroutine.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

// A log of which every figure was reckoned by hand, from signed deliveries to the four files
// (reports.md section 5). All days are of Vietnam.
namespace motcua {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using complaints::role;
using json = nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path source_folder = MOTCUA_SOURCE_DIR;
const fs::path plan_file = source_folder / "tests/data/plans/2027.yml";
const reach::period january{2027y / 1 / 1, 2027y / 1 / 31};

utc_time at(unsigned month, unsigned day, std::chrono::milliseconds of_day)
{
    const auto year = month == 12 ? 2026y : 2027y;
    return utc_time(std::chrono::sys_days(year / std::chrono::month(month) / std::chrono::day(day))
                        .time_since_epoch()) +
           of_day - vietnam_offset;
}
constexpr auto last_moment = std::chrono::milliseconds(24h) - 1ms;

app::content load(const configuration& config)
{
    auto records = content::read_procedures(source_folder / "data/procedures").records;
    return load_content(
        config, procedures::catalogue(std::move(records)), MOTCUA_TEST_CACHE, 2027y / 1 / 1);
}

// The server without sockets: a database, the webhook, the landing pages, the desk, a clock.
class golden_year
{
public:
    explicit golden_year(const fs::path& folder)
    {
        config.storage.directory = folder;
        config.content.intents = source_folder / "intents";
        config.content.data = make_data_folder(
            folder,
            {{"2020.yml", text_of(source_folder / "data/plans/2020.yml")},
             {"2027.yml", text_of(plan_file)}});
        config.zalo.app_id = "41";
        config.zalo.oa_id = "28";
        config.zalo.oa_secret_key = "secret";
        config.signing_key = "key";
        config.test_users = {"9999"};
        content_ = load(config);
        database_ = sqlite::open_database({.file = folder / "motcua.db"});
        contacts();
        others();
        complaints();
        entries();
        database_.reset(); // all is on disk
    }

    configuration config;

private:
    // ---- deliveries

    void deliver(utc_time now, const std::string& body, utc_time sent)
    {
        now_ = now;
        app::event_handler events(
            {.store = database_->writer(),
             .workers = context_.get_executor(),
             .current_content = [this] { return content_; },
             .now = [this] { return now_; },
             .pseudonym = [](std::string_view id) { return pseudonym("key", id); },
             .outgoing_added = [] {},
             .public_url = "https://tthc.example",
             .is_test_user = [](std::string_view id) { return id == "9999"; }});
        webhook receiver(config, events);
        http::request delivery{.method = "POST", .target = "/webhook/zalo", .body = body};
        delivery.fields.emplace_back(
            "x-zevent-signature",
            zalo::sign("41", body, std::to_string(sent.time_since_epoch().count()), "secret"));
        ASSERT_EQ(
            run_coroutine(context_, receiver.receive(std::move(delivery))),
            http::webhook_verdict::accepted)
            << body;
        answer();
    }

    static std::string
    body_of(const std::string& event, const std::string& user, const std::string& id, utc_time sent)
    {
        const bool echo = event.starts_with("oa_send");
        json body{
            {"app_id", "41"},
            {"event_name", event},
            {"timestamp", std::to_string(sent.time_since_epoch().count())},
            {"sender", {{"id", echo ? "28" : user}}},
            {"recipient", {{"id", echo ? user : "28"}}},
            {"message", {{"msg_id", id}, {"text", "…"}}}};
        if (event == "follow" || event == "unfollow")
            body = {
                {"app_id", "41"},
                {"oa_id", "28"},
                {"event_name", event},
                {"timestamp", body["timestamp"]},
                {"follower", {{"id", user}}},
                {"source", "oa_profile"}};
        return body.dump();
    }

    void event(utc_time when, const std::string& name, const std::string& user)
    {
        deliver(when, body_of(name, user, fmt::format("m{}", ++events_), when), when);
    }
    void
    say(utc_time when, const std::string& user, const std::string& text, utc_time came = utc_time{})
    {
        auto body =
            json::parse(body_of("user_send_text", user, fmt::format("m{}", ++events_), when));
        body["message"]["text"] = text;
        last_ = body.dump();
        deliver(came == utc_time{} ? when : came, last_, when);
    }

    // What waits goes out: 1.2 s after the message, the first two answers on 13 January after 4 s.
    void answer()
    {
        const bool slow = vietnam_date(now_) == 2027y / 1 / 13 && slow_answers_ < 2;
        slow_answers_ += slow ? 1 : 0;
        links_.clear();
        for (bool more = true; more;) {
            database_->run_now([&](app::transaction& store) {
                const auto batch = store.claim_due(now_ + (slow ? 4000ms : 1200ms), 100);
                more = !batch.rows.empty();
                for (const auto& row : batch.rows) {
                    store.settle(row.id, {.message_id = fmt::format("z{}", row.id)}, now_ + 5s);
                    const auto link = row.message.text.find("https://tthc.example/d/");
                    if (link != std::string::npos)
                        links_[row.user_id] = row.message.text.substr(link + 20, 23);
                }
            });
        }
    }
    // The path of the tracked link that the citizen was just given.
    std::string link_of(const std::string& user) { return links_.at(user); }

    int open(utc_time when, const std::string& path, const std::string& method = "GET")
    {
        now_ = when;
        const auto routes = make_landing_routes(
            {.store = database_->writer(),
             .current_content = [this] { return content_; },
             .now = [this] { return now_; },
             .public_url = [] { return std::string("https://tthc.example"); },
             .oa_id = "28"},
            {});
        http::request asked{.method = method, .target = path};
        return static_cast<int>(run_coroutine(context_, routes(std::move(asked))).status);
    }

    // An = 1001, Bình = 1002, Chi = 1003, Dung = 1004; 9999 tests.
    void contacts()
    {
        say(at(12, 31, last_moment), "1001", "#procedure:1.001193:fee"); // still December
        say(at(1, 1, 0ms), "1001", "#case:1.001193:0:filing");           // 1 An: same visit
        const auto link_of_an = link_of("1001");
        say(at(12, 31, 20h), "1001", "#fields", at(1, 1, 10min)); // December, came late
        EXPECT_EQ(open(at(1, 2, 8h), link_of_an), 302);

        say(at(1, 5, 9h), "1002", "Bình  nước");          // 2 Bình: A.1, visit 1
        deliver(at(1, 5, 9h + 3s), last_, at(1, 5, 9h));  // once more: a duplicate
        event(at(1, 5, 9h + 2s), "oa_send_text", "1002"); // what we said ourselves
        event(at(1, 5, 9h + 4s), "user_seen_message", "1002");
        say(at(1, 5, 9h + 10min), "1002", "#procedure:1.004222:fee"); // 3
        say(at(1, 5, 9h + 12min), "1002", "#case:1.004222:0:filing"); // 4
        const auto link_of_binh = link_of("1002");
        say(at(1, 5, 9h + 13min), "1002", "#understood");    // 5
        say(at(1, 5, 9h + 43min - 1ms), "1002", "#menu");    // 6 a moment less than the gap
        say(at(1, 5, 10h + 13min - 1ms), "1002", "#centre"); // 7 the gap: visit 2; asked back
        EXPECT_EQ(open(at(1, 6, 8h), link_of_binh), 302);
        EXPECT_EQ(open(at(1, 6, 8h), link_of_binh, "HEAD"), 200);
        EXPECT_EQ(open(at(1, 31, last_moment), link_of_binh), 302);
        EXPECT_EQ(open(at(2, 1, 0ms), link_of_binh), 302); // February
        EXPECT_EQ(open(at(1, 6, 8h), "/d/0123456789abcdef0123"), 404);

        event(at(1, 6, 8h), "follow", "1003");       // 8 Chi: no visit
        say(at(1, 6, 8h + 1min), "1003", "toroi27"); // 9 A.2, visit 3
        say(at(1, 7, 8h), "1003", "BINHNUOC");       // 10 A.1 too, visit 4
        say(at(1, 12, 9h - 1ms), "1002", "#fields"); // 11 follows on, visit 5
        say(at(1, 12, 9h), "1002", "#fields");       // 12 after seven days: no more

        say(at(1, 13, 10h), "1004", "qwzx vbnmk plkjh"); // 13 Dung: visit 6, not understood
        say(at(1, 13, 10h + 1min), "1004", "#answer:file_status"); // 14
        say(at(1, 13, 10h + 2min), "1004", "#answer:complaint");   // 15 a complaint begins
        say(at(1, 13, 10h + 3min), "1004", "#cancel");             // 16
        say(at(1, 13, 10h + 5min), "1004", "#agent");              // 17

        say(at(1, 14, 9h), "9999", "#case:1.001193:0:filing"); // a test
        EXPECT_EQ(open(at(1, 14, 9h + 1min), link_of("9999")), 302);
        say(at(1, 14, 9h + 2min), "9999", "BINHNUOC");
        event(at(1, 20, 8h), "unfollow", "1001");                  // no contact
        say(at(1, 10, 9h), "1001", "#menu", at(1, 12, 9h + 5min)); // two days old: not acted on
        say(at(1, 31, last_moment), "1003", "#procedure:1.001193:fee"); // 18 Chi: visit 7
        say(at(2, 1, 0ms), "1003", "#procedure:1.001193:fee");          // February
    }

    void others()
    {
        EXPECT_EQ(open(at(1, 4, 7h), "/q/BINHNUOC"), 200);
        EXPECT_EQ(open(at(1, 4, 7h), "/q/binhnuoc"), 200);
        EXPECT_EQ(open(at(1, 4, 7h), "/q/BINHNUOC", "HEAD"), 200);
        EXPECT_EQ(open(at(1, 4, 7h), "/q/BINHNUOC.png"), 200);
        EXPECT_EQ(open(at(1, 4, 7h), "/q/KHONGCO"), 404);
        EXPECT_EQ(open(at(1, 4, 7h), "/q/DOITHOAI27"), 200);
    }

    // ---- complaints

    std::string
    file(utc_time when, const std::string& category, const std::string& about, bool test = false)
    {
        std::string code;
        database_->run_now([&](app::transaction& store) {
            complaints::complaint content;
            content.user_id = "1001";
            content.category = category;
            content.about = about;
            content.content = "Nội dung";
            dialogue::step_outcome outcome;
            outcome.complaints.emplace_back(dialogue::file_complaint{content});
            app::complaint_unit(store, *content_.knowledge, when).carry_out(outcome, "1001", test);
            code = store.complaints().of_citizen("1001", 1).at(0).code;
        });
        return code;
    }
    void change(utc_time when, const std::string& code, complaints::change wish)
    {
        if (wish.by.id.empty())
            wish.by = {role::coordinator, "an"};
        database_->run_now([&](app::transaction& store) {
            const auto end =
                app::complaint_unit(store, *content_.knowledge, when).change(code, wish);
            EXPECT_EQ(end.end, app::desk_end::done) << wish.transition << ": " << name(end.why);
        });
    }
    void accept(utc_time when, const std::string& code)
    {
        change(when, code, {.transition = "accept", .by = {}, .unit = "so"});
    }
    void tell(utc_time when, const std::string& code, const std::string& transition)
    {
        change(when, code, {.transition = transition, .by = {}, .message = "Trả lời."});
    }
    void by_citizen(utc_time when, const std::string& code, const std::string& transition)
    {
        change(
            when,
            code,
            {.transition = transition,
             .by = {role::citizen, "1001"},
             .reason = "Chưa xong",
             .message = transition == "supplement" ? "Thêm" : ""});
    }
    void rate(utc_time when, const std::string& code, int rating)
    {
        database_->run_now([&](app::transaction& store) {
            dialogue::step_outcome outcome;
            outcome.complaints.emplace_back(dialogue::rate_complaint{code, rating});
            app::complaint_unit(store, *content_.knowledge, when).carry_out(outcome, "1001", false);
        });
    }

    // Fifteen working days to answer. 1 January is a holiday, a Friday.
    void complaints()
    {
        const auto k1 = file(at(12, 10, 9h), "delay", "conduct"); // due 31 December
        accept(at(12, 11, 9h), k1);
        const auto k4 = file(at(12, 14, 9h), "delay", "conduct");
        accept(at(12, 15, 9h), k4);
        tell(at(12, 28, 9h), k4, "answer");                                    // in December
        const auto k10 = file(at(12, 31, last_moment), "attitude", "conduct"); // due 22 January
        accept(at(1, 4, 8h), k10);
        const auto k2 = file(at(1, 4, 8h), "delay", "rule");
        accept(at(1, 4, 9h), k2);
        const auto k3 = file(at(1, 5, 9h), "delay", "conduct"); // due 26 January: late
        accept(at(1, 5, 10h), k3);
        by_citizen(at(1, 5, 9h), k4, "object"); // comes back
        tell(at(1, 6, 8h), k2, "answer");       // two days
        rate(at(1, 6, 10h), k2, 5);
        change(at(1, 6, 11h), k2, {.transition = "publish", .by = {}});
        const auto k5 = file(at(1, 6, 9h), "delay", "both");
        change(at(1, 7, 9h), k5, {.transition = "refuse", .by = {}, .refusal = "unclear"});
        const auto k6 = file(at(1, 7, 9h), "delay", "rule"); // forwarded within two days, or late
        tell(at(1, 8, 9h), k1, "answer");                    // late, after 29 days
        rate(at(1, 9, 9h), k1, 3);
        const auto k7 = file(at(1, 8, 9h), "attitude", "conduct");
        change(at(1, 8, 10h), k7, {.transition = "hide", .by = {}, .reason = "quảng cáo"});
        tell(at(1, 11, 9h), k10, "ask_more_later"); // the clock stands for three working days
        const auto k8 = file(at(1, 11, 9h), "delay", "rule");
        by_citizen(at(1, 12, 9h), k8, "withdraw");
        file(at(1, 11, 9h), "delay", "rule", true); // a test
        by_citizen(at(1, 14, 9h), k10, "supplement");
        accept(at(1, 15, 9h), k10);
        change(
            at(1, 19, 9h),
            k6,
            {.transition = "forward", .by = {}, .reason = "khác", .agency = "Bộ"});
        tell(at(1, 25, 9h), k4, "ask_more_later"); // waits for the citizen: in time
        tell(at(1, 27, 16h), k10, "answer");       // in time, thanks to the pause; 26 d 16 h
        rate(at(1, 28, 9h), k10, 2);
        const auto k13 = file(at(1, 6, 10h), "delay", "rule"); // due 27 January,
        accept(at(1, 6, 11h), k13);
        tell(at(1, 8, 9h), k13, "ask_more_later"); // but for eight working days of waiting
        by_citizen(at(1, 20, 9h), k13, "supplement");
        file(at(1, 29, 16h + 59min), "delay", "both"); // k12, open
        file(at(2, 1, 0ms), "delay", "both");          // February
    }

    void entries()
    {
        database_->run_now([](app::transaction& store) {
            reach::plan_entry one;
            one.plan = "2027";
            one.activity = "A.3";
            one.product = "A.3.d1";
            one.day = 2027y / 1 / 31;
            one.quantity = 2;
            one.unit = "buổi";
            one.note = "=Đối thoại"; // no formula
            one.participants = 85;
            one.evidence_link = "https://tayninh.gov.vn/tin";
            one.entered_by = "an";
            store.reach().add_entry(one, at(1, 31, 17h));
            one.day = 2027y / 2 / 1; // February
            store.reach().add_entry(one, at(2, 1, 17h));
            one.day = 2027y / 1 / 15;
            const auto wrong = store.reach().add_entry(one, at(1, 15, 17h));
            store.reach().withdraw_entry(wrong, "an", at(1, 16, 8h));
            one.activity = "A.1";
            one.product = "BINHNUOC";
            one.of = reach::plan_entry::sort::handed_out;
            one.quantity = 1500;
            store.reach().add_entry(one, at(1, 15, 17h));
        });
    }

    boost::asio::io_context context_;
    app::content content_;
    std::unique_ptr<sqlite::database> database_;
    utc_time now_{};
    std::map<std::string, std::string> links_;
    std::string last_;
    int events_ = 0;
    int slow_answers_ = 0;
};

// ---- what was reckoned by hand

struct expected
{
    std::string table;
    std::string row;    // a cell of it
    std::string column; // id
    std::string words;
};

// Contacts of January by number above; An 1, Bình 2–7 11 12, Chi 8–10 18, Dung 13–17.
std::vector<expected> reckoned()
{
    const std::string general = "general";
    const std::string cases = "complaints";
    return {
        {general, "Lượt tiếp cận", "value", "18"},
        {general, "Người tiếp cận", "value", "4"},
        {general, "Số người truy cập", "value", "4"},
        {general, "Số lượt truy cập", "value", "7"},
        {general, "Số người quan tâm mới", "value", "1"},
        {general, "Số người bỏ quan tâm", "value", "1"},
        // answered 1 2 3 4 9 10 14 18, asked back 7, not understood 13, handed over 17
        {general, "Số câu hỏi", "value", "11"},
        {general, "Được trả lời", "value", "8"},
        {general, "Hỏi lại", "value", "1"},
        {general, "Chưa hiểu", "value", "1"},
        {general, "Chuyển cán bộ", "value", "1"},
        {general, "Tỷ lệ được trả lời", "value", "72,73\u00a0% (8/11)"},
        {general, "Tỷ lệ chưa hiểu", "value", "9,09\u00a0% (1/11)"},
        {general, "Chào hỏi, bấm mục lục", "value", "4"},              // 5 6 11 12
        {general, "Tin nhắn về phản ánh, kiến nghị", "value", "2"},    // 15 16
        {general, "Lượt tra cứu thành công", "value", "4"},            // 1 3 4 18
        {general, "Số người được thông tin", "value", "3"},            // An, Bình, Chi
        {general, "Số người được hỏi đã hiểu hay chưa", "value", "3"}, // 1; 2 4; 9 10
        {general, "Số người xác nhận đã hiểu", "value", "1"},          // Bình
        {general, "Lượt hướng dẫn nộp hồ sơ", "value", "2"},           // 1 4
        {general, "Lượt mở liên kết nộp hồ sơ", "value", "3"},         // An, Bình twice
        {general, "Số người chuyển sang nộp hồ sơ", "value", "2"},
        {general, "Số hồ sơ nộp qua kênh Zalo", "value", "chưa có số liệu đối soát"},
        {general, "Lượt tra cứu tình trạng hồ sơ", "value", "1"}, // 14
        // 18 answers and the one to the late message: 17 of 1.2 s, two of 4 s
        {general, "Thời gian máy trả lời (trung vị)", "value", "1,2\u00a0giây"},
        {general, "Thời gian máy trả lời (trung bình)", "value", "1,5\u00a0giây"},
        {general, "Thời gian máy trả lời (90% số câu)", "value", "4\u00a0giây"},

        // A.1: Bình 2–7 11, Chi 10; A.2: Chi 9
        {"activities", "A.1", "handed_out", "1.500"},
        {"activities", "A.1", "users_reached", "2"},
        {"activities", "A.1", "direct", "2"},
        {"activities", "A.1", "follow_on", "6"},
        {"activities", "A.1", "scanned", "2"},
        {"activities", "A.1", "lookups", "2"}, // 3 4
        {"activities", "A.1", "users_informed", "1"},
        {"activities", "A.1", "link_opened", "2"},
        {"activities", "A.1", "users_filing_link", "1"},
        {"activities", "A.2", "users_reached", "1"},
        {"activities", "A.2", "direct", "1"},
        {"activities", "A.2", "follow_on", "0"},
        {"activities", "A.3", "users_reached", "0"},
        {"activities", "A.3", "scanned", "1"},
        {"activities", "Tổng số", "users_reached", "2"}, // not 2 + 1
        {"activities", "Tổng số", "direct", "3"},
        {"activities", "Tổng số", "link_opened", "2"},
        {"keywords", "BINHNUOC", "direct", "2"},
        {"keywords", "BINHNUOC", "scanned", "2"},
        {"keywords", "BINHNUOC", "users_reached", "2"},
        {"keywords", "TUIVAI", "direct", "0"},
        {"keywords", "TOROI27", "direct", "1"},
        {"fields", "Hộ tịch", "people", "2"}, // An, Chi
        {"fields", "Hộ tịch", "questions", "2"},
        {"fields", "Cư trú, hộ khẩu", "people", "1"},
        {"fields", "Cư trú, hộ khẩu", "questions", "2"},
        {"procedures", "1.004222", "count", "2"},
        {"procedures", "1.001193", "count", "2"},

        {cases, "Phản ánh, kiến nghị kỳ trước chuyển sang", "value", "2"}, // k1 k10
        {cases, "Phản ánh, kiến nghị tiếp nhận mới", "value", "8"},        // k2 k3 k5–k8 k12 k13
        {cases, "Mở lại từ kỳ trước", "value", "1"},                       // k4
        {cases, "Về quy định", "value", "4"},                              // k2 k6 k8 k13
        {cases, "Về hành vi", "value", "2"},                               // k3 k7
        {cases, "Về cả hai", "value", "2"},                                // k5 k12
        // these eleven: 1 + 1 + 3 + 1 + 3 + 1 + 1 + 0
        {cases, "Từ chối", "value", "1"},
        {cases, "Chuyển cơ quan khác", "value", "1"},
        {cases, "Đang xử lý trong hạn", "value", "3"}, // k4 k12 k13
        {cases, "Đang xử lý quá hạn", "value", "1"},   // k3
        {cases, "Đã trả lời", "value", "3"},           // k1 k2 k10
        {cases, "Đã trả lời đúng hạn", "value", "2"},
        {cases, "Đã trả lời quá hạn", "value", "1"},
        {cases, "Đã công khai", "value", "1"},
        {cases, "Kết thúc khác", "value", "1"}, // k8
        {cases, "Ẩn", "value", "1"},            // k7
        {cases, "Đang xử lý, chưa xác định được hạn", "value", "0"},
        {cases, "Mở lại", "value", "1"},
        {cases, "Xử lý đúng hạn", "value", "3"},                                // k2 k5 k10
        {cases, "Đã xử lý hoặc đã đến hạn", "value", "6"},                      // and k1 k3 k6
        {cases, "Được đánh giá", "value", "3"},                                 // k1 k2 k10
        {cases, "Đánh giá hài lòng", "value", "1"},                             // k2
        {cases, "Trả lời không bị chê, không mở lại, không trễ", "value", "1"}, // k2
        {cases, "Tỷ lệ xử lý đúng hạn", "value", "50\u00a0% (3/6)"},
        {cases, "Tỷ lệ đánh giá hài lòng", "value", "33,33\u00a0% (1/3)"},
        {cases, "Tỷ lệ hài lòng", "value", "33,33\u00a0% (1/3)"},
        {cases,
         "Thời gian cán bộ trả lời phản ánh (trung vị)",
         "value",
         "26\u00a0ngày 16\u00a0giờ"}, // of 2 d, 26 d 16 h, 29 d

        // December: An twice, the late one before; k1 k4 k10 came, k1 was late at its end
        {"annex_1", "Lượt tiếp cận", "before", "2"},
        {"annex_1", "Lượt tiếp cận", "cumulative", "18"},
        {"annex_1", "Phản ánh, kiến nghị tiếp nhận mới", "before", "3"},
        {"annex_1", "Đang xử lý quá hạn", "before", "1"},
        {"annex_6", "A.3 Đối thoại với người dân", "participants", "85"},
        {"annex_6", "A.3 Đối thoại với người dân", "quantity", "2"},
    };
}

// ---- the files, read again

using grid = std::vector<std::vector<std::string>>;

pugi::xml_document xml_of(const fs::path& file, const std::string& member)
{
    pugi::xml_document tree;
    for (const auto& one : report::read_zip(file))
        if (one.name == member)
            tree.load_string(one.bytes.c_str(), pugi::parse_default | pugi::parse_ws_pcdata);
    return tree;
}

std::string texts_below(const pugi::xml_node& node, const char* path)
{
    std::string all;
    for (const auto& found : node.select_nodes(path))
        all += found.node().text().get();
    return all;
}

std::size_t column_of(std::string_view place)
{
    std::size_t column = 0;
    for (const char letter : place)
        if (letter >= 'A' && letter <= 'Z')
            column = column * 26 + static_cast<std::size_t>(letter - 'A') + 1;
    return column - 1;
}

std::vector<grid> sheets_of(const fs::path& file)
{
    std::vector<std::string> texts;
    const auto shared = xml_of(file, "xl/sharedStrings.xml");
    for (const auto& one : shared.select_nodes("/sst/si"))
        texts.push_back(texts_below(one.node(), ".//t"));
    std::vector<grid> sheets;
    for (int number = 1;; ++number) {
        const auto tree = xml_of(file, fmt::format("xl/worksheets/sheet{}.xml", number));
        if (!tree.first_child())
            return sheets;
        auto& sheet = sheets.emplace_back();
        for (const auto& found : tree.select_nodes("//sheetData/row")) {
            sheet.resize(found.node().attribute("r").as_uint());
            for (const auto& cell : found.node().children("c")) {
                auto& row = sheet.back();
                const auto column = column_of(cell.attribute("r").value());
                row.resize(std::max(row.size(), column + 1));
                const std::string value = cell.child("v").text().get();
                row[column] = std::string_view(cell.attribute("t").value()) == "s"
                                  ? texts.at(std::stoul(value))
                                  : value;
            }
        }
    }
}

std::vector<grid> tables_of_word(const fs::path& file)
{
    std::vector<grid> tables;
    const auto tree = xml_of(file, "word/document.xml");
    for (const auto& table : tree.select_nodes("//w:tbl")) {
        auto& made = tables.emplace_back();
        for (const auto& row : table.node().children("w:tr")) {
            made.emplace_back();
            for (const auto& cell : row.children("w:tc"))
                made.back().push_back(texts_below(cell, ".//w:t"));
        }
    }
    return tables;
}

std::string shown_in_excel(const reach::cell& cell)
{
    if (cell.same_as_above)
        return {};
    if (const auto* const text = std::get_if<std::string>(&cell.value))
        return *text;
    if (const auto* const number = std::get_if<std::int64_t>(&cell.value))
        return std::to_string(*number);
    if (const auto* const day = std::get_if<std::chrono::year_month_day>(&cell.value))
        return std::to_string(
            (std::chrono::sys_days(*day) - std::chrono::sys_days(1899y / 12 / 30)).count());
    return words(cell.value);
}

// What a number of Excel must be near to; empty for other cells.
std::optional<double> number_in_excel(const reach::cell_value& value)
{
    if (const auto* const part = std::get_if<reach::share>(&value); part && part->whole != 0)
        return static_cast<double>(part->part) / static_cast<double>(part->whole);
    if (const auto* const span = std::get_if<std::chrono::milliseconds>(&value))
        return static_cast<double>(span->count()) / 86'400'000.0;
    return std::nullopt;
}

class GoldenReport : public testing::Test
{
protected:
    static void SetUpTestSuite()
    {
        const fs::path memory = "/dev/shm"; // no disk to wait for
        auto name =
            ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "motcua-gold-XXXXXX")
                .string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder() = name;
        config() = golden_year(folder()).config;
    }
    static void TearDownTestSuite() { fs::remove_all(folder()); }

    static fs::path& folder()
    {
        static fs::path path;
        return path;
    }
    static configuration& config()
    {
        static configuration made;
        return made;
    }
    static const report_content& content()
    {
        static const auto read = read_report_content(config(), plan_file);
        return read;
    }
    static const reach::report& made()
    {
        static const auto whole = make_report(config(), content(), {}, {.period = january});
        return whole;
    }
    static void execute(const std::string& sql)
    {
        sqlite3* database = nullptr;
        ASSERT_EQ(::sqlite3_open((folder() / "motcua.db").c_str(), &database), SQLITE_OK);
        EXPECT_EQ(::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << ::sqlite3_errmsg(database);
        ::sqlite3_close(database);
    }
};

const reach::cell* find(const reach::report& whole, const expected& what)
{
    for (const auto* table : tables_of(whole)) {
        if (table->id != what.table)
            continue;
        const auto column = std::ranges::find(table->columns, what.column, &reach::column::id);
        for (const auto& row : table->rows)
            for (const auto& cell : row.cells)
                if (words(cell.value) == what.row && column != table->columns.end())
                    return &row.cells[static_cast<std::size_t>(column - table->columns.begin())];
    }
    return nullptr;
}

TEST_F(GoldenReport, HasTheFiguresReckonedByHand)
{
    for (const auto& one : reckoned()) {
        const auto* const cell = find(made(), one);
        const auto place = one.table + " | " + one.row + " | " + one.column;
        ASSERT_NE(cell, nullptr) << place;
        EXPECT_EQ(words(cell->value), one.words) << place;
    }
}

// The table above notices whichever figure of the catalogue is broken.
TEST_F(GoldenReport, NoFigureCanBeBrokenUnnoticed)
{
    using source = reach::kpi::source;
    const auto file = folder() / "motcua.db";
    const auto figures = sqlite::open_figures(file);
    const auto lives = sqlite::open_reach_reader(file)->complaints();
    const auto counted = count_periods(*figures, lives, content(), january);
    const auto rows = read_report_rows(config(), content(), {}, january);
    const auto notices = [&](const reach::kpi& broken) {
        auto changed = content();
        *std::ranges::find(changed.kpis.kpis, broken.id, &reach::kpi::id) = broken;
        const auto whole = make_report(counted, rows, changed, {.period = january});
        static const auto table = reckoned();
        return std::ranges::any_of(table, [&whole](const expected& one) {
            const auto* const cell = find(whole, one);
            return cell == nullptr || words(cell->value) != one.words;
        });
    };
    for (const auto& one : content().kpis.kpis) {
        auto nothing = one; // counts nothing
        auto another = one; // counts something else
        switch (one.from) {
        case source::contacts:
        case source::people:
            nothing.measures = ~reach::measure_set{0};
            another.from = source::contacts;
            another.measures = bit(reach::measure::active);
            break;
        case source::complaints:
            nothing.figure = "none";
            another.figure = one.figure == "to_judge" ? "new" : "to_judge";
            break;
        case source::share:
            std::swap(nothing.part, nothing.whole);
            another.part = another.whole;
            break;
        case source::answers:
        case source::complaint_answers:
            nothing.figure = one.figure == "mean" ? "median" : "mean";
            another.figure = one.figure == "p90" ? "median" : "p90";
            break;
        case source::none:
            nothing.figure = "0";
            another.figure = "1";
            break;
        }
        EXPECT_TRUE(notices(nothing) || one.id == "pakn_undated") << one.id;
        EXPECT_TRUE(notices(another)) << one.id;
    }
}

TEST_F(GoldenReport, SaysWhoIsInSeveralActivitiesAndWhatChangedAfterwards)
{
    std::string notes;
    std::string corrections;
    for (const auto* table : tables_of(made())) {
        for (const auto& note : table->notes)
            notes += note;
        if (table->id == "corrections")
            corrections += words(table->rows.at(0).cells.at(3).value);
    }
    EXPECT_THAT(notes, HasSubstr("từ hai hoạt động trở lên: 1."));
    EXPECT_THAT(corrections, IsEmpty()) << "the late one belongs to December";
    const auto december =
        make_report(config(), content(), {}, {.period = {2026y / 12 / 1, 2026y / 12 / 31}});
    const auto* const last = tables_of(december).back();
    ASSERT_EQ(last->id, "corrections");
    EXPECT_EQ(words(last->rows.at(0).cells.at(3).value), "Tin nhắn đến muộn");
}

TEST_F(GoldenReport, JsonHoldsEveryCell)
{
    const auto read = json::parse(report::report_json(made()));
    std::vector<json> all;
    for (const auto& section : read.at("sections"))
        all.insert(all.end(), section.at("tables").begin(), section.at("tables").end());
    all.insert(all.end(), read.at("annexes").begin(), read.at("annexes").end());
    const auto wanted = tables_of(made());
    ASSERT_EQ(all.size(), wanted.size());
    for (std::size_t t = 0; t < wanted.size(); ++t) {
        const auto& rows = all[t].at("rows");
        ASSERT_EQ(rows.size(), wanted[t]->rows.size());
        for (std::size_t r = 0; r < rows.size(); ++r)
            for (std::size_t c = 0; c < wanted[t]->columns.size(); ++c) {
                const auto& cell = rows[r].at("cells").at(wanted[t]->columns[c].id);
                const auto& value = wanted[t]->rows[r].cells[c].value;
                EXPECT_EQ(cell.at("words").get<std::string>(), words(value)) << wanted[t]->id;
                if (const auto* const number = std::get_if<std::int64_t>(&value)) {
                    EXPECT_EQ(cell.at("value").get<std::int64_t>(), *number) << wanted[t]->id;
                }
            }
    }
}

TEST_F(GoldenReport, CsvHoldsEveryCell)
{
    const auto text = report::report_csv(made());
    ASSERT_TRUE(text.starts_with("\xef\xbb\xbf"));
    dossiers::csv_reader lines(std::string_view(text).substr(3), ',');
    const auto next = [&lines] {
        const auto record = lines.next();
        return record ? record->cells : std::vector<std::string>{};
    };
    EXPECT_EQ(next().at(0), made().subject);
    next();
    for (const auto* table : tables_of(made())) {
        EXPECT_EQ(next().at(0), table->title);
        const auto head = next();
        for (const auto& row : table->rows) {
            const auto cells = next();
            ASSERT_EQ(cells.size(), head.size()) << table->id;
            std::size_t at = 0;
            for (const auto& cell : row.cells) {
                if (const auto* const part = std::get_if<reach::share>(&cell.value)) {
                    EXPECT_EQ(cells.at(at + 1), std::to_string(part->part));
                    EXPECT_EQ(cells.at(at + 2), std::to_string(part->whole));
                } else if (
                    const auto* const span = std::get_if<std::chrono::milliseconds>(&cell.value)) {
                    EXPECT_NEAR(
                        std::stod(cells.at(at)) * 1000, static_cast<double>(span->count()), 0.5);
                } else if (
                    const auto* const day = std::get_if<std::chrono::year_month_day>(&cell.value)) {
                    EXPECT_EQ(cells.at(at), reach::to_text(*day));
                } else if (const auto* const said = std::get_if<std::string>(&cell.value)) {
                    EXPECT_EQ(cells.at(at), (said->starts_with('=') ? "'" : "") + *said);
                } else if (const auto* const number = std::get_if<std::int64_t>(&cell.value)) {
                    EXPECT_EQ(cells.at(at), std::to_string(*number));
                } else {
                    EXPECT_EQ(cells.at(at), words(cell.value));
                }
                ++at;
                while (at < head.size() && (head[at] == "tử số" || head[at] == "mẫu số"))
                    ++at;
            }
        }
        for (const auto& note : table->notes)
            EXPECT_EQ(next().at(0), note);
    }
}

TEST_F(GoldenReport, ExcelHoldsEveryCellAsANumberOrText)
{
    report::write_xlsx(made(), folder() / "out.xlsx");
    const auto sheets = sheets_of(folder() / "out.xlsx");
    for (const auto* table : tables_of(made())) {
        const auto sheet = std::ranges::find_if(sheets, [table](const grid& one) {
            return !one.empty() && !one[0].empty() && one[0][0] == table->title;
        });
        ASSERT_NE(sheet, sheets.end()) << table->title;
        constexpr std::size_t above = 4; // title, period, blank, head
        for (std::size_t r = 0; r < table->rows.size(); ++r)
            for (std::size_t c = 0; c < table->columns.size(); ++c) {
                const auto& cell = table->rows[r].cells[c];
                const auto& row = sheet->at(above + r);
                const auto shown = c < row.size() ? row[c] : std::string();
                if (const auto number = number_in_excel(cell.value)) {
                    EXPECT_NEAR(std::stod(shown), *number, 1e-9) << table->id;
                } else {
                    EXPECT_EQ(shown, shown_in_excel(cell)) << table->id << " row " << r;
                }
            }
    }
}

TEST_F(GoldenReport, WordHoldsEveryCell)
{
    report::write_docx(made(), source_folder / "data/report-template.docx", folder() / "out.docx");
    const auto tables = tables_of_word(folder() / "out.docx");
    auto from = tables.begin();
    for (const auto* table : tables_of(made())) {
        from = std::find_if(from, tables.end(), [table](const grid& one) {
            return !one.empty() && one[0].size() == table->columns.size() &&
                   one[0].back() == table->columns.back().title &&
                   one.size() == table->rows.size() + 1;
        });
        ASSERT_NE(from, tables.end()) << table->id;
        for (std::size_t r = 0; r < table->rows.size(); ++r)
            for (std::size_t c = 0; c < table->columns.size(); ++c) {
                const auto& cell = table->rows[r].cells[c];
                EXPECT_EQ(
                    from->at(r + 1).at(c), cell.same_as_above ? std::string() : words(cell.value))
                    << table->id << " row " << r;
            }
        ++from;
    }
}

TEST_F(GoldenReport, IsProvedAndSaysSo)
{
    const auto proof = verify(config(), content(), january);
    EXPECT_GT(proof.cells, 500U);
    EXPECT_THAT(proof.differences, IsEmpty());
    EXPECT_THAT(proof.contacts.differences, IsEmpty());
    EXPECT_EQ(proof.contacts.contacts, 25); // 18, unfollow, two tests, two each before and after
    EXPECT_EQ(proof.contacts.unprovable, 0);
    const auto line = words(proof);
    const auto whole = make_report(config(), content(), {}, {.period = january, .verified = line});
    EXPECT_THAT(report::report_csv(whole), HasSubstr("Đối chiếu với dữ liệu gốc: " + line));
}

// The database has no procedures, the other content has: what was asked about them is understood
// by it alone.
TEST_F(GoldenReport, ItsMessagesAreHeardAgainByOtherContent)
{
    for (const auto& one : fs::directory_iterator(MOTCUA_TEST_CACHE))
        fs::create_symlink(one.path(), folder() / one.path().filename());
    testing::internal::CaptureStdout();
    const int status = replay_events(
        config(),
        {.from = "2027-01-01",
         .to = "2027-01-31",
         .against = source_folder,
         .max_lost = "0",
         .max_changed = "0",
         .limit = 100,
         .json = true});
    const auto told = json::parse(testing::internal::GetCapturedStdout());
    EXPECT_EQ(status, 1);
    EXPECT_EQ(told.at("messages").get<int>(), 20); // 17, the two tests, the one never acted on
    EXPECT_EQ(told.at("newly_lost").get<int>(), 0);
    EXPECT_GT(told.at("changed").get<int>(), 0);
    EXPECT_EQ(told.dump().find("1001"), std::string::npos);
}

// Each change to one row of one table, then undone.
TEST_F(GoldenReport, ATamperedComplaintIsFound)
{
    const auto database = folder() / "motcua.db";
    for (const std::string change :
         {"UPDATE complaint_history SET late = 0 WHERE to_state = 'answered' AND late = 1",
          "UPDATE complaint_history SET at_ms = at_ms + 3000000000 WHERE to_state = 'refused'",
          "DELETE FROM complaint_history WHERE what = 'withdraw'",
          "UPDATE complaint_history SET to_state = 'refused' WHERE what = 'forward'",
          "UPDATE complaints SET record = json_set(record, '$.state', 'refused', "
          "'$.course[1].state', 'refused') WHERE state = 'processing'",
          "UPDATE complaints SET category = 'fees' WHERE state = 'hidden'"}) {
        fs::copy_file(database, folder() / "kept");
        execute(change);
        EXPECT_GT(verify(config(), content(), january).different, 0U) << change;
        fs::rename(folder() / "kept", database);
        for (const auto* more : {"-wal", "-shm"})
            fs::remove(database.string() + more);
    }
    EXPECT_EQ(verify(config(), content(), january).different, 0U);
}

} // namespace
} // namespace motcua
