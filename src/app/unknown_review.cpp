#include <motcua/app/unknown_review.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace motcua::app {
namespace {

using words = std::vector<std::string>;

constexpr std::array<std::pair<unknown_verdict, std::string_view>, 5> verdict_names{{
    {unknown_verdict::alias, "alias"},
    {unknown_verdict::search_test, "search_test"},
    {unknown_verdict::example, "example"},
    {unknown_verdict::out_of_scope, "out_of_scope"},
    {unknown_verdict::dropped, "dropped"},
}};

words as_set(words all)
{
    std::ranges::sort(all);
    all.erase(
        std::unique(all.begin(), all.end()), all.end()); // clang 14 cannot read std::ranges::unique
    return all;
}

// Finds the decision that takes care of a set of words.
class decided
{
public:
    decided(std::span<const comparable_decision> decisions, double likeness) : likeness_(likeness)
    {
        for (std::size_t i = 0; i < decisions.size(); ++i) {
            if (!decisions[i].decision.undone_by.empty())
                continue;
            for (const auto& text : decisions[i].words)
                same_.try_emplace(as_set(text), i);
            if (decisions[i].decision.whole_group && !decisions[i].words.empty())
                add_group(as_set(decisions[i].words.front()), i);
        }
    }

    std::optional<std::size_t> by(const words& wanted) const
    {
        if (const auto found = same_.find(wanted); found != same_.end())
            return found->second;
        std::map<std::size_t, std::size_t> shared; // words, by number of the group
        for (const auto& word : wanted)
            if (const auto found = groups_of_.find(word); found != groups_of_.end())
                for (const auto one : found->second)
                    ++shared[one];
        for (const auto& [number, common] : shared) {
            const auto all = wanted.size() + groups_[number].size - common;
            if (static_cast<double>(common) >= likeness_ * static_cast<double>(all))
                return groups_[number].decision;
        }
        return std::nullopt;
    }

private:
    struct group
    {
        std::size_t decision;
        std::size_t size; // words
    };

    void add_group(const words& leading, std::size_t decision)
    {
        for (const auto& word : leading)
            groups_of_[word].push_back(groups_.size());
        groups_.push_back({decision, leading.size()});
    }

    double likeness_;
    std::map<words, std::size_t> same_;
    std::vector<group> groups_;
    std::map<std::string, std::vector<std::size_t>> groups_of_; // by word
};

} // namespace

std::string_view name(unknown_verdict value)
{
    for (const auto& [verdict, word] : verdict_names)
        if (verdict == value)
            return word;
    return "";
}

std::optional<unknown_verdict> unknown_verdict_from(std::string_view name)
{
    for (const auto& [verdict, word] : verdict_names)
        if (word == name)
            return verdict;
    return std::nullopt;
}

unknown_review review_unknown(
    std::vector<dialogue::comparable_message> messages,
    std::span<const comparable_decision> decisions,
    double likeness)
{
    unknown_review out;
    out.covered.resize(decisions.size());
    const decided known(decisions, likeness);
    std::erase_if(messages, [&](const dialogue::comparable_message& one) {
        const auto by = known.by(as_set(one.words));
        if (by)
            ++out.covered[*by];
        return by.has_value();
    });
    out.open_messages = messages.size();
    out.open = dialogue::group_alike(messages, likeness);
    return out;
}

} // namespace motcua::app
