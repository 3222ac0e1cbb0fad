// The measure of the server: Boost.Beast as its examples show it, on one thread, answering 200 to
// everything. No signature, no store, no deadlines but one.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <iostream>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

asio::awaitable<void> serve(beast::tcp_stream stream)
{
    beast::flat_buffer buffer;
    try {
        for (bool keep_alive = true; keep_alive;) {
            stream.expires_after(std::chrono::seconds(30));
            http::request<http::string_body> asked;
            co_await http::async_read(stream, buffer, asked, asio::use_awaitable);
            http::response<http::string_body> reply(http::status::ok, asked.version());
            reply.set(http::field::content_type, "text/plain");
            keep_alive = asked.keep_alive();
            reply.keep_alive(keep_alive);
            reply.body() = "ok\n";
            reply.prepare_payload();
            co_await http::async_write(stream, reply, asio::use_awaitable);
        }
    } catch (const boost::system::system_error&) {
        co_return; // closed
    }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor)
{
    for (;;) {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        const auto executor = acceptor.get_executor();
        asio::co_spawn(executor, serve(beast::tcp_stream(std::move(socket))), asio::detached);
    }
}

} // namespace

int main()
{
    asio::io_context io(1);
    tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    std::cout << "listening bare http://127.0.0.1:" << acceptor.local_endpoint().port()
              << std::endl;
    asio::co_spawn(io, listen(acceptor), asio::detached);
    io.run();
}
