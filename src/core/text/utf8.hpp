#pragma once

#include <utf8proc.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What the files of this folder share: code points in and out, and the Vietnamese vowels.
namespace motcua::text {

inline constexpr char32_t replacement_character = 0xFFFD;

// The code point at `at`, which moves behind it. An invalid byte gives U+FFFD and moves by one.
inline char32_t next_code_point(std::string_view bytes, std::size_t& at)
{
    const auto first = static_cast<unsigned char>(bytes[at]);
    if (first < 0x80) {
        ++at;
        return first;
    }
    // Nearly all there is besides: two bytes, and three but those that begin with E0 or ED.
    const auto rest = [bytes, at](std::size_t place) -> unsigned {
        const auto byte = static_cast<unsigned char>(bytes[at + place]);
        return (byte & 0xC0U) == 0x80U ? byte & 0x3FU : 0x100U;
    };
    if (first >= 0xC2 && first <= 0xDF && bytes.size() - at >= 2) {
        if (const auto second = rest(1); second < 0x40) {
            at += 2;
            return (first & 0x1FU) << 6U | second;
        }
    } else if (first >= 0xE1 && first <= 0xEC && bytes.size() - at >= 3) {
        const auto second = rest(1);
        const auto third = rest(2);
        if (second < 0x40 && third < 0x40) {
            at += 3;
            return (first & 0x0FU) << 12U | second << 6U | third;
        }
    }
    utf8proc_int32_t value = -1;
    const utf8proc_ssize_t used = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(bytes.data() + at),
        static_cast<utf8proc_ssize_t>(bytes.size() - at),
        &value);
    if (used <= 0) {
        ++at;
        return replacement_character;
    }
    at += static_cast<std::size_t>(used);
    return static_cast<char32_t>(value);
}

inline void append(std::string& bytes, char32_t code_point)
{
    if (code_point < 0x80) {
        bytes.push_back(static_cast<char>(code_point));
        return;
    }
    std::array<utf8proc_uint8_t, 4> encoded{};
    utf8proc_ssize_t used = 2;
    if (code_point < 0x800) {
        encoded[0] = static_cast<utf8proc_uint8_t>(0xC0U | code_point >> 6U);
        encoded[1] = static_cast<utf8proc_uint8_t>(0x80U | (code_point & 0x3FU));
    } else {
        used = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), encoded.data());
    }
    bytes.append(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(used));
}

inline bool is_combining(char32_t code_point)
{
    if (code_point < 0x300 || (code_point >= 0x1E00 && code_point < 0x1F00))
        return false; // Vietnamese letters among them
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(code_point));
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_ME;
}

char32_t lower(char32_t code_point);

// Lower case without marks; 0 for a mark itself.
char32_t fold(char32_t code_point);

// Letters and digits, the stuff of tokens.
bool is_word_character(char32_t code_point);

// The NFC of the first `limit` code points of a text, and where each of its bytes came from.
struct mapped_text
{
    std::string nfc;
    std::vector<std::uint32_t> raw_begin; // per byte of nfc: the raw range of its letter
    std::vector<std::uint32_t> raw_end;
};
mapped_text to_mapped_nfc(std::string_view raw, std::size_t limit);

// Vowels with their quality, times tone: a ă â e ê i o ô ơ u ư y, times ngang huyền sắc hỏi ngã
// nặng.
inline constexpr std::size_t tone_count = 6;
inline constexpr std::array<std::u32string_view, 12> vowels{
    U"aàáảãạ",
    U"ăằắẳẵặ",
    U"âầấẩẫậ",
    U"eèéẻẽẹ",
    U"êềếểễệ",
    U"iìíỉĩị",
    U"oòóỏõọ",
    U"ôồốổỗộ",
    U"ơờớởỡợ",
    U"uùúủũụ",
    U"ưừứửữự",
    U"yỳýỷỹỵ",
};

} // namespace motcua::text
