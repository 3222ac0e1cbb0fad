#include "composer.hpp"

#include <gtest/gtest.h>
#include <motcua/core/text/unicode.hpp>

namespace motcua::dialogue {
namespace {

TEST(Compose, NumbersTheChoicesInTheTextToo)
{
    const auto message = compose("Chọn:", {{"Giấy tờ", "#a"}, {"Lệ phí", "#b"}});
    EXPECT_EQ(message.text, "Chọn:\n\n1. Giấy tờ\n2. Lệ phí");
    ASSERT_EQ(message.buttons.size(), 2U);
    EXPECT_EQ(message.buttons[1], (button{"Lệ phí", button_kind::query, "#b"}));
}

TEST(Compose, GivesAtMostFiveButtonsButEveryNumber)
{
    std::vector<choice> choices;
    for (int i = 1; i <= 8; ++i)
        choices.push_back({"mục " + std::to_string(i), "#menu"});
    const auto message = compose("Chọn:", choices);
    EXPECT_EQ(message.buttons.size(), button_limit);
    EXPECT_NE(message.text.find("8. mục 8"), std::string::npos);
}

TEST(Compose, ALinkOpensAndIsWrittenOut)
{
    const auto message = compose("Xem:", {{"Cổng", "https://dichvucong.gov.vn"}});
    EXPECT_EQ(message.buttons[0].kind, button_kind::open_url);
    EXPECT_NE(message.text.find("1. Cổng: https://dichvucong.gov.vn"), std::string::npos);
}

TEST(Compose, CutsTheTextNotTheChoices)
{
    std::string text;
    for (int i = 0; i < 3000; ++i)
        text += "ệ";
    const auto message = compose(text, {{"Về menu", "#menu"}});
    EXPECT_EQ(text::code_points(message.text), text_limit);
    EXPECT_TRUE(message.text.ends_with("1. Về menu"));
}

TEST(Compose, CutsLongTitlesOfButtons)
{
    const auto message = compose("x", {{std::string(150, 't'), "#menu"}});
    EXPECT_EQ(message.buttons[0].title.size(), button_title_limit);
}

} // namespace
} // namespace motcua::dialogue
