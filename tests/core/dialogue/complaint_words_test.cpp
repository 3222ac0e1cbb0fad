#include <complaint_words.hpp>
#include <gtest/gtest.h>

namespace motcua::dialogue {
namespace {

TEST(ComplaintWords, NothingIsSentByWordsThatMeanSomethingElse)
{
    for (const auto* const yes :
         {"Gửi!", "gui di", "gởi luôn", "Đúng rồi.", "đúng", "co", "có", "OK"})
        EXPECT_TRUE(says_send(yes)) << yes;
    for (const auto* const no : {"cô", "cỏ", "đừng", "dừng", "giũ", "có sai", "gửi cho ai", ""})
        EXPECT_FALSE(says_send(no)) << no;
}

TEST(ComplaintWords, ChangesAreAskedForByWordsNotByNames)
{
    EXPECT_TRUE(asks_for_change("SAI số điện thoại rồi"));
    EXPECT_TRUE(asks_for_change("sua dia chi"));
    EXPECT_FALSE(asks_for_change("xã Lớn, ấp Đội"));
    EXPECT_FALSE(
        asks_for_change("tôi ngồi chờ ở quầy số 3 từ sáng mà không ai gọi, nhầm số hay sao"));
    EXPECT_EQ(part_named("nhầm họ tên"), "name");
    EXPECT_EQ(part_named("sdt sai"), "phone");
    EXPECT_EQ(part_named("đường Nguyễn Tến"), "");
    EXPECT_TRUE(wants_no_name("cho em ẩn danh nha"));
    EXPECT_FALSE(wants_no_name("Trần Ẩn Đành"));
}

} // namespace
} // namespace motcua::dialogue
