#pragma once

#include <motcua/core/reach/report.hpp>

#include <optional>
#include <string_view>

// Periods of reports. Where reports close before the month ends (NĐ 09/2019: on the 14th, the year
// from 15 December to 14 December), `closing_day` is the last day of every month, quarter and year;
// 0: the calendar's. 0 or 1 to 28.
namespace motcua::reach {

// "2026", "2026-H1" (half-year), "2026-9M" (nine months), "2026-Q3", "2026-07". Empty for anything
// else.
std::optional<period> period_named(std::string_view name, int closing_day = 0);

// The same length before the period: a month, quarter or year, as they close, gives the one before
// it; anything else as many days.
period period_before(const period& span, int closing_day = 0);

// From the beginning of the year the period ends in, as years close.
period since_new_year(const period& span, int closing_day = 0);

} // namespace motcua::reach
