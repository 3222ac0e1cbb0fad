#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace motcua::text {

struct string_hash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const
    {
        return std::hash<std::string_view>{}(text);
    }
};
using word_set = std::unordered_set<std::string, string_hash, std::equal_to<>>;
template <class Value>
using word_map = std::unordered_map<std::string, Value, string_hash, std::equal_to<>>;

// The words a bot's own texts use, and which follow which: what unknown words are corrected
// against. All words folded unless said otherwise.
class spelling_book
{
public:
    // Learns one text, given as its accented words in order.
    void learn(const std::vector<std::string>& words);
    // A word that is no syllable and no misspelling either: a loan word, a shorthand.
    void accept(std::string word) { accepted_.insert(std::move(word)); }
    // Call once after the last text.
    void build_index();

    bool knows(std::string_view word, std::uint32_t at_least = 1) const
    {
        const auto found = ids_.find(word);
        return found != ids_.end() && entries_[found->second].count >= at_least;
    }
    bool follows(std::string_view left, std::string_view right) const
    {
        return pair_count(left, right) > 0;
    }

    // The known word an unknown one most likely is, seeing its neighbours (empty = none).
    std::optional<std::string>
    correct(std::string_view word, std::string_view left, std::string_view right) const;

    // The known words an unknown one is made of; empty if none. Words that never follow each other
    // must be common.
    std::vector<std::string> split(std::string_view word) const;

    // A known word with the marks that best agree with what was typed.
    std::string accented(std::string_view word, std::string_view typed) const;

private:
    struct entry
    {
        std::string word;
        std::uint32_t count = 0;
        word_map<std::uint32_t> forms; // accented
    };

    std::uint32_t pair_count(std::string_view left, std::string_view right) const;
    // May stand in a run of words without blanks.
    bool is_part(std::string_view word) const;
    // Known well enough to stand beside a stranger.
    bool is_common(std::string_view word) const;
    // How well two words go side by side; empty if they do not.
    std::optional<double> seam_score(std::string_view left, std::string_view right) const;
    double score(std::uint32_t id, std::string_view left, std::string_view right) const;

    std::vector<entry> entries_;
    word_map<std::uint32_t> ids_;
    word_set accepted_;
    std::unordered_map<std::uint64_t, std::uint32_t> pairs_;
    // By what is left of a word when letters are taken out (symmetric deletion).
    word_map<std::vector<std::uint32_t>> deletions_;
};

} // namespace motcua::text
