#include "all_syllables.hpp"

#include <gtest/gtest.h>
#include <motcua/core/text/syllables.hpp>
#include <motcua/core/text/unicode.hpp>

#include <set>

namespace {

using namespace motcua::text;

TEST(Syllables, MarksMayBeLeftOffButNotDiffer)
{
    for (const auto typed : {"hủy", "huy", "huỷ", "hũy"})
        EXPECT_TRUE(can_mean(typed, "hủy")) << typed;
    for (const auto typed : {"húy", "hư", "hủ", "hủyy", ""})
        EXPECT_FALSE(can_mean(typed, "hủy")) << typed;
    EXPECT_TRUE(can_mean("dung", "đúng"));
    EXPECT_TRUE(can_mean("đung", "đúng"));
    EXPECT_TRUE(can_mean("dúng", "đúng"));
    EXPECT_FALSE(can_mean("đúng", "dừng"));
    EXPECT_FALSE(can_mean("đúng", "dúng"));
    EXPECT_FALSE(can_mean("dưng", "đúng"));
    EXPECT_FALSE(can_mean("đúng", "dung"));
    for (const keyed_syllable& one : all_syllables()) {
        EXPECT_TRUE(can_mean(one.text, one.text)) << one.text;
        EXPECT_TRUE(can_mean(fold(one.text), one.text)) << one.text;
    }
}

TEST(Syllables, KnowsWhatVietnameseSpellingAllows)
{
    for (const char* word :
         {"khai",  "sổ",    "nghiêng", "giấy", "gì",   "gìn",  "giếng", "quý",   "quốc",
          "quyển", "khuỷu", "thuở",    "hòa",  "hoà",  "thủy", "khỏe",  "hoàn",  "huyện",
          "ủy",    "uỷ",    "yêu",     "ý",    "kỷ",   "được", "đường", "người", "mượn",
          "xoong", "khuya", "ngoằn",   "oái",  "của",  "mía",  "ừ",     "rượu",  "hươu",
          "buýt",  "tuyết", "loẹt",    "góa",  "quẹo", "qua",  "gia",   "giữa"})
        EXPECT_TRUE(is_syllable(word)) << word;
    for (const char* word :
         {"",    "kat", "cảt", "cat", "ngi",      "gha",      "cê", "qu", "đất2", "zậy", "mún2",
          "hoă", "cuả", "áá",  "bfc", "khaisinh", "nghiêngg", "ươ", "wa", "\xFF", "кhai"})
        EXPECT_FALSE(is_syllable(word)) << word;
}

TEST(Syllables, KnowsFoldedSyllables)
{
    for (const char* word : {"dat", "nguoi", "quoc", "giay", "so", "nghieng", "uy", "cat"})
        EXPECT_TRUE(is_folded_syllable(word)) << word;
    for (const char* word : {"", "ko", "test", "zalo", "đất", "wa", "khaisinh", "ngi"})
        EXPECT_FALSE(is_folded_syllable(word)) << word;
}

TEST(Syllables, AreAsManyAsTheLanguageHas)
{
    std::set<std::string> texts;
    for (const keyed_syllable& one : all_syllables()) {
        EXPECT_TRUE(texts.insert(one.text).second) << one.text;
        EXPECT_TRUE(is_folded_syllable(fold(one.text))) << one.text;
    }
    EXPECT_GT(texts.size(), 14000U);
    EXPECT_LT(texts.size(), 20000U);
}

TEST(Syllables, TonesMoveToTheirPlace)
{
    EXPECT_EQ(unify_tone_placement("hoà thuỷ khoẻ"), "hòa thủy khỏe");
    EXPECT_EQ(unify_tone_placement("hoàn quý toán huỳnh"), "hoàn quý toán huỳnh");
    EXPECT_EQ(unify_tone_placement("cuả mìnhh uỷ ban, gìa."), "của mìnhh ủy ban, già.");
    EXPECT_EQ(unify_tone_placement("xin chào \xFF <phone> 123"), "xin chào \xFF <phone> 123");
}

struct keystroke_case
{
    const char* keys;
    const char* word; // nullptr: left alone
};

class Keystrokes : public testing::TestWithParam<keystroke_case>
{
};

TEST_P(Keystrokes, Decode)
{
    const auto decoded = decode_keystrokes(GetParam().keys);
    if (GetParam().word == nullptr)
        EXPECT_EQ(decoded, std::nullopt) << *decoded;
    else
        EXPECT_EQ(decoded, std::optional<std::string>(GetParam().word));
}

INSTANTIATE_TEST_SUITE_P(
    Telex,
    Keystrokes,
    testing::Values(
        keystroke_case{"ddaats", "đất"},
        keystroke_case{"ddaast", "đất"},
        keystroke_case{"ddatas", "đất"},
        keystroke_case{"datsad", "đất"},
        keystroke_case{"ddang", "đang"},
        keystroke_case{"kys", "ký"},
        keystroke_case{"tieengs", "tiếng"},
        keystroke_case{"tieesng", "tiếng"},
        keystroke_case{"nguwowif", "người"},
        keystroke_case{"nguowif", "người"},
        keystroke_case{"nguwoif", "người"},
        keystroke_case{"nguoiwf", "người"},
        keystroke_case{"thuowr", "thuở"},
        keystroke_case{"nhw", "như"},
        keystroke_case{"xoong", "xông"},
        keystroke_case{"xooong", "xoong"},
        keystroke_case{"quyeenf", "quyền"},
        keystroke_case{"khongz", "khong"},
        keystroke_case{"dang", nullptr},
        keystroke_case{"hello", nullptr},
        keystroke_case{"pass", nullptr},
        keystroke_case{"ddaat", nullptr}, // a stopped syllable wants sắc or nặng
        keystroke_case{"", nullptr},
        keystroke_case{"aaaaaaaaaaaaaa", nullptr},
        keystroke_case{"đất", nullptr},
        keystroke_case{"khaisinhkhaisinhkhaisinh", nullptr}));

INSTANTIATE_TEST_SUITE_P(
    Vni,
    Keystrokes,
    testing::Values(
        keystroke_case{"d9at61", "đất"},
        keystroke_case{"d9a6t1", "đất"},
        keystroke_case{"dat619", "đất"},
        keystroke_case{"ngu7o7i2", "người"},
        keystroke_case{"nguoi72", "người"},
        keystroke_case{"d9a8ng", "đăng"},
        keystroke_case{"d9i", "đi"},
        keystroke_case{"ky1", "ký"},
        keystroke_case{"123456", nullptr},
        keystroke_case{"ct07", nullptr},
        keystroke_case{"4g", nullptr}));

TEST(Syllables, EveryKeystrokeOrderDecodes)
{
    std::size_t tried = 0;
    std::size_t wrong = 0;
    std::string examples;
    for (const keyed_syllable& one : all_syllables())
        for (const auto method : {input_method::telex, input_method::vni})
            for (const auto tone : {tone_key::behind_vowel, tone_key::last})
                for (const auto marks : {mark_keys::behind_letter, mark_keys::last}) {
                    const std::string keys = keystrokes(one, method, tone, marks);
                    const std::string decoded = decode_keystrokes(keys).value_or(keys);
                    ++tried;
                    if (decoded != one.text) {
                        ++wrong;
                        if (wrong % 50 == 1)
                            examples.append(" ").append(keys).append("=").append(decoded);
                    }
                }
    RecordProperty("wrong", static_cast<int>(wrong));
    RecordProperty("tried", static_cast<int>(tried));
    EXPECT_LE(static_cast<double>(wrong), 0.002 * static_cast<double>(tried))
        << wrong << " of " << tried << ":" << examples;
}

} // namespace
