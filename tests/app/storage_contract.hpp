#pragma once

#include <gtest/gtest.h>
#include <motcua/app/storage.hpp>
#include <support/run_coroutine.hpp>

#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

// What every implementation of the storing ports must do. Include it in one file of a test program
// and instantiate StorageContract with a factory.
namespace motcua::app {

// An empty store of its own for each test.
class store_under_test
{
public:
    virtual ~store_under_test() = default;
    virtual app::writer& writer() = 0;
    virtual std::unique_ptr<app::reader> open_reader() = 0;
    // As if the process had been started again.
    virtual void restart() = 0;
};

using store_factory = std::function<std::unique_ptr<store_under_test>()>;

inline utc_time at(std::int64_t seconds)
{
    return utc_time(std::chrono::seconds(1'795'140'000 + seconds));
}

inline dialogue::inbound_event text_event(std::string message_id, utc_time when = at(0))
{
    dialogue::inbound_event event;
    event.event_name = "user_send_text";
    event.kind = dialogue::event_kind::text;
    event.user_id = "1001";
    event.message_id = std::move(message_id);
    event.at = when;
    return event;
}

inline dialogue::outgoing_message text_message(std::string text)
{
    dialogue::outgoing_message message;
    message.text = std::move(text);
    return message;
}

inline settlement ended(outbox_state state, std::string message_id = {}, utc_time due = {})
{
    return {state, std::move(message_id), due, state == outbox_state::sent ? "" : "a reason"};
}

class StorageContract : public testing::TestWithParam<store_factory>
{
protected:
    using unit = std::function<void(transaction&)>;

    result<void> commit(unit what)
    {
        return run_coroutine(context_, store_->writer().commit(std::move(what)));
    }
    void must(unit what)
    {
        const auto end = commit(std::move(what));
        ASSERT_TRUE(end.has_value()) << end.error().message();
    }
    bool insert(const dialogue::inbound_event& event, const std::string& raw = "{}")
    {
        bool fresh = false;
        must([&](transaction& t) { fresh = t.insert_event(event, raw, at(1)); });
        return fresh;
    }
    void say(const std::string& user_id, const std::string& text, utc_time now = at(0))
    {
        must([&](transaction& t) { t.add_outgoing(user_id, text_message(text), now); });
    }
    claimed claim(utc_time now = at(0), std::size_t limit = 100)
    {
        claimed found;
        must([&](transaction& t) { found = t.claim_due(now, limit); });
        return found;
    }
    std::vector<std::string> claim_texts(utc_time now = at(0), std::size_t limit = 100)
    {
        std::vector<std::string> texts;
        for (const auto& row : claim(now, limit).rows)
            texts.push_back(row.message.text);
        return texts;
    }
    std::int64_t claim_one(utc_time now = at(0))
    {
        const auto found = claim(now);
        EXPECT_EQ(found.rows.size(), 1U);
        return found.rows.empty() ? 0 : found.rows.front().id;
    }
    void settle(std::int64_t id, const settlement& end, utc_time now = at(0))
    {
        must([&](transaction& t) { t.settle(id, end, now); });
    }
    bool echo(const std::string& text, const std::string& message_id, utc_time now = at(0))
    {
        bool settled = false;
        must([&](transaction& t) {
            settled = t.settle_unknown_by_echo("1001", text, message_id, now);
        });
        return settled;
    }
    std::size_t give_up(utc_time before, utc_time now)
    {
        std::size_t dead = 0;
        must([&](transaction& t) { dead = t.give_up_unknown(before, now); });
        return dead;
    }
    std::int64_t count(std::string_view table) { return store_->open_reader()->count(table); }

    boost::asio::io_context context_; // outlives the writer, which posts to it
    std::unique_ptr<store_under_test> store_ = GetParam()();
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StorageContract);

using strings = std::vector<std::string>;

// --- units of work

TEST_P(StorageContract, AUnitThatThrowsLeavesNothing)
{
    const auto end = commit([](transaction& t) {
        t.insert_event(text_event("m1"), "{}", at(1));
        t.add_outgoing("1001", text_message("xin chào"), at(1));
        throw std::runtime_error("no");
    });
    EXPECT_EQ(end, result<void>(errc::storage_failed));
    EXPECT_EQ(count("events"), 0);
    EXPECT_EQ(count("outbox"), 0);
    EXPECT_TRUE(store_->writer().healthy());
    EXPECT_TRUE(insert(text_event("m1"))) << "what was undone is no duplicate";
}

TEST_P(StorageContract, CommittedDataOutlivesTheProcess)
{
    EXPECT_TRUE(insert(text_event("m1")));
    store_->restart();
    EXPECT_EQ(count("events"), 1);
    EXPECT_FALSE(insert(text_event("m1")));
}

TEST_P(StorageContract, NothingWaitsWhenEveryUnitHasEnded)
{
    must([](transaction&) {});
    EXPECT_EQ(store_->writer().waiting(), 0U);
}

// --- de-duplication

TEST_P(StorageContract, TheSameEventIsStoredOnce)
{
    EXPECT_TRUE(insert(text_event("m1")));
    EXPECT_FALSE(insert(text_event("m1")));
    EXPECT_FALSE(insert(text_event("m1"), R"({"written":"differently"})"));
    EXPECT_TRUE(insert(text_event("m2")));
    EXPECT_EQ(count("events"), 2);
}

TEST_P(StorageContract, ADuplicateInTheSameUnitIsFound)
{
    must([](transaction& t) {
        EXPECT_TRUE(t.insert_event(text_event("m1"), "{}", at(1)));
        EXPECT_FALSE(t.insert_event(text_event("m1", at(5)), "{}", at(1)));
    });
}

TEST_P(StorageContract, AnotherTimestampDoesNotHideADuplicate)
{
    // Recent, because it is found within the retention time only.
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    EXPECT_TRUE(insert(text_event("m1", now)));
    EXPECT_FALSE(insert(text_event("m1", now + std::chrono::hours(1))));
    store_->restart();
    EXPECT_FALSE(insert(text_event("m1", now + std::chrono::hours(2))));
    EXPECT_EQ(count("events"), 1);
}

TEST_P(StorageContract, EventsAboutAMessageAreNotTheMessage)
{
    auto echo_event = text_event("m1");
    echo_event.event_name = "oa_send_text";
    echo_event.kind = dialogue::event_kind::echo;
    auto received = text_event("m1");
    received.event_name = "user_received_message";
    received.kind = dialogue::event_kind::received;
    auto seen = received;
    seen.event_name = "user_seen_message";
    seen.kind = dialogue::event_kind::seen;
    auto first_reaction = text_event("m1", at(10));
    first_reaction.event_name = "user_reacted_message";
    first_reaction.kind = dialogue::event_kind::reaction;
    auto second_reaction = first_reaction;
    second_reaction.at = at(20);

    EXPECT_TRUE(insert(echo_event, "echo"));
    EXPECT_TRUE(insert(received, "received"));
    EXPECT_TRUE(insert(seen, "seen"));
    EXPECT_TRUE(insert(first_reaction, "heart"));
    EXPECT_TRUE(insert(second_reaction, "thumb"));
    EXPECT_FALSE(insert(received, "received"));
    EXPECT_FALSE(insert(second_reaction, "thumb"));
    EXPECT_EQ(count("events"), 5);
}

TEST_P(StorageContract, WithoutAMessageIdTheBodyDecides)
{
    auto follow = text_event("");
    follow.event_name = "follow";
    follow.kind = dialogue::event_kind::follow;
    EXPECT_TRUE(insert(follow, "first"));
    EXPECT_FALSE(insert(follow, "first"));
    EXPECT_TRUE(insert(follow, "second"));
}

TEST_P(StorageContract, AnEventNeedsNoCitizen)
{
    auto event = text_event("m1");
    event.user_id.clear();
    EXPECT_TRUE(insert(event));
    EXPECT_FALSE(insert(event));
    EXPECT_EQ(count("citizens"), 0);
}

TEST_P(StorageContract, WhatNobodyCanBeFoundByIsNotKept)
{
    auto event = text_event("m1");
    event.user_id.clear();
    EXPECT_TRUE(insert(event, "words of somebody in a group"));
    EXPECT_TRUE(insert(text_event("m2"), "words of a citizen"));
    EXPECT_EQ(store_->open_reader()->events_of("1001", at(0), 10).size(), 1U);
}

// --- conversations

TEST_P(StorageContract, AConversationComesBackAsItWas)
{
    dialogue::conversation value;
    value.at = dialogue::stage::awaiting_commune;
    value.procedure = "1.004222";
    value.aspect = "fees";
    value.case_group = "Trường hợp \"đặc biệt\"";
    value.commune = "25459";
    value.choices = {{"Đăng ký khai sinh", "#p:1.001193"}, {"Khác", ""}};
    value.asked = "khai sinh <phone>";
    value.alternatives = {"1.000001", "1.000002"};
    value.trail = {"#menu", "#f:ho-tich"};
    value.failures = 2;
    value.last_at = at(7);
    value.silent_until = at(1807);
    value.waiting_since = at(5);
    value.welcomed_at = at(6);
    value.media_at = at(4);
    value.submitted = dialogue::submitted_info{"An", "84900000123", "Phường Mẫu"};
    must([&](transaction& t) { t.save_conversation("1001", value, at(7)); });
    store_->restart();
    must([&](transaction& t) {
        EXPECT_EQ(t.load_conversation("1001"), value);
        EXPECT_EQ(t.load_conversation("1002"), dialogue::conversation{});
    });
    must([&](transaction& t) { t.save_conversation("1001", {}, at(8)); });
    must([&](transaction& t) { EXPECT_EQ(t.load_conversation("1001"), dialogue::conversation{}); });
}

TEST_P(StorageContract, FollowingIsRemembered)
{
    must([](transaction& t) {
        t.set_following("1001", true, at(0));
        t.set_following("1001", false, at(1));
    });
    EXPECT_EQ(count("citizens"), 1);
}

// --- outbox

TEST_P(StorageContract, MessagesGoOutAsTheyWerePutIn)
{
    dialogue::outgoing_message message;
    message.text = "Anh/chị chọn:";
    message.buttons = {
        {"Lệ phí", dialogue::button_kind::query, "#a:fees"},
        {"Nộp", dialogue::button_kind::open_url, "https://dichvucong.gov.vn"},
        {"Gọi", dialogue::button_kind::open_phone, "84276"}};
    dialogue::outgoing_message list;
    list.elements = {{"Một", "hai", "https://x/y.png", {"ba", dialogue::button_kind::query, "#1"}}};
    must([&](transaction& t) {
        t.add_outgoing("1001", message, at(0));
        t.add_outgoing("1002", list, at(0));
    });
    const auto found = claim();
    ASSERT_EQ(found.rows.size(), 2U);
    EXPECT_EQ(found.rows[0].message, message);
    EXPECT_EQ(found.rows[0].user_id, "1001");
    EXPECT_EQ(found.rows[0].attempts, 1);
    EXPECT_EQ(found.rows[1].message, list);
    EXPECT_LT(found.rows[0].id, found.rows[1].id);
}

TEST_P(StorageContract, OneRowPerCitizenInOrder)
{
    say("1001", "một");
    say("1001", "hai");
    say("1002", "ba");
    EXPECT_EQ(claim_texts(), (strings{"một", "ba"}));
    EXPECT_EQ(claim_texts(), strings{}) << "their calls are under way";
}

TEST_P(StorageContract, TheNextRowGoesOnceTheFirstIsSettled)
{
    for (const auto end : {outbox_state::sent, outbox_state::unknown, outbox_state::dead}) {
        say("1001", "một");
        say("1001", "hai");
        const auto first = claim_one();
        settle(first, ended(end, end == outbox_state::sent ? "z1" : ""));
        const auto found = claim();
        ASSERT_EQ(found.rows.size(), 1U);
        EXPECT_EQ(found.rows[0].message.text, "hai");
        settle(found.rows[0].id, ended(outbox_state::dead));
    }
}

TEST_P(StorageContract, ARetryKeepsLaterRowsOfItsCitizenBack)
{
    say("1001", "một");
    say("1001", "hai");
    say("1002", "ba");
    const auto first = claim().rows.at(0);
    settle(first.id, ended(outbox_state::retry, {}, at(60)));
    EXPECT_EQ(claim_texts(at(59)), strings{});
    const auto again = claim(at(60));
    ASSERT_EQ(again.rows.size(), 1U);
    EXPECT_EQ(again.rows[0].id, first.id);
    EXPECT_EQ(again.rows[0].attempts, 2);
    settle(first.id, ended(outbox_state::sent, "z1"), at(61));
    EXPECT_EQ(claim_texts(at(61)), strings{"hai"});
}

TEST_P(StorageContract, ClaimingSaysWhenTheNextRowIsDue)
{
    EXPECT_EQ(claim().next_due, std::nullopt);
    say("1001", "một");
    say("1002", "hai");
    const auto limited = claim(at(0), 1);
    ASSERT_EQ(limited.rows.size(), 1U);
    EXPECT_EQ(limited.rows[0].message.text, "một");
    EXPECT_EQ(limited.next_due, at(0));
    settle(limited.rows[0].id, ended(outbox_state::retry, {}, at(90)));
    const auto rest = claim(at(1));
    EXPECT_EQ(rest.rows.size(), 1U);
    EXPECT_EQ(rest.next_due, at(90));
}

TEST_P(StorageContract, NothingIsDueBeforeItsTime)
{
    say("1001", "một", at(10));
    EXPECT_EQ(claim_texts(at(9)), strings{});
    EXPECT_EQ(claim_texts(at(10)), strings{"một"});
}

TEST_P(StorageContract, SettlingTwiceChangesNothing)
{
    say("1001", "một");
    const auto id = claim_one();
    settle(id, ended(outbox_state::sent, "z1"));
    settle(id, ended(outbox_state::retry, {}, at(0)));
    EXPECT_EQ(claim_texts(at(100)), strings{});
    settle(4711, ended(outbox_state::sent, "z2"));
}

TEST_P(StorageContract, AnEchoSettlesTheOldestUnknownRowOfItsText)
{
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::unknown));
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::unknown));
    EXPECT_FALSE(echo("hai", "z0"));
    EXPECT_TRUE(echo("một", "z1"));
    EXPECT_FALSE(echo("một", "z1")) << "one echo proves one message";
    EXPECT_TRUE(echo("một", "z2"));
    EXPECT_FALSE(echo("một", "z3"));
    EXPECT_EQ(give_up(at(1000), at(1000)), 0U) << "both are sent";
}

TEST_P(StorageContract, AnEchoOfASentMessageProvesNoOther)
{
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::sent, "z1"));
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::unknown));
    EXPECT_FALSE(echo("một", "z1"));
    EXPECT_EQ(give_up(at(1000), at(1000)), 1U);
}

TEST_P(StorageContract, AnEchoDuringTheCallSettlesItShouldItEndAsUnknown)
{
    say("1001", "một");
    const auto id = claim_one();
    EXPECT_FALSE(echo("một", "z1"));
    settle(id, ended(outbox_state::unknown));
    EXPECT_EQ(give_up(at(1000), at(1000)), 0U);
}

TEST_P(StorageContract, AStoppedProcessLeavesUnknownRows)
{
    say("1001", "một");
    say("1001", "hai");
    say("1002", "ba");
    EXPECT_EQ(claim().rows.size(), 2U);
    store_->restart();
    std::size_t unknown = 0;
    must([&](transaction& t) { unknown = t.recover_outbox(at(60)); });
    EXPECT_EQ(unknown, 2U);
    EXPECT_EQ(claim_texts(at(60)), strings{"hai"})
        << "never sent a second time, and not in the way";
    EXPECT_EQ(give_up(at(60), at(70)), 0U) << "counted from the start";
    EXPECT_TRUE(echo("một", "z1", at(61)));
    EXPECT_EQ(give_up(at(61), at(70)), 1U);
    EXPECT_EQ(give_up(at(61), at(70)), 0U);
}

// --- interactions and erasure

inline reach::interaction contact_of(const std::string& pseudonym)
{
    reach::interaction row;
    row.at = at(0);
    row.pseudonym = pseudonym;
    row.intent = "tra_cuu";
    return row;
}

TEST_P(StorageContract, InteractionsAreCounted)
{
    must([](transaction& t) {
        t.add_interaction(contact_of("p1"));
        t.add_interaction(contact_of("p1"));
        t.add_interaction(contact_of("p2"));
    });
    EXPECT_EQ(count("interactions"), 3);
}

TEST_P(StorageContract, ErasureForgetsTheCitizenAndDropsWhatWaits)
{
    insert(text_event("m1"));
    say("1001", "một");
    say("1001", "hai");
    say("1002", "ba");
    dialogue::conversation value;
    value.procedure = "1.004222";
    must([&](transaction& t) {
        t.save_conversation("1001", value, at(0));
        t.add_interaction(contact_of("p1"));
    });
    must([](transaction& t) {
        t.erase("1001", "p1", "asked", at(1));
        t.add_outgoing("1001", text_message("tạm biệt"), at(1));
    });
    must([](transaction& t) { EXPECT_EQ(t.load_conversation("1001"), dialogue::conversation{}); });
    EXPECT_EQ(count("citizens"), 1) << "only the other one";
    EXPECT_EQ(count("events"), 1);
    EXPECT_EQ(count("interactions"), 1);
    EXPECT_FALSE(insert(text_event("m1"))) << "a late delivery brings nothing back";
    auto texts = claim_texts(at(1));
    EXPECT_EQ(texts, (strings{"ba", "tạm biệt"}));
}

TEST_P(StorageContract, ARowErasedDuringItsCallIsNotSentAgain)
{
    say("1001", "một");
    const auto id = claim_one();
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(1)); });
    settle(id, ended(outbox_state::retry, {}, at(2)), at(2));
    EXPECT_EQ(claim_texts(at(100)), strings{});
}

TEST_P(StorageContract, ErasingSomebodyUnknownIsNoError)
{
    must([](transaction& t) { t.erase("9", "p9", "asked", at(1)); });
    EXPECT_EQ(count("citizens"), 0);
}

TEST_P(StorageContract, ErasureLeavesAProofWithoutThePerson)
{
    insert(text_event("m1"));
    insert(text_event("m2"));
    say("1001", "một");
    erasure proof;
    must([&](transaction& t) {
        t.add_interaction(contact_of("p1"));
        new_attachment photo;
        photo.user_id = "1001";
        photo.url = "https://a/1";
        t.attachments().add(photo, at(0));
        proof = t.erase("1001", "p1", "asked", at(1));
    });
    EXPECT_EQ(proof.events, 2);
    EXPECT_EQ(proof.outgoing, 1);
    EXPECT_EQ(proof.interactions, 1);
    EXPECT_EQ(proof.attachments, 1);
    EXPECT_EQ(count("erasures"), 1);
    const auto reader = store_->open_reader();
    EXPECT_TRUE(reader->proves(proof.id, "p1"));
    EXPECT_FALSE(reader->proves(proof.id, "p2"));
    EXPECT_FALSE(reader->proves("another", "p1"));
    erasure again;
    must([&](transaction& t) { again = t.erase("1001", "p1", "withdrawn", at(2)); });
    EXPECT_EQ(again.events, 0);
    EXPECT_NE(again.id, proof.id);
}

TEST_P(StorageContract, WhoIsErasedIsNotKnown)
{
    must([](transaction& t) {
        EXPECT_FALSE(t.knows("1001"));
        t.insert_event(text_event("m1"), "{}", at(1));
        EXPECT_TRUE(t.knows("1001"));
        t.erase("1001", "p1", "asked", at(1));
        EXPECT_FALSE(t.knows("1001"));
        t.add_outgoing("1001", text_message("tạm biệt"), at(1));
        EXPECT_FALSE(t.knows("1001")) << "a farewell makes nobody known";
    });
}

TEST_P(StorageContract, OnlyOurOwnMessagesToTheCitizenAreOurs)
{
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::sent, "z1"));
    must([](transaction& t) {
        EXPECT_TRUE(t.has_sent("1001", "z1"));
        EXPECT_FALSE(t.has_sent("1002", "z1"));
        EXPECT_FALSE(t.has_sent("1001", "z2"));
        EXPECT_FALSE(t.has_sent("1001", ""));
    });
}

// --- what was not understood

inline dialogue::unknown_message unknown_of(std::string text, utc_time when = at(0))
{
    dialogue::unknown_message row;
    row.at = when;
    row.text = std::move(text);
    return row;
}

TEST_P(StorageContract, UnknownMessagesComeBackNewestFirst)
{
    auto first = unknown_of("làm giấy <phone>", at(5));
    first.kind = dialogue::unknown_kind::chosen;
    first.nearest = {"1.001193", "1.000894"};
    first.chosen = "1.000894";
    first.test = true;
    const auto second = unknown_of("hai", at(6));
    must([&](transaction& t) {
        t.add_unknown(first, 10);
        t.add_unknown(second, 10);
    });
    const auto reader = store_->open_reader();
    EXPECT_EQ(
        reader->unknown_messages(at(0)), (std::vector<dialogue::unknown_message>{second, first}));
    EXPECT_EQ(reader->unknown_messages(at(6)), std::vector<dialogue::unknown_message>{second});
    EXPECT_TRUE(reader->unknown_messages(at(7)).empty());
}

TEST_P(StorageContract, OnlyTheNewestUnknownMessagesAreKept)
{
    must([](transaction& t) {
        for (int i = 1; i <= 5; ++i)
            t.add_unknown(unknown_of(std::to_string(i), at(i)), 3);
    });
    const auto kept = store_->open_reader()->unknown_messages(at(0));
    ASSERT_EQ(kept.size(), 3U);
    EXPECT_EQ(kept.front().text, "5");
    EXPECT_EQ(kept.back().text, "3");
}

TEST_P(StorageContract, UnknownMessagesAreUndoneWithTheirUnit)
{
    commit([](transaction& t) {
        t.add_unknown(unknown_of("một"), 3);
        throw std::runtime_error("no");
    });
    EXPECT_TRUE(store_->open_reader()->unknown_messages(at(0)).empty());
}

// --- procedures

inline procedures::procedure record_of(std::string name, int day)
{
    procedures::procedure record;
    record.code = "1.004222";
    record.name = std::move(name);
    record.from.as_of = std::chrono::year(2026) / 7 / day;
    return record;
}

TEST_P(StorageContract, ARecordIsReplacedByANewerOneOnly)
{
    using upsert = transaction::upsert;
    const auto put = [this](const procedures::procedure& record) {
        auto end = upsert::older;
        must([&](transaction& t) { end = t.put_procedure(record, at(0)); });
        return end;
    };
    EXPECT_EQ(put(record_of("Đăng ký", 10)), upsert::added);
    EXPECT_EQ(put(record_of("Đăng ký", 10)), upsert::unchanged);
    EXPECT_EQ(put(record_of("Đăng ký lại", 10)), upsert::updated);
    EXPECT_EQ(put(record_of("Cũ", 9)), upsert::older);
    EXPECT_EQ(put(record_of("Đăng ký mới", 11)), upsert::updated);
    auto undated = record_of("Không ngày", 1);
    undated.from.as_of = {};
    EXPECT_EQ(put(undated), upsert::older);
    auto own = record_of("Của tỉnh", 1);
    own.from.from = procedures::origin::own;
    EXPECT_EQ(put(own), upsert::added);

    must([](transaction& t) {
        const auto found = t.get_procedure("1.004222", procedures::origin::national);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->name, "Đăng ký mới");
        EXPECT_EQ(t.get_procedure("1.000000", procedures::origin::own), std::nullopt);
    });
    const auto all = store_->open_reader()->all_procedures();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].name, "Đăng ký mới");
    EXPECT_EQ(all[1].name, "Của tỉnh");
}

TEST_P(StorageContract, OnlyTablesAreCounted)
{
    EXPECT_THROW(count("events; DROP TABLE events"), std::exception);
    EXPECT_THROW(count("sqlite_schema"), std::exception);
}

} // namespace motcua::app
