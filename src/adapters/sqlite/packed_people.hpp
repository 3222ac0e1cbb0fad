#pragma once

#include <motcua/core/reach/measures.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The people of one day and scope in few bytes: each one's number, as the distance from the one
// before, and their measures, both as varints.
namespace motcua::sqlite {

struct counted_person
{
    std::int64_t number = 0;
    reach::measure_set measures = 0;

    bool operator==(const counted_person&) const = default;
};

// `people` in ascending order of number, each once.
std::string pack(const std::vector<counted_person>& people);

// Calls `each(number, measures)` for everybody. Stops at the first damaged byte; false then.
template <class Each>
bool unpack(std::string_view bytes, const Each& each)
{
    std::size_t at = 0;
    const auto varint = [&bytes, &at](std::uint64_t& value) {
        value = 0;
        for (unsigned shift = 0; at < bytes.size() && shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes[at++]);
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80)
                return true;
        }
        return false;
    };
    std::uint64_t number = 0;
    while (at < bytes.size()) {
        std::uint64_t distance = 0;
        std::uint64_t measures = 0;
        if (!varint(distance) || !varint(measures))
            return false;
        number += distance;
        each(static_cast<std::int64_t>(number), static_cast<reach::measure_set>(measures));
    }
    return true;
}

} // namespace motcua::sqlite
