#include "back_off.hpp"

#include <algorithm>

namespace motcua::staff_api {
namespace {

constexpr std::chrono::hours forgotten_after{1};
// An attempt further ahead was noted by a clock that was wrong: nobody waits for that time to come.
constexpr std::chrono::minutes clock_correction{1};

} // namespace

std::chrono::seconds back_off::pause_after(int attempts) const
{
    const int beyond = attempts - rules_.free_attempts;
    if (beyond < 0)
        return std::chrono::seconds(0);
    return std::min(rules_.longest_wait, std::chrono::seconds(1LL << std::min(beyond, 30)));
}

std::chrono::seconds back_off::wait(const std::string& key, utc_time now) const
{
    const auto found = entries_.find(key);
    if (found == entries_.end() || now - found->second.last >= forgotten_after ||
        found->second.last - now > clock_correction)
        return std::chrono::seconds(0);
    const auto open = found->second.last + pause_after(found->second.attempts);
    return std::max(std::chrono::ceil<std::chrono::seconds>(open - now), std::chrono::seconds(0));
}

void back_off::attempt(const std::string& key, utc_time now)
{
    if (entries_.size() >= rules_.entries && !entries_.contains(key))
        make_room(now);
    auto& one = entries_[key];
    if (now - one.last >= forgotten_after)
        one.attempts = 0;
    ++one.attempts;
    one.last = now;
}

void back_off::take_back(const std::string& key)
{
    const auto found = entries_.find(key);
    if (found != entries_.end() && --found->second.attempts <= 0)
        entries_.erase(found);
}

void back_off::forget(const std::string& key)
{
    entries_.erase(key);
}

void back_off::make_room(utc_time now)
{
    std::erase_if(
        entries_, [now](const auto& each) { return now - each.second.last >= forgotten_after; });
    while (entries_.size() >= rules_.entries) {
        const auto oldest = std::ranges::min_element(
            entries_, {}, [](const auto& each) { return each.second.last; });
        entries_.erase(oldest);
    }
}

} // namespace motcua::staff_api
