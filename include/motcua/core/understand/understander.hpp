#pragma once

#include <motcua/core/text/normaliser.hpp>
#include <motcua/core/understand/language_model.hpp>
#include <motcua/core/understand/search.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::understand {

// Everything known of one message without knowing the conversation.
struct understood
{
    text::normalised message;
    std::vector<intent_score> intents; // best first, never empty
    decision intent_verdict = decision::none;
    search_result procedures; // over the whole message
};

// Normaliser, classifier and search in one. Immutable; safe to use from several threads.
class understander
{
public:
    understander(
        language_model model,
        std::vector<search_document> documents,
        const std::vector<synonym>& synonyms,
        const search_weights& weights = {});

    // Total: accepts any bytes. About 0.3 ms (bar: design.md section 8).
    understood understand(std::string_view raw) const;

    const language_model& model() const { return model_; }
    const text::normaliser& words() const { return *words_; }
    const procedure_index& index() const { return index_; }

private:
    language_model model_;
    std::unique_ptr<const text::normaliser>
        words_; // the model's lexicon plus the documents' vocabulary
    procedure_index index_;
};

} // namespace motcua::understand
