#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/core/dialogue/step.hpp>

#include <string>
#include <vector>

// What a conversation leaves for those who widen the content.
namespace motcua::dialogue {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using understand::decision;

const utc_time noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 5h;

procedures::procedure record(std::string code, std::string name)
{
    procedures::procedure made;
    made.code = std::move(code);
    made.name = std::move(name);
    made.from.as_of = std::chrono::year{2026} / 7 / 18;
    return made;
}

knowledge sample_knowledge()
{
    std::map<std::string, std::string, std::less<>> sentences;
    for (const auto key : phrases::required_keys())
        sentences[std::string(key)] = "<" + std::string(key) + ">";
    knowledge known;
    known.say = phrases(std::move(sentences));
    known.main_menu = {{"Tra cứu", "#fields"}};
    known.commands = {{"menu", {"menu", "#menu"}}};
    known.answers["complaint"] = {"Gửi tại Cổng.", {}, "answered"};
    known.titles = {{"complaint", "Gửi phản ánh"}};
    known.procedures = procedures::catalogue(
        {record("1.001193", "Đăng ký khai sinh"), record("1.000894", "Đăng ký kết hôn")});
    return known;
}

const knowledge known = sample_knowledge();

class Review : public testing::Test
{
protected:
    step_outcome hear(
        std::string text,
        std::string intent = "procedure_overview",
        decision sure = decision::answer,
        decision found = decision::none,
        std::vector<std::string> codes = {})
    {
        inbound_event event;
        event.kind = event_kind::text;
        event.text = std::move(text);
        understand::understood heard;
        heard.intents = {{std::move(intent), sure == decision::answer ? 0.95 : 0.4}};
        heard.intent_verdict = sure;
        for (auto& code : codes)
            heard.procedures.hits.push_back({std::move(code), "", 0.8});
        heard.procedures.verdict = found;
        auto outcome = step(conversation_, event, heard, known, noon);
        conversation_ = outcome.next;
        return outcome;
    }

    void ask_which()
    {
        const auto outcome = hear(
            "giấy cho con, sdt 0912345678",
            "procedure_overview",
            decision::answer,
            decision::ask,
            {"1.001193", "1.000894"});
        ASSERT_FALSE(outcome.unknown);
        ASSERT_EQ(conversation_.asked, "giấy cho con, sdt <phone>");
    }

    conversation conversation_;
};

TEST_F(Review, WhatIsNotUnderstoodIsKeptMasked)
{
    const auto outcome = hear(
        "abc 0912345678 xyz",
        "fee",
        decision::none,
        decision::none,
        {"1.001193", "1.000894", "1.000001", "1.000002"});
    ASSERT_EQ(outcome.reached->outcome, reach::outcome::not_understood);
    ASSERT_TRUE(outcome.unknown);
    EXPECT_EQ(outcome.unknown->kind, unknown_kind::not_understood);
    EXPECT_EQ(outcome.unknown->text, "abc <phone> xyz");
    EXPECT_THAT(outcome.unknown->nearest, ElementsAre("1.001193", "1.000894", "1.000001"));
    EXPECT_EQ(outcome.unknown->at, noon);
}

TEST_F(Review, WhatIsAnsweredIsNot)
{
    EXPECT_FALSE(hear("phản ánh", "complaint").unknown);
    EXPECT_FALSE(hear("menu").unknown);
}

TEST_F(Review, AnAddressGivenAsCommuneIsNotKept)
{
    conversation_.at = stage::awaiting_commune;
    const auto outcome = hear("nhà số 12 đường Hoa Mai", "fee", decision::none);
    ASSERT_EQ(outcome.reached->outcome, reach::outcome::not_understood);
    EXPECT_FALSE(outcome.unknown);
}

TEST_F(Review, AChoiceIsKeptWithWhatWasAsked)
{
    ask_which();
    const auto outcome = hear("2");
    ASSERT_TRUE(outcome.unknown);
    EXPECT_EQ(outcome.unknown->kind, unknown_kind::chosen);
    EXPECT_EQ(outcome.unknown->text, "giấy cho con, sdt <phone>");
    EXPECT_EQ(outcome.unknown->chosen, "1.000894");
    EXPECT_THAT(outcome.unknown->nearest, ElementsAre("1.001193", "1.000894"));
    EXPECT_TRUE(conversation_.asked.empty());
}

TEST_F(Review, ATapCountsAsAChoice)
{
    ask_which();
    const auto outcome = hear(conversation_.choices.at(0).payload);
    ASSERT_TRUE(outcome.unknown);
    EXPECT_EQ(outcome.unknown->chosen, "1.001193");
}

TEST_F(Review, ATapOnAnOlderButtonDoesNot)
{
    ask_which();
    EXPECT_FALSE(hear("#procedure:1.001193:fee").unknown);
}

TEST_F(Review, NoneOfTheseIsKept)
{
    ask_which();
    const auto outcome = hear("3");
    ASSERT_TRUE(outcome.unknown);
    EXPECT_EQ(outcome.unknown->kind, unknown_kind::none_of_these);
    EXPECT_EQ(outcome.unknown->text, "giấy cho con, sdt <phone>");
    EXPECT_TRUE(outcome.unknown->chosen.empty());
}

TEST_F(Review, AnIntentMayBeChosen)
{
    hear("gì đó", "complaint", decision::ask);
    ASSERT_EQ(conversation_.asked, "gì đó");
    const auto outcome = hear("1");
    ASSERT_TRUE(outcome.unknown);
    EXPECT_EQ(outcome.unknown->chosen, "complaint");
}

TEST_F(Review, NotThisMeansTheAnswerWasWrong)
{
    hear("khai sinh", "procedure_overview", decision::answer, decision::answer, {"1.001193"});
    ASSERT_EQ(conversation_.asked, "khai sinh");
    const auto outcome = hear("#not-this");
    ASSERT_TRUE(outcome.unknown);
    EXPECT_EQ(outcome.unknown->kind, unknown_kind::wrong_answer);
    EXPECT_EQ(outcome.unknown->text, "khai sinh");
    EXPECT_THAT(outcome.unknown->nearest, ElementsAre("1.001193"));
}

TEST_F(Review, GoingOnWithAnAnswerSaysNothing)
{
    hear("khai sinh", "procedure_overview", decision::answer, decision::answer, {"1.001193"});
    EXPECT_FALSE(hear("1").unknown);
    EXPECT_FALSE(hear("#not-this").unknown) << "what is shown now was chosen";
}

TEST_F(Review, ANumberOutOfRangeKeepsTheQuestionOpen)
{
    ask_which();
    EXPECT_FALSE(hear("9").unknown);
    const auto outcome = hear("1");
    ASSERT_TRUE(outcome.unknown);
    EXPECT_EQ(outcome.unknown->text, "giấy cho con, sdt <phone>");
}

TEST_F(Review, AnotherQuestionClosesTheOneBefore)
{
    ask_which();
    hear("phản ánh", "complaint");
    EXPECT_TRUE(conversation_.asked.empty());
}

TEST_F(Review, AnErasedCitizenLeavesNothing)
{
    ask_which();
    hear("#erase");
    const auto outcome = hear("#confirm-erase");
    ASSERT_TRUE(outcome.erase);
    EXPECT_FALSE(outcome.unknown);
    EXPECT_TRUE(conversation_.asked.empty());
}

} // namespace
} // namespace motcua::dialogue
