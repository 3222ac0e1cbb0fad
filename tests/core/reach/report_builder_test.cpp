#include <gtest/gtest.h>
#include <motcua/core/reach/report_builder.hpp>

#include <algorithm>
#include <stdexcept>

namespace motcua::reach {
namespace {

using namespace std::chrono_literals;

constexpr auto reached_directly = bit(measure::contact) | bit(measure::direct);

class ReportBuilder : public testing::Test
{
protected:
    ReportBuilder()
    {
        kpis_.fields = {{"khac", "Lĩnh vực khác", {}}};
        kpis_.kpis = {
            {.id = "contacts",
             .name = "Lượt",
             .from = kpi::source::contacts,
             .measures = bit(measure::contact)},
            {.id = "users_reached",
             .name = "Người",
             .from = kpi::source::people,
             .measures = bit(measure::contact)},
            {.id = "rate",
             .name = "Tỷ lệ",
             .from = kpi::source::share,
             .part = "answered",
             .whole = "contacts"},
            {.id = "answered",
             .name = "Trả lời",
             .from = kpi::source::contacts,
             .measures = bit(measure::answered)},
            {.id = "unseen", .name = "Hồ sơ", .from = kpi::source::none, .figure = "chưa có"}};
        kpis_.general = {"contacts", "users_reached", "rate", "unseen"};
        plan_.head.id = "2027";
        plan_.activities = {
            {.id = "A",
             .name = "Quà",
             .products = {{.id = "A.1", .words = "Số người", .kpis = {"users_reached"}}},
             .keywords = {{.code = "QUATANG", .folded = "quatang", .title = "Quà"}}},
            {.id = "B",
             .name = "Buổi",
             .products = {{.id = "B.1", .words = "Số buổi", .by_hand = "buổi"}}}};
        figures_.reach.period = {2027y / 1 / 1, 2027y / 1 / 31};
        figures_.reach.all.contacts = {
            {bit(measure::contact), 6}, {bit(measure::contact) | bit(measure::answered), 4}};
        figures_.reach.all.people = {{bit(measure::contact), 3}};
        figures_.reach.activities["2027/A"].people = {{reached_directly, 2}};
        figures_.reach.credited.people = {{reached_directly, 2}};
    }

    report built(bool mask_small = false)
    {
        return build_report(
            {.plan = plan_,
             .kpis = kpis_,
             .current = figures_,
             .before = figures_,
             .cumulative = figures_,
             .entries = entries_,
             .corrections = {},
             .procedures = {},
             .categories = {},
             .unknown = unknown_,
             .mask_small = mask_small,
             .exported_at = {},
             .verified = {}});
    }
    static const table& named(const report& whole, std::string_view id)
    {
        for (const auto* one : tables_of(whole))
            if (one->id == id)
                return *one;
        throw std::runtime_error("no such table");
    }

    catalogue kpis_;
    plan plan_;
    period_figures figures_;
    std::vector<plan_entry> entries_;
    std::vector<unknown_question> unknown_;
};

std::string word(const table& of, std::size_t row, std::string_view column)
{
    const auto found = std::ranges::find(of.columns, column, &reach::column::id);
    return words(
        of.rows.at(row).cells.at(static_cast<std::size_t>(found - of.columns.begin())).value);
}

TEST_F(ReportBuilder, AShareShowsItsPartsAndSoDoesWhatIsNotSeen)
{
    const auto whole = built();
    const auto& general = named(whole, "general");
    EXPECT_EQ(word(general, 0, "value"), "10");
    EXPECT_EQ(word(general, 2, "value"), "40\u00a0% (4/10)");
    EXPECT_EQ(word(general, 3, "value"), "chưa có");
    figures_.reach.all.contacts.clear();
    EXPECT_EQ(word(named(built(), "general"), 2, "value"), "–") << "never 100 % of nothing";
}

TEST_F(ReportBuilder, SmallNumbersAreMaskedWhereverTheyStand)
{
    const auto whole = built(true);
    const auto& general = named(whole, "general");
    EXPECT_EQ(word(general, 0, "value"), "10");
    EXPECT_EQ(word(general, 1, "value"), "<5");
    EXPECT_EQ(word(general, 2, "value"), "<5") << "a share would tell the part";
    EXPECT_EQ(word(named(whole, "activities"), 0, "users_reached"), "<5");
    EXPECT_TRUE(whole.provenance.small_masked);
}

TEST_F(ReportBuilder, EveryCountedCellNamesItsRows)
{
    const auto whole = built();
    const auto& activities = named(whole, "activities");
    const auto& cell = activities.rows.at(0).cells.at(3);
    EXPECT_EQ(cell.kpi, "users_reached");
    EXPECT_EQ(cell.rows, "people?from=2027-01-01&to=2027-01-31&measures=contact&activity=2027/A");
}

TEST_F(ReportBuilder, OnlyEntriesThatCountInThePeriodAreAdded)
{
    plan_entry one;
    one.plan = "2027";
    one.activity = "B";
    one.product = "B.1";
    one.day = 2027y / 1 / 31;
    one.quantity = 2;
    one.entered_by = "an";
    entries_.assign(4, one);
    entries_[1].day = 2027y / 2 / 1;
    entries_[2].withdrawn_by = "an";
    entries_[3].plan = "2026";
    const auto whole = built();
    const auto& results = named(whole, "plan_results");
    EXPECT_EQ(word(results, 1, "result"), "2");
    EXPECT_TRUE(results.rows.at(1).cells.at(6).by_hand);
    EXPECT_EQ(named(whole, "annex_6").rows.size(), 1U);
    entries_.clear();
    EXPECT_EQ(word(named(built(), "plan_results"), 1, "result"), "–");
}

TEST_F(ReportBuilder, AQuestionAskedOnceIsNotQuoted)
{
    unknown_ = {{"hai lần", 2}, {"một lần", 1}};
    const auto whole = built();
    const auto& table = named(whole, "unknown");
    ASSERT_EQ(table.rows.size(), 1U);
    EXPECT_EQ(word(table, 0, "text"), "hai lần");
}

TEST_F(ReportBuilder, TheGapOfVisitsIsSaid)
{
    std::string notes;
    for (const auto& note : built().notes)
        notes += note;
    EXPECT_NE(notes.find("trong 30 phút"), std::string::npos);
}

} // namespace
} // namespace motcua::reach
