#pragma once

#include <cstddef>
#include <string>

namespace motcua {

// Something a check of content found. Errors make `motcua check` fail; warnings are printed and do
// not.
struct finding
{
    enum class grade
    {
        warning,
        error
    };

    std::string file;     // as given on the command line; empty when the finding has no file
    std::size_t line = 0; // 1-based; 0 = the whole file
    grade severity = grade::error;
    std::string message; // one line, English, names the key or the code and what to do
};

} // namespace motcua
