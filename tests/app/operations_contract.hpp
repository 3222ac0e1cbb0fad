#pragma once

#include "complaint_contract.hpp"

#include <string>
#include <vector>

// What every implementation of the storing ports must do for the screens of operation and content;
// used as storage_contract.hpp is.
namespace motcua::app {

class OperationsContract : public StorageContract
{
protected:
    // A message that is not sent any more.
    std::int64_t
    dead(const std::string& text, dialogue::purpose why, std::string reason = "-201: bad parameter")
    {
        auto message = text_message(text);
        message.why = why;
        must([&](transaction& t) { t.add_outgoing("1001", message, at(0)); });
        const auto id = claim_one();
        auto end = ended(outbox_state::dead);
        end.reason = std::move(reason);
        settle(id, end, at(1));
        return id;
    }
    std::vector<dead_letter> dead_letters(std::optional<std::int64_t> before = {})
    {
        return store_->open_reader()->operations().dead_letters(before, 10);
    }
    bool retry(std::int64_t id)
    {
        bool done = false;
        must([&](transaction& t) { done = t.operations().retry(id, at(2)); });
        return done;
    }
    static unknown_decision sample_decision()
    {
        return {
            .texts = {"làm giấy cho bé", "lam giay cho be"},
            .whole_group = true,
            .verdict = unknown_verdict::alias,
            .target = "1.001193",
            .staff_id = "bien-tap",
            .at = at(0)};
    }
    std::vector<unknown_decision> decisions()
    {
        return store_->open_reader()->unknown_decisions().all();
    }
    static procedures::procedure overlay_record(int day, const std::string& hotline)
    {
        procedures::procedure record;
        record.code = "1.001193";
        record.local.hotline = hotline;
        record.from = {
            .from = procedures::origin::overlay,
            .name = "Sở Tư pháp",
            .as_of = std::chrono::year(2026) / 11 / day};
        return record;
    }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(OperationsContract);

TEST_P(OperationsContract, ASilenceSurvivesARestart)
{
    const silence wanted{.since = at(5), .staff_id = "truc", .reason = "trả lời sai lệ phí  2"};
    EXPECT_EQ(store_->open_reader()->operations().silence(), std::nullopt);
    must([&](transaction& t) { put_silence(t, wanted); });
    store_->restart();
    must([&](transaction& t) { EXPECT_EQ(current_silence(t), wanted); });
    EXPECT_EQ(store_->open_reader()->operations().silence(), wanted);
    must([](transaction& t) { put_silence(t, std::nullopt); });
    EXPECT_EQ(store_->open_reader()->operations().silence(), std::nullopt);
}

TEST_P(OperationsContract, DeadLettersAreListedNewestFirst)
{
    const auto first = dead("một", dialogue::purpose::notice);
    const auto second = dead("hai", dialogue::purpose::answer, "stale");
    say("1001", "còn sống");
    const auto found = dead_letters();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].id, second);
    EXPECT_EQ(found[0].reason, "stale");
    EXPECT_EQ(found[0].why, dialogue::purpose::answer);
    EXPECT_FALSE(found[0].may_retry) << "answers lose their worth";
    EXPECT_EQ(found[1].id, first);
    EXPECT_EQ(found[1].attempts, 1);
    EXPECT_TRUE(found[1].may_retry);
    EXPECT_EQ(dead_letters(second).size(), 1U);
}

TEST_P(OperationsContract, ARetriedLetterGoesOutInItsTurn)
{
    const auto id = dead("thông báo", dialogue::purpose::notice);
    say("1001", "sau đó");
    EXPECT_TRUE(retry(id));
    EXPECT_FALSE(retry(id)) << "it is not dead any more";
    EXPECT_EQ(claim_texts(at(2)), strings{"thông báo"});
    settle(id, ended(outbox_state::sent, "p1"), at(3));
    EXPECT_EQ(claim_texts(at(3)), strings{"sau đó"});
    EXPECT_TRUE(dead_letters().empty());
}

TEST_P(OperationsContract, WhatMayHaveArrivedOrIsErasedIsNotSentAgain)
{
    const auto unclear = dead("có thể đã tới", dialogue::purpose::notice, "unknown, not settled");
    EXPECT_FALSE(retry(unclear));
    EXPECT_FALSE(retry(unclear + 100));
    const auto erased = dead("của người đã xóa", dialogue::purpose::notice);
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(2)); });
    EXPECT_FALSE(retry(erased));
    EXPECT_FALSE(dead_letters().at(0).may_retry);
}

TEST_P(OperationsContract, TheNewestEventIsKnown)
{
    EXPECT_EQ(store_->open_reader()->operations().last_event(), std::nullopt);
    insert(text_event("m1")); // received at 1
    EXPECT_EQ(store_->open_reader()->operations().last_event(), at(1));
}

TEST_P(OperationsContract, ADecisionIsReadBackAndTakenBackOnce)
{
    auto wanted = sample_decision();
    must([&](transaction& t) { wanted.id = t.unknown_decisions().add(wanted); });
    EXPECT_EQ(decisions(), std::vector{wanted});
    must([&](transaction& t) {
        EXPECT_EQ(t.unknown_decisions().count(), 1U);
        EXPECT_TRUE(t.unknown_decisions().undo(wanted.id, "truong", at(9)));
        EXPECT_FALSE(t.unknown_decisions().undo(wanted.id, "truong", at(9)));
        EXPECT_FALSE(t.unknown_decisions().undo(wanted.id + 1, "truong", at(9)));
        EXPECT_EQ(t.unknown_decisions().count(), 0U);
    });
    wanted.undone_by = "truong";
    wanted.undone_at = at(9);
    EXPECT_EQ(decisions(), std::vector{wanted});
}

TEST_P(OperationsContract, EditsOfAProcedureAreKeptVersionByVersion)
{
    procedure_edit one;
    one.code = "1.001193";
    one.local.hotline = "1022";
    one.local.aliases = {"khai sinh"};
    one.source = "Sở Tư pháp";
    one.as_of = std::chrono::year(2026) / 11 / 22;
    one.staff_id = "bien-tap";
    one.at = at(0);
    one.reason = "đổi số";
    auto two = one;
    two.version = 2;
    two.local.hotline = "0900";
    must([&](transaction& t) {
        EXPECT_FALSE(t.procedure_edits().newest("1.001193"));
        t.procedure_edits().add(one);
        t.procedure_edits().add(two);
        EXPECT_EQ(t.procedure_edits().newest("1.001193")->local.hotline, "0900");
    });
    const auto reader = store_->open_reader();
    const auto all = reader->procedure_edits().of("1.001193", 9);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].version, 2);
    EXPECT_EQ(all[1].local.aliases, strings{"khai sinh"});
    EXPECT_EQ(all[1].source, "Sở Tư pháp");
    EXPECT_EQ(all[1].as_of, one.as_of);
    EXPECT_EQ(all[1].reason, "đổi số");
    EXPECT_EQ(reader->procedure_edits().codes().size(), 1U);
    EXPECT_TRUE(reader->procedure_edits().of("1.000001", 9).empty());
}

TEST_P(OperationsContract, WhatAnImportWouldDoIsKnownBefore)
{
    using fate = procedure_edits_reader::fate;
    const auto fate_of = [this](const procedures::procedure& record) {
        return store_->open_reader()->procedure_edits().fate_of(record);
    };
    const auto stored = overlay_record(20, "1022");
    EXPECT_EQ(fate_of(stored), fate::added);
    must([&](transaction& t) { t.put_procedure(stored, at(0)); });
    EXPECT_EQ(fate_of(stored), fate::unchanged);
    EXPECT_EQ(fate_of(overlay_record(20, "115")), fate::changed);
    EXPECT_EQ(fate_of(overlay_record(21, "1022")), fate::changed);
    EXPECT_EQ(fate_of(overlay_record(19, "115")), fate::older);
    const auto read =
        store_->open_reader()->procedure_edits().record("1.001193", procedures::origin::overlay);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->local.hotline, "1022");
}

} // namespace motcua::app
