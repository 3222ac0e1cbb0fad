#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/retention.hpp>

namespace motcua::sqlite {

// What has been kept long enough, in whatever table. Used inside a transaction of the connection;
// its statements are prepared when they are needed, once a night.
class retention_rows final : public app::retention_records
{
public:
    explicit retention_rows(SQLite::Database& connection) : connection_(connection) {}

    std::optional<utc_time> platform_time() override;
    progress remove(
        app::kept_kind kind,
        utc_time before,
        utc_time now,
        const std::string& after,
        std::size_t limit) override;

private:
    SQLite::Database& connection_;
};

// What a pass would remove now.
std::vector<app::retention_count> preview_retention(
    const SQLite::Database& connection, const app::retention_rules& rules, utc_time now);

} // namespace motcua::sqlite
