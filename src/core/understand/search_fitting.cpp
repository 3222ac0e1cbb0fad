#include "hashing.hpp"

#include <motcua/core/understand/search_fitting.hpp>
#include <motcua/core/understand/search_words.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace motcua::understand {

namespace {

constexpr std::size_t looked_at = 10; // hits; a procedure behind them is not found

bool baked_differ(const search_weights& a, const search_weights& b)
{
    return std::ranges::any_of(all_search_weights(), [&](const search_weight& one) {
        return one.what == search_weight::use::index && a.*one.value != b.*one.value;
    });
}

} // namespace

bool is_held_out(std::string_view id)
{
    return fnv(id) % 2 == 1;
}

struct search_trial::state
{
    std::vector<search_document> documents;
    std::vector<synonym> synonyms;
    text::normaliser words;
    std::vector<labelled_query> queries;
    std::vector<std::vector<text::normalised>> disguised; // by disguise, then query
    search_weights weights;
    procedure_index index;

    search_result find(std::size_t disguise, std::size_t query) const
    {
        return index.search(disguised[disguise][query], {.top = looked_at});
    }

    // The place of the first right hit, 0 = the best; looked_at if there is none.
    std::size_t place_of_right(const search_result& found, std::size_t query) const
    {
        const auto right = std::ranges::find_if(found.hits, [&](const hit& one) {
            return std::ranges::find(queries[query].codes, one.code) != queries[query].codes.end();
        });
        return right == found.hits.end() ? looked_at
                                         : static_cast<std::size_t>(right - found.hits.begin());
    }

    template <class Each>
    void for_all(const Each& each) const
    {
        for (std::size_t d = 0; d < disguised.size(); ++d)
            for (std::size_t q = 0; q < queries.size(); ++q)
                each(q, find(d, q));
    }
};

search_trial::search_trial(
    std::vector<search_document> documents,
    std::vector<synonym> synonyms,
    text::lexicon lexicon,
    std::span<const labelled_query> queries,
    std::span<const disguise> disguises)
{
    text::normaliser words(with_search_words(std::move(lexicon), documents, synonyms));
    procedure_index index(documents, synonyms, words);
    state_ = std::make_unique<state>(state{
        .documents = std::move(documents),
        .synonyms = std::move(synonyms),
        .words = std::move(words),
        .queries = {queries.begin(), queries.end()},
        .disguised = {},
        .weights = {},
        .index = std::move(index)});
    for (const disguise& kind : disguises) {
        std::vector<text::normalised>& all = state_->disguised.emplace_back();
        for (const labelled_query& query : queries)
            all.push_back(state_->words.normalise(
                kind ? add_noise(query.text, *kind, fnv(query.id)) : query.text));
    }
}

search_trial::~search_trial() = default;
search_trial::search_trial(search_trial&&) noexcept = default;
search_trial& search_trial::operator=(search_trial&&) noexcept = default;

void search_trial::use(const search_weights& weights)
{
    if (baked_differ(weights, state_->weights))
        state_->index =
            procedure_index(state_->documents, state_->synonyms, state_->words, weights);
    else
        state_->index.reweigh(weights);
    state_->weights = weights;
}

search_quality search_trial::measure(std::size_t disguise_number) const
{
    search_quality quality;
    for (std::size_t q = 0; q < state_->queries.size(); ++q) {
        const search_result found = state_->find(disguise_number, q);
        const std::size_t place = state_->place_of_right(found, q);
        if (found.verdict == decision::answer) {
            ++quality.answers;
            quality.wrong += place == 0 ? 0U : 1U;
        }
        if (state_->queries[q].codes.empty())
            continue;
        ++quality.queries;
        quality.at_1 += place < 1 ? 1 : 0;
        quality.at_3 += place < 3 ? 1 : 0;
        quality.at_5 += place < 5 ? 1 : 0;
        quality.mean_reciprocal_rank +=
            place < looked_at ? 1 / static_cast<double>(place + 1) : 0.0;
        quality.none += found.verdict == decision::none ? 1U : 0U;
    }
    for (double* share :
         {&quality.at_1, &quality.at_3, &quality.at_5, &quality.mean_reciprocal_rank})
        *share /= static_cast<double>(std::max<std::size_t>(quality.queries, 1));
    return quality;
}

double search_trial::ranking_quality() const
{
    double sum = 0;
    double count = 0;
    state_->for_all([&](std::size_t q, const search_result& found) {
        if (state_->queries[q].codes.empty())
            return;
        const std::size_t place = state_->place_of_right(found, q);
        const double reached = (place < 1 ? 1 : 0) + (place < 3 ? 1 : 0) + (place < 5 ? 1 : 0);
        const double reciprocal = place < looked_at ? 1 / static_cast<double>(place + 1) : 0.0;
        sum += reciprocal / 2 + reached / 6;
        count += 1;
    });
    return count > 0 ? sum / count : 0.0;
}

std::vector<search_trial::scored> search_trial::first_hits() const
{
    std::vector<scored> all;
    state_->for_all([&](std::size_t q, const search_result& found) {
        if (found.hits.empty())
            return;
        const std::size_t place = state_->place_of_right(found, q);
        all.push_back(
            {found.hits.front().score, place == 0, place < 5, !state_->queries[q].codes.empty()});
    });
    return all;
}

double search_trial::score_quality() const
{
    constexpr double least = 1e-4;
    double sum = 0;
    const std::vector<scored> all = first_hits();
    for (const scored& one : all) {
        const double score = std::clamp(one.score, least, 1 - least);
        sum += std::log(one.right ? score : 1 - score);
    }
    return all.empty() ? 0.0 : sum / static_cast<double>(all.size());
}

namespace {

template <class Measure>
double
over_all(std::span<search_trial> trials, const search_weights& weights, const Measure& measure)
{
    double sum = 0;
    for (search_trial& trial : trials) {
        trial.use(weights);
        sum += measure(trial);
    }
    return trials.empty() ? 0.0 : sum / static_cast<double>(trials.size());
}

// Tries each weight of these uses a little and a lot to either side until a round brings nothing.
template <class Measure>
void climb(
    std::span<search_trial> trials,
    search_weights& weights,
    std::span<const search_weight::use> uses,
    const fitting_options& options,
    const Measure& measure)
{
    constexpr std::array<double, 4> steps{0.6, 0.85, 1.18, 1.6};
    constexpr double worth_it = 2e-4; // less is chance
    double best = over_all(trials, weights, measure);
    for (std::size_t round = 0; round < options.rounds; ++round) {
        const double before = best;
        for (const search_weight& one : all_search_weights()) {
            if (std::ranges::find(uses, one.what) == uses.end())
                continue;
            const double had = weights.*one.value;
            double chosen = had;
            for (const double step : steps) {
                search_weights tried = weights;
                tried.*one.value =
                    std::clamp(had == 0 ? (step - 0.6) / 4 : had * step, one.least, one.most);
                if (tried.*one.value == had)
                    continue;
                const double quality = over_all(trials, tried, measure);
                if (quality > best + worth_it) {
                    best = quality;
                    chosen = tried.*one.value;
                }
            }
            // Four significant digits say enough and read well.
            const double scale =
                chosen == 0 ? 1 : std::pow(10, 3 - std::floor(std::log10(std::abs(chosen))));
            weights.*one.value = chosen == had ? had : std::round(chosen * scale) / scale;
            if (options.progress)
                options.progress(one.name, best);
        }
        if (best <= before + worth_it)
            break;
    }
}

} // namespace

search_weights fit_search(
    std::span<search_trial> trials, const search_weights& start, const fitting_options& options)
{
    using use = search_weight::use;
    search_weights weights = start;
    climb(
        trials,
        weights,
        std::array{use::index, use::ranking},
        options,
        [](const search_trial& trial) { return trial.ranking_quality(); });
    climb(trials, weights, std::array{use::score}, options, [](const search_trial& trial) {
        return trial.score_quality();
    });

    // The lowest threshold at or above which few enough answers of any trial are wrong; the highest
    // that keeps enough questions of all of them.
    weights.answer_from = 0;
    std::vector<double> worth_asking;
    for (search_trial& trial : trials) {
        trial.use(weights);
        std::vector<search_trial::scored> all = trial.first_hits();
        std::ranges::sort(all, std::greater{}, &search_trial::scored::score);
        double needed = 1;
        double wrong = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            wrong += all[i].right ? 0 : 1;
            const bool ends = i + 1 == all.size() || all[i + 1].score < all[i].score;
            if (ends && wrong <= options.wrong_answers * static_cast<double>(i + 1))
                needed = all[i].score;
        }
        weights.answer_from = std::max(weights.answer_from, needed);
        for (const search_trial::scored& one : all)
            if (one.within_five)
                worth_asking.push_back(one.score);
    }
    std::ranges::sort(worth_asking);
    if (!worth_asking.empty())
        weights.ask_from = worth_asking[static_cast<std::size_t>(
            (1 - options.kept_questions) * static_cast<double>(worth_asking.size()))];
    constexpr double hundredths = 100;
    weights.answer_from = std::ceil(weights.answer_from * hundredths) / hundredths;
    weights.ask_from = std::floor(weights.ask_from * hundredths) / hundredths;
    return weights;
}

} // namespace motcua::understand
