#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace motcua::text {

// A letter of a syllable: what is printed, and the keys for letter, mark and tone.
struct keyed_letter
{
    std::string letter; // toneless: "ê"
    char base;          // 'e'
    char telex_mark;    // 'e', 0 if none
    char vni_mark;      // '6'
};

struct keyed_syllable
{
    std::string text;
    std::vector<keyed_letter> letters;
    std::size_t tone_at = 0; // the letter that carries it
    std::size_t tone = 0;    // ngang huyền sắc hỏi ngã nặng
};

// Every syllable is_syllable accepts, found by trying onset × up to three vowels × ending × tone,
// without those that only place the tone in the other style (hoà).
const std::vector<keyed_syllable>& all_syllables();

enum class tone_key
{
    behind_vowel, // tieesng
    last,         // tieengs
};
enum class mark_keys
{
    behind_letter, // tieesng
    last,          // tiengse; one w for ươ
};
enum class input_method
{
    telex,
    vni
};

std::string
keystrokes(const keyed_syllable& syllable, input_method method, tone_key tone, mark_keys marks);

} // namespace motcua::text
