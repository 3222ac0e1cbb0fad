#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace motcua {

// Runs a coroutine on `context` until it has ended and returns its value; what it throws is thrown
// here. Throws, and so fails the test, if it has not ended after 5 s.
template <class T>
T run_coroutine(boost::asio::io_context& context, boost::asio::awaitable<T> coroutine)
{
    auto result = boost::asio::co_spawn(context, std::move(coroutine), boost::asio::use_future);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    context.restart();
    while (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        if (context.run_one_until(give_up) == 0)
            throw std::runtime_error("the coroutine has not ended in time");
    }
    return result.get();
}

// The same on a context of its own. `make` is called with the context: for parts that need its
// executor.
//
//     run_coroutine([](asio::io_context& context) { return serve_once(context.get_executor()); });
template <class Make>
requires std::is_invocable_v<Make&, boost::asio::io_context&>
auto run_coroutine(Make make)
{
    boost::asio::io_context context(1);
    return run_coroutine(context, make(context));
}

template <class T>
T run_coroutine(boost::asio::awaitable<T> coroutine)
{
    boost::asio::io_context context(1);
    return run_coroutine(context, std::move(coroutine));
}

} // namespace motcua
