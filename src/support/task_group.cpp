#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/task_group.hpp>

#include <exception>
#include <unordered_map>
#include <utility>

namespace motcua {

// Shared with the completion handlers, which may outlive the group.
struct task_group::state
{
    explicit state(const asio::any_io_executor& on) : executor(on), ended(on) {}

    asio::any_io_executor executor;
    asio::steady_timer ended; // cancelled when the last task has ended
    std::unordered_map<id, asio::cancellation_signal> tasks;
    id next = 0;
};

namespace {

void log_failure(const std::string& name, const std::exception_ptr& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted)
            log::error("task failed", {{"task", name}, {"reason", error.what()}});
    } catch (const std::exception& error) {
        log::error("task failed", {{"task", name}, {"reason", error.what()}});
    } catch (...) {
        log::error("task failed", {{"task", name}});
    }
}

} // namespace

task_group::task_group(const asio::any_io_executor& executor)
    : state_(std::make_shared<state>(executor))
{
}

task_group::~task_group()
{
    cancel_all();
}

task_group::id task_group::spawn(std::string name, asio::awaitable<void> task)
{
    const id number = state_->next++;
    auto& signal = state_->tasks[number];
    auto when_ended =
        [group = state_, number, name = std::move(name)](const std::exception_ptr& failure) {
            if (failure)
                log_failure(name, failure);
            group->tasks.erase(number);
            if (group->tasks.empty())
                group->ended.cancel();
        };
    asio::co_spawn(
        state_->executor,
        std::move(task),
        asio::bind_cancellation_slot(signal.slot(), std::move(when_ended)));
    return number;
}

void task_group::cancel(id task)
{
    const auto found = state_->tasks.find(task);
    if (found != state_->tasks.end())
        found->second.emit(asio::cancellation_type::terminal);
}

void task_group::cancel_all()
{
    // Asio's operations post their completion, so no task ends inside emit.
    for (auto& [number, signal] : state_->tasks)
        signal.emit(asio::cancellation_type::terminal);
}

std::size_t task_group::size() const
{
    return state_->tasks.size();
}

asio::awaitable<void> task_group::join()
{
    co_await join(std::chrono::hours(24 * 365));
}

asio::awaitable<bool> task_group::join(std::chrono::steady_clock::duration limit)
{
    auto group = state_;
    if (!group->tasks.empty()) {
        group->ended.expires_after(limit);
        co_await group->ended.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return group->tasks.empty();
}

} // namespace motcua
