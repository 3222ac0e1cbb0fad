#include <motcua/core/understand/understander.hpp>

#include <utility>

namespace motcua::understand {

namespace {

text::lexicon with_names(text::lexicon words, const std::vector<search_document>& documents)
{
    for (const search_document& document : documents) {
        words.vocabulary.push_back(document.name);
        words.vocabulary.insert(
            words.vocabulary.end(), document.aliases.begin(), document.aliases.end());
    }
    return words;
}

} // namespace

understander::understander(
    language_model model,
    std::vector<search_document> documents,
    const std::vector<synonym>& synonyms,
    const search_weights& weights)
    : model_(std::move(model)),
      words_(std::make_unique<const text::normaliser>(with_names(model_.words(), documents))),
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
