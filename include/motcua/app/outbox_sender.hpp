#pragma once

#include <boost/asio/steady_timer.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/support/task_group.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace motcua::app {

// How one call to the platform ended.
struct send_result
{
    enum class kind : std::uint8_t
    {
        sent,      // accepted; message_id is the platform's
        refused,   // will never be accepted: give up with the reason
        try_later, // surely not sent: rate limit, 5xx, no connection
        unknown,   // the line was cut after the request went out: it may have arrived
    };
    kind end = kind::unknown;
    std::string message_id;
    std::string reason;                  // "-230", "http 502", "connect: timed out"
    std::chrono::seconds retry_after{0}; // the platform's wish; 0 = none
};

// The sending port; adapters/zalo implements it.
class message_sender
{
public:
    virtual ~message_sender() = default;
    // Never throws for a fault of the platform or the network. Bounded in time.
    virtual asio::awaitable<send_result>
    send(std::string user_id, dialogue::outgoing_message message) = 0;
};

struct retry_policy
{
    int attempts = 8;                      // calls at most
    std::chrono::milliseconds first{1000}; // doubled each time
    std::chrono::milliseconds longest{std::chrono::minutes(10)};
};

// Pure. When to try again after `attempts` calls: exponential, with `jitter` in [0,1) spreading the
// wait over 50–100 %, and never before the platform's wish. Empty if the attempts are used up.
std::optional<std::chrono::milliseconds> next_wait(
    const retry_policy& policy, int attempts, std::chrono::seconds platform_wish, double jitter);

struct outbox_sender_parts
{
    app::writer& store;
    message_sender& platform;
    std::function<utc_time()> now;
    std::function<double()> jitter; // uniform in [0,1)
    std::size_t concurrency = 16;   // citizens served at once
    retry_policy policy;
    std::chrono::minutes unknown_for{10}; // an unknown row not settled by then is dead
};

// Sends what waits: per citizen in order, many citizens at once.
class outbox_sender
{
public:
    outbox_sender(const asio::any_io_executor& executor, outbox_sender_parts parts);

    // New rows may wait. Call on the executor.
    void wake();

    // Runs until stop() and then until the calls under way have ended. Run once.
    asio::awaitable<void> run();
    void stop();

private:
    asio::awaitable<void> recover();
    asio::awaitable<void> serve();
    asio::awaitable<void> wait_for_work(std::optional<utc_time> next_due);
    asio::awaitable<void> send_one(outbox_row row);
    settlement settlement_of(const outbox_row& row, const send_result& end) const;

    outbox_sender_parts parts_;
    asio::steady_timer wake_;
    task_group calls_;
    std::size_t under_way_ = 0;
    bool woken_ = false;
    bool stopping_ = false;
    utc_time next_cleaning_{};
};

} // namespace motcua::app
