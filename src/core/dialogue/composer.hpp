#pragma once

#include <motcua/core/dialogue/conversation.hpp>
#include <motcua/core/dialogue/outgoing.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace motcua::dialogue {

// The message with its choices as numbered lines (buttons do not appear on a computer,
// zalo-oa-protocol 2.5) and the first five as buttons. The text is cut so that all fits into
// text_limit.
outgoing_message compose(std::string_view text, const std::vector<choice>& choices);

// Code points that compose() adds for these choices: what the text before them may not use.
std::size_t choices_length(const std::vector<choice>& choices);

} // namespace motcua::dialogue
