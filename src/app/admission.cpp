#include <motcua/app/admission.hpp>

#include <algorithm>
#include <functional>

namespace motcua::app {
namespace {

constexpr std::chrono::seconds refusing_for{5}; // what Retry-After says

} // namespace

admission::place::place(admission& of) : taken_(&of)
{
    ++of.under_way_;
}

admission::admission(const admission_limits& limits) : limits_(limits) {}

std::optional<admission::place> admission::enter(time_point now)
{
    if (under_way_ < limits_.events_under_way)
        return place(*this);
    last_refusal_ = now;
    return std::nullopt;
}

bool admission::is_refusing(time_point now) const
{
    return last_refusal_ && now - *last_refusal_ < refusing_for;
}

bool admission::may_be_answered(std::string_view user_id, time_point now)
{
    if (buckets_.size() >= limits_.citizens_remembered)
        forget_refilled(now);
    auto [found, added] = buckets_.try_emplace(std::hash<std::string_view>()(user_id));
    auto& one = found->second;
    if (added)
        one = {limits_.citizen_burst, now};
    one.left = std::min(
        limits_.citizen_burst,
        one.left + std::chrono::duration<double>(now - one.at) / limits_.citizen_refill);
    one.at = now;
    if (one.left < 1)
        return false;
    one.left -= 1;
    return true;
}

void admission::give_back(std::string_view user_id)
{
    const auto found = buckets_.find(std::hash<std::string_view>()(user_id));
    if (found != buckets_.end())
        found->second.left = std::min(limits_.citizen_burst, found->second.left + 1);
}

// Whoever could say all again need not be remembered. If that makes too little room the memory
// starts anew: a bound comes before an allowance.
void admission::forget_refilled(time_point now)
{
    std::erase_if(buckets_, [this, now](const auto& entry) {
        const auto& one = entry.second;
        return one.left + std::chrono::duration<double>(now - one.at) / limits_.citizen_refill >=
               limits_.citizen_burst;
    });
    if (buckets_.size() > limits_.citizens_remembered / 2)
        buckets_.clear();
}

} // namespace motcua::app
