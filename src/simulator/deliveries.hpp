#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/core/time.hpp>
#include <motcua/simulator/simulator.hpp>
#include <motcua/support/task_group.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

// Signs webhooks and posts them: per citizen in order, many citizens at once, with the platform's
// ladder of retries behind a failure (zalo-oa-protocol 1.5). Single-threaded.
namespace motcua::simulator {

// One event on its way.
struct delivery
{
    std::string queue; // events of one queue leave in order; retries do not hold later ones back
    std::string body;
    std::string timestamp;                             // as in the body
    std::function<void(bool acknowledged)> on_attempt; // called on the executor; may be empty
};

// How one attempt ended.
struct attempt
{
    unsigned status = 0; // 0 = no answer
    std::string reason;  // why there was none
    bool acknowledged() const { return status == 200; }
};

struct delivery_counts
{
    std::uint64_t events = 0;       // handed over
    std::uint64_t attempts = 0;     // posts
    std::uint64_t acknowledged = 0; // events answered 200
    std::uint64_t failed = 0;       // attempts not answered 200
    std::uint64_t given_up = 0;     // events whose last retry failed
    std::uint64_t dropped = 0;      // events of a time without subscription
    std::uint64_t waiting = 0;      // queued, held, on the way or before a retry
};

enum class signing : std::uint8_t
{
    right,
    wrong, // a digest of other bytes
    none,
};

enum class release_order : std::uint8_t
{
    as_sent,
    reversed,
};

class deliveries
{
public:
    deliveries(const asio::any_io_executor& executor, const options& settings);

    // Queues the event, or drops it without a subscription. The result becomes ready with the first
    // attempt.
    class ticket;
    std::shared_ptr<ticket> post(delivery event);
    // The first attempt's end; status 0 if the deliveries are held or stopped.
    asio::awaitable<attempt> first_attempt(std::shared_ptr<ticket> waiting);

    // One attempt, past the queues and without retries.
    asio::awaitable<attempt>
    post_once(std::string body, std::string timestamp, signing how, int retry_number);

    // Keeps what is posted from now on, until released.
    void hold() { held_ = true; }
    void release(release_order order);

    // Ends when a last retry fails; somebody must ask for it again in the console (1.5).
    bool is_subscribed() const { return subscribed_; }
    void subscribe() { subscribed_ = true; }

    delivery_counts counts() const;
    void stop();
    asio::awaitable<void> join();

private:
    void enqueue(std::shared_ptr<ticket> waiting);
    asio::awaitable<void> work();
    asio::awaitable<void> retry(std::shared_ptr<ticket> failed);
    void settle(ticket& of, const attempt& end) const;

    asio::any_io_executor executor_;
    std::string app_id_;
    std::string secret_;
    std::vector<std::chrono::milliseconds> retry_waits_;
    std::unique_ptr<zalo::http_client> http_;
    std::map<std::string, std::deque<std::shared_ptr<ticket>>> queues_; // none is empty
    std::deque<std::string> ready_;                                     // queues nobody works on
    std::deque<std::shared_ptr<ticket>> kept_;
    std::size_t workers_ = 0;
    bool subscription_ends_;
    bool subscribed_ = true;
    bool held_ = false;
    bool stopped_ = false;
    delivery_counts counts_;
    task_group tasks_;
};

class deliveries::ticket
{
public:
    ticket(const asio::any_io_executor& executor, delivery event)
        : event_(std::move(event)), ready_(executor, asio::steady_timer::time_point::max())
    {
    }

private:
    friend class deliveries;
    delivery event_;
    asio::steady_timer ready_; // cancelled when the first attempt has ended
    bool done_ = false;
    attempt end_;
};

} // namespace motcua::simulator
