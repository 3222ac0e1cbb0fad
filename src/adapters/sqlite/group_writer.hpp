#pragma once

#include "unit_runner.hpp"

#include <motcua/adapters/sqlite/database.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace motcua::sqlite {

namespace asio = boost::asio;

// The queue in front of the writer and its thread (design.md decision 3): take what is there, run
// it, commit once, resume everybody, take again.
class group_writer final : public app::writer
{
public:
    // `connection` and `chain` outlive it.
    group_writer(
        SQLite::Database& connection,
        audit_chain& chain,
        std::size_t queue_limit,
        std::chrono::minutes visit_gap);
    // Runs what waits first. The executors of those who wait must still be there.
    ~group_writer() override;

    asio::awaitable<result<void>> commit(std::function<void(app::transaction&)> unit) override;
    void on_commit(std::function<void(app::change_list)> told) override;
    bool healthy() const override { return runner_.healthy(); }
    std::size_t waiting() const override;
    const writer_metrics& figures() const { return figures_; }

    // On the calling thread. Throws what the unit throws, or that the commit failed.
    void run_now(const std::function<void(app::transaction&)>& unit);

    // Somebody who waits for a job.
    class waiter : public job
    {
    public:
        virtual ~waiter() = default;
        virtual asio::any_io_executor executor() const = 0;
        // On the executor; at most once.
        virtual void resume(result<void> end) = 0;
    };

private:
    void enter(std::unique_ptr<waiter> who);
    void work();
    void run_group(std::span<job* const> group);
    std::vector<std::unique_ptr<waiter>> take();

    writer_metrics figures_;
    unit_runner runner_;
    const std::size_t queue_limit_;
    std::mutex runner_mutex_; // run_now against the thread
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<std::unique_ptr<waiter>> queue_; // mutex_
    bool stopping_ = false;                      // mutex_
    std::thread thread_;
};

} // namespace motcua::sqlite
