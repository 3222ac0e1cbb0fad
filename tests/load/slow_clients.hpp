#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace motcua::load {

struct slow_options
{
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    std::size_t sockets = 4000;
    std::size_t source_addresses = 200; // of 127.1.0.0/16
};

struct slow_report
{
    std::uint64_t opened = 0;
    std::uint64_t ended = 0; // by the server
    std::size_t open = 0;    // now
};

// Clients that hold what they can: a quarter each says nothing, trickles a header, trickles a body,
// or asks and never reads. Whoever is thrown out comes again. Runs on a thread of its own until
// destroyed.
class slow_clients
{
public:
    explicit slow_clients(const slow_options& how);
    slow_clients(const slow_clients&) = delete;
    slow_clients& operator=(const slow_clients&) = delete;
    ~slow_clients();

    slow_report figures() const;

private:
    class crowd;
    std::unique_ptr<crowd> crowd_;
};

} // namespace motcua::load
