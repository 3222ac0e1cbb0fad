#include "error_table.hpp"
#include "support/run_coroutine.hpp"
#include "test_certificates.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/zalo/client.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/support/task_group.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace motcua::zalo {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using ::testing::HasSubstr;
using kind = app::send_result::kind;

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);
using seen_request = http::request<http::string_body>;

const std::string accepted = R"({"data":{"message_id":"ab12"},"error":0,"message":"Success"})";

std::string answer_of(
    const std::string& body, const std::string& status = "200 OK", const std::string& fields = "")
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// What the fake platform does with one request. Nothing more is done on the connection behind a
// step that cuts.
struct step
{
    std::string answer{}; // raw bytes; empty = none
    bool cut = false;     // close behind the answer
    bool silent = false;  // keep the connection and never answer
    bool deaf = false;    // close without reading the request
};

// Plays the steps, one per request, over however many connections.
class fake_platform
{
public:
    fake_platform(asio::io_context& context, std::vector<step> steps, ssl::context* tls = nullptr)
        : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          tasks_(context.get_executor()), steps_(std::move(steps)), tls_(tls)
    {
        tasks_.spawn("accept", accept());
    }

    std::string base(const std::string& host = "127.0.0.1") const
    {
        return (tls_ != nullptr ? "https://" : "http://") + host + ":" +
               std::to_string(acceptor_.local_endpoint().port());
    }

    std::vector<seen_request> requests;
    int connections = 0;

private:
    asio::awaitable<void> accept()
    {
        for (;;) {
            auto [error, socket] = co_await acceptor_.async_accept(use_tuple);
            if (error)
                co_return;
            ++connections;
            if (tls_ != nullptr)
                tasks_.spawn("session", serve_tls(std::move(socket)));
            else
                tasks_.spawn("session", serve_plain(std::move(socket)));
        }
    }

    asio::awaitable<void> serve_plain(tcp::socket socket)
    {
        beast::tcp_stream stream(std::move(socket));
        co_await serve(stream);
    }

    asio::awaitable<void> serve_tls(tcp::socket socket)
    {
        beast::ssl_stream<beast::tcp_stream> stream(std::move(socket), *tls_);
        auto [error] = co_await stream.async_handshake(ssl::stream_base::server, use_tuple);
        if (!error)
            co_await serve(stream);
    }

    template <class Stream>
    asio::awaitable<void> serve(Stream& stream)
    {
        beast::flat_buffer buffer;
        while (next_ < steps_.size()) {
            if (steps_[next_].deaf) {
                ++next_;
                break;
            }
            seen_request request;
            auto [read_error, bytes_read] =
                co_await http::async_read(stream, buffer, request, use_tuple);
            if (read_error)
                co_return;
            requests.push_back(std::move(request));
            const step now = steps_[next_++];
            if (now.silent) {
                seen_request never;
                co_await http::async_read(stream, buffer, never, use_tuple);
                co_return;
            }
            auto [write_error, bytes_written] =
                co_await asio::async_write(stream, asio::buffer(now.answer), use_tuple);
            if (write_error || now.cut)
                break;
        }
        beast::get_lowest_layer(stream).close();
    }

    tcp::acceptor acceptor_;
    task_group tasks_;
    std::vector<step> steps_;
    ssl::context* tls_;
    std::size_t next_ = 0;
};

// Has another token after a refusal, unless there is none.
class scripted_tokens final : public token_source
{
public:
    std::string access_token() override { return token; }
    asio::awaitable<void> refused(std::string which) override
    {
        refusals.push_back(which);
        if (!next.empty())
            token = next;
        co_return;
    }

    std::string token = "token-1";
    std::string next;
    std::vector<std::string> refusals;
};

class SendTest : public ::testing::Test
{
protected:
    void connect(std::vector<step> steps)
    {
        platform.emplace(context, std::move(steps));
        client = make_client(context.get_executor(), options(platform->base()));
    }

    client_options options(const std::string& base)
    {
        client_options out;
        out.api_base = base;
        out.tokens = tokens;
        out.errors = error_table();
        out.endpoint_changed = [this](endpoint which) { changes.emplace_back(name(which)); };
        return out;
    }

    app::send_result send(const std::string& text = "Dạ")
    {
        dialogue::outgoing_message message;
        message.text = text;
        return run_coroutine(context, client->send("61390", message));
    }

    std::shared_ptr<scripted_tokens> tokens = std::make_shared<scripted_tokens>();
    std::vector<std::string> changes; // of the endpoint
    asio::io_context context{1};
    std::optional<fake_platform> platform;
    std::unique_ptr<zalo::client> client;
};

TEST_F(SendTest, PostsTheMessageWithTheTokenOfTheMoment)
{
    connect({{.answer = answer_of(accepted)}, {.answer = answer_of(accepted)}});
    const auto end = send();
    EXPECT_EQ(end.end, kind::sent);
    EXPECT_EQ(end.message_id, "ab12");
    tokens->token = "token-2";
    send();
    ASSERT_EQ(platform->requests.size(), 2U);
    const auto& first = platform->requests[0];
    EXPECT_EQ(first.method_string(), "POST");
    EXPECT_EQ(first.target(), "/v3.0/oa/message/cs");
    EXPECT_EQ(first["access_token"], "token-1");
    EXPECT_EQ(first[http::field::content_type], "application/json");
    EXPECT_EQ("http://" + std::string(first[http::field::host]), platform->base());
    EXPECT_EQ(first.body(), R"({"message":{"text":"Dạ"},"recipient":{"user_id":"61390"}})");
    EXPECT_EQ(platform->requests[1]["access_token"], "token-2");
}

TEST_F(SendTest, ReusesTheConnection)
{
    connect(std::vector<step>(5, step{.answer = answer_of(accepted)}));
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(platform->connections, 1);
}

TEST_F(SendTest, DoesNotReuseAConnectionThePeerClosed)
{
    connect({{.answer = answer_of(accepted), .cut = true}, {.answer = answer_of(accepted)}});
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(platform->connections, 2);
    EXPECT_EQ(platform->requests.size(), 2U);
}

TEST_F(SendTest, DoesNotReuseAConnectionThePeerWantsClosed)
{
    connect(
        {{.answer = answer_of(accepted, "200 OK", "Connection: close\r\n")},
         {.answer = answer_of(accepted)}});
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(platform->connections, 2);
}

TEST_F(SendTest, MovesToTheOtherPathByTheTypeOfOa)
{
    const auto not_for_this_oa = answer_of(R"({"error":-235,"message":"…"})");
    connect(
        {{.answer = not_for_this_oa},
         {.answer = answer_of(accepted)},
         {.answer = answer_of(accepted)},
         {.answer = answer_of(R"({"error":-240})")},
         {.answer = answer_of(accepted)}});
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(send().end, kind::sent);
    std::vector<std::string> paths;
    for (const auto& request : platform->requests)
        paths.emplace_back(request.target());
    const std::vector<std::string> want{
        "/v3.0/oa/message/cs",
        "/v2.0/oa/message",
        "/v2.0/oa/message",
        "/v2.0/oa/message",
        "/v3.0/oa/message/cs"};
    EXPECT_EQ(paths, want);
}

TEST_F(SendTest, TheEndpointIsRememberedOnceItHasWorked)
{
    connect({{.answer = answer_of(R"({"error":-235})")}, {.answer = answer_of(accepted)}});
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(changes, std::vector<std::string>{"v2"});

    platform.emplace(context, std::vector<step>{{.answer = answer_of(accepted)}});
    auto remembered = options(platform->base());
    remembered.first = endpoint_from("v2");
    client = make_client(context.get_executor(), remembered);
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(platform->requests.at(0).target(), "/v2.0/oa/message");
    EXPECT_EQ(changes.size(), 1U);
}

TEST_F(SendTest, ARefusedTokenIsRenewedOnceAndTheCallRepeated)
{
    connect(
        {{.answer = answer_of(R"({"error":-216})")},
         {.answer = answer_of(accepted)},
         {.answer = answer_of(R"({"error":-216})")},
         {.answer = answer_of(R"({"error":-216})")}});
    tokens->next = "token-2";
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(tokens->refusals, std::vector<std::string>{"token-1"});
    EXPECT_EQ(platform->requests.at(1)["access_token"], "token-2");
    EXPECT_EQ(platform->requests.at(1).body(), platform->requests.at(0).body());
    tokens->next = "token-3";
    const auto end = send();
    EXPECT_EQ(end.end, kind::failed);
    EXPECT_EQ(end.reason, "-216 access token invalid");
    EXPECT_EQ(platform->requests.size(), 4U) << "once";
}

TEST_F(SendTest, WithoutAnotherTokenNothingIsRepeated)
{
    connect({{.answer = answer_of(R"({"error":-216})")}, {.answer = answer_of(accepted)}});
    EXPECT_EQ(send().end, kind::failed);
    EXPECT_EQ(platform->requests.size(), 1U);
}

dialogue::outgoing_message menu()
{
    dialogue::outgoing_message message;
    message.text = "Chọn:\n\n1. Lệ phí";
    message.buttons = {{"Lệ phí", dialogue::button_kind::query, "#phi"}};
    return message;
}

TEST_F(SendTest, ALowPackageGetsPlainTextAndIsNotAskedAgainForAWhile)
{
    connect(
        {{.answer = answer_of(R"({"error":-224})")},
         {.answer = answer_of(accepted)},
         {.answer = answer_of(accepted)}});
    EXPECT_EQ(run_coroutine(context, client->send("1", menu())).end, kind::sent);
    EXPECT_EQ(run_coroutine(context, client->send("1", menu())).end, kind::sent);
    ASSERT_EQ(platform->requests.size(), 3U);
    const std::string plain =
        R"({"message":{"text":"Chọn:\n\n1. Lệ phí"},"recipient":{"user_id":"1"}})";
    EXPECT_EQ(platform->requests[1].body(), plain);
    EXPECT_EQ(platform->requests[2].body(), plain);
}

TEST_F(SendTest, AFaultyBodyIsRefusedWithoutACall)
{
    connect({{.answer = answer_of(accepted)}});
    auto message = menu();
    message.buttons.front().payload = "phi";
    const auto end = run_coroutine(context, client->send("1", message));
    EXPECT_EQ(end.end, kind::refused);
    EXPECT_EQ(end.reason, "body: a payload does not begin with #");
    EXPECT_TRUE(platform->requests.empty());
}

TEST_F(SendTest, SendsATemplate)
{
    connect({{.answer = answer_of(accepted)}});
    const dialogue::template_use use{"dossier", {{"ma", "H12"}, {"ten", "An"}}};
    const auto end = run_coroutine(context, client->send_by_template("61390", "4711", use));
    EXPECT_EQ(end.end, kind::sent);
    EXPECT_EQ(end.message_id, "ab12");
    EXPECT_EQ(platform->requests.at(0).target(), "/v3.0/oa/message/template");
    EXPECT_EQ(
        platform->requests.at(0).body(),
        R"({"template_data":{"ma":"H12","ten":"An"},"template_id":"4711","user_id":"61390"})");
}

TEST_F(SendTest, ReadsTheConversationBack)
{
    connect(
        {{.answer = answer_of(
              R"({"error":0,"data":[
                {"src":1,"time":1795140000000,"type":"text","message":"hỏi","message_id":"u1"},
                {"src":0,"time":1795140003000,"type":"text","message":"Da\u0323","message_id":"m2"},
                {"src":0,"time":"1795140002000","type":"photo","message_id":"m1"},
                {"src":0,"time":1795140001000,"type":"list","links":[{"title":"Hộ tịch"}]}]})")},
         {.answer = answer_of(R"({"error":-213})")}});
    const auto read = run_coroutine(context, client->read_back("61390", 10));
    EXPECT_EQ(read.end, kind::sent);
    ASSERT_EQ(read.messages.size(), 4U);
    EXPECT_EQ(read.messages[0].message_id, "m2") << "the newest first";
    EXPECT_EQ(read.messages[0].trace, "Dạ");
    EXPECT_TRUE(read.messages[0].by_oa);
    EXPECT_EQ(read.messages[0].at, utc_time(std::chrono::milliseconds(1795140003000)));
    EXPECT_EQ(read.messages[1].trace, dialogue::image_trace);
    EXPECT_EQ(read.messages[2].trace, "Hộ tịch");
    EXPECT_FALSE(read.messages[3].by_oa);
    EXPECT_EQ(platform->requests.at(0).method_string(), "GET");
    EXPECT_EQ(
        platform->requests.at(0).target(),
        "/v2.0/oa/conversation?data=%7B%22count%22%3A10%2C%22offset%22%3A10%2C%22user_id%22%3A"
        "%2261390%22%7D");
    EXPECT_EQ(run_coroutine(context, client->read_back("61390", 0)).end, kind::refused);
}

TEST_F(SendTest, UploadsGoAsAFormAndGiveAnId)
{
    connect(
        {{.answer = answer_of(R"({"error":0,"data":{"attachment_id":"att-1"}})")},
         {.answer = answer_of(R"({"error":0,"data":{"token":"tok-1"}})")}});
    const std::string png("\x89PNG\r\n\x1A\nxyz");
    auto image = run_coroutine(context, client->upload(upload_kind::image, "a\".png", png));
    EXPECT_EQ(image.end, kind::sent);
    EXPECT_EQ(image.id, "att-1");
    const auto& request = platform->requests.at(0);
    EXPECT_EQ(request.target(), "/v2.0/oa/upload/image");
    const std::string type(request[http::field::content_type]);
    EXPECT_THAT(type, HasSubstr("multipart/form-data; boundary="));
    EXPECT_EQ(type.find("application/json"), std::string::npos);
    EXPECT_THAT(request.body(), HasSubstr("name=\"file\"; filename=\"a_.png\""));
    EXPECT_THAT(request.body(), HasSubstr("\r\n\r\n" + png + "\r\n--"));
    auto file = run_coroutine(context, client->upload(upload_kind::file, "a.pdf", "%PDF-1.4"));
    EXPECT_EQ(file.id, "tok-1");
    EXPECT_EQ(platform->requests.at(1).target(), "/v2.0/oa/upload/file");
}

TEST_F(SendTest, WhatThePlatformDoesNotTakeIsNotUploaded)
{
    connect({{.answer = answer_of(accepted)}});
    const auto upload = [this](upload_kind what, const std::string& bytes) {
        return run_coroutine(context, client->upload(what, "a", bytes)).reason;
    };
    const std::string png("\x89PNG\r\n\x1A\n");
    EXPECT_EQ(upload(upload_kind::image, "GIF89a"), "upload: neither JPEG nor PNG");
    EXPECT_EQ(
        upload(upload_kind::image, png + std::string(1024UL * 1024, 'x')),
        "upload: larger than the platform takes");
    EXPECT_EQ(upload(upload_kind::gif, png), "upload: no GIF");
    EXPECT_EQ(upload(upload_kind::file, "MZ\x01\x02"), "upload: neither PDF, DOC, DOCX nor CSV");
    EXPECT_EQ(upload(upload_kind::file, ""), "upload: neither PDF, DOC, DOCX nor CSV");
    EXPECT_TRUE(platform->requests.empty());
}

TEST_F(SendTest, AsksAtMostTwoPaths)
{
    connect(
        {{.answer = answer_of(R"({"error":-235})")}, {.answer = answer_of(R"({"error":-240})")}});
    const auto end = send();
    EXPECT_EQ(end.end, kind::refused);
    EXPECT_THAT(end.reason, HasSubstr("-240"));
}

TEST_F(SendTest, AnAmbiguousErrorIsNotSentElsewhere)
{
    connect({{.answer = answer_of(R"({"error":-200})")}, {.answer = answer_of(accepted)}});
    EXPECT_EQ(send().end, kind::unknown);
    EXPECT_EQ(platform->requests.size(), 1U);
}

TEST_F(SendTest, HonoursRetryAfter)
{
    connect(
        {{.answer = answer_of("", "429 Too Many Requests", "Retry-After: 17\r\n")},
         {.answer = answer_of("", "503 Service Unavailable", "Retry-After: soon\r\n")},
         {.answer = answer_of("", "503 Service Unavailable", "Retry-After: 999999999\r\n")}});
    auto end = send();
    EXPECT_EQ(end.end, kind::slow_down);
    EXPECT_EQ(end.retry_after, std::chrono::seconds(17));
    EXPECT_EQ(send().retry_after, std::chrono::seconds(0));
    EXPECT_EQ(send().retry_after, std::chrono::hours(24));
}

TEST_F(SendTest, NothingListeningIsTryLater)
{
    tcp::acceptor gone(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    const auto port = gone.local_endpoint().port();
    gone.close();
    client =
        make_client(context.get_executor(), options("http://127.0.0.1:" + std::to_string(port)));
    const auto end = send();
    EXPECT_EQ(end.end, kind::failed);
    EXPECT_THAT(end.reason, HasSubstr("connect: "));
}

TEST_F(SendTest, ANameThatDoesNotResolveIsTryLater)
{
    client = make_client(context.get_executor(), options("https://no-such-host.invalid"));
    const auto end = send();
    EXPECT_EQ(end.end, kind::failed);
    EXPECT_THAT(end.reason, HasSubstr("resolve: "));
}

TEST_F(SendTest, ACutBehindTheRequestIsUnknown)
{
    connect({{.cut = true}, {.answer = "HTTP/1.1 200 OK\r\nContent-Le", .cut = true}});
    auto end = send();
    EXPECT_EQ(end.end, kind::unknown);
    EXPECT_THAT(end.reason, HasSubstr("read: "));
    EXPECT_EQ(send().end, kind::unknown);
    EXPECT_EQ(platform->requests.size(), 2U) << "nothing is sent again";
}

TEST_F(SendTest, ACutOfAReusedConnectionIsUnknownToo)
{
    connect({{.answer = answer_of(accepted)}, {.cut = true}, {.answer = answer_of(accepted)}});
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(send().end, kind::unknown);
    EXPECT_EQ(platform->requests.size(), 2U);
}

TEST_F(SendTest, ACutInTheBodyIsUnknown)
{
    auto half = answer_of(accepted);
    half.resize(half.size() - 10);
    connect({{.answer = half, .cut = true}});
    EXPECT_EQ(send().end, kind::unknown);
}

TEST_F(SendTest, HtmlAndHalfJsonAreUnknown)
{
    connect(
        {{.answer = answer_of("<html>bảo trì</html>")},
         {.answer = answer_of(accepted.substr(0, 20))}});
    EXPECT_EQ(send().end, kind::unknown);
    EXPECT_EQ(send().end, kind::unknown);
}

TEST_F(SendTest, NoHttpAtAllIsUnknown)
{
    connect({{.answer = "SSH-2.0-OpenSSH\r\n\r\n", .cut = true}});
    EXPECT_EQ(send().end, kind::unknown);
}

TEST_F(SendTest, AnAnswerBeyondTheLimitIsUnknown)
{
    connect({{.answer = answer_of(std::string(1024 * 1024 + 1, ' '))}});
    EXPECT_EQ(send().end, kind::unknown);
}

TEST_F(SendTest, ASilentPlatformIsUnknownAfterTheDeadline)
{
    platform.emplace(context, std::vector<step>{{.silent = true}});
    auto impatient = options(platform->base());
    impatient.call_deadline = std::chrono::milliseconds(50);
    client = make_client(context.get_executor(), impatient);
    const auto end = send();
    EXPECT_EQ(end.end, kind::unknown);
    EXPECT_EQ(end.reason, "read: timed out");
}

TEST_F(SendTest, WithoutAUsableTokenNothingIsSent)
{
    connect({{.answer = answer_of(accepted)}});
    for (const auto* bad : {"", "a\r\nX-Evil: 1", "a b"}) {
        tokens->token = bad;
        const auto end = send();
        EXPECT_EQ(end.end, kind::failed);
        EXPECT_EQ(end.reason, "no usable access token");
    }
    EXPECT_EQ(platform->connections, 0);
}

TEST_F(SendTest, ManyAtOnceEachGetTheirAnswer)
{
    connect(std::vector<step>(32, step{.answer = answer_of(accepted)}));
    task_group tasks(context.get_executor());
    int sent = 0;
    struct one
    {
        static asio::awaitable<void> send(app::message_sender& client, int& sent)
        {
            dialogue::outgoing_message message;
            message.text = "x";
            const auto end = co_await client.send("1", std::move(message));
            sent += end.end == kind::sent ? 1 : 0;
        }
    };
    for (int i = 0; i < 32; ++i)
        tasks.spawn("send", one::send(*client, sent));
    run_coroutine(context, tasks.join(std::chrono::seconds(4)));
    EXPECT_EQ(sent, 32);
}

// --- TLS ---------------------------------------------------------------------------------------

class TlsTest : public SendTest
{
protected:
    TlsTest() : authority_(make_certificate("Test authority", nullptr, nullptr))
    {
        const auto name = std::string("motcua-ca-") +
                          ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".pem";
        ca_file_ = std::filesystem::path(::testing::TempDir()) / name;
        std::ofstream(ca_file_) << authority_.certificate_pem();
    }
    ~TlsTest() override { std::filesystem::remove(ca_file_); }

    void serve(const char* names, std::vector<step> steps)
    {
        const auto leaf = make_certificate("platform", names, &authority_);
        const auto certificate = leaf.certificate_pem();
        const auto key = leaf.key_pem();
        tls_.use_certificate_chain(asio::buffer(certificate));
        tls_.use_private_key(asio::buffer(key), ssl::context::pem);
        platform.emplace(context, std::move(steps), &tls_);
    }

    app::send_result send_to(const std::string& host, bool trust = true)
    {
        auto wanted = options(platform->base(host));
        if (trust)
            wanted.ca_file = ca_file_;
        client = make_client(context.get_executor(), wanted);
        return send();
    }

    test_certificate authority_;
    std::filesystem::path ca_file_;
    ssl::context tls_{ssl::context::tls_server};
};

TEST_F(TlsTest, SendsToATrustedHost)
{
    serve("DNS:localhost,IP:127.0.0.1", std::vector<step>(4, step{.answer = answer_of(accepted)}));
    EXPECT_EQ(send_to("localhost").end, kind::sent);
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(send().end, kind::sent);
    EXPECT_EQ(platform->connections, 1) << "TLS connections are reused, too";
    EXPECT_EQ(send_to("127.0.0.1").end, kind::sent);
}

TEST_F(TlsTest, RefusesAnotherHostsCertificate)
{
    serve("DNS:openapi.example", {{.answer = answer_of(accepted)}});
    const auto end = send_to("localhost");
    EXPECT_EQ(end.end, kind::failed);
    EXPECT_THAT(end.reason, HasSubstr("tls: "));
    EXPECT_THAT(end.reason, HasSubstr("hostname mismatch"));
    EXPECT_TRUE(platform->requests.empty());
}

TEST_F(TlsTest, RefusesAnUntrustedAuthority)
{
    serve("DNS:localhost", {{.answer = answer_of(accepted)}});
    const auto end = send_to("localhost", false);
    EXPECT_EQ(end.end, kind::failed);
    EXPECT_THAT(end.reason, HasSubstr("tls: "));
    EXPECT_THAT(end.reason, HasSubstr("certificate"));
    EXPECT_TRUE(platform->requests.empty());
}

TEST_F(TlsTest, RefusesOldTls)
{
    serve("DNS:localhost", {{.answer = answer_of(accepted)}});
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(tls_.native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_security_level(tls_.native_handle(), 0);
    const auto end = send_to("localhost");
    EXPECT_EQ(end.end, kind::failed);
    EXPECT_TRUE(platform->requests.empty());
}

TEST_F(TlsTest, APeerThatClosesInTheHandshakeIsTryLater)
{
    platform.emplace(context, std::vector<step>{{.deaf = true}});
    auto wanted = options("https" + platform->base().substr(4));
    client = make_client(context.get_executor(), wanted);
    const auto end = send();
    EXPECT_EQ(end.end, kind::failed);
    EXPECT_THAT(end.reason, HasSubstr("tls: "));
}

TEST_F(TlsTest, ACutBehindTheRequestIsUnknown)
{
    serve("DNS:localhost", {{.cut = true}});
    EXPECT_EQ(send_to("localhost").end, kind::unknown);
}

// --- base --------------------------------------------------------------------------------------

TEST(HttpClientBase, IsHttpsOrLoopback)
{
    asio::io_context context;
    for (const auto* good :
         {"https://openapi.zalo.me",
          "https://openapi.zalo.me/",
          "https://a.example:8443/prefix",
          "http://127.0.0.1:8080",
          "http://127.9.9.9",
          "http://localhost:1",
          "http://[::1]:8080"})
        EXPECT_NO_THROW(make_http_client(context.get_executor(), {.base = good})) << good;
    for (const auto* bad :
         {"",
          "openapi.zalo.me",
          "http://openapi.zalo.me",
          "http://10.0.0.1",
          "http://127.0.0.1.example",
          "http://localhost.example",
          "http://0.0.0.0",
          "ftp://127.0.0.1",
          "https://",
          "https://u:p@a.example",
          "https://a.example/?x",
          "https://a.example/#x",
          "https://a b"})
        EXPECT_THROW(make_http_client(context.get_executor(), {.base = bad}), std::invalid_argument)
            << bad;
}

TEST(HttpClientBase, ItsPathIsAPrefix)
{
    asio::io_context context(1);
    fake_platform platform(context, {{.answer = answer_of("{}")}});
    const auto client = make_http_client(context.get_executor(), {.base = platform.base() + "/a/"});
    const auto answer = run_coroutine(context, client->post("/b", {}, "{}"));
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(platform.requests.at(0).target(), "/a/b");
}

TEST(HttpClient, DoesNotReuseAConnectionIdleForTooLong)
{
    asio::io_context context(1);
    fake_platform platform(context, std::vector<step>(2, step{.answer = answer_of("{}")}));
    const auto client = make_http_client(
        context.get_executor(),
        {.base = platform.base(), .idle_limit = std::chrono::milliseconds(0)});
    run_coroutine(context, client->post("/", {}, "{}"));
    run_coroutine(context, client->post("/", {}, "{}"));
    EXPECT_EQ(platform.connections, 2);
}

} // namespace
} // namespace motcua::zalo
