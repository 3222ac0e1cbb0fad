#pragma once

#include <motcua/core/error.hpp>
#include <motcua/core/text/normaliser.hpp>
#include <motcua/core/understand/search.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Which intent a message has: L2-SVM over accented and folded views, trained with noisy copies
// (understanding.md 1, 4).
namespace motcua::understand {

inline constexpr std::string_view out_of_scope = "out_of_scope";

struct example
{
    std::string text;
    std::string intent;
};

struct training_options
{
    std::uint64_t seed = 20200101; // of the noise; the same seed and examples give the same bytes
    // Called with a share of 0..1 now and then; may be empty.
    std::function<void(double)> progress;
};

// The lexicon with what train() puts into a model's besides: the examples and ways of speaking, as
// known spellings.
text::lexicon with_examples(text::lexicon words, const std::vector<example>& examples);

// Builds a model file from the examples: header with format version and content hash, the lexicon,
// features, int8 weights. Deterministic. Works with 3 examples per intent. errc::malformed_content
// if there are fewer than two intents. CPU-bound: under a minute for 12,000 examples on one core.
// Seeds std::rand for liblinear: nothing else in the process may use it meanwhile.
result<std::string> train(
    const std::vector<example>& examples,
    const text::lexicon& words,
    const training_options& options);

// Hash of everything that train() reads; equal hashes mean equal model files. 16 hex digits.
std::string
content_hash(const std::vector<example>& examples, const text::lexicon& words, std::uint64_t seed);

struct intent_score
{
    std::string intent;
    double confidence; // 0..1, calibrated: of messages with 0.8, about 80 % are right
};

// A loaded model. Immutable; safe to use from several threads.
class language_model
{
public:
    // `file` must stay valid as long as the model (the caller maps or owns it).
    // errc::malformed_content if it is no model file of this format version or its hash does not
    // fit.
    static result<language_model> load(std::string_view file);
    ~language_model();
    language_model(language_model&&) noexcept;
    language_model& operator=(language_model&&) noexcept;

    // Best first, at most `top`; never empty.
    std::vector<intent_score> classify(const text::normalised& message, std::size_t top = 3) const;

    // answer above the model's own upper threshold, ask between the two, none below or when the
    // best is out_of_scope.
    decision decide(const std::vector<intent_score>& scores) const;

    const text::lexicon& words() const;
    std::string_view version() const; // content hash, for logs and interaction rows
    const std::vector<std::string>& intents() const;

private:
    struct state;
    explicit language_model(std::unique_ptr<const state> loaded);
    std::unique_ptr<const state> state_;
};

} // namespace motcua::understand
