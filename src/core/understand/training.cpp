#include "features.hpp"
#include "gist.hpp"
#include "hashing.hpp"
#include "model_file.hpp"
#include "phrases.hpp"
#include "query_words.hpp"

#include <linear.h>
#include <motcua/core/text/unicode.hpp>
#include <motcua/core/understand/language_model.hpp>
#include <motcua/core/understand/noise.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

namespace motcua::understand {

namespace {

constexpr double stopping_tolerance = 0.3;
constexpr std::size_t fold_count = 5;
// From this many examples on, one fold says enough; running all five would take minutes.
constexpr std::size_t one_fold_from = 3000;
// Below this many texts every feature is kept; above it those seen once are noise.
constexpr std::size_t keep_rare_features_below = 3000;
constexpr std::size_t model_size_limit_bytes = 9'500'000;

// One text as liblinear sees it: ascending one-based indices, closed by index -1.
using sparse_row = std::vector<feature_node>;

// The views of one example that are trained on: as is, folded, noisy in turns, mistyped; one more,
// noisy in another way, is for calibration. More noisy ones gain with any number of examples but
// the fewest, and are not worth more than a minute of training.
std::size_t trained_copies_for(std::size_t examples, std::size_t intents)
{
    constexpr std::size_t few_examples = 300;
    const std::size_t work = examples * intents;
    if (examples < few_examples || work > 600'000)
        return 3;
    return work > 400'000 ? 5 : 8;
}

// liblinear's C, for one copy: the more alike texts, the less each weighs.
double regularisation_for(std::size_t copies)
{
    return std::min(0.15, 0.64 / static_cast<double>(copies));
}

struct feature_table
{
    std::vector<std::uint64_t> keys; // ascending
    std::vector<float> inverse_document_frequencies;
};

std::vector<std::string> intents_of(const std::vector<example>& examples)
{
    std::vector<std::string> intents;
    intents.reserve(examples.size());
    for (const example& one : examples)
        intents.push_back(one.intent);
    std::sort(intents.begin(), intents.end());
    intents.erase(std::unique(intents.begin(), intents.end()), intents.end());
    return intents;
}

std::string copy_of(const std::string& text, std::size_t copy, std::uint64_t seed, std::size_t turn)
{
    switch (copy) {
    case 0:
        return text;
    case 1:
        return text::fold(text);
    case 6:
    case 7: // what costs most understanding
        return add_noise(text, noise_kind::typos, mixed(seed));
    default: {
        // Kinds take turns, so that each gets its share in every intent; those that cost most
        // understanding come twice.
        constexpr std::array turns{
            noise_kind::no_marks,
            noise_kind::typos,
            noise_kind::telex,
            noise_kind::missing_blanks,
            noise_kind::vni,
            noise_kind::blend,
            noise_kind::half_telex,
            noise_kind::typos,
            noise_kind::teencode,
            noise_kind::blend,
            noise_kind::doubled_letters,
            noise_kind::dropped_tones};
        return add_noise(text, turns[turn % turns.size()], mixed(seed));
    }
    }
}

feature_table choose_features(const std::vector<feature_blocks>& texts, std::size_t most)
{
    std::vector<std::uint64_t> seen;
    for (const feature_blocks& blocks : texts)
        for (const auto& block : blocks)
            for (const counted_feature& feature : block)
                seen.push_back(feature.key);
    std::sort(seen.begin(), seen.end());

    struct row
    {
        std::uint64_t key;
        std::size_t texts;
    };
    std::vector<row> rows;
    const std::size_t least = texts.size() < keep_rare_features_below ? 1 : 2;
    for (std::size_t begin = 0; begin < seen.size();) {
        std::size_t end = begin;
        while (end < seen.size() && seen[end] == seen[begin])
            ++end;
        if (end - begin >= least)
            rows.push_back({seen[begin], end - begin});
        begin = end;
    }
    if (rows.size() > most) {
        std::sort(rows.begin(), rows.end(), [](const row& a, const row& b) {
            return a.texts != b.texts ? a.texts > b.texts : a.key < b.key;
        });
        rows.resize(most);
        std::sort(
            rows.begin(), rows.end(), [](const row& a, const row& b) { return a.key < b.key; });
    }

    feature_table table;
    for (const row& kept : rows) {
        table.keys.push_back(kept.key);
        table.inverse_document_frequencies.push_back(static_cast<float>(
            std::log(
                (1.0 + static_cast<double>(texts.size())) /
                (1.0 + static_cast<double>(kept.texts))) +
            1.0));
    }
    return table;
}

// One text before weighting: which features of the table it has, and how much of it the table
// lacks.
struct counted_text
{
    struct entry
    {
        std::uint32_t feature;
        float weight;
    };
    std::array<std::vector<entry>, block_count> known;
    std::array<float, block_count> unknown_squares{};
};

counted_text look_up(const feature_blocks& blocks, const feature_table& table)
{
    counted_text text;
    for (std::size_t block = 0; block < block_count; ++block)
        for (const counted_feature& feature : blocks[block]) {
            const auto at = std::lower_bound(table.keys.begin(), table.keys.end(), feature.key);
            if (at == table.keys.end() || *at != feature.key)
                text.unknown_squares[block] += feature.weight * feature.weight;
            else
                text.known[block].push_back(
                    {static_cast<std::uint32_t>(at - table.keys.begin()), feature.weight});
        }
    return text;
}

struct vectorised
{
    sparse_row row;
    double known_words = 0; // as in evidence
};

// As language_model::classify() does it. Features that `seen` (by index; empty = all) denies count
// as unknown, for that is what they are to a model trained on a part of the texts.
vectorised
vectorise(const counted_text& text, const feature_table& table, const std::vector<bool>& seen = {})
{
    vectorised made;
    constexpr auto unknown = static_cast<double>(unknown_inverse_document_frequency);
    for (std::size_t block = 0; block < block_count; ++block) {
        const std::size_t begin = made.row.size();
        double known_squares = 0;
        double unknown_squares =
            static_cast<double>(text.unknown_squares[block]) * unknown * unknown;
        for (const auto& [feature, weight] : text.known[block]) {
            if (!seen.empty() && !seen[feature]) {
                const double value = static_cast<double>(weight) * unknown;
                unknown_squares += value * value;
                continue;
            }
            const double value = static_cast<double>(weight) *
                                 static_cast<double>(table.inverse_document_frequencies[feature]);
            known_squares += value * value;
            made.row.push_back({static_cast<int>(feature) + 1, value});
        }
        const double squares = known_squares + unknown_squares;
        if (block == pairs_block && squares > 0)
            made.known_words = known_squares / squares;
        for (std::size_t i = begin; i < made.row.size(); ++i)
            made.row[i].value *= block_weights[block] / std::sqrt(squares);
    }
    std::sort(made.row.begin(), made.row.end(), [](const feature_node& a, const feature_node& b) {
        return a.index < b.index;
    });
    return made;
}

struct linear_weights
{
    std::size_t intents = 0;
    std::vector<float> weights; // features x intents
    std::vector<float> biases;
};

void print_nothing(const char* /*text*/) {}

// One L2-SVM per intent against the rest. The order of liblinear's random numbers, and with it the
// result, depends on std::rand, hence the fixed seed.
linear_weights
fit(std::vector<sparse_row>& rows,
    std::vector<double> labels,
    std::size_t feature_count,
    std::size_t intent_count,
    double regularisation)
{
    const feature_node closing{-1, 0};
    const feature_node bias{static_cast<int>(feature_count) + 1, 1};
    std::vector<feature_node*> starts;
    for (sparse_row& row : rows) {
        row.push_back(bias);
        row.push_back(closing);
        starts.push_back(row.data());
    }
    problem task{};
    task.l = static_cast<int>(starts.size());
    task.n = static_cast<int>(feature_count) + 1;
    task.y = labels.data();
    task.x = starts.data();
    task.bias = 1;
    parameter how{};
    how.solver_type = L2R_L2LOSS_SVC_DUAL;
    how.eps = stopping_tolerance;
    how.C = regularisation;
    set_print_string_function(print_nothing);
    std::srand(1); // NOLINT: seeds liblinear
    model* fitted = ::train(&task, &how);

    linear_weights found;
    found.intents = intent_count;
    found.weights.assign(feature_count * intent_count, 0.0F);
    found.biases.assign(intent_count, -1.0F); // an intent without a text in this fold
    for (int which = 0; which < fitted->nr_class; ++which) {
        const auto intent = static_cast<std::size_t>(fitted->label[which]);
        for (std::size_t feature = 0; feature < feature_count; ++feature)
            found.weights[feature * intent_count + intent] =
                static_cast<float>(get_decfun_coef(fitted, static_cast<int>(feature) + 1, which));
        found.biases[intent] =
            static_cast<float>(get_decfun_coef(fitted, static_cast<int>(feature_count) + 1, which));
    }
    free_and_destroy_model(&fitted);
    return found;
}

std::vector<float> margins_of(const linear_weights& model, const sparse_row& row)
{
    std::vector<float> margins = model.biases;
    for (const feature_node& node : row) {
        const float* weights =
            model.weights.data() + static_cast<std::size_t>(node.index - 1) * model.intents;
        for (std::size_t i = 0; i < model.intents; ++i)
            margins[i] += static_cast<float>(node.value) * weights[i];
    }
    return margins;
}

// What a model said about a text it had not seen.
struct judged
{
    evidence seen;
    bool right;
    bool typed_with_care; // no noise but missing marks
    bool said_foreign;    // the best intent is out_of_scope
    bool is_foreign;
};

// A logistic over the evidence (Platt 1999), by gradient steps. The prior keeps the parameters near
// their defaults where there are few judgements or all are right.
void fit_confidence(const std::vector<judged>& judgements, calibration& fitted)
{
    constexpr int steps = 4000;
    constexpr double prior = 1.0; // as heavy as one judgement
    using parameters = std::array<double, 5>;
    const parameters from{2, 2, 2, 0, -1};
    parameters at = from;
    const double count = static_cast<double>(judgements.size()) + prior;
    for (int step = 0; step < steps; ++step) {
        parameters slope{};
        for (std::size_t i = 0; i < at.size(); ++i)
            slope[i] = prior * (from[i] - at[i]) * 0.1;
        for (const judged& one : judgements) {
            const parameters x{
                one.seen.margin, one.seen.gap, one.seen.known_words, one.seen.foreign_gap, 1.0};
            const double certainty = std::inner_product(x.begin(), x.end(), at.begin(), 0.0);
            const double missing = (one.right ? 1.0 : 0.0) - 1 / (1 + std::exp(-certainty));
            for (std::size_t i = 0; i < at.size(); ++i)
                slope[i] += missing * x[i];
        }
        for (std::size_t i = 0; i < at.size(); ++i)
            at[i] += slope[i] * 1.5 / count;
        for (std::size_t i = 0; i + 1 < at.size(); ++i)
            at[i] = std::max(at[i], 0.0); // more evidence never means less confidence
    }
    fitted.margin = static_cast<float>(at[0]);
    fitted.gap = static_cast<float>(at[1]);
    fitted.known_words = static_cast<float>(at[2]);
    fitted.foreign_gap = static_cast<float>(at[3]);
    fitted.offset = static_cast<float>(at[4]);
}

// answer_from: the lowest confidence from which at most 3 % of what is stated is wrong; a little
// less here, for the held-out texts are related to the trained ones. ask_from: as high as leaves
// 97 % of the own messages alive.
void choose_thresholds(const std::vector<judged>& judgements, calibration& fitted)
{
    constexpr double wrong_share = 0.02;
    constexpr double lost_share = 0.03;
    constexpr std::size_t fewest = 20;
    std::vector<std::pair<double, bool>> stated; // confidence, right
    std::vector<double> own;
    for (const judged& one : judgements) {
        if (!one.said_foreign)
            stated.emplace_back(confidence_of(fitted, one.seen), one.right);
        if (!one.is_foreign && one.typed_with_care)
            own.push_back(one.said_foreign ? 0.0 : confidence_of(fitted, one.seen));
    }
    if (stated.size() < fewest || own.size() < fewest)
        return;
    std::sort(stated.begin(), stated.end(), std::greater<>());
    double answer_from = 0.95;
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < stated.size(); ++i) {
        wrong += stated[i].second ? 0U : 1U;
        if (static_cast<double>(wrong) <= wrong_share * static_cast<double>(i + 1))
            answer_from = stated[i].first;
    }
    std::sort(own.begin(), own.end());
    const double ask_from =
        own[static_cast<std::size_t>(lost_share * static_cast<double>(own.size()))];
    fitted.answer_from = static_cast<float>(std::clamp(answer_from, 0.5, 0.98));
    fitted.ask_from =
        static_cast<float>(std::clamp(ask_from, 0.05, static_cast<double>(fitted.answer_from)));
}

struct training_set
{
    feature_table table;
    std::vector<counted_text> texts; // the trained copies of an example and the one held back
    std::vector<std::size_t> truth;
    std::vector<std::size_t> fold;
    std::size_t intents = 0;
    std::size_t trained_copies = 0;

    const counted_text& text(std::size_t example, std::size_t copy) const
    {
        return texts[example * (trained_copies + 1) + copy];
    }

    template <class Wanted>
    linear_weights fit_on(Wanted wanted) const
    {
        std::vector<sparse_row> chosen;
        std::vector<double> labels;
        for (std::size_t i = 0; i < truth.size(); ++i)
            if (wanted(i))
                for (std::size_t copy = 0; copy < trained_copies; ++copy) {
                    chosen.push_back(vectorise(text(i, copy), table).row);
                    labels.push_back(static_cast<double>(truth[i]));
                }
        return fit(
            chosen,
            std::move(labels),
            table.keys.size(),
            intents,
            regularisation_for(trained_copies));
    }

    // Which features the examples outside `fold_left_out` have.
    std::vector<bool> seen_without(std::size_t fold_left_out) const
    {
        std::vector<bool> seen(table.keys.size(), false);
        for (std::size_t i = 0; i < truth.size(); ++i)
            if (fold[i] != fold_left_out)
                for (std::size_t copy = 0; copy < trained_copies; ++copy)
                    for (const auto& block : text(i, copy).known)
                        for (const auto& one : block)
                            seen[one.feature] = true;
        return seen;
    }
};

// The examples of an intent take turns.
std::vector<std::size_t> folds_of(const std::vector<std::size_t>& truth, std::size_t intents)
{
    std::vector<std::size_t> seen(intents, 0);
    std::vector<std::size_t> folds;
    folds.reserve(truth.size());
    for (const std::size_t intent : truth)
        folds.push_back(seen[intent]++ % fold_count);
    return folds;
}

// One text judged by a model that has not seen it.
struct trial
{
    std::vector<float> margins;
    double known_words;
    std::size_t truth;
    bool typed_with_care;
};

std::vector<trial> try_out(const training_set& set, const std::function<void(double)>& progress)
{
    const std::size_t folds = set.truth.size() < one_fold_from ? fold_count : 1;
    std::vector<trial> trials;
    for (std::size_t fold = 0; fold < folds; ++fold) {
        const linear_weights model = set.fit_on([&](std::size_t i) { return set.fold[i] != fold; });
        const std::vector<bool> seen = set.seen_without(fold);
        for (std::size_t i = 0; i < set.truth.size(); ++i) {
            if (set.fold[i] != fold)
                continue;
            for (const std::size_t copy : {std::size_t{0}, std::size_t{1}, set.trained_copies}) {
                const vectorised made = vectorise(set.text(i, copy), set.table, seen);
                trials.push_back(
                    {margins_of(model, made.row), made.known_words, set.truth[i], copy < 2});
            }
        }
        if (progress)
            progress(0.2 + 0.8 * static_cast<double>(fold + 1) / static_cast<double>(folds + 1));
    }
    return trials;
}

std::size_t best_of(const std::vector<float>& margins)
{
    return static_cast<std::size_t>(
        std::max_element(margins.begin(), margins.end()) - margins.begin());
}

// What is added to the margin of the foreign class: foreign texts have little in common, so what it
// has not seen gets low margins, the lower the more of its words nobody knows.
struct foreign_raise
{
    float always = 0;
    float unknown_words = 0; // times their share
};

// Macro-averaged over the intents.
class raise_trial
{
public:
    raise_trial(const std::vector<trial>& trials, std::size_t intents, std::size_t foreign)
        : intents_(intents), foreign_(foreign)
    {
        for (const trial& one : trials) {
            std::vector<float> others = one.margins;
            others[foreign] = std::numeric_limits<float>::lowest();
            const std::size_t best = best_of(others);
            rows_.push_back(
                {one.truth,
                 best,
                 others[best] - one.margins[foreign],
                 static_cast<float>(1 - one.known_words)});
        }
    }

    double f1(const foreign_raise& raise) const
    {
        std::vector<double> hits(intents_, 0);
        std::vector<double> texts(intents_, 0); // truly of the intent, plus said to be
        for (const row& one : rows_) {
            const bool is_foreign =
                raise.always + raise.unknown_words * one.unknown_words > one.lead;
            const std::size_t said = is_foreign ? foreign_ : one.best;
            hits[said] += said == one.truth ? 1 : 0;
            texts[said] += 1;
            texts[one.truth] += 1;
        }
        double sum = 0;
        for (std::size_t i = 0; i < intents_; ++i)
            sum += texts[i] > 0 ? 2 * hits[i] / texts[i] : 0;
        return sum / static_cast<double>(intents_);
    }

private:
    struct row
    {
        std::size_t truth;
        std::size_t best; // of the other intents
        float lead;       // of that one over the foreign class
        float unknown_words;
    };
    std::size_t intents_;
    std::size_t foreign_;
    std::vector<row> rows_;
};

// The raise that makes the F1 of the trials best; they get it.
foreign_raise raise_foreign(std::vector<trial>& trials, std::size_t intents, std::size_t foreign)
{
    constexpr float step = 0.03F;
    constexpr int steps = 50;
    constexpr float slope_step = 0.25F;
    constexpr int slopes = 9;
    const raise_trial measured(trials, intents, foreign);
    foreign_raise best;
    double best_f1 = -1;
    for (int slope = 0; slope < slopes; ++slope)
        for (int at = 0; at <= steps; ++at) {
            const foreign_raise tried{
                step * static_cast<float>(at) - slope_step * static_cast<float>(slope) / 2,
                slope_step * static_cast<float>(slope)};
            if (const double now = measured.f1(tried); now > best_f1) {
                best_f1 = now;
                best = tried;
            }
        }
    for (trial& one : trials)
        one.margins[foreign] +=
            best.always + best.unknown_words * static_cast<float>(1 - one.known_words);
    return best;
}

calibration calibrate(const std::vector<trial>& trials, std::optional<std::size_t> foreign)
{
    std::vector<judged> judgements;
    for (const trial& one : trials) {
        const std::size_t best = best_of(one.margins);
        judgements.push_back(
            {.seen = evidence_of(one.margins, foreign, one.known_words),
             .right = best == one.truth,
             .typed_with_care = one.typed_with_care,
             .said_foreign = best == foreign,
             .is_foreign = one.truth == foreign});
    }
    calibration fitted;
    fit_confidence(judgements, fitted);
    choose_thresholds(judgements, fitted);
    return fitted;
}

void write_weights(const linear_weights& model, const std::vector<float>& scales, byte_writer& out)
{
    for (std::size_t at = 0; at < model.weights.size(); ++at) {
        const float scale = scales[at % model.intents];
        const float steps = scale > 0 ? std::round(model.weights[at] / scale) : 0.0F;
        out.put(static_cast<std::int8_t>(std::clamp(steps, -127.0F, 127.0F)));
    }
}

std::vector<float> scales_of(const linear_weights& model)
{
    std::vector<float> scales(model.intents, 0.0F);
    for (std::size_t at = 0; at < model.weights.size(); ++at) {
        float& scale = scales[at % model.intents];
        scale = std::max(scale, std::abs(model.weights[at]) / 127.0F);
    }
    return scales;
}

std::uint64_t
hash_of_inputs(const std::vector<example>& examples, const text::lexicon& words, std::uint64_t seed)
{
    byte_writer inputs;
    inputs.put(model_format_version);
    inputs.put(seed);
    for (const example& one : examples) {
        inputs.put(std::string_view(one.text));
        inputs.put(std::string_view(one.intent));
    }
    write_lexicon(words, inputs);
    return checksum(inputs.bytes());
}

} // namespace

std::string
content_hash(const std::vector<example>& examples, const text::lexicon& words, std::uint64_t seed)
{
    return hexadecimal(hash_of_inputs(examples, words, seed));
}

text::lexicon with_examples(text::lexicon words, const std::vector<example>& examples)
{
    for (const example& one : examples)
        words.vocabulary.push_back(one.text);
    // Ways of speaking are mistyped like everything else.
    for (std::string& phrase : gist_phrases())
        words.vocabulary.push_back(std::move(phrase));
    for (const phrase_table* table : {&question_frames(), &kept_phrases(), &query_actions()})
        for (std::string& phrase : table->phrases())
            words.common_phrases.push_back(std::move(phrase));
    return words;
}

result<std::string> train(
    const std::vector<example>& examples,
    const text::lexicon& words,
    const training_options& options)
{
    const std::vector<std::string> intents = intents_of(examples);
    if (intents.size() < 2 || intents.size() > most_intents)
        return errc::malformed_content;

    text::lexicon embedded = with_examples(words, examples);
    byte_writer lexicon;
    write_lexicon(embedded, lexicon);

    training_set set;
    set.intents = intents.size();
    set.trained_copies = trained_copies_for(examples.size(), intents.size());
    for (const example& one : examples)
        set.truth.push_back(static_cast<std::size_t>(
            std::lower_bound(intents.begin(), intents.end(), one.intent) - intents.begin()));
    set.fold = folds_of(set.truth, set.intents);

    {
        const text::normaliser normaliser(std::move(embedded));
        std::vector<feature_blocks> trained;
        std::vector<feature_blocks> held_back;
        const std::size_t all_copies = set.trained_copies + 1;
        for (std::size_t i = 0; i < examples.size(); ++i) {
            for (std::size_t copy = 0; copy < all_copies; ++copy)
                (copy < set.trained_copies ? trained : held_back)
                    .push_back(count_features(normaliser.normalise(copy_of(
                        examples[i].text,
                        copy,
                        options.seed + i * all_copies + copy,
                        i + copy * 5))));
            if (options.progress && i % 256 == 0)
                options.progress(
                    0.2 * static_cast<double>(i) / static_cast<double>(examples.size()));
        }
        const std::size_t fixed = lexicon.bytes().size();
        const std::size_t room =
            model_size_limit_bytes > fixed ? model_size_limit_bytes - fixed : 0;
        set.table = choose_features(
            trained, room / (sizeof(std::uint64_t) + sizeof(float) + intents.size()));
        for (std::size_t i = 0; i < examples.size(); ++i) {
            for (std::size_t copy = 0; copy < set.trained_copies; ++copy)
                set.texts.push_back(look_up(trained[i * set.trained_copies + copy], set.table));
            set.texts.push_back(look_up(held_back[i], set.table));
        }
    }

    const auto at = std::lower_bound(intents.begin(), intents.end(), out_of_scope);
    const std::optional<std::size_t> foreign =
        at != intents.end() && *at == out_of_scope
            ? std::optional(static_cast<std::size_t>(at - intents.begin()))
            : std::nullopt;
    std::vector<trial> trials = try_out(set, options.progress);
    const foreign_raise raise =
        foreign ? raise_foreign(trials, set.intents, *foreign) : foreign_raise();
    const calibration calibrated = calibrate(trials, foreign);
    linear_weights model = set.fit_on([](std::size_t) { return true; });
    if (foreign)
        model.biases[*foreign] += raise.always;
    const std::vector<float> scales = scales_of(model);

    byte_writer body;
    body.put(hash_of_inputs(examples, words, options.seed));
    body.put(calibrated.margin);
    body.put(calibrated.gap);
    body.put(calibrated.known_words);
    body.put(calibrated.foreign_gap);
    body.put(calibrated.offset);
    body.put(calibrated.answer_from);
    body.put(calibrated.ask_from);
    body.put(raise.unknown_words);
    body.put(static_cast<std::uint32_t>(intents.size()));
    body.put(static_cast<std::uint64_t>(set.table.keys.size()));
    for (std::size_t i = 0; i < intents.size(); ++i) {
        body.put(std::string_view(intents[i]));
        body.put(model.biases[i]);
        body.put(scales[i]);
    }
    body.put_raw(lexicon.bytes());
    for (const std::uint64_t key : set.table.keys)
        body.put(key);
    for (const float frequency : set.table.inverse_document_frequencies)
        body.put(frequency);
    write_weights(model, scales, body);

    byte_writer file;
    file.put_raw(model_magic);
    file.put(model_format_version);
    file.put(checksum(body.bytes()));
    file.put_raw(body.bytes());
    if (options.progress)
        options.progress(1.0);
    return std::move(file.bytes());
}

} // namespace motcua::understand
