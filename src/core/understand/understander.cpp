#include <motcua/core/understand/search_words.hpp>
#include <motcua/core/understand/understander.hpp>

#include <utility>

namespace motcua::understand {

understander::understander(
    language_model model,
    std::vector<search_document> documents,
    const std::vector<synonym>& synonyms,
    const search_weights& weights)
    : model_(std::move(model)), words_(std::make_unique<const text::normaliser>(
                                    with_search_words(model_.words(), documents, synonyms))),
      index_(std::move(documents), synonyms, *words_, weights)
{
}

understood understander::understand(std::string_view raw) const
{
    understood all;
    all.message = words_->normalise(raw);
    all.intents = model_.classify(all.message);
    all.intent_verdict = model_.decide(all.intents);
    all.procedures = index_.search(all.message);
    return all;
}

} // namespace motcua::understand
