#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// Our own code of a complaint, "PA-261122-0007Q": day, number of the day, check letter. The letter
// at the end keeps it from ever having the shape of a dossier code (domain.md 5), which ends in
// digits. It is the bot's code, not the national portal's.
namespace motcua::complaints {

inline constexpr int highest_number_of_day = 999'999;

// `number` is 1..highest_number_of_day, the year 2000..2099.
std::string make_receipt_code(std::chrono::year_month_day day, int number);

// The canonical code of a text that is one, tolerant to lower case, blanks, dots and missing
// dashes. Empty for any other text: any single character replaced and any two neighbours swapped
// are noticed.
std::optional<std::string> parse_receipt_code(std::string_view text);

struct found_code
{
    std::string code;  // canonical
    std::size_t begin; // byte range in the text
    std::size_t end;
};

// The first code within the text.
std::optional<found_code> find_receipt_code(std::string_view text);

// What somebody typed for a code, if the text has something that begins like one but is none: a
// slip. At most 24 bytes, upper case.
std::optional<std::string> find_mistyped_code(std::string_view text);

} // namespace motcua::complaints
