#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/text/ascii.hpp>

#include <array>
#include <cstdio>

namespace motcua::complaints {
namespace {

// A prime number of letters, without those that look like digits (I, O, S): with the weights 1, 2,
// 3, … modulo a prime, every replaced digit and every swap of neighbours changes the letter.
constexpr std::string_view letters = "ABCDEFGHJKLMNPQRTUVWXYZ";
static_assert(letters.size() == 23);

constexpr std::size_t day_digits = 6;
constexpr std::size_t fewest_digits = day_digits + 4;
constexpr std::size_t most_digits = day_digits + 6;
constexpr std::size_t longest_text = 40; // bytes of a code with all its decoration

char upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_word(char c)
{
    return text::is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_gap(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '_' || c == '\t';
}

char check_letter(std::string_view digits)
{
    std::size_t sum = 0;
    std::size_t weight = 0;
    for (const char digit : digits)
        sum += ++weight * static_cast<std::size_t>(digit - '0');
    return letters[sum % letters.size()];
}

std::string canonical(std::string_view digits)
{
    std::string code = "PA-";
    code += digits.substr(0, day_digits);
    code += '-';
    code += digits.substr(day_digits);
    return code + check_letter(digits);
}

bool is_day(std::string_view digits)
{
    const auto two = [digits](std::size_t at) {
        return (digits[at] - '0') * 10 + (digits[at + 1] - '0');
    };
    return std::chrono::year_month_day{
        std::chrono::year{2000 + two(0)},
        std::chrono::month{static_cast<unsigned>(two(2))},
        std::chrono::day{static_cast<unsigned>(two(4))}}
        .ok();
}

// Reads a code beginning at `at`, a P. Gives the end of it, 0 if there is none.
std::size_t read_at(std::string_view text, std::size_t at, std::string& code)
{
    std::string digits;
    std::size_t next = at;
    const auto skip_gaps = [&] {
        while (next < text.size() && is_gap(text[next]))
            ++next;
    };
    ++next;
    skip_gaps();
    if (next >= text.size() || upper(text[next]) != 'A')
        return 0;
    ++next;
    for (skip_gaps(); next < text.size() && text::is_digit(text[next]); skip_gaps()) {
        if (digits.size() == most_digits || next - at > longest_text)
            return 0;
        digits += text[next++];
    }
    if (next >= text.size() || digits.size() < fewest_digits || !is_day(digits))
        return 0;
    const bool padded = digits.size() > fewest_digits && digits[day_digits] == '0';
    if (padded || upper(text[next]) != check_letter(digits))
        return 0;
    ++next;
    if (next < text.size() && is_word(text[next]))
        return 0;
    code = canonical(digits);
    return next;
}

} // namespace

std::string make_receipt_code(std::chrono::year_month_day day, int number)
{
    std::array<char, 32> digits{};
    const auto year = static_cast<unsigned>(static_cast<int>(day.year()));
    std::snprintf(
        digits.data(),
        digits.size(),
        "%02u%02u%02u%04u",
        year % 100U,
        static_cast<unsigned>(day.month()) % 100U,
        static_cast<unsigned>(day.day()) % 100U,
        static_cast<unsigned>(number) % (highest_number_of_day + 1U));
    return canonical(digits.data());
}

std::optional<found_code> find_receipt_code(std::string_view text)
{
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (upper(text[at]) != 'P' || (at > 0 && is_word(text[at - 1])))
            continue;
        found_code found{{}, at, 0};
        found.end = read_at(text, at, found.code);
        if (found.end != 0)
            return found;
    }
    return std::nullopt;
}

std::optional<std::string> find_mistyped_code(std::string_view text)
{
    constexpr std::size_t longest = 24;
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        const bool begins = upper(text[at]) == 'P' && upper(text[at + 1]) == 'A';
        if (!begins || (at > 0 && is_word(text[at - 1])))
            continue;
        std::string typed = "PA";
        std::size_t digits = 0;
        std::size_t next = at + 2;
        for (; next < text.size() && typed.size() < longest; ++next) {
            if (!text::is_digit(text[next]) && !is_gap(text[next]))
                break;
            digits += text::is_digit(text[next]) ? 1U : 0U;
            typed += text[next];
        }
        if (next < text.size() && upper(text[next]) >= 'A' && upper(text[next]) <= 'Z' &&
            !is_gap(typed.back()))
            typed += upper(text[next]);
        if (digits >= day_digits + 2)
            return typed.substr(0, typed.find_last_not_of(" \t-._") + 1);
    }
    return std::nullopt;
}

std::optional<std::string> parse_receipt_code(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        return std::nullopt;
    const auto found = find_receipt_code(text);
    const auto rest = text.find_last_not_of(" \t\r\n") + 1;
    if (!found || found->begin != begin || found->end != rest)
        return std::nullopt;
    return found->code;
}

} // namespace motcua::complaints
