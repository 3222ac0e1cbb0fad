#include "support/run_coroutine.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <motcua/support/run_on.hpp>
#include <motcua/support/task_group.hpp>
#include <motcua/support/within.hpp>

#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

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

asio::awaitable<void>
wait_for_a_job(asio::any_io_executor worker, std::future<void> release, std::vector<int>& notes)
{
    auto job = [&release]() -> std::string {
        release.wait();
        return "a result that is long enough for the heap";
    };
    const auto result = co_await run_on(std::move(worker), std::move(job));
    notes.push_back(static_cast<int>(result.size()));
    co_await sleep_for(0s);
    notes.push_back(-1);
}

// The cancellation comes while the job runs, so that it would reach the worker behind the job.
TEST(RunOn, ACallerCancelledMeanwhileGetsTheResultAndEndsAtItsNextWait)
{
    asio::io_context context(1);
    asio::thread_pool worker(1);
    for (int round = 0; round < 20; ++round) {
        std::promise<void> release;
        std::vector<int> notes;
        task_group group(context.get_executor());
        group.spawn("waits", wait_for_a_job(worker.get_executor(), release.get_future(), notes));
        run_coroutine(context, group.join(0s));
        group.cancel_all();
        release.set_value();
        EXPECT_TRUE(run_coroutine(context, group.join(4s)));
        EXPECT_EQ(notes, std::vector{41});
    }
}

void wait_for_turn(asio::thread_pool& worker)
{
    asio::post(worker, asio::use_future([] {})).wait();
}

// The job has ended, its caller has not heard of it yet and is cancelled: the cancellation must not
// reach the worker after the caller has gone.
TEST(RunOn, ACancellationMayComeBehindTheJob)
{
    asio::io_context context(1);
    asio::thread_pool worker(1);
    std::promise<void> release_job;
    std::vector<int> notes;
    task_group group(context.get_executor());
    group.spawn("waits", wait_for_a_job(worker.get_executor(), release_job.get_future(), notes));
    context.poll(); // it waits
    context.restart();
    asio::post(context, [&group] { group.cancel_all(); }); // in front of the result
    release_job.set_value();
    for (int i = 0; i < 3; ++i)
        wait_for_turn(worker); // the job has ended and posted its result
    std::promise<void> release_worker;
    asio::post(worker, [held = release_worker.get_future().share()] { held.wait(); });
    EXPECT_TRUE(run_coroutine(context, group.join(4s)));
    EXPECT_EQ(notes, std::vector{41});
    release_worker.set_value();
    wait_for_turn(worker);
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
