#pragma once

#include <motcua/core/reach/report.hpp>

#include <string>

namespace motcua::report {

// The report as JSON: every cell with its value, its words as printed, its figure and the rows
// behind it. Keys in a fixed order; the same report gives the same bytes.
std::string report_json(const reach::report& value);

// Every table, one below the other, as CSV (RFC 4180, CRLF) in UTF-8 with a byte order mark, so
// that Excel opens it right: plain numbers, ISO days, spans in seconds, a percentage with its parts
// in two further columns. Text that a spreadsheet would take for a formula gets an apostrophe.
std::string report_csv(const reach::report& value);

} // namespace motcua::report
