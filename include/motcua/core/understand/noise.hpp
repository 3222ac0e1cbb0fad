#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// What phones, keyboards and haste do to a message: for noisy training copies and for measuring
// (understanding.md sections 1 and 7).
namespace motcua::understand {

enum class noise_kind : std::uint8_t
{
    no_marks,        // "dang ky khai sinh"
    typos,           // neighbouring, missing, doubled and swapped letters
    telex,           // the keystrokes of a switched-off Telex keyboard: "ddawng kys"
    vni,             // the same of VNI: "d9a8ng ky1"
    half_telex,      // the keyboard caught some words, left others as keystrokes or without marks
    teencode,        // "ko", "dc", "j", "ntn"
    missing_blanks,  // "đăngký khai sinh"
    doubled_letters, // "giấyy tờ ơii"
    dropped_tones,   // "đăng ky", "giây tơ": letters kept, tones lost here and there
    blend            // several of these in one message
};

inline constexpr std::array all_noise_kinds{
    noise_kind::no_marks,
    noise_kind::typos,
    noise_kind::telex,
    noise_kind::vni,
    noise_kind::half_telex,
    noise_kind::teencode,
    noise_kind::missing_blanks,
    noise_kind::doubled_letters,
    noise_kind::dropped_tones,
    noise_kind::blend};

// As the enumerator is written.
std::string_view name(noise_kind kind);

// The text in lower case with noise. Pure: the same text, kind and seed give the same bytes on
// every machine. Words with digits in them stay as they are. Valid NFC in, valid UTF-8 out.
std::string add_noise(std::string_view nfc, noise_kind kind, std::uint64_t seed);

} // namespace motcua::understand
