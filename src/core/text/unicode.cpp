#include "utf8.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <limits>
#include <span>

namespace motcua::text {
namespace {

constexpr std::size_t marks_per_letter = 30; // stream-safe format, Unicode Annex 15, section 13

constexpr char32_t table_end = 0x2000; // Latin and its extensions, Vietnamese among them

bool is_dropped(char32_t code_point)
{
    return (code_point < 0x20 && code_point != U'\t' && code_point != U'\n') ||
           (code_point >= 0x200B && code_point <= 0x200D) || code_point == 0x2060 ||
           code_point == 0xFEFF;
}

// True if no earlier character can compose with this one, so that normalising may begin afresh.
bool is_boundary(char32_t code_point)
{
    return code_point < 0x300 || (code_point >= 0x1E00 && code_point <= 0x1EFF) ||
           (code_point >= 0x2010 && code_point < 0x2070);
}

// Appends the NFC of code points that begin at a boundary.
void append_composed(std::string& bytes, std::vector<utf8proc_int32_t>& chunk)
{
    if (chunk.size() == 1 && is_boundary(static_cast<char32_t>(chunk.front()))) {
        append(bytes, static_cast<char32_t>(chunk.front()));
        return;
    }
    std::string source;
    for (const utf8proc_int32_t value : chunk)
        append(source, static_cast<char32_t>(value));
    const auto* const begin = reinterpret_cast<const utf8proc_uint8_t*>(source.data());
    const auto size = static_cast<utf8proc_ssize_t>(source.size());
    constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    // The decomposition of a code point has at most four (Unicode's canonical mappings, fully
    // expanded).
    std::vector<utf8proc_int32_t> buffer(chunk.size() * 4 + 1);
    const utf8proc_ssize_t length = utf8proc_decompose(
        begin, size, buffer.data(), static_cast<utf8proc_ssize_t>(buffer.size()), options);
    if (length < 0 || length >= static_cast<utf8proc_ssize_t>(buffer.size())) {
        bytes += source;
        return;
    }
    const utf8proc_ssize_t composed = utf8proc_normalize_utf32(buffer.data(), length, options);
    for (utf8proc_ssize_t at = 0; at < composed; ++at)
        append(bytes, static_cast<char32_t>(buffer[static_cast<std::size_t>(at)]));
}

// The folded code point, or 0 for one that folding drops.
char32_t fold_slowly(char32_t code_point)
{
    if (is_combining(code_point))
        return 0;
    if (code_point == U'đ' || code_point == U'Đ')
        return U'd';
    std::array<utf8proc_int32_t, 8> parts{};
    int boundclass = 0;
    const utf8proc_ssize_t count = utf8proc_decompose_char(
        static_cast<utf8proc_int32_t>(code_point),
        parts.data(),
        static_cast<utf8proc_ssize_t>(parts.size()),
        UTF8PROC_DECOMPOSE,
        &boundclass);
    for (utf8proc_ssize_t at = 1; at < count; ++at)
        if (!is_combining(static_cast<char32_t>(parts.at(static_cast<std::size_t>(at)))))
            return code_point; // Hangul and the like: nothing to take off
    return count < 1 ? code_point : lower(static_cast<char32_t>(parts.front()));
}

struct letter_tables
{
    std::array<char16_t, table_end> lower{};
    std::array<char16_t, table_end> fold{};
    std::array<bool, table_end> word{};
};

bool is_word_slowly(char32_t code_point)
{
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
        return true;
    default:
        return false;
    }
}

char32_t lower_slowly(char32_t code_point)
{
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code_point)));
}

const letter_tables& tables()
{
    static const letter_tables built = [] {
        letter_tables made;
        for (char32_t value = 0; value < table_end; ++value) {
            const char32_t small = lower_slowly(value);
            made.lower.at(value) = static_cast<char16_t>(small <= 0xFFFF ? small : value);
            made.word.at(value) = is_word_slowly(value);
        }
        return made;
    }();
    return built;
}

// Apart from the other tables because folding asks them for lower case.
const std::array<char16_t, table_end>& fold_table()
{
    static const std::array<char16_t, table_end> built = [] {
        std::array<char16_t, table_end> made{};
        for (char32_t value = 0; value < table_end; ++value)
            made.at(value) = static_cast<char16_t>(fold_slowly(lower(value)));
        return made;
    }();
    return built;
}

// Behind the ASCII characters that begin at `at`.
std::size_t end_of_ascii(std::string_view utf8, std::size_t at)
{
    while (at < utf8.size() && static_cast<unsigned char>(utf8[at]) < 0x80)
        ++at;
    return at;
}

} // namespace

char32_t lower(char32_t code_point)
{
    return code_point < table_end ? tables().lower[code_point] : lower_slowly(code_point);
}

bool is_word_character(char32_t code_point)
{
    return code_point < table_end ? tables().word[code_point] : is_word_slowly(code_point);
}

mapped_text to_mapped_nfc(std::string_view raw, std::size_t limit)
{
    mapped_text result;
    result.nfc.reserve(raw.size());
    std::vector<utf8proc_int32_t> chunk;
    std::size_t chunk_begin = 0;
    std::size_t chunk_end = 0;
    std::size_t marks = 0;
    const auto flush = [&result, &chunk, &chunk_begin, &chunk_end] {
        if (chunk.empty())
            return;
        append_composed(result.nfc, chunk);
        result.raw_begin.resize(result.nfc.size(), static_cast<std::uint32_t>(chunk_begin));
        result.raw_end.resize(result.nfc.size(), static_cast<std::uint32_t>(chunk_end));
        chunk.clear();
    };
    std::size_t seen = 0;
    for (std::size_t at = 0; at < raw.size() && seen < limit; ++seen) {
        const std::size_t begin = at;
        const char32_t value = next_code_point(raw, at);
        if (is_dropped(value))
            continue;
        marks = is_combining(value) ? marks + 1 : 0;
        if (marks > marks_per_letter)
            continue;
        if (is_boundary(value))
            flush();
        if (chunk.empty())
            chunk_begin = begin;
        chunk.push_back(static_cast<utf8proc_int32_t>(value));
        chunk_end = at;
    }
    flush();
    return result;
}

// What is composed already and has nothing to be dropped: nearly every text.
bool is_plainly_nfc(std::string_view raw)
{
    for (std::size_t at = 0; at < raw.size();) {
        const char32_t value = next_code_point(raw, at);
        if (!is_boundary(value) || is_dropped(value))
            return false;
    }
    return true;
}

std::string to_nfc(std::string_view raw)
{
    if (is_plainly_nfc(raw))
        return std::string(raw);
    return to_mapped_nfc(raw, std::numeric_limits<std::size_t>::max()).nfc;
}

bool is_nfc(std::string_view bytes)
{
    std::vector<utf8proc_int32_t> chunk;
    std::string composed;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t begin = at;
        const char32_t value = next_code_point(bytes, at);
        if (value == replacement_character && bytes.substr(begin, at - begin) != "\xEF\xBF\xBD")
            return false;
        if (is_boundary(value) && !chunk.empty()) {
            append_composed(composed, chunk);
            chunk.clear();
        }
        chunk.push_back(static_cast<utf8proc_int32_t>(value));
    }
    if (!chunk.empty())
        append_composed(composed, chunk);
    return composed == bytes;
}

std::string lower(std::string_view nfc)
{
    const auto& table = tables().lower;
    std::string result;
    result.reserve(nfc.size());
    for (std::size_t at = 0; at < nfc.size();) {
        const std::size_t begin = at;
        at = end_of_ascii(nfc, at);
        result.append(nfc, begin, at - begin);
        for (char& letter : std::span(result).last(at - begin))
            if (letter >= 'A' && letter <= 'Z')
                letter = static_cast<char>(letter | 0x20);
        if (at < nfc.size()) {
            const char32_t value = next_code_point(nfc, at);
            append(result, value < table_end ? table[value] : lower_slowly(value));
        }
    }
    return result;
}

char32_t fold(char32_t code_point)
{
    return code_point < table_end ? fold_table()[code_point] : fold_slowly(lower(code_point));
}

std::string fold(std::string_view nfc)
{
    std::string result;
    result.reserve(nfc.size());
    for (std::size_t at = 0; at < nfc.size();) {
        if (const char32_t folded = fold(next_code_point(nfc, at)); folded != 0)
            append(result, folded);
    }
    return result;
}

std::size_t code_points(std::string_view utf8)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < utf8.size(); ++count) {
        const std::size_t begin = at;
        at = end_of_ascii(utf8, at);
        count += at - begin;
        if (at == utf8.size())
            break;
        next_code_point(utf8, at);
    }
    return count;
}

std::string_view prefix(std::string_view utf8, std::size_t limit)
{
    if (utf8.size() <= limit)
        return utf8;
    std::size_t cut = 0; // where the last letter begins
    std::size_t seen = 0;
    for (std::size_t at = 0; at < utf8.size(); ++seen) {
        const std::size_t begin = at;
        if (!is_combining(next_code_point(utf8, at)))
            cut = begin;
        if (seen == limit)
            return utf8.substr(0, cut);
    }
    return utf8;
}

} // namespace motcua::text
