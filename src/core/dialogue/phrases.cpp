#include <motcua/core/dialogue/knowledge.hpp>

namespace motcua::dialogue {

phrases::phrases(std::map<std::string, std::string, std::less<>> by_key)
    : by_key_(std::move(by_key))
{
}

std::string phrases::say(
    std::string_view key,
    std::initializer_list<std::pair<std::string_view, std::string_view>> places) const
{
    const auto found = by_key_.find(key);
    if (found == by_key_.end())
        return std::string(key);
    const std::string& pattern = found->second;
    std::string text;
    for (std::size_t at = 0; at < pattern.size();) {
        const auto open = pattern.find("{{", at);
        const auto close = open == std::string::npos ? open : pattern.find("}}", open);
        if (close == std::string::npos) {
            text.append(pattern, at);
            break;
        }
        text.append(pattern, at, open - at);
        const auto place = std::string_view(pattern).substr(open + 2, close - open - 2);
        for (const auto& [place_name, value] : places) {
            if (place_name == place)
                text += value;
        }
        at = close + 2;
    }
    return text;
}

} // namespace motcua::dialogue
