#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/complaints/search.hpp>
#include <motcua/core/text/slots.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace motcua::complaints {
namespace {

constexpr std::string_view dossier_mark = "hs"; // keeps codes apart from words

bool is_ascii_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Punctuation, blanks and symbols beyond ASCII; of UTF-8, at `place`.
bool is_break(std::string_view text, std::size_t place)
{
    const auto byte = [text](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const unsigned first = byte(place);
    const unsigned second = byte(place + 1);
    return first == 0xC2 ||                                       // U+0080 to U+00BF
           (first == 0xE2 && second >= 0x80 && second <= 0xAF) || // U+2000 to U+2BFF
           (first == 0xE3 && second == 0x80) ||                   // U+3000 to U+303F
           (first == 0xEF && second >= 0xB8) ||                   // U+FE00 and above
           first >= 0xF0;                                         // emoji
}

std::size_t length_of(unsigned char first)
{
    if (first >= 0xF0)
        return 4;
    return first >= 0xE0 ? 3 : 2;
}

// Other scripts are written as the hexadecimal of their bytes.
void append_hex(std::string& word, std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : bytes) {
        word += digits[static_cast<unsigned char>(c) >> 4U];
        word += digits[static_cast<unsigned char>(c) & 15U];
    }
}

template <class Take>
void each_word(std::string_view text, Take take)
{
    const auto folded = text::fold(text::to_nfc(text));
    const std::string_view all = folded;
    std::string word;
    const auto end_word = [&word, &take] {
        if (!word.empty())
            take(std::exchange(word, {}));
    };
    for (std::size_t i = 0; i < all.size();) {
        const char c = all[i];
        if (is_ascii_word(c)) {
            word += c;
            ++i;
        } else if (static_cast<unsigned char>(c) < 0x80) {
            end_word();
            ++i;
        } else {
            const auto bytes = all.substr(i, length_of(static_cast<unsigned char>(c)));
            if (is_break(all, i))
                end_word();
            else
                append_hex(word, bytes);
            i += bytes.size();
        }
    }
    end_word();
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> pieces;
    std::string piece;
    for (const char c : text) {
        if (!is_blank(c)) {
            piece += c;
        } else if (!piece.empty()) {
            pieces.push_back(std::exchange(piece, {}));
        }
    }
    if (!piece.empty())
        pieces.push_back(std::move(piece));
    return pieces;
}

std::string code_prefix(std::string_view written)
{
    std::string prefix;
    for (const char c : written)
        prefix += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!prefix.starts_with("PA"))
        prefix.insert(0, prefix.starts_with('-') ? "PA" : "PA-");
    return prefix;
}

std::string phone_of(std::string_view written)
{
    for (auto& slot : text::find_slots(written))
        if (slot.kind == text::slot_kind::phone)
            return std::move(slot.value);
    return {};
}

bool is_part_of_number(std::string_view piece)
{
    return std::ranges::all_of(
        piece, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+'; });
}

} // namespace

std::string search_words(std::string_view text)
{
    std::set<std::string> seen;
    std::string words;
    const auto take = [&seen, &words](const std::string& word) {
        if (!seen.insert(word).second)
            return;
        if (!words.empty())
            words += ' ';
        words += word;
    };
    each_word(text, take);
    for (const auto& slot : text::find_slots(text::to_nfc(text)))
        if (slot.kind == text::slot_kind::dossier_code)
            take(dossier_word(slot.value));
    return words;
}

std::string dossier_word(std::string_view code)
{
    std::string word;
    each_word(code, [&word](const std::string& piece) { word += piece; });
    return word.empty() ? word : std::string(dossier_mark) + word;
}

std::string label_key(std::string_view label)
{
    std::string key;
    each_word(label, [&key](const std::string& piece) { key += piece; });
    return key;
}

search_terms parse_search(std::string_view query)
{
    search_terms found;
    auto rest = text::to_nfc(query);
    if (auto code = find_receipt_code(rest)) {
        rest.replace(code->begin, code->end - code->begin, " ");
        found.code_prefixes.push_back(code->code);
        found.exact_code = std::move(code->code);
    }
    std::string plain;
    const auto pieces = split(rest);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto& piece = pieces[i];
        const auto folded = text::fold(piece);
        const auto value =
            std::string_view(folded).substr(std::min(folded.find(':') + 1, folded.size()));
        if (folded.starts_with("sdt:")) {
            std::string number(value);
            while (i + 1 < pieces.size() && is_part_of_number(pieces[i + 1]))
                number += ' ' + pieces[++i];
            found.phone = phone_of(number);
        } else if (folded.starts_with("ma:")) {
            if (!value.empty())
                found.code_prefixes.push_back(code_prefix(value));
        } else if (folded.starts_with("hs:")) {
            if (auto word = dossier_word(value); !word.empty())
                found.words.push_back(std::move(word));
        } else if (piece.starts_with('#')) {
            if (auto key = label_key(piece); !key.empty())
                found.labels.push_back(std::move(key));
        } else {
            plain += piece + ' ';
        }
    }
    each_word(plain, [&found](std::string word) {
        if (std::ranges::find(found.words, word) == found.words.end())
            found.words.push_back(std::move(word));
    });
    return found;
}

} // namespace motcua::complaints
