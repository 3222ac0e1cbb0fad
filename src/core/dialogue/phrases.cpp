#include <motcua/core/dialogue/knowledge.hpp>

namespace motcua::dialogue {

phrases::phrases(std::map<std::string, std::string, std::less<>> by_key)
    : by_key_(std::move(by_key))
{
}

std::string fill(std::string_view pattern, const places_to_fill& places)
{
    std::string text;
    for (std::size_t at = 0; at < pattern.size();) {
        const auto open = pattern.find("{{", at);
        const auto close = open == std::string_view::npos ? open : pattern.find("}}", open);
        if (close == std::string_view::npos)
            return text += pattern.substr(at);
        text += pattern.substr(at, open - at);
        const auto place = pattern.substr(open + 2, close - open - 2);
        for (const auto& [place_name, value] : places) {
            if (place_name == place)
                text += value;
        }
        at = close + 2;
    }
    return text;
}

std::string_view phrases::pattern(std::string_view key) const
{
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? key : std::string_view(found->second);
}

std::string phrases::say(
    std::string_view key,
    std::initializer_list<std::pair<std::string_view, std::string_view>> places) const
{
    places_to_fill owned;
    for (const auto& [place_name, value] : places)
        owned.emplace_back(place_name, value);
    return fill(pattern(key), owned);
}

} // namespace motcua::dialogue
