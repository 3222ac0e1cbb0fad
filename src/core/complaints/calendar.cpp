#include <motcua/core/complaints/calendar.hpp>

#include <algorithm>
#include <utility>

namespace motcua::complaints {

using std::chrono::days;

local_day day_of(utc_time when)
{
    const auto day = std::chrono::floor<days>(when + vietnam_offset);
    return local_day{day.time_since_epoch()};
}

working_calendar::working_calendar(calendar_parts parts) : parts_(std::move(parts)) {}

bool working_calendar::is_working_day(local_day day) const
{
    if (const auto found = parts_.special.find(day); found != parts_.special.end())
        return found->second.worked;
    const std::chrono::weekday weekday{day};
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

local_day working_calendar::add_working_days(local_day day, int n) const
{
    const days step{n < 0 ? -1 : 1};
    constexpr int most = 1000;
    constexpr int longest_pause = 366; // a calendar without a working day must not hang us
    for (int left = std::min(std::abs(n), most), idle = 0; left > 0 && idle < longest_pause;) {
        day += step;
        if (is_working_day(day)) {
            --left;
            idle = 0;
        } else {
            ++idle;
        }
    }
    return day;
}

int working_calendar::working_days_between(local_day after, local_day up_to) const
{
    constexpr days longest{10 * 366};
    int count = 0;
    const auto last = std::min(up_to, after + longest);
    for (auto day = after + days{1}; day <= last; day += days{1}) {
        if (is_working_day(day))
            ++count;
    }
    return count;
}

utc_time working_calendar::due(utc_time from, int working_days) const
{
    return closing(add_working_days(day_of(from), working_days));
}

time_left working_calendar::left(utc_time now, utc_time due) const
{
    if (now <= due)
        return {.overdue = false, .working_days = working_days_between(day_of(now), day_of(due))};
    return {.overdue = true, .working_days = working_days_between(day_of(due), day_of(now))};
}

utc_time working_calendar::opening(local_day day) const
{
    return utc_time{day.time_since_epoch() + parts_.opens - vietnam_offset};
}

utc_time working_calendar::closing(local_day day) const
{
    return utc_time{day.time_since_epoch() + parts_.closes - vietnam_offset};
}

bool working_calendar::is_open(utc_time when) const
{
    const auto day = day_of(when);
    return is_working_day(day) && when >= opening(day) && when < closing(day);
}

} // namespace motcua::complaints
