#include "sink.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <motcua/adapters/http/server.hpp>

#include <chrono>
#include <csignal>
#include <iostream>
#include <string>

namespace motcua::load {
namespace {

namespace asio = boost::asio;

asio::awaitable<http::response> agree(http::request asked)
{
    static std::uint64_t last = 0;
    http::response reply;
    reply.content_type = "application/json";
    if (asked.path().find("access_token") != std::string_view::npos)
        reply.body = R"({"access_token":"sink-access","refresh_token":"sink-refresh")"
                     R"(,"expires_in":"90000"})";
    else
        reply.body = R"({"data":{"message_id":"sink-)" + std::to_string(++last) +
                     R"(","user_id":"0"},"error":0,"message":"Success"})";
    co_return reply;
}

} // namespace

void run_sink(std::uint16_t port)
{
    asio::io_context io(1);
    http::server_options options;
    options.port = port;
    const auto server = http::make_server(io.get_executor(), std::move(options), agree);
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&server](const boost::system::error_code& error, int /*signal*/) {
        if (!error)
            server->stop(std::chrono::seconds(1));
    });
    asio::co_spawn(io, server->run(), asio::detached);
    std::cout << "listening sink " << server->url() << std::endl;
    io.run();
}

} // namespace motcua::load
