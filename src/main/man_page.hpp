#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace motcua {

// The manual page (man(7)) of the program as its command line describes itself, so that neither can
// fall behind the other.
std::string man_page(const CLI::App& program, const std::string& version);

} // namespace motcua
