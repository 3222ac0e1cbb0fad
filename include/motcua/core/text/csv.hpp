#pragma once

#include <string>
#include <string_view>

namespace motcua::text {

// One cell of a CSV file (RFC 4180, comma), quoted where it must be. What a spreadsheet would take
// for a formula (it begins with = + - @ or a tab, and is no whole number) gets an apostrophe.
std::string csv_cell(std::string_view value);

} // namespace motcua::text
