#include "support/run_coroutine.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>
#include <motcua/support/task_group.hpp>
#include <motcua/support/within.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace motcua {
namespace {

using namespace std::chrono_literals;

asio::awaitable<void> sleep_then_note(std::vector<int>& notes, int note, std::chrono::hours span)
{
    co_await sleep_for(span);
    notes.push_back(note);
}

asio::awaitable<void> fail()
{
    throw std::runtime_error("broken \"pipe\"");
    co_return;
}

asio::awaitable<void> wait_for_ever()
{
    asio::steady_timer timer(co_await asio::this_coro::executor, 24h);
    co_await timer.async_wait(asio::use_awaitable);
}

TEST(TaskGroup, JoinWaitsForEveryTask)
{
    std::vector<int> notes;
    asio::io_context context(1);
    task_group group(context.get_executor());
    group.spawn("first", sleep_then_note(notes, 1, 0h));
    group.spawn("second", sleep_then_note(notes, 2, 0h));
    run_coroutine(context, group.join());
    EXPECT_EQ(notes.size(), 2U);
    EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, JoinOfAnEmptyGroupEndsAtOnce)
{
    asio::io_context context(1);
    task_group group(context.get_executor());
    EXPECT_TRUE(run_coroutine(context, group.join(0s)));
}

TEST(TaskGroup, JoinGivesUpAtItsLimitAndCancelEndsTheRest)
{
    asio::io_context context(1);
    task_group group(context.get_executor());
    group.spawn("sleeper", wait_for_ever());
    EXPECT_FALSE(run_coroutine(context, group.join(1ms)));
    EXPECT_EQ(group.size(), 1U);
    group.cancel_all();
    EXPECT_TRUE(run_coroutine(context, group.join(4s)));
}

TEST(TaskGroup, CancelEndsOnlyTheTaskNamed)
{
    asio::io_context context(1);
    task_group group(context.get_executor());
    const auto first = group.spawn("first", wait_for_ever());
    group.spawn("second", wait_for_ever());
    run_coroutine(context, group.join(1ms));
    group.cancel(first);
    group.cancel(first); // twice is safe
    run_coroutine(context, group.join(1ms));
    EXPECT_EQ(group.size(), 1U);
    group.cancel(first); // and so is a task that has ended
    group.cancel_all();
    run_coroutine(context, group.join());
}

TEST(TaskGroup, FailureIsLoggedOnceAndSpreadsNoFurther)
{
    asio::io_context context(1);
    task_group group(context.get_executor());
    testing::internal::CaptureStderr();
    group.spawn("bad", fail());
    group.spawn("cancelled", wait_for_ever());
    run_coroutine(context, group.join(1ms));
    group.cancel_all();
    EXPECT_NO_THROW(run_coroutine(context, group.join()));
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_NE(
        log.find(R"("event":"task failed","task":"bad","reason":"broken \"pipe\"")"),
        std::string::npos)
        << log;
    EXPECT_EQ(log.find("cancelled"), std::string::npos) << "operation_aborted is no failure";
}

TEST(TaskGroup, MayBeDestroyedBeforeItsTasks)
{
    asio::io_context context(1);
    auto group = std::make_unique<task_group>(context.get_executor());
    group->spawn("sleeper", wait_for_ever());
    context.poll();
    group.reset();
    context.restart();
    context.run_for(4s);
    EXPECT_TRUE(context.stopped()) << "the task was not cancelled";
}

} // namespace
} // namespace motcua
