#include <motcua/core/dialogue/reply_places.hpp>
#include <motcua/core/dialogue/template_places.hpp>

#include <algorithm>

namespace motcua::dialogue {

std::optional<std::string> unknown_place(std::string_view text)
{
    for (;;) {
        const auto open = text.find("{{");
        const auto close = open == std::string_view::npos ? open : text.find("}}", open);
        if (close == std::string_view::npos)
            return std::nullopt;
        auto place = text.substr(open + 2, close - open - 2);
        place.remove_prefix(std::min(place.find_first_not_of(' '), place.size()));
        place = place.substr(0, place.find_last_not_of(' ') + 1);
        if (std::ranges::find(reply_places, place, &reply_place::name) == reply_places.end())
            return std::string(place);
        text.remove_prefix(close + 2);
    }
}

} // namespace motcua::dialogue
