#include "temporary_store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/sqlite/retention.hpp>
#include <support/run_coroutine.hpp>

#include <map>

namespace motcua::sqlite {
namespace {

using app::kept_kind;
using namespace std::chrono_literals;

constexpr auto day = std::chrono::days(1);
const utc_time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

class Retention : public ::testing::Test
{
protected:
    // A citizen who wrote on that day and was answered.
    void talk(const std::string& user_id, utc_time when)
    {
        dialogue::inbound_event event;
        event.message_id = "m" + user_id;
        event.user_id = user_id;
        event.at = when;
        event.event_name = "user_send_text";
        database_->run_now([&](app::transaction& store) {
            store.insert_event(event, "{\"text\":\"bí mật " + user_id + "\"}", when);
            store.save_conversation(user_id, {}, when);
            dialogue::outgoing_message answer;
            answer.text = "trả lời";
            const auto id = store.add_outgoing(user_id, answer, when);
            store.claim_due(when, 100);
            app::settlement end;
            end.message_id = "a" + user_id;
            store.settle(id, end, when);
            store.add_unknown(
                {.at = when,
                 .kind = dialogue::unknown_kind::not_understood,
                 .text = "câu lạ",
                 .nearest = {},
                 .chosen = {},
                 .test = false},
                100);
        });
    }

    std::map<kept_kind, std::int64_t> preview(const app::retention_rules& rules)
    {
        std::map<kept_kind, std::int64_t> out;
        for (const auto& one : preview_retention(folder_.file(), rules, now))
            out[one.kind] = one.rows;
        return out;
    }

    std::map<kept_kind, std::int64_t> apply(const app::retention_rules& rules)
    {
        app::retention_pass pass(retention_of, rules, now, [](std::string_view id) {
            return "name of " + std::string(id);
        });
        while (!pass.finished())
            database_->run_now([&pass](app::transaction& store) { pass.step(store); });
        std::map<kept_kind, std::int64_t> out;
        for (const auto& one : pass.counts())
            out[one.kind] = one.rows;
        return out;
    }

    std::int64_t ask(const std::string& sql)
    {
        SQLite::Database connection(folder_.file().string(), SQLite::OPEN_READONLY);
        return connection.execAndGet(sql).getInt64();
    }

    static app::retention_rules only(kept_kind kind, int days)
    {
        app::retention_rules rules;
        rules.keep.at(static_cast<std::size_t>(kind)) = std::chrono::days(days);
        return rules;
    }

    boost::asio::io_context context_{1}; // outlives the database
    temporary_folder folder_;
    std::unique_ptr<database> database_ = open_database({.file = folder_.file()});
};

TEST_F(Retention, WordsGoAndTheFactStays)
{
    for (int age = 249; age >= 0; --age) // more than one piece
        talk(std::to_string(1000 + age), now - age * day);
    auto rules = only(kept_kind::events, 180);
    rules.keep.at(static_cast<std::size_t>(kept_kind::outgoing)) = 180 * day;
    const auto foretold = preview(rules);
    EXPECT_EQ(foretold.at(kept_kind::events), 69);                       // 181 to 249 days old
    EXPECT_EQ(ask("SELECT count(*) FROM events WHERE body IS NULL"), 0); // only shown
    EXPECT_EQ(apply(rules), foretold);
    EXPECT_EQ(ask("SELECT count(*) FROM events"), 250);
    EXPECT_EQ(ask("SELECT count(*) FROM events WHERE body IS NULL"), 69);
    EXPECT_EQ(ask("SELECT count(*) FROM outbox WHERE message IS NULL"), 69);
    EXPECT_EQ(ask("SELECT count(*) FROM conversations"), 250);
    EXPECT_EQ(apply(rules).at(kept_kind::events), 0);
}

TEST_F(Retention, ARowYoungTodayGoesWhenItIsOld)
{
    talk("1", now - 200 * day);
    talk("2", now - 150 * day);
    EXPECT_EQ(apply(only(kept_kind::events, 180)).at(kept_kind::events), 1);
    EXPECT_EQ(apply(only(kept_kind::events, 120)).at(kept_kind::events), 1);
}

// A clock that was years ahead for a while has left its date.
TEST_F(Retention, ARowOfTheFutureIsAsOldAsTheNextOne)
{
    talk("1", now - 200 * day);
    for (int i = 0; i < 250; ++i) // more than one piece
        talk("ahead" + std::to_string(i), now + 3650 * day);
    talk("2", now - 190 * day);
    talk("3", now - 10 * day);
    talk("4", now + 3650 * day);
    app::retention_rules rules;
    for (const auto kind : {kept_kind::events, kept_kind::outgoing, kept_kind::unknown})
        rules.keep.at(static_cast<std::size_t>(kind)) = 180 * day;
    const auto foretold = preview(rules);
    EXPECT_EQ(foretold.at(kept_kind::events), 252);
    EXPECT_EQ(apply(rules), foretold);
    EXPECT_EQ(ask("SELECT count(*) FROM events WHERE body IS NOT NULL"), 2);
    EXPECT_EQ(ask("SELECT count(*) FROM outbox WHERE message IS NOT NULL"), 2);
    talk("5", now - day);
    EXPECT_EQ(apply(only(kept_kind::events, 5)).at(kept_kind::events), 1)
        << "the last one is young";
}

TEST_F(Retention, WhatIsNotSettledStays)
{
    database_->run_now([](app::transaction& store) {
        dialogue::outgoing_message answer;
        answer.text = "chờ";
        store.add_outgoing("1", answer, now - 400 * day);
    });
    EXPECT_EQ(preview(only(kept_kind::outgoing, 180)).at(kept_kind::outgoing), 0);
    EXPECT_EQ(apply(only(kept_kind::outgoing, 180)).at(kept_kind::outgoing), 0);
    EXPECT_EQ(ask("SELECT count(*) FROM outbox WHERE message IS NOT NULL"), 1);
}

TEST_F(Retention, ConversationsAndSentencesGo)
{
    talk("1", now - 100 * day);
    talk("2", now - 10 * day);
    auto rules = only(kept_kind::conversations, 90);
    rules.keep.at(static_cast<std::size_t>(kept_kind::unknown)) = 30 * day;
    EXPECT_EQ(
        apply(rules),
        (std::map<kept_kind, std::int64_t>{
            {kept_kind::conversations, 1}, {kept_kind::unknown, 1}}));
    EXPECT_EQ(ask("SELECT count(*) FROM conversations WHERE user_id = '2'"), 1);
    EXPECT_EQ(ask("SELECT count(*) FROM unknown_messages"), 1);
}

TEST_F(Retention, FilesGoUnlessTheyBelongToAComplaint)
{
    const auto when = now - 100 * day;
    talk("1", when);
    database_->run_now([&](app::transaction& store) {
        for (int place = 0; place < 2; ++place) {
            app::new_attachment photo;
            photo.user_id = "1";
            photo.kind = "image";
            photo.url = "https://a/" + std::to_string(place);
            photo.message_id = "m1";
            photo.place = place;
            const auto id = store.attachments().add(photo, when);
            store.attachments().claim(when, 10, {});
            store.attachments().note_file(id, std::string(64, place == 0 ? 'a' : 'b'));
            store.attachments().settle(id, {.bytes = 1, .type = "image/jpeg"}, when);
        }
    });
    {
        SQLite::Database connection(folder_.file().string(), SQLite::OPEN_READWRITE);
        connection.exec("INSERT INTO complaint_attachments (complaint_id, message_id, place, kind, "
                        "name) VALUES (1, 'm1', 0, 'image', '')");
    }
    EXPECT_EQ(preview(only(kept_kind::attachments, 90)).at(kept_kind::attachments), 1);
    EXPECT_EQ(apply(only(kept_kind::attachments, 90)).at(kept_kind::attachments), 1);
    database_->run_now([](app::transaction& store) {
        EXPECT_EQ(
            store.attachments().files_to_remove(10),
            std::vector<std::string>{std::string(64, 'b')});
    });
}

TEST_F(Retention, ACitizenNotHeardOfIsErasedWithProofAndAudit)
{
    talk("1", now - 800 * day);
    talk("2", now - 700 * day);
    talk("3", now - 800 * day);
    {
        // Somebody who still waits for an answer.
        SQLite::Database connection(folder_.file().string(), SQLite::OPEN_READWRITE);
        connection.exec(
            "INSERT INTO complaints (code, user_id, version, state, category, unit, officer, "
            "commune, submitted_ms, updated_ms, due_ms, test, record) VALUES ('PA-1', '3', 1, "
            "'processing', '', '', '', '', 0, 0, 1, 0, '{}')");
    }
    EXPECT_EQ(preview(only(kept_kind::citizens, 730)).at(kept_kind::citizens), 1);
    EXPECT_EQ(apply(only(kept_kind::citizens, 730)).at(kept_kind::citizens), 1);
    EXPECT_EQ(ask("SELECT count(*) FROM citizens WHERE user_id = '1'"), 0);
    EXPECT_EQ(ask("SELECT count(*) FROM citizens"), 2);
    EXPECT_EQ(ask("SELECT count(*) FROM events WHERE user_id = '1'"), 0);
    EXPECT_EQ(ask("SELECT count(*) FROM erasures WHERE cause = 'retention'"), 1);
    EXPECT_EQ(ask("SELECT count(*) FROM audit WHERE action = 'retention'"), 1);
    EXPECT_EQ(apply(only(kept_kind::citizens, 730)).at(kept_kind::citizens), 0);
    EXPECT_EQ(ask("SELECT count(*) FROM audit WHERE action = 'retention'"), 1); // nothing went
}

TEST_F(Retention, IsDueOnceANight)
{
    talk("1", now - 800 * day);
    talk("2", now);
    utc_time clock = now + 4h; // eleven in the morning in Vietnam
    int files = 0;
    app::retention_task task(
        context_.get_executor(),
        {.store = database_->writer(),
         .records = retention_of,
         .rules = only(kept_kind::events, 180),
         .now = [&clock] { return clock; },
         .pseudonym = [](std::string_view id) { return std::string(id); },
         .files_to_remove = [&files] { ++files; }});
    EXPECT_FALSE(run_coroutine(context_, task.is_due()));
    clock = now - 4h; // three at night
    EXPECT_TRUE(run_coroutine(context_, task.is_due()));
    const auto done = run_coroutine(context_, task.pass());
    ASSERT_TRUE(done);
    EXPECT_EQ(done->at(0).rows, 1);
    EXPECT_EQ(files, 1);
    EXPECT_FALSE(run_coroutine(context_, task.is_due()));
    clock += 24h;
    EXPECT_TRUE(run_coroutine(context_, task.is_due()));
}

TEST_F(Retention, AClockThatHasJumpedAheadErasesNothing)
{
    talk("1", now - 800 * day);
    talk("2", now - 3 * day);
    app::retention_task task(
        context_.get_executor(),
        {.store = database_->writer(),
         .records = retention_of,
         .rules = only(kept_kind::citizens, 730),
         .now = [] { return now + 7000 * day; },
         .pseudonym = [](std::string_view id) { return std::string(id); },
         .files_to_remove = [] {}});
    ASSERT_TRUE(run_coroutine(context_, task.pass()));
    EXPECT_EQ(ask("SELECT count(*) FROM citizens WHERE user_id = '1'"), 0) << "that was due";
    EXPECT_EQ(ask("SELECT count(*) FROM citizens"), 1);
}

} // namespace
} // namespace motcua::sqlite
