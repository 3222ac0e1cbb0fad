#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace motcua {

// Draws that are the same everywhere: the distributions of <random> are not specified.
class dice
{
public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    std::size_t below(std::size_t count) { return engine_() % count; }
    int between(int low, int high)
    {
        return low + static_cast<int>(below(static_cast<std::size_t>(high - low) + 1));
    }
    bool chance(int percent) { return between(1, 100) <= percent; }
    template <class T>
    const T& one_of(const std::vector<T>& all)
    {
        return all.at(below(all.size()));
    }

private:
    std::mt19937_64 engine_;
};

} // namespace motcua
