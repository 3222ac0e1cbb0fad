#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <motcua/adapters/zalo/token_source.hpp>
#include <motcua/app/outbox_sender.hpp>
#include <motcua/app/platform_errors.hpp>
#include <motcua/core/dialogue/outgoing.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

// Sending through the OpenAPI (zalo-oa-protocol section 2).
namespace motcua::zalo {

namespace asio = boost::asio;

// The JSON body of one consultation message (zalo-oa-protocol 2.2). The message has no
// dialogue::fault_of.
std::string message_body(std::string_view user_id, const dialogue::outgoing_message& message);
// Of one template message to a user id (2.9).
std::string template_body(
    std::string_view user_id, std::string_view template_id, const dialogue::template_use& values);

// Which of the two message paths the platform grants the OA (0.1).
enum class endpoint : std::uint8_t
{
    v3,
    v2,
};
std::string_view name(endpoint which);         // "v3", "v2"
endpoint endpoint_from(std::string_view name); // v3 unless "v2"

enum class upload_kind : std::uint8_t
{
    image, // JPEG or PNG of at most 1 MiB
    gif,   // at most 5 MiB
    file,  // PDF, DOC, DOCX or CSV of at most 5 MiB
};

struct upload_result
{
    app::send_result::kind end = app::send_result::kind::failed; // sent: `id` is valid
    std::string id;                                              // for dialogue::media::id; 7 days
    std::string reason;
};

struct client_options
{
    std::string api_base = "https://openapi.zalo.me"; // https, or http to a loopback address only
    std::string ca_file; // further trust anchors (PEM); empty = the system's
    std::shared_ptr<token_source> tokens;
    app::error_table errors;
    endpoint first = endpoint::v3;                  // what was remembered of this OA
    std::function<void(endpoint)> endpoint_changed; // to remember it; may be empty
    std::chrono::milliseconds connect_deadline{5000};
    std::chrono::milliseconds call_deadline{15000};
    std::size_t idle_connections = 16; // kept open for reuse
};

class client : public app::message_sender
{
public:
    // Checks size and type by content before it asks the platform. `name` is shown to the citizen.
    virtual asio::awaitable<upload_result>
    upload(upload_kind what, std::string name, std::string bytes) = 0;
};

// HTTPS with certificate and host name verified. Throws std::invalid_argument if api_base is no
// such URL.
std::unique_ptr<client> make_client(boost::asio::any_io_executor executor, client_options options);

} // namespace motcua::zalo
