#include "desk.hpp"
#include "plan_entry_routes.hpp"
#include "reach_routes.hpp"
#include "report_link_routes.hpp"

#include <gmock/gmock.h>
#include <motcua/adapters/sqlite/reach.hpp>
#include <motcua/app/casework.hpp>

#include <algorithm>
#include <optional>

namespace motcua::staff_api {
namespace {

using app::staff_role;
using namespace std::chrono_literals;

// Reports that say what they were asked for; entries are those of the store.
class given_reports final : public app::report_desk
{
public:
    explicit given_reports(std::filesystem::path file) : file_(std::move(file)) {}

    std::string make(
        const dialogue::knowledge&,
        const app::report_wish& wish,
        app::report_format format) override
    {
        ++made;
        return json{
            {"plan", wish.plan},
            {"from", reach::to_text(wish.period.from)},
            {"to", reach::to_text(wish.period.to)},
            {"mask_small", wish.mask_small},
            {"format", name(format)}}
            .dump();
    }
    std::vector<app::day_contacts> days(const reach::period& span) override
    {
        app::day_contacts one{.day = span.from, .of = {}};
        using reach::bit;
        using reach::measure;
        one.of.contacts[bit(measure::contact) | bit(measure::question) | bit(measure::answered)] =
            7;
        one.of.contacts[bit(measure::contact) | bit(measure::visit)] = 2;
        return {one};
    }
    app::figure_rows rows(
        const dialogue::knowledge&,
        const reach::row_query& query,
        std::size_t offset,
        std::size_t limit) override
    {
        asked = query;
        asked_offset = offset;
        asked_limit = limit;
        return found;
    }
    std::vector<reach::plan_entry> entries(const std::string& plan) override
    {
        return sqlite::open_reach_reader(file_)->entries(plan);
    }
    std::string landing_page(const std::string& keyword) const override
    {
        return "https://kenh.example/q/" + keyword;
    }
    std::string landing_code(const std::string& keyword, bool drawing) const override
    {
        return (drawing ? "svg of " : "png of ") + keyword;
    }

    int made = 0;
    app::figure_rows found;
    std::optional<reach::row_query> asked;
    std::size_t asked_offset = 0;
    std::size_t asked_limit = 0;

private:
    std::filesystem::path file_;
};

class collecting_sink final : public http::body_sink
{
public:
    asio::awaitable<bool> write(std::string piece) override
    {
        all += piece;
        co_return true;
    }
    std::string all;
};

class ReachRoutes : public Desk
{
protected:
    ReachRoutes()
    {
        parts.reports = {.desk = desk, .worker = workers.get_executor()};
        const directory known{
            .units = [](app::reader& from) { return app::unit_tree_of(from.accounts()); },
            .names = {},
            .audit = {}};
        add_reach_routes(routes, parts, queue, known);
        add_plan_entry_routes(routes, parts, queue);
        add_report_link_routes(routes, parts, queue);
    }

    static json result(std::int64_t quantity = 3)
    {
        return {
            {"sort", "result"},
            {"activity", "II.1"},
            {"product", "II.1.d1"},
            {"day", "2026-11-10"},
            {"quantity", quantity},
            {"participants", 40},
            {"evidence_link", "https://tayninh.gov.vn/tap-huan"}};
    }
    static json with(json body, const std::string& field, json value)
    {
        body[field] = std::move(value);
        return body;
    }
    json
    sent(const std::string& method, const std::string& target, const json& body, unsigned status)
    {
        const auto got = send(method, target, body);
        EXPECT_EQ(got.status, status) << got.body;
        return got.body.empty() ? json() : json::parse(got.body);
    }
    // A file as the body; returns the answer's.
    std::string send_bytes(const std::string& target, const std::string& bytes, unsigned status)
    {
        http::request asked;
        asked.method = "POST";
        asked.target = "/api/v1" + target;
        asked.fields = {
            {"host", "desk.example"}, {"origin", "https://desk.example"}, {"x-csrf-token", "csrf"}};
        asked.body = bytes;
        const auto got = run_coroutine(context, routes.handle(std::move(asked)));
        EXPECT_EQ(got.status, status) << got.body;
        return got.body;
    }
    std::string streamed(const http::response& from)
    {
        collecting_sink sink;
        run_coroutine(context, from.stream(sink));
        return sink.all;
    }
    std::vector<std::string> audited() // oldest first: action, subject, detail
    {
        std::vector<std::string> out;
        for (const auto& row : store->open_reader()->audit().rows({}))
            out.insert(
                out.begin(), row.entry.action + "|" + row.entry.subject + "|" + row.entry.detail);
        return out;
    }
    std::string token_of(const json& added)
    {
        const auto path = added["path"].get<std::string>();
        const auto begin = std::string("/api/v1").size();
        return path.substr(begin);
    }
    json added_link(const std::string& span = "last_month")
    {
        return sent(
            "POST",
            "/report-links",
            {{"name", "Bảng tính"}, {"plan", "2020"}, {"span", span}, {"mask_small", true}},
            201);
    }

    std::shared_ptr<given_reports> desk = std::make_shared<given_reports>(folder.file());
    report_queue queue{parts};
};

TEST_F(ReachRoutes, PlansComeWithActivitiesProductsAndKeywords)
{
    const auto plans = get("/plans");
    EXPECT_EQ(plans["current"], "2020") << "the newest, as none is in force";
    EXPECT_EQ(plans["today"], "2026-11-16");
    const auto& plan = plans["items"][0];
    ASSERT_EQ(plan["activities"].size(), 8U);
    EXPECT_EQ(plan["activities"][0]["products"][0]["by_hand"], "tài liệu, video, danh sách, tin");
    EXPECT_TRUE(plan["activities"][0]["products"][1]["by_hand"].is_null());
    EXPECT_EQ(plan["activities"][4]["keywords"][0]["page"], "https://kenh.example/q/BINHNUOC");
    EXPECT_EQ(plan["activities"][4]["keywords"][0]["payload"], "#keyword:BINHNUOC");
}

TEST_F(ReachRoutes, AReportIsMadeOfTheWish)
{
    const auto made = get("/plans/2020/report?from=2026-01-01&to=2026-03-31&mask_small=true");
    EXPECT_EQ(
        made,
        json(
            {{"plan", "2020"},
             {"from", "2026-01-01"},
             {"to", "2026-03-31"},
             {"mask_small", true},
             {"format", "json"}}));
    EXPECT_TRUE(audited().empty()) << "looking at figures is no act";
}

TEST_F(ReachRoutes, AFileIsSavedUnderItsPeriodAndAudited)
{
    const auto got =
        send("GET", "/plans/2020/report/file?from=2026-01-01&to=2026-03-31&format=xlsx");
    ASSERT_EQ(got.status, 200U);
    EXPECT_NE(got.content_type.find("spreadsheetml"), std::string::npos);
    const std::pair<std::string, std::string> name{
        "Content-Disposition", "attachment; filename=\"bao-cao-2026-01-01-2026-03-31.xlsx\""};
    EXPECT_NE(std::ranges::find(got.fields, name), got.fields.end());
    EXPECT_EQ(audited(), std::vector<std::string>{"report|2020|2026-01-01-2026-03-31, xlsx"});
}

TEST_F(ReachRoutes, WhatIsNoPeriodOrPlanIsRefused)
{
    const std::string report = "/plans/2020/report";
    for (const std::string query :
         {"",
          "?from=2026-01-01",
          "?from=2026-02-30&to=2026-03-01",
          "?from=2026-01-02&to=2026-01-01",
          "?from=2000-01-01&to=2026-01-01",
          "?from=2026-01-01&to=2026-01-31&mask_small=maybe"})
        EXPECT_EQ(status_of(report + query), 422U) << query;
    const std::string good = "?from=2026-01-01&to=2026-01-31";
    EXPECT_EQ(status_of("/plans/1999/report" + good), 404U);
    EXPECT_EQ(status_of(report + "/file" + good + "&format=pdf"), 422U);
    EXPECT_EQ(status_of("/reach/days?from=2026-01-01"), 422U);
    EXPECT_EQ(status_of("/reach/rows"), 422U);
    EXPECT_EQ(status_of("/reach/rows?figure=secrets%3Ffrom%3D2026-01-01"), 422U);
    EXPECT_EQ(desk->made, 0);
}

TEST_F(ReachRoutes, DaysSayWhatTheirContactsCountAs)
{
    const auto days = get("/reach/days?from=2026-01-01&to=2026-01-01")["items"];
    ASSERT_EQ(days.size(), 1U);
    EXPECT_EQ(days[0]["contacts"], 9);
    EXPECT_EQ(days[0]["questions"], 7);
    EXPECT_EQ(days[0]["answered"], 7);
    EXPECT_EQ(days[0]["sessions"], 2);
    EXPECT_EQ(days[0]["not_understood"], 0);
}

const std::string people_figure =
    "/reach/rows?figure=people%3Ffrom%3D2026-01-01%26to%3D2026-01-31%26measures%3Dlookup";

TEST_F(ReachRoutes, RowsAreAskedForByTheFigure)
{
    desk->found.total = 120;
    const auto rows = get(people_figure + "&offset=50");
    EXPECT_EQ(rows["kind"], "people");
    EXPECT_EQ(rows["total"], 120);
    ASSERT_TRUE(desk->asked);
    EXPECT_EQ(to_text(*desk->asked), "people?from=2026-01-01&to=2026-01-31&measures=lookup");
    EXPECT_EQ(desk->asked_offset, 50U);
    EXPECT_EQ(desk->asked_limit, 50U);
    EXPECT_EQ(status_of(people_figure + "&offset=-1"), 422U);
}

TEST_F(ReachRoutes, WhoWroteWhenIsForThoseWhoWorkWithCases)
{
    app::reach_reader::contact_row row;
    row.at = now;
    row.citizen = 4711;
    row.contact.outcome = reach::outcome::answered;
    desk->found = {};
    desk->found.total = 1;
    desk->found.contacts = {row};
    for (const auto role : {staff_role::officer, staff_role::coordinator, staff_role::admin}) {
        sign_in("an", {role});
        const auto shown = get(people_figure)["contacts"][0];
        EXPECT_EQ(shown["at"], instant(now));
        EXPECT_EQ(shown["citizen"], 4711);
    }
    for (const auto role : {staff_role::viewer, staff_role::editor}) {
        sign_in("an", {role});
        const auto shown = get(people_figure)["contacts"][0];
        EXPECT_EQ(shown["day"], "2026-11-16");
        EXPECT_TRUE(shown["at"].is_null());
        EXPECT_TRUE(shown["citizen"].is_null());
    }
}

TEST_F(ReachRoutes, AComplaintHasItsCodeForThoseWhoMaySeeIt)
{
    write([](app::transaction& t) {
        t.accounts().put_unit(app::unit{.id = "u-1", .name = "Sở"});
        t.accounts().put_unit(app::unit{.id = "u-2", .name = "Phòng", .parent = "u-1"});
    });
    auto theirs = filed("chậm");
    theirs.unit = "u-2";
    desk->found = {};
    desk->found.total = 1;
    desk->found.complaints = {theirs};
    const std::string figure =
        "/reach/rows?figure=complaints%3Ffrom%3D2026-01-01%26to%3D2026-12-31%26figure%3Dnew";
    const auto code = [&] { return get(figure)["complaints"][0]["code"]; };
    EXPECT_EQ(code(), theirs.code);
    sign_in("binh", {staff_role::officer}, "u-1");
    EXPECT_EQ(code(), theirs.code) << "of a unit below";
    sign_in("chi", {staff_role::officer}, "u-9");
    EXPECT_TRUE(code().is_null());
    sign_in("dung", {staff_role::viewer});
    EXPECT_TRUE(code().is_null());
    EXPECT_EQ(get(figure)["total"], 1) << "it counts all the same";
}

TEST_F(ReachRoutes, AnEntryIsStoredWithWhoEnteredIt)
{
    const auto made = sent("POST", "/plans/2020/entries", result(), 201);
    EXPECT_EQ(made["entered_by"], "an");
    EXPECT_EQ(made["entered_at"], instant(now));
    EXPECT_EQ(made["unit"], "tài liệu, video, danh sách, tin") << "the plan's";
    EXPECT_TRUE(made["withdrawn_at"].is_null());
    EXPECT_EQ(get("/plans/2020/entries")["items"], json::array({made}));
    EXPECT_EQ(
        audited(),
        std::vector<std::string>{
            "plan_entry|2020/II.1|Nhập II.1.d1, 2026-11-10: 3 tài liệu, video, danh sách, tin"});
}

TEST_F(ReachRoutes, WhatIsNoEntryIsRefusedAtItsField)
{
    const json material{
        {"sort", "handed_out"},
        {"activity", "II.5"},
        {"product", "BINHNUOC"},
        {"day", "2026-11-10"},
        {"quantity", 250}};
    const std::vector<std::pair<json, std::string>> refused{
        {with(result(), "activity", "II.9"), "activity"},
        {with(result(), "product", "II.1.d2"), "product"},
        {with(result(), "product", "BINHNUOC"), "product"},
        {with(material, "product", "II.5.d1"), "product"},
        {with(material, "product", "CCHCNOIBO"), "product"},
        {with(result(), "day", "10/11/2026"), "day"},
        {with(result(), "day", "2026-11-17"), "day"},
        {with(result(), "quantity", 0), "quantity"},
        {with(result(), "quantity", "3"), "quantity"},
        {with(result(), "participants", -1), "participants"},
        {with(result(), "evidence_link", "javascript:alert(1)"), "evidence_link"},
        {with(result(), "evidence_link", "https://"), "evidence_link"},
        {with(result(), "evidence_link", nullptr), "note"},
        {with(result(), "entered_by", "binh"), "entered_by"},
        {with(result(), "sort", "gift"), "sort"}};
    for (const auto& [body, blamed] : refused) {
        const auto answer = sent("POST", "/plans/2020/entries", body, 422);
        EXPECT_EQ(answer["errors"][0]["field"], blamed) << body;
    }
    EXPECT_TRUE(get("/plans/2020/entries")["items"].empty());
    EXPECT_EQ(sent("POST", "/plans/2020/entries", material, 201)["unit"], "cái");
    EXPECT_EQ(sent("POST", "/plans/2019/entries", material, 404)["status"], 404);
    // Today is a day too; a note is evidence as well.
    sent(
        "POST",
        "/plans/2020/entries",
        with(
            with(with(result(), "day", "2026-11-16"), "evidence_link", nullptr),
            "note",
            "Hội trường"),
        201);
}

// Files are evidence too: kept once by their content, named by entries, read by everybody.
TEST_F(ReachRoutes, AFileKeptAsEvidenceComesBackWithItsEntry)
{
    const std::string bytes = "%PDF-1.4 biên bản";
    const auto kept = json::parse(
        send_bytes("/plans/2020/evidence?name=Bi%C3%AAn%20b%E1%BA%A3n.pdf", bytes, 201));
    EXPECT_EQ(kept["name"], "Biên bản.pdf");
    EXPECT_EQ(kept["bytes"], bytes.size());
    auto body = with(with(result(), "evidence_link", nullptr), "evidence_file", kept["file"]);
    EXPECT_EQ(
        sent("POST", "/plans/2020/entries", body, 422)["errors"][0]["field"], "evidence_name");
    const auto made =
        sent("POST", "/plans/2020/entries", with(body, "evidence_name", kept["name"]), 201);
    EXPECT_EQ(made["evidence_file"], kept["file"]);
    EXPECT_EQ(get("/plans/2020/entries")["items"][0]["evidence_name"], "Biên bản.pdf");

    sign_in("chi", {staff_role::viewer});
    const auto path = "/plans/2020/entries/" + made["id"].get<std::string>() + "/evidence";
    const auto got = send("GET", path);
    EXPECT_EQ(got.status, 200U);
    EXPECT_EQ(got.content_type, "application/pdf");
    EXPECT_EQ(streamed(got), bytes);
    const auto shown = std::ranges::find(
        got.fields,
        std::string("Content-Disposition"),
        &std::pair<std::string, std::string>::first);
    ASSERT_NE(shown, got.fields.end());
    EXPECT_NE(shown->second.find("attachment"), std::string::npos);
    EXPECT_NE(shown->second.find("Bi%C3%AAn%20b%E1%BA%A3n.pdf"), std::string::npos);
    send_bytes("/plans/2020/evidence?name=a.pdf", bytes, 403);
}

TEST_F(ReachRoutes, EvidenceThatIsNotKeptIsRefused)
{
    send_bytes("/plans/2020/evidence?name=a.pdf", "", 422);
    send_bytes("/plans/2020/evidence?name=..", "x", 422);
    send_bytes("/plans/2020/evidence", "x", 422);
    send_bytes("/plans/1999/evidence?name=a.pdf", "x", 404);
    const auto unknown =
        with(with(result(), "evidence_file", std::string(64, 'a')), "evidence_name", "a.pdf");
    EXPECT_EQ(
        sent("POST", "/plans/2020/entries", unknown, 422)["errors"][0]["field"], "evidence_file");
    const auto made = sent("POST", "/plans/2020/entries", result(), 201);
    const auto path = "/plans/2020/entries/" + made["id"].get<std::string>();
    EXPECT_EQ(sent("PUT", path, unknown, 422)["errors"][0]["field"], "evidence_file");
    EXPECT_TRUE(get("/plans/2020/entries")["items"][0]["withdrawn_by"].is_null());
    EXPECT_EQ(status_of(path + "/evidence"), 404U);
}

TEST_F(ReachRoutes, ACorrectionTakesThePlaceOfTheFormerEntryAndBothStay)
{
    const auto former = sent("POST", "/plans/2020/entries", result(3), 201);
    const auto path = "/plans/2020/entries/" + former["id"].get<std::string>();
    sign_in("binh", {staff_role::editor});
    const auto made = sent("PUT", path, result(5), 200);
    EXPECT_NE(made["id"], former["id"]);
    const auto all = get("/plans/2020/entries")["items"];
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0]["withdrawn_by"], "binh");
    EXPECT_EQ(all[0]["withdrawn_at"], instant(now));
    EXPECT_EQ(all[1], made);
    EXPECT_EQ(
        audited().back(),
        "plan_entry|2020/II.1|Sửa II.1.d1, 2026-11-10: 3 tài liệu, video, danh sách, tin thành "
        "II.1.d1, 2026-11-10: 5 tài liệu, video, danh sách, tin");
    EXPECT_EQ(sent("PUT", path, result(6), 409)["type"], "urn:motcua:problem:stale");
    EXPECT_EQ(send("DELETE", path).status, 409U);
    EXPECT_EQ(get("/plans/2020/entries")["items"].size(), 2U);
    EXPECT_EQ(send("PUT", "/plans/2020/entries/77", result()).status, 404U);
}

TEST_F(ReachRoutes, AnEntryIsWithdrawnOnce)
{
    const auto made = sent("POST", "/plans/2020/entries", result(), 201);
    const auto path = "/plans/2020/entries/" + made["id"].get<std::string>();
    EXPECT_EQ(send("DELETE", path).status, 204U);
    EXPECT_EQ(send("DELETE", path).status, 409U);
    EXPECT_EQ(audited().size(), 2U);
    EXPECT_EQ(get("/plans/2020/entries")["items"][0]["withdrawn_by"], "an");
}

TEST_F(ReachRoutes, AQrCodeIsThatOfAKeywordOfThePlan)
{
    const auto png = send("GET", "/plans/2020/keywords/BINHNUOC/qr?format=png");
    EXPECT_EQ(png.status, 200U);
    EXPECT_EQ(png.content_type, "image/png");
    EXPECT_EQ(png.body, "png of BINHNUOC");
    EXPECT_EQ(send("GET", "/plans/2020/keywords/BINHNUOC/qr?format=svg").body, "svg of BINHNUOC");
    EXPECT_EQ(status_of("/plans/2020/keywords/BINHNUOC/qr?format=gif"), 422U);
    EXPECT_EQ(status_of("/plans/2020/keywords/KHONGCO/qr?format=png"), 404U);
}

TEST_F(ReachRoutes, ALinkPullsItsReportWithoutASession)
{
    const auto link = added_link();
    const auto path = token_of(link);
    sessions.by = {}; // signed out
    const auto pulled = get(path);
    EXPECT_EQ(pulled["from"], "2026-10-01");
    EXPECT_EQ(pulled["to"], "2026-10-31");
    EXPECT_EQ(pulled["mask_small"], true);
    EXPECT_EQ(get(path + "?format=csv")["format"], "csv");
    EXPECT_EQ(status_of(path + "?format=exe"), 422U);
    EXPECT_EQ(audited().back(), "report_pulled|Bảng tính|csv");
    sign_in("an", {staff_role::admin});
    const auto listed = get("/report-links")["items"];
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0]["uses"], 2);
    EXPECT_EQ(listed[0]["used_at"], instant(now));
    EXPECT_FALSE(listed[0].contains("hash"));
}

TEST_F(ReachRoutes, TheTokenItselfIsNotKept)
{
    const auto path = token_of(added_link());
    const auto token = path.substr(14, path.find("/report", 14) - 14);
    ASSERT_EQ(token.size(), 43U) << path;
    std::string kept;
    write([&kept](app::transaction& t) { kept = t.setting("report_links").value(); });
    EXPECT_EQ(kept.find(token), std::string::npos);
}

TEST_F(ReachRoutes, ARevokedLinkIsWorthless)
{
    const auto link = added_link();
    const auto path = "/report-links/" + link["link"]["id"].get<std::string>();
    EXPECT_EQ(status_of(token_of(link)), 200U);
    EXPECT_EQ(send("DELETE", path).status, 204U);
    EXPECT_EQ(status_of(token_of(link)), 404U);
    EXPECT_EQ(send("DELETE", path).status, 404U);
    EXPECT_TRUE(get("/report-links")["items"].empty());
    EXPECT_EQ(audited().back(), "report_link|Bảng tính|Thu hồi");
}

TEST_F(ReachRoutes, PullsAreThrottled)
{
    const auto path = token_of(added_link());
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(status_of(path), 200U);
    const auto refused = send("GET", path);
    EXPECT_EQ(refused.status, 429U);
    EXPECT_EQ(json::parse(refused.body)["retry_after_seconds"], 60);
    EXPECT_EQ(desk->made, 6);
    now += 1min;
    EXPECT_EQ(status_of(path), 200U);
}

TEST_F(ReachRoutes, GuessingTokensIsSlow)
{
    const auto path = token_of(added_link());
    int missed = 0;
    while (status_of("/report-links/guessed/report") == 404U && missed < 100)
        ++missed;
    EXPECT_EQ(missed, 10);
    EXPECT_EQ(status_of(path), 429U) << "from that address";
    now += 1h;
    EXPECT_EQ(status_of(path), 200U);
}

TEST_F(ReachRoutes, WhatIsNoLinkIsRefused)
{
    const json good{
        {"name", "Bảng tính"}, {"plan", "2020"}, {"span", "this_year"}, {"mask_small", false}};
    for (const auto& [body, blamed] : std::vector<std::pair<json, std::string>>{
             {with(good, "name", " "), "name"},
             {with(good, "plan", "1999"), "plan"},
             {with(good, "span", "ever"), "span"},
             {with(good, "mask_small", "no"), "mask_small"}})
        EXPECT_EQ(sent("POST", "/report-links", body, 422)["errors"][0]["field"], blamed);
    for (int i = 0; i < 50; ++i)
        sent("POST", "/report-links", good, 201);
    sent("POST", "/report-links", good, 422);
}

TEST(ReportSpan, WordsMeanDaysOfToday)
{
    reach::plan plan;
    plan.head.period = {2020y / 1 / 1, 2020y / 12 / 31};
    const auto words = [&plan](std::string_view word, std::chrono::year_month_day today) {
        const auto span = span_of(word, plan, today);
        return span ? reach::to_text(span->from) + " " + reach::to_text(span->to) : "none";
    };
    const auto new_year = 2026y / 1 / 1;
    EXPECT_EQ(words("plan", new_year), "2020-01-01 2020-12-31");
    EXPECT_EQ(words("this_month", 2024y / 2 / 29), "2024-02-01 2024-02-29");
    EXPECT_EQ(words("last_month", new_year), "2025-12-01 2025-12-31");
    EXPECT_EQ(words("this_quarter", 2026y / 6 / 30), "2026-04-01 2026-06-30");
    EXPECT_EQ(words("last_quarter", 2026y / 3 / 31), "2025-10-01 2025-12-31");
    EXPECT_EQ(words("this_year", new_year), "2026-01-01 2026-12-31");
    EXPECT_EQ(words("last_year", new_year), "2025-01-01 2025-12-31");
    EXPECT_EQ(words("always", new_year), "none");
}

} // namespace
} // namespace motcua::staff_api
