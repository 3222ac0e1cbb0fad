#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace motcua::sqlite {

// Which rows of `events` may carry a key: 32 bits of the key's hash and the row, 8 bytes a slot,
// linear probing. It may name rows that were rolled back or have another key with the same bits, so
// a hit is a question to the database, never an answer; that is why nothing is ever taken out.
//
// 1.5 million keys, which is 50,000 events a day for 30 days, take 16 MiB.
class seen_keys
{
public:
    // Keeps at most `limit` keys; beyond that the older half is forgotten.
    explicit seen_keys(std::size_t limit = 1'500'000);

    // Rows are counted from 1. Those beyond 32 bits are not remembered.
    void insert(std::uint32_t bits, std::int64_t row);

    // True if `is_it(row)` holds for one of the rows with these bits.
    template <class Check>
    bool any(std::uint32_t bits, Check&& is_it) const
    {
        for (auto at = bits & mask(); slots_[at] != 0; at = (at + 1) & mask()) {
            if ((slots_[at] >> 32U) == bits && is_it(row_of(slots_[at])))
                return true;
        }
        return false;
    }

    std::size_t size() const { return size_; }

private:
    using slot = std::uint64_t; // bits, then row; 0 is an empty one

    static std::int64_t row_of(slot value)
    {
        return static_cast<std::int64_t>(value & 0xffffffffU);
    }
    std::size_t mask() const { return slots_.size() - 1; }
    void place(slot value);
    // Keeps the slots of rows from `oldest_row` on.
    void rebuild(std::size_t slot_count, std::int64_t oldest_row);
    std::int64_t middle_row() const;

    std::size_t limit_;
    std::size_t size_ = 0;
    std::vector<slot> slots_;
};

} // namespace motcua::sqlite
