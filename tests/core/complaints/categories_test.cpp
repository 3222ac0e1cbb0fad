#include "own_rules.hpp"

#include <gtest/gtest.h>
#include <motcua/core/text/unicode.hpp>

#include <string>

namespace motcua::complaints {
namespace {

struct guessed
{
    std::string text;
    std::string id; // empty: no guess
};

class Guess : public testing::TestWithParam<guessed>
{
};

TEST_P(Guess, IsTheLeafWhoseWordsOccurMost)
{
    const auto* found = own_rules().categories.guess(text::fold(GetParam().text));
    EXPECT_EQ(found == nullptr ? "" : found->id, GetParam().id) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    Guess,
    testing::Values(
        guessed{"Cán bộ hách dịch, quát dân", "attitude"},
        guessed{"ho so tre hen 2 tuan khong co thu xin loi", "delay"},
        guessed{"cán bộ không chịu nhận mà không nói lý do", "refusal"},
        guessed{"thu tiền không có biên lai", "fees"},
        guessed{"thủ tục rườm rà, nhiều giấy tờ quá", "burdensome"},
        guessed{"vneid đăng nhập hoài không được", "online"},
        guessed{"hôm nay trời đẹp", ""},
        guessed{"", ""}));

TEST(Categories, EveryLeafHasAClassAndEveryTopSomethingBelowOrIsALeaf)
{
    const auto& tree = own_rules().categories;
    EXPECT_GE(tree.all().size(), 12U);
    EXPECT_LE(tree.below("").size(), 5U) << "fits the buttons";
    for (const auto& one : tree.all()) {
        EXPECT_FALSE(name(one.about).empty());
        EXPECT_TRUE(one.parent.empty() || tree.find(one.parent) != nullptr);
    }
    EXPECT_EQ(tree.find("nothing"), nullptr);
    EXPECT_FALSE(tree.is_leaf("conduct"));
    EXPECT_TRUE(tree.is_leaf("other"));
}

} // namespace
} // namespace motcua::complaints
