#pragma once

#include <motcua/app/event_handler.hpp>
#include <motcua/core/text/unicode.hpp>

#include <sstream>
#include <string>
#include <vector>

namespace motcua::staff_api {

// Folded words as the content's normaliser gives them, so that "hs" and "hồ sơ" are alike; as they
// stand where there is no model.
inline std::vector<std::string> words_of(const app::content& content, const std::string& text)
{
    std::vector<std::string> out;
    if (content.understander) {
        for (const auto& token : content.understander->words().normalise(text).tokens)
            out.push_back(token.folded);
        return out;
    }
    std::istringstream in(text::fold(text));
    for (std::string word; in >> word;)
        out.push_back(std::move(word));
    return out;
}

} // namespace motcua::staff_api
