#include "demo_data.hpp"
#include "procedure_source.hpp"
#include "report_desk.hpp"

#include <adapters/sqlite/temporary_store.hpp>
#include <core/reach/golden_log.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/core/reach/row_query.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace motcua {
namespace {

namespace golden = reach::golden;
using namespace std::chrono_literals;
using nlohmann::json;

constexpr utc_time sunday = std::chrono::sys_days{2026y / 11 / 22} + 3h;

const dialogue::knowledge& known()
{
    static const auto read = content::read_knowledge(
        std::string(MOTCUA_SOURCE_DIR) + "/intents", std::string(MOTCUA_SOURCE_DIR) + "/data");
    return read.known;
}

// Contacts of January, links, landing pages, answers in time, complaints of the last months, and
// what staff have entered.
class ReportDesk : public testing::Test
{
protected:
    ReportDesk()
    {
        config_.storage.directory = folder_.file().parent_path();
        config_.content.data = std::string(MOTCUA_SOURCE_DIR) + "/data";
        const auto database = sqlite::open_database({.file = database_file(config_)});
        for (const auto& one : golden::contacts())
            database->run_now([&one](app::transaction& t) { t.add_interaction(one); });
        database->run_now([](app::transaction& t) { enter(t); });
        const auto texts = read_demo_texts(config_.content.data / "demo.yml");
        fill_demo(*database, known(), texts, {.seed = 1, .complaints = 60, .now = sunday});
        desk_ = make_report_desk(config_, [] { return std::string("https://kenh.example"); });
    }

    static void enter(app::transaction& t)
    {
        const auto noon = golden::local(2026y / 1 / 5, 12h);
        app::tracked_link link;
        link.token = "b";
        link.target = "https://dichvucong.gov.vn/b";
        link.pseudonym = "B";
        link.procedure = "1.004222";
        link.field = "Đăng ký, quản lý cư trú";
        link.activity = "2020/II.5";
        t.reach().put_link(link, noon);
        t.reach().open_link("b", noon);
        t.reach().open_link("b", noon);
        t.reach().count_scan("2020/II.5", "BINHNUOC", noon);
        using sort = reach::plan_entry::sort;
        const auto entry = [&t](sort of, std::string product, std::int64_t quantity, unsigned day) {
            reach::plan_entry one;
            one.plan = "2020";
            one.activity = of == sort::result ? "II.1" : "II.5";
            one.of = of;
            one.product = std::move(product);
            one.day = 2026y / 1 / std::chrono::day(day);
            one.quantity = quantity;
            one.unit = "cái";
            one.participants = of == sort::result ? 40 : 0;
            one.entered_by = "s-an";
            return t.reach().add_entry(one, sunday);
        };
        entry(sort::handed_out, "BINHNUOC", 250, 3);
        entry(sort::handed_out, "MOCKHOA", 1000, 4);
        entry(sort::result, "II.1.d1", 3, 31);
        entry(sort::result, "II.1.d1", 2, 1);
        t.reach().withdraw_entry(entry(sort::result, "II.1.d1", 7, 1), "s-an", sunday);
        for (const auto* text : {"xyz qwerty", "XYZ Qwerty", "hỏi một lần"})
            t.add_unknown({.at = noon, .text = text}, 100);
    }

    json report(const reach::period& span, bool mask_small = false)
    {
        return json::parse(desk_->make(
            known(),
            {.plan = "2020", .period = span, .mask_small = mask_small},
            app::report_format::json));
    }

    app::figure_rows rows(const std::string& figure, std::size_t offset, std::size_t limit)
    {
        return desk_->rows(known(), reach::row_query_from(figure).value(), offset, limit);
    }

    sqlite::temporary_folder folder_;
    configuration config_;
    std::shared_ptr<app::report_desk> desk_;
};

std::size_t listed(const app::figure_rows& found)
{
    return found.contacts.size() + found.answers.size() + found.complaints.size() +
           found.entries.size() + found.unknown.size();
}

// Every table of the report, with each cell that names rows.
template <class Check>
void for_counted_cells(const json& report, const Check& check)
{
    auto tables = report["annexes"].get<std::vector<json>>();
    for (const auto& section : report["sections"])
        for (const auto& table : section["tables"])
            tables.push_back(table);
    for (const auto& table : tables)
        for (const auto& row : table["rows"])
            for (const auto& [column, cell] : row["cells"].items())
                if (cell.contains("rows"))
                    check(row["cells"], column, cell);
}

// What the figure says, and how many there are of it.
struct both
{
    std::int64_t said = 0;
    std::int64_t found = 0;
};

TEST_F(ReportDesk, EveryFigureHasAsManyRowsAsItSays)
{
    std::set<std::string> kinds;
    std::map<std::string, app::figure_rows> known_rows; // a figure stands in several tables
    for (const auto& span :
         {golden::january, golden::december, reach::period{2026y / 1 / 1, 2026y / 12 / 31}}) {
        const auto check = [&](const json& row, const std::string& column, const json& cell) {
            const auto figure = cell["rows"].get<std::string>();
            const auto before = known_rows.find(figure);
            const auto& found = before != known_rows.end()
                                    ? before->second
                                    : known_rows[figure] = rows(figure, 0, 100'000);
            EXPECT_EQ(static_cast<std::int64_t>(listed(found)), found.total) << figure;
            const auto& type = cell["type"];
            if (type == "seconds" || type == "none") {
                EXPECT_EQ(type == "none", found.total == 0) << figure;
                return;
            }
            const bool by_hand =
                figure.starts_with("entries") && figure.find("made=") == figure.npos;
            const bool people =
                column == "participants" ||
                (row.contains("measure") && row["measure"]["words"] == "Số người tham gia");
            const both counted{
                .said = type == "share" ? cell["part"].get<std::int64_t>()
                                        : cell["value"].get<std::int64_t>(),
                .found = people    ? found.participants
                         : by_hand ? found.quantity
                                   : found.total};
            EXPECT_EQ(counted.found, counted.said) << figure;
            if (counted.said != 0)
                kinds.insert(
                    figure.substr(0, figure.find('?')) +
                    (figure.find("made=") == figure.npos ? "" : " of a correction"));
        };
        for_counted_cells(report(span), check);
    }
    EXPECT_EQ(
        kinds,
        (std::set<std::string>{
            "contacts",
            "contacts of a correction",
            "people",
            "complaints",
            "entries",
            "entries of a correction",
            "unknown"}));
}

TEST_F(ReportDesk, PagesOfRowsJoinWithoutGapOrOverlap)
{
    for (const std::string figure :
         {"contacts?from=2026-01-01&to=2026-01-31&measures=contact",
          "people?from=2026-01-01&to=2026-01-31&measures=contact",
          "complaints?from=2026-01-01&to=2026-12-31&figure=new",
          "entries?from=2026-01-01&to=2026-01-31&activity=2020/II.5"}) {
        const auto all = rows(figure, 0, 100'000);
        std::size_t seen = 0;
        for (std::size_t offset = 0;; offset += 2) {
            const auto page = rows(figure, offset, 2);
            EXPECT_EQ(page.total, all.total);
            EXPECT_EQ(page.quantity, all.quantity);
            if (listed(page) == 0)
                break;
            for (std::size_t i = 0; i < page.contacts.size(); ++i)
                EXPECT_EQ(page.contacts[i].id, all.contacts[offset + i].id) << figure;
            for (std::size_t i = 0; i < page.complaints.size(); ++i)
                EXPECT_EQ(page.complaints[i].code, all.complaints[offset + i].code) << figure;
            seen += listed(page);
        }
        EXPECT_EQ(seen, listed(all)) << figure;
        EXPECT_GT(seen, 1U) << figure;
    }
}

TEST_F(ReportDesk, DaysAddUpToTheFigures)
{
    const reach::period year{2025y / 12 / 1, 2026y / 12 / 31};
    const auto days = desk_->days(year);
    ASSERT_EQ(days.size(), 396U);
    EXPECT_EQ(days.front().day, year.from);
    EXPECT_EQ(days.back().day, year.to);
    std::int64_t contacts = 0;
    std::int64_t january = 0;
    for (const auto& one : days) {
        contacts += one.of.count(reach::measure::contact);
        if (golden::january.from <= one.day && one.day <= golden::january.to)
            january += one.of.count(reach::measure::contact);
    }
    EXPECT_EQ(january, 13) << "computed by hand: golden_log.hpp";
    EXPECT_EQ(
        contacts, rows("contacts?from=2025-12-01&to=2026-12-31&measures=contact", 0, 1).total);
}

TEST_F(ReportDesk, RowsNameNobody)
{
    const auto people = rows("people?from=2026-01-01&to=2026-01-31&measures=contact", 0, 100);
    ASSERT_EQ(people.contacts.size(), 4U);
    for (const auto& one : people.contacts)
        EXPECT_EQ(one.contact.pseudonym, "");
    for (const auto& one :
         rows("complaints?from=2026-01-01&to=2026-12-31&figure=new", 0, 1000).complaints) {
        EXPECT_EQ(one.content, "");
        EXPECT_EQ(one.user_id, "");
        EXPECT_EQ(one.from.phone, "");
    }
}

TEST_F(ReportDesk, FilesAreWhatTheirNamesSayAndLeaveNothingBehind)
{
    const app::report_wish wish{.plan = "2020", .period = golden::january};
    const auto file = [&](app::report_format format) { return desk_->make(known(), wish, format); };
    EXPECT_TRUE(file(app::report_format::xlsx).starts_with("PK"));
    EXPECT_TRUE(file(app::report_format::docx).starts_with("PK"));
    EXPECT_TRUE(file(app::report_format::csv).starts_with("\xef\xbb\xbf"));
    EXPECT_EQ(file(app::report_format::xlsx), file(app::report_format::xlsx)) << "same bytes";
    for (const auto& one : std::filesystem::directory_iterator(config_.storage.directory))
        EXPECT_FALSE(one.path().filename().string().starts_with("report-")) << one.path();
}

TEST_F(ReportDesk, SmallNumbersAreMaskedWhenWished)
{
    EXPECT_EQ(report(golden::january).dump().find("<5"), std::string::npos);
    EXPECT_NE(report(golden::january, true).dump().find("<5"), std::string::npos);
}

TEST_F(ReportDesk, KeywordsHaveAPageAndACode)
{
    EXPECT_EQ(desk_->landing_page("BINHNUOC"), "https://kenh.example/q/BINHNUOC");
    EXPECT_TRUE(desk_->landing_code("BINHNUOC", true).starts_with("<svg"));
    EXPECT_TRUE(desk_->landing_code("BINHNUOC", false).starts_with("\x89PNG"));
}

} // namespace
} // namespace motcua
