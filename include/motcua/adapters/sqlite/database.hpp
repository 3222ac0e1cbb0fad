#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/support/metrics.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>

// The SQLite store: WAL, synchronous=FULL, exactly one connection that writes and checkpoints
// (reliability.md 1.4, 1.5).
namespace motcua::sqlite {

struct database_options
{
    std::filesystem::path file; // made with mode 0600 if absent; its folder must exist
    std::size_t queue_limit = app::writer_queue_limit;
    // Of audit.key and audit.head, made with mode 0600 if absent; empty = the database's folder.
    std::filesystem::path audit_directory{};
    // Ends a visit. If it is another than before, the roll-ups are made anew at the opening, which
    // takes minutes for millions of contacts.
    std::chrono::minutes visit_gap = reach::visit_gap;
};

// What operators are shown of the writer. Any thread.
struct writer_metrics
{
    metrics::histogram commit_seconds{
        metrics::seconds_bounds()};                           // a group: its units and the fsync
    metrics::histogram commit_units{metrics::count_bounds()}; // in a group
    metrics::counter refused;                                 // units: the queue was full
    metrics::counter failed;                                  // units that were not stored
};

// One database: the writer with its thread, and readers. The destructor waits for the units that
// wait. The execution contexts of those who commit must outlive it: the writer posts to them.
class database
{
public:
    virtual ~database() = default;
    virtual app::writer& writer() = 0;
    // A read-only connection of its own; use it from one thread at a time.
    virtual std::unique_ptr<app::reader> open_reader() = 0;
    virtual int schema_version() const = 0;
    virtual const writer_metrics& figures() const = 0;
    // Runs a unit on the calling thread, between the writer's groups, and commits it: for the
    // command line and long background work. Throws what the unit throws, or on a failed commit.
    virtual void run_now(const std::function<void(app::transaction&)>& unit) = 0;
};

// Another process has the database open. what() names the file.
class database_in_use : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// Opens, locks against a second process, checks and migrates. Throws std::runtime_error with one
// clear line: not a database, made by a newer program, damaged (quick_check); database_in_use if
// locked by another instance.
std::unique_ptr<database> open_database(const database_options& options);

// Writes the database as of one instant into the new file `target` (mode 0600), while its server
// may run: readers and the writer go on, only the write-ahead log cannot shrink meanwhile. Throws
// std::runtime_error.
void write_snapshot(const std::filesystem::path& file, const std::filesystem::path& target);
// Reads every page and index. Throws std::runtime_error if the database is damaged, foreign, or
// made by a newer program.
void check_whole(const std::filesystem::path& file);

// A read-only view beside whoever writes: no lock is taken. Throws std::runtime_error if there is
// no such database of this schema version. The other folder as in database_options.
std::unique_ptr<app::reader>
open_reader(const std::filesystem::path& file, const std::filesystem::path& audit_directory = {});

} // namespace motcua::sqlite
