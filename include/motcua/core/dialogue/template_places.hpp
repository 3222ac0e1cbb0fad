#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace motcua::dialogue {

// The first {{place}} of a text, without its braces, that is none of reply_places; blanks around it
// do not matter. Empty if all are known. An unclosed "{{" is text.
std::optional<std::string> unknown_place(std::string_view text);

} // namespace motcua::dialogue
