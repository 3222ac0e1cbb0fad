#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <string_view>

// Signed deliveries as the platform makes them (zalo-oa-protocol 1.2 to 1.4), all different.
namespace motcua::load {

enum class event_kind : std::uint8_t
{
    text,      // a question of a citizen
    receipt,   // needs no answer
    duplicate, // of one that has been acknowledged
    forged,    // signed with another secret
    media,
};
inline constexpr std::size_t event_kinds = 5;
std::string_view name(event_kind kind);

// Shares of the kinds, by event_kind; any positive sum.
using mix = std::array<double, event_kinds>;
// "text=80,receipt=20". Throws std::invalid_argument.
mix parse_mix(std::string_view words);

struct identity
{
    std::string app_id = "4120000000000000001"; // the demonstration's
    std::string oa_id = "2870000000000000001";
    std::string secret;
};

struct delivery
{
    event_kind kind = event_kind::text;
    std::string body;
    std::string signature; // header value
    std::int64_t timestamp_ms = 0;
    std::string key; // under which the server stores it, 16 bytes in hex
};

// Made from a seed and the moment; the same seed at another moment gives other ids.
class event_source
{
public:
    event_source(identity as, const mix& shares, std::size_t citizens, std::uint64_t seed);

    delivery next();
    // May be sent again as a duplicate.
    void acknowledged(const delivery& one);

private:
    delivery make(event_kind kind);

    identity as_;
    std::size_t citizens_;
    std::mt19937_64 random_;
    std::discrete_distribution<std::size_t> kinds_;
    std::uint64_t run_;
    std::uint64_t last_ = 0;
    std::deque<delivery> acknowledged_; // the newest ones
};

} // namespace motcua::load
