#pragma once

#include <filesystem>
#include <string>

namespace motcua {

// One line that nobody is to see: of the file if one is named, else typed without echo after
// `prompt`, else of standard input. Without blanks at its end. Throws configuration_error if there
// is none.
std::string read_secret(const std::filesystem::path& file, const std::string& prompt);

// True if standard input is a terminal: somebody types.
bool is_typed();

} // namespace motcua
