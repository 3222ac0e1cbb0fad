#include <gtest/gtest.h>
#include <motcua/core/dialogue/knowledge.hpp>

namespace motcua::dialogue {
namespace {

const phrases
    sample({{"hello", "Chào {{name}} ở {{place}}."}, {"open", "một {{nửa"}, {"bare", "không"}});

TEST(Phrases, FillsItsPlaces)
{
    EXPECT_EQ(sample.say("hello", {{"name", "Lan"}, {"place", "Tân An"}}), "Chào Lan ở Tân An.");
}

TEST(Phrases, LeavesUnnamedPlacesEmpty)
{
    EXPECT_EQ(sample.say("hello", {{"name", "Lan"}}), "Chào Lan ở .");
}

TEST(Phrases, DoesNotFillWhatAPlaceBrings)
{
    EXPECT_EQ(sample.say("hello", {{"name", "{{place}}"}, {"place", "x"}}), "Chào {{place}} ở x.");
}

TEST(Phrases, AnUnclosedPlaceIsText)
{
    EXPECT_EQ(sample.say("open"), "một {{nửa");
}

TEST(Phrases, AMissingKeyShowsItself)
{
    EXPECT_EQ(sample.say("nothing"), "nothing");
    EXPECT_FALSE(sample.has("nothing"));
    EXPECT_TRUE(sample.has("bare"));
}

} // namespace
} // namespace motcua::dialogue
