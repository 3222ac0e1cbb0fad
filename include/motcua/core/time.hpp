#pragma once

#include <chrono>

namespace motcua {

// An instant in UTC, to the millisecond: what Zalo's `timestamp` carries (zalo-oa-protocol 1.2).
using utc_time = std::chrono::sys_time<std::chrono::milliseconds>;

// Vietnam has one zone and no summer time, so local time is a constant shift of UTC. The core needs
// no zone database.
inline constexpr std::chrono::hours vietnam_offset{7};

// The calendar day in Asia/Ho_Chi_Minh that contains the instant.
inline std::chrono::year_month_day vietnam_date(utc_time when)
{
    return std::chrono::floor<std::chrono::days>(when + vietnam_offset);
}

} // namespace motcua
