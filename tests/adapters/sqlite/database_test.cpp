#include "connection.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>
#include <adapters/sqlite/temporary_store.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/sqlite/integrity.hpp>

#include <fstream>
#include <future>
#include <iterator>
#include <utility>

namespace motcua::sqlite {
namespace {

namespace fs = std::filesystem;

std::string refusal(const fs::path& file)
{
    try {
        open_database({.file = file});
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return "opened";
}

void expect_refusal(const fs::path& file, const std::string& why)
{
    const auto words = refusal(file);
    EXPECT_NE(words.find(why), std::string::npos) << words;
    EXPECT_EQ(words.find(file.string()), 0U) << words;
    EXPECT_EQ(words.find('\n'), std::string::npos) << words;
}

class Database : public testing::Test
{
protected:
    temporary_folder folder_;
    fs::path file_ = folder_.file();
};

TEST_F(Database, AnEmptyFolderGetsTheNewestSchema)
{
    const auto opened = open_database({.file = file_});
    EXPECT_EQ(opened->schema_version(), newest_schema_version());
    const auto reader = opened->open_reader();
    for (const auto table : table_names)
        EXPECT_EQ(reader->count(table), table == "settings" ? 1 : 0) << table;
}

// Every row of what is derived beside the complaints.
std::string listed_rows(const fs::path& file)
{
    const auto connection = open_reading_connection(file);
    std::string rows;
    for (const auto* const query :
         {"SELECT * FROM complaint_list ORDER BY id",
          "SELECT * FROM complaint_labels ORDER BY complaint_id, label",
          "SELECT rowid, words FROM complaint_words ORDER BY rowid",
          "SELECT * FROM complaint_likeness ORDER BY complaint_id, key",
          "SELECT * FROM complaint_duplicates ORDER BY complaint_id, other"}) {
        SQLite::Statement all(connection, query);
        while (all.executeStep()) {
            for (int i = 0; i < all.getColumnCount(); ++i)
                rows += all.getColumn(i).getString() + '|';
            rows += '\n';
        }
    }
    return rows;
}

TEST_F(Database, WhatWasStoredBeforeTheListIsListedAtTheStart)
{
    const utc_time now{std::chrono::hours(500'000)};
    {
        const auto store = open_database({.file = file_});
        store->run_now([now](app::transaction& t) {
            for (int i = 0; i < 3; ++i) {
                complaints::complaint one;
                one.user_id = std::to_string(1000 + i);
                one.source = "zalo";
                one.code = "PA-261116-000" + std::to_string(i + 1) + "A";
                one.state = "submitted";
                one.content = "Đường trước nhà số ba bị hỏng đã lâu mà chưa ai sửa";
                one.from.phone = "090000000" + std::to_string(i);
                one.labels = {"Gấp", "đường sá"};
                one.attachments = {{"m" + std::to_string(i), 0, "image", ""}};
                one.updated_at = now;
                one.course.push_back({"file", "submitted", now});
                const auto id = t.complaints().add(one, {.due = now + std::chrono::hours(9)});
                t.complaints().add_message(
                    id,
                    {.at = now + std::chrono::minutes(i),
                     .kind = i == 1 ? complaints::message_kind::staff
                                    : complaints::message_kind::citizen,
                     .by = {complaints::role::officer, "binh"},
                     .text = "Gửi thêm biên nhận",
                     .attachments = {}});
            }
        });
    }
    const auto before = listed_rows(file_);
    ASSERT_NE(before.find("bien"), std::string::npos) << before;
    {
        const auto connection = open_writing_connection(file_);
        for (const auto* const table :
             {"complaint_labels",
              "complaint_words",
              "complaint_likeness",
              "complaint_duplicates",
              "complaint_list"})
            SQLite::Statement(connection, "DELETE FROM " + std::string(table)).exec();
    }
    ASSERT_EQ(listed_rows(file_), "");
    open_database({.file = file_});
    EXPECT_EQ(listed_rows(file_), before);
    open_database({.file = file_});
    EXPECT_EQ(listed_rows(file_), before) << "once";
}

TEST_F(Database, TheWritingConnectionIsDurable)
{
    auto connection = open_writing_connection(file_);
    const std::vector<std::pair<std::string, std::string>> expected{
        {"journal_mode", "wal"},
        {"synchronous", "2"}, // FULL
        {"wal_autocheckpoint", "0"},
        {"foreign_keys", "1"},
        {"secure_delete", "1"},
        {"temp_store", "2"}, // memory
        {"mmap_size", "0"},
        {"busy_timeout", "5000"}};
    for (const auto& [pragma, value] : expected) {
        SQLite::Statement query(connection, "PRAGMA " + pragma);
        EXPECT_EQ(query.executeStep() ? query.getColumn(0).getString() : value, value) << pragma;
    }
}

TEST_F(Database, ReadersCannotWrite)
{
    const auto opened = open_database({.file = file_});
    auto reader = open_reading_connection(file_);
    EXPECT_THROW(reader.exec("INSERT INTO settings VALUES ('a', 'b')"), std::exception);
}

TEST_F(Database, AReaderNeedsNoLock)
{
    EXPECT_THROW(open_reader(file_), std::runtime_error);
    auto opened = open_database({.file = file_});
    opened->run_now([](app::transaction& t) { t.set_following("1001", true, {}); });
    EXPECT_EQ(open_reader(file_)->count("citizens"), 1) << "beside the writer";
    opened.reset();
    EXPECT_EQ(open_reader(file_)->count("citizens"), 1) << "alone";
    SQLite::Database(file_.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 1000");
    EXPECT_THROW(open_reader(file_), std::runtime_error);
}

TEST_F(Database, EveryTableIsStrict)
{
    auto connection = open_writing_connection(file_);
    // A table of full-text search and its shadows cannot be strict.
    SQLite::Statement rows(
        connection,
        "SELECT name, strict OR type = 'virtual' FROM pragma_table_list "
        "WHERE name NOT LIKE 'sqlite_%' AND type <> 'shadow'");
    std::size_t tables = 0;
    for (; rows.executeStep(); ++tables)
        EXPECT_EQ(rows.getColumn(1).getInt(), 1) << rows.getColumn(0).getString();
    EXPECT_EQ(tables, table_names.size());
}

TEST_F(Database, FilesAreThePrivateBusinessOfTheirOwner)
{
    std::ofstream(file_).close();
    fs::permissions(file_, fs::perms(0644));
    const auto opened = open_database({.file = file_});
    opened->run_now([](app::transaction& t) { t.set_following("1001", true, {}); });
    std::size_t files = 0;
    for (const auto& each : fs::directory_iterator(file_.parent_path())) {
        EXPECT_EQ(each.status().permissions(), fs::perms(0600)) << each.path();
        ++files;
    }
    EXPECT_EQ(files, 6U) << "database, log, shared memory, lock, key and head of the audit";
}

TEST_F(Database, ASecondInstanceIsRefused)
{
    auto first = open_database({.file = file_});
    expect_refusal(file_, "in use by another instance");
    first.reset();
    EXPECT_EQ(refusal(file_), "opened");
}

TEST_F(Database, ANewerSchemaIsRefusedAndLeftAlone)
{
    open_database({.file = file_}).reset();
    SQLite::Database(file_.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 1000");
    expect_refusal(file_, "newer program");
    SQLite::Database after(file_.string());
    EXPECT_EQ(schema_version(after), 1000);
}

TEST_F(Database, SomethingElseIsRefused)
{
    std::ofstream(file_) << std::string(8192, 'x');
    expect_refusal(file_, "not a database");
}

TEST_F(Database, AnotherProgramsDatabaseIsRefused)
{
    SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE notes (text TEXT)");
    expect_refusal(file_, "another program");
}

TEST_F(Database, AMissingFolderIsRefused)
{
    expect_refusal(file_.parent_path() / "nowhere" / "motcua.db", "No such file");
}

TEST_F(Database, ADamagedFileIsRefused)
{
    {
        const auto opened = open_database({.file = file_});
        opened->run_now([](app::transaction& t) {
            for (int i = 0; i < 5000; ++i)
                t.set_following("citizen " + std::to_string(i), true, {});
        });
    }
    {
        std::fstream bytes(file_, std::ios::in | std::ios::out | std::ios::binary);
        for (const std::streamoff page : {20, 22, 24, 26}) {
            bytes.seekp(page * 4096);
            bytes << std::string(4096, '\x5a');
        }
    }
    expect_refusal(file_, "damaged");
}

// Nothing but the check reads them at the start.
TEST_F(Database, DamagedPagesOfCitizensAreFoundAtTheStart)
{
    {
        const auto opened = open_database({.file = file_});
        opened->run_now([](app::transaction& t) {
            for (int i = 0; i < 5000; ++i)
                t.set_following("citizen " + std::to_string(i), true, {});
        });
    }
    {
        SQLite::Database connection(file_.string(), SQLite::OPEN_READONLY);
        const auto pages = connection.execAndGet("PRAGMA page_count").getInt();
        std::fstream bytes(file_, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(std::streamoff{pages - 4} * 4096);
        bytes << std::string(std::size_t{4} * 4096, '\x5a');
    }
    expect_refusal(file_, "damaged");
}

// --- looking for damage while it is in use

class Integrity : public Database
{
protected:
    // Large enough for pages of its own, and moved out of the log.
    std::unique_ptr<database> filled() const
    {
        auto opened = open_database({.file = file_});
        opened->run_now([](app::transaction& t) {
            for (int i = 0; i < 5000; ++i)
                t.set_following("citizen " + std::to_string(i), true, {});
        });
        opened.reset(); // cuts the log
        return open_database({.file = file_});
    }
    void damage() const
    {
        std::fstream bytes(file_, std::ios::in | std::ios::out | std::ios::binary);
        SQLite::Database connection(file_.string(), SQLite::OPEN_READONLY);
        const auto root =
            connection.execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'citizens'")
                .getInt();
        bytes.seekp(std::streamoff{root - 1} * 4096);
        bytes << std::string(4096, '\x5a');
    }
    static bool always() { return true; }
};

TEST_F(Integrity, ASoundDatabaseInUseIsSound)
{
    const auto opened = filled();
    const auto found = find_damage(file_, always);
    EXPECT_TRUE(found.complete);
    EXPECT_EQ(found.damage, "");
    opened->run_now([](app::transaction& t) { t.put_setting("still", "writable"); });
}

TEST_F(Integrity, DamageIsFoundWhileItIsInUse)
{
    const auto opened = filled();
    damage();
    const auto found = find_damage(file_, always);
    EXPECT_TRUE(found.complete);
    EXPECT_NE(found.damage, "");
    EXPECT_EQ(found.damage.find("citizen 1"), std::string::npos) << "nothing that is stored";
}

TEST_F(Integrity, ALookEndsWhenItIsTold)
{
    const auto opened = filled();
    int asked = 0;
    EXPECT_FALSE(find_damage(file_, [&asked] { return ++asked < 3; }).complete);
    EXPECT_EQ(asked, 3);
}

TEST_F(Integrity, TheWatchRemembersWhatItFound)
{
    const auto opened = filled();
    const utc_time now{std::chrono::hours(500'000)};
    integrity_watch watch(
        file_, [now] { return now; }, std::chrono::hours(1));
    EXPECT_EQ(watch.status().checked, std::nullopt);
    watch.look();
    EXPECT_EQ(watch.status().checked, now);
    EXPECT_FALSE(watch.status().damaged);
    damage();
    watch.look();
    EXPECT_TRUE(watch.status().damaged);
}

TEST_F(Integrity, TheWatchLooksByItselfAfterTheStart)
{
    const auto opened = filled();
    std::promise<void> looked;
    bool told = false;
    const auto tell = [&looked, &told] {
        if (!std::exchange(told, true))
            looked.set_value();
        return utc_time(std::chrono::hours(500'000));
    };
    const integrity_watch watch(file_, tell, std::chrono::milliseconds(1));
    EXPECT_EQ(looked.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(IntegrityWatch, LooksAtHalfPastThreeByNight)
{
    const utc_time midnight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}}; // 7 a.m.
    using namespace std::chrono_literals;
    EXPECT_EQ(until_next_look(midnight), 20h + 30min);
    EXPECT_EQ(until_next_look(midnight + 18h), 2h + 30min);
    EXPECT_EQ(until_next_look(midnight + 20h), 24h + 30min) << "it has just been";
}

bool contains(const fs::path& folder, const std::string& canary)
{
    for (const auto& each : fs::directory_iterator(folder)) {
        std::ifstream file(each.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        if (bytes.find(canary) != std::string::npos)
            return true;
    }
    return false;
}

TEST_F(Database, ErasureLeavesNoBytesInAnyFile)
{
    const std::string user_id = "canary-user-4711";
    const std::string pseudonym = "canary-pseudonym-4711";
    const std::string text = "canary-text-4711";
    auto opened = open_database({.file = file_});
    opened->run_now([&](app::transaction& t) {
        for (int i = 0; i < 50; ++i) {
            for (const auto& citizen : {user_id, std::string("somebody")}) {
                dialogue::inbound_event event;
                event.event_name = "user_send_text";
                event.kind = dialogue::event_kind::text;
                event.user_id = citizen;
                event.message_id = citizen + std::to_string(i);
                event.at = utc_time(std::chrono::milliseconds(i));
                const bool mine = citizen == user_id;
                t.insert_event(event, mine ? text + std::string(3000, '.') : "theirs", {});
                t.add_outgoing(citizen, {mine ? text : "theirs", {}, {}}, {});
                dialogue::conversation conversation;
                conversation.procedure = mine ? text : "theirs";
                t.save_conversation(citizen, conversation, {});
                reach::interaction contact;
                contact.pseudonym = mine ? pseudonym : "other";
                t.add_interaction(contact);
            }
        }
        t.settle(t.claim_due({}, 100).rows.at(0).id, {app::outbox_state::sent, "z1", {}, {}}, {});
    });
    EXPECT_TRUE(contains(file_.parent_path(), user_id));
    EXPECT_TRUE(contains(file_.parent_path(), text));
    EXPECT_TRUE(contains(file_.parent_path(), pseudonym));
    opened->run_now([&](app::transaction& t) {
        t.erase(user_id, pseudonym, "asked", {});
        t.add_outgoing(user_id, {text, {}, {}}, {}); // the farewell
    });
    const auto reader = open_reading_connection(file_);
    const auto number = [&reader](const std::string& sql) {
        SQLite::Statement query(reader, sql);
        query.executeStep();
        return query.getColumn(0).getInt64();
    };
    EXPECT_EQ(number("SELECT count(*) FROM events WHERE body IS NULL"), 50);
    EXPECT_EQ(number("SELECT count(*) FROM events WHERE body IS NOT NULL"), 50);
    EXPECT_EQ(number("SELECT count(DISTINCT pseudonym) FROM interactions"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM interactions WHERE pseudonym LIKE 'erased-%'"), 50);
    EXPECT_EQ(number("SELECT count(*) FROM outbox WHERE user_id IS NULL"), 50);
    EXPECT_EQ(number("SELECT count(*) FROM outbox WHERE reason = 'erased'"), 49);

    opened->run_now([&](app::transaction& t) {
        const auto farewell = t.claim_due({}, 100).rows;
        ASSERT_EQ(farewell.size(), 1U) << "the other citizen's call is under way";
        EXPECT_EQ(farewell[0].user_id, user_id);
        t.settle(farewell[0].id, {app::outbox_state::sent, "z2", {}, {}}, {});
    });
    opened.reset(); // `reader` is still there, so it is not SQLite that clears the log
    EXPECT_FALSE(contains(file_.parent_path(), user_id));
    EXPECT_FALSE(contains(file_.parent_path(), text));
    EXPECT_FALSE(contains(file_.parent_path(), pseudonym));
    EXPECT_TRUE(contains(file_.parent_path(), "theirs"));
}

} // namespace
} // namespace motcua::sqlite
