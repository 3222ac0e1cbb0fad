#include "wording.hpp"

#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace motcua::procedures {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_letter_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           static_cast<unsigned char>(byte) >= 0x80U;
}

// Position of `word` in `lower_text` from `from` on, standing between non-letters.
std::size_t find_word(std::string_view lower_text, std::string_view word, std::size_t from)
{
    for (auto at = lower_text.find(word, from); at != std::string_view::npos;
         at = lower_text.find(word, at + 1)) {
        const auto end = at + word.size();
        const bool starts = at == 0 || !is_letter_byte(lower_text[at - 1]);
        const bool ends = end == lower_text.size() || !is_letter_byte(lower_text[end]);
        if (starts && ends)
            return at;
    }
    return std::string_view::npos;
}

// Length of a mark such as "a)", "(1.2)", "1.2.", "IV." at the front; 0 if there is none.
std::size_t enumeration_length(std::string_view text)
{
    std::size_t at = 0;
    if (text.starts_with("đ)"))
        return std::string_view("đ)").size();
    const bool opened = !text.empty() && text.front() == '(';
    if (opened)
        at = 1;
    const auto body = at;
    while (at < text.size() && at - body < 6 &&
           (text::is_digit(text[at]) || text[at] == '.' || (text[at] >= 'a' && text[at] <= 'z') ||
            text[at] == 'I' || text[at] == 'V' || text[at] == 'X'))
        ++at;
    if (at == body)
        return 0;
    const auto mark = text.substr(body, at - body);
    const bool letters = mark.find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos;
    if (at < text.size() && text[at] == ')')
        return letters && mark.size() > 3 ? 0 : at + 1; // "(nếu có)" is no mark
    if (!opened && mark.back() == '.' && !letters && at < text.size() && text[at] == ' ')
        return at;
    return 0;
}

} // namespace

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (const auto line = trimmed(text.substr(0, end)); !line.empty())
            lines.push_back(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

std::string_view without_list_mark(std::string_view text)
{
    constexpr std::array<std::string_view, 5> bullets{"-", "+", "*", "•", "–"};
    for (bool changed = true; changed;) {
        changed = false;
        text = trimmed(text);
        for (const auto bullet : bullets) {
            if (text.starts_with(bullet)) {
                text.remove_prefix(bullet.size());
                changed = true;
            }
        }
        if (const auto length = enumeration_length(text); length != 0) {
            text.remove_prefix(length);
            changed = true;
        }
    }
    while (!text.empty() && (text.back() == ':' || text.back() == ' '))
        text.remove_suffix(1);
    return text;
}

std::string shortened(std::string_view text, std::size_t limit)
{
    if (text::code_points(text) <= limit)
        return std::string(text);
    if (limit == 0)
        return {};
    auto cut = text::prefix(text, limit - 1);
    // A cut in the middle of a word goes back to the blank before it, unless that loses too much.
    if (cut.size() < text.size() && text[cut.size()] != ' ') {
        if (const auto blank = cut.rfind(' '); blank != std::string_view::npos && blank > 0)
            cut = cut.substr(0, blank);
    }
    while (!cut.empty() && std::string_view(" ,;:(-").find(cut.back()) != std::string_view::npos)
        cut.remove_suffix(1);
    return std::string(cut) + "…";
}

std::string one_line(std::string_view text)
{
    std::string line;
    line.reserve(text.size());
    for (const char byte : trimmed(text)) {
        const bool blank = blanks.find(byte) != std::string_view::npos;
        if (!blank)
            line += byte;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    return line;
}

std::string capitalised(std::string_view text)
{
    // The lower-case letters of Vietnamese and their capitals have the same size in UTF-8.
    static const std::vector<std::pair<std::string, std::string>> pairs = [] {
        std::vector<std::pair<std::string, std::string>> built;
        constexpr std::string_view capitals =
            "ĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ";
        for (std::string_view rest = capitals; !rest.empty();) {
            const auto letter = text::prefix(rest, 1);
            built.emplace_back(text::lower(letter), std::string(letter));
            rest.remove_prefix(letter.size());
        }
        return built;
    }();
    if (text.empty())
        return {};
    if (text.front() >= 'a' && text.front() <= 'z')
        return static_cast<char>(text.front() - 'a' + 'A') + std::string(text.substr(1));
    for (const auto& [small, capital] : pairs) {
        if (text.starts_with(small))
            return capital + std::string(text.substr(small.size()));
    }
    return std::string(text);
}

bool has_word(std::string_view lower_text, std::string_view word)
{
    return find_word(lower_text, word, 0) != std::string_view::npos;
}

bool names_district(std::string_view text)
{
    const auto lower = text::lower(text);
    return has_word(lower, "huyện") || has_word(lower, "cấp quận") || has_word(lower, "ubnd quận");
}

std::string without_districts(std::string_view text)
{
    // Lists first, so that what remains of them still reads well.
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> phrases{{
        {"cấp tỉnh, cấp huyện, cấp xã", "cấp tỉnh, cấp xã"},
        {"cấp tỉnh, huyện, xã", "cấp tỉnh, cấp xã"},
        {"cấp huyện, cấp xã", "cấp xã"},
        {"cấp huyện và cấp xã", "cấp xã"},
        {"cấp huyện hoặc cấp xã", "cấp xã"},
        {"cấp tỉnh, cấp huyện", "cấp tỉnh"},
        {"cấp tỉnh và cấp huyện", "cấp tỉnh"},
        {"cấp tỉnh hoặc cấp huyện", "cấp tỉnh"},
        {"ủy ban nhân dân cấp huyện", "cơ quan có thẩm quyền"},
        {"uỷ ban nhân dân cấp huyện", "cơ quan có thẩm quyền"},
        {"ubnd cấp huyện", "cơ quan có thẩm quyền"},
        {"ủy ban nhân dân huyện", "cơ quan có thẩm quyền"},
        {"uỷ ban nhân dân huyện", "cơ quan có thẩm quyền"},
        {"ubnd huyện", "cơ quan có thẩm quyền"},
        {"cấp huyện", "cấp có thẩm quyền"},
        {"quận, huyện", "địa phương"},
        {"quận/huyện", "địa phương"},
    }};
    std::string result(text);
    auto lower = text::lower(result);
    // Lower-casing keeps the size of every Vietnamese letter; for others nothing is replaced. Every
    // phrase has this word.
    if (lower.size() != result.size() || lower.find("huyện") == std::string::npos)
        return result;
    for (const auto& [old_words, new_words] : phrases) {
        for (auto at = find_word(lower, old_words, 0); at != std::string::npos;
             at = find_word(lower, old_words, at + new_words.size())) {
            result.replace(at, old_words.size(), new_words);
            lower.replace(at, old_words.size(), new_words);
        }
    }
    return result;
}

std::string date_text(date day)
{
    std::array<char, 32> buffer{};
    const int size = std::snprintf(
        buffer.data(),
        buffer.size(),
        "%02u/%02u/%04d",
        static_cast<unsigned>(day.day()),
        static_cast<unsigned>(day.month()),
        static_cast<int>(day.year()));
    return {buffer.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string amount_text(std::int64_t amount_vnd)
{
    auto digits = std::to_string(amount_vnd);
    for (std::size_t from_end = 3; from_end < digits.size(); from_end += 4)
        digits.insert(digits.size() - from_end, ".");
    return digits + " đồng";
}

std::string quantity_text(int quantity, time_unit unit)
{
    const auto number = std::to_string(quantity);
    switch (unit) {
    case time_unit::hour:
        return number + " giờ";
    case time_unit::day:
        return number + " ngày";
    case time_unit::working_day:
        return number + " ngày làm việc";
    case time_unit::month:
        return number + " tháng";
    case time_unit::unknown:
        break;
    }
    return {}; // a number without a unit says nothing and must not be printed
}

} // namespace motcua::procedures
