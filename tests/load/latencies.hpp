#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace motcua::load {

// How long things took, kept in 32 steps per power of two: a percentile is off by 3 % at most.
class latencies
{
public:
    void record(std::chrono::nanoseconds took);
    std::uint64_t count() const { return count_; }
    // The smallest kept value that `share` (0 to 1) of the records do not exceed; 0 without
    // records.
    std::chrono::microseconds at(double share) const;
    std::chrono::microseconds longest() const { return longest_; }

private:
    static constexpr std::size_t steps = 32;
    static constexpr std::size_t powers = 40; // of two, in microseconds: 12 days

    std::array<std::uint64_t, steps * powers> buckets_{};
    std::uint64_t count_ = 0;
    std::chrono::microseconds longest_{0};
};

} // namespace motcua::load
