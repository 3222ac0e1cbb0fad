#pragma once

#include "configuration.hpp"

#include <motcua/core/procedures/catalogue.hpp>
#include <motcua/core/time.hpp>

#include <filesystem>

namespace motcua {

// The wall clock, to the millisecond. main alone reads it; everybody else is handed the time.
utc_time now_utc();

// The database file of a storage folder, and the folder of citizens' files.
std::filesystem::path database_file(const configuration& config);
std::filesystem::path attachment_directory(const configuration& config);

// The records of the file or folder; with an empty path those of the database, or of
// data/procedures if there is no database yet. Findings that are errors are printed; unreadable
// input throws.
procedures::catalogue
read_records(const configuration& config, const std::filesystem::path& file_or_directory);

} // namespace motcua
