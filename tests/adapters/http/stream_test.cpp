#include "adapters/http/raw_client.hpp"
#include "adapters/http/running_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/support/within.hpp>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>

namespace motcua::http {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

struct producer_state
{
    std::atomic<int> calls = 0;
    std::atomic<int> pieces = 0; // taken by the system
    std::promise<void> begun;
    std::promise<void> ended;
};

// Tells that the producer has ended, however it did.
class end_teller
{
public:
    explicit end_teller(producer_state& state) : state_(state) {}
    end_teller(const end_teller&) = delete;
    end_teller& operator=(const end_teller&) = delete;
    ~end_teller() { state_.ended.set_value(); }

private:
    producer_state& state_;
};

asio::awaitable<void> produce(producer_state& state, std::string what, body_sink& sink)
{
    ++state.calls;
    const end_teller teller(state);
    state.begun.set_value();
    co_await sink.write("first");
    if (what == "/two") {
        co_await sink.write("");
        co_await sink.write(std::string(20, 'x'));
    } else if (what == "/slow") {
        co_await sleep_for(300ms);
        co_await sink.write("second");
    } else if (what == "/wait") {
        co_await sleep_for(24h);
        co_await sink.write("never");
    } else if (what == "/flood") {
        bool more = true;
        while (more) {
            more = co_await sink.write(std::string(std::size_t{1024} * 1024, 'x'));
            state.pieces += more ? 1 : 0;
        }
    } else if (what == "/throw") {
        throw std::runtime_error("the producer failed");
    }
}

asio::awaitable<response> respond_to(producer_state& state, request asked)
{
    response reply;
    if (asked.path() == "/alive")
        co_return reply;
    reply.content_type = "text/event-stream";
    reply.stream = [&state, what = std::string(asked.path())](body_sink& sink) {
        return produce(state, what, sink);
    };
    co_return reply;
}

struct streaming_server
{
    explicit streaming_server(limits bounds = {})
        : server(options(bounds), [this](request asked) {
              return respond_to(state, std::move(asked));
          })
    {
    }
    static server_options options(const limits& bounds)
    {
        server_options wanted;
        wanted.limits = bounds;
        return wanted;
    }
    std::uint16_t port() const { return server.port(); }
    bool has_ended()
    {
        return ended.wait_for(std::chrono::milliseconds(wait_ms)) == std::future_status::ready;
    }

    producer_state state;
    std::future<void> ended = state.ended.get_future();
    running_server server;
};

std::string get(std::string_view target, std::string_view version = "1.1")
{
    return "GET " + std::string(target) + " HTTP/" + std::string(version) + "\r\nHost: a\r\n\r\n";
}

TEST(Stream, IsChunkedAndEndsTheConnection)
{
    streaming_server tested;
    raw_client client(tested.port());
    client.send(get("/two"));
    const auto answer = client.until_closed();
    EXPECT_EQ(status_of(answer), 200U);
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: text/event-stream\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
    EXPECT_EQ(body_of(answer), "5\r\nfirst\r\n14\r\nxxxxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n");
    EXPECT_TRUE(tested.server.is_alive());
}

TEST(Stream, IsBareForAClientThatKnowsNoChunks)
{
    streaming_server tested;
    raw_client client(tested.port());
    client.send(get("/two", "1.0"));
    const auto answer = client.until_closed();
    EXPECT_THAT(answer, Not(HasSubstr("Transfer-Encoding")));
    EXPECT_EQ(body_of(answer), "firstxxxxxxxxxxxxxxxxxxxx");
}

TEST(Stream, IsNotProducedForHead)
{
    streaming_server tested;
    raw_client client(tested.port());
    client.send("HEAD /two HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = client.until_closed();
    EXPECT_EQ(status_of(answer), 200U);
    EXPECT_EQ(body_of(answer), "");
    EXPECT_EQ(tested.state.calls, 0);
}

TEST(Stream, OutlivesTheDeadlinesOfOrdinaryAnswers)
{
    limits bounds;
    bounds.handler_deadline = 50ms;
    bounds.idle_deadline = 50ms;
    bounds.write_deadline = 50ms;
    streaming_server tested(bounds);
    raw_client client(tested.port());
    client.send(get("/slow"));
    EXPECT_THAT(client.until_closed(), EndsWith("6\r\nsecond\r\n0\r\n\r\n"));
}

TEST(Stream, AReaderThatDoesNotReadIsCut)
{
    limits bounds;
    bounds.write_deadline = 50ms;
    streaming_server tested(bounds);
    raw_client client(tested.port());
    client.send(get("/flood"));
    ASSERT_TRUE(tested.has_ended());
    // What the two systems hold between them, and no more.
    EXPECT_LT(tested.state.pieces, 64);
    EXPECT_TRUE(tested.server.is_alive());
}

TEST(Stream, EndsWithTheClient)
{
    streaming_server tested;
    {
        raw_client client(tested.port());
        client.send(get("/wait"));
        EXPECT_THAT(client.until("first"), HasSubstr("first"));
    }
    EXPECT_TRUE(tested.has_ended());
    EXPECT_TRUE(tested.server.is_alive());
}

TEST(Stream, EndsAtOnceWithStop)
{
    streaming_server tested;
    raw_client client(tested.port());
    client.send(get("/wait"));
    client.until("first");
    tested.server.stop(24h);
    EXPECT_TRUE(tested.has_ended());
    EXPECT_TRUE(tested.server.has_ended());
    EXPECT_THAT(client.until_closed(), Not(HasSubstr("0\r\n\r\n")));
}

TEST(Stream, EndsAfterTheNextPieceWithStop)
{
    streaming_server tested;
    {
        raw_client client(tested.port());
        client.send(get("/flood"));
        client.until("first");
        tested.server.stop(24h);
        client.until_closed();
    }
    EXPECT_TRUE(tested.has_ended());
    EXPECT_TRUE(tested.server.has_ended());
}

TEST(Stream, ThatFailsHasNoProperEndAndOneLogLine)
{
    streaming_server tested;
    raw_client client(tested.port());
    testing::internal::CaptureStderr();
    client.send(get("/throw"));
    const auto answer = client.until_closed();
    EXPECT_TRUE(tested.server.is_alive());
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("the producer failed"));
    EXPECT_THAT(answer, EndsWith("5\r\nfirst\r\n"));
}

TEST(Stream, CountsAsAConnection)
{
    limits bounds;
    bounds.connections_per_address = 1;
    streaming_server tested(bounds);
    raw_client client(tested.port());
    client.send(get("/wait"));
    client.until("first");
    EXPECT_TRUE(raw_client(tested.port()).is_closed_within(wait_ms));
    EXPECT_EQ(tested.server.connections(), 1U);
}

TEST(Stream, IsNotPushedOutByNewcomers)
{
    limits bounds;
    bounds.connections = 1;
    streaming_server tested(bounds);
    raw_client client(tested.port());
    client.send(get("/wait"));
    client.until("first");
    EXPECT_TRUE(raw_client(tested.port()).is_closed_within(wait_ms));
    EXPECT_EQ(tested.server.connections(), 1U);
}

TEST(Stream, DropsWhatTheClientSendsMeanwhile)
{
    streaming_server tested;
    raw_client client(tested.port());
    client.send(get("/slow") + get("/two"));
    const auto answer = client.until_closed();
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << answer;
    EXPECT_THAT(answer, EndsWith("6\r\nsecond\r\n0\r\n\r\n"));
    EXPECT_EQ(tested.state.calls, 1);
}

} // namespace
} // namespace motcua::http
