#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// An HTTP/1.1 listener that trusts nobody: raw-header guard before Beast's parser, sizes and
// deadlines bounded (reliability.md sections 1 and 5).
namespace motcua::http {

namespace asio = boost::asio;

struct request
{
    std::string method;                                      // "GET", "POST", "HEAD"
    std::string target;                                      // as sent: "/webhook/zalo?x=1"
    std::vector<std::pair<std::string, std::string>> fields; // names in lower case, in order
    std::string body; // exactly the bytes received, de-chunked
    std::string peer; // address, no port

    std::string_view path() const;  // target up to '?'
    std::string_view query() const; // behind it, or empty
    // Value of the field (lower-case name), empty if absent. Guarded fields cannot repeat.
    std::string_view field(std::string_view name) const;
};

// Where the body of a stream goes.
class body_sink
{
public:
    virtual ~body_sink() = default;
    // One piece; returns once the system has taken it, within the write deadline. False: nobody
    // reads any more or the listener stops, so end. One call at a time.
    virtual asio::awaitable<bool> write(std::string piece) = 0;
};

// Writes a body piece by piece until it has ended or is cancelled: when the client goes, reads too
// slowly, or the listener stops. Between pieces there is no deadline.
using body_producer = std::function<asio::awaitable<void>(body_sink&)>;

// As a response's status: close the connection without an answer.
inline constexpr unsigned no_response = 0;

struct response
{
    unsigned status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>>
        fields;         // further ones: Retry-After, Location …
    bool close = false; // close the connection behind it
    // Instead of `body`: chunked, and the connection ends behind it. Not called for HEAD.
    body_producer stream{};
    // Send no more of the answer than so many bytes: a stand-in for a platform whose line breaks.
    std::optional<std::size_t> cut_after;
};

using request_handler = std::function<asio::awaitable<response>(request)>;

struct limits
{
    std::size_t header_bytes = 8UL * 1024;
    std::size_t header_fields = 64;
    std::size_t body_bytes = 256UL * 1024;
    std::size_t connections = 2048;
    std::size_t connections_per_address = 1024;
    std::chrono::milliseconds tls_deadline{5000};
    std::chrono::milliseconds header_deadline{5000};
    std::chrono::milliseconds body_deadline{10000};
    std::chrono::milliseconds write_deadline{10000};
    std::chrono::milliseconds idle_deadline{30000};
    std::chrono::milliseconds handler_deadline{10000}; // then 503
};

struct server_options
{
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;      // 0 = any free port
    std::string tls_certificate; // PEM file with the chain; both empty = plain HTTP
    std::string tls_key;
    http::limits limits;
    std::vector<std::string>
        single_fields; // further fields that must not repeat, lower case: "x-zevent-signature"
};

// Why a raw header block (up to and with CRLFCRLF) must be refused: a short reason and the status
// to answer; empty if it may go to the parser. Pure. Refuses what design.md section 3 "Guard"
// lists.
struct refusal
{
    unsigned status;
    std::string_view reason;
};
std::optional<refusal> guard_header(
    std::string_view raw, const limits& bounds, const std::vector<std::string>& single_fields);

// Since the start.
struct connection_figures
{
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0; // no room, or too many of one address
    std::uint64_t evicted = 0; // to make room for others
    std::uint64_t overdue = 0; // past a deadline
};

class server
{
public:
    virtual ~server() = default;
    virtual std::uint16_t port() const = 0; // the port really bound
    virtual std::string url() const = 0; // "http://127.0.0.1:8080"; 0.0.0.0 is shown as 127.0.0.1
    virtual std::size_t connections() const = 0; // now
    virtual connection_figures figures() const = 0;
    // Accepts and serves until stop(); ends when the last session has ended. Run once, on the
    // executor given; end it with stop(), not by cancelling.
    virtual asio::awaitable<void> run() = 0;
    // Stops accepting, closes idle connections, lets requests under way finish within `grace`, then
    // cancels them. Call on the executor. Called again, the earlier end holds.
    virtual void stop(std::chrono::milliseconds grace) = 0;
};

// Binds and listens at once; throws std::system_error or std::runtime_error naming address or file
// if that fails. `handle` is called on the executor; an exception from it is answered 500 and
// logged.
std::unique_ptr<server>
make_server(const asio::any_io_executor& executor, server_options options, request_handler handle);

} // namespace motcua::http
