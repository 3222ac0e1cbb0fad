#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::text {

// Facts a message carries besides its wording (understanding.md section 5).
enum class slot_kind : std::uint8_t
{
    dossier_code,   // 000.00.04.H51-200221-0001 or H15.50.05.13-261008-0975 (domain.md section 5)
    procedure_code, // d.dddddd, also typed badly: 1.013.978, 1013978, 2.00072
    citizen_id,     // 12 digits, plausible province prefix
    old_citizen_id, // 9 digits
    tax_code,       // 10 digits, or 10-3, with a right check digit
    phone,          // mobile or landline, canonical 0xxxxxxxxx
    date,           // dd/mm/yyyy and the like; canonical yyyy-mm-dd when complete
    url,
};

// The name used in JSON and in placeholders, e.g. "dossier_code".
std::string_view name(slot_kind kind);

struct slot
{
    slot_kind kind;
    std::string value; // canonical form
    std::size_t begin; // byte range in the text that was searched
    std::size_t end;
};

// All slots of an NFC text, in order, never overlapping. The longest and most specific reading
// wins.
std::vector<slot> find_slots(std::string_view nfc);

// The text with every run of 9, 10, 12 or 13 digits (blanks, dots and dashes inside allowed)
// replaced by `•` per digit but the last two, for logs and lists (domain.md section 8).
std::string mask_numbers(std::string_view utf8);

} // namespace motcua::text
