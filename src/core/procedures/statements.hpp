#pragma once

#include <motcua/core/procedures/procedure.hpp>

#include <string>
#include <string_view>
#include <vector>

// What may be said about fee and time: the table of domain.md section 3.
namespace motcua::procedures {

// One statement per channel, equal ones merged: "Nộp trực tuyến: phí 10.000 đồng". The province's
// own fee comes first and is marked as the province's. At least one line.
std::vector<std::string> fee_lines(const procedure& record);

// The same for the time limit. `chosen_case` narrows to the case of that name if there is one.
std::vector<std::string> time_lines(const procedure& record, std::string_view chosen_case);

// True if the words speak of a fee set by a People's Council, or of an amount of money.
bool names_council(std::string_view note);
bool names_amount(std::string_view note);

// The notes of the portal that merely say "no information".
bool says_nothing(std::string_view note);

// "trực tuyến", "trực tiếp", "qua bưu chính công ích".
std::string_view method_text(method how);

} // namespace motcua::procedures
