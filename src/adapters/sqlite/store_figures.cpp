#include "connection.hpp"
#include "handover_rows.hpp"
#include "statements.hpp"

#include <motcua/adapters/sqlite/store_figures.hpp>

#include <algorithm>

namespace motcua::sqlite {
namespace {

constexpr std::size_t handovers_counted = 10'000;

std::uintmax_t size_of(const std::filesystem::path& file)
{
    std::error_code absent;
    const auto size = std::filesystem::file_size(file, absent);
    return absent ? 0 : size;
}

void count_unsent(const SQLite::Database& connection, store_figures& into)
{
    for (const auto* state : {"pending", "sending", "retry", "unknown", "waiting"})
        into.unsent[state] = 0;
    statement open(
        connection,
        "SELECT state, count(*), min(created_ms) FROM outbox INDEXED BY outbox_unsettled "
        "WHERE (state IN ('pending', 'sending') OR state IN ('retry', 'unknown')) GROUP BY state");
    for (use row(open); row.next();) {
        into.unsent[row.text(0)] = row.integer(1);
        const auto oldest = row.time(2);
        into.oldest_unsent = std::min(into.oldest_unsent.value_or(oldest), oldest);
    }
    statement waiting(
        connection,
        "SELECT count(*) FROM outbox INDEXED BY outbox_waiting WHERE state = 'waiting'");
    use row(waiting);
    if (row.next())
        into.unsent["waiting"] = row.integer(0);
}

} // namespace

store_figures read_store_figures(const std::filesystem::path& file, utc_time now)
{
    store_figures out;
    auto log = file;
    log += "-wal";
    out.database_bytes = size_of(file);
    out.log_bytes = size_of(log);
    out.disk_free_bytes = std::filesystem::space(file).available;
    const auto connection = open_reading_connection(file);
    count_unsent(connection, out);
    for (const auto& one : read_open_handovers(connection, now, handovers_counted)) {
        if (one.by == dialogue::attention::person) {
            ++out.handovers_answered;
            continue;
        }
        ++out.handovers_waiting;
        out.longest_waiting = std::min(out.longest_waiting.value_or(one.since), one.since);
    }
    return out;
}

} // namespace motcua::sqlite
