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

std::vector<std::string> phrase_table::phrases() const
{
    std::vector<std::string> all;
    for (const auto& [first, rows] : by_first_)
        for (const row& one : rows) {
            std::string& phrase = all.emplace_back();
            for (const phrase_word& word : one.words)
                phrase += (phrase.empty() ? "" : " ") + word.text;
        }
    std::sort(all.begin(), all.end());
    return all;
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

std::vector<phrase_table::scattered_match>
phrase_table::scattered_at(std::span<const text::token> tokens, std::size_t most_skipped) const
{
    std::vector<scattered_match> matches;
    const auto rows = by_first_.find(std::string_view(tokens.front().folded));
    if (rows == by_first_.end())
        return matches;
    std::vector<std::size_t> at;
    for (const row& one : rows->second) {
        const std::size_t reach = std::min(tokens.size(), one.words.size() + most_skipped);
        if (one.words.size() < 2 || one.words.size() > tokens.size())
            continue;
        at.clear();
        for (std::size_t i = 0; i < reach && at.size() < one.words.size(); ++i) {
            if (is_word(tokens[i], one.words[at.size()]))
                at.push_back(i);
            else if (i == 0)
                break;
        }
        if (at.size() == one.words.size() && at.back() >= one.words.size())
            matches.push_back({at, one.value});
    }
    return matches;
}

} // namespace motcua::understand
