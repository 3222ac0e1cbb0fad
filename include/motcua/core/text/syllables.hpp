#pragma once

#include <optional>
#include <string>
#include <string_view>

// The Vietnamese syllable: onset × rime × tone.
namespace motcua::text {

// True if the lower-case NFC word is a Vietnamese syllable with marks as spelling demands ("khai",
// "sổ", "nghiêng").
bool is_syllable(std::string_view lower_nfc);

// True if the folded word is some syllable with its marks taken off ("so", "nghieng").
bool is_folded_syllable(std::string_view folded);

// True if some tone makes the lower-case NFC word a syllable: "đươc", but not "đợc".
bool has_syllable_letters(std::string_view lower_nfc);

// Tone marks moved to the place today's spelling gives them: hoà -> hòa, thuỷ -> thủy. Other text
// is unchanged.
std::string unify_tone_placement(std::string_view lower_nfc);

// True if whoever typed the one word can mean the other: the same letters with all, some or none of
// their marks. Hỏi and ngã, which half of the country says alike, count as one. Both lower-case
// NFC.
bool can_mean(std::string_view typed, std::string_view meant);

// The syllable a Telex or VNI keystroke run stands for: "ddaats" -> "đất", "d9at61" -> "đất"; free
// order of the tone key. Empty if the run decodes to no valid syllable, or decodes to itself.
std::optional<std::string> decode_keystrokes(std::string_view lower_ascii);

} // namespace motcua::text
