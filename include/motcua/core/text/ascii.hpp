#pragma once

#include <string_view>

namespace motcua::text {

// '0' to '9', whatever the locale.
constexpr bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

// The text without the given characters at both ends; a view into it, empty if there is nothing
// else.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n")
{
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace motcua::text
