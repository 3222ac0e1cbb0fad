#include "adapters/http/raw_client.hpp"
#include "adapters/http/running_server.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/http/trusted_proxies.hpp>
#include <motcua/support/within.hpp>
#include <sys/resource.h>

#include <atomic>
#include <future>
#include <ostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace motcua::http {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

// What the handler below lets a test see and steer.
struct handler_state
{
    std::atomic<int> calls = 0;
    std::atomic<bool> is_released = false; // of "/hold"
    std::promise<void> holds;
};

asio::awaitable<response> respond_to(handler_state& state, request asked)
{
    ++state.calls;
    response reply;
    reply.body = asked.method + " " + asked.target + " " + asked.body;
    const auto path = asked.path();
    if (path == "/throw")
        throw std::runtime_error("secret detail");
    if (path == "/hang") {
        asio::steady_timer timer(co_await asio::this_coro::executor, 24h);
        co_await timer.async_wait(asio::use_awaitable);
    } else if (path == "/late") { // is not told by its own deadline
        co_await sleep_for(24h);
        reply.body = "late";
    } else if (path == "/hold") {
        state.holds.set_value();
        while (!state.is_released)
            co_await sleep_for(1ms);
    } else if (path == "/close") {
        reply.close = true;
    } else if (path == "/large") {
        reply.body.assign(std::size_t{32} * 1024 * 1024, 'x');
    } else if (path == "/inject") {
        reply.fields.emplace_back("X", "a\r\nSet-Cookie: b");
    } else if (path == "/nothing") {
        reply.status = 204;
    } else if (path == "/peer") {
        reply.body = asked.peer + " " + std::string(asked.field("x-test"));
    }
    co_return reply;
}

struct echo_server
{
    explicit echo_server(limits bounds = {}) : server(options(bounds), handler()) {}

    static server_options options(const limits& bounds)
    {
        server_options wanted;
        wanted.limits = bounds;
        wanted.single_fields = {"x-zevent-signature"};
        return wanted;
    }
    request_handler handler()
    {
        return [this](request asked) { return respond_to(state, std::move(asked)); };
    }

    std::uint16_t port() const { return server.port(); }

    handler_state state;
    running_server server;
};

std::string get(std::string_view target, std::string_view lines = "")
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n";
}

std::string post(std::string_view lines, std::string_view body)
{
    return "POST /p HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n" + std::string(body);
}

std::string chunked(std::string_view body)
{
    return post("Transfer-Encoding: chunked\r\n", body);
}

// --- Refused -------------------------------------------------------------------------------------

struct framing_case
{
    std::string name;
    std::string raw;
    unsigned status = 400;
};

std::ostream& operator<<(std::ostream& out, const framing_case& shown)
{
    return out << shown.name;
}

class RefusedFraming : public testing::TestWithParam<framing_case>
{
protected:
    // Exactly one refusal, then the end; the handler saw nothing; the server lives on.
    void expect_refusal(raw_client& client)
    {
        const std::string answer = client.until_closed();
        EXPECT_EQ(status_of(answer), GetParam().status) << answer;
        EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
        EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << answer;
    }
};

TEST_P(RefusedFraming, FirstOnAConnection)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(GetParam().raw);
    client.send_end();
    expect_refusal(client);
    EXPECT_EQ(tested.state.calls, 0);
    EXPECT_TRUE(tested.server.is_alive());
}

TEST_P(RefusedFraming, SecondOnAConnectionWithAnotherSmuggledBehind)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(get("/first") + GetParam().raw + get("/smuggled"));
    EXPECT_EQ(body_of(client.response()), "GET /first ");
    client.send_end();
    expect_refusal(client);
    EXPECT_EQ(tested.state.calls, 1);
    EXPECT_TRUE(tested.server.is_alive());
}

TEST_P(RefusedFraming, InPieces)
{
    echo_server tested;
    raw_client client(tested.port());
    const std::string_view raw = GetParam().raw;
    const std::size_t piece = raw.size() / 1000 + 1; // single bytes, but of the very long
    for (std::size_t at = 0; at < raw.size(); at += piece)
        client.send(raw.substr(at, piece));
    client.send_end();
    expect_refusal(client);
    EXPECT_EQ(tested.state.calls, 0);
    EXPECT_TRUE(tested.server.is_alive());
}

INSTANTIATE_TEST_SUITE_P(
    All,
    RefusedFraming,
    testing::Values(
        framing_case{"line_feeds_only", "GET / HTTP/1.1\nHost: a\n\n"},
        framing_case{"tls_to_the_plain_port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s},
        framing_case{"empty_line_first", "\r\n\r\n"},
        framing_case{"folded", get("/", "X: a\r\n b\r\n")},
        framing_case{"nul", get("/", "X: a\0b\r\n"s)},
        framing_case{
            "two_signatures", get("/", "X-ZEvent-Signature: a\r\nX-ZEvent-Signature: a\r\n")},
        framing_case{"no_host", "GET / HTTP/1.1\r\n\r\n"},
        framing_case{"version_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        framing_case{"bad_connection_value", get("/", "Connection: @\r\n")},
        framing_case{
            "length_and_chunked",
            post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG")},
        framing_case{
            "chunked_and_length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", "0\r\n\r\nG")},
        framing_case{"two_lengths", post("Content-Length: 1\r\nContent-Length: 2\r\n", "ab")},
        framing_case{
            "chunked_in_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        framing_case{"coding_not_chunked", post("Transfer-Encoding: gzip\r\n", "0\r\n\r\n")},
        framing_case{"unknown_expectation", get("/", "Expect: tea\r\n"), 417},
        framing_case{"header_too_long", get("/", "X: " + std::string(9000, 'x') + "\r\n"), 431},
        framing_case{"header_without_end", "GET / HTTP/1.1\r\nX: " + std::string(8192, 'x'), 431},
        framing_case{
            "too_many_fields",
            [] {
                std::string lines;
                for (int i = 0; i < 64; ++i)
                    lines += "X: 1\r\n";
                return get("/", lines);
            }(),
            431},
        framing_case{"length_too_long", post("Content-Length: 262145\r\n", ""), 413},
        framing_case{"chunk_too_long", chunked("40001\r\n"), 413},
        framing_case{"chunks_too_long_together", chunked("2\r\nab\r\n3ffff\r\n"), 413},
        framing_case{"chunk_extension", chunked("1;a=b\r\nx\r\n0\r\n\r\n")},
        framing_case{"chunk_extension_of_the_last", chunked("1\r\nx\r\n0;a\r\n\r\n")},
        framing_case{"blank_behind_chunk_size", chunked("1 \r\nx\r\n0\r\n\r\n")},
        framing_case{"long_chunk_extension", chunked("1;" + std::string(40000, 'a'))},
        framing_case{"long_chunk_size", chunked(std::string(40000, '0'))},
        framing_case{"chunk_size_missing", chunked("\r\nx\r\n0\r\n\r\n")},
        framing_case{"chunk_size_no_hex", chunked("g\r\nx\r\n0\r\n\r\n")},
        framing_case{"chunk_size_prefixed", chunked("0x1\r\nx\r\n0\r\n\r\n")},
        framing_case{"chunk_size_signed", chunked("+1\r\nx\r\n0\r\n\r\n")},
        framing_case{"chunk_size_beyond_64_bits", chunked("10000000000000001\r\nx\r\n0\r\n\r\n")},
        framing_case{"chunk_size_with_line_feed_only", chunked("1\nx\r\n0\r\n\r\n\r\n")},
        framing_case{"chunk_longer_than_its_size", chunked("1\r\nxy\r\n0\r\n\r\n")},
        framing_case{"chunk_without_line_end", chunked("1\r\nx0\r\n\r\n")},
        framing_case{"chunk_with_line_feed_only", chunked("1\r\nx\n0\r\n\r\n")},
        framing_case{"trailer", chunked("1\r\nx\r\n0\r\nX-ZEvent-Signature: a\r\n\r\n")},
        framing_case{"long_trailer", chunked("0\r\nX: " + std::string(40000, 'a'))}),
    [](const testing::TestParamInfo<framing_case>& shown) { return shown.param.name; });

class CutOff : public testing::TestWithParam<framing_case>
{
};

TEST_P(CutOff, IsNeverAnswered)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(GetParam().raw);
    client.send_end();
    EXPECT_EQ(client.until_closed(), "");
    EXPECT_EQ(tested.state.calls, 0);
    EXPECT_TRUE(tested.server.is_alive());
}

INSTANTIATE_TEST_SUITE_P(
    All,
    CutOff,
    testing::Values(
        framing_case{"nothing", ""},
        framing_case{"in_request_line", "GET / HT"},
        framing_case{"before_the_end_of_the_header", "GET / HTTP/1.1\r\nHost: a\r\n\r"},
        framing_case{"in_body", post("Content-Length: 3\r\n", "ab")},
        framing_case{"in_chunk_size", chunked("1")},
        framing_case{"in_chunk", chunked("3\r\nab")},
        framing_case{"before_the_last_chunk", chunked("1\r\na\r\n")},
        framing_case{"before_the_last_line_end", chunked("1\r\na\r\n0\r\n\r")}),
    [](const testing::TestParamInfo<framing_case>& shown) { return shown.param.name; });

TEST(Refused, ASenderOfTooMuchStillSeesWhy)
{
    echo_server tested;
    raw_client client(tested.port());
    const std::string body(400'000, 'x');
    EXPECT_TRUE(client.send(post("Content-Length: 400000\r\n", body)));
    EXPECT_EQ(status_of(client.response()), 413U);
    client.send_end();
    EXPECT_EQ(client.until_closed(), "");
    EXPECT_FALSE(client.is_reset()) << "a reset can overtake the answer";
    EXPECT_TRUE(tested.server.is_alive());
}

// --- Accepted ------------------------------------------------------------------------------------

struct good_case
{
    std::string name;
    std::string raw;
    std::string body; // of the answer
};

std::ostream& operator<<(std::ostream& out, const good_case& shown)
{
    return out << shown.name;
}

class Accepted : public testing::TestWithParam<good_case>
{
};

TEST_P(Accepted, Whole)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(GetParam().raw);
    const std::string answer = client.response();
    EXPECT_EQ(status_of(answer), 200U);
    EXPECT_EQ(body_of(answer), GetParam().body);
}

TEST_P(Accepted, SplitAtEveryByte)
{
    echo_server tested;
    raw_client client(tested.port());
    const std::string_view raw = GetParam().raw;
    for (std::size_t at = 1; at < raw.size(); ++at) {
        client.send(raw.substr(0, at));
        tested.server.connections(); // a round through its loop, so that it has read this much
        client.send(raw.substr(at));
        ASSERT_EQ(body_of(client.response()), GetParam().body) << "split at " << at;
    }
}

TEST_P(Accepted, Pipelined)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(GetParam().raw + get("/second") + GetParam().raw);
    EXPECT_EQ(body_of(client.response()), GetParam().body);
    EXPECT_EQ(body_of(client.response()), "GET /second ");
    EXPECT_EQ(body_of(client.response()), GetParam().body);
    EXPECT_EQ(tested.state.calls, 3);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Accepted,
    testing::Values(
        good_case{"get", get("/a?b=c"), "GET /a?b=c "},
        good_case{
            "fields",
            get("/peer", "X-Test:  some value \r\nX-Other: b\r\n"),
            "127.0.0.1 some value"},
        good_case{"length", post("Content-Length: 5\r\n", "a\r\n\0b"s), "POST /p a\r\n\0b"s},
        good_case{"length_zero", post("Content-Length: 0\r\n", ""), "POST /p "},
        good_case{
            "chunked",
            chunked("3\r\nabc\r\n00A\r\n0123456789\r\n0\r\n\r\n"),
            "POST /p abc0123456789"},
        good_case{"chunked_empty", chunked("0\r\n\r\n"), "POST /p "},
        good_case{
            "body_like_a_request",
            post("Content-Length: 18\r\n", "GET / HTTP/1.1\r\n\r\n"),
            "POST /p GET / HTTP/1.1\r\n\r\n"}),
    [](const testing::TestParamInfo<good_case>& shown) { return shown.param.name; });

TEST(BehindProxies, AClientIsWhomATrustedProxyNames)
{
    const auto peer = [](const std::vector<std::string>& trusted, const std::string& named) {
        std::string seen;
        const auto note = [&seen](const request& asked) -> asio::awaitable<response> {
            seen = asked.peer;
            return {};
        };
        request asked;
        asked.peer = "127.0.0.1";
        if (!named.empty())
            asked.fields.emplace_back("x-forwarded-for", named);
        [[maybe_unused]] const auto answer = behind_proxies(trusted, note)(std::move(asked));
        return seen;
    };
    const std::vector<std::string> trusted{"127.0.0.1"};
    EXPECT_EQ(peer(trusted, "10.0.0.7"), "10.0.0.7");
    EXPECT_EQ(peer(trusted, "1.2.3.4, 2001:DB8::1"), "2001:db8::1");
    EXPECT_EQ(peer(trusted, "<script>"), "127.0.0.1");
    EXPECT_EQ(peer(trusted, ""), "127.0.0.1");
    EXPECT_EQ(peer({}, "10.0.0.7"), "127.0.0.1");
    EXPECT_EQ(peer({"10.0.0.1"}, "10.0.0.7"), "127.0.0.1");
}

TEST(Served, BodiesUpToTheLimit)
{
    echo_server tested;
    raw_client client(tested.port());
    const std::string body(262'144, 'x');
    client.send(post("Content-Length: 262144\r\n", body));
    EXPECT_EQ(body_of(client.response()), "POST /p " + body);
    client.send(chunked(
        "20000\r\n" + body.substr(0, 0x20000) + "\r\n20000\r\n" + body.substr(0x20000) +
        "\r\n0\r\n\r\n"));
    EXPECT_EQ(body_of(client.response()), "POST /p " + body);
}

TEST(Served, EveryResponseSaysWhatItIs)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(get("/"));
    const std::string answer = client.response();
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 6\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
    EXPECT_THAT(
        answer,
        testing::ContainsRegex(
            "\r\nDate: [A-Z][a-z][a-z], [0-9][0-9] [A-Z][a-z][a-z] 20[0-9][0-9] [0-9:]* GMT\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Server:")));
}

TEST(Served, HeadHasNoBodyAndNoContentHasNoLength)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string head = client.response(false);
    EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 8\r\n"));
    EXPECT_EQ(body_of(head), "");
    client.send(get("/nothing"));
    const std::string nothing = client.response();
    EXPECT_EQ(status_of(nothing), 204U);
    EXPECT_THAT(nothing, Not(HasSubstr("Content-Length")));
    client.send(get("/z")); // the connection is still in step
    EXPECT_EQ(body_of(client.response()), "GET /z ");
}

TEST(Served, ClosesWhenEitherSideWants)
{
    echo_server tested;
    for (const std::string& last :
         {get("/", "Connection: close\r\n"), get("/close"), "GET / HTTP/1.0\r\n\r\n"s}) {
        raw_client client(tested.port());
        client.send(last + get("/behind"));
        const std::string answer = client.until_closed();
        EXPECT_EQ(status_of(answer), 200U);
        EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
        EXPECT_EQ(answer.find("behind"), std::string::npos) << answer;
    }
    raw_client old(tested.port());
    old.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(old.response(), HasSubstr("\r\nConnection: keep-alive\r\n"));
    old.send("GET /2 HTTP/1.0\r\n\r\n");
    EXPECT_EQ(body_of(old.until_closed()), "GET /2 ");
}

TEST(Served, AnswersAClientThatEndsItsSideAfterTheRequest)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(get("/last"));
    client.send_end();
    EXPECT_EQ(body_of(client.until_closed()), "GET /last ");
}

TEST(Served, InvitesABodyThatWaitsToBeInvited)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(post("Expect: 100-continue\r\nContent-Length: 2\r\n", ""));
    EXPECT_EQ(client.response(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("ab");
    EXPECT_EQ(body_of(client.response()), "POST /p ab");
    client.send(post("Expect: 100-continue\r\nContent-Length: 300000\r\n", ""));
    EXPECT_EQ(status_of(client.response()), 413U) << "no invitation to what will be refused";
}

// --- Handlers that fail --------------------------------------------------------------------------

TEST(Handler, ExceptionIs500WithoutDetailAndOneLogLine)
{
    testing::internal::CaptureStderr();
    std::string answer;
    {
        echo_server tested;
        raw_client client(tested.port());
        client.send(get("/throw"));
        answer = client.response();
        client.send(get("/z"));
        EXPECT_EQ(body_of(client.response()), "GET /z ");
    }
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(status_of(answer), 500U);
    EXPECT_THAT(answer, Not(HasSubstr("secret")));
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
    EXPECT_THAT(log, HasSubstr(R"("event":"request failed","reason":"secret detail")"));
}

TEST(Handler, PastItsDeadlineIs503AndTheConnectionGoesOn)
{
    limits bounds;
    bounds.handler_deadline = 20ms;
    echo_server tested(bounds);
    raw_client client(tested.port());
    for (int round = 0; round < 2; ++round) {
        client.send(get("/hang"));
        const std::string answer = client.response();
        EXPECT_EQ(status_of(answer), 503U);
        EXPECT_THAT(answer, HasSubstr("\r\nRetry-After: 5\r\n"));
        client.send(get("/z"));
        EXPECT_EQ(body_of(client.response()), "GET /z ");
    }
}

TEST(Handler, ThatIsDoneThoughLateHasItsAnswerSent)
{
    limits bounds;
    bounds.handler_deadline = 20ms;
    echo_server tested(bounds);
    raw_client client(tested.port());
    client.send(get("/late"));
    EXPECT_EQ(body_of(client.response()), "late");
    client.send(get("/z"));
    EXPECT_EQ(body_of(client.response()), "GET /z ");
}

TEST(Handler, CannotSplitTheResponse)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(get("/inject"));
    const std::string answer = client.response();
    EXPECT_EQ(status_of(answer), 500U);
    EXPECT_THAT(answer, Not(HasSubstr("Set-Cookie")));
}

// --- Deadlines -----------------------------------------------------------------------------------

TEST(Deadline, SilentConnectionIsClosed)
{
    limits bounds;
    bounds.idle_deadline = 30ms;
    echo_server tested(bounds);
    raw_client fresh(tested.port());
    EXPECT_EQ(fresh.until_closed(), "");
    raw_client served(tested.port());
    served.send(get("/"));
    EXPECT_EQ(status_of(served.response()), 200U);
    EXPECT_EQ(served.until_closed(), "");
    EXPECT_TRUE(tested.server.is_alive());
}

// The deadline is absolute: bytes that trickle in do not move it.
void expect_cut_while_trickling(echo_server& tested, raw_client& client, char byte)
{
    bool is_closed = false;
    for (int sent = 0; sent < 300 && !is_closed; ++sent) {
        client.send(std::string_view(&byte, 1));
        is_closed = client.is_closed_within(10);
    }
    EXPECT_TRUE(is_closed);
    EXPECT_EQ(client.until_closed(), "");
    EXPECT_EQ(tested.state.calls, 0);
    EXPECT_TRUE(tested.server.is_alive());
}

TEST(Deadline, SlowHeaderIsCut)
{
    limits bounds;
    bounds.header_deadline = 100ms;
    echo_server tested(bounds);
    raw_client client(tested.port());
    client.send("GET /");
    expect_cut_while_trickling(tested, client, 'x');
}

TEST(Deadline, SlowBodyIsCut)
{
    limits bounds;
    bounds.body_deadline = 100ms;
    echo_server tested(bounds);
    raw_client client(tested.port());
    client.send(post("Content-Length: 1000\r\n", "a"));
    expect_cut_while_trickling(tested, client, 'x');
}

TEST(Deadline, SlowChunkHeaderIsCut)
{
    limits bounds;
    bounds.body_deadline = 100ms;
    echo_server tested(bounds);
    raw_client client(tested.port());
    client.send(chunked(""));
    expect_cut_while_trickling(tested, client, '0');
}

bool become_empty(echo_server& tested)
{
    const auto give_up = std::chrono::steady_clock::now() + 4s;
    while (std::chrono::steady_clock::now() < give_up)
        if (tested.server.connections() == 0)
            return true;
    return false;
}

TEST(Deadline, ReaderThatDoesNotReadIsCut)
{
    limits bounds;
    bounds.write_deadline = 50ms;
    echo_server tested(bounds);
    raw_client client(tested.port());
    client.send(get("/large"));
    EXPECT_TRUE(become_empty(tested));
    EXPECT_LT(client.until_closed().size(), 32U * 1024 * 1024);
    EXPECT_TRUE(tested.server.is_alive());
}

// --- Limits of connections -----------------------------------------------------------------------

TEST(Connections, OneAddressCannotTakeThemAll)
{
    limits bounds;
    bounds.connections_per_address = 2;
    echo_server tested(bounds);
    raw_client first(tested.port(), "127.0.0.2");
    raw_client second(tested.port(), "127.0.0.2");
    raw_client third(tested.port(), "127.0.0.2");
    EXPECT_EQ(third.until_closed(), "");
    EXPECT_TRUE(tested.server.is_alive("127.0.0.3"));
    first.send(get("/", "Connection: close\r\n"));
    EXPECT_EQ(status_of(first.until_closed()), 200U);
    first.send_end();
    second.send(get("/", "Connection: close\r\n"));
    EXPECT_EQ(status_of(second.until_closed()), 200U);
    second.send_end();
    ASSERT_TRUE(become_empty(tested));
    EXPECT_TRUE(tested.server.is_alive("127.0.0.2")) << "places come back";
}

TEST(Connections, SilentFloodPushesOutItselfNotTheServed)
{
    limits bounds;
    bounds.connections = 3;
    echo_server tested(bounds);
    raw_client good(tested.port());
    good.send(get("/1"));
    EXPECT_EQ(body_of(good.response()), "GET /1 ");
    std::vector<std::unique_ptr<raw_client>> flood;
    for (int i = 0; i < 20; ++i) {
        flood.push_back(std::make_unique<raw_client>(tested.port(), "127.0.0.9"));
        flood.back()->send("GET /slow"); // some bytes make no difference
    }
    EXPECT_EQ(flood.front()->until_closed(), "");
    EXPECT_TRUE(tested.server.is_alive());
    good.send(get("/2"));
    EXPECT_EQ(body_of(good.response()), "GET /2 ");
    EXPECT_LE(tested.server.connections(), 3U);
}

TEST(Connections, NewOnesAreClosedWhileAllAreAtWork)
{
    limits bounds;
    bounds.connections = 1;
    echo_server tested(bounds);
    raw_client busy(tested.port());
    busy.send(get("/hold"));
    tested.state.holds.get_future().wait();
    raw_client refused(tested.port());
    EXPECT_EQ(refused.until_closed(), "");
    tested.state.is_released = true;
    EXPECT_EQ(body_of(busy.response()), "GET /hold ");
    EXPECT_TRUE(tested.server.is_alive());
}

// Lowers the limit of descriptors so that just `spare` more can be opened.
class few_descriptors
{
public:
    explicit few_descriptors(rlim_t spare)
    {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int next = ::dup(0);
        ::close(next);
        rlimit lowered = before_;
        lowered.rlim_cur = static_cast<rlim_t>(next) + spare;
        ::setrlimit(RLIMIT_NOFILE, &lowered);
    }
    few_descriptors(const few_descriptors&) = delete;
    few_descriptors& operator=(const few_descriptors&) = delete;
    ~few_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

TEST(Connections, AcceptPausesInsteadOfSpinningWithoutDescriptors)
{
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "UBSan opens a pipe to look at an object's type and dies without descriptors";
#endif
    testing::internal::CaptureStderr();
    {
        echo_server tested;
        std::unique_ptr<raw_client> waiting;
        {
            const few_descriptors shortage(1);
            waiting = std::make_unique<raw_client>(tested.port());
            waiting->send(get("/", "Connection: close\r\n"));
            EXPECT_FALSE(waiting->is_closed_within(150)) << "still waiting to be accepted";
        }
        EXPECT_EQ(status_of(waiting->until_closed()), 200U);
    }
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
    EXPECT_THAT(log, HasSubstr("accepting paused"));
}

// --- Stopping ------------------------------------------------------------------------------------

TEST(Stop, ClosesIdleConnectionsAtOnceAndEnds)
{
    echo_server tested;
    raw_client silent(tested.port());
    raw_client served(tested.port());
    served.send(get("/"));
    EXPECT_EQ(status_of(served.response()), 200U);
    tested.server.stop(std::chrono::minutes(1));
    EXPECT_EQ(silent.until_closed(), "");
    EXPECT_EQ(served.until_closed(), "");
    EXPECT_TRUE(tested.server.has_ended());
}

TEST(Stop, LetsARequestUnderWayFinish)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(get("/hold"));
    tested.state.holds.get_future().wait();
    tested.server.stop(std::chrono::minutes(1));
    EXPECT_EQ(tested.server.connections(), 1U);
    tested.state.is_released = true;
    const std::string answer = client.until_closed();
    EXPECT_EQ(body_of(answer), "GET /hold ");
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    client.send_end();
    EXPECT_TRUE(tested.server.has_ended());
}

TEST(Stop, LetsARequestThatHasBegunToArriveFinish)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(post("Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
    client.response(); // it has been read up to the body
    tested.server.stop(std::chrono::minutes(1));
    client.send("ab");
    EXPECT_EQ(body_of(client.response()), "POST /p ab");
    client.send_end();
    EXPECT_TRUE(tested.server.has_ended());
}

TEST(Stop, CutsWhatOutlivesTheGrace)
{
    echo_server tested;
    raw_client client(tested.port());
    client.send(get("/hold"));
    tested.state.holds.get_future().wait();
    tested.server.stop(20ms);
    EXPECT_EQ(client.until_closed(), "");
    EXPECT_TRUE(tested.server.has_ended());
}

TEST(Stop, AcceptsNobodyAnyMore)
{
    echo_server tested;
    const auto port = tested.port();
    tested.server.stop(0ms);
    ASSERT_TRUE(tested.server.has_ended());
    asio::io_context context;
    asio::ip::tcp::socket late(context);
    boost::system::error_code error;
    late.connect({asio::ip::address_v4::loopback(), port}, error);
    EXPECT_EQ(error, asio::error::connection_refused);
}

// --- Setting up ----------------------------------------------------------------------------------

request_handler no_handler()
{
    return [](request) -> asio::awaitable<response> { throw std::logic_error("never called"); };
}

TEST(MakeServer, TellsWhereItListens)
{
    asio::io_context context;
    server_options options;
    options.address = "0.0.0.0";
    const auto made = make_server(context.get_executor(), options, no_handler());
    EXPECT_GT(made->port(), 0);
    EXPECT_EQ(made->url(), "http://127.0.0.1:" + std::to_string(made->port()));
}

TEST(MakeServer, ThrowsNamingTheAddress)
{
    asio::io_context context;
    server_options options;
    options.address = "localhost.example";
    try {
        make_server(context.get_executor(), options, no_handler());
        FAIL() << "no address, yet it listens";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("localhost.example"));
    }
}

TEST(MakeServer, ThrowsIfThePortIsTaken)
{
    asio::io_context context;
    server_options options;
    const auto first = make_server(context.get_executor(), options, no_handler());
    options.port = first->port();
    try {
        make_server(context.get_executor(), options, no_handler());
        FAIL() << "the port is taken";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::address_in_use);
        EXPECT_THAT(error.what(), HasSubstr("127.0.0.1 port " + std::to_string(options.port)));
    }
}

} // namespace
} // namespace motcua::http
