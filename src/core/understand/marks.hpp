#pragma once

#include "phrases.hpp"

#include <motcua/core/text/normaliser.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace motcua::understand {

// Which marks words typed without them were meant to have, from texts that have theirs: how often a
// form is used and which forms stand side by side.
class mark_model
{
public:
    // Learns one text: its accented words in order.
    void learn(const std::vector<std::string>& words);

    // One for each token.
    struct reading
    {
        std::string text;
        double sure = 0;       // 0..1, chance of this form among the known ones
        bool restored = false; // else the text is as it was typed
    };
    // Tokens without marks may have any, tokens with marks further ones: "câp" may be "cấp". That a
    // mark was left out is unlikely in a text `typed_with_marks`.
    std::vector<reading>
    restored(const std::vector<text::token>& tokens, bool typed_with_marks) const;

private:
    using form_id = std::uint32_t;
    struct form
    {
        std::string text;
        std::uint32_t count = 0;
    };

    form_id id_of(const std::string& word);
    struct candidate
    {
        form_id id;
        double typed; // how likely it is typed as the token is, against the likeliest
    };
    std::vector<candidate> candidates_for(const text::token& token, bool typed_with_marks) const;
    double chance(form_id left, form_id right) const; // that right follows left

    std::vector<form> forms_{{"", 0}}; // the first stands for a text's edge
    std::uint64_t words_ = 0;          // counted
    string_map<form_id> ids_;
    string_map<std::vector<form_id>> by_folded_;
    std::unordered_map<std::uint64_t, std::uint32_t> pairs_;
};

} // namespace motcua::understand
