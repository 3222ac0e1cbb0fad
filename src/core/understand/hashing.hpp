#pragma once

#include <motcua/core/text/fnv.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Hashes that are part of the model file's format: never change them without a new format version.
namespace motcua::understand {

using text::fnv;
using text::fnv_offset;

// Spreads a hash evenly over 64 bits (SplitMix64's finaliser).
inline std::uint64_t mixed(std::uint64_t z)
{
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

// Checksum of a whole file, eight bytes at a time: ten megabytes take a few milliseconds.
inline std::uint64_t checksum(std::string_view bytes)
{
    std::uint64_t sum = mixed(bytes.size() + 1);
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        sum = ((sum ^ word) * 0x9e3779b97f4a7c15ULL);
        sum ^= sum >> 29U;
    }
    return mixed(fnv(bytes.substr(at), sum));
}

// 16 hex digits.
inline std::string hexadecimal(std::uint64_t value)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = digits[(value >> (60U - 4U * i)) & 0xfU];
    return text;
}

} // namespace motcua::understand
