#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/complaints/text_rules.hpp>
#include <motcua/core/text/slots.hpp>

#include <algorithm>

namespace motcua::complaints {
namespace {

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

// Without receipt codes inside.
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

} // namespace

std::string mask_identity_numbers(std::string_view nfc)
{
    std::string result;
    while (const auto code = find_receipt_code(nfc)) {
        result += masked(nfc.substr(0, code->begin));
        result += nfc.substr(code->begin, code->end - code->begin);
        nfc.remove_prefix(code->end);
    }
    return result + masked(nfc);
}

} // namespace motcua::complaints
