#pragma once

#include <span>
#include <string_view>

namespace motcua::content {

// The word files of intents/ as they were when the program was built: what a directory without its
// own is read with.
struct shipped_file
{
    std::string_view name; // "synonyms.yml"
    std::string_view bytes;
};

std::span<const shipped_file> shipped_words();

} // namespace motcua::content
