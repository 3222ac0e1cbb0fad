#include "utf8.hpp"

#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/slots.hpp>
#include <motcua/core/text/unicode.hpp>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

namespace motcua::text {
namespace {

using re2::RE2;
using re2::StringPiece;

constexpr std::size_t group_limit = 5;

struct match
{
    std::string_view text;   // the whole text
    std::string_view before; // folded words in front of the match, at most a few
    std::string_view after;  // the text behind the match
    std::array<std::string_view, group_limit> groups;

    std::string_view whole() const { return groups[0]; }
};

// How a kind is written. `read` gives the canonical form, or nothing if the match is something else
// after all; then the search goes on behind the match's first run of word characters.
struct reading
{
    slot_kind kind;
    std::ptrdiff_t fewest_digits; // a text with fewer needs no search
    const RE2* pattern;
    std::optional<std::string> (*read)(const match& found);
};

std::string digits_of(std::string_view text)
{
    std::string digits;
    for (const char letter : text)
        if (letter >= '0' && letter <= '9')
            digits.push_back(letter);
    return digits;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings)
{
    return std::any_of(endings.begin(), endings.end(), [text](std::string_view ending) {
        return text.ends_with(ending) &&
               (text.size() == ending.size() || text[text.size() - ending.size() - 1] == ' ');
    });
}

bool is_named_code(const match& found)
{
    return ends_with_any(
        found.before, {"ma", "ma so", "ma tt", "thu tuc", "ma thu tuc", "tthc", "ma tthc", "code"});
}

bool is_named_tax_code(const match& found)
{
    return ends_with_any(found.before, {"mst", "ma so thue", "thue", "ma thue"});
}

bool is_money(const match& found)
{
    static const RE2 unit(
        "(?i)^\\s?(?:đồng|đ|dong|vnđ|vnd|d|triệu|trieu|tr|tỷ|ty|nghìn|ngàn|k)(?:$|"
        "[^\\pL])");
    return RE2::PartialMatch(StringPiece(found.after.data(), found.after.size()), unit);
}

// "H15 50.05" -> "H15.50.05"; digits without anything between them are parted in twos, but for
// `first` leading ones.
std::string unit_code(std::string_view typed, std::size_t first)
{
    std::string code;
    std::string run;
    const auto flush = [&code, &run, &first] {
        while (!run.empty()) {
            const std::size_t odd = run.size() % 2 == 1 ? 3 : 2;
            const std::size_t size = std::min(first != 0 ? first : odd, run.size());
            if (!code.empty())
                code.push_back('.');
            code += run.substr(0, size);
            run.erase(0, size);
            first = 0;
        }
    };
    for (const char letter : typed) {
        if (is_digit(letter))
            run.push_back(letter);
        else
            flush();
    }
    flush();
    return code;
}

std::string filing_part(std::string_view date, std::string_view number)
{
    return "-" + std::string(date) + "-" + std::string(number);
}

std::optional<std::string> read_dossier_high_to_low(const match& found)
{
    const std::string rest = unit_code(found.groups[2], 0);
    return "H" + std::string(found.groups[1]) + (rest.empty() ? "" : "." + rest) +
           filing_part(found.groups[3], found.groups[4]);
}

std::optional<std::string> read_dossier_low_to_high(const match& found)
{
    return unit_code(found.groups[1], 3) + ".H" + std::string(found.groups[2]) +
           filing_part(found.groups[3], found.groups[4]);
}

// Any other unit code, typed as printed.
std::optional<std::string> read_dossier_exact(const match& found)
{
    std::string code(found.whole());
    for (char& letter : code)
        if (letter >= 'a' && letter <= 'z')
            letter = static_cast<char>(letter - 'a' + 'A');
    return code;
}

std::optional<std::string> read_procedure_code(const match& found)
{
    if (is_money(found))
        return std::nullopt;
    return std::string(found.groups[1]) + "." + digits_of(found.groups[2]);
}

std::optional<std::string> read_dotted_procedure_code(const match& found)
{
    if (!is_named_code(found) && (found.groups[2].ends_with("000") || is_money(found)))
        return std::nullopt;
    return read_procedure_code(found);
}

std::optional<std::string> read_bare_procedure_code(const match& found)
{
    const bool alone =
        found.before.empty() && found.after.find_first_not_of(" \t\n.?!") == std::string_view::npos;
    if (!is_named_code(found) && (!alone || found.groups[2].ends_with("000")))
        return std::nullopt;
    return read_procedure_code(found);
}

std::optional<std::string> read_citizen_id(const match& found)
{
    const std::string digits = digits_of(found.whole());
    // Province 001-096, then a digit for century and sex; 0 to 3 until the year 2099 (NĐ 137/2015).
    if (digits.substr(0, 3) > "096" || digits.substr(0, 3) == "000" || digits[3] > '3')
        return std::nullopt;
    return digits;
}

std::optional<std::string> read_old_citizen_id(const match& found)
{
    std::string digits = digits_of(found.whole());
    if (is_money(found) || digits.ends_with("000000"))
        return std::nullopt;
    return digits;
}

std::optional<std::string> read_phone(const match& found)
{
    static const RE2 mobile("0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])\\d{7}");
    static const RE2 landline("02\\d{9}");
    std::string digits = digits_of(found.whole());
    if (digits.starts_with("84") && digits.size() >= 11)
        digits.erase(0, 2);
    if (!digits.starts_with("0"))
        digits.insert(0, "0");
    if (!RE2::FullMatch(digits, mobile) && !RE2::FullMatch(digits, landline))
        return std::nullopt;
    if (is_named_tax_code(found))
        return std::nullopt;
    return digits;
}

std::optional<std::string> read_tax_code(const match& found)
{
    static constexpr std::array<int, 9> weights{31, 29, 23, 19, 17, 13, 7, 5, 3};
    const std::string digits = digits_of(found.groups[1]);
    int sum = 0;
    for (std::size_t at = 0; at < weights.size(); ++at)
        sum += weights.at(at) * (digits[at] - '0');
    if (10 - sum % 11 != digits[9] - '0' || digits.starts_with("000"))
        return std::nullopt;
    return digits + (found.groups[2].empty() ? "" : "-" + std::string(found.groups[2]));
}

std::string two_digits(int value)
{
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

// yyyy-mm-dd, or --mm-dd without a year (ISO 8601:2000).
std::optional<std::string> read_date(const match& found)
{
    static constexpr std::array<int, 12> month_days{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const auto number = [](std::string_view digits) {
        int value = 0;
        for (const char digit : digits)
            value = value * 10 + (digit - '0');
        return value;
    };
    const int day = number(found.groups[1]);
    const int month = number(found.groups[2]);
    if (month < 1 || month > 12 || day < 1 ||
        day > month_days.at(static_cast<std::size_t>(month) - 1))
        return std::nullopt;
    const std::string month_day = two_digits(month) + "-" + two_digits(day);
    if (found.groups[3].empty())
        return "--" + month_day;
    int year = number(found.groups[3]);
    if (year < 100)
        year += year < 50 ? 2000 : 1900;
    if (year < 1900 || year > 2099)
        return std::nullopt;
    if (month == 2 && day == 29 && (year % 4 != 0 || year == 1900))
        return std::nullopt;
    return std::to_string(year) + "-" + month_day;
}

std::optional<std::string> read_relative_date(const match& found)
{
    return lower(found.whole());
}

std::optional<std::string> read_url(const match& found)
{
    return std::string(found.whole());
}

// Specific before general: of two readings of the same length the earlier wins. A blank in a
// pattern stands for one of the separators people type.
const std::vector<reading>& readings()
{
    static const std::string filing = "(\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01]))"
                                      "[\\s._–-]{0,3}(\\d{3,8})";
    static const RE2 dossier_high_to_low(
        "(?i)h ?(\\d\\d)((?:[. ]{0,2}\\d{2,3}){0,6})[\\s._–-]{1,3}" + filing);
    static const RE2 dossier_low_to_high(
        "(?i)(\\d{3}(?:[. ]{0,2}\\d\\d){1,5})[. ]{0,2}h ?(\\d\\d)[\\s._–-]{1,3}" + filing);
    static const RE2 dossier_exact("(?i)[a-z0-9]{1,8}(?:\\.[a-z0-9]{1,8}){1,6}-"
                                   "\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])-\\d{3,8}");
    static const std::string suffix = "(?:[. ]{1,2}000[. ]{1,2}00[. ]{1,2}00[. ]{1,2}h ?\\d\\d)?";
    static const RE2 procedure_code("(?i)([1-9])[.,] ?([01]\\d{4,5})" + suffix);
    static const RE2 dotted_procedure_code("(?i)([1-9])\\.([01]\\d\\d[. ]\\d{3})" + suffix);
    static const RE2 bare_procedure_code("(?i)([1-3])([01]\\d{5})" + suffix);
    static const RE2 citizen_id(
        "0\\d{2}[ .-]?\\d{3}[ .-]?\\d{3}[ .-]?\\d{3}|0\\d{2}[ .-]\\d[ .-]\\d\\d[ .-]\\d{6}");
    static const RE2 old_citizen_id("\\d{9}|\\d{3} \\d{3} \\d{3}");
    static const RE2 tax_code("(\\d{10})(?: ?- ?(\\d{3}))?");
    static const std::string phone_start = "(?:\\(?\\+ ?84\\)?|0|84)";
    static const RE2 mobile(phone_start + "(?:[ .-]?\\(?\\d\\)?){9}");
    static const RE2 landline(phone_start + "(?:[ .-]?\\(?\\d\\)?){10}");
    static const RE2 date("(\\d\\d?)[/.-](\\d\\d?)[/.-](\\d{4}|\\d\\d)");
    static const RE2 date_in_words(
        "(?i)(?:ngày |ngay |mùng |mồng |mung |mong )?(\\d\\d?) ?(?:tháng|thang) ?(\\d\\d?)"
        "(?: ?(?:,? ?năm|,? ?nam|/) ?(\\d{4}))?");
    static const RE2 day_and_month("(?i)(?:ngày|ngay) (\\d\\d?) ?[/-] ?(\\d\\d?)()");
    static const RE2 relative_date(
        "(?i)hôm qua|hôm kia|hôm nay|ngày mai|ngày kia|hom qua|hom kia|hom nay|ngay mai|ngay kia");
    static const RE2 url("(?i)https?://[^\\s<>\"]+|"
                         "(?:[a-z0-9-]{1,63}\\.){1,8}(?:vn|com|net|org|info|edu|gov|me)"
                         "(?:/[^\\s<>\"]*)?");
    static const std::vector<reading> all{
        {slot_kind::url, 0, &url, read_url},
        {slot_kind::dossier_code, 11, &dossier_high_to_low, read_dossier_high_to_low},
        {slot_kind::dossier_code, 16, &dossier_low_to_high, read_dossier_low_to_high},
        {slot_kind::dossier_code, 9, &dossier_exact, read_dossier_exact},
        {slot_kind::procedure_code, 6, &procedure_code, read_procedure_code},
        {slot_kind::procedure_code, 7, &dotted_procedure_code, read_dotted_procedure_code},
        {slot_kind::procedure_code, 7, &bare_procedure_code, read_bare_procedure_code},
        {slot_kind::citizen_id, 12, &citizen_id, read_citizen_id},
        {slot_kind::phone, 10, &mobile, read_phone},
        {slot_kind::phone, 11, &landline, read_phone},
        {slot_kind::tax_code, 10, &tax_code, read_tax_code},
        {slot_kind::old_citizen_id, 9, &old_citizen_id, read_old_citizen_id},
        {slot_kind::date, 4, &date, read_date},
        {slot_kind::date, 2, &date_in_words, read_date},
        {slot_kind::date, 2, &day_and_month, read_date},
        {slot_kind::date, 0, &relative_date, read_relative_date},
    };
    return all;
}

// True if a word goes on across byte `at`.
bool parts_word(std::string_view text, std::size_t at)
{
    if (at == 0 || at >= text.size())
        return false;
    std::size_t before = at - 1;
    while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0U) == 0x80U)
        --before;
    std::size_t after = at;
    return is_word_character(next_code_point(text, before)) &&
           is_word_character(next_code_point(text, after));
}

// Up to three folded words in front of byte `end`.
std::string words_before(std::string_view text, std::size_t end)
{
    constexpr std::size_t reach = 40; // bytes; enough for three words
    std::size_t begin = end > reach ? end - reach : 0;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U)
        --begin;
    const std::string folded = fold(text.substr(begin, end - begin));
    std::string words;
    for (const char letter : folded) {
        const bool separator =
            std::string_view(" \t\n:.,;-()#\"'?!").find(letter) != std::string_view::npos;
        if (!separator)
            words.push_back(letter);
        else if (!words.empty() && words.back() != ' ')
            words.push_back(' ');
    }
    if (words.ends_with(' '))
        words.pop_back();
    return words;
}

// The end of a URL without the punctuation of the sentence around it.
std::size_t url_end(std::string_view text, std::size_t begin, std::size_t end)
{
    while (end > begin &&
           std::string_view(".,;:!?)'\"").find(text[end - 1]) != std::string_view::npos)
        --end;
    return end;
}

std::size_t end_of_word(std::string_view text, std::size_t at)
{
    std::size_t next = at;
    while (next < text.size()) {
        at = next;
        if (!is_word_character(next_code_point(text, next)))
            return at == next ? next : at;
    }
    return text.size();
}

void find_all(const reading& kind, std::string_view text, std::vector<slot>& found)
{
    std::array<StringPiece, group_limit> pieces;
    const StringPiece whole(text.data(), text.size());
    const int groups = kind.pattern->NumberOfCapturingGroups() + 1;
    for (std::size_t from = 0; from < text.size();) {
        if (!kind.pattern->Match(whole, from, text.size(), RE2::UNANCHORED, pieces.data(), groups))
            return;
        match one;
        for (std::size_t at = 0; at < group_limit; ++at)
            if (static_cast<int>(at) < groups && pieces.at(at).data() != nullptr)
                one.groups.at(at) = {pieces.at(at).data(), pieces.at(at).size()};
        const auto begin = static_cast<std::size_t>(one.whole().data() - text.data());
        std::size_t end = begin + one.whole().size();
        if (kind.kind == slot_kind::url) {
            end = url_end(text, begin, end);
            one.groups[0] = text.substr(begin, end - begin);
        }
        const bool mail = kind.kind == slot_kind::url && begin > 0 && text[begin - 1] == '@';
        if (!mail && !parts_word(text, begin) && !parts_word(text, end)) {
            const std::string before = words_before(text, begin);
            one.text = text;
            one.before = before;
            one.after = text.substr(end);
            if (auto value = kind.read(one)) {
                found.push_back({kind.kind, std::move(*value), begin, end});
                from = end;
                continue;
            }
        }
        from = std::max(begin + 1, end_of_word(text, begin));
    }
}

bool is_masked_length(std::size_t digits)
{
    return digits == 9 || digits == 10 || digits == 12 || digits == 13;
}

struct digit_group
{
    std::size_t begin;
    std::size_t end;
};

// Appends the groups with the digits of every window of a masked length replaced but for the last
// two; leftmost, longest windows first.
void append_masked(
    std::string& result, std::string_view text, const std::vector<digit_group>& groups)
{
    std::size_t copied = groups.front().begin;
    for (std::size_t first = 0; first < groups.size();) {
        std::size_t digits = 0;
        std::size_t masked = 0;
        std::size_t behind = first + 1;
        for (std::size_t last = first; last < groups.size() && digits <= 13; ++last) {
            digits += groups[last].end - groups[last].begin;
            if (is_masked_length(digits)) {
                masked = digits;
                behind = last + 1;
            }
        }
        if (masked != 0) {
            result += text.substr(copied, groups[first].begin - copied);
            copied = groups[behind - 1].end;
            for (std::size_t at = groups[first].begin; at < copied; ++at) {
                if (is_digit(text[at]) && masked > 2) {
                    result += "•";
                    --masked;
                } else {
                    result.push_back(text[at]);
                }
            }
        }
        first = behind;
    }
    result += text.substr(copied, groups.back().end - copied);
}

} // namespace

std::string_view name(slot_kind kind)
{
    switch (kind) {
    case slot_kind::dossier_code:
        return "dossier_code";
    case slot_kind::procedure_code:
        return "procedure_code";
    case slot_kind::citizen_id:
        return "citizen_id";
    case slot_kind::old_citizen_id:
        return "old_citizen_id";
    case slot_kind::tax_code:
        return "tax_code";
    case slot_kind::phone:
        return "phone";
    case slot_kind::date:
        return "date";
    case slot_kind::url:
        return "url";
    }
    return "unknown";
}

std::vector<slot> find_slots(std::string_view nfc)
{
    std::vector<slot> found;
    const std::ptrdiff_t digits = std::count_if(nfc.begin(), nfc.end(), is_digit);
    const bool dotted = nfc.find_first_of(".:") != std::string_view::npos;
    for (const reading& kind : readings())
        if (digits >= kind.fewest_digits && (dotted || kind.kind != slot_kind::url))
            find_all(kind, nfc, found);
    // Longest first, then the more specific, which was found first.
    std::stable_sort(found.begin(), found.end(), [](const slot& left, const slot& right) {
        return left.end - left.begin > right.end - right.begin;
    });
    std::vector<slot> chosen;
    for (slot& candidate : found) {
        const auto behind = std::lower_bound(
            chosen.begin(), chosen.end(), candidate.begin, [](const slot& one, std::size_t begin) {
                return one.begin < begin;
            });
        const bool free = (behind == chosen.end() || behind->begin >= candidate.end) &&
                          (behind == chosen.begin() || std::prev(behind)->end <= candidate.begin);
        if (free)
            chosen.insert(behind, std::move(candidate));
    }
    return chosen;
}

std::string mask_numbers(std::string_view utf8)
{
    std::string result;
    result.reserve(utf8.size());
    std::vector<digit_group> groups;
    for (std::size_t at = 0; at < utf8.size();) {
        if (!is_digit(utf8[at])) {
            result.push_back(utf8[at++]);
            continue;
        }
        groups.clear();
        std::size_t next = at;
        do {
            at = next;
            while (next < utf8.size() && is_digit(utf8[next]))
                ++next;
            groups.push_back({at, next});
            at = next;
            if (next < utf8.size() &&
                std::string_view(" .-").find(utf8[next]) != std::string_view::npos)
                ++next;
        } while (next < utf8.size() && is_digit(utf8[next]));
        append_masked(result, utf8, groups);
    }
    return result;
}

} // namespace motcua::text
