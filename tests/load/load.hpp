#pragma once

#include "events.hpp"
#include "latencies.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>

// Sends signed events over connections that stay open, and looks at the clock.
namespace motcua::load {

struct options
{
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    std::string path = "/webhook/zalo";
    identity as;
    mix shares{1, 0, 0, 0, 0};
    std::size_t connections = 64;
    // Of 127.0.0.0/8, one after the other; 0: whatever the system takes. One address may have a
    // bounded number of connections.
    std::size_t source_addresses = 0;
    std::size_t citizens = 100'000;
    std::uint64_t seed = 1;
    // Events per second, whatever becomes of them (open loop); 0: each connection sends as soon as
    // it has its answer (closed loop).
    double rate = 0;
    std::chrono::milliseconds duration{10'000}; // of making new events
    std::uint64_t events = 0;                   // at most; 0: until the time is over
    // What is refused (503) or cut is sent again after this, as the platform does; else counted
    // and forgotten.
    std::optional<std::chrono::milliseconds> retry_after;
    std::chrono::milliseconds drain{30'000}; // for what is under way when the time is over
    std::filesystem::path ledger;            // empty: none
};

struct report
{
    std::chrono::duration<double> elapsed{0};
    std::uint64_t made = 0;                      // different deliveries
    std::map<unsigned, std::uint64_t> by_status; // answers
    std::uint64_t without_retry_after = 0;       // of the answers 503
    std::uint64_t acknowledged = 0;              // 200
    std::uint64_t forged_accepted = 0;           // must be 0
    std::uint64_t cut = 0;                       // connections that ended before the answer
    std::uint64_t unfinished = 0; // not acknowledged in the end, nor refused for good
    // From the moment the event was to be sent, so that waiting for a free connection counts
    // (coordinated omission), to its 200; retries included.
    latencies took;
};

// Throws std::exception. One thread; returns when all is answered, or the drain is over.
report run(const options& how);

// Raises the soft limit of descriptors to the hard one. Returns it.
std::size_t raise_descriptor_limit();

} // namespace motcua::load
