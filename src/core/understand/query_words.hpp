#pragma once

#include "phrases.hpp"

#include <cstdint>

// Words that say how a procedure is asked for, not which: frames of questions, actions, levels and
// the conditions that make a variant special.
namespace motcua::understand {

// What is to be done with a paper; several bits may hold.
enum action : std::uint32_t
{
    issue = 1U << 0U,
    reissue = 1U << 1U,
    exchange = 1U << 2U,
    renew = 1U << 3U,
    amend = 1U << 4U,
    remove = 1U << 5U,
    terminate = 1U << 6U,
    suspend = 1U << 7U,
    report_loss = 1U << 8U,
    extract = 1U << 9U, // a copy of what is registered
};

// "cho em hỏi", "cần giấy tờ gì", "mất bao lâu": the value is unused.
const phrase_table& question_frames();

// Words that look like frames and are none: "bản sao", "nhà ở". The value is unused.
const phrase_table& kept_phrases();

// "cấp lại", "bị mất": values are bits of `action`. In official names, "mất" reports a loss.
const phrase_table& query_actions();
const phrase_table& official_actions();

// "cấp xã", "ở phường": values are level_hint.
const phrase_table& level_phrases();

// "có yếu tố nước ngoài", "lưu động": a variant that is meant only when asked for. The value is
// the condition's number, below condition_count.
inline constexpr std::size_t condition_count = 32;
const phrase_table& special_conditions();

// Words too common to say much when they stand alone: "giấy", "cho", "người".
bool is_weak_word(std::string_view folded);

} // namespace motcua::understand
