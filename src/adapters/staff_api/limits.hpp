#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

// Bounds that several routes share; the contract says the same.
namespace motcua::staff_api {

inline constexpr std::size_t longest_text = 2000; // code points of a reply, a note, an answer
inline constexpr std::size_t longest_id = 64;     // bytes
inline constexpr int due_soon_days = 2;           // working days left when a case is due soon

// The number of a row as a path or a parameter names it; nothing if it is none.
inline std::optional<std::int64_t> row_number(std::string_view text)
{
    std::int64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, value);
    const bool read = failure == std::errc() && stopped == end && value > 0 &&
                      value < std::numeric_limits<std::int64_t>::max();
    return read ? std::optional(value) : std::nullopt;
}

} // namespace motcua::staff_api
