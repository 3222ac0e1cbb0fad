#pragma once

#include <cstdint>

namespace motcua::log {

enum class format : std::uint8_t
{
    json, // logging.hpp
    text  // for people: 2026-11-22T08:00:00.000Z info event stored kind="text" count=3
};

// json at first. Call it before other threads log.
void set_format(format lines);

} // namespace motcua::log
