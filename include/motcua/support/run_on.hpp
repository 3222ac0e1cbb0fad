#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

namespace motcua {

namespace asio = boost::asio;

// By value: parameters live in the coroutine's frame, a lambda's captures do not.
template <class Job>
asio::awaitable<std::invoke_result_t<Job&>> invoke_job(Job job)
{
    co_return job();
}

// Runs the blocking `job` on `worker` (a thread pool's executor) and resumes the caller on its own
// executor; exceptions come back. The result type must be default constructible (Boost 1.81). A job
// cannot be cancelled: bound it, and the queue in front of the worker. A caller that is cancelled
// meanwhile resumes when the job has ended; its next co_await then throws operation_aborted.
//
// g++ 12: give the lambda a name before the statement that awaits.
template <class Job>
auto run_on(asio::any_io_executor worker, Job job)
{
    // Without the empty slot Boost 1.81 posts a cancellation to the worker, behind the job, and
    // there it reaches for the frame of a coroutine that has ended.
    return asio::co_spawn(
        std::move(worker),
        invoke_job(std::move(job)),
        asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
}

} // namespace motcua
