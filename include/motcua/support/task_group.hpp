#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace motcua {

namespace asio = boost::asio;

// Coroutines that run beside each other and are waited for together; the alternative to `detached`.
// Lives on one single-threaded executor: call everything there. Tasks still running when the group
// is destroyed are cancelled, not waited for: join first.
class task_group
{
public:
    using id = std::uint64_t;

    explicit task_group(const asio::any_io_executor& executor);
    task_group(const task_group&) = delete;
    task_group& operator=(const task_group&) = delete;
    ~task_group();

    // Starts the task. What it throws is logged under `name` and spreads no further;
    // operation_aborted is no failure. The task may have ended when spawn returns.
    id spawn(std::string name, asio::awaitable<void> task);

    // Cancels one task (cancellation_type::terminal); nothing if it has ended.
    void cancel(id task);
    void cancel_all();

    std::size_t size() const;

    // Ends when no task is left. One join at a time.
    asio::awaitable<void> join();
    // False if tasks are left after `limit`.
    asio::awaitable<bool> join(std::chrono::steady_clock::duration limit);

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace motcua
