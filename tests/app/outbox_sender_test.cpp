#include "memory_store.hpp"

#include <gtest/gtest.h>
#include <motcua/app/outbox_sender.hpp>
#include <support/run_coroutine.hpp>

#include <map>
#include <string>
#include <vector>

namespace motcua::app {
namespace {

using namespace std::chrono_literals;
using kind = send_result::kind;

TEST(NextWait, DoublesFromTheFirstUpToTheLongest)
{
    const retry_policy policy{.attempts = 10, .first = 1s, .longest = 8s};
    const auto full = 1.0;
    EXPECT_EQ(next_wait(policy, 1, 0s, full), 1000ms);
    EXPECT_EQ(next_wait(policy, 2, 0s, full), 2000ms);
    EXPECT_EQ(next_wait(policy, 4, 0s, full), 8000ms);
    EXPECT_EQ(next_wait(policy, 9, 0s, full), 8000ms);
}

TEST(NextWait, JitterSpreadsOverTheUpperHalf)
{
    const retry_policy policy{.attempts = 10, .first = 10s, .longest = 100s};
    EXPECT_EQ(next_wait(policy, 1, 0s, 0.0), 5000ms);
    EXPECT_EQ(next_wait(policy, 1, 0s, 0.5), 7500ms);
}

TEST(NextWait, NeverBeforeThePlatformsWish)
{
    const retry_policy policy;
    EXPECT_EQ(next_wait(policy, 1, 90s, 0.0), 90000ms);
}

TEST(NextWait, IsEmptyOnceTheAttemptsAreUsedUp)
{
    const retry_policy policy{.attempts = 3};
    EXPECT_TRUE(next_wait(policy, 2, 0s, 0.0));
    EXPECT_FALSE(next_wait(policy, 3, 0s, 0.0));
}

// Answers each call from a list per citizen; without one the call succeeds.
class scripted_platform final : public message_sender
{
public:
    std::map<std::string, std::vector<send_result>> answers;
    std::vector<std::string> calls; // "citizen:text"
    std::function<void()> after_call;

    asio::awaitable<send_result>
    send(std::string user_id, dialogue::outgoing_message message) override
    {
        calls.push_back(user_id + ":" + message.text);
        send_result end{.end = kind::sent, .message_id = "m" + std::to_string(calls.size())};
        auto& list = answers[user_id];
        if (!list.empty()) {
            end = list.front();
            list.erase(list.begin());
        }
        after_call();
        co_return end;
    }
};

class OutboxSender : public testing::Test
{
protected:
    // Runs the sender until `calls` calls have ended, then stops it.
    void send(std::size_t calls)
    {
        asio::io_context io(1);
        outbox_sender sender(
            io.get_executor(),
            {.store = store_,
             .platform = platform_,
             .now = [this] { return now_ += 1ms; }, // time passes with every look at the clock
             .jitter = [] { return 0.0; },
             .concurrency = 2,
             .policy = {.attempts = 3, .first = 1ms, .longest = 2ms}});
        platform_.after_call = [&, calls] {
            if (platform_.calls.size() >= calls)
                sender.stop();
        };
        run_coroutine(io, sender.run());
    }

    void put(const std::string& citizen, const std::string& text)
    {
        dialogue::outgoing_message message;
        message.text = text;
        const auto id = static_cast<std::int64_t>(store_.kept.outbox.size()) + 1;
        store_.kept.outbox.push_back({.row = {.id = id, .user_id = citizen, .message = message}});
    }

    outbox_state state(std::size_t index) const { return store_.kept.outbox.at(index).state; }

    memory_store store_;
    scripted_platform platform_;
    utc_time now_{std::chrono::hours(1)};
};

TEST_F(OutboxSender, SendsEachCitizensMessagesInOrder)
{
    for (int i = 0; i < 3; ++i) {
        put("a", std::to_string(i));
        put("b", std::to_string(i));
        put("c", std::to_string(i));
    }
    send(9);
    for (const std::string citizen : {"a", "b", "c"}) {
        std::vector<std::string> order;
        std::ranges::copy_if(
            platform_.calls, std::back_inserter(order), [&](const std::string& call) {
                return call.starts_with(citizen);
            });
        EXPECT_EQ(
            order, (std::vector<std::string>{citizen + ":0", citizen + ":1", citizen + ":2"}));
    }
    for (std::size_t i = 0; i < 9; ++i)
        EXPECT_EQ(state(i), outbox_state::sent);
}

TEST_F(OutboxSender, TriesAgainLaterAndKeepsTheOrder)
{
    platform_.answers["a"] = {{.end = kind::try_later, .reason = "http 502"}};
    put("a", "first");
    put("a", "second");
    send(3);
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a:first", "a:first", "a:second"}));
    EXPECT_EQ(state(0), outbox_state::sent);
}

TEST_F(OutboxSender, GivesUpWithTheReasonOnceTheAttemptsAreUsedUp)
{
    platform_.answers["a"] =
        std::vector<send_result>(3, {.end = kind::try_later, .reason = "http 502"});
    put("a", "x");
    send(3);
    EXPECT_EQ(state(0), outbox_state::dead);
    EXPECT_EQ(store_.kept.outbox[0].end.reason, "attempts used up: http 502");
}

TEST_F(OutboxSender, ARefusedMessageIsDeadAtOnceAndDoesNotHoldTheNextBack)
{
    platform_.answers["a"] = {{.end = kind::refused, .reason = "-230"}};
    put("a", "x");
    put("a", "y");
    send(2);
    EXPECT_EQ(state(0), outbox_state::dead);
    EXPECT_EQ(state(1), outbox_state::sent);
}

TEST_F(OutboxSender, AnUnknownOutcomeIsNeverSentAgain)
{
    platform_.answers["a"] = {{.end = kind::unknown, .reason = "cut"}};
    put("a", "x");
    put("a", "y");
    send(2);
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a:x", "a:y"}));
    EXPECT_EQ(state(0), outbox_state::unknown);
}

TEST_F(OutboxSender, WhatACrashInterruptedIsUnknownNotSentAgain)
{
    put("a", "x");
    put("a", "y");
    store_.kept.outbox[0].state = outbox_state::sending;
    send(1);
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a:y"}));
    EXPECT_EQ(state(0), outbox_state::unknown);
}

} // namespace
} // namespace motcua::app
