#pragma once

#include "complaint_contract.hpp"

#include <motcua/app/desk_content.hpp>

#include <string>
#include <utility>
#include <vector>

// What every implementation of the storing ports must do for the desk: templates, views, and
// telling what was committed; used as storage_contract.hpp is.
namespace motcua::app {

class DeskContentContract : public StorageContract
{
protected:
    static reply_template sample_template()
    {
        return {
            .title = "Đã nhận",
            .text = "Đã nhận phản ánh {{mã}}.",
            .categories = {"delay", "attitude"},
            .transition = "accept",
            .updated_at = at(0),
            .updated_by = "staff-1"};
    }
    static saved_view sample_view(const std::string& staff_id, bool shared)
    {
        return {
            .staff_id = staff_id,
            .title = "Quá hạn của " + staff_id,
            .query = "tab=due&category=delay",
            .shared = shared};
    }
    template <class T>
    std::int64_t add(const T& value)
    {
        std::int64_t id = 0;
        must([&](transaction& t) { id = t.desk_content().add(value); });
        return id;
    }
    std::vector<reply_template> templates()
    {
        return store_->open_reader()->desk_content().templates();
    }
    std::vector<std::string> view_titles(std::string_view staff_id)
    {
        std::vector<std::string> titles;
        for (const auto& one : store_->open_reader()->desk_content().views(staff_id))
            titles.push_back(one.title);
        return titles;
    }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DeskContentContract);

TEST_P(DeskContentContract, ATemplateIsReadBackWhole)
{
    auto wanted = sample_template();
    wanted.id = add(wanted);
    store_->restart();
    EXPECT_EQ(templates(), std::vector{wanted});
    must([&](transaction& t) {
        EXPECT_EQ(t.desk_content().find_template(wanted.id), wanted);
        EXPECT_EQ(t.desk_content().find_template(wanted.id + 1), std::nullopt);
        EXPECT_EQ(t.desk_content().count_templates(), 1U);
    });
}

TEST_P(DeskContentContract, AStaleTemplateChangesNothing)
{
    auto mine = sample_template();
    mine.id = add(mine);
    auto theirs = mine;
    mine.version = 2;
    mine.title = "Mới";
    theirs.version = 2;
    must([&](transaction& t) { EXPECT_TRUE(t.desk_content().update(mine)); });
    must([&](transaction& t) {
        EXPECT_FALSE(t.desk_content().update(theirs));
        EXPECT_EQ(t.desk_content().former_template(mine.id, 1)->title, "Đã nhận");
        EXPECT_EQ(t.desk_content().former_template(mine.id, 2), std::nullopt);
    });
    EXPECT_EQ(templates(), std::vector{mine});
    must([&](transaction& t) {
        for (auto next = mine; next.version < 30;) {
            ++next.version;
            EXPECT_TRUE(t.desk_content().update(next));
        }
        EXPECT_EQ(t.desk_content().former_template(mine.id, 1), std::nullopt) << "long ago";
        EXPECT_NE(t.desk_content().former_template(mine.id, 29), std::nullopt);
        t.desk_content().remove_template(mine.id);
        EXPECT_EQ(t.desk_content().former_template(mine.id, 29), std::nullopt);
    });
}

TEST_P(DeskContentContract, AnIdIsNeverGivenOutAgain)
{
    const auto first = add(sample_template());
    must([&](transaction& t) {
        EXPECT_TRUE(t.desk_content().remove_template(first));
        EXPECT_FALSE(t.desk_content().remove_template(first));
    });
    EXPECT_TRUE(templates().empty());
    EXPECT_GT(add(sample_template()), first);
}

TEST_P(DeskContentContract, ViewsAreOnesOwnThenTheSharedOnes)
{
    add(sample_view("b", true));
    add(sample_view("b", false));
    const auto own = add(sample_view("a", false));
    EXPECT_EQ(view_titles("a"), (strings{"Quá hạn của a", "Quá hạn của b"}));
    EXPECT_EQ(view_titles("c"), strings{"Quá hạn của b"});
    must([&](transaction& t) {
        EXPECT_EQ(t.desk_content().count_views("a"), 2U);
        auto changed = *t.desk_content().find_view(own);
        changed.title = "Khác";
        changed.shared = true;
        t.desk_content().update(changed);
    });
    EXPECT_EQ(view_titles("c"), (strings{"Quá hạn của b", "Khác"}));
    must([&](transaction& t) {
        t.desk_content().remove_view(own);
        EXPECT_EQ(t.desk_content().find_view(own), std::nullopt);
    });
    EXPECT_EQ(view_titles("a"), strings{"Quá hạn của b"});
}

// --- what was committed is told

class ChangeContract : public ComplaintContract
{
protected:
    void SetUp() override
    {
        store_->writer().on_commit([this](change_list made) {
            // Units end after this was called, so no lock is needed.
            told_.insert(told_.end(), made.begin(), made.end());
        });
    }
    change_list told() { return std::exchange(told_, {}); }
    // "complaint PA-1 v2 accept", "message PA-1 citizen", "reference"
    strings said()
    {
        strings out;
        for (const auto& one : told()) {
            if (one.is == change::kind::reference)
                out.push_back(one.staff_id.empty() ? "reference" : "reference " + one.staff_id);
            else if (one.is == change::kind::message)
                out.push_back("message " + one.code + " " + one.speaker + " " + one.delivery);
            else
                out.push_back(
                    "complaint " + one.code + " v" + std::to_string(one.version) + " " + one.what);
        }
        return out;
    }
    static complaints::history_entry line(std::string what)
    {
        return {.at = at(0), .by = {complaints::role::officer, "an"}, .what = std::move(what)};
    }
    static complaints::message words(complaints::message_kind kind, complaints::role role)
    {
        return {
            .at = at(0), .kind = kind, .by = {role, "an"}, .text = "nội dung", .attachments = {}};
    }
    void file_it(transaction& t, const std::string& code)
    {
        auto filed = sample(code, "1001");
        filed.unit = "unit-1";
        filed.id = t.complaints().add(filed, {});
        t.complaints().add_history(filed.id, line("file"));
    }
    static void move(transaction& t, const std::string& code, const std::string& unit)
    {
        auto now = t.complaints().find(code).value();
        now.unit = unit;
        ++now.version;
        EXPECT_TRUE(t.complaints().update(now, now.version - 1, {}));
        t.complaints().add_history(now.id, line("assign"));
    }

private:
    change_list told_;
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ChangeContract);

TEST_P(ChangeContract, AFiledAndAMovedCaseAreToldOnceEach)
{
    must([this](transaction& t) { file_it(t, "PA-1"); });
    auto filed = told();
    ASSERT_EQ(filed.size(), 1U);
    EXPECT_EQ(filed[0].is, change::kind::complaint);
    EXPECT_EQ(filed[0].code, "PA-1");
    EXPECT_EQ(filed[0].version, 1);
    EXPECT_EQ(filed[0].unit, "unit-1");
    EXPECT_EQ(filed[0].former_unit, "");
    EXPECT_EQ(filed[0].what, "file");

    must([](transaction& t) { move(t, "PA-1", "unit-2"); });
    auto moved = told();
    ASSERT_EQ(moved.size(), 1U);
    EXPECT_EQ(moved[0].version, 2);
    EXPECT_EQ(moved[0].unit, "unit-2");
    EXPECT_EQ(moved[0].former_unit, "unit-1");
    EXPECT_EQ(moved[0].what, "assign");
}

TEST_P(ChangeContract, WhatWasUndoneIsNotTold)
{
    EXPECT_FALSE(commit([this](transaction& t) {
                     file_it(t, "PA-1");
                     throw std::runtime_error("undone");
                 }).has_value());
    EXPECT_EQ(said(), strings{});
    must([this](transaction& t) { file_it(t, "PA-2"); });
    EXPECT_EQ(said(), strings{"complaint PA-2 v1 file"});
    must([](transaction&) {});
    EXPECT_EQ(said(), strings{});
}

TEST_P(ChangeContract, MessagesAreToldWithWhoSaidThem)
{
    must([this](transaction& t) { file_it(t, "PA-1"); });
    told();
    must([](transaction& t) {
        using enum complaints::message_kind;
        using complaints::role;
        auto& cases = t.complaints();
        const auto id = cases.find("PA-1")->id;
        cases.add_message(id, words(citizen, role::citizen));
        cases.add_message(id, words(staff, role::officer));
        cases.add_message(id, words(staff, role::system));
        cases.add_message(id, words(note, role::officer));
        cases.add_history(id, line("note"));
    });
    EXPECT_EQ(
        said(),
        (strings{
            "message PA-1 citizen ",
            "message PA-1 staff ",
            "message PA-1 bot ",
            "message PA-1 note ",
            "complaint PA-1 v1 note"}));
}

TEST_P(ChangeContract, WhatBecomesOfAReplyIsTold)
{
    must([this](transaction& t) { file_it(t, "PA-1"); });
    told();
    std::int64_t reply = 0;
    must([&](transaction& t) {
        const auto id = t.complaints().find("PA-1")->id;
        reply = t.complaints().add_message(
            id, words(complaints::message_kind::staff, complaints::role::officer));
        t.casework().hold(
            {.message_id = reply, .complaint_id = id, .code = "PA-1", .undo_until = at(10)});
    });
    EXPECT_EQ(said(), strings{"message PA-1 staff held"});
    must([&](transaction& t) {
        const auto row = t.add_outgoing("1001", text_message("nội dung"), at(10));
        t.casework().hand_over(reply, "nội dung", row);
        t.casework().end_reply(reply, reply_state::given);
    });
    EXPECT_EQ(said(), strings{"message PA-1 staff queued"}) << "once for the whole unit";
    const auto row = claim_one(at(20));
    told();
    settle(row, ended(outbox_state::sent, "p1"), at(20));
    EXPECT_EQ(said(), strings{"message PA-1 staff sent"});
    must([](transaction& t) { t.mark_seen({"p1"}, at(30)); });
    EXPECT_EQ(said(), strings{"message PA-1 staff seen"});
    must([](transaction& t) { t.mark_seen({"p1"}, at(31)); });
    EXPECT_EQ(said(), strings{});
}

TEST_P(ChangeContract, AnErasureIsToldOfTheCasesItTouches)
{
    must([this](transaction& t) { file_it(t, "PA-1"); });
    told();
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(1)); });
    const auto after = told();
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].code, "PA-1");
    EXPECT_EQ(after[0].version, 2);
    EXPECT_FALSE(after[0].what.empty());
}

TEST_P(ChangeContract, AFileThatHasArrivedIsToldOfItsCase)
{
    must([this](transaction& t) {
        new_attachment photo;
        photo.user_id = "1001";
        photo.kind = "image";
        photo.url = "https://a/1";
        photo.message_id = "m1";
        photo.place = 1;
        t.attachments().add(photo, at(0));
        file_it(t, "PA-1");
    });
    told();
    std::int64_t id = 0;
    must([&](transaction& t) {
        id = t.attachments().claim(at(0), 9, {}).rows.at(0).id;
        EXPECT_TRUE(t.attachments().note_file(id, "f1"));
    });
    EXPECT_EQ(said(), strings{});
    attachment_end end;
    end.type = "image/jpeg";
    end.bytes = 10;
    must([&](transaction& t) { t.attachments().settle(id, end, at(1)); });
    EXPECT_EQ(said(), strings{"complaint PA-1 v1 attachment"});

    const auto found = store_->open_reader()->complaint_file(id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->file.file, "f1");
    EXPECT_EQ(found->file.type, "image/jpeg");
    EXPECT_EQ(codes(found->cases), strings{"PA-1"});
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(2)); });
    EXPECT_FALSE(store_->open_reader()->complaint_file(id));
}

TEST_P(ChangeContract, AFileOfNoComplaintIsNobodysBusiness)
{
    std::int64_t id = 0;
    must([&](transaction& t) {
        new_attachment photo;
        photo.user_id = "1001";
        photo.kind = "image";
        photo.url = "https://a/1";
        photo.message_id = "m9";
        id = t.attachments().add(photo, at(0));
        file_it(t, "PA-1");
    });
    EXPECT_FALSE(store_->open_reader()->complaint_file(id));
    EXPECT_FALSE(store_->open_reader()->complaint_file(id + 1));
}

TEST_P(ChangeContract, SharedContentIsToldToAllAndAPrivateViewToItsOwner)
{
    std::int64_t view = 0;
    must([](transaction& t) { t.desk_content().add(reply_template{.title = "a", .text = "b"}); });
    EXPECT_EQ(said(), strings{"reference"});
    must([&](transaction& t) {
        view = t.desk_content().add(saved_view{.staff_id = "a", .title = "t"});
    });
    EXPECT_EQ(said(), strings{"reference a"});
    must([&](transaction& t) {
        t.desk_content().update({.id = view, .staff_id = "a", .title = "t", .shared = true});
    });
    EXPECT_EQ(said(), strings{"reference"});
    must([&](transaction& t) { t.desk_content().remove_view(view); });
    EXPECT_EQ(said(), strings{"reference"});
}

} // namespace motcua::app
