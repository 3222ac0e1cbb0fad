#include "spelling.hpp"

#include "utf8.hpp"

#include <motcua/core/text/syllables.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

namespace motcua::text {
namespace {

constexpr std::size_t longest_word = 16;   // for correction
constexpr std::size_t two_errors_from = 5; // letters
constexpr std::size_t longest_run = 64;    // for splitting
constexpr std::size_t longest_part = 8;    // letters; syllables have seven at most
constexpr std::size_t most_candidates = 6; // for one typed word
constexpr std::size_t most_searches = 100; // for other words, in one text
constexpr std::uint32_t edge = 0;          // of a text, as a word
constexpr std::uint32_t no_word = ~std::uint32_t{0};

// What the slips of hasty fingers cost, as minus the logarithm of a probability.
constexpr double swap_cost = 3.5;
constexpr double repeat_cost = 3.5; // a letter typed twice
constexpr double near_cost = 4.5;   // the key beside the right one, instead or besides
constexpr double missing_cost = 4;
constexpr double far_cost = 7.5;
constexpr double first_letter_cost = 0.5;
constexpr double lost_mark_cost = 2;
constexpr double word_changed_cost = 2; // of a change to what is a word as it stands

std::size_t errors_allowed(std::size_t letters)
{
    return letters >= two_errors_from ? 2 : 1;
}

bool is_lower_ascii(std::string_view word)
{
    return std::all_of(
        word.begin(), word.end(), [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

// Keys of the word and of all it becomes when up to `errors` letters are taken out. Two words of
// more than 13 letters may share one: then there is a candidate more, which its slips rule out.
std::vector<std::uint64_t> deletion_keys(std::string_view word, std::size_t errors)
{
    constexpr std::uint64_t base = 27;
    std::vector<std::uint64_t> keys;
    const auto add = [&keys,
                      word](std::uint64_t key, std::size_t at, std::size_t left, const auto& more) {
        if (at == word.size())
            return keys.push_back(key);
        more(key * base + static_cast<std::uint64_t>(word[at] - 'a' + 1), at + 1, left, more);
        if (left > 0)
            more(key, at + 1, left - 1, more);
    };
    add(0, 0, errors, add);
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

// One of each run of the same letter: "giiay" -> "giay".
std::string without_runs(std::string_view word)
{
    std::string shorter(word);
    shorter.erase(std::unique(shorter.begin(), shorter.end()), shorter.end());
    return shorter;
}

bool are_near_keys(char left, char right)
{
    static constexpr std::array<std::string_view, 26> keys{
        "qwsz",   "vghn",  "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko",
        "huiknm", "jiolm", "kop",  "njk",    "bhjm", "iklp",   "ol",     "wa",     "edft",
        "awedxz", "rfgy",  "yhji", "cfgb",   "qase", "zsdc",   "tghu",   "asx"};
    return keys[static_cast<std::size_t>(left - 'a')].find(right) != std::string_view::npos;
}

// The cheapest slips that make `typed` of `meant`: replaced, added, missing and swapped letters
// (optimal string alignment).
double slip_cost(std::string_view typed, std::string_view meant)
{
    constexpr std::size_t width = longest_word + 3;
    std::array<std::array<double, width>, width> cost{};
    for (std::size_t row = 0; row <= typed.size(); ++row)
        for (std::size_t column = 0; column <= meant.size(); ++column) {
            if (row == 0 && column == 0)
                continue;
            double best = std::numeric_limits<double>::max();
            if (row > 0 && column > 0) {
                const char was = typed[row - 1];
                const char is = meant[column - 1];
                best = cost[row - 1][column - 1] + (was == is                ? 0
                                                    : are_near_keys(was, is) ? near_cost
                                                                             : far_cost);
                if (row > 1 && column > 1 && was == meant[column - 2] && typed[row - 2] == is)
                    best = std::min(best, cost[row - 2][column - 2] + swap_cost);
            }
            if (column > 0)
                best = std::min(best, cost[row][column - 1] + missing_cost);
            if (row > 0) {
                const char added = typed[row - 1];
                const auto beside = [&](std::size_t at, const auto& like) {
                    return at < typed.size() && at + 1 != row && like(typed[at], added);
                };
                const bool repeats =
                    beside(row - 2, std::equal_to<>()) || beside(row, std::equal_to<>());
                const bool slipped = beside(row - 2, are_near_keys) || beside(row, are_near_keys);
                best = std::min(
                    best,
                    cost[row - 1][column] + (repeats   ? repeat_cost
                                             : slipped ? near_cost
                                                       : far_cost));
            }
            cost[row][column] = best;
        }
    return cost[typed.size()][meant.size()] +
           (typed.front() == meant.front() ? 0 : first_letter_cost);
}

std::uint64_t pair_key(std::uint32_t left, std::uint32_t right)
{
    return std::uint64_t{left} << 32U | right;
}

// Beyond two million words, which no vocabulary has, some triples would share a key.
std::uint64_t triple_key(std::uint32_t first, std::uint32_t second, std::uint32_t third)
{
    return std::uint64_t{first} << 42U | std::uint64_t{second} << 21U | third;
}

} // namespace

spelling_book::spelling_book()
{
    entries_.push_back({.word = {}, .count = 0, .forms = {}});
    ids_.emplace(std::string(), edge);
}

void spelling_book::learn(const std::vector<std::string>& words)
{
    std::optional<std::uint32_t> earlier;
    std::optional<std::uint32_t> before = edge;
    const auto count_with_neighbours = [&](std::uint32_t id) {
        if (before)
            ++pairs_[pair_key(*before, id)];
        if (earlier)
            ++triples_[triple_key(*earlier, *before, id)];
        earlier = before;
        before = id;
    };
    for (const std::string& word : words) {
        std::string folded = fold(word);
        if (!is_lower_ascii(folded)) {
            earlier.reset();
            before.reset();
            continue;
        }
        const auto [found, is_new] =
            ids_.try_emplace(folded, static_cast<std::uint32_t>(entries_.size()));
        if (is_new)
            entries_.push_back({.word = std::move(folded), .count = 0, .forms = {}});
        const std::uint32_t id = found->second;
        ++words_;
        ++entries_[id].count;
        ++entries_[id].forms[word];
        count_with_neighbours(id);
    }
    count_with_neighbours(edge);
    ++entries_[edge].count;
}

void spelling_book::build_index()
{
    for (std::uint32_t id = 0; id < entries_.size(); ++id) {
        const std::string& word = entries_[id].word;
        // A word one letter too short or too long may be corrected with two errors.
        if (word.empty() || word.size() > longest_word)
            continue;
        for (const std::uint64_t key : deletion_keys(word, errors_allowed(word.size() + 1)))
            deletions_[key].push_back(id);
    }
}

std::uint32_t spelling_book::find(std::string_view word) const
{
    const auto found = ids_.find(word);
    return found == ids_.end() ? no_word : found->second;
}

std::uint32_t spelling_book::pair_count(std::uint32_t left, std::uint32_t right) const
{
    if (left == no_word || right == no_word)
        return 0;
    const auto found = pairs_.find(pair_key(left, right));
    return found == pairs_.end() ? 0 : found->second;
}

std::uint32_t spelling_book::pair_count(std::string_view left, std::string_view right) const
{
    return pair_count(find(left), find(right));
}

double spelling_book::mark_cost(std::uint32_t id, std::string_view typed) const
{
    if (id == no_word)
        return 0;
    std::u32string marks;
    for (std::size_t at = 0; at < typed.size();)
        if (const char32_t value = next_code_point(typed, at); value >= 0x80)
            marks.push_back(value);
    if (marks.empty())
        return 0;
    std::size_t fewest = marks.size();
    for (const auto& [form, count] : entries_[id].forms) {
        std::u32string left = marks;
        for (std::size_t at = 0; at < form.size();)
            if (const std::size_t shared = left.find(next_code_point(form, at));
                shared != std::u32string::npos)
                left.erase(shared, 1);
        fewest = std::min(fewest, left.size());
    }
    return lost_mark_cost * static_cast<double>(fewest);
}

// Minus the logarithm of the chance that `right` follows `earlier` and `left`: what is known of the
// three, of the two and of the word alone, interpolated (Jelinek, Mercer 1980).
double spelling_book::transition(
    std::uint32_t earlier, std::uint32_t left, std::uint32_t right, bool plausible) const
{
    constexpr double pair_share = 0.7;
    constexpr double triple_share = 0.4;
    constexpr double doubt = 3; // counts that a word's followers lack
    constexpr double doubt_of_triples = 2;
    constexpr double stranger = 0.3; // count of a syllable nobody has used
    constexpr double nonsense = 0.003;
    const double count =
        right == no_word ? (plausible ? stranger : nonsense) : entries_[right].count + stranger;
    double chance = (1 - pair_share) * count / (static_cast<double>(words_) + 1);
    if (const std::uint32_t pairs = pair_count(left, right); pairs > 0)
        chance += pair_share * pairs / (entries_[left].count + doubt);
    if (earlier == no_word || left == no_word || right == no_word)
        return -std::log(chance);
    chance *= 1 - triple_share;
    const auto triple = triples_.find(triple_key(earlier, left, right));
    if (triple != triples_.end())
        chance += triple_share * triple->second / (pair_count(earlier, left) + doubt_of_triples);
    return -std::log(chance);
}

// The known words that `word` becomes by up to `errors` slips, and some others.
std::vector<std::uint32_t> spelling_book::near(std::string_view word, std::size_t errors) const
{
    std::vector<std::uint32_t> all;
    for (const std::uint64_t key : deletion_keys(word, errors))
        if (const auto known = deletions_.find(key); known != deletions_.end())
            all.insert(all.end(), known->second.begin(), known->second.end());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

bool spelling_book::is_slip(
    std::string_view left, std::string_view word, std::string_view right) const
{
    if (word.size() > longest_word || !is_lower_ascii(word))
        return false;
    const std::uint32_t before = left.empty() ? no_word : find(left);
    const std::uint32_t after = right.empty() ? no_word : find(right);
    if (before == no_word && after == no_word)
        return false;
    const std::string single = without_runs(word);
    return std::ranges::any_of(near(single, 1), [&](std::uint32_t id) {
        return (pair_count(before, id) > 0 || pair_count(id, after) > 0) &&
               slip_cost(single, entries_[id].word) <= far_cost;
    });
}

bool spelling_book::are_neighbours(std::span<const std::string> words) const
{
    for (std::size_t i = 1; i < words.size(); ++i)
        if (!follows(words[i - 1], words[i]))
            return false;
    return true;
}

std::vector<spelling_book::candidate> spelling_book::candidates_for(
    std::span<const typed_word> typed, std::size_t at, std::size_t& searches) const
{
    const typed_word& word = typed[at];
    const std::uint32_t own = find(word.folded);
    std::vector<candidate> all{{own, mark_cost(own, word.text)}};
    if (searches == most_searches || !word.open || word.folded.empty() ||
        word.folded.size() > longest_word || !is_lower_ascii(word.folded))
        return all;
    const std::uint32_t left = at == 0 ? edge : find(typed[at - 1].folded);
    const std::uint32_t right = at + 1 == typed.size() ? edge : find(typed[at + 1].folded);
    const auto fits = [&](std::uint32_t id) {
        return (left != edge && pair_count(left, id) > 0) ||
               (right != edge && pair_count(id, right) > 0);
    };
    ++searches;
    const std::size_t allowed = word.plausible ? 1 : errors_allowed(word.folded.size());
    std::vector<std::pair<double, candidate>> found;
    const auto search = [&](std::string_view spelling, double most_cost) {
        for (const std::uint32_t id : near(spelling, allowed)) {
            if (id == own || (word.plausible && !fits(id)))
                continue;
            if (std::ranges::any_of(found, [id](const auto& one) { return one.second.id == id; }))
                continue;
            double cost = slip_cost(word.folded, entries_[id].word);
            if (cost > most_cost)
                continue;
            cost += mark_cost(id, word.text) + (word.plausible ? word_changed_cost : 0);
            found.push_back(
                {cost + transition(no_word, left, id, true) + transition(no_word, id, right, true),
                 {id, cost}});
        }
    };
    const double most_cost = far_cost * static_cast<double>(allowed) + first_letter_cost;
    search(word.folded, most_cost);
    // A key that bounced is no error of its own.
    if (const std::string single = without_runs(word.folded);
        !word.plausible && single.size() < word.folded.size())
        search(
            single,
            most_cost + repeat_cost * static_cast<double>(word.folded.size() - single.size()));
    // The smaller id breaks ties, so that the order of the index does not matter.
    std::ranges::sort(found, [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : a.second.id < b.second.id;
    });
    for (std::size_t i = 0; i < std::min(found.size(), most_candidates); ++i)
        all.push_back(found[i].second);
    return all;
}

std::vector<std::string> spelling_book::correct(std::span<const typed_word> typed) const
{
    // The best way to a candidate, which decides what stands two words before its followers.
    struct step
    {
        candidate word;
        double cost;
        std::size_t before;
        std::uint32_t word_before;
    };
    std::vector<std::vector<step>> steps(typed.size());
    std::size_t searches = 0;
    const std::vector<step> start{{{edge, 0}, 0, 0, no_word}};
    for (std::size_t at = 0; at < typed.size(); ++at) {
        const std::vector<step>& from = at == 0 ? start : steps[at - 1];
        for (const candidate& one : candidates_for(typed, at, searches)) {
            step best{one, std::numeric_limits<double>::max(), 0, no_word};
            for (std::size_t i = 0; i < from.size(); ++i) {
                const std::uint32_t left = from[i].word.id;
                const double cost =
                    from[i].cost + one.cost +
                    transition(from[i].word_before, left, one.id, typed[at].plausible);
                if (cost < best.cost)
                    best = {one, cost, i, left};
            }
            steps[at].push_back(best);
        }
    }
    std::vector<std::string> meant(typed.size());
    if (typed.empty())
        return meant;
    std::size_t chosen = 0;
    const auto total = [&](std::size_t i) {
        const step& last = steps.back()[i];
        return last.cost + transition(last.word_before, last.word.id, edge, true);
    };
    for (std::size_t i = 1; i < steps.back().size(); ++i)
        if (total(i) < total(chosen))
            chosen = i;
    for (std::size_t at = typed.size(); at-- > 0;) {
        if (chosen != 0)
            meant[at] = entries_[steps[at][chosen].word.id].word;
        else if (!typed[at].plausible && steps[at][0].word.id != no_word)
            meant[at] = typed[at].folded;
        chosen = steps[at][chosen].before;
    }
    return meant;
}

bool spelling_book::is_part(const run_part& part) const
{
    constexpr std::uint32_t repeated = 3; // a word seen once or twice may be a slip itself
    return part.marked_syllable ||
           (is_folded_syllable(part.folded)
                ? knows(part.folded)
                : part.folded.size() > 1 &&
                      (accepted_.contains(part.folded) || knows(part.folded, repeated)));
}

bool spelling_book::is_common(const run_part& part) const
{
    constexpr std::size_t short_word = 2;
    constexpr std::uint32_t common = 10;
    constexpr std::uint32_t very_common = 30;
    if (part.folded.size() < short_word)
        return false;
    if (part.marked_syllable || !is_folded_syllable(part.folded))
        return true;
    return knows(part.folded, part.folded.size() <= short_word ? very_common : common);
}

std::optional<double> spelling_book::seam_score(const run_part& left, const run_part& right) const
{
    constexpr double stranger_cost = 6;
    constexpr double short_stranger_cost = 9;
    constexpr std::size_t letters = 3;
    if (const std::uint32_t pairs = pair_count(left.folded, right.folded); pairs > 0)
        return std::log(1.0 + pairs);
    if (!is_common(left) || !is_common(right))
        return std::nullopt;
    return left.folded.size() < letters || right.folded.size() < letters ? -short_stranger_cost
                                                                         : -stranger_cost;
}

std::vector<std::string> spelling_book::split(std::string_view word, std::string_view typed) const
{
    if (word.size() < 4 || word.size() > longest_run || !is_lower_ascii(word))
        return {};
    std::vector<std::size_t> letters; // where each begins in what was typed
    for (std::size_t at = 0; at < typed.size(); next_code_point(typed, at))
        letters.push_back(at);
    letters.push_back(typed.size());
    if (letters.size() != word.size() + 1)
        return {};
    const auto part_at = [&](std::size_t begin, std::size_t size) {
        const std::string_view text =
            typed.substr(letters[begin], letters[begin + size] - letters[begin]);
        return run_part{
            word.substr(begin, size), size > 1 && text.size() > size && is_syllable(text)};
    };
    struct step
    {
        double score = 0;
        std::size_t before = 0; // letters of the part in front; 0 = this is the first
        bool reached = false;
    };
    // By where a part ends and how long it is.
    std::vector<std::array<step, longest_part + 1>> best(word.size() + 1);
    for (std::size_t end = 1; end <= word.size(); ++end)
        for (std::size_t size = 1; size <= std::min(longest_part, end); ++size) {
            const run_part part = part_at(end - size, size);
            if (!is_part(part))
                continue;
            step& here = best[end].at(size);
            if (size == end) {
                here.reached = true;
                continue;
            }
            for (std::size_t before = 1; before <= longest_part && before <= end - size; ++before) {
                const step& from = best[end - size].at(before);
                const auto seam = from.reached
                                      ? seam_score(part_at(end - size - before, before), part)
                                      : std::nullopt;
                if (seam && (!here.reached || from.score + *seam > here.score))
                    here = {from.score + *seam, before, true};
            }
        }
    std::size_t size = 0;
    for (std::size_t last = 1; last <= std::min(longest_part, word.size() - 1); ++last)
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
