#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
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

// A word on its way to the corrector.
struct typed_word
{
    std::string_view text; // with the marks that were typed
    std::string_view folded;
    bool open;      // may be corrected
    bool plausible; // a word as it stands: corrected only where another fits far better
};

// The words a bot's own texts use, and which follow which: what unknown words are corrected
// against. All words folded unless said otherwise.
class spelling_book
{
public:
    spelling_book();
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

    // What was most likely meant (a noisy channel: how likely the slips are, and how likely the
    // words stand side by side), by typed word: its folded form, or empty if it stays.
    std::vector<std::string> correct(std::span<const typed_word> typed) const;

    // The words an unknown one is made of, folded; empty if none. They are known or, by the marks
    // in what was typed, surely syllables. Words that never follow each other must be common; a
    // letter on its own ("o" of "ở đâu") stands beside its known neighbours only.
    std::vector<std::string> split(std::string_view word, std::string_view typed) const;

    // True if an unknown word is one slip (and any letters typed twice) away from a known one that
    // stands beside one of these neighbours; empty: the text's edge.
    bool is_slip(std::string_view left, std::string_view word, std::string_view right) const;

    // True if each was seen right behind the one before it.
    bool are_neighbours(std::span<const std::string> words) const;

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
    // Of a run of words without blanks.
    struct run_part
    {
        std::string_view folded;
        bool marked_syllable; // typed with marks that make a syllable of it
    };
    bool is_part(const run_part& part) const;
    // Known well enough to stand beside a stranger.
    bool is_common(const run_part& part) const;
    // How well two words go side by side; empty if they do not.
    std::optional<double> seam_score(const run_part& left, const run_part& right) const;
    std::vector<std::uint32_t> near(std::string_view word, std::size_t errors) const;

    struct candidate
    {
        std::uint32_t id; // no_word: what was typed is no known word
        double cost;      // of the slips, >= 0
    };
    // What was typed comes first. Counts the searches for others, which are bounded.
    std::vector<candidate>
    candidates_for(std::span<const typed_word> typed, std::size_t at, std::size_t& searches) const;
    // Of the marks that were typed and the best accented form of the word lacks.
    double mark_cost(std::uint32_t id, std::string_view typed) const;
    double transition(
        std::uint32_t earlier, std::uint32_t left, std::uint32_t right, bool plausible) const;
    std::uint32_t find(std::string_view word) const;
    std::uint32_t pair_count(std::uint32_t left, std::uint32_t right) const;

    std::vector<entry> entries_; // the first stands for the edge of a text
    std::uint64_t words_ = 0;    // counted
    word_map<std::uint32_t> ids_;
    word_set accepted_;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> pairs_;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t> triples_; // one behind the other
    // By what is left of a word when letters are taken out (symmetric deletion).
    boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>> deletions_;
};

} // namespace motcua::text
