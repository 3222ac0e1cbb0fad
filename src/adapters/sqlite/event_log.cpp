#include "connection.hpp"
#include "statements.hpp"

#include <motcua/adapters/sqlite/event_log.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace motcua::sqlite {

void read_events(
    const std::filesystem::path& file,
    utc_time from,
    utc_time to,
    const std::function<void(std::string_view body, double done)>& each)
{
    struct event
    {
        std::int64_t at = 0;
        std::string key;
        std::string body;
    };
    constexpr std::int64_t page = 1000;
    try {
        auto connection = open_reading_connection(file);
        if (schema_version(connection) != newest_schema_version())
            throw std::runtime_error(file.string() + ": not a database of this program's version");
        statement query(
            connection,
            "SELECT timestamp_ms, key, body, user_id FROM events "
            "WHERE (timestamp_ms, key) > (?1, ?2) AND timestamp_ms < ?3 "
            "ORDER BY timestamp_ms, key LIMIT ?4");
        event last{.at = ms(from), .key = {}, .body = {}};
        for (std::vector<event> events; events.empty() || std::ssize(events) == page;) {
            events.clear();
            for (use row(query, last.at, blob{last.key}, ms(to), page); row.next();)
                events.push_back(
                    {row.integer(0),
                     std::string(row.view(1)),
                     row.is_null(2) || row.is_null(3) ? std::string() : std::string(row.view(2))});
            if (events.empty())
                return;
            for (const auto& one : events)
                if (!one.body.empty())
                    each(
                        one.body,
                        static_cast<double>(one.at - ms(from)) /
                            static_cast<double>((to - from).count()));
            last = events.back();
        }
    } catch (const SQLite::Exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
}

} // namespace motcua::sqlite
