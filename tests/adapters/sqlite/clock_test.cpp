#include <adapters/sqlite/temporary_store.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

// What was put off by a clock that was ahead, once it has been put right (reliability.md T10).
namespace motcua::sqlite {
namespace {

using namespace std::chrono_literals;

const utc_time present{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
const utc_time ahead = present + 24h * 400;

class WrongClock : public testing::Test
{
protected:
    template <class Unit>
    void store(Unit unit)
    {
        database_->run_now(unit);
    }

    temporary_folder folder_;
    std::unique_ptr<database> database_ = open_database({.file = folder_.file()});
};

TEST_F(WrongClock, AMessageMadeAheadGoesOutAtOnce)
{
    store([](app::transaction& t) {
        t.add_outgoing("1001", {"đã tiếp nhận", {}, {}}, ahead);
        const auto found = t.claim_due(present, 10);
        ASSERT_EQ(found.rows.size(), 1U);
        EXPECT_EQ(found.rows[0].created, present) << "it grows old from now on";
    });
}

TEST_F(WrongClock, ACallMadeAheadIsLookedForFromTwoDaysBack)
{
    store([](app::transaction& t) {
        const auto id = t.add_outgoing("1001", {"đã tiếp nhận", {}, {}}, ahead);
        t.claim_due(ahead, 10);
        app::settlement end;
        end.state = app::outbox_state::unknown;
        end.due = ahead + 1min;
        t.settle(id, end, ahead);
        const auto found = t.claim_due(present, 10);
        ASSERT_EQ(found.rows.size(), 1U);
        EXPECT_EQ(found.rows[0].state, app::outbox_state::unknown) << "never blindly sent again";
        EXPECT_EQ(found.rows[0].first_call, present - 48h);
        EXPECT_EQ(found.rows[0].last_call, present) << "it may still be under way";
    });
}

TEST_F(WrongClock, WhatHasToWaitUntilTomorrowStillWaits)
{
    store([](app::transaction& t) {
        const auto id = t.add_outgoing("1001", {"đã tiếp nhận", {}, {}}, present);
        t.claim_due(present, 10);
        app::settlement end;
        end.state = app::outbox_state::retry;
        end.due = present + 24h;
        t.settle(id, end, present);
        const auto found = t.claim_due(present, 10);
        EXPECT_TRUE(found.rows.empty());
        EXPECT_EQ(found.next_due, present + 24h);
    });
}

TEST_F(WrongClock, AFileSeenAheadIsFetchedAtOnce)
{
    store([](app::transaction& t) {
        app::new_attachment photo;
        photo.user_id = "1001";
        photo.kind = "image";
        photo.url = "https://a/1";
        photo.message_id = "m1";
        t.attachments().add(photo, ahead);
        EXPECT_EQ(t.attachments().claim(present, 10, {.files = 10, .bytes = 1000}).rows.size(), 1U);
    });
}

} // namespace
} // namespace motcua::sqlite
