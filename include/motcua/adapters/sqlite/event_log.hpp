#pragma once

#include <motcua/core/time.hpp>

#include <filesystem>
#include <functional>
#include <string_view>

namespace motcua::sqlite {

// Calls `each` with the body of every stored event of a citizen that the platform dates within
// [from, to), oldest first, and how much of that span is done, 0..1. A read-only connection, in
// short transactions: the server may run. Throws std::runtime_error if there is no database of this
// version.
void read_events(
    const std::filesystem::path& file,
    utc_time from,
    utc_time to,
    const std::function<void(std::string_view body, double done)>& each);

} // namespace motcua::sqlite
