#include "own_rules.hpp"

#include <gtest/gtest.h>

#include <string>

// Hand-computed against a wall calendar; the holidays are those of data/calendar.yml.
namespace motcua::complaints {
namespace {

using namespace std::chrono_literals;

const working_calendar& calendar()
{
    return own_rules().calendar;
}

local_day day(int year, unsigned month, unsigned date)
{
    return local_day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{date}};
}

TEST(Calendar, TheDayBeginsAtMidnightInVietnam)
{
    EXPECT_EQ(day_of(local(2026, 11, 22, 0, 0)), day(2026, 11, 22));
    EXPECT_EQ(day_of(local(2026, 11, 22, 23, 59)), day(2026, 11, 22));
    EXPECT_EQ(
        day_of(std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 17h), day(2026, 11, 23));
}

struct special
{
    std::string name;
    local_day when;
    bool works;
};

class KnownDay : public testing::TestWithParam<special>
{
};

TEST_P(KnownDay, IsWorkedOrNot)
{
    EXPECT_EQ(calendar().is_working_day(GetParam().when), GetParam().works);
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    KnownDay,
    testing::Values(
        special{"monday", day(2026, 11, 23), true},
        special{"saturday", day(2026, 11, 21), false},
        special{"sunday", day(2026, 11, 22), false},
        special{"tet_2025", day(2025, 1, 29), false},
        special{"day_before_tet_break_2025", day(2025, 1, 24), true},
        special{"after_tet_2025", day(2025, 2, 3), true},
        special{"swapped_out_2025_05_02", day(2025, 5, 2), false},
        special{"swapped_in_2025_04_26", day(2025, 4, 26), true},
        special{"swapped_in_2026_01_10", day(2026, 1, 10), true},
        special{"swapped_out_2026_01_02", day(2026, 1, 2), false},
        special{"tet_2026_first", day(2026, 2, 16), false},
        special{"tet_2026_last", day(2026, 2, 20), false},
        special{"after_tet_2026", day(2026, 2, 23), true},
        special{"swapped_in_2026_08_22", day(2026, 8, 22), true},
        special{"swapped_out_2026_08_31", day(2026, 8, 31), false},
        special{"national_day_2026", day(2026, 9, 2), false},
        special{"tet_2027", day(2027, 2, 10), false}),
    [](const auto& one) { return one.param.name; });

struct sum
{
    std::string name;
    local_day from;
    int days;
    local_day to;
};

class Sum : public testing::TestWithParam<sum>
{
};

TEST_P(Sum, OfWorkingDaysIsAsByHand)
{
    const auto& [name, from, days, to] = GetParam();
    EXPECT_EQ(calendar().add_working_days(from, days), to);
    if (days > 0) {
        EXPECT_EQ(calendar().working_days_between(from, to), days);
    }
}

INSTANTIATE_TEST_SUITE_P(
    By,
    Sum,
    testing::Values(
        sum{"same_day", day(2026, 11, 20), 0, day(2026, 11, 20)},
        sum{"friday_and_one", day(2026, 11, 20), 1, day(2026, 11, 23)},
        sum{"sunday_and_one", day(2026, 11, 22), 1, day(2026, 11, 23)},
        sum{"fifteen_in_an_ordinary_month", day(2026, 11, 2), 15, day(2026, 11, 23)},
        // Thu 12, Fri 13 | Tết 16–20 | 23–27 | 2–6 March: 2 + 5 + 5 = 12, then 9, 10, 11.
        sum{"fifteen_over_tet_2026", day(2026, 2, 11), 15, day(2026, 3, 11)},
        // Fri 24 January | Tết 27–31 | Mon 3 February.
        sum{"two_over_tet_2025", day(2025, 1, 23), 2, day(2025, 2, 3)},
        // Sat 26 April is worked: Fri 25, Sat 26, Mon 28, Tue 29 | 30, 1, 2 off | Mon 5 May.
        sum{"five_over_the_swap_of_2025", day(2025, 4, 24), 5, day(2025, 5, 5)},
        // Sat 22 August is worked.
        sum{"two_over_the_worked_saturday", day(2026, 8, 20), 2, day(2026, 8, 22)},
        // Fri 28 | 31 August, 1, 2 September off | Thu 3.
        sum{"two_over_national_day_2026", day(2026, 8, 27), 2, day(2026, 9, 3)},
        // Thu 31 December | 1 and 2 January off | Mon 5 … Fri 9, Sat 10 worked.
        sum{"seven_over_new_year_2026", day(2025, 12, 30), 7, day(2026, 1, 10)},
        // Thu 4 February | 5–11 off | Fri 12, Mon 15.
        sum{"three_over_tet_2027", day(2027, 2, 3), 3, day(2027, 2, 15)},
        sum{"one_back_over_a_weekend", day(2026, 11, 23), -1, day(2026, 11, 20)},
        sum{"one_back_over_tet", day(2026, 2, 23), -1, day(2026, 2, 13)}),
    [](const auto& one) { return one.param.name; });

TEST(Calendar, ADeadlineIsTheEndOfOfficeHours)
{
    EXPECT_EQ(calendar().due(local(2026, 11, 20, 16), 2), local(2026, 11, 24, 17));
    EXPECT_EQ(calendar().due(local(2026, 11, 21, 3), 2), local(2026, 11, 24, 17));
}

TEST(Calendar, DaysLeftAndOverdueAreCounted)
{
    const auto due = local(2026, 11, 24, 17);
    const auto left = [&](utc_time now) { return calendar().left(now, due); };
    EXPECT_EQ(left(local(2026, 11, 20)).working_days, 2);
    EXPECT_EQ(left(local(2026, 11, 22)).working_days, 2);
    EXPECT_EQ(left(local(2026, 11, 24, 8)).working_days, 0);
    EXPECT_FALSE(left(local(2026, 11, 24, 17)).overdue);
    EXPECT_TRUE(left(local(2026, 11, 24, 17, 1)).overdue);
    EXPECT_EQ(left(local(2026, 11, 24, 18)).working_days, 0);
    EXPECT_EQ(left(local(2026, 11, 30, 8)).working_days, 4);
    EXPECT_TRUE(left(local(2026, 11, 30, 8)).overdue);
}

TEST(Calendar, ACalendarWithoutWorkingDaysDoesNotHang)
{
    calendar_parts parts;
    for (int i = 0; i < 5000; ++i)
        parts.special[day(2026, 1, 1) + std::chrono::days{i}] = {};
    const working_calendar never(parts);
    EXPECT_GT(never.add_working_days(day(2026, 1, 1), 3), day(2026, 12, 31));
}

TEST(Calendar, EverySpecialDaySaysItsSource)
{
    const auto& parts = calendar().parts();
    EXPECT_EQ(parts.covered_from, day(2025, 1, 1));
    EXPECT_EQ(parts.covered_to, day(2027, 12, 31));
    EXPECT_GE(parts.special.size(), 35U);
    for (const auto& [when, what] : parts.special) {
        EXPECT_FALSE(what.name.empty());
        EXPECT_FALSE(what.source.empty());
    }
    EXPECT_FALSE(parts.special.at(day(2027, 2, 8)).announced);
    EXPECT_TRUE(parts.special.at(day(2026, 2, 17)).announced);
}

} // namespace
} // namespace motcua::complaints
