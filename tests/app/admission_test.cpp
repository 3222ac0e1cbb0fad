#include <gtest/gtest.h>
#include <motcua/app/admission.hpp>

#include <string>
#include <vector>

namespace motcua::app {
namespace {

using namespace std::chrono_literals;

const admission::time_point start{};

TEST(Admission, RefusesBeyondTheLimitAndTakesAgainWhenOneLeaves)
{
    admission door({.events_under_way = 2});
    auto first = door.enter(start);
    {
        const auto second = door.enter(start);
        ASSERT_TRUE(first && second);
        EXPECT_FALSE(door.is_refusing(start));
        EXPECT_FALSE(door.enter(start));
        EXPECT_EQ(door.under_way(), 2U);
    }
    EXPECT_TRUE(door.enter(start));
    EXPECT_EQ(door.under_way(), 1U);
    EXPECT_TRUE(door.is_refusing(start + 4s));
    EXPECT_FALSE(door.is_refusing(start + 5s));
}

TEST(Admission, OneCitizenHasAnAllowanceThatFillsUpAgain)
{
    admission door({.citizen_burst = 3, .citizen_refill = 2s});
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(door.may_be_answered("a", start));
    EXPECT_FALSE(door.may_be_answered("a", start + 1s));
    EXPECT_TRUE(door.may_be_answered("b", start + 1s));
    EXPECT_TRUE(door.may_be_answered("a", start + 2s));
    EXPECT_FALSE(door.may_be_answered("a", start + 2s));
    // Never more than the burst.
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(door.may_be_answered("a", start + 1h));
    EXPECT_FALSE(door.may_be_answered("a", start + 1h));
}

TEST(Admission, WhatWasNoNewWordIsGivenBack)
{
    admission door({.citizen_burst = 2, .citizen_refill = 2s});
    door.give_back("a");
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(door.may_be_answered("a", start));
        door.give_back("a");
    }
    EXPECT_TRUE(door.may_be_answered("a", start));
    EXPECT_TRUE(door.may_be_answered("a", start));
    EXPECT_FALSE(door.may_be_answered("a", start)) << "never more than the burst";
}

TEST(Admission, ForgetsFirstWhoseAllowanceIsWhole)
{
    admission door({.citizen_burst = 2, .citizen_refill = 1s, .citizens_remembered = 100});
    for (int i = 0; i < 90; ++i)
        door.may_be_answered("early " + std::to_string(i), start);
    const auto later = start + 10s;
    for (int i = 0; i < 2; ++i)
        EXPECT_TRUE(door.may_be_answered("busy", later));
    for (int i = 0; i < 30; ++i)
        door.may_be_answered("late " + std::to_string(i), later);
    EXPECT_FALSE(door.may_be_answered("busy", later));
}

} // namespace
} // namespace motcua::app
