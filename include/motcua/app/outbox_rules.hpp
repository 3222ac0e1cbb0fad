#pragma once

#include <motcua/app/storage.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

// When a message may be sent, and until when it is worth it. Pure.
namespace motcua::app {

struct outbox_rules
{
    // Ordinary messages may be sent for so long after the citizen's last contact
    // (zalo-oa-protocol 2.8): 7 days, the first 48 hours of them free of charge.
    std::chrono::hours window{7 * 24};
    std::chrono::minutes answer_worth{240};  // an answer older than this is not sent any more
    std::chrono::hours other_worth{30 * 24}; // the same for anything else
    std::map<std::string, std::string, std::less<>> templates; // platform's ids by our names
};

struct verdict
{
    enum class kind : std::uint8_t
    {
        send,
        send_by_template,
        send_later, // not before `at`
        wait_for_contact,
        drop,
    };
    kind what = kind::send;
    utc_time at{};
    std::string reason; // of all but the first two
};

verdict judge(const outbox_row& row, const outbox_rules& rules, utc_time now);

// The platform's id of the template the message may go by; empty if none is configured.
std::string template_of(const dialogue::outgoing_message& message, const outbox_rules& rules);

// Too old to be sent, even if nothing else speaks against it.
bool is_stale(const outbox_row& row, const outbox_rules& rules, utc_time now);

// The next instant at which promotional messages may be sent: 06:00–22:00 in Vietnam
// (zalo-oa-protocol 2.8). `now` itself if it is day.
utc_time next_daytime(utc_time now);

struct retry_policy
{
    std::chrono::milliseconds first{1000}; // doubled each time
    std::chrono::milliseconds longest{std::chrono::minutes(2)};
};

// When to try again after `attempts` calls: exponential, with `jitter` in [0,1) spreading the wait
// over 50–100 %, and never before the platform's wish.
std::chrono::milliseconds next_wait(
    const retry_policy& policy, int attempts, std::chrono::seconds platform_wish, double jitter);

struct breaker_policy
{
    int failures = 5; // in a row, before everything pauses
    retry_policy pause{std::chrono::seconds(5), std::chrono::minutes(1)};
    std::chrono::milliseconds stop{
        std::chrono::minutes(10)}; // once the platform has told us to stop
};

// Keeps all of us from calling a platform that does not work: opens after failures in a row, lets
// one call through after a pause, closes with the first success.
class circuit_breaker
{
public:
    explicit circuit_breaker(breaker_policy policy) : policy_(policy) {}

    // How many calls may be made now, of `wanted`, with `under_way` running.
    std::size_t room(std::size_t wanted, std::size_t under_way, utc_time now) const;
    // Until when none may; empty unless it is open.
    std::optional<utc_time> open_until(utc_time now) const;

    // Closes it, unless it was opened after that call had begun.
    void succeeded(utc_time now);
    // True if this opened it. `wish` is the platform's, zero if it has none.
    bool failed(utc_time now, std::chrono::seconds wish, double jitter);
    // At once: the platform asked us to slow down.
    bool slow_down(utc_time now, std::chrono::seconds wish, double jitter);
    // At once and for long: nothing can be sent until somebody has done something.
    void stopped(utc_time now);

private:
    void open(utc_time now, std::chrono::milliseconds span);

    breaker_policy policy_;
    int failures_ = 0; // in a row
    int pauses_ = 0;   // since the last success
    std::optional<utc_time> until_;
    utc_time opened_{};
};

} // namespace motcua::app
