#include <motcua/core/reach/plan.hpp>

#include <algorithm>

namespace motcua::reach {
namespace {

bool covers(const plan& one, std::chrono::year_month_day day)
{
    return one.head.period.from <= day && day <= one.head.period.to;
}

// True if `one` is to be asked before `other`.
bool goes_before(const plan& one, const plan& other, std::chrono::year_month_day today)
{
    if (covers(one, today) != covers(other, today))
        return covers(one, today);
    return one.head.period.from > other.head.period.from;
}

} // namespace

keyword_match find_keyword(
    const std::vector<plan>& plans, std::string_view folded, std::chrono::year_month_day today)
{
    keyword_match best;
    for (const auto& one : plans) {
        if (best.plan != nullptr && !goes_before(one, *best.plan, today))
            continue;
        for (const auto& part : one.activities) {
            const auto found = std::ranges::find(part.keywords, folded, &keyword::folded);
            if (found != part.keywords.end())
                best = {&one, &part, &*found};
        }
    }
    return best;
}

std::string activity_key(const plan& of, const activity& one)
{
    return of.head.id + "/" + one.id;
}

const plan* plan_of(const std::vector<plan>& plans, std::string_view key)
{
    const auto id = key.substr(0, key.find('/'));
    const auto found =
        std::ranges::find_if(plans, [id](const plan& one) { return one.head.id == id; });
    return key.empty() || found == plans.end() ? nullptr : &*found;
}

const activity* find_activity(const std::vector<plan>& plans, std::string_view key)
{
    for (const auto& one : plans)
        for (const auto& part : one.activities)
            if (activity_key(one, part) == key)
                return &part;
    return nullptr;
}

} // namespace motcua::reach
