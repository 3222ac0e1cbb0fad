#pragma once

#include <motcua/core/text/normaliser.hpp>
#include <motcua/core/understand/search.hpp>

#include <vector>

namespace motcua::understand {

// The lexicon with what people ask with and ask for as known spellings: question words, names,
// aliases, what synonyms say. Queries should be normalised with it.
text::lexicon with_search_words(
    text::lexicon words,
    const std::vector<search_document>& documents,
    const std::vector<synonym>& synonyms);

} // namespace motcua::understand
