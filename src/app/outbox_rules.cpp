#include <motcua/app/outbox_rules.hpp>

#include <algorithm>

namespace motcua::app {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr hours day_begins{6};
constexpr hours day_ends{22};
// Clocks differ: do not count on the last minute of a window.
constexpr std::chrono::minutes window_margin{1};

std::string span_of(std::chrono::minutes span)
{
    return std::to_string(span.count()) + " min";
}

std::chrono::minutes worth_of(const outbox_row& row, const outbox_rules& rules)
{
    return row.message.why == dialogue::purpose::answer ? rules.answer_worth
                                                        : std::chrono::minutes(rules.other_worth);
}

} // namespace

bool is_stale(const outbox_row& row, const outbox_rules& rules, utc_time now)
{
    return now - row.created > worth_of(row, rules);
}

utc_time next_daytime(utc_time now)
{
    const auto local = now + vietnam_offset;
    const auto midnight = std::chrono::floor<days>(local);
    const auto clock = local - midnight;
    if (clock >= day_begins && clock < day_ends)
        return now;
    const auto morning =
        clock < day_begins ? midnight + day_begins : midnight + days(1) + day_begins;
    return utc_time(morning - vietnam_offset);
}

std::string template_of(const dialogue::outgoing_message& message, const outbox_rules& rules)
{
    if (!message.by_template)
        return {};
    const auto found = rules.templates.find(message.by_template->name);
    return found == rules.templates.end() ? std::string() : found->second;
}

verdict judge(const outbox_row& row, const outbox_rules& rules, utc_time now)
{
    using kind = verdict::kind;
    if (is_stale(row, rules, now))
        return {kind::drop, {}, "stale: older than " + span_of(worth_of(row, rules))};
    if (row.message.why == dialogue::purpose::promotion) {
        const auto day = next_daytime(now);
        if (day > now)
            return {kind::send_later, day, "promotion by day only"};
    }
    // Of an unknown contact the platform decides.
    if (row.last_contact && now - *row.last_contact + window_margin > rules.window) {
        if (!template_of(row.message, rules).empty())
            return {kind::send_by_template, {}, {}};
        return {kind::wait_for_contact, {}, "no contact within the window"};
    }
    return {};
}

std::chrono::milliseconds next_wait(
    const retry_policy& policy, int attempts, std::chrono::seconds platform_wish, double jitter)
{
    auto wait = policy.first;
    for (int i = 1; i < attempts && wait < policy.longest; ++i)
        wait *= 2;
    wait = std::min(wait, policy.longest);
    const double share = 0.5 + 0.5 * std::clamp(jitter, 0.0, 1.0);
    const auto spread = std::chrono::milliseconds(
        static_cast<std::int64_t>(static_cast<double>(wait.count()) * share));
    return std::max<std::chrono::milliseconds>(spread, platform_wish);
}

std::optional<utc_time> circuit_breaker::open_until(utc_time now) const
{
    const bool clock_was_put_back = opened_ - now > std::chrono::minutes(1);
    return until_ && now < *until_ && !clock_was_put_back ? until_ : std::nullopt;
}

std::size_t circuit_breaker::room(std::size_t wanted, std::size_t under_way, utc_time now) const
{
    if (!until_)
        return wanted;
    if (open_until(now) || under_way > 0)
        return 0;
    return std::min<std::size_t>(wanted, 1);
}

void circuit_breaker::succeeded(utc_time now)
{
    failures_ = 0;
    if (open_until(now))
        return;
    pauses_ = 0;
    until_.reset();
}

bool circuit_breaker::failed(utc_time now, std::chrono::seconds wish, double jitter)
{
    ++failures_;
    // Calls that were under way when it opened say nothing new.
    if (failures_ < policy_.failures || open_until(now))
        return false;
    return slow_down(now, wish, jitter);
}

bool circuit_breaker::slow_down(utc_time now, std::chrono::seconds wish, double jitter)
{
    const bool was_closed = !until_;
    if (open_until(now) && wish.count() == 0)
        return false;
    ++pauses_;
    open(now, next_wait(policy_.pause, pauses_, wish, jitter));
    return was_closed;
}

void circuit_breaker::stopped(utc_time now)
{
    open(now, policy_.stop);
}

void circuit_breaker::open(utc_time now, std::chrono::milliseconds span)
{
    until_ = std::max(now + span, open_until(now).value_or(now));
    opened_ = now;
}

} // namespace motcua::app
