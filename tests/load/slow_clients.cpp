#include "slow_clients.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <string_view>
#include <thread>
#include <vector>

namespace motcua::load {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds drip{500};
constexpr std::chrono::milliseconds again_after{500};
constexpr std::size_t unread_requests = 300;

enum class habit : std::uint8_t
{
    silent,
    slow_header,
    slow_body,
    never_reads,
};
constexpr std::size_t habits = 4;

std::string opening(habit of)
{
    switch (of) {
    case habit::silent:
        return {};
    case habit::slow_header:
        return "POST /webhook/zalo HTTP/1.1\r\nHost: x\r\nX-Filler: ";
    case habit::slow_body:
        return "POST /webhook/zalo HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n{";
    case habit::never_reads: {
        std::string many;
        for (std::size_t i = 0; i < unread_requests; ++i)
            many += "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        return many;
    }
    }
    return {};
}

} // namespace

class slow_clients::crowd
{
public:
    explicit crowd(const slow_options& how) : how_(how)
    {
        for (std::size_t i = 0; i < how.sockets; ++i) {
            members_.push_back(std::make_unique<member>(*this, i));
            members_.back()->come();
        }
        thread_ = std::thread([this] { io_.run(); });
    }
    crowd(const crowd&) = delete;
    crowd& operator=(const crowd&) = delete;
    ~crowd()
    {
        io_.stop();
        thread_.join();
    }

    slow_report figures() const { return {opened_, ended_, opened_ - ended_}; }

private:
    class member
    {
    public:
        member(crowd& of, std::size_t number)
            : of_(of), number_(number), of_habit_(static_cast<habit>(number % habits)),
              socket_(of.io_), timer_(of.io_)
        {
        }

        void come()
        {
            error_code error;
            socket_ = tcp::socket(of_.io_);
            socket_.open(tcp::v4(), error);
            constexpr int small = 2048;
            socket_.set_option(asio::socket_base::receive_buffer_size(small), error);
            const auto host = static_cast<std::uint32_t>(1 + number_ % of_.how_.source_addresses);
            socket_.bind({asio::ip::address_v4(0x7F010000U + host), 0}, error);
            if (error)
                return come_later();
            const tcp::endpoint server(asio::ip::make_address(of_.how_.address), of_.how_.port);
            socket_.async_connect(server, [this](const error_code& refused) {
                if (refused)
                    return come_later();
                ++of_.opened_;
                say(opening(of_habit_));
            });
        }

    private:
        void come_later()
        {
            error_code ignored;
            socket_.close(ignored);
            timer_.expires_after(again_after);
            timer_.async_wait([this](const error_code& stopped) {
                if (!stopped)
                    come();
            });
        }
        void thrown_out()
        {
            ++of_.ended_;
            come_later();
        }
        // What the socket takes; the rest is forgotten.
        void say(std::string words)
        {
            error_code error;
            socket_.non_blocking(true, error);
            if (!words.empty())
                socket_.write_some(asio::buffer(words), error);
            if (error && error != asio::error::would_block)
                return thrown_out();
            // The silent learn of their end by listening, the others when they speak next.
            if (of_habit_ == habit::silent)
                return wait_for_end();
            timer_.expires_after(drip);
            timer_.async_wait([this](const error_code& stopped) {
                if (!stopped)
                    say("a");
            });
        }
        void wait_for_end()
        {
            socket_.async_wait(tcp::socket::wait_read, [this](const error_code& stopped) {
                if (stopped != asio::error::operation_aborted)
                    thrown_out();
            });
        }

        crowd& of_;
        std::size_t number_;
        habit of_habit_;
        tcp::socket socket_;
        asio::steady_timer timer_;
    };

    const slow_options how_;
    asio::io_context io_{1};
    std::vector<std::unique_ptr<member>> members_;
    std::atomic<std::uint64_t> opened_ = 0;
    std::atomic<std::uint64_t> ended_ = 0;
    std::thread thread_;
};

slow_clients::slow_clients(const slow_options& how) : crowd_(std::make_unique<crowd>(how)) {}
slow_clients::~slow_clients() = default;

slow_report slow_clients::figures() const
{
    return crowd_->figures();
}

} // namespace motcua::load
