#pragma once

#include <chrono>

namespace motcua::app {

// Before asking a busy or failing store again.
inline constexpr std::chrono::seconds storage_pause{1};

} // namespace motcua::app
