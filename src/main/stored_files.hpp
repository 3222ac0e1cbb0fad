#pragma once

#include "configuration.hpp"

#include <motcua/adapters/sqlite/database.hpp>

namespace motcua {

// Removes the citizens' files that no row needs any more; for commands that hold the database,
// where no attachment_fetcher runs.
void remove_files(const configuration& config, sqlite::database& database);

} // namespace motcua
