#include "seen_keys.hpp"

#include <algorithm>
#include <limits>

namespace motcua::sqlite {

namespace {
constexpr std::size_t first_slot_count = 1024;
} // namespace

seen_keys::seen_keys(std::size_t limit)
    : limit_(std::max<std::size_t>(limit, 2)), slots_(first_slot_count)
{
}

void seen_keys::insert(std::uint32_t bits, std::int64_t row)
{
    if (row < 1 || row > std::numeric_limits<std::uint32_t>::max())
        return;
    if (size_ >= limit_)
        rebuild(slots_.size(), middle_row());
    if ((size_ + 1) * 4 > slots_.size() * 3)
        rebuild(slots_.size() * 2, 1);
    place((slot{bits} << 32U) | static_cast<slot>(row));
}

void seen_keys::place(slot value)
{
    auto at = (value >> 32U) & mask();
    while (slots_[at] != 0)
        at = (at + 1) & mask();
    slots_[at] = value;
    ++size_;
}

void seen_keys::rebuild(std::size_t slot_count, std::int64_t oldest_row)
{
    std::vector<slot> old(slot_count);
    old.swap(slots_);
    size_ = 0;
    for (const auto value : old) {
        if (value != 0 && row_of(value) >= oldest_row)
            place(value);
    }
}

std::int64_t seen_keys::middle_row() const
{
    std::vector<std::uint32_t> rows;
    rows.reserve(size_);
    for (const auto value : slots_) {
        if (value != 0)
            rows.push_back(static_cast<std::uint32_t>(value));
    }
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
    std::nth_element(rows.begin(), middle, rows.end());
    return std::int64_t{*middle} + 1; // strictly fewer remain even if a row stands there twice
}

} // namespace motcua::sqlite
