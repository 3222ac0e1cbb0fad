#include <gtest/gtest.h>
#include <motcua/core/text/unicode.hpp>

namespace {

using namespace motcua::text;

TEST(Unicode, ComposesAndDropsWhatIsInvisible)
{
    EXPECT_EQ(to_nfc("Tie\u0302\u0301ng Vie\u0323\u0302t"), "Tiếng Việt");
    EXPECT_EQ(to_nfc("\uFEFFk\u200Bhai\u200D"), "khai");
    EXPECT_EQ(to_nfc(std::string_view("a\0b\x01\tc\n", 7)), "ab\tc\n");
    EXPECT_EQ(
        to_nfc("a\xFF"
               "b"),
        "a\uFFFDb");
    EXPECT_EQ(to_nfc(""), "");
    EXPECT_EQ(to_nfc("\u1100\u1161"), "\uAC00"); // Hangul composes backwards
}

TEST(Unicode, ManyMarksOnOneLetterAreCut)
{
    std::string heap = "a";
    for (int at = 0; at < 100000; ++at)
        heap += at % 2 == 0 ? "\u0302" : "\u0323";
    EXPECT_LE(code_points(to_nfc(heap)), 31U);
}

TEST(Unicode, KnowsItsOwnForm)
{
    EXPECT_TRUE(is_nfc("Tiếng Việt"));
    EXPECT_TRUE(is_nfc(""));
    EXPECT_TRUE(is_nfc("\uFFFD"));
    EXPECT_FALSE(is_nfc("e\u0302"));
    EXPECT_FALSE(is_nfc("\xFF"));
    EXPECT_FALSE(is_nfc("\xC3"));
}

TEST(Unicode, LowersAndFolds)
{
    EXPECT_EQ(lower("ĐĂNG KÝ Ở"), "đăng ký ở");
    EXPECT_EQ(fold("Đăng Ký Ở ƯỚC đ"), "dang ky o uoc d");
    EXPECT_EQ(fold("e\u0302\u0301"), "e");
    EXPECT_EQ(fold(fold("Nguyễn ﬁ İ K")), fold("Nguyễn ﬁ İ K"));
}

TEST(Unicode, CountsAndCutsByLetters)
{
    EXPECT_EQ(code_points("đất"), 3U);
    EXPECT_EQ(code_points("\xFF\xFE"), 2U);
    EXPECT_EQ(prefix("đất nước", 3), "đất");
    EXPECT_EQ(prefix("ae\u0302\u0301b", 3), "a");
    EXPECT_EQ(prefix("ae\u0302\u0301b", 4), "ae\u0302\u0301");
    EXPECT_EQ(prefix("ab", 9), "ab");
    EXPECT_EQ(prefix("ab", 0), "");
}

} // namespace
