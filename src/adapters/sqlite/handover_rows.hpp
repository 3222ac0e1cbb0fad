#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/handovers.hpp>

#include <memory>
#include <string>
#include <vector>

namespace motcua::sqlite {

// The table handovers. Used inside a transaction of the connection.
class handover_rows final : public app::handover_records
{
public:
    explicit handover_rows(SQLite::Database& connection);
    ~handover_rows() override;

    void note(const app::handover_note& value, utc_time now) override;

    // Closes what is open and forgets whose the rows are. Returns how many rows.
    std::int64_t erase(const std::string& user_id, utc_time now);

private:
    struct statements;
    std::unique_ptr<statements> statements_;
};

std::vector<app::open_handover>
read_open_handovers(const SQLite::Database& connection, utc_time now, std::size_t limit);

std::vector<app::stored_event> read_events_of(
    const SQLite::Database& connection,
    std::string_view user_id,
    utc_time since,
    std::size_t limit);

} // namespace motcua::sqlite
