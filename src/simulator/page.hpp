#pragma once

#include <string_view>

namespace motcua::simulator {

// chat.html, built in.
extern const std::string_view chat_page;

} // namespace motcua::simulator
