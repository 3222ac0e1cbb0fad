#include <gtest/gtest.h>
#include <motcua/app/unknown_review.hpp>

#include <sstream>

namespace motcua::app {
namespace {

std::vector<std::string> words(const std::string& text)
{
    std::istringstream in(text);
    std::vector<std::string> all;
    for (std::string word; in >> word;)
        all.push_back(word);
    return all;
}

std::vector<dialogue::comparable_message> messages(const std::vector<std::string>& texts)
{
    std::vector<dialogue::comparable_message> all;
    for (const auto& text : texts) {
        dialogue::unknown_message one;
        one.text = text;
        all.push_back({one, words(text)});
    }
    return all;
}

comparable_decision decided(const std::vector<std::string>& texts, bool whole_group)
{
    comparable_decision one;
    one.decision.texts = texts;
    one.decision.whole_group = whole_group;
    for (const auto& text : texts)
        one.words.push_back(words(text));
    return one;
}

std::vector<std::string> open(const unknown_review& of)
{
    std::vector<std::string> texts;
    for (const auto& group : of.open)
        texts.push_back(group.text);
    return texts;
}

const std::vector<std::string> said{
    "lam giay cho be", "giay be cho lam", "lam giay cho be nha", "mua vang o dau"};

TEST(UnknownReview, WithoutDecisionsEverythingIsOpen)
{
    const auto found = review_unknown(messages(said), {});
    EXPECT_EQ(found.open_messages, 4U);
    ASSERT_EQ(found.open.size(), 2U);
    EXPECT_EQ(found.open[0].count, 3U);
    EXPECT_EQ(found.open[1].text, "mua vang o dau");
}

TEST(UnknownReview, ASentenceTakesCareOfItsWordsInAnyOrder)
{
    const std::vector one{decided({"lam giay cho be"}, false)};
    const auto found = review_unknown(messages(said), one);
    EXPECT_EQ(found.covered, std::vector<std::size_t>{2});
    EXPECT_EQ(open(found).size(), 2U);
    EXPECT_EQ(found.open_messages, 2U);
}

TEST(UnknownReview, AGroupTakesCareOfWhatIsAlikeLaterToo)
{
    const std::vector one{decided({"lam giay cho be"}, true)};
    const auto found = review_unknown(messages(said), one);
    EXPECT_EQ(found.covered, std::vector<std::size_t>{3});
    EXPECT_EQ(open(found), std::vector<std::string>{"mua vang o dau"});
}

TEST(UnknownReview, WhatWasTakenBackCountsNoMore)
{
    std::vector one{decided({"lam giay cho be"}, true)};
    one[0].decision.undone_by = "truong";
    const auto found = review_unknown(messages(said), one);
    EXPECT_EQ(found.covered, std::vector<std::size_t>{0});
    EXPECT_EQ(found.open_messages, 4U);
}

TEST(UnknownReview, VerdictsHaveNamesBothWays)
{
    using enum unknown_verdict;
    for (const auto one : {alias, search_test, example, out_of_scope, dropped})
        EXPECT_EQ(unknown_verdict_from(name(one)), one);
    EXPECT_FALSE(unknown_verdict_from("none"));
}

} // namespace
} // namespace motcua::app
