#pragma once

#include <motcua/core/understand/noise.hpp>
#include <motcua/core/understand/search.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// How good the procedure search is on labelled queries, and which weights make it best.
namespace motcua::understand {

struct labelled_query
{
    std::string id;
    std::string text;
    std::vector<std::string> codes; // any of them is right; empty: no procedure at all
};

// True for about half of all ids, by their hash: nothing may be fitted to these queries.
bool is_held_out(std::string_view id);

struct search_quality
{
    std::size_t queries = 0; // with a procedure
    double at_1 = 0;         // share whose procedure is the first hit, among the first three, five
    double at_3 = 0;
    double at_5 = 0;
    double mean_reciprocal_rank = 0;
    std::size_t answers = 0; // stated as certain, of all queries
    std::size_t wrong = 0;   // … and not right
    std::size_t none = 0;    // with a procedure, but said to have none
};

// Queries, in disguises, against one list of procedures. Not thread-safe.
class search_trial
{
public:
    // nullopt is the text as it is. The noise is the same for the same text, kind and trial.
    using disguise = std::optional<noise_kind>;

    search_trial(
        std::vector<search_document> documents,
        std::vector<synonym> synonyms,
        text::lexicon words,
        std::span<const labelled_query> queries,
        std::span<const disguise> disguises);
    ~search_trial();
    search_trial(search_trial&&) noexcept;
    search_trial& operator=(search_trial&&) noexcept;

    // Rebuilds the index if a weight baked into it has changed.
    void use(const search_weights& weights);

    search_quality measure(std::size_t disguise_number) const;

    // For fitting, over all disguises. How well the hits are ordered, 0..1; minus the log loss of
    // the first hits' scores as probabilities.
    double ranking_quality() const;
    double score_quality() const;

    struct scored
    {
        double score; // of the first hit
        bool right;
        bool within_five;
        bool has_procedure;
    };
    std::vector<scored> first_hits() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

struct fitting_options
{
    std::size_t rounds = 4;       // over all weights, at most
    double wrong_answers = 0.02;  // of the answers of each trial, at most
    double kept_questions = 0.93; // of the queries whose procedure is among the first five
    std::function<void(std::string_view weight, double quality)> progress;
};

// Coordinate ascent from `start`: first the weights of the ranking, by ranking_quality() averaged
// over the trials; then those of the score, by score_quality(); then the two thresholds. No
// randomness: the same trials give the same weights.
search_weights fit_search(
    std::span<search_trial> trials, const search_weights& start, const fitting_options& options);

} // namespace motcua::understand
