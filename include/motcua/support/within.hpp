#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

namespace motcua {

namespace asio = boost::asio;

// Returns after `span`, or at once when the coroutine is cancelled (its next co_await then throws
// operation_aborted).
inline asio::awaitable<void> sleep_for(std::chrono::steady_clock::duration span)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, span);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

// How an operation ended: with a value, or with what it threw.
template <class T>
struct outcome
{
    std::exception_ptr failure;
    std::optional<T> value;
};

// Never throws. Needed beside Asio's `||`, which waits for the first success and forgets what the
// other side throws.
template <class T>
asio::awaitable<outcome<T>> caught(asio::awaitable<T> operation)
{
    outcome<T> end;
    try {
        end.value = co_await std::move(operation);
    } catch (...) {
        end.failure = std::current_exception();
    }
    co_return end;
}

// Empty if `span` passed first; the operation was then cancelled and has ended. Rethrows what the
// operation threw. Waits for an operation that cannot be cancelled, such as a blocking job.
template <class T>
asio::awaitable<std::optional<T>>
within(std::chrono::steady_clock::duration span, asio::awaitable<T> operation)
{
    using namespace asio::experimental::awaitable_operators;
    auto first = co_await (caught(std::move(operation)) || sleep_for(span));
    if (first.index() == 1)
        co_return std::nullopt;
    auto& end = std::get<0>(first);
    if (end.failure)
        std::rethrow_exception(end.failure);
    co_return std::move(end.value);
}

// The same for an operation without a value: holds std::monostate if it ended in time.
inline asio::awaitable<std::monostate> without_value(asio::awaitable<void> operation)
{
    co_await std::move(operation);
    co_return std::monostate();
}

inline asio::awaitable<std::optional<std::monostate>>
within(std::chrono::steady_clock::duration span, asio::awaitable<void> operation)
{
    return within(span, without_value(std::move(operation)));
}

} // namespace motcua
