#pragma once

#include <span>
#include <string_view>

// What the procedure search weighs against what. The defaults are what `motcua fit-search` found on
// the tuning half of tests/data/search_queries.tsv; intents/search_weights.yml may say otherwise.
namespace motcua::understand {

struct search_weights
{
    // BM25F (Robertson, Zaragoza 2009): the fields' weights and how much their length counts.
    double alias_field = 3.0;
    double alias_length = 0.2;
    double name_field = 2.0;
    double name_length = 0.5;
    double result_field = 0.5;
    double belonging_field = 0.3; // field and agency
    double saturation = 1.2;      // k1
    double name_tail = 0.3;       // of words in brackets and after "đối với"

    // Of the query's words, against 1 for a plain one.
    double weak_word = 0.4;
    double action_word = 0.5;
    double bigram = 0.6;
    double folded_share = 0.4;  // of a word typed with marks; its accented form has the rest
    double replaced_word = 0.6; // of a word inside a synonym's span
    double synonym = 1.0;       // of the synonyms' own weights
    double scattered = 0.7;     // of those whose words have others in between

    // Of the measures a close look takes.
    double lexical = 0.5;
    double query_coverage = 1.0;
    double text_coverage = 0.6;
    double order = 0.25;
    double rare_missing = 0.0; // the query's rarest word is not in the procedure's names
    double action_found = 0.15;
    double action_other = 0.25;
    double action_unasked = 0.12;
    double action_missing = 0.08;
    double first_issue = 0.1;
    double condition_unasked = 0.1;
    double condition_missing = 0.1;
    double level_commune = 0.15; // over the ministry's
    double level_province = 0.1;
    double popularity = 0.08;
    double not_for_citizens = 0.06;

    // Of the logistic regression that makes a score of 0..1.
    double sure_base = -3.2;
    double sure_query = 0.3;
    double sure_text = 2.05;
    double sure_lexical = 2.6;
    double sure_margin = 5.4;
    double sure_rare_missing = 0.0; // taken away

    double answer_from = 0.92; // a score; the first hit is the answer
    double ask_from = 0.35;    // a score; below, nothing is within reach
};

struct search_weight
{
    std::string_view name; // as in the file
    double search_weights::*value;
    double least;
    double most;

    enum class use
    {
        index,   // baked into the index when it is built
        ranking, // decides the order of the hits
        score,   // of the hits
        decision
    } what;
};

std::span<const search_weight> all_search_weights();

} // namespace motcua::understand
