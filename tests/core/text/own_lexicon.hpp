#pragma once

#include <motcua/core/text/normaliser.hpp>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

// The abbreviations and loan words the program ships with. Reads just the one-line rows our file
// has; the real reader is the content adapter.
namespace motcua::text {

inline std::vector<std::string> quoted_strings(std::string_view line)
{
    std::vector<std::string> found;
    for (std::size_t begin = line.find('"'); begin != std::string_view::npos;) {
        const std::size_t end = line.find('"', begin + 1);
        if (end == std::string_view::npos)
            break;
        found.emplace_back(line.substr(begin + 1, end - begin - 1));
        begin = line.find('"', end + 1);
    }
    return found;
}

inline lexicon own_lexicon()
{
    lexicon words;
    std::string line;
    std::ifstream rows(MOTCUA_SOURCE_DIR "/intents/abbreviations.yml");
    while (std::getline(rows, line)) {
        if (!line.starts_with("  - {short: "))
            continue;
        const std::vector<std::string> strings = quoted_strings(line);
        words.abbreviations.push_back(
            {strings.at(0), strings.at(1), {strings.begin() + 2, strings.end()}});
    }
    std::ifstream list(MOTCUA_SOURCE_DIR "/intents/loanwords.txt");
    while (std::getline(list, line))
        if (!line.empty() && !line.starts_with("#"))
            words.loanwords.push_back(line);
    return words;
}

} // namespace motcua::text
