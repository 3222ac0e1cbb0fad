#include "support/run_coroutine.hpp"
#include "test_certificates.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/zalo/media.hpp>
#include <motcua/support/task_group.hpp>

#include <memory>
#include <string>
#include <vector>

namespace motcua::zalo {
namespace {

using asio::ip::make_address;
using asio::ip::tcp;
using kind = app::media_answer::kind;
using namespace std::chrono_literals;

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

struct address_case
{
    std::string address;
    bool is_public;
};

class PublicAddress : public testing::TestWithParam<address_case>
{
};

TEST_P(PublicAddress, IsToldApart)
{
    EXPECT_EQ(is_public_address(make_address(GetParam().address)), GetParam().is_public)
        << GetParam().address;
}

INSTANTIATE_TEST_SUITE_P(
    Cases,
    PublicAddress,
    testing::Values(
        address_case{"8.8.8.8", true},
        address_case{"49.213.78.2", true},
        address_case{"172.15.255.255", true},
        address_case{"172.32.0.1", true},
        address_case{"100.63.255.255", true},
        address_case{"100.128.0.0", true},
        address_case{"223.255.255.255", true},
        address_case{"0.0.0.0", false},
        address_case{"10.1.2.3", false},
        address_case{"100.64.0.1", false},
        address_case{"100.127.255.255", false},
        address_case{"127.0.0.1", false},
        address_case{"127.255.255.254", false},
        address_case{"169.254.169.254", false},
        address_case{"172.16.0.1", false},
        address_case{"172.31.255.255", false},
        address_case{"192.0.0.8", false},
        address_case{"192.0.2.1", false},
        address_case{"192.168.1.1", false},
        address_case{"198.18.0.1", false},
        address_case{"198.19.255.255", false},
        address_case{"198.51.100.1", false},
        address_case{"203.0.113.1", false},
        address_case{"224.0.0.1", false},
        address_case{"240.0.0.1", false},
        address_case{"255.255.255.255", false},
        address_case{"2606:4700::1111", true},
        address_case{"2001:200::1", true},
        address_case{"2400:cb00::1", true},
        address_case{"::", false},
        address_case{"::1", false},
        address_case{"::ffff:8.8.8.8", false},
        address_case{"::ffff:127.0.0.1", false},
        address_case{"::7f00:1", false},
        address_case{"64:ff9b::a00:1", false},
        address_case{"100::1", false},
        address_case{"2001::1", false},
        address_case{"2001:db8::1", false},
        address_case{"2002:7f00:1::", false},
        address_case{"3fff::1", false},
        address_case{"fc00::1", false},
        address_case{"fd12:3456::1", false},
        address_case{"fe80::1", false},
        address_case{"fec0::1", false},
        address_case{"ff02::1", false}));

// Answers every request with the same bytes; counts connections.
class file_server
{
public:
    explicit file_server(asio::io_context& context, std::string answer)
        : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          answer_(std::move(answer)), tasks_(context.get_executor())
    {
        tasks_.spawn("accept", accept());
    }

    std::string origin(const std::string& scheme = "http") const
    {
        return scheme + "://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

    int connections = 0;
    std::string request;

private:
    asio::awaitable<void> accept()
    {
        for (;;) {
            auto [error, socket] = co_await acceptor_.async_accept(use_tuple);
            if (error)
                co_return;
            ++connections;
            tasks_.spawn("session", serve(std::move(socket)));
        }
    }
    asio::awaitable<void> serve(tcp::socket socket)
    {
        asio::streambuf buffer;
        auto [error, bytes] =
            co_await asio::async_read_until(socket, buffer, "\r\n\r\n", use_tuple);
        request.assign(
            asio::buffers_begin(buffer.data()),
            asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(bytes));
        if (!error)
            co_await asio::async_write(socket, asio::buffer(answer_), use_tuple);
    }

    tcp::acceptor acceptor_;
    std::string answer_;
    task_group tasks_;
};

std::string ok(const std::string& body)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class Media : public testing::Test
{
protected:
    app::media_answer fetch(const std::string& url)
    {
        const auto source = make_media_source(context_.get_executor(), options_);
        return run_coroutine(context_, source->fetch(url));
    }
    app::media_answer fetch_from(const std::string& answer)
    {
        auto& server = serve(answer);
        options_.insecure_origin = server.origin();
        return fetch(server.origin() + "/photo.jpg");
    }
    file_server& serve(const std::string& answer)
    {
        return *servers_.emplace_back(std::make_unique<file_server>(context_, answer));
    }

    asio::io_context context_{1};
    std::vector<std::unique_ptr<file_server>> servers_; // as long as what waits for them
    media_options options_{
        .hosts = {"zdn.vn", "localhost"}, .connect_deadline = 2s, .call_deadline = 2s};
};

TEST_F(Media, TheSimulatorsOwnFilesAreFetchedInTheDemonstration)
{
    auto& server = serve(ok("bytes of a photo"));
    options_.insecure_origin = server.origin();
    const auto answer = fetch(server.origin() + "/files/1?token=t%20x#part");
    EXPECT_EQ(answer.end, kind::fetched);
    EXPECT_EQ(answer.bytes, "bytes of a photo");
    EXPECT_EQ(server.request.rfind("GET /files/1?token=t%20x HTTP/1.1\r\n", 0), 0U)
        << server.request;
}

TEST_F(Media, NothingElseIsFetchedWithoutTls)
{
    auto& server = serve(ok("secret of the inside"));
    options_.insecure_origin = "http://127.0.0.1:1";
    EXPECT_EQ(fetch(server.origin() + "/a").end, kind::refused);
    options_.insecure_origin.clear();
    EXPECT_EQ(fetch(server.origin() + "/a").end, kind::refused);
    EXPECT_EQ(server.connections, 0);
}

TEST_F(Media, OnlyListedNamesAreFetched)
{
    for (const std::string url :
         {"https://example.org/a",
          "https://zdn.vn.example.org/a",
          "https://evilzdn.vn/a",
          "https://127.0.0.1/a",
          "https://[::1]/a",
          "https://0x7f000001/a"}) {
        const auto answer = fetch(url);
        EXPECT_EQ(answer.end, kind::unlisted) << url;
        EXPECT_TRUE(answer.reason.starts_with("host not allowed: ")) << answer.reason;
        EXPECT_EQ(answer.reason.find("/a"), std::string::npos) << "no URL in the reason";
    }
    for (const std::string url :
         {"https://zdn.vn@example.org/a",
          "https://user:pass@zdn.vn/a",
          "https://zdn.vn:22/a",
          "https://zdn.vn",
          "ftp://zdn.vn/a",
          "file:///etc/passwd",
          "gopher://zdn.vn/a",
          "https:///a",
          "//zdn.vn/a",
          "not a url",
          "https://zdn.vn/\r\nHost: inside",
          ""}) {
        const auto answer = fetch(url);
        EXPECT_EQ(answer.end, kind::refused) << url;
        EXPECT_EQ(answer.reason.find("/a"), std::string::npos) << "no URL in the reason";
    }
}

// The name is listed and has a certificate, and still means an address of the inside: what DNS
// rebinding comes to.
TEST_F(Media, AListedNameThatMeansAnInsideAddressIsNotConnectedTo)
{
    std::vector<std::string> asked;
    options_.may_connect = [&asked](const asio::ip::address& one) {
        asked.push_back(one.to_string());
        return is_public_address(one);
    };
    const auto answer = fetch("https://localhost/a");
    EXPECT_EQ(answer.end, kind::refused);
    EXPECT_EQ(answer.reason, "the host's address is not public");
    EXPECT_FALSE(asked.empty());
}

TEST_F(Media, ARedirectionIsNotFollowed)
{
    auto& inside = serve(ok("secret of the inside"));
    const auto answer = fetch_from(
        "HTTP/1.1 302 Found\r\nLocation: " + inside.origin() + "/a\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(answer.end, kind::refused);
    EXPECT_EQ(answer.reason, "redirected");
    EXPECT_EQ(inside.connections, 0);
}

TEST_F(Media, WhatIsTooLargeIsRefusedWhetherItSaysSoOrNot)
{
    options_.size_limit_bytes = 1000;
    EXPECT_EQ(fetch_from(ok(std::string(1000, 'x'))).end, kind::fetched);
    const auto declared = fetch_from(ok(std::string(1001, 'x')));
    EXPECT_EQ(declared.end, kind::refused);
    EXPECT_EQ(declared.reason, "larger than allowed");
    std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 11; ++i)
        chunked += "64\r\n" + std::string(100, 'x') + "\r\n";
    EXPECT_EQ(fetch_from(chunked + "0\r\n\r\n").reason, "larger than allowed");
}

TEST_F(Media, FaultsOfThePlatformAreTriedLater)
{
    const auto missing = fetch_from("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(missing.end, kind::try_later);
    EXPECT_EQ(missing.reason, "http 404");
    EXPECT_EQ(fetch_from(ok("")).end, kind::try_later);
    EXPECT_EQ(fetch_from("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").end, kind::try_later);
    EXPECT_EQ(fetch_from("no HTTP at all\r\n\r\n").end, kind::try_later);
    options_.call_deadline = 50ms;
    EXPECT_EQ(fetch_from("").end, kind::try_later);
    options_.insecure_origin = "http://127.0.0.1:1";
    EXPECT_EQ(fetch("http://127.0.0.1:1/a").end, kind::try_later);
}

} // namespace
} // namespace motcua::zalo
