#include "core/understand/marks.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace motcua::understand {
namespace {

mark_model taught()
{
    mark_model model;
    for (const std::string_view text :
         {"cấp lại thẻ căn cước",
          "bị mất thẻ căn cước",
          "thế chấp quyền sử dụng đất",
          "thế chấp nhà đất",
          "hộ chiếu bị mất",
          "hỗ trợ hộ nghèo",
          "mặt bằng kinh doanh"})
        model.learn(text::accented_words(text));
    return model;
}

std::string
restored(std::string_view typed, double* least_sure = nullptr, bool typed_with_marks = false)
{
    const text::normaliser words({});
    const auto message = words.normalise(typed);
    std::string text;
    for (const auto& one : taught().restored(message.tokens, typed_with_marks)) {
        text += (text.empty() ? "" : " ") + one.text;
        if (least_sure != nullptr)
            *least_sure = std::min(*least_sure, one.sure);
    }
    return text;
}

TEST(MarkModel, ChoosesByTheNeighbours)
{
    EXPECT_EQ(restored("mat the can cuoc"), "mất thẻ căn cước");
    EXPECT_EQ(restored("the chap nha dat"), "thế chấp nhà đất");
    EXPECT_EQ(restored("mat bang"), "mặt bằng");
    EXPECT_EQ(restored("ho chieu"), "hộ chiếu");
    EXPECT_EQ(restored("ho tro ho ngheo"), "hỗ trợ hộ nghèo");
}

TEST(MarkModel, LeavesWhatHasMarksOrIsUnknown)
{
    EXPECT_EQ(restored("thẻ chap"), "thẻ chấp");
    EXPECT_EQ(restored("zalo can cuoc"), "zalo căn cước");
    EXPECT_EQ(restored(""), "");
    EXPECT_EQ(restored("@@@ 123"), "123");
}

TEST(MarkModel, AddsMarksThatWereLeftOut)
{
    EXPECT_EQ(restored("câp lai thẻ căn cươc", nullptr, true), "cấp lại thẻ căn cước");
    EXPECT_EQ(restored("thẻ chấp", nullptr, true), "thẻ chấp"); // none is taken away
}

TEST(MarkModel, IsTheSurerTheMoreTheContextSays)
{
    double in_context = 1;
    double alone = 1;
    restored("the chap quyen su dung dat", &in_context);
    restored("the", &alone);
    EXPECT_GT(in_context, 0.9);
    EXPECT_LT(alone, in_context);
    EXPECT_GE(alone, 0.0);
}

TEST(MarkModel, TakesTextsOfAnyLength)
{
    std::string longest;
    for (int i = 0; i < 2000; ++i)
        longest += "the ";
    EXPECT_FALSE(restored(longest).empty());
    EXPECT_EQ(mark_model().restored({}, false).size(), 0U);
}

} // namespace
} // namespace motcua::understand
