#include <motcua/core/dialogue/unknown.hpp>
#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/slots.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <tuple>

namespace motcua::dialogue {
namespace {

constexpr std::array<std::pair<unknown_kind, std::string_view>, 4> kind_names{{
    {unknown_kind::not_understood, "not_understood"},
    {unknown_kind::none_of_these, "none_of_these"},
    {unknown_kind::wrong_answer, "wrong_answer"},
    {unknown_kind::chosen, "chosen"},
}};

constexpr std::size_t shortest_masked_run = 5; // digits
constexpr std::size_t other_wordings = 5;
constexpr double rounding = 1e-9; // so that 5 * 0.6 counts as 3

// More than any message that is kept; bounds the work on one that is not.
constexpr std::size_t looked_at_limit = 4 * unknown_text_limit;

std::string with_placeholders(const std::string& nfc)
{
    std::string masked;
    std::size_t done = 0;
    for (const text::slot& slot : text::find_slots(nfc)) {
        masked.append(nfc, done, slot.begin - done);
        masked += "<" + std::string(text::name(slot.kind)) + ">";
        done = slot.end;
    }
    return masked.append(nfc, done);
}

// Runs of digits, single blanks, dots and dashes inside allowed.
std::string without_numbers(const std::string& text)
{
    std::string masked;
    for (std::size_t at = 0; at < text.size();) {
        if (!text::is_digit(text[at])) {
            masked += text[at++];
            continue;
        }
        std::size_t end = at;
        std::size_t digits = 0;
        for (std::size_t next = at; next < text.size(); ++next) {
            if (text::is_digit(text[next])) {
                ++digits;
                end = next + 1;
            } else if (
                std::string_view(" .-").find(text[next]) == std::string_view::npos || next != end) {
                break;
            }
        }
        if (digits >= shortest_masked_run)
            masked += "<number>";
        else
            masked.append(text, at, end - at);
        at = end;
    }
    return masked;
}

// Words on one line; what has an @ inside is somebody's address.
std::string on_one_line(const std::string& text)
{
    std::string line;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
        const std::string_view word(text.data() + begin, end - begin);
        if (!word.empty()) {
            if (!line.empty())
                line += ' ';
            const auto at = word.find('@');
            const bool is_address = at != std::string_view::npos && at > 0 && at + 1 < word.size();
            line += is_address ? std::string_view("<email>") : word;
        }
        begin = end + 1;
    }
    return line;
}

// ---- grouping

// One wording, as often as it was said.
struct wording
{
    std::vector<std::size_t> words; // by rarity: 0 is the rarest of all; ascending, each once
    std::vector<const unknown_message*> messages;
    std::size_t group = 0;
};

bool comes_before(const unknown_message& left, const unknown_message& right)
{
    return std::tie(left.at, left.text, left.kind, left.chosen, left.nearest) <
           std::tie(right.at, right.text, right.kind, right.chosen, right.nearest);
}

using word_set = std::vector<std::string>; // sorted, each once

// Of words equally rare the first in the alphabet counts as rarer.
std::map<std::string_view, std::size_t>
ranks_of(const std::map<word_set, std::vector<const unknown_message*>>& by_words)
{
    std::map<std::string_view, std::size_t> wordings_with;
    for (const auto& [words, messages] : by_words)
        for (const std::string& word : words)
            ++wordings_with[word];
    std::vector<std::pair<std::size_t, std::string_view>> sorted;
    sorted.reserve(wordings_with.size());
    for (const auto& [word, count] : wordings_with)
        sorted.emplace_back(count, word);
    std::ranges::sort(sorted);
    for (std::size_t rank = 0; rank < sorted.size(); ++rank)
        wordings_with[sorted[rank].second] = rank;
    return wordings_with;
}

std::vector<wording> wordings_of(std::span<const comparable_message> messages)
{
    std::map<word_set, std::vector<const unknown_message*>> by_words;
    for (const comparable_message& one : messages) {
        auto words = one.words;
        std::ranges::sort(words);
        words.erase(std::unique(words.begin(), words.end()), words.end());
        by_words[std::move(words)].push_back(&one.message);
    }
    const auto ranks = ranks_of(by_words);
    std::vector<wording> all;
    for (auto& [words, said] : by_words) {
        std::ranges::sort(said, [](const unknown_message* left, const unknown_message* right) {
            return comes_before(*left, *right);
        });
        all.push_back({.words = {}, .messages = std::move(said)});
        for (const std::string& word : words)
            all.back().words.push_back(ranks.at(word));
        std::ranges::sort(all.back().words);
    }
    std::ranges::stable_sort(
        all, std::ranges::greater(), [](const wording& one) { return one.messages.size(); });
    return all;
}

double likeness_of(const std::vector<std::size_t>& left, const std::vector<std::size_t>& right)
{
    std::size_t shared = 0;
    for (auto a = left.begin(), b = right.begin(); a != left.end() && b != right.end();) {
        shared += *a == *b ? 1U : 0U;
        const bool a_goes = *a <= *b;
        b += *b <= *a ? 1 : 0;
        a += a_goes ? 1 : 0;
    }
    const auto all = left.size() + right.size() - shared;
    return all == 0 ? 1 : static_cast<double>(shared) / static_cast<double>(all);
}

// Finds the leader most like a wording. Two sets that agree to `likeness` share at least one of
// the rarest words of each, as many as the rest of the words cannot make up for (prefix filtering,
// Bayardo 2007): only those are looked up, so that common words cost nothing.
class leaders
{
public:
    explicit leaders(double likeness) : likeness_(likeness) {}

    // Null if none is like it; of several equally alike, the earliest.
    const wording* nearest(const wording& one)
    {
        const wording* best = nullptr;
        double best_likeness = 0;
        ++visit_;
        for (const std::size_t word : rarest(one)) {
            if (word >= by_word_.size())
                continue;
            for (const std::size_t place : by_word_[word]) {
                if (std::exchange(visited_[place], visit_) == visit_)
                    continue;
                const double alike = likeness_of(one.words, leaders_[place]->words);
                const bool is_better =
                    best == nullptr || alike > best_likeness ||
                    (alike >= best_likeness && leaders_[place]->group < best->group);
                if (alike >= likeness_ && is_better) {
                    best = leaders_[place];
                    best_likeness = alike;
                }
            }
        }
        return best;
    }

    // `one` outlives it.
    void add(const wording& one)
    {
        for (const std::size_t word : rarest(one)) {
            if (word >= by_word_.size())
                by_word_.resize(word + 1);
            by_word_[word].push_back(leaders_.size());
        }
        leaders_.push_back(&one);
        visited_.push_back(0);
    }

private:
    std::span<const std::size_t> rarest(const wording& one) const
    {
        const auto size = one.words.size();
        const auto needed =
            static_cast<std::size_t>(std::ceil(likeness_ * static_cast<double>(size) - rounding));
        return std::span(one.words).first(std::min(size, size - needed + 1));
    }

    double likeness_;
    std::vector<std::vector<std::size_t>> by_word_; // places in leaders_
    std::vector<const wording*> leaders_;
    std::vector<std::size_t> visited_; // by place: the last visit
    std::size_t visit_ = 0;
};

template <class Key>
std::vector<std::pair<Key, std::size_t>> most_frequent(const std::map<Key, std::size_t>& counts)
{
    std::vector<std::pair<Key, std::size_t>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::ranges::greater(), &std::pair<Key, std::size_t>::second);
    return sorted;
}

// The first place counts three times, the third once.
std::vector<std::string> nearest_of(const std::vector<const unknown_message*>& messages)
{
    std::map<std::string, std::size_t> votes;
    for (const unknown_message* one : messages)
        for (std::size_t i = 0; i < std::min(one->nearest.size(), unknown_nearest_limit); ++i)
            votes[one->nearest[i]] += unknown_nearest_limit - i;
    std::vector<std::string> codes;
    for (const auto& [code, count] : most_frequent(votes))
        if (codes.size() < unknown_nearest_limit)
            codes.push_back(code);
    return codes;
}

// `messages` in the order of the wordings, frequent ones first.
unknown_group group_of(const std::vector<const unknown_message*>& messages)
{
    unknown_group group;
    group.count = messages.size();
    group.first = messages.front()->at;
    group.last = messages.front()->at;
    std::map<std::string_view, std::size_t> count_of;            // by text
    std::vector<std::pair<std::string_view, std::size_t>> texts; // in order of appearance
    std::map<std::string, std::size_t> chosen;
    std::map<unknown_kind, std::size_t> kinds;
    for (const unknown_message* one : messages) {
        group.first = std::min(group.first, one->at);
        group.last = std::max(group.last, one->at);
        if (++count_of[one->text] == 1)
            texts.emplace_back(one->text, 0);
        ++kinds[one->kind];
        if (!one->chosen.empty())
            ++chosen[one->chosen];
    }
    for (auto& [text, count] : texts)
        count = count_of[text];
    std::ranges::stable_sort(
        texts, std::ranges::greater(), [](const auto& one) { return one.second; });
    group.text = texts.front().first;
    for (std::size_t i = 1; i < texts.size() && i <= other_wordings; ++i)
        group.others.emplace_back(texts[i].first);
    group.nearest = nearest_of(messages);
    group.chosen = most_frequent(chosen);
    group.kinds = most_frequent(kinds);
    return group;
}

} // namespace

std::string_view name(unknown_kind kind)
{
    const auto* const found =
        std::ranges::find(kind_names, kind, &std::pair<unknown_kind, std::string_view>::first);
    return found == kind_names.end() ? std::string_view() : found->second;
}

std::optional<unknown_kind> unknown_kind_from(std::string_view name)
{
    const auto* const found =
        std::ranges::find(kind_names, name, &std::pair<unknown_kind, std::string_view>::second);
    return found == kind_names.end() ? std::nullopt : std::optional(found->first);
}

std::string mask_message(std::string_view raw)
{
    const auto nfc = text::to_nfc(text::prefix(raw, looked_at_limit));
    const auto masked = on_one_line(without_numbers(with_placeholders(nfc)));
    return std::string(text::prefix(masked, unknown_text_limit));
}

std::vector<unknown_group>
group_alike(std::span<const comparable_message> messages, double likeness)
{
    auto all = wordings_of(messages);
    leaders found(likeness);
    std::vector<std::vector<const unknown_message*>> members;
    for (wording& one : all) {
        if (const wording* leader = found.nearest(one)) {
            one.group = leader->group;
        } else {
            one.group = members.size();
            members.emplace_back();
            found.add(one);
        }
        auto& group = members[one.group];
        group.insert(group.end(), one.messages.begin(), one.messages.end());
    }
    std::vector<unknown_group> groups;
    groups.reserve(members.size());
    for (const auto& group : members)
        groups.push_back(group_of(group));
    std::ranges::stable_sort(groups, [](const unknown_group& left, const unknown_group& right) {
        return std::tie(right.count, right.last, left.text) <
               std::tie(left.count, left.last, right.text);
    });
    return groups;
}

} // namespace motcua::dialogue
