#include "phrases.hpp"

#include "letters.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <utility>

namespace motcua::understand {

namespace {

bool begins_with(std::span<const text::token> tokens, const std::vector<phrase_word>& words)
{
    return words.size() <= tokens.size() &&
           std::equal(
               words.begin(), words.end(), tokens.begin(), [](const auto& word, const auto& t) {
                   return is_word(t, word);
               });
}

} // namespace

std::vector<phrase_word> phrase_words(std::string_view phrase)
{
    std::vector<phrase_word> words;
    while (!phrase.empty()) {
        const std::size_t end = std::min(phrase.find(' '), phrase.size());
        if (end > 0) {
            const std::string_view word = phrase.substr(0, end);
            words.push_back({std::string(word), text::fold(word)});
        }
        phrase.remove_prefix(std::min(end + 1, phrase.size()));
    }
    return words;
}

bool is_word(const text::token& token, const phrase_word& word)
{
    return token.folded == word.folded && (!token.marked || marks_agree(token.text, word.text));
}

void phrase_table::add(std::vector<phrase_word> words, std::size_t value)
{
    if (words.empty())
        return;
    std::vector<row>& rows = by_first_[words.front().folded];
    const auto shorter = std::find_if(rows.begin(), rows.end(), [&words](const row& other) {
        return other.words.size() < words.size();
    });
    rows.insert(shorter, row{std::move(words), value});
}

std::optional<phrase_table::match>
phrase_table::longest_at(std::span<const text::token> tokens) const
{
    const auto rows = by_first_.find(std::string_view(tokens.front().folded));
    if (rows == by_first_.end())
        return std::nullopt;
    for (const row& one : rows->second)
        if (begins_with(tokens, one.words))
            return match{one.words.size(), one.value};
    return std::nullopt;
}

std::vector<phrase_table::match> phrase_table::all_at(std::span<const text::token> tokens) const
{
    std::vector<match> matches;
    const auto rows = by_first_.find(std::string_view(tokens.front().folded));
    if (rows != by_first_.end())
        for (const row& one : rows->second)
            if (begins_with(tokens, one.words))
                matches.push_back({one.words.size(), one.value});
    return matches;
}

} // namespace motcua::understand
