#pragma once

#include <cstdint>
#include <string_view>

namespace motcua::text {

// FNV-1a, 64 bits (draft-eastlake-fnv): the same on every machine and in every version. Not for
// keys of strangers' choice.
inline constexpr std::uint64_t fnv_offset = 0xcbf29ce484222325ULL;

inline std::uint64_t fnv(std::string_view bytes, std::uint64_t from = fnv_offset)
{
    for (const char c : bytes)
        from = (from ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return from;
}

} // namespace motcua::text
