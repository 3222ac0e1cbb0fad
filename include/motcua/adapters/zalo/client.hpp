#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <motcua/app/outbox_sender.hpp>
#include <motcua/core/dialogue/outgoing.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

// Sending through the OpenAPI (zalo-oa-protocol section 2).
namespace motcua::zalo {

namespace asio = boost::asio;

// The JSON body of one consultation message (zalo-oa-protocol 2.2): text, text with buttons, or
// list. Enforces the limits of 2.3 and 2.4 by cutting titles and dropping what is beyond; the
// dialogue never exceeds them.
std::string message_body(std::string_view user_id, const dialogue::outgoing_message& message);

// What the platform's answer means. Pure. `status` is HTTP's; API errors come with 200
// (zalo-oa-protocol 0.7, 2.10).
app::send_result interpret_answer(unsigned status, std::string_view body);

struct client_options
{
    std::string api_base = "https://openapi.zalo.me"; // https, or http to a loopback address only
    std::string ca_file;                       // further trust anchors (PEM); empty = the system's
    std::function<std::string()> access_token; // the token to send now; called on the executor
    // Another token, after the platform has refused that one (-216, -220); empty if there is none.
    // The call is then made once more. May be empty.
    std::function<asio::awaitable<std::string>(std::string)> replace_token;
    std::chrono::milliseconds connect_deadline{5000};
    std::chrono::milliseconds call_deadline{15000};
    std::size_t idle_connections = 16; // kept open for reuse
};

// HTTPS with certificate and host name verified. Throws std::invalid_argument if api_base is no
// such URL.
std::unique_ptr<app::message_sender>
make_client(boost::asio::any_io_executor executor, client_options options);

} // namespace motcua::zalo
