#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Calls to one server over HTTP/1.1, with connections kept open for reuse. What the client, the
// token keeper and the simulator share.
namespace motcua::zalo {

namespace asio = boost::asio;

struct http_client_options
{
    std::string base;      // https://host[:port][/prefix], or http to a loopback address only
    std::string ca_file{}; // further trust anchors (PEM); empty = the system's
    std::chrono::milliseconds connect_deadline{5000}; // name, connection and TLS together
    std::chrono::milliseconds call_deadline{15000};   // the whole call, connecting included
    std::size_t idle_connections = 16;                // kept open for reuse
    std::chrono::milliseconds idle_limit{10000};      // not reused after lying idle for so long
    std::size_t body_limit_bytes = 1024UL * 1024;     // of an answer
    // Asked of every address the name resolves to, before it is connected to; empty = any.
    std::function<bool(const asio::ip::address&)> may_connect{};
};

struct http_answer
{
    enum class kind : std::uint8_t
    {
        answered, // status and body are valid
        not_sent, // surely nothing of the request was processed
        cut,      // some of the request went out and no whole answer came back
    };
    kind end = kind::not_sent;
    std::string reason; // of not_sent and cut: "connect: timed out"
    unsigned status = 0;
    std::string body;                    // at most body_limit_bytes
    std::chrono::seconds retry_after{0}; // Retry-After in seconds; 0 = none
    bool too_large = false;              // of cut: the body is beyond the limit
    bool forbidden = false;              // of not_sent: no address may be connected to
};

using http_fields = std::vector<std::pair<std::string, std::string>>;

class http_client
{
public:
    virtual ~http_client() = default;
    // Never throws for a fault of the network or the peer; bounded by call_deadline. Call on the
    // executor, as often at once as wanted: each call has a connection of its own. Field values
    // must not hold control characters. The client must outlive its calls.
    virtual asio::awaitable<http_answer>
    post(std::string path, http_fields fields, std::string body) = 0;
    // The same for GET.
    virtual asio::awaitable<http_answer> get(std::string path, http_fields fields) = 0;
};

// At least TLS 1.2, with certificate and host name verified. Throws std::invalid_argument if base
// is no such URL, boost::system::system_error if ca_file cannot be read.
std::unique_ptr<http_client>
make_http_client(asio::any_io_executor executor, http_client_options options);

} // namespace motcua::zalo
