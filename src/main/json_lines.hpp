#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace motcua {

struct text_line
{
    std::string id;
    std::string text;
};

// Calls `each` for every {"id","text"} line of the file ("-" = standard input); an id may be a
// number. A line that is no such object is reported on stderr with its number and makes the result
// false; the others are still read.
bool each_text_line(
    const std::filesystem::path& file, const std::function<void(const text_line&)>& each);

} // namespace motcua
