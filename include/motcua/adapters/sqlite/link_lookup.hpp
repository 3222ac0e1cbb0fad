#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace motcua::sqlite {

// Tells tokens of tracked links from inventions without the writer. One thread at a time.
class link_lookup
{
public:
    // Of a database this program has opened. Throws SQLite::Exception.
    explicit link_lookup(const std::filesystem::path& file);
    ~link_lookup();

    // Committed so far. Throws SQLite::Exception.
    bool knows(const std::string& token);

private:
    struct connection;
    std::unique_ptr<connection> connection_;
};

} // namespace motcua::sqlite
