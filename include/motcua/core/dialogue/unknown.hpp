#pragma once

#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Sentences the bot did not get, kept for those who widen its content; and what citizens chose when
// they were asked back, as future training data (understanding.md section 4).
//
// Nothing here leads to a citizen: no user id, no pseudonym, the numbers masked. Erasing a citizen
// therefore leaves these rows; a name or an address somebody typed may still stand in one, which is
// why they are bounded in number and length and shown to staff only.
namespace motcua::dialogue {

enum class unknown_kind : std::uint8_t
{
    not_understood, // the fallback was said
    none_of_these,  // chosen from "Có phải anh/chị muốn hỏi"
    wrong_answer,   // "không phải thủ tục này" to an answer stated as certain
    chosen,         // one of "Có phải anh/chị muốn hỏi"
};
std::string_view name(unknown_kind kind);
// Empty if no kind has that name.
std::optional<unknown_kind> unknown_kind_from(std::string_view name);

struct unknown_message
{
    utc_time at{};
    unknown_kind kind = unknown_kind::not_understood;
    std::string text;                 // mask_message()
    std::vector<std::string> nearest; // procedure codes, nearest first, at most three
    std::string chosen;               // procedure code or intent; of `chosen` only
    bool test = false;                // staff tests and simulator users

    bool operator==(const unknown_message&) const = default;
};

inline constexpr std::size_t unknown_text_limit = 300; // code points
inline constexpr std::size_t unknown_nearest_limit = 3;
inline constexpr std::size_t unknown_messages_kept = 50'000; // the newest

// One line in NFC, cut to unknown_text_limit: slots stand as <dossier_code>, <phone> and so on,
// addresses of mail as <email>, other runs of five digits and more as <number>.
std::string mask_message(std::string_view raw);

// Messages that say nearly the same.
struct unknown_group
{
    std::string text; // the one said most often, of equals the first
    std::size_t count = 0;
    utc_time first{};
    utc_time last{};
    std::vector<std::string> others;                         // further wordings, at most five
    std::vector<std::string> nearest;                        // codes, at most three
    std::vector<std::pair<std::string, std::size_t>> chosen; // code or intent, how often
    std::vector<std::pair<unknown_kind, std::size_t>> kinds; // most frequent first
};

// A message and the folded words it is compared by, as the normaliser gives them.
struct comparable_message
{
    unknown_message message;
    std::vector<std::string> words;
};

// Groups messages whose words agree to at least `likeness` (0..1, Jaccard over the sets of words)
// with the group's first wording; frequent wordings lead. Most frequent group first, then the
// newest. The same messages give the same groups, whatever their order.
std::vector<unknown_group>
group_alike(std::span<const comparable_message> messages, double likeness = 0.6);

} // namespace motcua::dialogue
