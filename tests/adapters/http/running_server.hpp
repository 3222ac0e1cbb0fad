#pragma once

#include "adapters/http/raw_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/http/server.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace motcua::http {

// A server on a thread of its own, stopped and joined at the end of the test.
class running_server
{
public:
    running_server(server_options options, request_handler handle)
        : server_(make_server(context_.get_executor(), std::move(options), std::move(handle))),
          ended_(asio::co_spawn(context_, server_->run(), asio::use_future)),
          thread_([this] { context_.run(); })
    {
    }
    running_server(const running_server&) = delete;
    running_server& operator=(const running_server&) = delete;
    ~running_server()
    {
        stop(std::chrono::milliseconds(0));
        EXPECT_TRUE(has_ended());
        context_.stop(); // if it has not
        thread_.join();
    }

    std::uint16_t port() const { return server_->port(); }
    std::string url() const { return server_->url(); }

    void stop(std::chrono::milliseconds grace)
    {
        asio::post(context_, [this, grace] { server_->stop(grace); });
    }

    // Waits until run() has returned; false if it does not.
    bool has_ended()
    {
        return ended_.wait_for(std::chrono::milliseconds(wait_ms)) == std::future_status::ready;
    }

    // Runs on the server's thread.
    std::size_t connections()
    {
        std::promise<std::size_t> count;
        asio::post(context_, [this, &count] { count.set_value(server_->connections()); });
        return count.get_future().get();
    }

    // Whether a good request on a connection of its own is answered 200: every refusal is followed
    // by this, since a dead server refuses everything.
    bool is_alive(const char* from = "127.0.0.1")
    {
        raw_client client(port(), from);
        client.send("GET /alive HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return status_of(client.until_closed()) == 200;
    }

private:
    asio::io_context context_{1};
    std::unique_ptr<server> server_;
    std::future<void> ended_;
    std::thread thread_;
};

} // namespace motcua::http
