#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/complaints/text_rules.hpp>
#include <motcua/core/text/slots.hpp>

#include <algorithm>

namespace motcua::complaints {
namespace {

constexpr std::string_view erased_words = "[đã xóa]";

bool stays(text::slot_kind kind)
{
    switch (kind) {
    case text::slot_kind::citizen_id:
    case text::slot_kind::old_citizen_id:
    case text::slot_kind::tax_code:
        return false;
    default:
        return true;
    }
}

// Text without receipt codes inside, as are those below.
std::string masked(std::string_view text)
{
    std::string result;
    std::size_t done = 0;
    for (const auto& slot : text::find_slots(text)) {
        if (!stays(slot.kind))
            continue;
        result += text::mask_numbers(text.substr(done, slot.begin - done));
        result += text.substr(slot.begin, slot.end - slot.begin);
        done = slot.end;
    }
    return result + text::mask_numbers(text.substr(done));
}

bool leads_to_a_person(text::slot_kind kind)
{
    return !stays(kind) || kind == text::slot_kind::phone;
}

std::string without_numbers(std::string_view text)
{
    std::string result;
    std::size_t done = 0;
    for (const auto& slot : text::find_slots(text)) {
        if (!leads_to_a_person(slot.kind))
            continue;
        result.append(text, done, slot.begin - done).append(erased_words);
        done = slot.end;
    }
    return result.append(text, done);
}

// Keeps receipt codes, whose digits are no number of a person.
template <class Change>
std::string around_receipt_codes(std::string_view nfc, Change change)
{
    std::string result;
    while (const auto code = find_receipt_code(nfc)) {
        result += change(nfc.substr(0, code->begin));
        result += nfc.substr(code->begin, code->end - code->begin);
        nfc.remove_prefix(code->end);
    }
    return result + change(nfc);
}

void replace_each(std::string& text, std::string_view words)
{
    constexpr std::size_t shortest = 5; // bytes: less is no name but a syllable of other words
    if (words.size() < shortest)
        return;
    for (auto at = text.find(words); at != std::string::npos;
         at = text.find(words, at + erased_words.size()))
        text.replace(at, words.size(), erased_words);
}

std::string without_addresses(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    std::string result;
    while (!text.empty()) {
        const auto word = text.substr(0, std::min(text.find_first_of(blanks), text.size()));
        const auto at = word.find('@');
        const bool is_address = at != std::string_view::npos && at > 0 && at + 1 < word.size();
        result += is_address ? erased_words : word;
        text.remove_prefix(word.size());
        const auto gap = text.substr(0, std::min(text.find_first_not_of(blanks), text.size()));
        result += gap;
        text.remove_prefix(gap.size());
    }
    return result;
}

} // namespace

std::string mask_identity_numbers(std::string_view nfc)
{
    return around_receipt_codes(nfc, masked);
}

std::string without_person(std::string_view nfc, const contact& sender)
{
    auto result = without_addresses(around_receipt_codes(nfc, without_numbers));
    replace_each(result, sender.name);
    replace_each(result, sender.address);
    return result;
}

} // namespace motcua::complaints
