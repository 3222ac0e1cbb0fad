#include "spelling.hpp"

#include "utf8.hpp"

#include <motcua/core/text/syllables.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace motcua::text {
namespace {

constexpr std::size_t shortest_word = 3;   // shorter ones have too many neighbours
constexpr std::size_t longest_word = 16;   // for correction
constexpr std::size_t two_errors_from = 7; // letters
constexpr std::size_t longest_run = 64;    // for splitting
constexpr std::size_t longest_part = 8;    // letters; syllables have seven at most
// Without a neighbour that agrees, only words from this length are corrected.
constexpr std::size_t sure_word = 5;

std::size_t errors_allowed(std::size_t letters)
{
    return letters >= two_errors_from ? 2 : 1;
}

bool is_lower_ascii(std::string_view word)
{
    return std::all_of(
        word.begin(), word.end(), [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

// The word and all it becomes when up to `errors` letters are taken out.
word_set deletions_of(std::string_view word, std::size_t errors)
{
    word_set all{std::string(word)};
    std::vector<std::string> layer{std::string(word)};
    for (std::size_t error = 0; error < errors; ++error) {
        std::vector<std::string> next;
        for (const std::string& longer : layer)
            for (std::size_t at = 0; at < longer.size(); ++at) {
                std::string shorter = longer;
                shorter.erase(at, 1);
                if (all.insert(shorter).second)
                    next.push_back(std::move(shorter));
            }
        layer = std::move(next);
    }
    return all;
}

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view left, std::string_view right)
{
    constexpr std::size_t width = longest_word + 3;
    std::array<std::array<std::size_t, width>, width> cost{};
    for (std::size_t row = 0; row <= left.size(); ++row)
        for (std::size_t column = 0; column <= right.size(); ++column) {
            std::size_t& here = cost.at(row).at(column);
            if (row == 0 || column == 0) {
                here = row + column;
                continue;
            }
            const bool same = left[row - 1] == right[column - 1];
            here = std::min(
                {cost.at(row - 1).at(column) + 1,
                 cost.at(row).at(column - 1) + 1,
                 cost.at(row - 1).at(column - 1) + (same ? 0U : 1U)});
            if (row > 1 && column > 1 && left[row - 1] == right[column - 2] &&
                left[row - 2] == right[column - 1])
                here = std::min(here, cost.at(row - 2).at(column - 2) + 1);
        }
    return cost.at(left.size()).at(right.size());
}

} // namespace

void spelling_book::learn(const std::vector<std::string>& words)
{
    std::optional<std::uint32_t> before;
    for (const std::string& word : words) {
        std::string folded = fold(word);
        if (!is_lower_ascii(folded)) {
            before.reset();
            continue;
        }
        const auto [found, is_new] =
            ids_.try_emplace(folded, static_cast<std::uint32_t>(entries_.size()));
        if (is_new)
            entries_.push_back({.word = std::move(folded), .count = 0, .forms = {}});
        const std::uint32_t id = found->second;
        ++entries_[id].count;
        ++entries_[id].forms[word];
        if (before)
            ++pairs_[std::uint64_t{*before} << 32U | id];
        before = id;
    }
}

void spelling_book::build_index()
{
    for (std::uint32_t id = 0; id < entries_.size(); ++id) {
        const std::string& word = entries_[id].word;
        // A word one letter too short or too long may be corrected with two errors.
        if (word.size() < shortest_word - 1 || word.size() > longest_word)
            continue;
        for (const std::string& key : deletions_of(word, errors_allowed(word.size() + 1)))
            deletions_[key].push_back(id);
    }
}

std::uint32_t spelling_book::pair_count(std::string_view left, std::string_view right) const
{
    const auto first = ids_.find(left);
    const auto second = ids_.find(right);
    if (first == ids_.end() || second == ids_.end())
        return 0;
    const auto found = pairs_.find(std::uint64_t{first->second} << 32U | second->second);
    return found == pairs_.end() ? 0 : found->second;
}

double spelling_book::score(std::uint32_t id, std::string_view left, std::string_view right) const
{
    constexpr double pair_weight = 3;
    const entry& word = entries_[id];
    return std::log(1.0 + word.count) + pair_weight * std::log(1.0 + pair_count(left, word.word)) +
           pair_weight * std::log(1.0 + pair_count(word.word, right));
}

std::optional<std::string>
spelling_book::correct(std::string_view word, std::string_view left, std::string_view right) const
{
    constexpr double error_cost = 4;
    constexpr double first_letter_cost = 4;
    if (word.size() < shortest_word || word.size() > longest_word || !is_lower_ascii(word))
        return std::nullopt;
    const std::size_t allowed = errors_allowed(word.size());
    std::optional<std::uint32_t> best;
    double best_score = 0;
    for (const std::string& key : deletions_of(word, allowed)) {
        const auto found = deletions_.find(key);
        if (found == deletions_.end())
            continue;
        for (const std::uint32_t id : found->second) {
            const std::string& known = entries_[id].word;
            const std::size_t errors = distance(word, known);
            if (errors > allowed)
                continue;
            const bool agrees = follows(left, known) || follows(known, right);
            const bool same_start = known.front() == word.front();
            if (!agrees && (word.size() < sure_word || !same_start))
                continue;
            const double value = score(id, left, right) - error_cost * static_cast<double>(errors) -
                                 (same_start ? 0 : first_letter_cost);
            // The smaller id breaks ties, so that the order of the index does not matter.
            if (!best || value > best_score || (value == best_score && id < *best)) {
                best = id;
                best_score = value;
            }
        }
    }
    return best ? std::optional(entries_[*best].word) : std::nullopt;
}

bool spelling_book::is_part(std::string_view word) const
{
    constexpr std::uint32_t repeated = 3; // a word seen once or twice may be a slip itself
    return is_folded_syllable(word) ? knows(word)
                                    : accepted_.contains(word) || knows(word, repeated);
}

bool spelling_book::is_common(std::string_view word) const
{
    constexpr std::size_t short_word = 2;
    constexpr std::uint32_t common = 10;
    constexpr std::uint32_t very_common = 30;
    if (!is_folded_syllable(word))
        return true;
    return knows(word, word.size() <= short_word ? very_common : common);
}

std::optional<double> spelling_book::seam_score(std::string_view left, std::string_view right) const
{
    constexpr double stranger_cost = 6;
    constexpr double short_stranger_cost = 9;
    constexpr std::size_t letters = 3;
    if (const std::uint32_t pairs = pair_count(left, right); pairs > 0)
        return std::log(1.0 + pairs);
    if (!is_common(left) || !is_common(right))
        return std::nullopt;
    return left.size() < letters || right.size() < letters ? -short_stranger_cost : -stranger_cost;
}

std::vector<std::string> spelling_book::split(std::string_view word) const
{
    if (word.size() < 4 || word.size() > longest_run || !is_lower_ascii(word))
        return {};
    struct step
    {
        double score = 0;
        std::size_t before = 0; // letters of the part in front; 0 = this is the first
        bool reached = false;
    };
    // By where a part ends and how long it is.
    std::vector<std::array<step, longest_part + 1>> best(word.size() + 1);
    for (std::size_t end = 2; end <= word.size(); ++end)
        for (std::size_t size = 2; size <= std::min(longest_part, end); ++size) {
            const std::string_view part = word.substr(end - size, size);
            if (!is_part(part))
                continue;
            step& here = best[end].at(size);
            if (size == end) {
                here.reached = true;
                continue;
            }
            for (std::size_t before = 2; before <= longest_part && before <= end - size; ++before) {
                const step& from = best[end - size].at(before);
                const auto seam = from.reached
                                      ? seam_score(word.substr(end - size - before, before), part)
                                      : std::nullopt;
                if (seam && (!here.reached || from.score + *seam > here.score))
                    here = {from.score + *seam, before, true};
            }
        }
    std::size_t size = 0;
    for (std::size_t last = 2; last <= std::min(longest_part, word.size() - 1); ++last)
        if (best[word.size()].at(last).reached &&
            (size == 0 || best[word.size()].at(last).score > best[word.size()].at(size).score))
            size = last;
    std::vector<std::string> parts;
    for (std::size_t end = word.size(); size != 0;) {
        parts.emplace_back(word.substr(end - size, size));
        const std::size_t before = best[end].at(size).before;
        end -= size;
        size = before;
    }
    std::reverse(parts.begin(), parts.end());
    return parts;
}

std::string spelling_book::accented(std::string_view word, std::string_view typed) const
{
    const auto found = ids_.find(word);
    if (found == ids_.end())
        return std::string(word);
    std::u32string marks;
    for (std::size_t at = 0; at < typed.size();)
        if (const char32_t value = next_code_point(typed, at); value >= 0x80)
            marks.push_back(value);
    std::string best(word);
    std::pair<std::size_t, std::uint32_t> best_rank{0, 0};
    for (const auto& [form, count] : entries_[found->second].forms) {
        std::size_t shared = 0;
        for (std::size_t at = 0; at < form.size();)
            if (marks.find(next_code_point(form, at)) != std::u32string::npos)
                ++shared;
        const std::pair rank{shared, count};
        if (shared > 0 && (rank > best_rank || (rank == best_rank && form < best))) {
            best = form;
            best_rank = rank;
        }
    }
    return best;
}

} // namespace motcua::text
