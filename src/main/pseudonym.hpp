#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace motcua {

// Keyed hash of a Zalo user id: 32 hex digits of HMAC-SHA-256. The same key and id give the same
// pseudonym.
std::string pseudonym(std::string_view key, std::string_view user_id);

// The key of the file, or 32 random bytes in hex written to it (mode 0600) on the first start.
std::string signing_key_from(const std::filesystem::path& file);

} // namespace motcua
