#pragma once

#include <cstdint>

namespace motcua::load {

// Stands where the message API would be and says yes to everything, as cheaply as it can; prints
// "listening sink URL". Ends with SIGTERM.
void run_sink(std::uint16_t port);

} // namespace motcua::load
