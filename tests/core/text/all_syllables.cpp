#include "all_syllables.hpp"

#include <motcua/core/text/syllables.hpp>

#include <array>

namespace motcua::text {
namespace {

const std::array<keyed_letter, 12> vowel_letters{{
    {"a", 'a', 0, 0},
    {"ă", 'a', 'w', '8'},
    {"â", 'a', 'a', '6'},
    {"e", 'e', 0, 0},
    {"ê", 'e', 'e', '6'},
    {"i", 'i', 0, 0},
    {"o", 'o', 0, 0},
    {"ô", 'o', 'o', '6'},
    {"ơ", 'o', 'w', '7'},
    {"u", 'u', 0, 0},
    {"ư", 'u', 'w', '7'},
    {"y", 'y', 0, 0},
}};

const std::array<std::array<const char*, 6>, 12> toned{{
    {"a", "à", "á", "ả", "ã", "ạ"},
    {"ă", "ằ", "ắ", "ẳ", "ẵ", "ặ"},
    {"â", "ầ", "ấ", "ẩ", "ẫ", "ậ"},
    {"e", "è", "é", "ẻ", "ẽ", "ẹ"},
    {"ê", "ề", "ế", "ể", "ễ", "ệ"},
    {"i", "ì", "í", "ỉ", "ĩ", "ị"},
    {"o", "ò", "ó", "ỏ", "õ", "ọ"},
    {"ô", "ồ", "ố", "ổ", "ỗ", "ộ"},
    {"ơ", "ờ", "ớ", "ở", "ỡ", "ợ"},
    {"u", "ù", "ú", "ủ", "ũ", "ụ"},
    {"ư", "ừ", "ứ", "ử", "ữ", "ự"},
    {"y", "ỳ", "ý", "ỷ", "ỹ", "ỵ"},
}};

std::vector<keyed_letter> plain_letters(std::string_view ascii)
{
    std::vector<keyed_letter> letters;
    for (const char letter : ascii)
        letters.push_back({std::string(1, letter), letter, 0, 0});
    return letters;
}

std::vector<std::vector<keyed_letter>> onsets()
{
    std::vector<std::vector<keyed_letter>> all;
    for (const std::string_view onset :
         {"",   "b",   "c",  "ch", "d",  "g", "gh", "h", "k", "kh", "l",  "m", "n",
          "ng", "ngh", "nh", "p",  "ph", "q", "r",  "s", "t", "th", "tr", "v", "x"})
        all.push_back(plain_letters(onset));
    all.push_back({{"đ", 'd', 'd', '9'}});
    return all;
}

// Sequences of one to three vowels, as indices.
std::vector<std::vector<std::size_t>> nuclei()
{
    std::vector<std::vector<std::size_t>> all;
    for (std::size_t first = 0; first < vowel_letters.size(); ++first) {
        all.push_back({first});
        for (std::size_t second = 0; second < vowel_letters.size(); ++second) {
            all.push_back({first, second});
            for (std::size_t third = 0; third < vowel_letters.size(); ++third)
                all.push_back({first, second, third});
        }
    }
    return all;
}

void add_tones(
    std::vector<keyed_syllable>& all,
    const std::vector<keyed_letter>& letters,
    std::size_t first_vowel,
    const std::vector<std::size_t>& nucleus)
{
    for (std::size_t tone = 0; tone < 6; ++tone)
        for (std::size_t at = 0; at < (tone == 0 ? 1 : nucleus.size()); ++at) {
            std::string text;
            for (std::size_t index = 0; index < letters.size(); ++index)
                text += index == first_vowel + at ? toned.at(nucleus[at]).at(tone)
                                                  : letters[index].letter;
            if (is_syllable(text) && unify_tone_placement(text) == text)
                all.push_back({text, letters, first_vowel + at, tone});
        }
}

} // namespace

const std::vector<keyed_syllable>& all_syllables()
{
    static const std::vector<keyed_syllable> found = [] {
        std::vector<keyed_syllable> all;
        const auto vowel_runs = nuclei();
        for (const auto& onset : onsets())
            for (const auto& nucleus : vowel_runs)
                for (const std::string_view ending :
                     {"", "c", "ch", "m", "n", "ng", "nh", "p", "t"}) {
                    std::vector<keyed_letter> letters = onset;
                    for (const std::size_t vowel : nucleus)
                        letters.push_back(vowel_letters.at(vowel));
                    for (const keyed_letter& one : plain_letters(ending))
                        letters.push_back(one);
                    if (is_folded_syllable([&letters] {
                            std::string folded;
                            for (const keyed_letter& one : letters)
                                folded.push_back(one.base);
                            return folded;
                        }()))
                        add_tones(all, letters, onset.size(), nucleus);
                }
        return all;
    }();
    return found;
}

std::string
keystrokes(const keyed_syllable& syllable, input_method method, tone_key tone, mark_keys marks)
{
    static constexpr std::string_view telex_tones = "-fsrxj";
    static constexpr std::string_view vni_tones = "-21345";
    const bool telex = method == input_method::telex;
    const char key = (telex ? telex_tones : vni_tones)[syllable.tone];
    std::string keys;
    std::string later;
    for (std::size_t at = 0; at < syllable.letters.size(); ++at) {
        const keyed_letter& letter = syllable.letters[at];
        const char mark = telex ? letter.telex_mark : letter.vni_mark;
        keys.push_back(letter.base);
        if (mark != 0 && marks == mark_keys::behind_letter)
            keys.push_back(mark);
        else if (mark != 0 && !(later.ends_with(mark) && letter.letter == "ơ"))
            later.push_back(mark);
        if (syllable.tone != 0 && tone == tone_key::behind_vowel && at == syllable.tone_at)
            keys.push_back(key);
    }
    keys += later;
    if (syllable.tone != 0 && tone == tone_key::last)
        keys.push_back(key);
    return keys;
}

} // namespace motcua::text
