#include "connection.hpp"

#include <adapters/sqlite/temporary_store.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/sqlite/database.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

namespace motcua::sqlite {
namespace {

namespace fs = std::filesystem;

class Audit : public testing::Test
{
protected:
    Audit() { open(); }

    void open() { store_ = open_database({.file = folder_.file()}); }
    void close() { store_.reset(); }

    void add(int count, const std::string& citizen = {})
    {
        for (int i = 0; i < count; ++i)
            store_->run_now([&](app::transaction& t) {
                t.audit().add(
                    {.at = utc_time(std::chrono::seconds(1000 + i)),
                     .staff_id = "s-lan",
                     .actor = "lan",
                     .action = "reveal",
                     .subject = "PA-261116-0001A",
                     .detail = "canary-detail",
                     .address = "192.0.2.1",
                     .citizen = citizen});
            });
    }
    app::audit_verdict verify(const std::string& noted = {})
    {
        return open_reader(folder_.file())->audit().verify(noted);
    }
    void expect_bad(std::int64_t row, const std::string& what)
    {
        const auto found = verify();
        EXPECT_FALSE(found.intact) << what;
        EXPECT_EQ(found.first_bad_row, row) << what << ": " << found.problem;
    }
    // As somebody with the database, but without the key.
    void tamper(const std::string& sql)
    {
        SQLite::Database(folder_.file().string(), SQLite::OPEN_READWRITE).exec(sql);
    }
    fs::path beside(const std::string& name) { return folder_.file().parent_path() / name; }

    temporary_folder folder_;
    std::unique_ptr<database> store_;
};

TEST_F(Audit, AnUntouchedChainIsIntact)
{
    EXPECT_TRUE(verify().intact) << "nothing yet";
    add(3);
    const auto found = verify();
    EXPECT_TRUE(found.intact) << found.problem;
    EXPECT_EQ(found.rows, 3);
    close();
    open();
    add(2);
    EXPECT_TRUE(verify().intact);
    EXPECT_TRUE(verify(found.head).intact) << "a head noted earlier";
    const auto rows = store_->open_reader()->audit().rows({});
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_EQ(rows[0].number, 5);
    EXPECT_EQ(rows[0].entry.detail, "canary-detail");
    EXPECT_EQ(rows[0].entry.address, "192.0.2.1");
}

TEST_F(Audit, AnyChangedColumnIsFound)
{
    for (const std::string column :
         {"staff_id", "actor", "action", "address", "citizen", "subject", "detail"}) {
        tamper("DELETE FROM audit");
        close();
        fs::remove(beside("audit.head"));
        open();
        add(5);
        tamper("UPDATE audit SET " + column + " = 'x' WHERE number = 3");
        expect_bad(3, column);
    }
    tamper("UPDATE audit SET at_ms = at_ms + 1 WHERE number = 2");
    expect_bad(2, "time");
    tamper("UPDATE audit SET mac = zeroblob(32) WHERE number = 1");
    expect_bad(1, "mac");
}

TEST_F(Audit, ARemovedRowIsFound)
{
    add(5);
    tamper("DELETE FROM audit WHERE number = 3");
    expect_bad(3, "removed");
    tamper("UPDATE audit SET number = number - 1 WHERE number > 3");
    expect_bad(3, "and the gap closed");
}

TEST_F(Audit, AFirstRowRemovedIsFound)
{
    add(3);
    tamper("DELETE FROM audit WHERE number = 1");
    expect_bad(1, "removed");
}

TEST_F(Audit, SwappedRowsAreFound)
{
    add(5);
    tamper("UPDATE audit SET number = 99 WHERE number = 2");
    tamper("UPDATE audit SET number = 2 WHERE number = 4");
    tamper("UPDATE audit SET number = 4 WHERE number = 99");
    expect_bad(2, "swapped");
}

TEST_F(Audit, ARowPutInIsFound)
{
    add(3);
    tamper("INSERT INTO audit SELECT 4, at_ms, staff_id, actor, action, address, citizen, subject, "
           "detail, salt, commitment, mac FROM audit WHERE number = 3");
    expect_bad(4, "copied");
}

TEST_F(Audit, ACutTailIsFound)
{
    add(5);
    tamper("DELETE FROM audit WHERE number > 3");
    expect_bad(4, "cut off");
    add(1); // while the server runs
    expect_bad(4, "and written on");
    close();
    open();
    add(1);
    expect_bad(4, "and opened again");
}

TEST_F(Audit, ACutTailIsFoundAfterAStop)
{
    add(5);
    close();
    tamper("DELETE FROM audit WHERE number > 3");
    open();
    expect_bad(4, "cut off");
    add(2);
    expect_bad(4, "and written on");
    EXPECT_EQ(store_->open_reader()->audit().rows({}).at(0).number, 7) << "no number twice";
}

TEST_F(Audit, ATailCutWithItsHeadIsFound)
{
    add(5);
    close();
    tamper("DELETE FROM audit WHERE number > 3");
    fs::remove(beside("audit.head"));
    EXPECT_FALSE(verify().intact) << "no head";
    open();
    expect_bad(4, "a head is not made anew in silence");
    add(1);
    expect_bad(4, "nor later");
}

TEST_F(Audit, AWholeFolderPutBackIsFoundByANotedHead)
{
    add(2);
    close();
    const auto kept = folder_.file().parent_path() / "kept";
    fs::create_directory(kept);
    for (const std::string name : {"motcua.db", "audit.head"})
        fs::copy_file(beside(name), kept / name);
    open();
    add(3);
    const auto noted = verify().head;
    close();
    for (const std::string name : {"motcua.db", "audit.head"})
        fs::copy_file(kept / name, beside(name), fs::copy_options::overwrite_existing);
    EXPECT_TRUE(verify().intact) << "it looks as it did";
    const auto found = verify(noted);
    EXPECT_FALSE(found.intact);
    EXPECT_EQ(found.first_bad_row, 3);
}

TEST_F(Audit, AForgedHeadIsNone)
{
    add(3);
    std::ofstream(beside("audit.head")) << "2 " << std::string(64, '0') << '\n';
    EXPECT_FALSE(verify().intact);
}

TEST_F(Audit, ATornHeadLeavesTheOneBefore)
{
    add(4);
    close();
    {
        // The slot of the newest: even numbers first.
        std::fstream head(beside("audit.head"), std::ios::in | std::ios::out);
        head.seekp(20);
        head << "torn";
    }
    EXPECT_TRUE(verify().intact) << verify().problem;
    open();
    add(1);
    EXPECT_TRUE(verify().intact);
}

TEST_F(Audit, AnErasedCitizenLeavesTheChainWhole)
{
    add(2);
    add(2, "1001");
    add(1, "1002");
    store_->run_now([](app::transaction& t) { t.erase("1001", "p", "asked", utc_time{}); });
    const auto found = verify();
    EXPECT_TRUE(found.intact) << found.problem;
    app::audit_filter all;
    const auto rows = store_->open_reader()->audit().rows(all);
    ASSERT_EQ(rows.size(), 6U) << "and one that says so";
    EXPECT_EQ(rows[0].entry.action, "audit_forget");
    EXPECT_EQ(rows[0].entry.detail, "3 4");
    EXPECT_TRUE(rows[2].erased);
    EXPECT_EQ(rows[2].entry.detail, "");
    EXPECT_EQ(rows[2].entry.actor, "lan") << "who looked is still known";
    EXPECT_FALSE(rows[1].erased) << "somebody else's";
}

TEST_F(Audit, RowsEmptiedWithoutAnErasureAreFound)
{
    add(4);
    tamper("UPDATE audit SET citizen = NULL, subject = NULL, detail = NULL, salt = NULL "
           "WHERE number = 2");
    expect_bad(2, "emptied");
    store_->run_now([](app::transaction& t) { t.erase("1001", "p", "asked", utc_time{}); });
    expect_bad(2, "and an erasure of somebody else");
}

TEST_F(Audit, WhatIsRolledBackLeavesNoGap)
{
    add(1);
    EXPECT_ANY_THROW(store_->run_now([](app::transaction& t) {
        t.audit().add({.action = "lost"});
        throw std::runtime_error("no");
    }));
    EXPECT_TRUE(verify().intact);
    add(1);
    EXPECT_TRUE(verify().intact);
    EXPECT_EQ(verify().rows, 2);
}

TEST_F(Audit, TheKeyIsPrivateAndNotInTheDatabase)
{
    add(1);
    for (const std::string name : {"audit.key", "audit.head"})
        EXPECT_EQ(fs::status(beside(name)).permissions(), fs::perms(0600)) << name;
    std::ifstream in(beside("audit.key"));
    std::string key;
    std::getline(in, key);
    EXPECT_EQ(key.size(), 64U);
    close();
    std::ifstream database(folder_.file(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(database)), {});
    EXPECT_EQ(bytes.find(key), std::string::npos);
    EXPECT_NE(bytes.find("canary-detail"), std::string::npos);
}

TEST_F(Audit, ALostOrReadableKeyStopsTheStart)
{
    add(1);
    close();
    fs::permissions(beside("audit.key"), fs::perms(0644));
    EXPECT_THROW(open(), std::runtime_error);
    fs::remove(beside("audit.key"));
    EXPECT_THROW(open(), std::runtime_error) << "a new one would hide what was done";
    EXPECT_THROW(verify(), std::runtime_error);
}

TEST_F(Audit, AnotherKeyIsNoKey)
{
    add(2);
    close();
    {
        std::ofstream out(beside("audit.key"));
        out << std::string(64, 'a') << '\n';
    }
    expect_bad(1, "another key");
}

TEST_F(Audit, KeyAndHeadMayLieElsewhere)
{
    close();
    const auto elsewhere = beside("vault");
    fs::create_directory(elsewhere);
    fs::remove(beside("audit.key"));
    fs::remove(beside("audit.head"));
    store_ = open_database({.file = folder_.file(), .audit_directory = elsewhere});
    add(2);
    EXPECT_TRUE(fs::exists(elsewhere / "audit.key"));
    EXPECT_FALSE(fs::exists(beside("audit.key")));
    EXPECT_TRUE(open_reader(folder_.file(), elsewhere)->audit().verify({}).intact);
}

} // namespace
} // namespace motcua::sqlite
