#include <gtest/gtest.h>
#include <motcua/core/reach/periods.hpp>
#include <motcua/core/reach/plan.hpp>

namespace motcua::reach {
namespace {

using namespace std::chrono_literals;

plan plan_of_year(int year, const std::string& word, const std::string& activity)
{
    plan made;
    made.head.id = std::to_string(year);
    made.head.period = {std::chrono::year(year) / 1 / 1, std::chrono::year(year) / 12 / 31};
    made.activities.push_back({.id = activity, .keywords = {{.code = word, .folded = "qua"}}});
    return made;
}

std::string credited(const std::vector<plan>& plans, std::chrono::year_month_day day)
{
    const auto found = find_keyword(plans, "qua", day);
    return found.keyword == nullptr ? "" : activity_key(*found.plan, *found.activity);
}

TEST(Plans, AKeywordOfSeveralIsThatOfThePlanInForce)
{
    std::vector<plan> plans{plan_of_year(2026, "QUA", "a"), plan_of_year(2027, "QUA", "b")};
    for (int order = 0; order < 2; ++order) {
        EXPECT_EQ(credited(plans, 2026y / 12 / 31), "2026/a");
        EXPECT_EQ(credited(plans, 2027y / 1 / 1), "2027/b");
        EXPECT_EQ(credited(plans, 2025y / 6 / 1), "2027/b") << "in force is none: the latest";
        EXPECT_EQ(credited(plans, 2028y / 6 / 1), "2027/b");
        std::swap(plans[0], plans[1]);
    }
}

TEST(Plans, WhereTheyOverlapTheLaterBegunHasTheKeyword)
{
    std::vector<plan> plans{plan_of_year(2026, "QUA", "a"), plan_of_year(2027, "QUA", "b")};
    plans[0].head.period.to = 2027y / 3 / 31;
    EXPECT_EQ(credited(plans, 2027y / 2 / 1), "2027/b");
    plans[1].activities[0].keywords.clear();
    EXPECT_EQ(credited(plans, 2027y / 2 / 1), "2026/a");
    EXPECT_EQ(credited({}, 2027y / 2 / 1), "");
}

TEST(Plans, AreFoundByTheKeysOfTheirActivities)
{
    const std::vector<plan> plans{plan_of_year(2026, "QUA", "a"), plan_of_year(2027, "QUA", "b")};
    EXPECT_EQ(plan_of(plans, "2027/b"), &plans[1]);
    EXPECT_EQ(plan_of(plans, "2028/b"), nullptr);
    EXPECT_EQ(plan_of(plans, ""), nullptr);
    EXPECT_EQ(find_activity(plans, "2026/a"), &plans[0].activities[0]);
    EXPECT_EQ(find_activity(plans, "2026/b"), nullptr);
}

struct named
{
    std::string name;
    int closing_day;
    period span;
};

class NamedPeriod : public testing::TestWithParam<named>
{
};

TEST_P(NamedPeriod, HasItsDays)
{
    EXPECT_EQ(period_named(GetParam().name, GetParam().closing_day), GetParam().span);
}

INSTANTIATE_TEST_SUITE_P(
    Periods,
    NamedPeriod,
    testing::Values(
        named{"2026", 0, {2026y / 1 / 1, 2026y / 12 / 31}},
        named{"2026-02", 0, {2026y / 2 / 1, 2026y / 2 / 28}},
        named{"2028-02", 0, {2028y / 2 / 1, 2028y / 2 / 29}},
        named{"2026-Q3", 0, {2026y / 7 / 1, 2026y / 9 / 30}},
        named{"2026-H2", 0, {2026y / 7 / 1, 2026y / 12 / 31}},
        named{"2026-9M", 0, {2026y / 1 / 1, 2026y / 9 / 30}},
        named{"2026", 14, {2025y / 12 / 15, 2026y / 12 / 14}},
        named{"2026-01", 14, {2025y / 12 / 15, 2026y / 1 / 14}},
        named{"2026-Q1", 14, {2025y / 12 / 15, 2026y / 3 / 14}},
        named{"2026-H1", 14, {2025y / 12 / 15, 2026y / 6 / 14}},
        named{"2026-9M", 14, {2025y / 12 / 15, 2026y / 9 / 14}},
        named{"2026-03", 28, {2026y / 3 / 1, 2026y / 3 / 28}},
        named{"2028-03", 28, {2028y / 2 / 29, 2028y / 3 / 28}}));

TEST(Periods, OtherNamesAreNone)
{
    for (const auto* name :
         {"",
          "26",
          "2026-",
          "2026-13",
          "2026-00",
          "2026-Q0",
          "2026-Q5",
          "2026-H3",
          "2026-1",
          "2026-9m",
          "1999",
          "2026-01-01",
          "x026"})
        EXPECT_FALSE(period_named(name)) << name;
}

struct lengths
{
    period span;
    int closing_day;
    period before;
    period cumulative;
};

class PeriodBefore : public testing::TestWithParam<lengths>
{
};

TEST_P(PeriodBefore, IsAsLongAndTheYearBeginsAsItCloses)
{
    EXPECT_EQ(period_before(GetParam().span, GetParam().closing_day), GetParam().before);
    EXPECT_EQ(since_new_year(GetParam().span, GetParam().closing_day), GetParam().cumulative);
}

INSTANTIATE_TEST_SUITE_P(
    Periods,
    PeriodBefore,
    testing::Values(
        lengths{
            {2026y / 3 / 1, 2026y / 3 / 31},
            0,
            {2026y / 2 / 1, 2026y / 2 / 28},
            {2026y / 1 / 1, 2026y / 3 / 31}},
        lengths{
            {2026y / 1 / 1, 2026y / 12 / 31},
            0,
            {2025y / 1 / 1, 2025y / 12 / 31},
            {2026y / 1 / 1, 2026y / 12 / 31}},
        lengths{
            {2026y / 3 / 2, 2026y / 3 / 8},
            0,
            {2026y / 2 / 23, 2026y / 3 / 1},
            {2026y / 1 / 1, 2026y / 3 / 8}},
        lengths{
            {2026y / 2 / 15, 2026y / 3 / 14},
            14,
            {2026y / 1 / 15, 2026y / 2 / 14},
            {2025y / 12 / 15, 2026y / 3 / 14}},
        lengths{
            {2026y / 3 / 1, 2026y / 3 / 31}, // not as months close here: as many days
            14,
            {2026y / 1 / 29, 2026y / 2 / 28},
            {2025y / 12 / 15, 2026y / 3 / 31}},
        lengths{
            {2026y / 12 / 15, 2026y / 12 / 31}, // of the next year already
            14,
            {2026y / 11 / 28, 2026y / 12 / 14},
            {2026y / 12 / 15, 2026y / 12 / 31}}));

} // namespace
} // namespace motcua::reach
