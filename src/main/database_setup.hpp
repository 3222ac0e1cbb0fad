#pragma once

#include "configuration.hpp"

#include <motcua/adapters/sqlite/database.hpp>

#include <filesystem>

namespace motcua {

// The database of the storage folder, with key and head of the audit where they belong.
sqlite::database_options database_options_of(const configuration& config);

// The key that seals the secrets of authenticators.
std::filesystem::path totp_key_file(const configuration& config);

} // namespace motcua
