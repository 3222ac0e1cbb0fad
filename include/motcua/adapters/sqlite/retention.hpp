#pragma once

#include <motcua/app/retention.hpp>

#include <filesystem>
#include <vector>

namespace motcua::sqlite {

// The retention of a transaction of a database of ours; std::bad_cast for any other.
app::retention_records& retention_of(app::transaction& unit);

// What a retention_pass would remove now. Reads the file beside a running server. Throws if it is
// no database of ours.
std::vector<app::retention_count> preview_retention(
    const std::filesystem::path& file, const app::retention_rules& rules, utc_time now);

} // namespace motcua::sqlite
