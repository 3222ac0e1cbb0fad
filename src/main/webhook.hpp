#pragma once

#include "configuration.hpp"

#include <motcua/adapters/http/public_routes.hpp>
#include <motcua/app/admission.hpp>
#include <motcua/app/event_handler.hpp>

#include <cstdint>

namespace motcua {

// What operators are shown of the deliveries. All on the I/O thread.
struct webhook_counters
{
    std::uint64_t stored = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t stale = 0;
    std::uint64_t probes = 0;
    std::uint64_t bad_signatures = 0;
    std::uint64_t malformed = 0;
    std::uint64_t refused_busy = 0;     // the store could not take it
    std::uint64_t refused_overload = 0; // too many under way
    std::uint64_t unheard = 0;          // stored, not answered: one citizen says too much
    std::uint64_t signed_with_header_time =
        0; // the X-ZEvent-Timestamp variant of the signature matched
    metrics::histogram acknowledgement_seconds{metrics::seconds_bounds()}; // of accepted ones
};

// One delivery: signature over the raw bytes, decoding, one unit of work. Lives as long as the
// listener; one thread.
class webhook
{
public:
    webhook(const configuration& config, app::event_handler& events);

    http::asio::awaitable<http::webhook_verdict> receive(http::request delivery);
    const webhook_counters& counters() const { return counters_; }
    const app::admission& door() const { return door_; }

private:
    http::asio::awaitable<http::webhook_verdict> take(http::request delivery);
    bool is_signed(const http::request& delivery, std::string_view timestamp);

    const configuration& config_;
    app::event_handler& events_;
    app::admission door_;
    webhook_counters counters_;
};

} // namespace motcua
