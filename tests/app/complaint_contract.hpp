#pragma once

#include "storage_contract.hpp"

#include <motcua/app/complaint_store.hpp>

#include <string>
#include <vector>

// What every implementation of the storing port of complaints must do; used as storage_contract.hpp
// is.
namespace motcua::app {

class ComplaintContract : public StorageContract
{
protected:
    static complaints::complaint sample(const std::string& code, const std::string& user_id)
    {
        complaints::complaint made;
        made.code = code;
        made.user_id = user_id;
        made.source = "zalo";
        made.category = "delay";
        made.content = "Trễ hẹn hai tuần";
        made.attachments = {{"m1", 0, "image", ""}, {"m1", 1, "file", "giấy hẹn.pdf"}};
        made.where = {.commune = "25459", .text = "bộ phận một cửa", .coordinates = "11.3,106.1"};
        made.from = {
            .anonymous = false,
            .name = "Trần Thị Thử",
            .phone = "0912345678",
            .address = "khu phố 3"};
        made.state = "submitted";
        made.course = {{"file", "submitted", at(0)}};
        made.updated_at = at(0);
        return made;
    }
    std::int64_t add(const complaints::complaint& value, const complaint_store::dates& derived = {})
    {
        std::int64_t id = 0;
        must([&](transaction& t) { id = t.complaints().add(value, derived); });
        return id;
    }
    complaints::complaint stored(const std::string& code)
    {
        std::optional<complaints::complaint> found;
        must([&](transaction& t) { found = t.complaints().find(code); });
        EXPECT_TRUE(found) << code;
        return found.value_or(complaints::complaint{});
    }
    static std::vector<std::string> codes(const std::vector<complaints::complaint>& all)
    {
        std::vector<std::string> found;
        for (const auto& one : all)
            found.push_back(one.code);
        return found;
    }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ComplaintContract);

TEST_P(ComplaintContract, NumbersCountWithinTheDayAndAreNeverDoubled)
{
    const auto day = std::chrono::year{2026} / std::chrono::November / 22;
    std::vector<int> given;
    const auto take = [&](transaction& t) { given.push_back(t.complaints().next_number(day)); };
    must(take);
    must([&](transaction& t) {
        take(t);
        take(t);
        EXPECT_EQ(t.complaints().next_number(std::chrono::year{2026} / 11 / 23), 1);
    });
    EXPECT_EQ(given, (std::vector{1, 2, 3}));
    EXPECT_FALSE(commit([&](transaction& t) {
                     t.complaints().next_number(day);
                     throw std::runtime_error("undone");
                 }).has_value());
    must(take);
    EXPECT_GE(given.back(), 4);
    store_->restart();
    must(take);
    EXPECT_GT(given.back(), given[3]);
    add(sample("PA-1", "1001"));
    EXPECT_FALSE(commit([&](transaction& t) {
                     t.complaints().add(sample("PA-1", "1002"), {});
                 }).has_value());
}

TEST_P(ComplaintContract, ACaseIsReadBackWhole)
{
    const auto id = add(sample("PA-1", "1001"));
    store_->restart();
    const auto found = stored("PA-1");
    EXPECT_EQ(found.id, id);
    EXPECT_EQ(found.version, 1);
    EXPECT_EQ(found.content, "Trễ hẹn hai tuần");
    EXPECT_EQ(found.attachments, sample("PA-1", "1001").attachments);
    EXPECT_EQ(found.where, sample("PA-1", "1001").where);
    EXPECT_EQ(found.from, sample("PA-1", "1001").from);
    EXPECT_EQ(found.course, sample("PA-1", "1001").course);
    must([](transaction& t) { EXPECT_FALSE(t.complaints().find("PA-2")); });
}

TEST_P(ComplaintContract, ACitizensOwnComeNewestFirst)
{
    add(sample("PA-1", "1001"));
    add(sample("PA-2", "1002"));
    add(sample("PA-3", "1001"));
    must([](transaction& t) {
        EXPECT_EQ(codes(t.complaints().of_citizen("1001", 9)), (strings{"PA-3", "PA-1"}));
        EXPECT_EQ(codes(t.complaints().of_citizen("1001", 1)), strings{"PA-3"});
        EXPECT_EQ(codes(t.complaints().of_citizen("1003", 9)), strings{});
    });
}

TEST_P(ComplaintContract, AStaleUpdateChangesNothing)
{
    add(sample("PA-1", "1001"));
    auto mine = stored("PA-1");
    auto theirs = mine;
    mine.state = "processing";
    ++mine.version;
    theirs.state = "refused";
    ++theirs.version;
    must([&](transaction& t) { EXPECT_TRUE(t.complaints().update(mine, 1, {})); });
    must([&](transaction& t) { EXPECT_FALSE(t.complaints().update(theirs, 1, {})); });
    EXPECT_EQ(stored("PA-1").state, "processing");
    EXPECT_EQ(stored("PA-1").version, 2);
    theirs.id += 100;
    must([&](transaction& t) { EXPECT_FALSE(t.complaints().update(theirs, 2, {})); });
}

TEST_P(ComplaintContract, HistoryAndMessagesKeepTheirOrderAndFiles)
{
    const auto id = add(sample("PA-1", "1001"));
    complaints::history_entry entry{
        .at = at(1),
        .by = {complaints::role::officer, "an"},
        .what = "accept",
        .from = "submitted",
        .to = "processing",
        .reason = "đúng thẩm quyền",
        .message = "đang xử lý",
        .value = "Sở Tư pháp",
        .late = true};
    complaints::message said{
        .at = at(2),
        .kind = complaints::message_kind::citizen,
        .by = {complaints::role::citizen, "1001"},
        .text = "Tôi gửi thêm",
        .attachments = {{"m2", 0, "image", "a.jpg"}}};
    must([&](transaction& t) {
        t.complaints().add_history(id, entry);
        entry.what = "answer";
        t.complaints().add_history(id, entry);
        t.complaints().add_message(id, said);
        said.kind = complaints::message_kind::note;
        said.attachments.clear();
        t.complaints().add_message(id, said);
    });
    must([&](transaction& t) {
        const auto history = t.complaints().history(id, 9);
        ASSERT_EQ(history.size(), 2U);
        EXPECT_EQ(history[0].what, "accept");
        EXPECT_EQ(history[0].by.role, complaints::role::officer);
        EXPECT_EQ(history[0].by.id, "an");
        EXPECT_EQ(history[0].value, "Sở Tư pháp");
        EXPECT_TRUE(history[0].late);
        EXPECT_EQ(history[1].what, "answer");
        const auto messages = t.complaints().messages(id, 9);
        ASSERT_EQ(messages.size(), 2U);
        EXPECT_EQ(
            messages[0].attachments,
            (std::vector<complaints::attachment_reference>{{"m2", 0, "image", "a.jpg"}}));
        EXPECT_EQ(messages[1].kind, complaints::message_kind::note);
        EXPECT_TRUE(messages[1].attachments.empty()) << "not the files of the complaint itself";
        EXPECT_EQ(t.complaints().history(id, 1).size(), 1U);
    });
}

TEST_P(ComplaintContract, CasesWakeWhenTheirTimeHasCome)
{
    add(sample("PA-1", "1001"), {.due = at(500), .wake = at(20)});
    add(sample("PA-2", "1001"), {.due = {}, .wake = at(10)});
    add(sample("PA-3", "1001"));
    must([](transaction& t) {
        EXPECT_EQ(codes(t.complaints().waking(at(9), 9)), strings{});
        EXPECT_EQ(codes(t.complaints().waking(at(20), 9)), (strings{"PA-2", "PA-1"}));
        EXPECT_EQ(codes(t.complaints().waking(at(20), 1)), strings{"PA-2"});
        const auto dated = t.complaints().dated(0, 9);
        EXPECT_EQ(codes(dated), (strings{"PA-1", "PA-2"}));
        EXPECT_EQ(codes(t.complaints().dated(dated[0].id, 9)), strings{"PA-2"});
        t.complaints().set_dates(dated[1].id, {});
        EXPECT_EQ(codes(t.complaints().waking(at(20), 9)), strings{"PA-1"});
    });
}

TEST_P(ComplaintContract, DraftsAreRememberedUntilTheyAreForgotten)
{
    must([](transaction& t) {
        t.complaints().schedule_draft("1001", at(10));
        t.complaints().schedule_draft("1002", at(5));
        t.complaints().schedule_draft("1001", at(20));
    });
    store_->restart();
    must([](transaction& t) {
        EXPECT_EQ(t.complaints().drafts_due(at(10), 9), strings{"1002"});
        EXPECT_EQ(t.complaints().drafts_due(at(20), 9), (strings{"1002", "1001"}));
        EXPECT_EQ(t.complaints().drafts_due(at(20), 1), strings{"1002"});
        t.complaints().schedule_draft("1002", std::nullopt);
        EXPECT_EQ(t.complaints().drafts_due(at(20), 9), strings{"1001"});
    });
}

TEST_P(ComplaintContract, ErasureKeepsTheActAndDropsThePerson)
{
    const auto id = add(sample("PA-1", "1001"), {.due = at(500), .wake = at(20)});
    add(sample("PA-2", "1002"));
    must([&](transaction& t) {
        t.complaints().add_history(
            id, {.at = at(0), .by = {complaints::role::citizen, "1001"}, .what = "file"});
        t.complaints().add_message(
            id,
            {.at = at(0),
             .kind = complaints::message_kind::citizen,
             .by = {complaints::role::citizen, "1001"},
             .text = "thêm",
             .attachments = {}});
        t.complaints().schedule_draft("1001", at(10));
    });
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(1)); });
    const auto found = stored("PA-1");
    EXPECT_EQ(found.user_id, "");
    EXPECT_EQ(found.from, complaints::contact{});
    EXPECT_EQ(found.where.coordinates, "");
    EXPECT_EQ(found.content, "Trễ hẹn hai tuần");
    EXPECT_EQ(stored("PA-2").user_id, "1002");
    must([&](transaction& t) {
        EXPECT_TRUE(t.complaints().of_citizen("1001", 9).empty());
        EXPECT_EQ(t.complaints().history(id, 9).at(0).by.id, "");
        EXPECT_EQ(t.complaints().messages(id, 9).at(0).by.id, "");
        EXPECT_EQ(codes(t.complaints().waking(at(20), 9)), strings{"PA-1"}) << "still worked on";
        EXPECT_TRUE(t.complaints().drafts_due(at(20), 9).empty());
    });
}

TEST_P(ComplaintContract, AnEventWhoseWordsAreNotKeptIsStillKnown)
{
    must([](transaction& t) {
        EXPECT_TRUE(t.insert_event(text_event("m1"), "{}", at(1)));
        t.forget_event();
    });
    EXPECT_FALSE(insert(text_event("m1")));
    must([](transaction& t) { t.forget_event(); }); // none inserted: nothing happens
}

} // namespace motcua::app
