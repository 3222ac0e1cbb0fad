#include "features.hpp"
#include "hashing.hpp"
#include "model_file.hpp"

#include <motcua/core/understand/language_model.hpp>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

namespace motcua::understand {

namespace {

// Finds keys in a sorted table of evenly spread hashes: the top bits lead to a handful of entries.
class key_table
{
public:
    key_table() = default;

    // nullopt if the keys do not ascend.
    static std::optional<key_table> over(std::string_view bytes)
    {
        key_table table;
        table.keys_ = bytes.data();
        const std::size_t count = bytes.size() / sizeof(std::uint64_t);
        while (table.bits_ < 24 && (std::size_t{1} << table.bits_) < count)
            ++table.bits_;
        const std::size_t buckets = std::size_t{1} << table.bits_;
        table.begin_.assign(buckets + 1, static_cast<std::uint32_t>(count));
        std::uint64_t before = 0;
        std::size_t next = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t key = table.key(i);
            if (i != 0 && key <= before)
                return std::nullopt;
            before = key;
            for (; next <= table.bucket(key); ++next)
                table.begin_[next] = static_cast<std::uint32_t>(i);
        }
        return table;
    }

    std::optional<std::size_t> find(std::uint64_t wanted) const
    {
        const std::size_t at = bucket(wanted);
        for (std::size_t i = begin_[at]; i < begin_[at + 1]; ++i)
            if (key(i) == wanted)
                return i;
        return std::nullopt;
    }

private:
    std::uint64_t key(std::size_t i) const
    {
        return load_as<std::uint64_t>(keys_ + i * sizeof(std::uint64_t));
    }

    std::size_t bucket(std::uint64_t key) const
    {
        return bits_ == 0 ? 0 : static_cast<std::size_t>(key >> (64U - bits_));
    }

    const char* keys_ = nullptr;
    unsigned bits_ = 0;
    std::vector<std::uint32_t> begin_;
};

// Bounds that keep the arithmetic of classify() finite whatever the file says; NaN fails too.
bool all_within(std::initializer_list<float> values, float least, float most)
{
    return std::all_of(
        values.begin(), values.end(), [least, most](float v) { return v >= least && v <= most; });
}

constexpr float largest_parameter = 1e6F;

} // namespace

struct language_model::state
{
    std::string version;
    calibration calibrated;
    std::vector<std::string> intents;
    std::optional<std::size_t> foreign;  // out_of_scope
    float unknown_words_are_foreign = 0; // added to its margin, times their share
    std::vector<float> biases;
    std::vector<float> scales;
    text::lexicon words;
    key_table keys;
    const char* document_frequencies = nullptr; // f32 each, in the caller's file
    const char* weights = nullptr;              // i8, features x intents, in the caller's file

    float inverse_document_frequency(std::size_t feature) const
    {
        return load_as<float>(document_frequencies + feature * sizeof(float));
    }
};

result<language_model> language_model::load(std::string_view file)
{
    if (file.size() < model_body_offset || !file.starts_with(model_magic) ||
        load_as<std::uint32_t>(file.data() + model_magic.size()) != model_format_version)
        return errc::malformed_content;
    const std::string_view body = file.substr(model_body_offset);
    if (load_as<std::uint64_t>(file.data() + model_checksum_offset) != checksum(body))
        return errc::malformed_content;

    // The checksum guards against accidents only: everything below is still not to be trusted.
    byte_reader in(body);
    auto loaded = std::make_unique<state>();
    loaded->version = hexadecimal(in.get<std::uint64_t>());
    calibration& calibrated = loaded->calibrated;
    calibrated.margin = in.get<float>();
    calibrated.gap = in.get<float>();
    calibrated.known_words = in.get<float>();
    calibrated.foreign_gap = in.get<float>();
    calibrated.offset = in.get<float>();
    calibrated.answer_from = in.get<float>();
    calibrated.ask_from = in.get<float>();
    loaded->unknown_words_are_foreign = in.get<float>();
    const auto intent_count = in.get<std::uint32_t>();
    const auto feature_count = in.get<std::uint64_t>();
    if (!in.ok() || intent_count < 2 || intent_count > most_intents ||
        feature_count > in.left() / (sizeof(std::uint64_t) + sizeof(float) + intent_count) ||
        feature_count > most_features ||
        !all_within(
            {calibrated.margin, calibrated.gap, calibrated.known_words, calibrated.foreign_gap},
            0,
            largest_parameter) ||
        !all_within({calibrated.offset}, -largest_parameter, largest_parameter) ||
        !all_within({calibrated.answer_from, calibrated.ask_from}, 0, 1) ||
        !all_within({loaded->unknown_words_are_foreign}, 0, largest_parameter))
        return errc::malformed_content;

    for (std::uint32_t i = 0; i < intent_count; ++i) {
        loaded->intents.emplace_back(in.get_text());
        loaded->biases.push_back(in.get<float>());
        loaded->scales.push_back(in.get<float>());
        if (!all_within({loaded->biases.back()}, -largest_parameter, largest_parameter) ||
            !all_within({loaded->scales.back()}, 0, largest_parameter))
            return errc::malformed_content;
    }
    const auto foreign = std::find(loaded->intents.begin(), loaded->intents.end(), out_of_scope);
    if (foreign != loaded->intents.end())
        loaded->foreign = static_cast<std::size_t>(foreign - loaded->intents.begin());
    loaded->words = read_lexicon(in);
    const std::string_view keys = in.take(feature_count * sizeof(std::uint64_t));
    loaded->document_frequencies = in.take(feature_count * sizeof(float)).data();
    loaded->weights = in.take(feature_count * intent_count).data();
    if (!in.ok() || in.left() != 0)
        return errc::malformed_content;
    for (std::size_t i = 0; i < feature_count; ++i)
        if (!all_within({loaded->inverse_document_frequency(i)}, 1e-6F, largest_parameter))
            return errc::malformed_content;
    auto table = key_table::over(keys);
    if (!table)
        return errc::malformed_content;
    loaded->keys = std::move(*table);
    return language_model(std::move(loaded));
}

language_model::language_model(std::unique_ptr<const state> loaded) : state_(std::move(loaded)) {}
language_model::~language_model() = default;
language_model::language_model(language_model&&) noexcept = default;
language_model& language_model::operator=(language_model&&) noexcept = default;

std::vector<intent_score>
language_model::classify(const text::normalised& message, std::size_t top) const
{
    const std::size_t intents = state_->intents.size();
    std::vector<float> margins(intents, 0.0F);
    std::vector<std::pair<std::size_t, float>> known;
    double known_words = 0;
    bool nothing_known = true;
    const feature_blocks blocks = count_features(message);
    for (std::size_t block = 0; block < block_count; ++block) {
        known.clear();
        float squares = 0;
        float known_squares = 0;
        for (const counted_feature& feature : blocks[block]) {
            const auto at = state_->keys.find(feature.key);
            const float value = feature.weight * (at ? state_->inverse_document_frequency(*at)
                                                     : unknown_inverse_document_frequency);
            squares += value * value;
            if (!at)
                continue;
            known_squares += value * value;
            known.emplace_back(*at, value);
        }
        if (known.empty())
            continue;
        nothing_known = false;
        if (block == pairs_block)
            known_words = static_cast<double>(known_squares / squares);
        const float norm = static_cast<float>(block_weights[block]) / std::sqrt(squares);
        for (const auto& [at, value] : known) {
            const float scaled = value * norm;
            const char* row = state_->weights + at * intents;
            for (std::size_t i = 0; i < intents; ++i)
                margins[i] += scaled * static_cast<float>(static_cast<signed char>(row[i]));
        }
    }
    for (std::size_t i = 0; i < intents; ++i)
        margins[i] = margins[i] * state_->scales[i] + state_->biases[i];
    if (state_->foreign)
        margins[*state_->foreign] +=
            state_->unknown_words_are_foreign * static_cast<float>(1 - known_words);

    std::vector<std::size_t> order(intents);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&margins](std::size_t a, std::size_t b) {
        return margins[a] != margins[b] ? margins[a] > margins[b] : a < b;
    });

    const calibration& calibrated = state_->calibrated;
    // Where nothing was seen there is nothing to be sure of, however few the intents.
    const double first =
        nothing_known
            ? 0.0
            : confidence_of(calibrated, evidence_of(margins, state_->foreign, known_words));
    const double second = static_cast<double>(margins[order[1]]);
    const double slope = static_cast<double>(calibrated.margin + calibrated.gap);
    // What the first leaves over is shared by the others as a softmax of their margins.
    double shares = 0;
    for (std::size_t i = 1; i < intents; ++i)
        shares += std::exp(slope * (static_cast<double>(margins[order[i]]) - second));

    std::vector<intent_score> scores;
    scores.push_back({state_->intents[order[0]], first});
    for (std::size_t i = 1; i < std::min(std::max<std::size_t>(top, 1), intents); ++i) {
        const double share =
            std::exp(slope * (static_cast<double>(margins[order[i]]) - second)) / shares;
        scores.push_back({state_->intents[order[i]], std::min(first, (1 - first) * share)});
    }
    return scores;
}

decision language_model::decide(const std::vector<intent_score>& scores) const
{
    if (scores.empty() || scores.front().intent == out_of_scope)
        return decision::none;
    if (scores.front().confidence >= static_cast<double>(state_->calibrated.answer_from))
        return decision::answer;
    if (scores.front().confidence >= static_cast<double>(state_->calibrated.ask_from))
        return decision::ask;
    return decision::none;
}

const text::lexicon& language_model::words() const
{
    return state_->words;
}

std::string_view language_model::version() const
{
    return state_->version;
}

const std::vector<std::string>& language_model::intents() const
{
    return state_->intents;
}

} // namespace motcua::understand
