#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <motcua/app/attachment_fetcher.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// Getting what citizens send from the platform's file servers, and nothing from anywhere else: the
// URL comes from outside (reliability.md T12).
namespace motcua::zalo {

// False for an address that is not on the public internet: private, loopback, link-local, shared,
// multicast, documentation, IPv4 inside IPv6 in any form … (the registries of special-purpose
// addresses, RFC 6890).
bool is_public_address(const asio::ip::address& address);

struct media_options
{
    // Names whose files are fetched: a host is one of them, or lies below one of them.
    std::vector<std::string> hosts;
    // The one exception to https, for the demonstration: "http://127.0.0.1:8090". Its address may
    // be any. Empty = none.
    std::string insecure_origin;
    std::string ca_file; // further trust anchors (PEM); empty = the system's
    std::size_t size_limit_bytes = 20UL * 1024 * 1024;
    std::chrono::milliseconds connect_deadline{5000};
    std::chrono::milliseconds call_deadline{30000};
    std::function<bool(const asio::ip::address&)> may_connect = is_public_address;
};

// Follows no redirection. Throws std::invalid_argument if insecure_origin is no origin.
std::unique_ptr<app::media_source>
make_media_source(asio::any_io_executor executor, media_options options);

} // namespace motcua::zalo
