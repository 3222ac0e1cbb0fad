#include "latencies.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace motcua::load {

void latencies::record(std::chrono::nanoseconds took)
{
    const auto whole = std::chrono::ceil<std::chrono::microseconds>(took);
    longest_ = std::max(longest_, whole);
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(whole.count(), 0));
    // Below 2 × steps each value has a bucket of its own; above, the leading bits name it.
    const auto shift =
        value < 2 * steps ? 0U : static_cast<unsigned>(std::bit_width(value / steps)) - 1U;
    const auto place = shift * steps + static_cast<std::size_t>(value >> shift);
    ++buckets_.at(std::min(place, buckets_.size() - 1));
    ++count_;
}

std::chrono::microseconds latencies::at(double share) const
{
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t place = 0; place < buckets_.size(); ++place) {
        seen += buckets_.at(place);
        if (seen < std::max<std::uint64_t>(wanted, 1))
            continue;
        const auto shift = place < 2 * steps ? 0U : place / steps - 1;
        const auto upper = ((place - shift * steps + 1) << shift) - 1;
        return std::min(longest_, std::chrono::microseconds(upper));
    }
    return std::chrono::microseconds(0);
}

} // namespace motcua::load
