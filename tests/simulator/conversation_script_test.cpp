#include <gtest/gtest.h>
#include <motcua/simulator/conversation_script.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace motcua::simulator {
namespace {

TEST(ConversationScript, EveryLineSaysWhoDoesWhat)
{
    const auto script = parse_conversation(
        "a.txt",
        "Tên: Thử\n"
        "# ghi chú\n"
        "Dân: xin chào\n"
        "Máy nhắc: chào | menu\n"
        "Dân bấm: Về menu\n"
        "Dân gửi ảnh: ổ gà\n"
        "Dân gửi tệp: a.pdf\n"
        "Dân gửi tin thoại:\n"
        "Dân gửi vị trí: 11.31, 106.09\n"
        "Cán bộ: Chào anh\n"
        "Dân quan tâm:\n"
        "Máy im lặng\n"
        "Dân bỏ quan tâm:\n");
    const std::vector<deed> expected{
        deed::says,
        deed::taps,
        deed::sends_photo,
        deed::sends_file,
        deed::sends_voice,
        deed::sends_place,
        deed::officer_writes,
        deed::follows,
        deed::unfollows};
    ASSERT_EQ(script.exchanges.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(script.exchanges[i].does, expected[i]) << script.exchanges[i].line;
    EXPECT_EQ(script.exchanges[0].expected.size(), 2U);
    EXPECT_EQ(script.exchanges[2].said, "ổ gà");
    EXPECT_TRUE(script.exchanges[7].is_silent);
    EXPECT_FALSE(script.exchanges[8].is_silent);
    EXPECT_EQ(place_of(script.exchanges[5].said), (std::pair{11.31, 106.09}));
}

TEST(ConversationScript, ASilentTurnMustNotBeAnswered)
{
    const auto script = parse_conversation("a.txt", "Dân: alo\nMáy im lặng\n");
    const auto& turn = script.exchanges.front();
    EXPECT_TRUE(unmet(script, turn, {}).empty());
    EXPECT_EQ(unmet(script, turn, {{"Xin chào", {}}}).size(), 1U);
}

TEST(ConversationScript, AnotherLineIsRefusedWithItsPlace)
{
    for (const std::string text : {"Máy im lặng\n", "Máy nhắc: a\n", "Bạn: a\n", "# only\n"}) {
        try {
            parse_conversation("a.txt", text);
            ADD_FAILURE() << text;
        } catch (const std::runtime_error& error) {
            EXPECT_EQ(std::string(error.what()).rfind("a.txt:1: ", 0), 0U) << error.what();
        }
    }
}

} // namespace
} // namespace motcua::simulator
