#include "support/run_coroutine.hpp"

#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <motcua/support/run_on.hpp>
#include <motcua/support/within.hpp>

#include <stdexcept>
#include <string>
#include <thread>

namespace motcua {
namespace {

using namespace std::chrono_literals;

asio::awaitable<std::string> answer_after(std::chrono::milliseconds span)
{
    co_await sleep_for(span);
    co_return "done";
}

asio::awaitable<std::string> fail_with_value()
{
    throw std::runtime_error("broken");
    co_return "never";
}

asio::awaitable<void> note_how_it_ended(std::string& note)
{
    try {
        asio::steady_timer timer(co_await asio::this_coro::executor, 24h);
        co_await timer.async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error& error) {
        note = error.code() == asio::error::operation_aborted ? "cancelled" : "failed";
        throw;
    }
}

asio::awaitable<void> do_nothing()
{
    co_return;
}

TEST(Within, ReturnsTheValueOfAnOperationInTime)
{
    EXPECT_EQ(run_coroutine(within(4s, answer_after(0ms))), "done");
    EXPECT_TRUE(run_coroutine(within(4s, do_nothing())).has_value());
}

TEST(Within, IsEmptyAndTheOperationHasEndedWhenTimePasses)
{
    std::string note;
    EXPECT_FALSE(run_coroutine(within(1ms, note_how_it_ended(note))).has_value());
    EXPECT_EQ(note, "cancelled");
}

TEST(Within, RethrowsAtOnceWhatTheOperationThrew)
{
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(run_coroutine(within(4s, fail_with_value())), std::runtime_error);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

asio::awaitable<bool> runs_elsewhere_and_comes_back(asio::any_io_executor worker)
{
    const auto here = std::this_thread::get_id();
    auto job = [] { return std::this_thread::get_id(); };
    const auto there = co_await run_on(std::move(worker), std::move(job));
    const bool elsewhere = there != here;
    co_return elsewhere&& std::this_thread::get_id() == here;
}

asio::awaitable<int> throws_elsewhere(asio::any_io_executor worker)
{
    auto job = []() -> int { throw std::runtime_error("broken"); };
    co_return co_await run_on(std::move(worker), std::move(job));
}

TEST(RunOn, RunsOnTheWorkerAndResumesOnTheCaller)
{
    asio::io_context context(1);
    asio::thread_pool worker(1); // joined before the context is destroyed
    EXPECT_TRUE(run_coroutine(context, runs_elsewhere_and_comes_back(worker.get_executor())));
}

TEST(RunOn, BringsExceptionsBack)
{
    asio::io_context context(1);
    asio::thread_pool worker(1);
    EXPECT_THROW(
        run_coroutine(context, throws_elsewhere(worker.get_executor())), std::runtime_error);
}

} // namespace
} // namespace motcua
