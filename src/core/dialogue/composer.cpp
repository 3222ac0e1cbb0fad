#include "composer.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>

namespace motcua::dialogue {
namespace {

bool is_link(std::string_view payload)
{
    return payload.starts_with("https://");
}

std::string numbered(const std::vector<choice>& choices)
{
    std::string lines;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        lines += i == 0 ? "\n\n" : "\n";
        lines += std::to_string(i + 1) + ". " + choices[i].title;
        if (is_link(choices[i].payload))
            lines += ": " + choices[i].payload;
    }
    return lines;
}

} // namespace

std::size_t choices_length(const std::vector<choice>& choices)
{
    return text::code_points(numbered(choices));
}

outgoing_message compose(std::string_view text, const std::vector<choice>& choices)
{
    const auto lines = numbered(choices);
    const auto room = text_limit - std::min(text_limit, text::code_points(lines));
    outgoing_message message;
    message.text = std::string(text::prefix(text, room)) + lines;
    for (const auto& one : choices) {
        if (message.buttons.size() == button_limit)
            break;
        message.buttons.push_back(
            {.title = std::string(text::prefix(one.title, button_title_limit)),
             .kind = is_link(one.payload) ? button_kind::open_url : button_kind::query,
             .payload = one.payload});
    }
    return message;
}

} // namespace motcua::dialogue
