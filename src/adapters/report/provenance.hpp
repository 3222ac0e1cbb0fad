#pragma once

#include <motcua/core/reach/report.hpp>

#include <string>
#include <vector>

namespace motcua::report {

// How the figures came about, a sentence each.
std::vector<std::string> provenance_lines(const reach::report& value);

} // namespace motcua::report
