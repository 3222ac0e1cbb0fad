#include <motcua/core/reach/periods.hpp>
#include <motcua/core/reach/row_query.hpp>

#include <string>

namespace motcua::reach {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;

bool closes_with_the_calendar(int closing_day)
{
    return closing_day == 0;
}

year_month_day first_day(year_month of, int closing_day)
{
    if (closes_with_the_calendar(closing_day))
        return of / day(1);
    return sys_days((of - months(1)) / day(static_cast<unsigned>(closing_day))) + days(1);
}

year_month_day last_day(year_month of, int closing_day)
{
    return sys_days(first_day(of + months(1), closing_day)) - days(1);
}

// The month the day counts for.
year_month month_of(year_month_day when, int closing_day)
{
    const year_month calendar = when.year() / when.month();
    return last_day(calendar, closing_day) < when ? calendar + months(1) : calendar;
}

period span_of(year_month first, int count, int closing_day)
{
    return {first_day(first, closing_day), last_day(first + months(count - 1), closing_day)};
}

} // namespace

std::optional<period> period_named(std::string_view name, int closing_day)
{
    constexpr std::size_t year_digits = 4;
    const auto january = name.size() < year_digits
                             ? std::nullopt
                             : day_from(std::string(name.substr(0, year_digits)) + "-01-01");
    if (!january)
        return std::nullopt;
    const year_month first = january->year() / january->month();
    const auto part = name.substr(year_digits);
    if (part.empty())
        return span_of(first, 12, closing_day);
    if (part == "-9M")
        return span_of(first, 9, closing_day);
    if (part.size() != 3 || part[0] != '-')
        return std::nullopt;
    const int number = part[2] - '0';
    if (part[1] == 'H' && (number == 1 || number == 2))
        return span_of(first + months((number - 1) * 6), 6, closing_day);
    if (part[1] == 'Q' && number >= 1 && number <= 4)
        return span_of(first + months((number - 1) * 3), 3, closing_day);
    const auto month = day_from(std::string(name) + "-01");
    if (!month)
        return std::nullopt;
    return span_of(month->year() / month->month(), 1, closing_day);
}

period period_before(const period& span, int closing_day)
{
    const auto first = month_of(span.from, closing_day);
    const auto last = month_of(span.to, closing_day);
    const bool whole_months =
        first_day(first, closing_day) == span.from && last_day(last, closing_day) == span.to;
    if (whole_months) {
        const auto count = static_cast<int>((last - first).count()) + 1;
        return span_of(first - months(count), count, closing_day);
    }
    const auto end = sys_days(span.from) - days(1);
    return {end - (sys_days(span.to) - sys_days(span.from)), end};
}

period since_new_year(const period& span, int closing_day)
{
    const auto last = month_of(span.to, closing_day);
    return {first_day(last.year() / std::chrono::January, closing_day), span.to};
}

} // namespace motcua::reach
