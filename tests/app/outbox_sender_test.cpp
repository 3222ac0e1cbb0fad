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

// Answers each call from a list per citizen; without one the call succeeds, and the conversation is
// empty.
class scripted_platform final : public message_sender
{
public:
    std::map<std::string, std::vector<send_result>> answers;
    std::map<std::string, std::vector<read_back_result>> conversations;
    std::vector<std::string> calls; // "citizen:text", "citizen?offset", "citizen=template"
    std::function<void()> after_call;

    asio::awaitable<send_result>
    send(std::string user_id, dialogue::outgoing_message message) override
    {
        calls.push_back(user_id + ":" + message.text);
        co_return next(answers[user_id]);
    }

    asio::awaitable<send_result>
    send_by_template(std::string user_id, std::string template_id, dialogue::template_use) override
    {
        calls.push_back(user_id + "=" + template_id);
        co_return next(answers[user_id]);
    }

    asio::awaitable<read_back_result> read_back(std::string user_id, std::size_t offset) override
    {
        calls.push_back(user_id + "?" + std::to_string(offset));
        read_back_result end{.end = kind::sent, .messages = {}, .reason = {}};
        auto& list = conversations[user_id];
        if (!list.empty()) {
            end = list.front();
            list.erase(list.begin());
        }
        after_call();
        co_return end;
    }

private:
    send_result next(std::vector<send_result>& list)
    {
        send_result end{
            .end = kind::sent, .message_id = "m" + std::to_string(calls.size()), .reason = {}};
        if (!list.empty()) {
            end = list.front();
            list.erase(list.begin());
        }
        after_call();
        return end;
    }
};

class OutboxSender : public testing::Test
{
protected:
    // Runs the sender until `calls` calls have ended, or nothing happens any more at any time. The
    // clock stands still but when the sender sleeps: then it is at once when it wakes.
    void send(std::size_t calls)
    {
        run([this, calls] { return platform_.calls.size() >= calls; }, 10'000);
    }
    // Runs it until nothing is due now.
    void send_all()
    {
        run([] { return false; }, 0);
    }

    template <class Done>
    void run(Done done, int sleeps)
    {
        asio::io_context io(1);
        outbox_sender_parts parts{
            .store = store_,
            .platform = platform_,
            .now = [this] { return now_; },
            .jitter = [] { return 0.0; },
            .concurrency = 2,
            .rules = rules_,
            .retry = {.first = 2s, .longest = 4s},
            .breaker = breaker_,
            .settle_after = 1min,
            .unknown_for = 10min};
        outbox_sender sender(io.get_executor(), std::move(parts));
        platform_.after_call = [&] {
            if (done())
                sender.stop();
        };
        auto end = asio::co_spawn(io, sender.run(), asio::use_future);
        for (int i = 0; io.poll() > 0 || i <= sleeps; ++i) {
            if (!sender.sleeping_until() || i >= sleeps)
                break;
            now_ = std::max(now_, *sender.sleeping_until());
            sender.wake();
        }
        sender.stop();
        io.restart();
        io.run();
        end.get();
    }

    void put(const std::string& citizen, const std::string& text)
    {
        dialogue::outgoing_message message;
        message.text = text;
        put(citizen, std::move(message));
    }
    void put(const std::string& citizen, dialogue::outgoing_message message)
    {
        memory_store::outgoing one;
        one.row.id = static_cast<std::int64_t>(store_.kept.outbox.size()) + 1;
        one.row.user_id = citizen;
        one.row.message = std::move(message);
        one.row.created = now_;
        store_.kept.outbox.push_back(std::move(one));
    }

    outbox_state state(std::size_t index) const { return store_.kept.outbox.at(index).state; }
    std::string reason(std::size_t index) const { return store_.kept.outbox.at(index).end.reason; }

    memory_store store_;
    scripted_platform platform_;
    outbox_rules rules_;
    breaker_policy breaker_{.failures = 1000};
    utc_time now_{std::chrono::hours(24 * 365) - 2h}; // 05:00 in Vietnam
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
    platform_.answers["a"] = {{.end = kind::failed, .message_id = {}, .reason = "http 502"}};
    put("a", "first");
    put("a", "second");
    send(3);
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a:first", "a:first", "a:second"}));
    EXPECT_EQ(state(0), outbox_state::sent);
}

TEST_F(OutboxSender, AnOutageKillsNothingHoweverOftenItIsTried)
{
    platform_.answers["a"] =
        std::vector<send_result>(50, {.end = kind::failed, .message_id = {}, .reason = "http 502"});
    put("a", "x");
    send(51);
    EXPECT_EQ(state(0), outbox_state::sent);
}

TEST_F(OutboxSender, ARefusedMessageIsDeadAtOnceAndDoesNotHoldTheNextBack)
{
    platform_.answers["a"] = {{.end = kind::refused, .message_id = {}, .reason = "-213"}};
    put("a", "x");
    put("a", "y");
    send(2);
    EXPECT_EQ(state(0), outbox_state::dead);
    EXPECT_EQ(reason(0), "-213");
    EXPECT_EQ(state(1), outbox_state::sent);
}

TEST_F(OutboxSender, AStaleAnswerIsDroppedWithAReasonAndANoticeIsNot)
{
    put("a", "câu trả lời");
    dialogue::outgoing_message notice;
    notice.text = "tin báo";
    notice.why = dialogue::purpose::notice;
    put("b", notice);
    now_ += 5h;
    send_all();
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"b:tin báo"}));
    EXPECT_EQ(state(0), outbox_state::dead);
    EXPECT_EQ(reason(0), "stale: older than 240 min");
    EXPECT_EQ(state(1), outbox_state::sent);
}

TEST_F(OutboxSender, WhileTheMachineIsSilencedAnswersAreDroppedAndNoticesGo)
{
    store_.kept.settings["silence"] = "1 truc trả lời sai";
    dialogue::outgoing_message notice;
    notice.text = "notice";
    notice.why = dialogue::purpose::notice;
    put("a", "answer");
    put("b", std::move(notice));
    send_all();
    EXPECT_EQ(platform_.calls, std::vector<std::string>{"b:notice"});
    EXPECT_EQ(store_.kept.outbox[0].state, outbox_state::dead);
    EXPECT_EQ(store_.kept.outbox[0].end.reason, "silenced by the staff");
}

TEST_F(OutboxSender, OutsideTheWindowAMessageWaitsForAContact)
{
    store_.kept.contacts["a"] = now_ - 7 * 24h;
    put("a", "x");
    send_all();
    EXPECT_TRUE(platform_.calls.empty());
    EXPECT_EQ(state(0), outbox_state::waiting);
    run_coroutine(store_.commit([this](transaction& t) { t.note_contact("a", now_, now_); }));
    send_all();
    EXPECT_EQ(state(0), outbox_state::sent);
}

TEST_F(OutboxSender, OutsideTheWindowAnApprovedTemplateGoes)
{
    rules_.templates["dossier"] = "4711";
    store_.kept.contacts["a"] = now_ - 7 * 24h;
    dialogue::outgoing_message notice;
    notice.text = "xong";
    notice.why = dialogue::purpose::notice;
    notice.by_template = {"dossier", {}};
    put("a", notice);
    notice.by_template->name = "not configured";
    put("b", notice);
    store_.kept.contacts["b"] = now_ - 7 * 24h;
    send_all();
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a=4711"}));
    EXPECT_EQ(state(0), outbox_state::sent);
    EXPECT_EQ(state(1), outbox_state::waiting);
}

TEST_F(OutboxSender, WhenThePlatformSaysTheWindowIsClosedATemplateGoesElseItWaits)
{
    rules_.templates["dossier"] = "4711";
    const send_result closed{.end = kind::wait_for_contact, .message_id = {}, .reason = "-230"};
    platform_.answers["a"] = {closed};
    platform_.answers["b"] = {closed};
    dialogue::outgoing_message notice;
    notice.text = "xong";
    put("b", notice);
    notice.by_template = {"dossier", {}};
    put("a", notice);
    send_all();
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"b:xong", "a:xong", "a=4711"}));
    EXPECT_EQ(state(0), outbox_state::waiting);
    EXPECT_EQ(reason(0), "-230");
    EXPECT_EQ(state(1), outbox_state::sent);
}

TEST_F(OutboxSender, APromotionWaitsForTheMorning)
{
    dialogue::outgoing_message promotion;
    promotion.text = "mời xem";
    promotion.why = dialogue::purpose::promotion;
    put("a", promotion);
    send_all();
    EXPECT_TRUE(platform_.calls.empty());
    EXPECT_EQ(state(0), outbox_state::retry);
    EXPECT_EQ(store_.kept.outbox[0].due, now_ + 1h);
    now_ += 1h;
    send_all();
    EXPECT_EQ(state(0), outbox_state::sent);
}

TEST_F(OutboxSender, FailuresInARowPauseEverybodyAndOneProbeGoesFirst)
{
    breaker_ = {.failures = 3, .pause = {.first = 10s, .longest = 10s}};
    const send_result failed{.end = kind::failed, .message_id = {}, .reason = "http 502"};
    for (const std::string citizen : {"a", "b", "c", "d", "e", "f"}) {
        put(citizen, "x");
        platform_.answers[citizen].assign(2, failed);
    }
    send_all();
    const auto made = platform_.calls.size();
    EXPECT_GE(made, 3U);
    EXPECT_LE(made, 4U) << "the third opened it; one more was under way";
    send(18);
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_EQ(state(i), outbox_state::sent);
    EXPECT_EQ(platform_.calls.size(), 18U);
}

TEST_F(OutboxSender, AnAskedForPauseBindsAtOnce)
{
    breaker_ = {.failures = 100};
    platform_.answers["a"] = {
        {.end = kind::slow_down, .message_id = {}, .reason = "-32", .retry_after = 30s}};
    for (const std::string citizen : {"a", "b", "c", "d"})
        put(citizen, "x");
    send_all();
    EXPECT_LE(platform_.calls.size(), 2U);
}

// --- what may have arrived

remembered said(std::string text, utc_time when, std::string id = "z1")
{
    return {.message_id = std::move(id), .by_oa = true, .at = when, .trace = std::move(text)};
}

TEST_F(OutboxSender, AnUnknownOutcomeIsFoundInTheConversationAndNotSentAgain)
{
    platform_.answers["a"] = {{.end = kind::unknown, .message_id = {}, .reason = "cut"}};
    platform_.conversations["a"] = {
        {.end = kind::sent, .messages = {said("x", now_ + 1s)}, .reason = {}}};
    put("a", "x");
    put("a", "y");
    send(3);
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a:x", "a?0", "a:y"}));
    EXPECT_EQ(state(0), outbox_state::sent);
    EXPECT_EQ(store_.kept.outbox[0].message_id, "z1");
}

TEST_F(OutboxSender, AnUnknownOutcomeIsSentAgainOnceTheConversationProvesThatItHasNotArrived)
{
    platform_.answers["a"] = {{.end = kind::unknown, .message_id = {}, .reason = "cut"}};
    put("a", "x");
    put("a", "y");
    send(5);
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a:x", "a?0", "a?0", "a:x", "a:y"}));
    EXPECT_EQ(state(0), outbox_state::sent);
}

TEST_F(OutboxSender, AbsenceIsNotBelievedWhileACallMayStillBeUnderWay)
{
    platform_.answers["a"] = {{.end = kind::unknown, .message_id = {}, .reason = "cut"}};
    put("a", "x");
    const auto called = now_;
    send(3);
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a:x", "a?0", "a?0"}));
    EXPECT_GE(now_, called + 1min);
    EXPECT_LT(now_, called + 2min);
}

TEST_F(OutboxSender, ALongConversationIsReadBackToBeforeTheCall)
{
    platform_.answers["a"] = {{.end = kind::unknown, .message_id = {}, .reason = "cut"}};
    std::vector<remembered> page(read_back_limit, said("khác", now_ + 1s, "z7"));
    std::vector<remembered> older(read_back_limit, said("khác", now_ - 1h, "z8"));
    platform_.conversations["a"] = {
        {.end = kind::sent, .messages = page, .reason = {}},
        {.end = kind::sent, .messages = older, .reason = {}},
        {.end = kind::sent, .messages = page, .reason = {}},
        {.end = kind::sent, .messages = older, .reason = {}}};
    put("a", "x");
    send(6);
    EXPECT_EQ(
        platform_.calls, (std::vector<std::string>{"a:x", "a?0", "a?10", "a?0", "a?10", "a:x"}));
}

TEST_F(OutboxSender, WhatCannotBeProvedEitherWayIsDeadInTheEndAndNeverSentAgain)
{
    platform_.answers["a"] = {{.end = kind::unknown, .message_id = {}, .reason = "cut"}};
    platform_.conversations["a"] = std::vector<read_back_result>(
        1000, {.end = kind::refused, .messages = {}, .reason = "-235"});
    put("a", "x");
    put("a", "y");
    run([this] { return platform_.calls.back() == "a:y"; }, 10'000);
    std::vector<std::string> sent;
    std::ranges::copy_if(platform_.calls, std::back_inserter(sent), [](const std::string& call) {
        return call.find('?') == std::string::npos;
    });
    EXPECT_EQ(sent, (std::vector<std::string>{"a:x", "a:y"}));
    EXPECT_EQ(state(0), outbox_state::dead);
    EXPECT_EQ(reason(0), "unknown, not settled: -235");
}

TEST_F(OutboxSender, WhatACrashInterruptedIsLookedForBeforeAnythingIsSent)
{
    put("a", "x");
    put("a", "y");
    store_.kept.outbox[0].state = outbox_state::sending;
    store_.kept.outbox[0].row.first_call = now_;
    store_.kept.outbox[0].row.last_call = now_;
    platform_.conversations["a"] = {
        {.end = kind::sent, .messages = {said("x", now_)}, .reason = {}}};
    send(2);
    EXPECT_EQ(platform_.calls, (std::vector<std::string>{"a?0", "a:y"}));
    EXPECT_EQ(state(0), outbox_state::sent);
}

} // namespace
} // namespace motcua::app
