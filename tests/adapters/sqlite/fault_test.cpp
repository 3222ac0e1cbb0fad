#include "connection.hpp"
#include "unit_runner.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <adapters/sqlite/scarce_memory.hpp>
#include <adapters/sqlite/simulated_disk.hpp>
#include <adapters/sqlite/temporary_store.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

// The writer on a disk that fails and loses its power (reliability.md 4, "crash"). Long forms run
// if MOTCUA_LONG_RUNS is set; MOTCUA_SEED repeats one series.
namespace motcua::sqlite {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using fault = simulated_disk::fault;

bool long_form()
{
    return std::getenv("MOTCUA_LONG_RUNS") != nullptr; // NOLINT(concurrency-mt-unsafe)
}

dialogue::inbound_event event_of(std::size_t number)
{
    dialogue::inbound_event event;
    event.event_name = "user_send_text";
    event.kind = dialogue::event_kind::text;
    event.user_id = "citizen " + std::to_string(number % 7);
    event.message_id = "m" + std::to_string(number);
    event.at = utc_time(std::chrono::milliseconds(number));
    return event;
}

std::string mark(std::size_t number)
{
    return "unit " + std::to_string(number);
}

// Stores an event, what follows from it, and its mark.
std::function<void(app::transaction&)> storing(std::size_t number, std::size_t bytes)
{
    return [number, bytes](app::transaction& t) {
        const auto event = event_of(number);
        if (!t.insert_event(event, std::string(bytes, 'x'), event.at))
            return;
        t.save_conversation(event.user_id, {}, event.at);
        t.add_outgoing(event.user_id, {"xin chào", {}, {}}, event.at);
        t.put_setting(mark(number), "stored");
    };
}

// The writer below its queue, as long as the power lasts.
struct station
{
    explicit station(const fs::path& file)
        : connection(open_writing_connection(file)), chain({file.parent_path()}, connection),
          runner(connection, chain)
    {
    }

    // Runs a group of units; their numbers are added to `acknowledged` if they are.
    bool
    run(std::size_t first,
        std::size_t count,
        std::size_t bytes,
        std::set<std::size_t>& acknowledged)
    {
        std::vector<job> jobs;
        for (auto number = first; number < first + count; ++number)
            jobs.push_back({storing(number, bytes), {}});
        std::vector<job*> group;
        for (auto& each : jobs)
            group.push_back(&each);
        runner.run(group);
        bool all = true;
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            if (!jobs[i].failure)
                acknowledged.insert(first + i);
            all = all && !jobs[i].failure;
        }
        runner.checkpoint_if_long();
        return all;
    }

    SQLite::Database connection;
    audit_chain chain;
    unit_runner runner;
};

std::string text_of(const SQLite::Database& connection, const std::string& sql)
{
    SQLite::Statement query(connection, sql);
    return query.executeStep() ? query.getColumn(0).getString() : std::string();
}

// Nothing acknowledged is missing, no unit is there by half, the file is sound and a retry finds
// its event.
void expect_whole(const fs::path& file, const std::set<std::size_t>& acknowledged)
{
    station now(file);
    EXPECT_EQ(text_of(now.connection, "PRAGMA integrity_check(1)"), "ok");
    EXPECT_EQ(text_of(now.connection, "PRAGMA foreign_key_check"), "");
    std::set<std::string> marks;
    SQLite::Statement rows(now.connection, "SELECT key FROM settings WHERE key LIKE 'unit %'");
    while (rows.executeStep())
        marks.insert(rows.getColumn(0).getString());
    const auto all = std::to_string(marks.size());
    EXPECT_EQ(text_of(now.connection, "SELECT count(*) FROM events"), all) << "half a unit";
    EXPECT_EQ(text_of(now.connection, "SELECT count(*) FROM outbox"), all) << "half a unit";
    std::size_t lost = 0;
    for (const auto number : acknowledged)
        lost += marks.contains(mark(number)) ? 0U : 1U;
    EXPECT_EQ(lost, 0U) << "of " << acknowledged.size();
    if (acknowledged.empty())
        return;
    std::set<std::size_t> again;
    now.run(*acknowledged.rbegin(), 1, 10, again);
    EXPECT_EQ(text_of(now.connection, "SELECT count(*) FROM events"), all) << "stored twice";
}

// One database through `lives` lives, each of which ends with a power cut at a random call.
void live_and_lose_power(std::uint64_t seed, int lives)
{
    SCOPED_TRACE("MOTCUA_SEED=" + std::to_string(seed));
    const temporary_folder folder;
    simulated_disk disk(seed);
    std::mt19937_64 random(seed);
    const auto below = [&random](std::size_t bound) { return random() % bound; };
    std::set<std::size_t> acknowledged;
    std::size_t next = 1;
    for (int life = 0; life < lives && !testing::Test::HasFailure(); ++life) {
        disk.cut_at(1 + below(std::size_t{4} << below(10)));
        try {
            station now(folder.file());
            constexpr int groups_at_most = 5000; // a writer that writes nothing has no power cut
            for (int group = 0; group < groups_at_most && !disk.is_cut(); ++group) {
                const auto count = 1 + below(6);
                now.run(next, count, 10 + below(below(4) == 0 ? 200'000 : 4'000), acknowledged);
                next += count;
                if (below(30) == 0)
                    now.runner.tidy();
            }
        } catch (const std::exception&) {
            EXPECT_TRUE(disk.is_cut()) << "only the power may stop it";
        }
        ASSERT_TRUE(disk.is_cut()) << "it stopped to write";
        disk.restore();
        expect_whole(folder.file(), acknowledged);
    }
}

TEST(PowerCut, LosesNothingAcknowledged)
{
    constexpr int lives = 20;
    if (const auto* seed = std::getenv("MOTCUA_SEED")) { // NOLINT(concurrency-mt-unsafe)
        live_and_lose_power(std::strtoull(seed, nullptr, 10), lives);
        return;
    }
    const std::uint64_t series = long_form() ? 500 : 3; // of 20 cuts
    for (std::uint64_t seed = 1; seed <= series && !HasFailure(); ++seed)
        live_and_lose_power(seed, lives);
}

// Stores one event after the other until one is refused.
asio::awaitable<void> store_until_refused(
    app::writer& writer,
    std::size_t first,
    std::size_t step,
    std::size_t bytes,
    std::set<std::size_t>& acknowledged)
{
    for (auto number = first;; number += step) {
        const auto end = co_await writer.commit(storing(number, bytes));
        if (!end)
            co_return;
        acknowledged.insert(number);
    }
}

// The same through the queue: the writer's own thread makes the groups, of whoever waits.
void live_in_the_queue_and_lose_power(std::uint64_t seed, int lives)
{
    SCOPED_TRACE("MOTCUA_SEED=" + std::to_string(seed));
    const temporary_folder folder;
    simulated_disk disk(seed);
    std::mt19937_64 random(seed);
    std::set<std::size_t> acknowledged;
    for (int life = 0; life < lives && !testing::Test::HasFailure(); ++life) {
        disk.cut_at(1 + random() % (std::size_t{4} << random() % 10));
        asio::io_context context(1);
        try {
            const auto database = open_database({.file = folder.file()});
            const auto clients = 1 + random() % 12;
            const auto first = acknowledged.empty() ? 1 : *acknowledged.rbegin() + 100;
            for (std::size_t i = 0; i < clients; ++i)
                asio::co_spawn(
                    context,
                    store_until_refused(
                        database->writer(), first + i, clients, 10 + random() % 4000, acknowledged),
                    asio::detached);
            context.run();
            EXPECT_FALSE(database->writer().healthy());
        } catch (const std::exception&) {
            EXPECT_TRUE(disk.is_cut()) << "only the power may stop it";
        }
        ASSERT_TRUE(disk.is_cut()) << "it stopped to write";
        disk.restore();
        expect_whole(folder.file(), acknowledged);
    }
}

TEST(PowerCut, LosesNothingAcknowledgedThroughTheQueue)
{
    constexpr int lives = 20;
    if (const auto* seed = std::getenv("MOTCUA_SEED")) { // NOLINT(concurrency-mt-unsafe)
        live_in_the_queue_and_lose_power(std::strtoull(seed, nullptr, 10), lives);
        return;
    }
    const std::uint64_t series = long_form() ? 100 : 2; // of 20 cuts
    for (std::uint64_t seed = 1; seed <= series && !HasFailure(); ++seed)
        live_in_the_queue_and_lose_power(seed, lives);
}

// Every call of a short life fails once, each way a disk can fail; then the power goes, and what
// was not synced with it.
class Fault : public testing::TestWithParam<fault>
{
protected:
    // Long enough for checkpoints where only syncs are counted.
    static std::size_t unit_bytes() { return GetParam() == fault::failed_sync ? 600'000 : 150'000; }

    // False if the life ends before the call.
    static bool live_with_a_fault_at(std::size_t call)
    {
        SCOPED_TRACE("call " + std::to_string(call));
        const temporary_folder folder;
        simulated_disk disk(call);
        std::set<std::size_t> acknowledged;
        {
            station before(folder.file());
            before.run(1, 3, 1000, acknowledged);
            EXPECT_EQ(acknowledged.size(), 3U);
        }
        disk.fail(GetParam(), call);
        bool reached = false;
        try {
            station now(folder.file());
            for (std::size_t group = 0; group < 6; ++group) {
                const bool was_healthy = now.runner.healthy();
                const bool all = now.run(10 + 2 * group, 2, unit_bytes(), acknowledged);
                EXPECT_FALSE(all && !was_healthy) << "acknowledged behind a failure";
                if (group == 3)
                    now.runner.tidy();
                EXPECT_FALSE(disk.sync_has_failed() && now.runner.healthy())
                    << "the disk's state is not known";
            }
            reached = disk.has_failed();
            if (reached && (GetParam() == fault::no_space || GetParam() == fault::short_write)) {
                EXPECT_TRUE(now.runner.healthy()) << "space may come back";
                EXPECT_TRUE(now.run(100, 1, 10, acknowledged)) << "and has";
            }
            disk.cut();
        } catch (const std::exception&) {
            reached = true; // refused to open
            disk.cut();
        }
        disk.restore(true);
        expect_whole(folder.file(), acknowledged);
        return reached;
    }
};

TEST_P(Fault, OfOneCallNeverAcknowledgesWhatIsNotThere)
{
    std::size_t tried = 0;
    const bool every = long_form() || GetParam() == fault::failed_sync;
    const std::size_t stride = every ? 1 : 31;
    for (std::size_t call = 1; live_with_a_fault_at(call) && !HasFailure(); call += stride)
        ++tried;
    EXPECT_GT(tried, long_form() && GetParam() != fault::failed_sync ? 400U : 7U);
}

std::string name_of(const testing::TestParamInfo<fault>& info)
{
    switch (info.param) {
    case fault::io_error:
        return "InputOutput";
    case fault::failed_sync:
        return "FailedSync";
    case fault::no_space:
        return "NoSpace";
    case fault::short_write:
        return "ShortWrite";
    }
    return "";
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Fault,
    testing::Values(fault::io_error, fault::failed_sync, fault::no_space, fault::short_write),
    name_of);

TEST(FullDisk, RefusesForAsLongAsItIsFullAndThenGoesOn)
{
    const temporary_folder folder;
    simulated_disk disk(1);
    std::set<std::size_t> acknowledged;
    {
        station now(folder.file());
        ASSERT_TRUE(now.run(1, 5, 1000, acknowledged));
        disk.allow_bytes(disk.bytes() + 500'000);
        std::size_t next = 10;
        while (now.run(next, 2, 50'000, acknowledged))
            next += 2;
        for (int minute = 0; minute < 100; ++minute)
            EXPECT_FALSE(now.run(next, 2, 50'000, acknowledged)) << "it is still full";
        now.runner.tidy();
        EXPECT_TRUE(now.runner.healthy());
        disk.allow_bytes({});
        EXPECT_TRUE(now.run(next, 2, 50'000, acknowledged));
        disk.cut();
    }
    disk.restore(true);
    expect_whole(folder.file(), acknowledged);
}

TEST(ReadOnlyDisk, StopsTheStoreIsNamedAtTheStartAndLosesNothing)
{
    const temporary_folder folder;
    simulated_disk disk(1);
    std::set<std::size_t> acknowledged;
    {
        station now(folder.file());
        ASSERT_TRUE(now.run(1, 5, 1000, acknowledged));
        disk.make_read_only(true);
        EXPECT_FALSE(now.run(10, 2, 1000, acknowledged));
        EXPECT_FALSE(now.runner.healthy()) << "nothing more can be stored until it is mended";
        EXPECT_FALSE(now.run(20, 2, 1000, acknowledged));
    }
    try {
        open_writing_connection(folder.file());
        FAIL() << "nothing can be written";
    } catch (const std::runtime_error& refusal) {
        EXPECT_EQ(refusal.what(), folder.file().string() + ": read-only");
    }
    disk.make_read_only(false);
    expect_whole(folder.file(), acknowledged);
}

// Every request of SQLite for memory is refused once.
TEST(ScarceMemory, FailsAGroupAndNoMore)
{
    scarce_memory memory;
    std::size_t refused = 0;
    for (std::size_t request = 1;; request += long_form() ? 1U : 151U) {
        SCOPED_TRACE("request " + std::to_string(request));
        const temporary_folder folder;
        std::set<std::size_t> acknowledged;
        {
            station before(folder.file());
            before.run(1, 3, 1000, acknowledged);
        }
        memory.refuse(request);
        try {
            station now(folder.file());
            for (std::size_t group = 0; group < 6; ++group)
                now.run(10 + 2 * group, 2, 50'000, acknowledged);
            now.runner.tidy();
            EXPECT_TRUE(now.runner.healthy()) << "the disk is as it was";
            if (memory.has_refused()) {
                EXPECT_TRUE(now.run(100, 1, 10, acknowledged));
            }
        } catch (const std::exception&) {
            EXPECT_TRUE(memory.has_refused()) << "only want of memory may stop it";
        }
        const bool done = !memory.has_refused();
        memory.refuse(0);
        expect_whole(folder.file(), acknowledged);
        if (done || HasFailure())
            break;
        ++refused;
    }
    EXPECT_GT(refused, long_form() ? 1000U : 5U);
}

// --- migrations

// Stops a connection at the start of its n-th statement, whichever that is.
struct statement_limit
{
    static inline std::size_t left = 0;

    static int watch(unsigned, void* connection, void*, void*)
    {
        if (left > 0 && --left == 0)
            sqlite3_interrupt(static_cast<sqlite3*>(connection));
        return 0;
    }
    static int attach(sqlite3* connection, char**, const sqlite3_api_routines*)
    {
        return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, watch, connection);
    }

    explicit statement_limit(std::size_t statements)
    {
        left = statements;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(attach));
    }
    ~statement_limit() { sqlite3_reset_auto_extension(); }
    statement_limit(const statement_limit&) = delete;
    statement_limit& operator=(const statement_limit&) = delete;
};

std::string schema_of(const SQLite::Database& connection)
{
    std::string all;
    SQLite::Statement rows(connection, "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2");
    while (rows.executeStep()) {
        for (int i = 0; i < 3; ++i)
            all += rows.getColumn(i).getString() + '\n';
    }
    return all;
}

TEST(Migration, StoppedAtAnyStatementIsFinishedAtTheNextStart)
{
    const temporary_folder reference;
    const auto expected = schema_of(open_writing_connection(reference.file()));
    std::size_t stopped = 0;
    for (std::size_t statement = 1;; statement += long_form() ? 1U : 29U) {
        SCOPED_TRACE("statement " + std::to_string(statement));
        const temporary_folder folder;
        try {
            const statement_limit limit(statement);
            open_writing_connection(folder.file());
            if (statement_limit::left > 0)
                break; // it has no so many; otherwise the last step was over before it was stopped
        } catch (const std::exception&) {
            ++stopped;
        }
        // The version it says is the version it has: all or nothing of each migration.
        const auto connection = open_writing_connection(folder.file());
        ASSERT_EQ(schema_version(connection), newest_schema_version());
        ASSERT_EQ(schema_of(connection), expected);
    }
    EXPECT_GT(stopped, long_form() ? 100U : 5U);
}

} // namespace
} // namespace motcua::sqlite
