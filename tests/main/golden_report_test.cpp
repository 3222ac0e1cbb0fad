#include "commands.hpp"
#include "content_loader.hpp"
#include "data_folder.hpp"
#include "landing_routes.hpp"
#include "pseudonym.hpp"
#include "report_maker.hpp"
#include "report_verifier.hpp"
#include "webhook.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/report/report_files.hpp>
#include <motcua/adapters/report/report_text.hpp>
#include <motcua/adapters/report/zip_file.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/link_lookup.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/app/complaint_desk.hpp>
#include <motcua/core/dossiers/csv.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sqlite3.h>
#include <support/run_coroutine.hpp>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <sstream>

// A log of which every figure was reckoned by hand (tests/data/golden), from signed deliveries to
// the four files (reports.md section 5).
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
const fs::path golden_folder = source_folder / "tests/data/golden";
const reach::period january{2027y / 1 / 1, 2027y / 1 / 31};
constexpr auto oa = "28";
constexpr auto public_url = "https://tthc.example";
const std::map<std::string, std::string> citizens{
    {"An", "1001"}, {"Bình", "1002"}, {"Chi", "1003"}, {"Dung", "1004"}, {"Thử", "9999"}};
constexpr auto test_user = "9999";

// "01-05", "09:00:03.5": in Vietnam.
utc_time moment(const std::string& day, const std::string& time)
{
    unsigned month = 0;
    unsigned date = 0;
    int hours = 0;
    int minutes = 0;
    double seconds = 0;
    char mark = 0;
    std::istringstream in(day + " " + time);
    in >> month >> mark >> date >> hours >> mark >> minutes;
    if (in >> mark)
        in >> seconds;
    const auto year = month == 12 ? 2026y : 2027y;
    return utc_time(std::chrono::sys_days(year / std::chrono::month(month) / std::chrono::day(date))
                        .time_since_epoch()) +
           std::chrono::hours(hours) + std::chrono::minutes(minutes) +
           std::chrono::milliseconds(std::llround(seconds * 1000)) - vietnam_offset;
}

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string()
                                      : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

// The lines of a file without what stands behind "--".
std::vector<std::string> lines_of(const fs::path& file)
{
    std::istringstream in(text_of(file));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(trimmed(line.substr(0, line.find("--"))));
    return lines;
}

// The server without sockets: a database, the webhook, the landing pages, the desk, a clock.
class golden_year
{
public:
    explicit golden_year(const fs::path& folder)
    {
        config.storage.directory = folder;
        config.content.intents = make_intents_folder(folder);
        config.content.data = make_data_folder(
            folder,
            {{"2020.yml", text_of(source_folder / "data/plans/2020.yml")},
             {"2027.yml", text_of(plan_file)}});
        config.zalo.app_id = "41";
        config.zalo.oa_id = oa;
        config.zalo.oa_secret_key = "secret";
        config.signing_key = "key";
        config.test_users = {test_user};
        auto records = content::read_procedures(source_folder / "data/procedures").records;
        content_ =
            load_content(config, procedures::catalogue(std::move(records)), folder, 2027y / 1 / 1);
        database_ = sqlite::open_database({.file = folder / "motcua.db"});
        for (const auto& line : lines_of(golden_folder / "log.txt"))
            if (line.size() > 5 && line[2] == '-' && line[0] <= '1')
                run(line);
        enter_results();
        database_.reset(); // all is on disk
    }

    configuration config;

private:
    void run(const std::string& line)
    {
        std::string day;
        std::string time;
        std::string who;
        std::string what;
        std::istringstream in(line);
        in >> day >> time >> who >> what;
        std::string rest;
        std::getline(in, rest);
        rest = trimmed(rest);
        now_ = moment(day, time);
        if (citizens.contains(who))
            contact(citizens.at(who), what, rest);
        else if (who == "web")
            open(rest.substr(0, rest.find(' ')), what, rest.substr(rest.find(' ') + 1));
        else
            act(who, what, rest);
    }

    // ---- citizens

    void contact(const std::string& user, const std::string& what, const std::string& rest)
    {
        const auto sent = now_;
        if (what == "opens" || what == "looks")
            return open(links_.at(user), what == "opens" ? "GET" : "HEAD", rest);
        if (what == "again")
            return deliver(last_, last_sent_);
        last_ = body_of(what.starts_with("says") ? "user_send_text" : what, user, sent);
        if (what.starts_with("says")) {
            auto body = json::parse(last_);
            body["message"]["text"] = what == "says" ? rest : rest.substr(rest.find(": ") + 2);
            last_ = body.dump();
        }
        if (what == "says,") { // heard DAY TIME: TEXT
            std::istringstream in(rest.substr(0, rest.find(": ")));
            std::string heard;
            std::string day;
            std::string time;
            in >> heard >> day >> time;
            now_ = moment(day, time);
        }
        last_sent_ = sent;
        deliver(last_, sent);
    }

    std::string body_of(const std::string& event, const std::string& user, utc_time sent)
    {
        const bool echo = event.starts_with("oa_send");
        const auto timestamp = std::to_string(sent.time_since_epoch().count());
        json body{{"app_id", config.zalo.app_id}, {"event_name", event}, {"timestamp", timestamp}};
        if (event == "follow" || event == "unfollow") {
            body["oa_id"] = oa;
            body["follower"] = {{"id", user}};
            body["source"] = "oa_profile";
        } else {
            body["sender"] = {{"id", echo ? oa : user}};
            body["recipient"] = {{"id", echo ? user : oa}};
            body["message"] = {{"msg_id", fmt::format("m{}", ++messages_)}, {"text", "…"}};
        }
        return body.dump();
    }

    void deliver(const std::string& body, utc_time sent)
    {
        app::event_handler events(
            {.store = database_->writer(),
             .workers = context_.get_executor(),
             .current_content = [this] { return content_; },
             .now = [this] { return now_; },
             .pseudonym = [](std::string_view id) { return pseudonym("key", id); },
             .outgoing_added = [] {},
             .public_url = public_url,
             .is_test_user = [](std::string_view id) { return id == test_user; }});
        webhook receiver(config, events);
        http::request delivery{.method = "POST", .target = "/webhook/zalo", .body = body};
        delivery.fields.emplace_back(
            "x-zevent-signature",
            zalo::sign("41", body, std::to_string(sent.time_since_epoch().count()), "secret"));
        EXPECT_EQ(
            run_coroutine(context_, receiver.receive(std::move(delivery))),
            http::webhook_verdict::accepted)
            << body;
        answer();
    }

    // What waits goes out: 1.2 s after the message, the first three answers on 13 January after
    // 4 s.
    void answer()
    {
        const bool slow = vietnam_date(now_) == 2027y / 1 / 13 && slow_answers_++ < 3;
        for (bool more = true; more;) {
            database_->run_now([&](app::transaction& store) {
                const auto batch = store.claim_due(now_ + (slow ? 4000ms : 1200ms), 100);
                more = !batch.rows.empty();
                for (const auto& row : batch.rows) {
                    store.settle(row.id, {.message_id = fmt::format("z{}", row.id)}, now_ + 5s);
                    const auto link = row.message.text.find(std::string(public_url) + "/d/");
                    if (link != std::string::npos)
                        links_[row.user_id] =
                            row.message.text.substr(link + std::strlen(public_url), 23);
                }
            });
        }
    }

    void open(const std::string& path, const std::string& method, const std::string& status)
    {
        const auto routes = make_landing_routes(
            {.store = database_->writer(),
             .current_content = [this] { return content_; },
             .now = [this] { return now_; },
             .public_url = [] { return std::string(public_url); },
             .oa_id = oa,
             .knows_token =
                 [this](const std::string& token) {
                     return sqlite::link_lookup(config.storage.directory / "motcua.db")
                         .knows(token);
                 },
             .workers = context_.get_executor()},
            {});
        http::request asked{.method = method, .target = path};
        const auto reply = run_coroutine(context_, routes(std::move(asked)));
        EXPECT_EQ(std::to_string(reply.status), status) << path;
    }

    // ---- complaints, all of An

    void act(const std::string& who, const std::string& what, const std::string& rest)
    {
        if (what == "filed")
            return file(who, rest.substr(0, rest.find(' ')), rest.substr(rest.find(' ') + 1));
        if (what == "rate")
            return carry_out(dialogue::rate_complaint{codes_.at(who), std::stoi(rest)});
        complaints::change wish{.transition = what, .by = {role::coordinator, "an"}};
        if (what == "accept")
            wish.unit = "so";
        else if (what == "answer" || what == "ask_more_later")
            wish.message = "Trả lời.";
        else if (what == "refuse")
            wish.refusal = "unclear";
        else if (what == "hide")
            wish.reason = "quảng cáo";
        else if (what == "forward") {
            wish.reason = "khác";
            wish.agency = "Bộ";
        } else if (what != "publish") {
            wish.by = {role::citizen, citizens.at("An")};
            wish.reason = "Chưa xong";
            wish.message = what == "supplement" ? "Thêm" : "";
        }
        database_->run_now([&](app::transaction& store) {
            const auto end =
                app::complaint_unit(store, *content_.knowledge, now_).change(codes_.at(who), wish);
            EXPECT_EQ(end.end, app::desk_end::done) << who << " " << what << ": " << name(end.why);
        });
    }

    void file(const std::string& who, const std::string& category, const std::string& about)
    {
        complaints::complaint content;
        content.user_id = citizens.at("An");
        content.category = category;
        content.about = about;
        content.content = "Nội dung";
        carry_out(dialogue::file_complaint{content}, who == "test");
        database_->run_now([&](app::transaction& store) {
            codes_[who] = store.complaints().of_citizen(citizens.at("An"), 1).at(0).code;
        });
    }

    void carry_out(dialogue::complaint_command effect, bool is_test = false)
    {
        database_->run_now([&](app::transaction& store) {
            dialogue::step_outcome outcome;
            outcome.complaints.push_back(std::move(effect));
            app::complaint_unit(store, *content_.knowledge, now_)
                .carry_out(outcome, citizens.at("An"), is_test);
        });
    }

    // ---- by hand

    void enter_results()
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
            store.reach().add_entry(one, moment("01-31", "17:00"));
            one.day = 2027y / 2 / 1; // February
            store.reach().add_entry(one, moment("02-01", "17:00"));
            one.day = 2027y / 1 / 15;
            const auto wrong = store.reach().add_entry(one, moment("01-15", "17:00"));
            store.reach().withdraw_entry(wrong, "an", moment("01-16", "08:00"));
            one.activity = "A.1";
            one.product = "BINHNUOC";
            one.of = reach::plan_entry::sort::handed_out;
            one.quantity = 1500;
            store.reach().add_entry(one, moment("01-15", "17:00"));
        });
    }

    boost::asio::io_context context_;
    app::content content_;
    std::unique_ptr<sqlite::database> database_;
    utc_time now_{};
    std::map<std::string, std::string> links_; // by user: path of the last one given
    std::map<std::string, std::string> codes_; // of the complaints
    std::string last_;                         // delivery
    utc_time last_sent_{};
    int messages_ = 0;
    int slow_answers_ = 0;
};

// ---- what was reckoned by hand

struct expected
{
    std::string table;
    std::string row;    // a cell of it
    std::string column; // id
    std::string words;  // blanks for no-break spaces
};

std::vector<expected> reckoned()
{
    std::vector<expected> all;
    for (const auto& line : lines_of(golden_folder / "figures.txt")) {
        std::istringstream in(line);
        std::vector<std::string> parts;
        for (std::string part; std::getline(in, part, '|');)
            parts.push_back(trimmed(part));
        if (parts.size() == 4)
            all.push_back({parts[0], parts[1], parts[2], parts[3]});
    }
    return all;
}

std::string plain_words(const reach::cell_value& value)
{
    auto text = words(value);
    for (auto at = text.find("\u00a0"); at != std::string::npos; at = text.find("\u00a0"))
        text.replace(at, 2, " ");
    return text;
}

const reach::cell* find(const reach::report& whole, const expected& what)
{
    for (const auto* table : tables_of(whole)) {
        const auto column = std::ranges::find(table->columns, what.column, &reach::column::id);
        if (table->id != what.table || column == table->columns.end())
            continue;
        for (const auto& row : table->rows)
            for (const auto& cell : row.cells)
                if (words(cell.value) == what.row)
                    return &row.cells[static_cast<std::size_t>(column - table->columns.begin())];
    }
    return nullptr;
}

bool holds(const reach::report& whole, const expected& what)
{
    const auto* const cell = find(whole, what);
    return cell != nullptr && plain_words(cell->value) == what.words;
}

// ---- the files, read again: the cells of each table of the report, in its order

using grid = std::vector<std::vector<std::string>>; // rows without the head

std::vector<grid> json_tables(const std::string& text)
{
    const auto read = json::parse(text);
    std::vector<json> all;
    for (const auto& section : read.at("sections"))
        all.insert(all.end(), section.at("tables").begin(), section.at("tables").end());
    all.insert(all.end(), read.at("annexes").begin(), read.at("annexes").end());
    std::vector<grid> tables;
    for (const auto& one : all) {
        auto& made = tables.emplace_back();
        for (const auto& row : one.at("rows")) {
            auto& cells = made.emplace_back();
            for (const auto& column : one.at("columns"))
                cells.push_back(row.at("cells")
                                    .at(column.at("id").get<std::string>())
                                    .at("words")
                                    .get<std::string>());
        }
    }
    return tables;
}

// The parts of percentages are put behind these: "50.00 (3/6)".
std::vector<grid> csv_tables(const std::string& text, const reach::report& like)
{
    EXPECT_TRUE(text.starts_with("\xef\xbb\xbf"));
    dossiers::csv_reader lines(std::string_view(text).substr(3), ',');
    const auto next = [&lines] {
        const auto record = lines.next();
        return record ? record->cells : std::vector<std::string>{};
    };
    next(); // subject
    next(); // period
    std::vector<grid> tables;
    for (const auto* one : tables_of(like)) {
        EXPECT_EQ(next().at(0), one->title);
        const auto head = next();
        auto& made = tables.emplace_back();
        for (std::size_t r = 0; r < one->rows.size(); ++r) {
            const auto cells = next();
            auto& row = made.emplace_back();
            for (std::size_t i = 0; i < std::min(head.size(), cells.size()); ++i) {
                if (head[i] == "tử số" && !cells[i].empty())
                    row.back() += " (" + cells[i] + "/" + cells[i + 1] + ")";
                else if (head[i] != "tử số" && head[i] != "mẫu số")
                    row.push_back(cells[i]);
            }
        }
        for (const auto& note : one->notes)
            EXPECT_EQ(next().at(0), note);
    }
    return tables;
}

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

// Behind the front a sheet for each table: title, period, blank, head, rows.
std::vector<grid> xlsx_tables(const fs::path& file, const reach::report& like)
{
    std::vector<std::string> texts;
    const auto shared = xml_of(file, "xl/sharedStrings.xml");
    for (const auto& one : shared.select_nodes("/sst/si"))
        texts.push_back(texts_below(one.node(), ".//t"));
    std::vector<grid> tables;
    for (const auto* one : tables_of(like)) {
        const auto tree = xml_of(file, fmt::format("xl/worksheets/sheet{}.xml", tables.size() + 2));
        auto& made = tables.emplace_back();
        for (const auto& found : tree.select_nodes("//sheetData/row")) {
            const auto number = found.node().attribute("r").as_uint();
            if (number < 5 || number >= 5 + one->rows.size())
                continue;
            auto& row = made.emplace_back();
            for (const auto& cell : found.node().children("c")) { // blank ones, too
                const std::string value = cell.child("v").text().get();
                const bool is_text = std::string_view(cell.attribute("t").value()) == "s";
                row.push_back(is_text ? texts.at(std::stoul(value)) : value);
            }
        }
    }
    return tables;
}

// The tables with these heads; the form's own have others.
std::vector<grid> docx_tables(const fs::path& file, const reach::report& like)
{
    const auto tree = xml_of(file, "word/document.xml");
    const auto found = tree.select_nodes("//w:tbl");
    auto from = found.begin();
    std::vector<grid> tables;
    for (const auto* one : tables_of(like)) {
        auto& made = tables.emplace_back();
        for (bool is_it = false; !is_it && from != found.end(); ++from) {
            made.clear();
            for (const auto& row : from->node().children("w:tr")) {
                auto& cells = made.emplace_back();
                for (const auto& cell : row.children("w:tc"))
                    cells.push_back(texts_below(cell, ".//w:t"));
            }
            is_it = made.size() == one->rows.size() + 1 && made[0].size() == one->columns.size() &&
                    made[0].back() == one->columns.back().title;
        }
        if (!made.empty())
            made.erase(made.begin());
    }
    return tables;
}

// How a kind of file shows a cell: a number within `tolerance` and what is behind it, or text.
struct shown
{
    std::string text;
    std::optional<double> number = {};
    double tolerance = 1e-9;
};

void expect_every_cell(
    const reach::report& wanted,
    const std::vector<grid>& read,
    const std::function<shown(const reach::cell&)>& as)
{
    const auto tables = tables_of(wanted);
    ASSERT_EQ(read.size(), tables.size());
    for (std::size_t t = 0; t < tables.size(); ++t) {
        ASSERT_EQ(read[t].size(), tables[t]->rows.size()) << tables[t]->id;
        for (std::size_t r = 0; r < read[t].size(); ++r) {
            const auto& cells = tables[t]->rows[r].cells;
            ASSERT_EQ(read[t][r].size(), cells.size()) << tables[t]->id << " row " << r;
            for (std::size_t c = 0; c < cells.size(); ++c) {
                const auto one = as(cells[c]);
                const auto place = fmt::format("{} row {} column {}", tables[t]->id, r, c);
                if (!one.number) {
                    EXPECT_EQ(read[t][r][c], one.text) << place;
                    continue;
                }
                EXPECT_NEAR(std::stod(read[t][r][c]), *one.number, one.tolerance) << place;
                EXPECT_THAT(read[t][r][c], testing::EndsWith(one.text)) << place;
            }
        }
    }
}

shown in_words(const reach::cell& cell)
{
    return {words(cell.value)};
}

shown in_word(const reach::cell& cell)
{
    return {cell.same_as_above ? std::string() : words(cell.value)};
}

shown in_csv(const reach::cell& cell)
{
    if (const auto* const part = std::get_if<reach::share>(&cell.value); part && part->whole != 0)
        return {
            fmt::format("({}/{})", part->part, part->whole),
            100.0 * static_cast<double>(part->part) / static_cast<double>(part->whole),
            0.005};
    if (const auto* const part = std::get_if<reach::share>(&cell.value))
        return {fmt::format("– ({}/{})", part->part, part->whole)};
    if (const auto* const span = std::get_if<std::chrono::milliseconds>(&cell.value))
        return {{}, static_cast<double>(span->count()) / 1000};
    if (const auto* const day = std::get_if<std::chrono::year_month_day>(&cell.value))
        return {reach::to_text(*day)};
    if (const auto* const number = std::get_if<std::int64_t>(&cell.value))
        return {{}, static_cast<double>(*number)};
    const auto text = words(cell.value);
    return {(text.starts_with('=') ? "'" : "") + text};
}

shown in_excel(const reach::cell& cell)
{
    if (cell.same_as_above)
        return {};
    if (const auto* const part = std::get_if<reach::share>(&cell.value); part && part->whole != 0)
        return {{}, static_cast<double>(part->part) / static_cast<double>(part->whole)};
    if (const auto* const span = std::get_if<std::chrono::milliseconds>(&cell.value))
        return {{}, static_cast<double>(span->count()) / 86'400'000.0};
    if (const auto* const day = std::get_if<std::chrono::year_month_day>(&cell.value))
        return {
            {},
            static_cast<double>(
                (std::chrono::sys_days(*day) - std::chrono::sys_days(1899y / 12 / 30)).count())};
    if (const auto* const number = std::get_if<std::int64_t>(&cell.value))
        return {{}, static_cast<double>(*number)};
    return {words(cell.value)};
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

TEST_F(GoldenReport, HasTheFiguresReckonedByHand)
{
    const auto all = reckoned();
    EXPECT_GT(all.size(), 80U);
    for (const auto& one : all) {
        const auto* const cell = find(made(), one);
        const auto place = one.table + " | " + one.row + " | " + one.column;
        ASSERT_NE(cell, nullptr) << place;
        EXPECT_EQ(plain_words(cell->value), one.words) << place;
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
    const auto table = reckoned();
    const auto notices = [&](const reach::kpi& broken) {
        auto changed = content();
        *std::ranges::find(changed.kpis.kpis, broken.id, &reach::kpi::id) = broken;
        const auto whole = make_report(counted, rows, changed, {.period = january});
        return !std::ranges::all_of(
            table, [&whole](const expected& one) { return holds(whole, one); });
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

TEST_F(GoldenReport, SaysWhatChangedAfterwards)
{
    for (const auto* table : tables_of(made()))
        EXPECT_NE(table->id, "corrections") << "the late one belongs to December";
    const auto december =
        make_report(config(), content(), {}, {.period = {2026y / 12 / 1, 2026y / 12 / 31}});
    const auto* const last = tables_of(december).back();
    ASSERT_EQ(last->id, "corrections");
    EXPECT_EQ(words(last->rows.at(0).cells.at(3).value), "Tin nhắn đến muộn");
}

TEST_F(GoldenReport, EveryFileHoldsEveryCell)
{
    expect_every_cell(made(), json_tables(report::report_json(made())), in_words);
    expect_every_cell(made(), csv_tables(report::report_csv(made()), made()), in_csv);
    report::write_xlsx(made(), folder() / "out.xlsx");
    expect_every_cell(made(), xlsx_tables(folder() / "out.xlsx", made()), in_excel);
    report::write_docx(made(), source_folder / "data/report-template.docx", folder() / "out.docx");
    expect_every_cell(made(), docx_tables(folder() / "out.docx", made()), in_word);
}

TEST_F(GoldenReport, IsProvedAndSaysSo)
{
    const auto proof = verify(config(), content(), january);
    EXPECT_GT(proof.cells, 500U);
    EXPECT_THAT(proof.differences, IsEmpty());
    EXPECT_THAT(proof.contacts.differences, IsEmpty());
    EXPECT_EQ(proof.contacts.contacts, 27); // 20, unfollow, three tests, two before, one after
    EXPECT_EQ(proof.contacts.unprovable, 0);
    const auto line = words(proof);
    const auto whole = make_report(config(), content(), {}, {.period = january, .verified = line});
    EXPECT_THAT(report::report_csv(whole), HasSubstr("Đối chiếu với dữ liệu gốc: " + line));
}

// The database has no procedures, the other content has: what was asked about them is understood
// by it alone.
TEST_F(GoldenReport, ItsMessagesAreHeardAgainByOtherContent)
{
    testing::internal::CaptureStdout();
    const int status = replay_events(
        config(),
        {.from = "2027-01-01",
         .to = "2027-01-31",
         .against = folder(),
         .max_lost = "0",
         .max_changed = "0",
         .limit = 100,
         .json = true});
    const auto told = json::parse(testing::internal::GetCapturedStdout());
    EXPECT_EQ(status, 1);
    EXPECT_EQ(told.at("messages").get<int>(), 23); // 19, three tests, the one never acted on
    EXPECT_EQ(told.at("newly_lost").get<int>(), 0);
    EXPECT_GT(told.at("changed").get<int>(), 0);
    EXPECT_EQ(told.dump().find("1001"), std::string::npos);
}

// Each change to one row of one table, then undone. Whether a change of a case was late is a fact
// of its moment, which nothing else tells: rules change.
TEST_F(GoldenReport, ATamperedRowIsFound)
{
    const auto database = folder() / "motcua.db";
    for (const std::string change :
         {"UPDATE complaint_history SET at_ms = at_ms + 3000000000 WHERE to_state = 'refused'",
          "DELETE FROM complaint_history WHERE what = 'withdraw'",
          "UPDATE complaint_history SET to_state = 'refused' WHERE what = 'forward'",
          "UPDATE complaints SET record = json_set(record, '$.state', 'refused', "
          "'$.course[1].state', 'refused') WHERE state = 'processing'",
          "UPDATE complaints SET category = 'fees' WHERE state = 'hidden'",
          "UPDATE interactions SET outcome = 'answered' WHERE outcome = 'not_understood'",
          "UPDATE interactions SET at_ms = at_ms - 1 WHERE kind = 'follow'",
          "UPDATE interactions SET test = 0 WHERE test = 1",
          "UPDATE interactions SET citizen = (SELECT min(citizen) FROM interactions), pseudonym = "
          "(SELECT min(pseudonym) FROM interactions) WHERE kind = 'follow'",
          "DELETE FROM interactions WHERE id = (SELECT max(id) FROM interactions)",
          "UPDATE reach_daily SET contacts = contacts + 1 "
          "WHERE day = (SELECT min(day) FROM reach_daily)",
          "DELETE FROM link_clicks WHERE id = 1"}) {
        fs::copy_file(database, folder() / "kept");
        execute(change);
        EXPECT_FALSE(verify(config(), content(), january).holds()) << change;
        fs::rename(folder() / "kept", database);
        for (const auto* more : {"-wal", "-shm"})
            fs::remove(database.string() + more);
    }
    EXPECT_TRUE(verify(config(), content(), january).holds());
}

} // namespace
} // namespace motcua
