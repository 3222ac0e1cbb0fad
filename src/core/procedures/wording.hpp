#pragma once

#include <motcua/core/procedures/procedure.hpp>
#include <motcua/core/text/ascii.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Small pieces of wording shared by the checks and the rendering.
namespace motcua::procedures {

// More originals or copies of one paper are not believed.
inline constexpr int plausible_papers = 20;

using text::trimmed;
// The lines of a text, trimmed, without empty ones.
std::vector<std::string_view> lines_of(std::string_view text);
// A heading or list item without its list mark ("- ", "* ", "a) ", "1.2. ") and closing colon.
std::string_view without_list_mark(std::string_view text);
// At most `limit` code points, cut at the end of a word, with "…" if something was cut.
std::string shortened(std::string_view text, std::size_t limit);
// Runs of blanks and newlines become one blank.
std::string one_line(std::string_view text);
// First letter in upper case.
std::string capitalised(std::string_view text);

// True if the lower-cased text has the lower-case word or phrase between non-letters.
bool has_word(std::string_view lower_text, std::string_view word);
// True if the text names an office of the districts, abolished on 2025-07-01.
bool names_district(std::string_view text);
// The text without districts as a place to go: "UBND cấp huyện" becomes "cơ quan có thẩm quyền".
std::string without_districts(std::string_view text);

// "18/07/2026"; "10.000 đồng"; "3 ngày làm việc".
std::string date_text(date day);
std::string amount_text(std::int64_t amount_vnd);
std::string quantity_text(int quantity, time_unit unit);

} // namespace motcua::procedures
