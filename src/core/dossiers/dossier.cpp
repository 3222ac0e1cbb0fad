#include <motcua/core/dossiers/dossier.hpp>
#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/slots.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>

namespace motcua::dossiers {
namespace {

constexpr std::size_t fewest_digits = 6; // of a ministry's codes

bool is_capital(char letter)
{
    return letter >= 'A' && letter <= 'Z';
}
bool is_joint(char letter)
{
    return letter == '.' || letter == '-' || letter == '/' || letter == '_';
}

std::string digits_of(std::string_view text)
{
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), text::is_digit);
    return digits;
}

std::string national_code(std::string_view nfc)
{
    for (const auto& slot : text::find_slots(nfc))
        if (slot.kind == text::slot_kind::dossier_code && slot.value.size() <= code_limit)
            return slot.value;
    return {};
}

std::string capitals(std::string_view text)
{
    std::string out;
    for (const char letter : text)
        out += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    return out;
}

bool is_code_shaped(std::string_view word)
{
    return word.size() <= code_limit && !word.empty() && !is_joint(word.front()) &&
           !is_joint(word.back()) && digits_of(word).size() >= fewest_digits &&
           std::ranges::all_of(word, [](char letter) {
               return text::is_digit(letter) || is_capital(letter) || is_joint(letter);
           });
}

} // namespace

std::string_view name(status value)
{
    switch (value) {
    case status::registered:
        return "registered";
    case status::accepted:
        return "accepted";
    case status::refused:
        return "refused";
    case status::processing:
        return "processing";
    case status::needs_papers:
        return "needs_papers";
    case status::needs_payment:
        return "needs_payment";
    case status::withdrawn:
        return "withdrawn";
    case status::stopped:
        return "stopped";
    case status::done:
        return "done";
    case status::returned:
        return "returned";
    }
    return "unknown";
}

std::optional<status> status_from_number(int number)
{
    if (number < 1 || number > status_count)
        return std::nullopt;
    return static_cast<status>(number);
}

bool is_final(status value)
{
    return value == status::refused || value == status::withdrawn || value == status::stopped ||
           value == status::returned;
}

bool is_late(const dossier& value, utc_time now)
{
    const bool in_hand = value.at == status::accepted || value.at == status::processing;
    return in_hand && value.due && local_day(vietnam_date(now)) > *value.due;
}

std::string change_mark(const dossier& value)
{
    std::string mark(name(value.at));
    mark += '|';
    if (value.due)
        mark += std::to_string(value.due->time_since_epoch().count());
    return mark + '|' + value.note;
}

std::string canonical_code(std::string_view typed)
{
    const auto nfc = text::to_nfc(typed);
    if (auto national = national_code(nfc); !national.empty())
        return national;
    auto word = capitals(nfc);
    std::erase(word, ' ');
    return is_code_shaped(word) ? word : std::string();
}

std::string find_code(std::string_view nfc, bool expected)
{
    auto found = national_code(nfc);
    if (!found.empty() || !expected)
        return found;
    // Telephone numbers are the other thing that is asked for.
    const auto slots = text::find_slots(nfc);
    for (std::size_t at = 0; at < nfc.size();) {
        const auto end = std::min(nfc.find_first_of(" \n\t,;:()\"", at), nfc.size());
        auto word = nfc.substr(at, end - at);
        while (!word.empty() && is_joint(word.back()))
            word.remove_suffix(1);
        const bool is_other = std::ranges::any_of(slots, [&](const text::slot& one) {
            return one.kind != text::slot_kind::procedure_code && one.begin < end && at < one.end;
        });
        if (auto code = capitals(word); !is_other && is_code_shaped(code))
            return code;
        at = end + 1;
    }
    return {};
}

std::string masked_code(std::string_view code)
{
    constexpr std::size_t shown_first = 3;
    constexpr std::size_t shown_last = 2;
    if (code.size() <= shown_first + shown_last)
        return "…";
    return std::string(code.substr(0, shown_first)) + "…" +
           std::string(code.substr(code.size() - shown_last));
}

std::string name(const proof_rule& rule)
{
    return rule.is == proof_rule::kind::phone ? "phone"
                                              : "phone_tail:" + std::to_string(rule.digits);
}

std::string typed_proof(std::string_view typed, const proof_rule& rule)
{
    const auto wanted = static_cast<std::size_t>(rule.digits);
    std::string nfc(typed); // the digits of a code are no proof
    for (const auto& slot : text::find_slots(typed)) {
        if (slot.kind == text::slot_kind::dossier_code)
            std::fill(
                nfc.begin() + static_cast<std::ptrdiff_t>(slot.begin),
                nfc.begin() + static_cast<std::ptrdiff_t>(slot.end),
                '|');
        if (slot.kind != text::slot_kind::phone)
            continue;
        if (rule.is == proof_rule::kind::phone)
            return slot.value;
        return slot.value.substr(slot.value.size() - std::min(wanted, slot.value.size()));
    }
    if (rule.is == proof_rule::kind::phone)
        return {};
    // "1234", "đuôi 1234", "12 34", but neither "4 số 1234" read as 41234 nor a piece of 12345.
    auto all = digits_of(nfc);
    if (all.size() == wanted)
        return all;
    std::string found;
    for (std::size_t at = 0; at < nfc.size();) {
        std::size_t end = at;
        while (end < nfc.size() && text::is_digit(nfc[end]))
            ++end;
        if (end - at == wanted) {
            if (!found.empty())
                return {}; // which of them?
            found = nfc.substr(at, wanted);
        }
        at = std::max(end, at + 1);
    }
    return found;
}

std::string held_proof(std::string_view phone, const proof_rule& rule)
{
    if (rule.is == proof_rule::kind::phone) {
        constexpr std::size_t without_zero = 9; // what a spreadsheet leaves of a mobile number
        const auto nfc = text::to_nfc(phone);
        const auto digits = digits_of(nfc);
        return typed_proof(digits.size() == without_zero ? "0" + digits : nfc, rule);
    }
    std::string tail; // digits at the end, blanks and dots apart
    for (auto at = phone.rbegin(); at != phone.rend(); ++at) {
        if (text::is_digit(*at))
            tail.insert(tail.begin(), *at);
        else if (*at != ' ' && *at != '.' && *at != '-')
            break;
        if (tail.size() == static_cast<std::size_t>(rule.digits))
            return tail;
    }
    return {};
}

std::string to_be_sealed(std::string_view code, std::string_view proof, const proof_rule& rule)
{
    return "dossier-proof|" + name(rule) + '|' + std::string(code) + '|' + std::string(proof);
}

bool same_seal(std::string_view one, std::string_view other)
{
    const std::size_t longest = std::max(one.size(), other.size());
    unsigned differing = one.size() == other.size() && !one.empty() ? 0U : 1U;
    for (std::size_t i = 0; i < longest; ++i) {
        const auto left = i < one.size() ? static_cast<unsigned char>(one[i]) : 0U;
        const auto right = i < other.size() ? static_cast<unsigned char>(other[i]) : 0U;
        differing |= left ^ right;
    }
    return differing == 0;
}

} // namespace motcua::dossiers
