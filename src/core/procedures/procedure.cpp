#include "wording.hpp"

#include <motcua/core/procedures/procedure.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>

namespace motcua::procedures {
namespace {

bool all_digits(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "H44": the code of the office whose system a code was copied from.
bool is_unit_suffix(std::string_view text)
{
    return text.size() == 3 &&
           ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z')) &&
           all_digits(text.substr(1));
}

bool is_code_suffix(std::string_view text)
{
    constexpr std::string_view zeros = ".000.00.00";
    if (text.starts_with(zeros))
        text.remove_prefix(zeros.size());
    return text.empty() || (text.front() == '.' && is_unit_suffix(text.substr(1)));
}

// The place in "UBND tỉnh Lào Cai", folded; empty if the text is no provincial People's Committee.
std::string province_in(std::string_view promulgator)
{
    const auto folded = text::fold(promulgator);
    std::string_view rest = trimmed(folded);
    for (const std::string_view committee : {"ubnd ", "uy ban nhan dan "}) {
        if (!rest.starts_with(committee))
            continue;
        rest.remove_prefix(committee.size());
        for (const std::string_view kind : {"tinh ", "thanh pho ", "tp. ", "tp "}) {
            if (rest.starts_with(kind))
                return std::string(trimmed(rest.substr(kind.size())));
        }
    }
    return {};
}

} // namespace

std::string canonical_code(std::string_view typed)
{
    std::string code;
    for (const char byte : typed) {
        if (byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n')
            code += byte;
        if (code.size() > 32)
            return {};
    }
    constexpr std::size_t length = 8;
    // "1.004.222": people write the six digits in two groups.
    if (code.size() > length && code[5] == '.' && all_digits(std::string_view(code).substr(2, 3)) &&
        all_digits(std::string_view(code).substr(6, 3)) && code.size() >= 9)
        code.erase(5, 1);
    const std::string_view view = code;
    if (view.size() < length || view[1] != '.' || !all_digits(view.substr(0, 1)) ||
        !all_digits(view.substr(2, 6)) || !is_code_suffix(view.substr(length)))
        return {};
    return code.substr(0, length);
}

bool is_answerable(const procedure& record, date today, std::string_view own_province)
{
    return record.in_catalogue && (!record.valid_from || *record.valid_from <= today) &&
           (!record.valid_to || today <= *record.valid_to) &&
           !is_of_other_province(record, own_province);
}

bool is_of_other_province(const procedure& record, std::string_view own_province)
{
    const auto province = province_in(record.promulgator);
    if (province.empty())
        return false;
    const auto own = text::fold(trimmed(own_province));
    return province != own && "tinh " + province != own && "thanh pho " + province != own;
}

bool has_contents(const procedure& record)
{
    return !record.channels.empty() || !record.documents.empty() || !record.steps.empty() ||
           !record.local.fee_text.empty();
}

std::string display_name(const procedure& record, std::size_t limit)
{
    const std::string& chosen = !record.local.short_name.empty() ? record.local.short_name
                                : !record.short_name.empty()     ? record.short_name
                                                                 : record.name;
    if (text::code_points(chosen) <= limit)
        return chosen;
    // A clause that ends in the second half of the space reads better than a cut between words.
    const auto room = text::prefix(chosen, limit > 0 ? limit - 1 : 0);
    const auto clause = room.find_last_of(",;(:");
    if (clause != std::string_view::npos && text::code_points(room.substr(0, clause)) * 2 >= limit)
        return std::string(trimmed(room.substr(0, clause))) + "…";
    return shortened(chosen, limit);
}

} // namespace motcua::procedures
