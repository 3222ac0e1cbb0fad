#include "unit_runner.hpp"

#include "complaint_erasure.hpp"

#include <SQLiteCpp/Exception.h>
#include <motcua/support/logging.hpp>
#include <sqlite3.h>

#include <chrono>
#include <stdexcept>

namespace motcua::sqlite {

namespace {

constexpr int passive_checkpoint_pages = 1000;
constexpr int restart_checkpoint_pages = 4000;
constexpr int groups_before_cut = 64;
constexpr auto key_retention = std::chrono::days(30); // reliability.md 5

utc_time days_ago(std::chrono::days span)
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) - span;
}

int keep_log_length(void* pages, sqlite3*, const char*, int length)
{
    *static_cast<int*>(pages) = length;
    return SQLITE_OK;
}

void execute(SQLite::Statement& prepared)
{
    prepared.tryReset();
    prepared.exec();
    prepared.tryReset();
}

} // namespace

unit_runner::unit_runner(
    SQLite::Database& connection, audit_chain& chain, std::chrono::minutes visit_gap)
    : connection_(connection), begin_(connection, "BEGIN IMMEDIATE"), commit_(connection, "COMMIT"),
      savepoint_(connection, "SAVEPOINT unit"), release_(connection, "RELEASE unit"),
      rollback_to_(connection, "ROLLBACK TO unit"),
      unit_of_work_(connection, chain, days_ago(key_retention), visit_gap), changes_(connection),
      erased_(has_forgotten_words(connection))
{
    sqlite3_wal_hook(connection_.getHandle(), keep_log_length, &log_pages_);
}

void unit_runner::run(std::span<job* const> group)
{
    if (!healthy_) {
        fail(group, std::make_exception_ptr(std::runtime_error("the database is out of service")));
        return;
    }
    try {
        execute(begin_);
        for (auto* each : group)
            run_one(*each);
        execute(commit_);
        unit_of_work_.committed();
    } catch (...) {
        const auto failure = std::current_exception();
        note(failure);
        if (sqlite3_get_autocommit(connection_.getHandle()) == 0)
            sqlite3_exec(connection_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
        fail(group, failure);
    }
    tell();
    erased_ = unit_of_work_.take_erased() || erased_;
}

// After a group that was rolled back there is nothing to tell.
void unit_runner::tell()
{
    try {
        auto made = changes_.take();
        if (told_ && !made.empty())
            told_(std::move(made));
    } catch (const std::exception& failure) {
        log::error("changes were not announced", {{"reason", failure.what()}});
    }
}

// Throws if the transaction cannot go on.
void unit_runner::run_one(job& each)
{
    execute(savepoint_);
    unit_of_work_.begin();
    try {
        each.unit(unit_of_work_);
    } catch (...) {
        each.failure = std::current_exception();
        note(each.failure);
    }
    // SQLite ends the whole transaction by itself on some failures (a full disk, an I/O error); the
    // units before this one are then lost, too.
    if (!healthy_ || sqlite3_get_autocommit(connection_.getHandle()) != 0)
        throw std::runtime_error("the group was rolled back");
    if (each.failure)
        execute(rollback_to_);
    execute(release_);
}

void unit_runner::fail(std::span<job* const> group, const std::exception_ptr& failure)
{
    for (auto* each : group) {
        if (!each->failure)
            each->failure = failure;
    }
}

void unit_runner::note(const std::exception_ptr& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (const SQLite::Exception& error) {
        const auto code = error.getErrorCode() & 0xff;
        // After a failed fsync the kernel may have dropped the pages: only a restart, which reads
        // what the disk holds, tells.
        if (code == SQLITE_IOERR || code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
            code == SQLITE_READONLY || code == SQLITE_CANTOPEN)
            healthy_ = false;
    } catch (...) {
        return; // the unit's own
    }
}

void unit_runner::checkpoint_if_long()
{
    if (log_pages_ < checkpointed_pages_)
        checkpointed_pages_ = 0; // the log was started anew
    // Under a load that never pauses tidy() is not called: erased bytes must go all the same.
    if (erased_ && ++groups_since_erasure_ % groups_before_cut == 0)
        tidy();
    if (!healthy_ || log_pages_ - checkpointed_pages_ < passive_checkpoint_pages)
        return;
    note_checkpoint(sqlite3_wal_checkpoint_v2(
        connection_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr));
    checkpointed_pages_ = log_pages_;
}

bool unit_runner::tidy()
{
    if (!healthy_ || (!erased_ && log_pages_ < restart_checkpoint_pages))
        return false;
    try {
        if (erased_ && merge_forgotten_words(connection_))
            return true;
    } catch (const SQLite::Exception&) { // a full disk: at the next occasion
        note(std::current_exception());
        return false;
    }
    // Readers hold the old log for as long as they read; do not wait for them, come again.
    sqlite3_busy_timeout(connection_.getHandle(), 0);
    const auto code = sqlite3_wal_checkpoint_v2(
        connection_.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    note_checkpoint(code);
    if (code == SQLITE_OK) {
        log_pages_ = 0;
        checkpointed_pages_ = 0;
        erased_ = false;
    }
    return false;
}

void unit_runner::note_checkpoint(int code)
{
    // Without space the log stays as it is, and nothing is lost. A failed fsync of the file is
    // another matter: a second attempt would succeed without having written.
    if ((code & 0xff) == SQLITE_IOERR && code != SQLITE_IOERR_WRITE)
        healthy_ = false;
    if ((code & 0xff) == SQLITE_CORRUPT)
        healthy_ = false;
}

} // namespace motcua::sqlite
