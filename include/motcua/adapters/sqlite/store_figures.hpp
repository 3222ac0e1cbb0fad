#pragma once

#include <motcua/core/time.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace motcua::sqlite {

// Sizes of a database, and the outgoing messages that are not at their end. Cheap whatever is
// stored: read from file sizes and partial indexes.
struct store_figures
{
    std::uintmax_t database_bytes = 0;
    std::uintmax_t log_bytes = 0;               // write-ahead log
    std::uintmax_t disk_free_bytes = 0;         // for us
    std::map<std::string, std::int64_t> unsent; // by app::name(outbox_state), all states open
    std::optional<utc_time> oldest_unsent;      // made then; of those not waiting for a contact
    std::int64_t handovers_waiting = 0;         // citizens who wait for a person
    std::optional<utc_time> longest_waiting;    // since then
    std::int64_t handovers_answered = 0;        // by a person now
};

// Of a database this program has opened. Blocking. Throws SQLite::Exception or
// std::filesystem::filesystem_error.
store_figures read_store_figures(const std::filesystem::path& file, utc_time now);

} // namespace motcua::sqlite
