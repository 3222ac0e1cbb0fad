#include <motcua/core/complaints/categories.hpp>

#include <algorithm>

namespace motcua::complaints {
namespace {

// Whole words only.
bool occurs(std::string_view words, std::string_view text)
{
    const auto parts = [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'); };
    for (auto at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
        const auto end = at + words.size();
        if ((at == 0 || parts(text[at - 1])) && (end == text.size() || parts(text[end])))
            return true;
    }
    return false;
}

} // namespace

std::string_view name(subject value)
{
    switch (value) {
    case subject::conduct:
        return "conduct";
    case subject::rule:
        return "rule";
    case subject::both:
        return "both";
    }
    return "conduct";
}

const category* category_tree::find(std::string_view id) const
{
    const auto found = std::ranges::find(all_, id, &category::id);
    return found == all_.end() ? nullptr : &*found;
}

std::vector<const category*> category_tree::below(std::string_view parent) const
{
    std::vector<const category*> children;
    for (const auto& one : all_) {
        if (one.parent == parent)
            children.push_back(&one);
    }
    return children;
}

bool category_tree::is_leaf(std::string_view id) const
{
    return find(id) != nullptr && below(id).empty();
}

const category* category_tree::guess(std::string_view folded_text) const
{
    const category* best = nullptr;
    std::size_t most = 0;
    bool tie = false;
    for (const auto& one : all_) {
        std::size_t score = 0; // a longer phrase says more
        for (const auto& words : one.words) {
            if (occurs(words, folded_text))
                score += 1 + static_cast<std::size_t>(std::ranges::count(words, ' '));
        }
        if (score == 0 || score < most || !is_leaf(one.id))
            continue;
        tie = score == most;
        most = score;
        best = &one;
    }
    return tie ? nullptr : best;
}

} // namespace motcua::complaints
