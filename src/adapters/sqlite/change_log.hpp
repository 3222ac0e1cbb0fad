#pragma once

#include "casework_rows.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <motcua/app/changes.hpp>

namespace motcua::sqlite {

// Knows what the units of a group have changed that staff look at. Triggers of the writing
// connection note it in a temporary table, so whoever writes a row cannot forget to tell, and what
// a unit did that was rolled back was never noted.
class change_log
{
public:
    // Makes table and triggers. `connection` outlives it, and its schema is the newest.
    explicit change_log(SQLite::Database& connection);

    // What has been committed since the last call, in order. Call outside of a transaction.
    app::change_list take();

private:
    casework_reading fates_;
    SQLite::Statement noted_;
    SQLite::Statement clear_;
};

} // namespace motcua::sqlite
