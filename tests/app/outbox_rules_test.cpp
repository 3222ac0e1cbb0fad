#include <gtest/gtest.h>
#include <motcua/app/outbox_rules.hpp>

namespace motcua::app {
namespace {

using namespace std::chrono_literals;
using verdict_kind = verdict::kind;

TEST(NextWait, DoublesFromTheFirstUpToTheLongest)
{
    const retry_policy policy{.first = 1s, .longest = 8s};
    const auto full = 1.0;
    EXPECT_EQ(next_wait(policy, 1, 0s, full), 1000ms);
    EXPECT_EQ(next_wait(policy, 2, 0s, full), 2000ms);
    EXPECT_EQ(next_wait(policy, 4, 0s, full), 8000ms);
    EXPECT_EQ(next_wait(policy, 9000, 0s, full), 8000ms);
}

TEST(NextWait, JitterSpreadsOverTheUpperHalf)
{
    const retry_policy policy{.first = 10s, .longest = 100s};
    EXPECT_EQ(next_wait(policy, 1, 0s, 0.0), 5000ms);
    EXPECT_EQ(next_wait(policy, 1, 0s, 0.5), 7500ms);
}

TEST(NextWait, NeverBeforeThePlatformsWish)
{
    EXPECT_EQ(next_wait({}, 1, 90s, 0.0), 90000ms);
}

utc_time vietnam(int hour, int minute)
{
    return utc_time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) - vietnam_offset +
           std::chrono::hours(hour) + std::chrono::minutes(minute);
}

TEST(Daytime, IsFromSixToTenInTheEvening)
{
    EXPECT_EQ(next_daytime(vietnam(6, 0)), vietnam(6, 0));
    EXPECT_EQ(next_daytime(vietnam(21, 59)), vietnam(21, 59));
    EXPECT_EQ(next_daytime(vietnam(22, 0)), vietnam(30, 0));
    EXPECT_EQ(next_daytime(vietnam(0, 0)), vietnam(6, 0));
    EXPECT_EQ(next_daytime(vietnam(5, 59)), vietnam(6, 0));
}

outbox_row row_of(dialogue::purpose why, utc_time created)
{
    outbox_row row;
    row.message.why = why;
    row.created = created;
    return row;
}

TEST(Judge, AnAnswerIsWorthHoursANoticeDays)
{
    const outbox_rules rules{.answer_worth = 240min, .other_worth = 30 * 24h};
    const auto now = vietnam(3, 0);
    using dialogue::purpose;
    EXPECT_EQ(judge(row_of(purpose::answer, now - 4h), rules, now).what, verdict_kind::send);
    EXPECT_EQ(judge(row_of(purpose::answer, now - 4h - 1ms), rules, now).what, verdict_kind::drop);
    EXPECT_EQ(judge(row_of(purpose::notice, now - 29 * 24h), rules, now).what, verdict_kind::send);
    EXPECT_EQ(judge(row_of(purpose::notice, now - 31 * 24h), rules, now).what, verdict_kind::drop);
}

TEST(Judge, OnlyPromotionsKeepTheNight)
{
    const auto now = vietnam(23, 0);
    using dialogue::purpose;
    EXPECT_EQ(judge(row_of(purpose::answer, now), {}, now).what, verdict_kind::send);
    EXPECT_EQ(judge(row_of(purpose::notice, now), {}, now).what, verdict_kind::send);
    const auto judged = judge(row_of(purpose::promotion, now), {}, now);
    EXPECT_EQ(judged.what, verdict_kind::send_later);
    EXPECT_EQ(judged.at, vietnam(30, 0));
}

TEST(Judge, TheWindowCountsFromTheLastContact)
{
    const outbox_rules rules{.window = 48h};
    const auto now = vietnam(12, 0);
    auto row = row_of(dialogue::purpose::notice, now);
    EXPECT_EQ(judge(row, rules, now).what, verdict_kind::send) << "the platform knows better";
    row.last_contact = now - 47h;
    EXPECT_EQ(judge(row, rules, now).what, verdict_kind::send);
    row.last_contact = now - 48h;
    EXPECT_EQ(judge(row, rules, now).what, verdict_kind::wait_for_contact);
}

TEST(Breaker, OpensAfterFailuresInARowAndLetsOneCallThrough)
{
    circuit_breaker breaker({.failures = 3, .pause = {.first = 10s, .longest = 40s}});
    auto now = vietnam(12, 0);
    EXPECT_FALSE(breaker.failed(now, 0s, 1));
    EXPECT_FALSE(breaker.failed(now, 0s, 1));
    breaker.succeeded(now);
    EXPECT_FALSE(breaker.failed(now, 0s, 1));
    EXPECT_FALSE(breaker.failed(now, 0s, 1));
    EXPECT_EQ(breaker.room(16, 4, now), 16U);
    EXPECT_TRUE(breaker.failed(now, 0s, 1));
    EXPECT_EQ(breaker.open_until(now), now + 10s);
    EXPECT_EQ(breaker.room(16, 0, now), 0U);
    EXPECT_FALSE(breaker.failed(now, 0s, 1)) << "one of those under way";
    EXPECT_EQ(breaker.open_until(now), now + 10s);
    breaker.succeeded(now);
    EXPECT_EQ(breaker.open_until(now), now + 10s) << "another of them";
    breaker.failed(now, 0s, 1);
    breaker.failed(now, 0s, 1);
    now += 10s;
    EXPECT_EQ(breaker.room(16, 0, now), 1U);
    EXPECT_EQ(breaker.room(16, 1, now), 0U) << "the probe is under way";
    EXPECT_FALSE(breaker.failed(now, 0s, 1)) << "it was open already";
    EXPECT_EQ(breaker.open_until(now), now + 20s) << "and pauses for longer";
    now += 20s;
    breaker.failed(now, 0s, 1);
    now += 40s;
    breaker.failed(now, 0s, 1);
    EXPECT_EQ(breaker.open_until(now), now + 40s) << "but not without end";
    now += 40s;
    breaker.succeeded(now);
    EXPECT_EQ(breaker.room(16, 5, now), 16U);
}

TEST(Breaker, DoesNotWaitForAClockThatHasBeenPutBack)
{
    circuit_breaker breaker({.failures = 100, .pause = {.first = 10s, .longest = 40s}});
    const auto now = vietnam(12, 0);
    breaker.slow_down(now + 24h * 400, 90s, 0);
    EXPECT_EQ(breaker.open_until(now), std::nullopt);
    EXPECT_EQ(breaker.room(16, 0, now), 1U);
    breaker.slow_down(now, 90s, 0);
    EXPECT_EQ(breaker.open_until(now), now + 90s);
}

TEST(Breaker, HonoursThePlatformsWishAtOnce)
{
    circuit_breaker breaker({.failures = 100, .pause = {.first = 10s, .longest = 40s}});
    const auto now = vietnam(12, 0);
    EXPECT_TRUE(breaker.slow_down(now, 90s, 0));
    EXPECT_EQ(breaker.open_until(now), now + 90s);
}

TEST(Breaker, StopsForLong)
{
    circuit_breaker breaker({.stop = 10min});
    const auto now = vietnam(12, 0);
    breaker.stopped(now);
    EXPECT_EQ(breaker.open_until(now), now + 10min);
}

} // namespace
} // namespace motcua::app
