#pragma once

#include <boost/asio/steady_timer.hpp>
#include <motcua/app/outbox_rules.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/support/task_group.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::app {

// How one call to the platform ended.
struct send_result
{
    enum class kind : std::uint8_t
    {
        sent,             // accepted; message_id is the platform's
        refused,          // will never be accepted: give up with the reason
        failed,           // surely not sent, and the platform is at fault: 5xx, no connection
        slow_down,        // surely not sent: a rate limit
        later,            // surely not sent; not before retry_after
        by_day,           // surely not sent; at 06:00
        wait_for_contact, // surely not sent: the window is closed
        stop,             // surely not sent, and nothing will be until somebody has done something
        unknown,          // the line was cut after the request went out: it may have arrived
    };
    kind end = kind::unknown;
    std::string message_id;
    std::string reason;                  // "-230 no interaction in 7 days", "http 502"
    std::chrono::seconds retry_after{0}; // the platform's wish; 0 = none
};

// One message of a conversation as the platform remembers it.
struct remembered
{
    std::string message_id;
    bool by_oa = false;
    utc_time at{};     // by the platform's clock
    std::string trace; // as dialogue::trace_of
};

struct read_back_result
{
    send_result::kind end = send_result::kind::failed; // sent: `messages` are valid
    std::vector<remembered> messages;                  // the newest first
    std::string reason;
    std::chrono::seconds retry_after{0};
};
inline constexpr std::size_t read_back_limit = 10; // messages in one answer (zalo-oa-protocol 4)

// The sending port; adapters/zalo implements it. No call throws for a fault of the platform or the
// network, and each is bounded in time.
class message_sender
{
public:
    virtual ~message_sender() = default;
    virtual asio::awaitable<send_result>
    send(std::string user_id, dialogue::outgoing_message message) = 0;
    // `template_id` is the platform's.
    virtual asio::awaitable<send_result> send_by_template(
        std::string user_id, std::string template_id, dialogue::template_use values) = 0;
    // Messages of the conversation, leaving out the newest `offset`.
    virtual asio::awaitable<read_back_result>
    read_back(std::string user_id, std::size_t offset) = 0;
};

struct outbox_sender_parts
{
    app::writer& store;
    message_sender& platform;
    std::function<utc_time()> now;
    std::function<double()> jitter; // uniform in [0,1)
    std::size_t concurrency = 16;   // citizens served at once
    outbox_rules rules;
    retry_policy retry;
    breaker_policy breaker;
    std::chrono::milliseconds first_look{2000}; // behind a call of unknown outcome
    // A send of unknown outcome that is not in the conversation so long after the call has not
    // arrived and never will. Longer than any call may last.
    std::chrono::milliseconds settle_after{std::chrono::minutes(1)};
    // An unknown row that the conversation neither shows nor disproves by then is dead.
    std::chrono::milliseconds unknown_for{std::chrono::minutes(10)};
};

// Sends what waits: per citizen in order, many citizens at once. Nothing is sent twice: a message
// that may have arrived is looked for first (design.md section 3).
class outbox_sender
{
public:
    outbox_sender(const asio::any_io_executor& executor, outbox_sender_parts parts);

    // New rows may wait. Call on the executor.
    void wake();

    // Runs until stop() and then until the calls under way have ended. Run once.
    asio::awaitable<void> run();
    void stop();

    // When it will look at the outbox again by itself; empty while it works. On the executor.
    std::optional<utc_time> sleeping_until() const { return sleeping_until_; }

    // How often a send or its settling has ended in a state with an error code of the platform
    // ("-230"; "0" for none, "http", "other"). At most 100 codes. On the executor.
    struct end_of_send
    {
        outbox_state state = outbox_state::sent;
        std::string code;
        auto operator<=>(const end_of_send&) const = default;
    };
    const std::map<end_of_send, std::uint64_t>& ends() const { return ends_; }
    // The platform is not asked just now. On the executor.
    bool is_paused() const { return breaker_.open_until(parts_.now()).has_value(); }

private:
    asio::awaitable<void> recover();
    asio::awaitable<void> serve();
    asio::awaitable<void> wait_for_work(std::optional<utc_time> next);
    asio::awaitable<void> handle(outbox_row row);
    asio::awaitable<settlement> send_one(outbox_row row);
    asio::awaitable<settlement> look_for(outbox_row row, std::vector<std::string>& found);
    asio::awaitable<void> store_end(outbox_row row, settlement end, std::vector<std::string> found);
    void tell_breaker(const send_result& end);
    settlement settlement_of(const outbox_row& row, const send_result& end) const;
    void count(const settlement& end);
    settlement look_again(const outbox_row& row, std::string reason) const;

    outbox_sender_parts parts_;
    circuit_breaker breaker_;
    asio::steady_timer wake_;
    task_group calls_;
    std::size_t under_way_ = 0;
    bool woken_ = false;
    bool silenced_ = false; // as of the last claim
    bool stopping_ = false;
    utc_time next_cleaning_{};
    std::optional<utc_time> sleeping_until_;
    std::map<end_of_send, std::uint64_t> ends_;
};

} // namespace motcua::app
