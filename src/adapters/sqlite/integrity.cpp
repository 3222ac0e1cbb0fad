#include "connection.hpp"
#include "statements.hpp"

#include <motcua/adapters/sqlite/integrity.hpp>
#include <motcua/support/logging.hpp>
#include <sqlite3.h>
#include <sys/resource.h>

#include <utility>
#include <vector>

namespace motcua::sqlite {
namespace {

constexpr std::chrono::minutes time_of_night{3 * 60 + 30};
constexpr std::chrono::hours shortest_wait{1};
constexpr int steps_between_questions = 100'000; // of SQLite's machine: milliseconds
constexpr int lowest_priority = 19;

int is_to_stop(void* goes_on)
{
    return (*static_cast<const std::function<bool()>*>(goes_on))() ? 0 : 1;
}

std::vector<std::string> tables_of(const SQLite::Database& connection)
{
    std::vector<std::string> names;
    statement rows(
        connection,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name");
    for (use row(rows); row.next();)
        names.push_back(row.text(0));
    return names;
}

} // namespace

integrity_finding
find_damage(const std::filesystem::path& file, const std::function<bool()>& goes_on)
{
    try {
        const auto connection = open_reading_connection(file);
        auto question = goes_on;
        sqlite3_progress_handler(
            connection.getHandle(), steps_between_questions, is_to_stop, &question);
        for (const auto& table : tables_of(connection)) {
            if (!goes_on())
                return {};
            statement check(connection, "PRAGMA integrity_check(\"" + table + "\")");
            use row(check);
            if (row.next() && row.view(0) != "ok")
                return {.complete = true, .damage = table + ": " + row.text(0)};
        }
    } catch (const SQLite::Exception& failure) {
        const auto code = failure.getErrorCode() & 0xff;
        if (code == SQLITE_INTERRUPT)
            return {};
        if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_IOERR)
            return {.complete = true, .damage = failure.what()};
        throw;
    }
    return {.complete = true, .damage = {}};
}

std::chrono::milliseconds until_next_look(utc_time now)
{
    const auto local = now + vietnam_offset;
    auto next = std::chrono::floor<std::chrono::days>(local) + time_of_night;
    while (next - local < shortest_wait)
        next += std::chrono::days(1);
    return next - local;
}

integrity_watch::integrity_watch(
    std::filesystem::path file, std::function<utc_time()> now, std::chrono::milliseconds first)
    : file_(std::move(file)), now_(std::move(now)), thread_([this, first] { run(first); })
{
}

integrity_watch::~integrity_watch()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stop_.notify_one();
    thread_.join();
}

integrity_status integrity_watch::status() const
{
    const auto checked = checked_ms_.load();
    integrity_status out;
    if (checked != 0)
        out.checked = utc_time(std::chrono::milliseconds(checked));
    out.damaged = damaged_;
    return out;
}

void integrity_watch::look()
{
    const auto begun = std::chrono::steady_clock::now();
    try {
        const auto found = find_damage(file_, [this] { return !stopping_; });
        if (!found.complete)
            return;
        if (!found.damage.empty()) {
            damaged_ = true;
            log::error("the database is damaged: restore a backup", {{"found", found.damage}});
        }
        checked_ms_ = ms(now_());
        log::info(
            "database checked",
            {{"sound", found.damage.empty()},
             {"took_ms", std::chrono::steady_clock::now() - begun}});
    } catch (const std::exception& failure) {
        log::warning("the database was not checked", {{"reason", failure.what()}});
    }
}

void integrity_watch::run(std::chrono::milliseconds first)
{
    ::setpriority(PRIO_PROCESS, 0, lowest_priority); // of this thread alone, on Linux
    const auto stops_within = [this](std::chrono::milliseconds span) {
        std::unique_lock lock(mutex_);
        return stop_.wait_for(lock, span, [this] { return stopping_.load(); });
    };
    for (auto wait = first; !stops_within(wait); wait = until_next_look(now_()))
        look();
}

} // namespace motcua::sqlite
