#include <motcua/core/understand/search_weights.hpp>

#include <array>

namespace motcua::understand {

std::span<const search_weight> all_search_weights()
{
    using weights = search_weights;
    using use = search_weight::use;
    static constexpr std::array<search_weight, 39> rows{{
        {"alias_field", &weights::alias_field, 0, 10, use::index},
        {"alias_length", &weights::alias_length, 0, 1, use::index},
        {"name_field", &weights::name_field, 0, 10, use::index},
        {"name_length", &weights::name_length, 0, 1, use::index},
        {"result_field", &weights::result_field, 0, 10, use::index},
        {"belonging_field", &weights::belonging_field, 0, 10, use::index},
        {"saturation", &weights::saturation, 0.1, 5, use::index},
        {"name_tail", &weights::name_tail, 0, 1, use::index},
        {"weak_word", &weights::weak_word, 0, 1, use::ranking},
        {"action_word", &weights::action_word, 0, 1, use::ranking},
        {"bigram", &weights::bigram, 0, 3, use::ranking},
        {"folded_share", &weights::folded_share, 0, 1, use::ranking},
        {"replaced_word", &weights::replaced_word, 0, 1, use::ranking},
        {"synonym", &weights::synonym, 0, 2, use::ranking},
        {"scattered", &weights::scattered, 0, 1, use::ranking},
        {"lexical", &weights::lexical, 0, 5, use::ranking},
        {"query_coverage", &weights::query_coverage, 0, 5, use::ranking},
        {"text_coverage", &weights::text_coverage, 0, 5, use::ranking},
        {"order", &weights::order, 0, 2, use::ranking},
        {"rare_missing", &weights::rare_missing, 0, 2, use::ranking},
        {"action_found", &weights::action_found, 0, 2, use::ranking},
        {"action_other", &weights::action_other, 0, 2, use::ranking},
        {"action_unasked", &weights::action_unasked, 0, 2, use::ranking},
        {"action_missing", &weights::action_missing, 0, 2, use::ranking},
        {"first_issue", &weights::first_issue, 0, 2, use::ranking},
        {"condition_unasked", &weights::condition_unasked, 0, 2, use::ranking},
        {"condition_missing", &weights::condition_missing, 0, 2, use::ranking},
        {"level_commune", &weights::level_commune, 0, 1, use::ranking},
        {"level_province", &weights::level_province, 0, 1, use::ranking},
        {"popularity", &weights::popularity, 0, 1, use::ranking},
        {"not_for_citizens", &weights::not_for_citizens, 0, 1, use::ranking},
        {"sure_base", &weights::sure_base, -20, 20, use::score},
        {"sure_query", &weights::sure_query, 0, 20, use::score},
        {"sure_text", &weights::sure_text, 0, 20, use::score},
        {"sure_lexical", &weights::sure_lexical, 0, 20, use::score},
        {"sure_margin", &weights::sure_margin, 0, 20, use::score},
        {"sure_rare_missing", &weights::sure_rare_missing, 0, 20, use::score},
        {"answer_from", &weights::answer_from, 0, 1, use::decision},
        {"ask_from", &weights::ask_from, 0, 1, use::decision},
    }};
    return rows;
}

} // namespace motcua::understand
