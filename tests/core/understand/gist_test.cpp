#include "core/understand/gist.hpp"

#include <gtest/gtest.h>
#include <motcua/core/text/normaliser.hpp>

#include <algorithm>
#include <string>

namespace motcua::understand {
namespace {

std::string gist(std::string_view message)
{
    const text::normaliser words{text::lexicon{}};
    const text::normalised read = words.normalise(message);
    std::string joined;
    for (const std::string_view word : gist_of(read.tokens))
        joined.append(joined.empty() ? "" : " ").append(word);
    return joined;
}

TEST(Gist, LeavesWaysOfSpeakingOut)
{
    EXPECT_EQ(gist("cho em hỏi lệ phí bao nhiêu vậy ạ"), "<fee> <how_much>");
    EXPECT_EQ(gist("tốn nhiêu tiền dạ"), gist("lệ phí bao nhiêu"));
}

TEST(Gist, TakesTheThingsAskedForAsOne)
{
    EXPECT_EQ(gist("làm khai sinh nộp chỗ nào"), gist("làm sổ đỏ nộp ở đâu"));
}

TEST(Gist, ReadsTextsWithoutMarks)
{
    EXPECT_EQ(gist("le phi bao nhieu"), "<fee> <how_much>");
}

TEST(Gist, KeepsMarksThatSayOtherwise)
{
    EXPECT_EQ(gist("đá bóng"), "da bong"); // not "dạ"
}

TEST(Gist, IsEmptyForNothing)
{
    EXPECT_EQ(gist(""), "");
    EXPECT_EQ(gist("dạ vâng ạ"), "");
}

TEST(Gist, KnowsEachPhraseOnce)
{
    std::vector<std::string> phrases = gist_phrases();
    std::sort(phrases.begin(), phrases.end());
    const auto twice = std::adjacent_find(phrases.begin(), phrases.end());
    EXPECT_TRUE(twice == phrases.end()) << *twice;
}

} // namespace
} // namespace motcua::understand
