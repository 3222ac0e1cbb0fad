#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <motcua/core/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// A stand-in for the Zalo platform: a chat page and a scriptable API on one side, signed webhooks
// and the OpenAPI message endpoints on the other (docs/simulator.md).
namespace motcua::simulator {

namespace asio = boost::asio;

// Which of the two message endpoints the platform grants the OA (zalo-oa-protocol 0.1).
enum class oa_type : std::uint8_t
{
    any,          // both
    enterprise,   // v3 only; v2 answers -240
    state_agency, // v2 only; v3 answers -235
};

// What the platform does when a refresh token comes a second time.
enum class reused_refresh_token : std::uint8_t
{
    is_refused,
    revokes_family, // refused, and every token that came of the same consent dies
};

// Whether the OA may send more than words (zalo-oa-protocol 2.5).
enum class oa_package : std::uint8_t
{
    advanced,
    basic, // buttons, lists, media and requests answer -224
};

struct options
{
    std::string server;                // the bot's public listener: http://127.0.0.1:8080
    std::string ca_file;               // trust anchors (PEM) if that is https
    std::string address = "127.0.0.1"; // where to listen
    std::uint16_t port = 0;            // 0 = any free port
    std::string tls_certificate;       // PEM files; both empty = plain HTTP
    std::string tls_key;
    std::string app_id = "4120000000000000001";
    std::string oa_id = "2870000000000000001";
    std::string oa_secret_key;          // signs the webhooks
    std::string access_token;           // one that never dies; others come from OAuth
    std::string app_secret_key{};       // callers of OAuth must present it; empty = any
    std::string refresh_token{};        // the first one; empty = begin with the consent page
    bool refresh_token_repeats = false; // that one may be used again and again, for demonstrations
    std::string callback_url{};         // registered with the app; empty = any
    std::chrono::seconds token_life{90000};
    reused_refresh_token reuse = reused_refresh_token::is_refused;
    bool old_access_token_lives = false; // when a new one is made
    oa_type type = oa_type::any;
    oa_package package = oa_package::advanced;
    std::vector<std::string> templates{"100001"}; // approved ones
    bool receipts = true;                         // "received" and "seen" once a message is fetched
    bool echoes = true;                           // oa_send_* for what the OA sends
    std::size_t sends_per_minute = 4000;          // beyond: -32
    // Waits before the retries of a webhook that was not answered 200 within 2 s (1.5).
    std::vector<std::chrono::milliseconds> retry_waits{
        std::chrono::seconds(30),
        std::chrono::minutes(5),
        std::chrono::minutes(15),
        std::chrono::minutes(30),
        std::chrono::hours(1)};
    bool subscription_ends = true; // with the last retry of an event (1.5)
    std::function<utc_time()> now; // empty = the system's clock
};

class simulator
{
public:
    virtual ~simulator() = default;
    virtual std::string url() const = 0; // "http://127.0.0.1:40001"
    // Serves until stop(). Run once, on the executor given.
    virtual asio::awaitable<void> run() = 0;
    // Call on the executor. Waiting retries are dropped.
    virtual void stop() = 0;
};

// Binds at once; throws std::invalid_argument if `server` is no URL of make_http_client, and what
// http::make_server throws. The executor must be single-threaded.
std::unique_ptr<simulator> make_simulator(const asio::any_io_executor& executor, options settings);

} // namespace motcua::simulator
