#pragma once

#include <motcua/core/text/normaliser.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace motcua::understand {

// Lets maps keyed by std::string be asked with a view.
struct string_hash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const
    {
        return std::hash<std::string_view>{}(text);
    }
};

template <class Value>
using string_map = std::unordered_map<std::string, Value, string_hash, std::equal_to<>>;

// One word of a known phrase.
struct phrase_word
{
    std::string text; // accented
    std::string folded;
};

// The blank-separated words of a lower-case NFC phrase.
std::vector<phrase_word> phrase_words(std::string_view phrase);

// True if the token is this word, as far as its marks go.
bool is_word(const text::token& token, const phrase_word& word);

// Known phrases with a number each, found in a run of tokens. Immutable once filled.
class phrase_table
{
public:
    struct match
    {
        std::size_t length; // tokens
        std::size_t value;
    };

    void add(std::vector<phrase_word> words, std::size_t value);

    // The longest phrase that begins with the first of these tokens.
    std::optional<match> longest_at(std::span<const text::token> tokens) const;

    // All phrases that begin there.
    std::vector<match> all_at(std::span<const text::token> tokens) const;

    struct scattered_match
    {
        std::vector<std::size_t> at; // tokens, by number in the run
        std::size_t value;
    };

    // Phrases of several words that begin with the first of these tokens and whose other words
    // follow in order, one to `most_skipped` other tokens in between.
    std::vector<scattered_match>
    scattered_at(std::span<const text::token> tokens, std::size_t most_skipped) const;

    // Every phrase, its words joined by blanks.
    std::vector<std::string> phrases() const;

private:
    struct row
    {
        std::vector<phrase_word> words;
        std::size_t value;
    };

    string_map<std::vector<row>> by_first_; // longest first
};

} // namespace motcua::understand
