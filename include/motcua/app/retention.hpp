#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <motcua/core/error.hpp>
#include <motcua/core/time.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How long what citizens wrote is kept. Figures stay; complaints, the audit and the proofs of
// erasures are not touched, but for the person behind a complaint who has long been gone.
namespace motcua::app {

namespace asio = boost::asio;

class transaction;
class writer;

// In the order they are looked at.
enum class kept_kind : std::uint8_t
{
    events,        // what the platform posted, as received; the fact that it came stays
    outgoing,      // texts sent to citizens; how they were delivered stays
    conversations, // what was being talked of
    attachments,   // files that came with no complaint
    handovers,     // who asked for a person
    unknown,       // sentences that were not understood
    citizens       // all that is kept of a citizen not heard of any more, as if they had asked
};
inline constexpr std::array kept_kinds{
    kept_kind::events,
    kept_kind::outgoing,
    kept_kind::conversations,
    kept_kind::attachments,
    kept_kind::handovers,
    kept_kind::unknown,
    kept_kind::citizens};
std::string_view name(kept_kind kind);

// By kind: what is older goes. 0 days: is kept for ever.
struct retention_rules
{
    std::array<std::chrono::days, kept_kinds.size()> keep{};

    std::chrono::days of(kept_kind kind) const { return keep.at(static_cast<std::size_t>(kind)); }
};

struct retention_count
{
    kept_kind kind{};
    utc_time before{};
    std::int64_t rows = 0;
};

// The storing port, part of the transaction.
class retention_records
{
public:
    struct progress
    {
        std::int64_t removed = 0;
        std::string after;                 // where to go on; empty at the beginning
        bool done = false;                 // nothing of that kind is left
        std::vector<std::string> citizens; // of kept_kind::citizens: to be erased by the caller
    };

    virtual ~retention_records() = default;
    // Of the newest event, as the platform has signed it; empty if there is none.
    virtual std::optional<utc_time> platform_time() = 0;
    // Looks at the next `limit` rows behind `after`. What is not settled, belongs to a complaint
    // that is not over, or waits for a person stays, whatever its age. Where rows come in the order
    // of their time, one later than `now` is as old as the next one that is not.
    virtual progress remove(
        kept_kind kind,
        utc_time before,
        utc_time now,
        const std::string& after,
        std::size_t limit) = 0;
};

// That part of a transaction. It is told apart from it because nobody else has any use for it.
using retention_part = std::function<retention_records&(transaction&)>;

// One pass over everything, a bounded piece per unit of work. Ends with a row in the audit if
// anything went.
class retention_pass
{
public:
    using pseudonym_of = std::function<std::string(std::string_view)>; // any thread

    retention_pass(
        retention_part records, const retention_rules& rules, utc_time now, pseudonym_of pseudonym);

    // The next piece. A unit that is rolled back is to be repeated with a copy from before.
    void step(transaction& store);
    bool finished() const { return at_ == kept_kinds.size(); }
    const std::vector<retention_count>& counts() const { return counts_; }

private:
    void next_kind(transaction& store);

    retention_part records_;
    retention_rules rules_;
    utc_time now_;
    pseudonym_of pseudonym_;
    std::size_t at_ = 0; // of kept_kinds
    std::string after_;
    bool begun_ = false;
    std::vector<retention_count> counts_;
};

struct retention_parts
{
    writer& store;
    retention_part records;
    retention_rules rules;
    std::function<utc_time()> now;
    retention_pass::pseudonym_of pseudonym;
    std::function<void()> files_to_remove; // some are
};

// Runs a pass every night between two and five, Vietnamese time.
class retention_task
{
public:
    retention_task(const asio::any_io_executor& executor, retention_parts parts);

    // Runs until stop(). Run once.
    asio::awaitable<void> run();
    void stop(); // on the executor

    // A whole pass now. At most two days later than the newest event: a clock that has jumped ahead
    // erases nobody.
    asio::awaitable<result<std::vector<retention_count>>> pass();
    // True if it is night and this night's is still to be done, as far as the store tells.
    asio::awaitable<bool> is_due();

private:
    retention_parts parts_;
    asio::steady_timer timer_;
    bool stopping_ = false;
};

} // namespace motcua::app
