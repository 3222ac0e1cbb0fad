#include "connection.hpp"
#include "statements.hpp"

#include <motcua/adapters/sqlite/link_lookup.hpp>

namespace motcua::sqlite {

struct link_lookup::connection
{
    explicit connection(const std::filesystem::path& file) : db(open_reading_connection(file)) {}

    SQLite::Database db;
    statement find{db, "SELECT 1 FROM links WHERE token = ?1"};
};

link_lookup::link_lookup(const std::filesystem::path& file)
    : connection_(std::make_unique<connection>(file))
{
}

link_lookup::~link_lookup() = default;

bool link_lookup::knows(const std::string& token)
{
    return use(connection_->find, token).next();
}

} // namespace motcua::sqlite
