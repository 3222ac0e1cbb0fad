#pragma once

#include "change_log.hpp"
#include "unit_of_work.hpp"

#include <atomic>
#include <exception>
#include <functional>
#include <span>

namespace motcua::sqlite {

// A unit of work and how it ended.
struct job
{
    std::function<void(app::transaction&)> unit;
    std::exception_ptr failure; // empty: stored, and on disk
};

// Runs groups of units and keeps the write-ahead log short. One thread at a time.
class unit_runner
{
public:
    // Both outlive it.
    unit_runner(
        SQLite::Database& connection,
        audit_chain& chain,
        std::chrono::minutes visit_gap = reach::visit_gap);

    // Runs each unit in its own savepoint and commits all that did not throw with one fsync.
    void run(std::span<job* const> group);

    // Called after each commit that changed something, on the thread of run(). Not during run().
    void on_commit(std::function<void(app::change_list)> told) { told_ = std::move(told); }

    // After a group: moves a long log into the file, without waiting for anyone.
    void checkpoint_if_long();
    // When nothing waits: takes a step, milliseconds long, in removing what erasures have left in
    // the search index; then starts the log anew if it is very long or holds erased data. True if
    // there is another step to take.
    bool tidy();

    // Any thread. False after an I/O error: the disk's state is not known.
    bool healthy() const { return healthy_; }

private:
    void run_one(job& each);
    void fail(std::span<job* const> group, const std::exception_ptr& failure);
    void note(const std::exception_ptr& failure);
    void note_checkpoint(int code);
    void tell();

    SQLite::Database& connection_;
    SQLite::Statement begin_;
    SQLite::Statement commit_;
    SQLite::Statement savepoint_;
    SQLite::Statement release_;
    SQLite::Statement rollback_to_;
    unit_of_work unit_of_work_;
    change_log changes_;
    std::function<void(app::change_list)> told_;
    int log_pages_ = 0;          // in the log now
    int checkpointed_pages_ = 0; // log_pages_ at the last checkpoint
    bool erased_;                // and not yet out of the index and the log
    int groups_since_erasure_ = 0;
    std::atomic<bool> healthy_ = true;
};

} // namespace motcua::sqlite
