#pragma once

#include <motcua/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// A dossier (hồ sơ) as the one-stop system tells of it, its code, and the second proof that goes
// with the code. domain.md section 5.
namespace motcua::dossiers {

// The ten national states; the numbers are theirs.
enum class status : std::uint8_t
{
    registered = 1,   // Mới đăng ký
    accepted = 2,     // Được tiếp nhận
    refused = 3,      // Không được tiếp nhận
    processing = 4,   // Đang xử lý
    needs_papers = 5, // Yêu cầu bổ sung giấy tờ; the clock stops
    needs_payment = 6,
    withdrawn = 7,
    stopped = 8,
    done = 9,
    returned = 10, // Đã trả kết quả
};
inline constexpr int status_count = 10;
// "registered"; part of the keys of phrases.
std::string_view name(status value);
// Empty unless 1..10.
std::optional<status> status_from_number(int number);
// Nothing will be done with the dossier any more.
bool is_final(status value);

using local_day = std::chrono::sys_days; // a day in Vietnam

struct dossier
{
    std::string code;      // canonical_code()
    std::string procedure; // its name
    std::string unit;      // who handles it
    status at = status::registered;
    std::optional<local_day> received;
    std::optional<local_day> due;
    std::optional<local_day> finished;
    std::string note;  // to the citizen: what is missing, why it was refused
    std::string proof; // the second proof, sealed; empty = nobody can prove it is theirs

    bool operator==(const dossier&) const = default;
};

// Past its due date and still in somebody's hands.
bool is_late(const dossier& value, utc_time now);

// What a citizen who asked to be told of changes is told about: differs when that has changed.
std::string change_mark(const dossier& value);

inline constexpr std::size_t code_limit = 40; // bytes

// The code in one spelling: capitals, no blanks. Accepts both national shapes, also badly typed,
// and any other run of letters, digits, dots, dashes and slashes with six digits or more. Empty if
// it is none.
std::string canonical_code(std::string_view typed);

// The code that a message names, canonical: one of the national shapes; if `expected`, because a
// code was asked for, any other shape too. Empty if there is none.
std::string find_code(std::string_view nfc, bool expected);

// For logs and lists: its first three characters and its last two.
std::string masked_code(std::string_view code);

// What has to be known besides the code.
struct proof_rule
{
    enum class kind : std::uint8_t
    {
        phone,      // the whole telephone number given with the dossier
        phone_tail, // its last `digits` digits
    };
    kind is = kind::phone_tail;
    int digits = 4; // of phone_tail: 3..8

    bool operator==(const proof_rule&) const = default;
};
// "phone" or "phone_tail:4": seals made under another rule cannot be compared.
std::string name(const proof_rule& rule);

// The proof a citizen has typed, in the form that is compared. Empty if it is none.
std::string typed_proof(std::string_view nfc, const proof_rule& rule);
// The same of the telephone number that the source holds, which may be masked: "09xxxxx123".
std::string held_proof(std::string_view phone, const proof_rule& rule);
// What is sealed, so that the seal of one dossier says nothing about another.
std::string to_be_sealed(std::string_view code, std::string_view proof, const proof_rule& rule);
// Takes the same time whether they are equal or not. False if either is empty.
bool same_seal(std::string_view one, std::string_view other);

} // namespace motcua::dossiers
