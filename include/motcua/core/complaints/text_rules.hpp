#pragma once

#include <motcua/core/complaints/complaint.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What is done with the words of a complaint.
namespace motcua::complaints {

// Runs of digits of the length of identity, insurance and tax numbers are masked but for the last
// two digits; telephone numbers, dates, dossier codes, procedure codes and receipt codes stay,
// because the complaint may be about them (domain.md section 8).
std::string mask_identity_numbers(std::string_view nfc);

// The words of a case whose sender is erased: telephone, identity and tax numbers, addresses with
// an @, and the name and address the sender gave, as they were given, read "[đã xóa]". Codes of
// cases, dossiers and procedures stay. Twice changes nothing.
std::string without_person(std::string_view nfc, const contact& sender);

// How alike two texts are, 0..1: the share of common pairs of neighbouring words, marks and case
// apart. Two texts from 0.5 on are likely the same complaint.
double similarity(std::string_view one, std::string_view other);

inline constexpr double likely_duplicate_from = 0.5;

// Keys by which likely duplicates are found among many: two texts that are alike have one in
// common with a probability of 93 % at a similarity of 0.5, 99.9 % at 0.67; two texts on different
// matters hardly ever (min-wise hashing: Broder 1997). 32 bits each; none for a text without words.
std::vector<std::uint32_t> likeness_keys(std::string_view text);

} // namespace motcua::complaints
