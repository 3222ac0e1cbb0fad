#pragma once

#include <app/storage_contract.hpp>

// The part of the storing ports that keeps files and handovers; instantiate AttachmentContract and
// HandoverContract beside StorageContract.
namespace motcua::app {

// --- attachments

inline new_attachment
photo(const std::string& user_id = "1001", const std::string& url = "https://a/1")
{
    new_attachment out;
    out.user_id = user_id;
    out.kind = "image";
    out.url = url;
    out.name = "ảnh.jpg";
    return out;
}

inline attachment_end fetched(std::int64_t bytes = 10)
{
    attachment_end out;
    out.bytes = bytes;
    out.type = "image/jpeg";
    return out;
}

inline attachment_end unfetched(attachment_state state, utc_time due = {})
{
    attachment_end out;
    out.state = state;
    out.due = due;
    out.reason = "http 404";
    return out;
}

class AttachmentContract : public StorageContract
{
protected:
    std::int64_t add(const new_attachment& value, utc_time now = at(0))
    {
        std::int64_t id = 0;
        must([&](transaction& t) { id = t.attachments().add(value, now); });
        return id;
    }
    claimed_attachments claim_files(
        utc_time now = at(0), std::size_t limit = 100, const attachment_allowance& allowance = {})
    {
        claimed_attachments found;
        must([&](transaction& t) { found = t.attachments().claim(now, limit, allowance); });
        return found;
    }
    std::vector<std::string> claim_urls(utc_time now = at(0), std::size_t limit = 100)
    {
        std::vector<std::string> urls;
        for (const auto& row : claim_files(now, limit).rows)
            urls.push_back(row.url);
        return urls;
    }
    void settle_file(std::int64_t id, const attachment_end& end, utc_time now = at(0))
    {
        must([&](transaction& t) { t.attachments().settle(id, end, now); });
    }
    void store_file(std::int64_t id, const std::string& file)
    {
        must([&](transaction& t) {
            EXPECT_TRUE(t.attachments().note_file(id, file));
            t.attachments().settle(id, fetched(), at(0));
        });
    }
    std::vector<attachment_view> files_of(const std::string& user_id)
    {
        std::vector<attachment_view> found;
        must([&](transaction& t) { found = t.attachments().of_citizen(user_id, at(0), 100); });
        return found;
    }
    void store_claimed(const std::string& user_id, const std::string& file)
    {
        add(photo(user_id));
        for (const auto& row : claim_files().rows)
            store_file(row.id, file);
    }
    strings to_remove()
    {
        strings found;
        must([&](transaction& t) { found = t.attachments().files_to_remove(100); });
        return found;
    }
    attachment_figures figures() { return store_->open_reader()->attachments(); }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AttachmentContract);

TEST_P(AttachmentContract, OnePerCitizenOldestFirst)
{
    add(photo("1001", "https://a/1"));
    add(photo("1001", "https://a/2"));
    add(photo("1002", "https://a/3"));
    EXPECT_EQ(claim_urls(at(0), 1), strings{"https://a/1"});
    EXPECT_EQ(claim_urls(), strings{"https://a/3"}) << "the first citizen's call is under way";
    EXPECT_EQ(claim_urls(), strings{});
    EXPECT_EQ(figures().fetching, 2);
    EXPECT_EQ(figures().wanted, 1);
}

TEST_P(AttachmentContract, AStoredFileIsListedWithWhatItIs)
{
    const auto id = add(photo());
    EXPECT_EQ(claim_files().rows.at(0).attempts, 1);
    store_file(id, "ab12");
    const auto found = files_of("1001");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, id);
    EXPECT_EQ(found[0].state, attachment_state::stored);
    EXPECT_EQ(found[0].file, "ab12");
    EXPECT_EQ(found[0].type, "image/jpeg");
    EXPECT_EQ(found[0].bytes, 10);
    EXPECT_EQ(found[0].name, "ảnh.jpg");
    EXPECT_EQ(found[0].received_at, at(0));
    EXPECT_EQ(figures().stored, 1);
    settle_file(id, unfetched(attachment_state::failed));
    EXPECT_EQ(figures().stored, 1) << "settling twice changes nothing";
}

TEST_P(AttachmentContract, APlaceNeedsNoFetching)
{
    new_attachment place;
    place.user_id = "1001";
    place.kind = "location";
    place.where = dialogue::coordinates{11.31, 106.1};
    add(place);
    EXPECT_EQ(claim_urls(), strings{});
    const auto found = files_of("1001");
    ASSERT_EQ(found.size(), 1U);
    ASSERT_TRUE(found[0].where);
    EXPECT_DOUBLE_EQ(found[0].where->latitude, 11.31);
    EXPECT_DOUBLE_EQ(found[0].where->longitude, 106.1);
}

TEST_P(AttachmentContract, AFailureIsTriedAgainWhenDueAndShown)
{
    const auto id = add(photo());
    claim_files();
    settle_file(id, unfetched(attachment_state::wanted, at(60)));
    const auto early = claim_files(at(59));
    EXPECT_TRUE(early.rows.empty());
    EXPECT_EQ(early.next_due, at(60));
    ASSERT_EQ(figures().reasons.size(), 1U);
    EXPECT_EQ(figures().reasons[0].reason, "http 404");
    EXPECT_EQ(claim_files(at(60)).rows.at(0).attempts, 2);
    settle_file(id, unfetched(attachment_state::failed));
    EXPECT_EQ(figures().failed, 1);
    EXPECT_EQ(files_of("1001").at(0).reason, "http 404");
    EXPECT_EQ(claim_urls(at(1000)), strings{});
}

TEST_P(AttachmentContract, AStopLosesNoFile)
{
    add(photo());
    claim_files();
    store_->restart();
    std::size_t again = 0;
    must([&](transaction& t) { again = t.attachments().recover(at(9)); });
    EXPECT_EQ(again, 1U);
    EXPECT_EQ(claim_urls(at(9)), strings{"https://a/1"});
}

TEST_P(AttachmentContract, AStartMakesEverythingDueThatIsWanted)
{
    const auto later = add(photo("1001", "https://a/1"));
    const auto never = add(photo("1002", "https://a/2"));
    claim_files();
    settle_file(later, unfetched(attachment_state::wanted, at(9000)));
    settle_file(never, unfetched(attachment_state::failed));
    EXPECT_EQ(claim_urls(at(9)), strings{});
    store_->restart();
    must([](transaction& t) { EXPECT_EQ(t.attachments().recover(at(9)), 1U); });
    EXPECT_EQ(claim_urls(at(9)), strings{"https://a/1"});
}

TEST_P(AttachmentContract, WhatIsBeyondTheDaysAllowanceFailsWithAReason)
{
    const attachment_allowance two{.files = 2, .bytes = 1000};
    for (std::int64_t i = 0; i < 3; ++i) {
        add(photo());
        for (const auto& row : claim_files(at(i), 1, two).rows)
            store_file(row.id, "f" + std::to_string(i));
    }
    EXPECT_EQ(figures().stored, 2);
    EXPECT_EQ(figures().failed, 1);
    EXPECT_EQ(figures().reasons.at(0).reason, "too many files in one day");
    add(photo("1002"));
    EXPECT_EQ(claim_files(at(3), 1, two).rows.size(), 1U) << "others are not concerned";
    add(photo(), at(24L * 3600));
    EXPECT_EQ(claim_files(at(24L * 3600), 1, two).rows.size(), 1U) << "the next day is new";
}

TEST_P(AttachmentContract, BytesAreAllowedByTheDayToo)
{
    const attachment_allowance small{.files = 100, .bytes = 10};
    add(photo());
    for (const auto& row : claim_files(at(0), 1, small).rows)
        store_file(row.id, "f1");
    add(photo());
    EXPECT_TRUE(claim_files(at(1), 1, small).rows.empty());
    EXPECT_EQ(figures().reasons.at(0).reason, "too many bytes in one day");
}

TEST_P(AttachmentContract, AnErasedCitizensFilesAreToBeRemovedUnlessAnotherNeedsThem)
{
    insert(text_event("m1"));
    store_claimed("1001", "shared");
    store_claimed("1001", "own");
    store_claimed("1002", "shared");
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(1)); });
    EXPECT_EQ(to_remove(), strings{"own"});
    EXPECT_TRUE(files_of("1001").empty());
    EXPECT_EQ(figures().erased, 2);
    must([](transaction& t) { t.attachments().removed("own"); });
    EXPECT_EQ(to_remove(), strings{});
    must([](transaction& t) { t.erase("1002", "p2", "asked", at(1)); });
    EXPECT_EQ(to_remove(), strings{"shared"});
}

TEST_P(AttachmentContract, ErasureDuringTheCallLeavesNothing)
{
    const auto id = add(photo());
    claim_files();
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(1)); });
    must([&](transaction& t) { EXPECT_FALSE(t.attachments().note_file(id, "late")); });
    settle_file(id, fetched());
    EXPECT_EQ(figures().stored, 0);
    EXPECT_EQ(figures().erased, 1);
}

TEST_P(AttachmentContract, AFileNotedBeforeAStopIsRemovedIfItsRowEndsOtherwise)
{
    const auto id = add(photo());
    claim_files();
    must([&](transaction& t) { EXPECT_TRUE(t.attachments().note_file(id, "first")); });
    must([](transaction& t) { t.attachments().recover(at(1)); });
    claim_files(at(1));
    must([&](transaction& t) { EXPECT_TRUE(t.attachments().note_file(id, "second")); });
    EXPECT_EQ(to_remove(), strings{"first"});
    settle_file(id, unfetched(attachment_state::failed));
    EXPECT_EQ(to_remove(), (strings{"first", "second"}));
}

// --- handovers

class HandoverContract : public StorageContract
{
protected:
    void note(
        dialogue::attention by,
        utc_time now,
        utc_time until = {},
        const std::string& who = {},
        bool spoke = false)
    {
        handover_note value;
        value.user_id = "1001";
        value.by = by;
        value.until = until;
        value.who = who;
        value.citizen_spoke = spoke;
        must([&](transaction& t) { t.handovers().note(value, now); });
    }
    std::vector<open_handover> open(utc_time now)
    {
        return store_->open_reader()->open_handovers(now, 100);
    }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(HandoverContract);

TEST_P(HandoverContract, WhoAsksWaitsUntilAPersonAnswers)
{
    using dialogue::attention;
    note(attention::waiting, at(0), {}, {}, true);
    note(attention::waiting, at(5), {}, {}, true);
    auto found = open(at(10));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].by, attention::waiting);
    EXPECT_EQ(found[0].since, at(0));
    EXPECT_EQ(found[0].messages, 2);
    EXPECT_EQ(found[0].last_message_at, at(5));
    note(attention::person, at(20), at(100), "lan");
    note(attention::person, at(30), at(110), {}, true);
    found = open(at(40));
    ASSERT_EQ(found.size(), 1U) << "one row for one citizen";
    EXPECT_EQ(found[0].by, attention::person);
    EXPECT_EQ(found[0].who, "lan");
    EXPECT_EQ(found[0].until, at(110));
    EXPECT_EQ(found[0].messages, 3);
    EXPECT_TRUE(open(at(110)).empty()) << "the machine answers again";
    note(attention::machine, at(120));
    EXPECT_EQ(count("handovers"), 1);
    note(attention::machine, at(121));
    note(attention::waiting, at(130));
    EXPECT_EQ(count("handovers"), 2);
    EXPECT_EQ(open(at(131)).at(0).since, at(130));
}

TEST_P(HandoverContract, NobodyIsShownAsWaitingWhenNoAnswerIsPossibleAnyMore)
{
    note(dialogue::attention::waiting, at(0));
    EXPECT_EQ(open(at(0) + dialogue::waiting_limit - std::chrono::seconds(1)).size(), 1U);
    EXPECT_TRUE(open(at(0) + dialogue::waiting_limit).empty());
}

TEST_P(HandoverContract, AnErasedCitizenDoesNotWait)
{
    insert(text_event("m1"));
    note(dialogue::attention::waiting, at(0));
    erasure proof;
    must([&](transaction& t) { proof = t.erase("1001", "p1", "asked", at(1)); });
    EXPECT_EQ(proof.handovers, 1);
    EXPECT_TRUE(open(at(2)).empty());
    EXPECT_EQ(count("handovers"), 1) << "counts stay right";
    note(dialogue::attention::waiting, at(3));
    EXPECT_EQ(open(at(4)).size(), 1U);
}

TEST_P(HandoverContract, WhatWasSaidMeanwhileIsListedNewestFirst)
{
    must([](transaction& t) {
        t.insert_event(text_event("m1", at(1)), "một", at(1));
        t.insert_event(text_event("m2", at(2)), "hai", at(2));
        auto other = text_event("m3", at(3));
        other.user_id = "1002";
        t.insert_event(other, "ba", at(3));
        t.insert_event(text_event("m4", at(4)), "bốn", at(4));
    });
    const auto bodies = [this](utc_time since, std::size_t limit) {
        strings found;
        for (const auto& one : store_->open_reader()->events_of("1001", since, limit))
            found.push_back(one.body);
        return found;
    };
    EXPECT_EQ(bodies(at(2), 100), (strings{"bốn", "hai"}));
    EXPECT_EQ(bodies(at(0), 2), (strings{"bốn", "hai"}));
    EXPECT_EQ(bodies(at(5), 100), strings{});
    EXPECT_TRUE(store_->open_reader()->events_of("9", at(0), 10).empty());
}

} // namespace motcua::app
