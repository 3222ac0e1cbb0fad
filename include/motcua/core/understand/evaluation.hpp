#pragma once

#include <motcua/core/understand/search.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

// How good understanding and search are on labelled messages (understanding.md section 7). Pure;
// shares are 0..1, and 0 where there is nothing to take a share of.
namespace motcua::understand {

// A labelled message and what the classifier said of it.
struct judged_message
{
    std::string truth; // the right intent; out_of_scope is one like any other
    std::string said;
    double confidence = 0; // 0..1, of `said`
    decision verdict = decision::none;
};

struct intent_figures
{
    std::string intent;
    std::size_t messages = 0; // labelled with it
    std::size_t said = 0;
    double precision = 0;
    double recall = 0;
    double f1 = 0;
};

struct confusion
{
    std::string truth;
    std::string said;
    std::size_t count = 0;
};

// Messages whose confidence lies in [from, to); the last bin includes 1.
struct reliability_bin
{
    double from = 0;
    double to = 0;
    std::size_t messages = 0;
    double confidence = 0; // mean
    double right = 0;      // share
};

struct classification_figures
{
    std::size_t messages = 0;
    double accuracy = 0;
    double macro_f1 = 0;                      // mean over the intents that label a message
    std::vector<intent_figures> intents;      // by name; those labelled or said
    std::vector<confusion> confusions;        // most frequent first, then by name
    double calibration_error = 0;             // expected, over ten bins of equal width (ECE)
    std::vector<reliability_bin> reliability; // the bins that are not empty
    double answered = 0;                      // share with verdict answer
    double asked = 0;                         // share with verdict ask
    double wrong_when_answered = 0;           // wrong share of those answered
    double wrong_answers = 0; // share of all that was answered, and wrong: "wrong but certain"
};

classification_figures measure_classification(std::span<const judged_message> judged);

// How many foreign messages are rejected when the threshold keeps so many of the own ones. The own
// are those not labelled out_of_scope. Ranked by confidence; what is said to be out_of_scope comes
// last, the surer the later.
struct rejection_point
{
    double kept_at_least = 0;
    double kept = 0;     // share of the own at or above the threshold
    double rejected = 0; // share of the foreign below it
};

struct rejection_figures
{
    std::size_t own = 0;
    std::size_t foreign = 0;
    std::vector<rejection_point> curve; // 90, 95, 97, 99 % kept
    double area = 0;                    // under the whole curve: 1 = perfect, 0.5 = guessing
    double kept = 0;                    // by the verdicts: own messages with another than none
    double rejected = 0;                // foreign ones with verdict none
};

rejection_figures measure_rejection(std::span<const judged_message> judged);

// A labelled search query and what was found.
struct judged_query
{
    std::vector<std::string> right; // any of these codes; empty = foreign, must not be answered
    std::vector<std::string> found; // codes, best first
    decision verdict = decision::none;
};

struct search_figures
{
    std::size_t queries = 0; // with a right code
    std::size_t foreign = 0;
    double recall_at_1 = 0;
    double recall_at_3 = 0;
    double recall_at_5 = 0;
    double mean_reciprocal_rank = 0;
    double answered = 0; // share of the queries with verdict answer
    double asked = 0;
    double wrong_when_answered = 0; // wrong share of all answered, foreign ones included
    double wrong_answers = 0;       // share of all, foreign ones included: "wrong but certain"
    double foreign_answered = 0;    // share of the foreign
};

search_figures measure_search(std::span<const judged_query> judged);

// The smallest value that at least the share of all values does not exceed (nearest rank); 0 if
// there is none.
double percentile(std::vector<double> values, double share);

} // namespace motcua::understand
