#include "json.hpp"

#include <boost/pfr.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <concepts>
#include <optional>
#include <random>
#include <type_traits>

namespace motcua::sqlite {
namespace {

template <class T>
constexpr bool is_vector = false;
template <class T>
constexpr bool is_vector<std::vector<T>> = true;
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

// Gives every member, whatever members there are, a value of its own.
class filler
{
public:
    explicit filler(unsigned seed) : random_(seed) {}

    template <class T>
    void fill(T& value)
    {
        if constexpr (std::same_as<T, std::string>)
            value = "chữ \"" + std::to_string(++last_) + "\"\n";
        else if constexpr (std::same_as<T, bool>)
            value = random_() % 2 == 0;
        else if constexpr (std::integral<T>)
            value = static_cast<T>(++last_);
        else if constexpr (std::is_enum_v<T>)
            value = static_cast<T>(random_() % (std::same_as<T, dialogue::media_kind> ? 2 : 3));
        else if constexpr (std::same_as<T, utc_time>)
            value = utc_time(std::chrono::milliseconds(++last_));
        else if constexpr (std::same_as<T, procedures::date>)
            value = std::chrono::year(2000 + static_cast<int>(random_() % 50)) / 12 /
                    static_cast<int>(random_() % 31 + 1);
        else if constexpr (is_optional<T>)
            fill(value.emplace());
        else if constexpr (is_vector<T>) {
            value.resize(1 + random_() % 3);
            for (auto& each : value)
                fill(each);
        } else
            boost::pfr::for_each_field(value, [this](auto& field) { fill(field); });
    }
    void fill(procedures::origin& value)
    {
        value = random_() % 2 == 0 ? procedures::origin::national : procedures::origin::own;
    }

private:
    std::mt19937 random_;
    int last_ = 0;
};

template <class T>
bool same(const T& a, const T& b)
{
    if constexpr (is_optional<T>) {
        return a.has_value() == b.has_value() && (!a || same(*a, *b));
    } else if constexpr (is_vector<T>) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
            return same(x, y);
        });
    } else if constexpr (std::equality_comparable<T>) {
        return a == b;
    } else {
        bool equal = true;
        const auto left = boost::pfr::structure_tie(a);
        const auto right = boost::pfr::structure_tie(b);
        [&]<std::size_t... I>(std::index_sequence<I...>)
        {
            ((equal = equal && same(std::get<I>(left), std::get<I>(right))), ...);
        }
        (std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
        return equal;
    }
}

class RoundTrip : public testing::TestWithParam<unsigned>
{
protected:
    filler filler_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Json, RoundTrip, testing::Range(0U, 20U));

TEST_P(RoundTrip, KeepsEveryMemberOfAProcedure)
{
    procedures::procedure value;
    filler_.fill(value);
    ASSERT_FALSE(same(value, procedures::procedure{}));
    EXPECT_TRUE(same(procedure_from_json(to_json(value)), value)) << to_json(value);
}

TEST_P(RoundTrip, KeepsEveryMemberOfAConversation)
{
    dialogue::conversation value;
    filler_.fill(value);
    EXPECT_EQ(conversation_from_json(to_json(value)), value) << to_json(value);
}

TEST_P(RoundTrip, KeepsEveryMemberOfAMessage)
{
    dialogue::outgoing_message value;
    filler_.fill(value);
    EXPECT_EQ(outgoing_message_from_json(to_json(value)), value) << to_json(value);
}

// The text is hashed and compared, so it must stay what it has always been.
TEST_P(RoundTrip, IsWrittenAsTheLibraryWritesIt)
{
    procedures::procedure value;
    filler_.fill(value);
    const auto text = to_json(value);
    EXPECT_EQ(nlohmann::json::parse(text).dump(), text);
}

TEST(Json, EveryCharacterIsWrittenAsTheLibraryWritesIt)
{
    dialogue::outgoing_message value;
    for (int byte = 1; byte < 0x80; ++byte)
        value.text += static_cast<char>(byte);
    value.text += "\u0080\u07ff\u0800ấ\ud7ff\uffff\U00010000\U0010ffff";
    EXPECT_EQ(to_json(value), nlohmann::json({{"text", value.text}}).dump());
}

TEST(Json, WhatIsNoUtf8IsReplaced)
{
    dialogue::outgoing_message value;
    for (const auto* bad :
         {"\x80",
          "\xc0\xaf",
          "\xe0\x9f\xbf",
          "\xed\xa0\x80",
          "\xf4\x90\x80\x80",
          "\xf8\x88",
          "\xe1\xba"}) {
        value.text = "a" + std::string(bad) + "b";
        const auto read = outgoing_message_from_json(to_json(value)).text;
        EXPECT_TRUE(read.starts_with("a\uFFFD") && read.ends_with("b")) << to_json(value);
    }
}

TEST(Json, DefaultsAreLeftOut)
{
    EXPECT_EQ(to_json(dialogue::conversation{}), "{}");
    EXPECT_TRUE(same(procedure_from_json(to_json(procedures::procedure{})), {}));
}

TEST(Json, NamesOfStagesAreThoseOfTheDialogue)
{
    for (auto i = 0U; i < 4; ++i) {
        dialogue::conversation value;
        value.at = static_cast<dialogue::stage>(i);
        const auto object = nlohmann::json::parse(to_json(value));
        EXPECT_EQ(object.value("at", "idle"), dialogue::name(value.at));
    }
}

struct odd_text
{
    const char* name;
    const char* text;
};
class OddConversation : public testing::TestWithParam<odd_text>
{
};
INSTANTIATE_TEST_SUITE_P(
    Json,
    OddConversation,
    testing::Values(
        odd_text{"UnknownMember", R"({"from_the_future":{"a":[1]},"procedure":"1.004222"})"},
        odd_text{"OtherTypes", R"({"at":7,"failures":"x","trail":"y","procedure":"1.004222"})"},
        odd_text{"UnknownStage", R"({"at":"dreaming","procedure":"1.004222"})"},
        odd_text{"NumberTooLarge", R"({"failures":99999999999,"procedure":"1.004222"})"},
        odd_text{"Null", R"({"choices":null,"silent_until":null,"procedure":"1.004222"})"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST_P(OddConversation, KeepsWhatIsUnderstood)
{
    dialogue::conversation expected;
    expected.procedure = "1.004222";
    EXPECT_EQ(conversation_from_json(GetParam().text), expected);
}

TEST(Json, WhatIsNoObjectIsRefused)
{
    for (const auto* text : {"", "{", "[]", "null", "\"x\""})
        EXPECT_THROW(conversation_from_json(text), std::runtime_error) << text;
}

TEST(Json, TextThatIsNotUtf8IsStoredAllTheSame)
{
    dialogue::conversation value;
    value.commune = "a\xff";
    EXPECT_EQ(conversation_from_json(to_json(value)).commune, "a\xef\xbf\xbd");
}

TEST(Json, DatesSortAsText)
{
    using namespace std::chrono;
    EXPECT_EQ(to_text(year(2026) / 7 / 8), "2026-07-08");
    EXPECT_EQ(to_text(procedures::date{}), "");
    EXPECT_EQ(to_text(year(2026) / 2 / 30), "");
}

} // namespace
} // namespace motcua::sqlite
