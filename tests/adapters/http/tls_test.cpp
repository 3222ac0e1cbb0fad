#include "adapters/http/raw_client.hpp"
#include "adapters/http/running_server.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/http/server.hpp>
#include <motcua/support/within.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace motcua::http {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;
using testing::HasSubstr;
namespace ssl = asio::ssl;

struct close_file
{
    void operator()(std::FILE* file) const { std::fclose(file); }
};
std::unique_ptr<std::FILE, close_file> opened(const std::string& path)
{
    return std::unique_ptr<std::FILE, close_file>(std::fopen(path.c_str(), "w"));
}

// A self-signed certificate for "localhost" and its key, in files that die with the object.
class certificate
{
public:
    explicit certificate(std::string_view name)
    {
        std::string pattern = testing::TempDir() + "motcua_tls_XXXXXX";
        directory_ = ::mkdtemp(pattern.data());
        certificate_file = directory_ / (std::string(name) + ".crt");
        key_file = directory_ / (std::string(name) + ".key");

        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
            EVP_EC_gen("P-256"), &EVP_PKEY_free);
        const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), &X509_free);
        X509_set_version(made.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
        X509_set_pubkey(made.get(), key.get());
        X509_NAME* const subject = X509_get_subject_name(made.get());
        const std::string common_name = "localhost";
        X509_NAME_add_entry_by_NID(
            subject,
            NID_commonName,
            MBSTRING_UTF8,
            static_cast<const unsigned char*>(static_cast<const void*>(common_name.c_str())),
            -1,
            -1,
            0);
        X509_set_issuer_name(made.get(), subject);
        add_extension(made.get(), NID_subject_alt_name, "DNS:localhost");
        add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
        EXPECT_GT(X509_sign(made.get(), key.get(), EVP_sha256()), 0);

        EXPECT_EQ(PEM_write_X509(opened(certificate_file).get(), made.get()), 1);
        const auto file = opened(key_file);
        EXPECT_EQ(
            PEM_write_PrivateKey(file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
    }
    certificate(const certificate&) = delete;
    certificate& operator=(const certificate&) = delete;
    ~certificate() { std::filesystem::remove_all(directory_); }

    std::string certificate_file;
    std::string key_file;

private:
    static void add_extension(X509* to, int kind, const char* value)
    {
        X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
        X509_add_ext(to, made, -1);
        X509_EXTENSION_free(made);
    }

    std::filesystem::path directory_;
};

asio::awaitable<response> echo(request asked)
{
    response reply;
    reply.body = asked.target + " " + asked.body;
    co_return reply;
}

server_options options_with(const certificate& with)
{
    server_options options;
    options.tls_certificate = with.certificate_file;
    options.tls_key = with.key_file;
    return options;
}

// A verifying client; throws boost::system::system_error if it does not trust the server.
class tls_client
{
public:
    tls_client(
        std::uint16_t port,
        const std::string& trusted,
        const std::string& name,
        int newest_version = TLS1_3_VERSION)
        : context_(ssl::context::tls_client), stream_(io_, with_trust(trusted, newest_version))
    {
        stream_.next_layer().connect({asio::ip::address_v4::loopback(), port});
        stream_.set_verify_mode(ssl::verify_peer);
        stream_.set_verify_callback(ssl::host_name_verification(name));
        stream_.handshake(ssl::stream_base::client);
    }

    void send(std::string_view bytes) { asio::write(stream_, asio::buffer(bytes)); }

    std::string some()
    {
        std::array<char, 4096> bytes{};
        return {bytes.data(), stream_.read_some(asio::buffer(bytes))};
    }

    // All that comes until the peer closes; with `ended_cleanly` set if it did so by TLS's own end.
    std::string until_closed(bool& ended_cleanly)
    {
        std::string received;
        for (;;) {
            std::array<char, 4096> bytes{};
            boost::system::error_code error;
            const auto count = stream_.read_some(asio::buffer(bytes), error);
            received.append(bytes.data(), count);
            if (error) {
                ended_cleanly = error == asio::error::eof;
                return received;
            }
        }
    }

    const SSL* native() { return stream_.native_handle(); }

private:
    ssl::context& with_trust(const std::string& trusted, int newest_version)
    {
        context_.load_verify_file(trusted);
        // As lax as can be: what is refused, the server has refused.
        SSL_CTX_set_security_level(context_.native_handle(), 0);
        SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context_.native_handle(), newest_version);
        return context_;
    }

    asio::io_context io_;
    ssl::context context_;
    ssl::stream<tcp::socket> stream_;
};

TEST(Tls, ServesAClientThatVerifies)
{
    const certificate own("own");
    running_server tested(options_with(own), echo);
    EXPECT_THAT(tested.url(), testing::StartsWith("https://127.0.0.1:"));
    tls_client client(tested.port(), own.certificate_file, "localhost");
    client.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nb"
                "GET /c HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    bool ended_cleanly = false;
    const std::string answers = client.until_closed(ended_cleanly);
    EXPECT_THAT(answers, HasSubstr("\r\n\r\n/a b"));
    EXPECT_THAT(answers, HasSubstr("\r\n\r\n/c "));
    EXPECT_TRUE(ended_cleanly);
}

asio::awaitable<void> produce(body_sink& sink)
{
    co_await sink.write("first");
    co_await sleep_for(5ms);
    co_await sink.write("second");
}

TEST(Tls, CarriesAStream)
{
    const certificate own("own");
    const auto streaming = [](request) -> asio::awaitable<response> {
        response reply;
        reply.stream = produce;
        co_return reply;
    };
    running_server tested(options_with(own), streaming);
    tls_client client(tested.port(), own.certificate_file, "localhost");
    client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
    bool ended_cleanly = false;
    EXPECT_THAT(
        client.until_closed(ended_cleanly),
        testing::EndsWith("5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n"));
    EXPECT_TRUE(ended_cleanly);
}

TEST(Tls, RefusesAmbiguousFramingToo)
{
    const certificate own("own");
    running_server tested(options_with(own), echo);
    tls_client client(tested.port(), own.certificate_file, "localhost");
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
                "\r\n0\r\n\r\n");
    bool ended_cleanly = false;
    const std::string answer = client.until_closed(ended_cleanly);
    EXPECT_EQ(status_of(answer), 400U);
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos);
}

TEST(Tls, IsNotTrustedUnderAnotherNameOrByOthers)
{
    const certificate own("own");
    const certificate other("other");
    running_server tested(options_with(own), echo);
    EXPECT_THROW(
        tls_client(tested.port(), own.certificate_file, "example.org"),
        boost::system::system_error);
    EXPECT_THROW(
        tls_client(tested.port(), other.certificate_file, "localhost"),
        boost::system::system_error);
    tls_client good(tested.port(), own.certificate_file, "localhost");
}

TEST(Tls, SpeaksNothingOlderThan12)
{
    const certificate own("own");
    running_server tested(options_with(own), echo);
    tls_client oldest(tested.port(), own.certificate_file, "localhost", TLS1_2_VERSION);
    EXPECT_EQ(SSL_version(oldest.native()), TLS1_2_VERSION);
    EXPECT_THROW(
        tls_client(tested.port(), own.certificate_file, "localhost", TLS1_1_VERSION),
        boost::system::system_error);
}

TEST(Tls, SilentOrPlainClientIsCut)
{
    const certificate own("own");
    auto options = options_with(own);
    options.limits.tls_deadline = 30ms;
    running_server tested(options, echo);
    raw_client silent(tested.port());
    EXPECT_EQ(silent.until_closed(), "");
    raw_client plain(tested.port());
    plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(plain.until_closed().find("HTTP/1.1"), std::string::npos);
}

TEST(Tls, StopsWithoutWaitingForIdleClients)
{
    const certificate own("own");
    running_server tested(options_with(own), echo);
    tls_client client(tested.port(), own.certificate_file, "localhost");
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(client.some(), HasSubstr(" 200 "));
    tested.stop(std::chrono::minutes(1));
    EXPECT_TRUE(tested.has_ended());
}

void expect_refusal_naming(const server_options& options, const std::string& what)
{
    asio::io_context context;
    try {
        make_server(context.get_executor(), options, echo);
        ADD_FAILURE() << "made in spite of " << what;
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr(what));
    }
}

TEST(TlsFiles, ErrorsNameTheFile)
{
    const certificate own("own");
    const certificate other("other");
    server_options options;

    options.tls_certificate = own.certificate_file;
    expect_refusal_naming(options, "both a certificate file and a key file");

    options.tls_key = "/nowhere/motcua.key";
    expect_refusal_naming(options, "/nowhere/motcua.key");

    options.tls_key = other.key_file; // does not belong to the certificate
    expect_refusal_naming(options, other.key_file);

    options.tls_key = own.certificate_file; // is no key
    expect_refusal_naming(options, "TLS key " + own.certificate_file);

    options.tls_certificate = own.key_file; // is no certificate
    expect_refusal_naming(options, "TLS certificate " + own.key_file);
}

} // namespace
} // namespace motcua::http
