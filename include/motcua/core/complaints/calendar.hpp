#pragma once

#include <motcua/core/time.hpp>

#include <chrono>
#include <map>
#include <string>

// Working days of Vietnamese public bodies (domain.md 6.3): Monday to Friday without public
// holidays, with the Saturdays that announced swaps make working days. Days are local
// (Asia/Ho_Chi_Minh).
namespace motcua::complaints {

using local_day = std::chrono::local_days;

// The local day that contains the instant.
local_day day_of(utc_time when);

// What is special about one day.
struct special_day
{
    bool worked = false;   // a weekend day worked in exchange; otherwise a weekday without work
    std::string name;      // "Quốc khánh"
    std::string source;    // the law or the announcement
    bool announced = true; // false: follows from the law, the year's announcement is still to come
};

struct calendar_parts
{
    std::map<local_day, special_day> special;
    std::chrono::minutes opens{7 * 60 + 30}; // of the local day
    std::chrono::minutes closes{17 * 60};
    local_day covered_from{}; // public holidays are known from here
    local_day covered_to{};   // to here, both included
};

// What is left until a deadline, counted in working days.
struct time_left
{
    bool overdue = false;
    int working_days = 0; // left (0 = the deadline is today), or gone by since the day of it
};

class working_calendar
{
public:
    working_calendar() = default;
    explicit working_calendar(calendar_parts parts);

    bool is_working_day(local_day day) const;
    // The n-th working day after the day; day 1 is the working day after it. n < 0 counts
    // backwards, n = 0 gives the day itself. |n| is at most 1000.
    local_day add_working_days(local_day day, int n) const;
    // Working days d with after < d <= up_to; 0 if there are none.
    int working_days_between(local_day after, local_day up_to) const;

    // The end of office hours on the n-th working day after the day of `from`.
    utc_time due(utc_time from, int working_days) const;
    time_left left(utc_time now, utc_time due) const;
    // Beginning of office hours of the day, whether it is worked or not.
    utc_time opening(local_day day) const;
    utc_time closing(local_day day) const;
    bool is_open(utc_time when) const;

    const calendar_parts& parts() const { return parts_; }

private:
    calendar_parts parts_;
};

} // namespace motcua::complaints
