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
    void contact(utc_time when)
    {
        must([&](transaction& t) { t.note_contact("1001", when, when); });
    }
    // Texts of the rows that are to be looked for by then.
    std::vector<std::string> claim_unknown(utc_time now)
    {
        std::vector<std::string> texts;
        for (const auto& row : claim(now).rows)
            if (row.state == outbox_state::unknown)
                texts.push_back(row.message.text);
        return texts;
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
    dialogue::outgoing_message notice;
    notice.text = "Hồ sơ của anh/chị đã xong.";
    notice.attached = {dialogue::media_kind::image, "https://x/y.png", ""};
    notice.why = dialogue::purpose::notice;
    notice.by_template = {"dossier", {{"code", "H12"}, {"state", "xong"}}};
    dialogue::outgoing_message form;
    form.asks = {"Thông tin", "Xin cho biết", "https://x/y.png"};
    must([&](transaction& t) {
        t.add_outgoing("1001", message, at(0));
        t.add_outgoing("1002", list, at(0));
        t.add_outgoing("1003", notice, at(0));
        t.add_outgoing("1004", form, at(0));
    });
    const auto found = claim();
    ASSERT_EQ(found.rows.size(), 4U);
    EXPECT_EQ(found.rows[2].message, notice);
    EXPECT_EQ(found.rows[3].message, form);
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
    for (const auto end : {outbox_state::sent, outbox_state::waiting, outbox_state::dead}) {
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

TEST_P(StorageContract, AnUnknownRowKeepsLaterRowsOfItsCitizenBackUntilItIsSettled)
{
    say("1001", "một");
    say("1001", "hai");
    say("1002", "ba");
    const auto first = claim().rows.at(0);
    settle(first.id, ended(outbox_state::unknown, {}, at(5)));
    EXPECT_EQ(claim_texts(at(4)), strings{});
    const auto again = claim(at(5));
    ASSERT_EQ(again.rows.size(), 1U);
    EXPECT_EQ(again.rows[0].id, first.id);
    EXPECT_EQ(again.rows[0].state, outbox_state::unknown);
    EXPECT_EQ(again.rows[0].attempts, 1) << "looking is no call";
    EXPECT_EQ(again.rows[0].unknowns, 1);
    EXPECT_EQ(claim_texts(at(6)), strings{}) << "somebody is looking";
    settle(first.id, ended(outbox_state::unknown, {}, at(9)), at(6));
    EXPECT_EQ(claim(at(9)).rows.at(0).unknowns, 1) << "one call";
    settle(first.id, ended(outbox_state::retry, {}, at(9)), at(9));
    const auto resent = claim(at(9)).rows.at(0);
    EXPECT_EQ(resent.state, outbox_state::sending);
    EXPECT_EQ(resent.attempts, 2);
    settle(first.id, ended(outbox_state::sent, "z1"), at(9));
    EXPECT_EQ(claim_texts(at(9)), strings{"hai"});
}

TEST_P(StorageContract, ARowRemembersTheFirstCallThatMayHaveArrived)
{
    say("1001", "một");
    settle(claim_one(at(1)), ended(outbox_state::retry, {}, at(10)), at(2));
    const auto second = claim(at(10)).rows.at(0);
    EXPECT_EQ(second.created, at(0));
    EXPECT_EQ(second.first_call, at(10)) << "the call before was surely not sent";
    EXPECT_EQ(second.last_call, at(10));
    settle(second.id, ended(outbox_state::unknown, {}, at(20)), at(15));
    settle(claim_one(at(20)), ended(outbox_state::retry, {}, at(30)), at(21));
    const auto third = claim(at(30)).rows.at(0);
    EXPECT_EQ(third.first_call, at(10));
    EXPECT_EQ(third.last_call, at(30));
}

TEST_P(StorageContract, AnEchoSettlesTheUnknownRowOfItsText)
{
    say("1001", "một");
    say("1001", "hai");
    settle(claim_one(), ended(outbox_state::unknown, {}, at(5)));
    EXPECT_FALSE(echo("hai", "z0"));
    EXPECT_TRUE(echo("một", "z1"));
    EXPECT_FALSE(echo("một", "z1")) << "one echo proves one message";
    EXPECT_EQ(claim_unknown(at(1000)), strings{}) << "settled, nobody looks for it";
}

TEST_P(StorageContract, AnEchoLetsTheNextRowGo)
{
    say("1001", "một");
    say("1001", "hai");
    settle(claim_one(), ended(outbox_state::unknown, {}, at(500)));
    EXPECT_TRUE(echo("một", "z1", at(1)));
    EXPECT_EQ(claim_texts(at(1)), strings{"hai"});
}

TEST_P(StorageContract, AnEchoOfASentMessageProvesNoOther)
{
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::sent, "z1"));
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::unknown, {}, at(5)));
    EXPECT_FALSE(echo("một", "z1"));
    EXPECT_EQ(claim_unknown(at(5)), strings{"một"});
}

TEST_P(StorageContract, AnEchoDuringTheCallSettlesItShouldItEndAsUnknown)
{
    say("1001", "một");
    const auto id = claim_one();
    EXPECT_FALSE(echo("một", "z1"));
    settle(id, ended(outbox_state::unknown, {}, at(5)));
    EXPECT_EQ(claim_texts(at(1000)), strings{});
}

TEST_P(StorageContract, WhatTheConversationShowsProvesARowSentUnlessItIsAnothers)
{
    const auto look = [this](std::int64_t id, const std::vector<std::string>& found) {
        must([&](transaction& t) {
            t.settle(id, ended(outbox_state::retry, {}, at(5)), at(5), found);
        });
    };
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::sent, "z1"));
    say("1001", "một");
    const auto second = claim_one();
    settle(second, ended(outbox_state::unknown, {}, at(1)));
    EXPECT_EQ(claim_one(at(1)), second);
    look(second, {"z1"});
    EXPECT_EQ(claim_texts(at(5)), strings{"một"}) << "z1 was the first one";
    settle(second, ended(outbox_state::unknown, {}, at(6)), at(5));
    EXPECT_EQ(claim_one(at(6)), second);
    look(second, {"z1", "z2", "z3"});
    EXPECT_EQ(claim_texts(at(100)), strings{});
    say("1001", "một", at(100));
    EXPECT_FALSE(echo("một", "z2")) << "z2 is known now";
}

TEST_P(StorageContract, AReceiptBeforeTheCallHasEndedIsKept)
{
    say("1001", "một");
    say("1001", "hai");
    const auto id = claim_one();
    EXPECT_FALSE(echo("một", "z1"));
    must([](transaction& t) { t.mark_received({"z1", "z9"}, at(1)); });
    settle(id, ended(outbox_state::retry, {}, at(2)), at(2));
    EXPECT_EQ(claim_texts(at(100)), strings{"hai"}) << "it has arrived";
}

TEST_P(StorageContract, AStoppedProcessLeavesUnknownRows)
{
    say("1001", "một");
    say("1001", "hai");
    say("1002", "ba");
    say("1003", "bốn");
    const auto rows = claim().rows;
    ASSERT_EQ(rows.size(), 3U);
    settle(rows[2].id, ended(outbox_state::unknown, {}, at(1)), at(0));
    EXPECT_EQ(claim_unknown(at(1)), strings{"bốn"}) << "looked for when the process died";
    store_->restart();
    std::size_t unknown = 0;
    must([&](transaction& t) { unknown = t.recover_outbox(at(60)); });
    EXPECT_EQ(unknown, 2U);
    const auto found = claim(at(60)).rows;
    ASSERT_EQ(found.size(), 3U) << "all are to be looked for, nothing is sent before";
    for (const auto& row : found)
        EXPECT_EQ(row.state, outbox_state::unknown);
    EXPECT_EQ(found[0].last_call, at(0));
    EXPECT_TRUE(echo("một", "z1", at(61)));
    EXPECT_EQ(claim_texts(at(61)), strings{"hai"});
}

TEST_P(StorageContract, AWaitingRowGoesWithTheNextContactBeforeAnythingNewer)
{
    say("1001", "một");
    say("1001", "hai");
    settle(claim_one(), ended(outbox_state::waiting));
    settle(claim_one(), ended(outbox_state::waiting));
    EXPECT_EQ(claim_texts(at(1000)), strings{});
    say("1001", "ba", at(1000));
    contact(at(1001));
    const auto first = claim(at(1001)).rows;
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].message.text, "một");
    EXPECT_EQ(first[0].last_contact, at(1001));
    settle(first[0].id, ended(outbox_state::sent, "z1"), at(1001));
    const auto second = claim(at(1001)).rows;
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].message.text, "hai");
    settle(second[0].id, ended(outbox_state::sent, "z2"), at(1001));
    EXPECT_EQ(claim_texts(at(1001)), strings{"ba"});
}

TEST_P(StorageContract, ARowThatWakesDuringACallGoesBeforeTheRepetitionOfThatCall)
{
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::waiting));
    say("1001", "hai");
    const auto second = claim_one();
    contact(at(1));
    EXPECT_EQ(claim_texts(at(1)), strings{}) << "a call is under way";
    settle(second, ended(outbox_state::retry, {}, at(2)), at(1));
    EXPECT_EQ(claim_texts(at(2)), strings{"một"});
}

TEST_P(StorageContract, ContactsAreNotForgottenForOlderOnes)
{
    contact(at(50));
    contact(at(40));
    say("1001", "một", at(60));
    EXPECT_EQ(claim(at(60)).rows.at(0).last_contact, at(50));
    say("1002", "hai", at(60));
    EXPECT_EQ(claim(at(60)).rows.at(0).last_contact, std::nullopt);
}

TEST_P(StorageContract, WhatWaitsForTooLongIsGivenUp)
{
    say("1001", "một", at(0));
    settle(claim_one(), ended(outbox_state::waiting));
    std::size_t dead = 0;
    must([&](transaction& t) { dead = t.give_up_waiting(at(0), at(10)); });
    EXPECT_EQ(dead, 0U);
    must([&](transaction& t) { dead = t.give_up_waiting(at(1), at(10)); });
    EXPECT_EQ(dead, 1U);
    contact(at(11));
    EXPECT_EQ(claim_texts(at(100)), strings{});
}

TEST_P(StorageContract, ErasureDropsWhatWaitsAndWhatIsUnknown)
{
    say("1001", "một");
    settle(claim_one(), ended(outbox_state::waiting));
    say("1001", "hai");
    settle(claim_one(), ended(outbox_state::unknown, {}, at(1)));
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(1)); });
    contact(at(2));
    EXPECT_EQ(claim_texts(at(100)), strings{});
}

TEST_P(StorageContract, SettingsOutliveTheProcess)
{
    must([](transaction& t) {
        EXPECT_EQ(t.setting("a"), std::nullopt);
        t.put_setting("a", "1");
        t.put_setting("a", "2");
        t.put_setting("b", "");
    });
    store_->restart();
    must([](transaction& t) {
        EXPECT_EQ(t.setting("a"), "2");
        EXPECT_EQ(t.setting("b"), "");
    });
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
