#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/core/dialogue/unknown.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace motcua::dialogue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct mask_case
{
    std::string name;
    std::string raw;
    std::string masked;
};

void PrintTo(const mask_case& one, std::ostream* out)
{
    *out << one.raw;
}

class Masked : public testing::TestWithParam<mask_case>
{
};

TEST_P(Masked, HidesWhatTellsWhoWrote)
{
    EXPECT_EQ(mask_message(GetParam().raw), GetParam().masked);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    Masked,
    testing::Values(
        mask_case{"Plain", "làm giấy tờ đất", "làm giấy tờ đất"},
        mask_case{"Phone", "gọi tôi 0912345678 nhé", "gọi tôi <phone> nhé"},
        mask_case{"SpacedPhone", "sdt 0912 345 678", "sdt <phone>"},
        mask_case{"CitizenId", "cccd 072099001234", "cccd <citizen_id>"},
        mask_case{"Dossier", "hs 000.00.04.H51-200221-0001 đâu rồi", "hs <dossier_code> đâu rồi"},
        mask_case{"ProcedureCode", "thủ tục 1.001193", "thủ tục <procedure_code>"},
        mask_case{"UnknownRun", "số 98765 43", "số <number>"},
        mask_case{"AccountNumber", "stk 12345678901234567", "stk <number>"},
        mask_case{"ShortNumber", "xã 3, 2 đứa con, năm 2024", "xã 3, 2 đứa con, năm 2024"},
        mask_case{"Mail", "gửi a.b@example.vn giúp", "gửi <email> giúp"},
        mask_case{"Lines", "một\n\n hai\tba ", "một hai ba"},
        mask_case{"Empty", "", ""}),
    [](const auto& one) { return one.param.name; });

TEST(MaskMessage, IsBoundedAndValid)
{
    std::string raw;
    for (int i = 0; i < 5000; ++i)
        raw += "ậ";
    const auto masked = mask_message(raw);
    EXPECT_EQ(text::code_points(masked), unknown_text_limit);
    EXPECT_TRUE(text::is_nfc(masked));
    EXPECT_TRUE(text::is_nfc(mask_message("\xff\xfe hỏng \xc3")));
}

TEST(MaskMessage, NoDigitsOfANumberCutByTheLimitAreLeft)
{
    // The cut of what is looked at falls into the number.
    std::string raw(4 * unknown_text_limit - 4, ' ');
    raw += "0912345678";
    EXPECT_EQ(mask_message(raw), "0912");
    EXPECT_EQ(
        mask_message(std::string(unknown_text_limit - 3, 'a') + " 0912345678").find("09"),
        std::string::npos);
}

TEST(UnknownKind, NamesGoBothWays)
{
    for (const auto kind :
         {unknown_kind::not_understood,
          unknown_kind::none_of_these,
          unknown_kind::wrong_answer,
          unknown_kind::chosen})
        EXPECT_EQ(unknown_kind_from(name(kind)), kind);
    EXPECT_EQ(unknown_kind_from("other"), std::nullopt);
}

utc_time at(int minutes)
{
    return utc_time(std::chrono::minutes(minutes));
}

comparable_message said(
    const std::string& text,
    int minute,
    std::vector<std::string> nearest = {},
    unknown_kind kind = unknown_kind::not_understood,
    std::string chosen = {})
{
    comparable_message one{
        .message =
            {.at = at(minute),
             .kind = kind,
             .text = text,
             .nearest = std::move(nearest),
             .chosen = std::move(chosen)},
        .words = {}};
    std::istringstream words(text);
    for (std::string word; words >> word;)
        one.words.push_back(word);
    return one;
}

std::vector<std::string> texts_of(const std::vector<unknown_group>& groups)
{
    std::vector<std::string> texts;
    for (const auto& group : groups)
        texts.push_back(group.text);
    return texts;
}

TEST(GroupAlike, PutsNearWordingsTogether)
{
    const std::vector<comparable_message> messages{
        said("lam giay to dat o dau", 1),
        said("lam giay to dat o dau vay", 5), // 6 of 7 words
        said("dat o dau lam giay to", 3),     // the same words
        said("gia vang hom nay", 2)};
    const auto groups = group_alike(messages);
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].count, 3U);
    EXPECT_EQ(groups[0].first, at(1));
    EXPECT_EQ(groups[0].last, at(5));
    EXPECT_EQ(groups[0].others.size(), 2U);
    EXPECT_EQ(groups[1].text, "gia vang hom nay");
    EXPECT_THAT(groups[1].others, IsEmpty());
}

TEST(GroupAlike, LikenessIsTheShareOfWordsInCommon)
{
    // 3 shared of 5: exactly 0.6.
    const std::vector<comparable_message> messages{said("a b c d", 1), said("a b c e", 2)};
    EXPECT_EQ(group_alike(messages, 0.6).size(), 1U);
    EXPECT_EQ(group_alike(messages, 0.61).size(), 2U);
}

TEST(GroupAlike, TheMostFrequentWordingLeadsAndNames)
{
    const std::vector<comparable_message> messages{
        said("x y z", 1), said("x y z w", 2), said("x y z w", 3)};
    const auto groups = group_alike(messages);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].text, "x y z w");
    EXPECT_THAT(groups[0].others, ElementsAre("x y z"));
}

TEST(GroupAlike, FrequentThenNewestFirst)
{
    const std::vector<comparable_message> messages{
        said("mot", 1), said("hai", 9), said("ba", 3), said("ba", 4)};
    EXPECT_THAT(texts_of(group_alike(messages)), ElementsAre("ba", "hai", "mot"));
}

TEST(GroupAlike, TheOrderOfTheMessagesDoesNotMatter)
{
    std::vector<comparable_message> messages;
    for (int i = 0; i < 60; ++i) {
        std::string text = "w" + std::to_string(i % 7) + " w" + std::to_string(i % 5) + " w" +
                           std::to_string(i % 3) + " chung";
        messages.push_back(said(text, i % 11, {std::to_string(i % 4)}));
    }
    const auto first = group_alike(messages);
    std::ranges::reverse(messages);
    const auto second = group_alike(messages);
    ASSERT_EQ(first.size(), second.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].text, second[i].text);
        EXPECT_EQ(first[i].count, second[i].count);
        EXPECT_EQ(first[i].others, second[i].others);
        EXPECT_EQ(first[i].nearest, second[i].nearest);
    }
}

// Every wording is in a group whose first wording is like it: prefix filtering loses nobody.
TEST(GroupAlike, NoTwoLeadersAreAlike)
{
    std::vector<comparable_message> messages;
    std::uint32_t state = 7;
    const auto next = [&state](std::uint32_t below) {
        state = state * 1664525U + 1013904223U;
        return (state >> 16U) % below;
    };
    for (int i = 0; i < 300; ++i) {
        std::set<std::uint32_t> words; // so that a wording has one text
        for (std::uint32_t word = 0; word < 3 + next(4); ++word)
            words.insert(next(9));
        std::string text;
        for (const auto word : words)
            text += "w" + std::to_string(word) + " ";
        messages.push_back(said(text, i));
    }
    const auto words_of = [](const std::string& text) {
        const auto words = said(text, 0).words;
        return std::set<std::string>(words.begin(), words.end());
    };
    const auto groups = group_alike(messages);
    std::size_t count = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        count += groups[i].count;
        for (std::size_t j = 0; j < i; ++j) {
            const auto one = words_of(groups[i].text);
            const auto other = words_of(groups[j].text);
            std::vector<std::string> shared;
            std::ranges::set_intersection(one, other, std::back_inserter(shared));
            EXPECT_LT(5 * shared.size(), 3 * (one.size() + other.size() - shared.size()))
                << groups[i].text << " / " << groups[j].text;
        }
    }
    EXPECT_EQ(count, messages.size());
}

TEST(GroupAlike, NearestChosenAndKindsAreCounted)
{
    const std::vector<comparable_message> messages{
        said("x", 1, {"1", "2", "3"}),
        said("x", 2, {"2", "1"}),
        said("x", 3, {"4", "2"}, unknown_kind::chosen, "2"),
        said("x", 4, {}, unknown_kind::chosen, "5"),
        said("x", 5, {}, unknown_kind::chosen, "2")};
    const auto groups = group_alike(messages);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_THAT(groups[0].nearest, ElementsAre("2", "1", "4")); // 7, 5, 3 against 1
    EXPECT_THAT(groups[0].chosen, ElementsAre(Pair("2", 2U), Pair("5", 1U)));
    EXPECT_THAT(
        groups[0].kinds,
        ElementsAre(Pair(unknown_kind::chosen, 3U), Pair(unknown_kind::not_understood, 2U)));
}

TEST(GroupAlike, NothingAndWordlessMessages)
{
    EXPECT_TRUE(group_alike({}).empty());
    const std::vector<comparable_message> messages{said("", 1), said("", 2), said("x", 3)};
    EXPECT_EQ(group_alike(messages).size(), 2U);
}

} // namespace
} // namespace motcua::dialogue
