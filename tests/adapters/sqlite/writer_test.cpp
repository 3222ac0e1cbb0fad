#include "connection.hpp"
#include "unit_runner.hpp"

#include <SQLiteCpp/Exception.h>
#include <adapters/sqlite/faulty_disk.hpp>
#include <adapters/sqlite/temporary_store.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <support/run_coroutine.hpp>

#include <fstream>
#include <future>
#include <iterator>
#include <thread>

namespace motcua::sqlite {
namespace {

namespace asio = boost::asio;
using unit = std::function<void(app::transaction&)>;

dialogue::inbound_event event_of(int number)
{
    dialogue::inbound_event event;
    event.event_name = "user_send_text";
    event.kind = dialogue::event_kind::text;
    event.user_id = "1001";
    event.message_id = "m" + std::to_string(number);
    event.at = utc_time(std::chrono::milliseconds(number));
    return event;
}

unit insert(int number)
{
    return [number](app::transaction& t) { t.insert_event(event_of(number), "{}", {}); };
}

asio::awaitable<void> commit_into(app::writer& writer, unit what, std::vector<result<void>>& ends)
{
    auto end = co_await writer.commit(std::move(what));
    ends.push_back(end);
}

class Writer : public testing::Test
{
protected:
    void open(std::size_t queue_limit = app::writer_queue_limit)
    {
        database_ = open_database({.file = folder_.file(), .queue_limit = queue_limit});
    }
    // Starts a commit; its end will be in ends_ once the context has run.
    void start(unit what)
    {
        asio::co_spawn(
            context_, commit_into(database_->writer(), std::move(what), ends_), asio::detached);
        context_.poll();
        context_.restart();
    }
    // Keeps the writer busy until release() is called.
    void block()
    {
        std::promise<void> begun;
        start([this, &begun](app::transaction&) {
            begun.set_value();
            released_.get_future().wait();
        });
        begun.get_future().wait();
    }
    void release() { released_.set_value(); }
    void run_all() { context_.run_for(std::chrono::seconds(5)); }
    std::int64_t stored() { return database_->open_reader()->count("events"); }

    temporary_folder folder_;
    asio::io_context context_{1};
    std::promise<void> released_;
    std::vector<result<void>> ends_;
    std::unique_ptr<database> database_;
};

TEST_F(Writer, WhatWaitsTogetherIsCommittedTogetherWithOneSync)
{
    const faulty_disk disk;
    open();
    block();
    for (int i = 1; i < 50; ++i)
        start(insert(i));
    EXPECT_EQ(database_->writer().waiting(), 49U);
    std::int64_t seen_from_outside = -1;
    int syncs_before = 0;
    start([&](app::transaction&) {
        seen_from_outside = stored();
        syncs_before = faulty_disk::log_syncs;
    });
    release();
    run_all();
    EXPECT_EQ(seen_from_outside, 0) << "nothing is committed before the last unit has run";
    EXPECT_EQ(stored(), 49);
    EXPECT_EQ(faulty_disk::log_syncs - syncs_before, 1);
    ASSERT_EQ(ends_.size(), 51U);
    for (const auto& end : ends_)
        EXPECT_TRUE(end.has_value());
}

TEST_F(Writer, EveryCommitIsSyncedBeforeItIsAcknowledged)
{
    const faulty_disk disk;
    open();
    for (int i = 1; i <= 5; ++i) {
        const int before = faulty_disk::log_syncs;
        start(insert(i));
        run_all();
        context_.restart();
        ASSERT_EQ(ends_.size(), static_cast<std::size_t>(i));
        EXPECT_GT(faulty_disk::log_syncs, before);
    }
}

TEST_F(Writer, AUnitThatThrowsLeavesTheOthersOfItsGroup)
{
    open();
    block();
    start(insert(1));
    start([](app::transaction& t) {
        t.insert_event(event_of(2), "{}", {});
        throw std::runtime_error("no");
    });
    start(insert(3));
    release();
    run_all();
    ASSERT_EQ(ends_.size(), 4U);
    EXPECT_TRUE(ends_[1].has_value());
    EXPECT_EQ(ends_[2], result<void>(errc::storage_failed));
    EXPECT_TRUE(ends_[3].has_value());
    EXPECT_EQ(stored(), 2);
    bool fresh = false;
    database_->run_now([&](app::transaction& t) { fresh = t.insert_event(event_of(2), "{}", {}); });
    EXPECT_TRUE(fresh);
}

TEST_F(Writer, AFullQueueRefusesAndDoesNotRunTheUnit)
{
    open(3);
    block();
    for (int i = 1; i <= 3; ++i)
        start(insert(i));
    EXPECT_EQ(database_->writer().waiting(), 3U);
    start(insert(4));
    ASSERT_EQ(ends_.size(), 1U) << "refused while the others wait";
    EXPECT_EQ(ends_[0], result<void>(errc::busy));
    release();
    run_all();
    EXPECT_EQ(ends_.size(), 5U);
    EXPECT_EQ(stored(), 3);
}

TEST_F(Writer, TheCallerGoesOnOnItsOwnExecutor)
{
    open();
    asio::thread_pool other(1);
    auto where = [this, &other]() -> asio::awaitable<bool> {
        auto what = insert(1);
        co_await database_->writer().commit(std::move(what));
        co_return other.get_executor().running_in_this_thread();
    };
    auto here = asio::co_spawn(other, where(), asio::use_future);
    start(insert(2));
    EXPECT_TRUE(here.get());
    run_all();
    EXPECT_EQ(ends_.size(), 1U);
    database_.reset(); // before the executor it resumes callers on
}

TEST_F(Writer, ClosingRunsWhatWaits)
{
    open();
    block();
    for (int i = 1; i <= 20; ++i)
        start(insert(i));
    release();
    database_.reset();
    run_all();
    ASSERT_EQ(ends_.size(), 21U);
    open();
    EXPECT_EQ(stored(), 20);
}

TEST_F(Writer, ErasedBytesLeaveTheLogWhenNothingWaits)
{
    open();
    start([](app::transaction& t) { t.erase("1001", "p1", "asked", {}); });
    run_all();
    const auto log = folder_.file().string() + "-wal";
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (std::filesystem::file_size(log) > 0 && std::chrono::steady_clock::now() < give_up)
        std::this_thread::yield();
    EXPECT_EQ(std::filesystem::file_size(log), 0U);
}

TEST_F(Writer, RunNowStoresOrThrows)
{
    open();
    database_->run_now(insert(1));
    EXPECT_EQ(stored(), 1);
    EXPECT_THROW(
        database_->run_now([](app::transaction& t) {
            t.insert_event(event_of(2), "{}", {});
            throw std::domain_error("no");
        }),
        std::domain_error);
    EXPECT_EQ(stored(), 1);
}

TEST_F(Writer, AFailedSyncIsNeverAcknowledgedAndStopsTheStore)
{
    const faulty_disk disk;
    open();
    database_->run_now(insert(1));
    faulty_disk::fail_syncs = true;
    start(insert(2));
    run_all();
    faulty_disk::fail_syncs = false;
    ASSERT_EQ(ends_.size(), 1U);
    EXPECT_EQ(ends_[0], result<void>(errc::storage_failed));
    EXPECT_FALSE(database_->writer().healthy());
    context_.restart();
    start(insert(3));
    run_all();
    ASSERT_EQ(ends_.size(), 2U);
    EXPECT_EQ(ends_[1], result<void>(errc::storage_failed)) << "until it is opened again";
    EXPECT_THROW(database_->run_now(insert(4)), std::exception);
    database_.reset();
    open();
    EXPECT_TRUE(database_->writer().healthy());
    database_->run_now(insert(5));
    EXPECT_GE(stored(), 2);
}

// --- the runner below the queue

class Runner : public testing::Test
{
protected:
    // The ends of a group: true if stored.
    std::vector<bool> run(const std::vector<unit>& units)
    {
        std::vector<job> jobs;
        for (const auto& each : units)
            jobs.push_back({each, {}});
        std::vector<job*> group;
        for (auto& each : jobs)
            group.push_back(&each);
        runner_.run(group);
        std::vector<bool> ends;
        for (const auto& each : jobs)
            ends.push_back(!each.failure);
        return ends;
    }
    std::int64_t number(const std::string& sql) { return connection_.execAndGet(sql).getInt64(); }

    temporary_folder folder_;
    SQLite::Database connection_ = open_writing_connection(folder_.file());
    audit_chain chain_{{folder_.file().parent_path()}, connection_};
    unit_runner runner_{connection_, chain_};
};

unit insert_large(int number)
{
    return [number](app::transaction& t) {
        t.insert_event(event_of(number), std::string(100'000, 'x'), {});
    };
}

TEST_F(Runner, AFullDiskFailsTheGroupAndIsRecoveredFrom)
{
    run({insert(1)});
    const auto pages = number("PRAGMA page_count");
    number("PRAGMA max_page_count = " + std::to_string(pages + 5));
    EXPECT_EQ(run({insert(2), insert_large(3), insert(4)}), (std::vector{false, false, false}));
    EXPECT_TRUE(runner_.healthy());
    EXPECT_EQ(number("SELECT count(*) FROM events"), 1);
    number("PRAGMA max_page_count = " + std::to_string(pages + 1000));
    EXPECT_EQ(run({insert(2), insert_large(3), insert(4)}), (std::vector{true, true, true}));
    EXPECT_EQ(number("SELECT count(*) FROM events"), 4);
}

TEST_F(Runner, AUnitThatGoesOnAfterTheTransactionEndedStoresNothing)
{
    run({insert(1)});
    number("PRAGMA max_page_count = " + std::to_string(number("PRAGMA page_count") + 5));
    const unit stubborn = [](app::transaction& t) {
        try {
            insert_large(2)(t);
        } catch (const std::exception&) {
            t.insert_event(event_of(3), "{}", {});
        }
    };
    EXPECT_EQ(run({stubborn}), std::vector{false});
    EXPECT_EQ(number("SELECT count(*) FROM events"), 1);
}

TEST_F(Runner, TheLogIsMovedIntoTheFileWhenLong)
{
    const auto log_bytes = [this] {
        return std::filesystem::file_size(folder_.file().string() + "-wal");
    };
    for (int i = 1; i <= 200; ++i) {
        run({insert_large(i)}); // 25 pages each
        runner_.checkpoint_if_long();
    }
    EXPECT_LT(log_bytes(), 1500U * 4096) << "passive checkpoints let it start anew";

    // A reader keeps the old log in use: it grows, and is cut once the reader has gone.
    {
        auto reader = open_reading_connection(folder_.file());
        SQLite::Statement rows(reader, "SELECT id FROM events");
        rows.executeStep();
        for (int i = 201; i <= 400; ++i) {
            run({insert_large(i)});
            runner_.checkpoint_if_long();
        }
        EXPECT_GT(log_bytes(), 4000U * 4096);
        runner_.tidy();
        EXPECT_GT(log_bytes(), 0U);
        EXPECT_TRUE(runner_.healthy());
    }
    runner_.tidy();
    EXPECT_EQ(log_bytes(), 0U);
    EXPECT_EQ(number("SELECT count(*) FROM events"), 400);
}

TEST_F(Runner, ErasedBytesLeaveTheLogUnderALoadThatNeverPauses)
{
    const auto log_holds = [this](const std::string& words) {
        std::ifstream log(folder_.file().string() + "-wal", std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(log)), {});
        return bytes.find(words) != std::string::npos;
    };
    run({[](app::transaction& t) { t.insert_event(event_of(1), "canary-4711", {}); }});
    EXPECT_TRUE(log_holds("canary-4711"));
    run({[](app::transaction& t) { t.erase("1001", "p1", "asked", {}); }});
    for (int i = 2; i < 70; ++i) {
        run({insert(i)});
        runner_.checkpoint_if_long();
    }
    EXPECT_FALSE(log_holds("canary-4711"));
}

} // namespace
} // namespace motcua::sqlite
