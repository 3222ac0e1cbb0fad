#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/url/parse.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/support/use_tuple.hpp>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace motcua::zalo {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;
constexpr std::size_t buffer_limit_bytes = 1024UL * 1024; // read ahead of the body
constexpr std::uint32_t header_limit_bytes = 16U * 1024;
constexpr std::chrono::seconds longest_retry_after{24 * 3600};
constexpr std::string_view forbidden_address = "connect: the address is not allowed";

struct endpoint
{
    bool tls = true;
    std::string host; // without the brackets of an IPv6 address
    std::string port;
    std::string authority; // for the Host field
    std::string prefix;    // path before every target, no '/' at the end
};

bool is_loopback(const std::string& host)
{
    error_code no_address;
    const auto address = asio::ip::make_address(host, no_address);
    return host == "localhost" || (!no_address && address.is_loopback());
}

bool is_address(const std::string& host)
{
    error_code no_address;
    asio::ip::make_address(host, no_address);
    return !no_address;
}

endpoint parse_base(const std::string& base)
{
    const auto refuse = [&base](const char* why) {
        return std::invalid_argument("\"" + base + "\": " + why);
    };
    const auto parsed = boost::urls::parse_uri(base);
    if (!parsed)
        throw refuse("not a URL");
    const auto& url = *parsed;
    endpoint out;
    const std::string scheme = url.scheme();
    out.tls = scheme == "https";
    if (!out.tls && scheme != "http")
        throw refuse("must begin with https://");
    out.authority = std::string(url.encoded_host_and_port());
    out.prefix = std::string(url.encoded_path());
    // Boost.URL 1.81 reads http://127.0.0.1.example as 127.0.0.1 with the path ".example".
    const bool whole = out.prefix.empty() || out.prefix.starts_with('/');
    if (url.host().empty() || !whole || scheme + "://" + out.authority + out.prefix != base)
        throw refuse("must be https://host[:port][/path] and no more");
    out.host = std::string(url.host_address());
    if (!out.tls && !is_loopback(out.host))
        throw refuse("http is allowed to a loopback address only; use https");
    out.port = url.has_port() && !url.port().empty() ? std::string(url.port())
                                                     : std::string(out.tls ? "443" : "80");
    while (out.prefix.ends_with('/'))
        out.prefix.pop_back();
    return out;
}

// One connection: plain, or TLS over it.
class connection
{
public:
    connection(const asio::any_io_executor& executor, ssl::context* context)
    {
        if (context != nullptr)
            secure_.emplace(executor, *context);
        else
            plain_.emplace(executor);
    }

    beast::tcp_stream& socket() { return secure_ ? secure_->next_layer() : *plain_; }
    beast::ssl_stream<beast::tcp_stream>& secure() { return *secure_; }

    template <class Message>
    asio::awaitable<std::tuple<error_code, std::size_t>> write(Message& message)
    {
        if (secure_)
            return http::async_write(*secure_, message, use_tuple);
        return http::async_write(*plain_, message, use_tuple);
    }

    template <class Parser>
    asio::awaitable<std::tuple<error_code, std::size_t>> read(Parser& parser)
    {
        if (secure_)
            return http::async_read(*secure_, buffer_, parser, use_tuple);
        return http::async_read(*plain_, buffer_, parser, use_tuple);
    }

    // True if nothing has arrived since the last answer: neither the peer's end of the connection
    // nor bytes nobody asked for.
    bool quiet()
    {
        char byte = 0;
        const auto count =
            ::recv(socket().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return buffer_.size() == 0 && count < 0 && errno == EAGAIN;
    }

    clock::time_point idle_since;

private:
    std::optional<beast::tcp_stream> plain_;
    std::optional<beast::ssl_stream<beast::tcp_stream>> secure_;
    beast::flat_buffer buffer_{buffer_limit_bytes + header_limit_bytes};
};

std::string describe(std::string_view step, const error_code& error)
{
    std::string out(step);
    out += ": ";
    out += error == beast::error::timeout ? "timed out" : error.message();
    return out;
}

// Only seconds; Zalo documents neither form, and a date would need a clock.
std::chrono::seconds retry_after_of(std::string_view value)
{
    std::int64_t seconds = 0;
    const auto* end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, seconds);
    if (parsed.ec != std::errc() || parsed.ptr != end || seconds < 0)
        return std::chrono::seconds(0);
    return std::min(std::chrono::seconds(seconds), longest_retry_after);
}

using resolved = std::tuple<error_code, tcp::resolver::results_type>;

struct lookup
{
    explicit lookup(const asio::any_io_executor& executor) : resolver(executor), ended(executor) {}
    tcp::resolver resolver;
    asio::steady_timer ended;
    std::optional<resolved> outcome;
};

// getaddrinfo cannot be interrupted, so the wait is for a timer that the answer cancels; a late
// answer falls into a lookup nobody reads.
asio::awaitable<resolved>
resolve(asio::any_io_executor executor, std::string host, std::string port, clock::time_point until)
{
    auto state = std::make_shared<lookup>(executor);
    state->ended.expires_at(until);
    state->resolver.async_resolve(
        host, port, [state](const error_code& error, tcp::resolver::results_type results) {
            state->outcome = resolved(error, std::move(results));
            state->ended.cancel();
        });
    while (!state->outcome && clock::now() < until)
        co_await state->ended.async_wait(use_tuple);
    if (!state->outcome)
        co_return resolved(beast::error::timeout, tcp::resolver::results_type());
    co_return std::move(*state->outcome);
}

class beast_client final : public http_client
{
public:
    beast_client(asio::any_io_executor executor, http_client_options options)
        : executor_(std::move(executor)), options_(std::move(options)),
          where_(parse_base(options_.base))
    {
        if (where_.tls)
            prepare_tls();
    }

    asio::awaitable<http_answer>
    post(std::string path, http_fields fields, std::string body) override
    {
        return call(http::verb::post, std::move(path), std::move(fields), std::move(body));
    }

    asio::awaitable<http_answer> get(std::string path, http_fields fields) override
    {
        return call(http::verb::get, std::move(path), std::move(fields), {});
    }

private:
    asio::awaitable<http_answer>
    call(http::verb verb, std::string path, http_fields fields, std::string body)
    {
        const auto until = clock::now() + options_.call_deadline;
        http::request<http::string_body> request(verb, where_.prefix + path, 11, std::move(body));
        request.set(http::field::host, where_.authority);
        if (verb == http::verb::post)
            request.set(http::field::content_type, "application/json");
        for (const auto& [name, value] : fields)
            request.set(name, value);
        request.prepare_payload();

        http_answer answer;
        while (auto reused = take_idle()) {
            answer = co_await exchange(std::move(reused), request, until);
            if (answer.end != http_answer::kind::not_sent)
                co_return answer;
            // The peer had gone and no byte left us: another connection cannot send it twice.
        }
        auto [fresh, failure] = co_await connect(until);
        if (!fresh) {
            answer.end = http_answer::kind::not_sent;
            answer.forbidden = failure == forbidden_address;
            answer.reason = std::move(failure);
            co_return answer;
        }
        answer = co_await exchange(std::move(fresh), request, until);
        co_return answer;
    }

    void prepare_tls()
    {
        context_.emplace(ssl::context::tls_client);
        SSL_CTX_set_min_proto_version(context_->native_handle(), TLS1_2_VERSION);
        context_->set_default_verify_paths();
        if (!options_.ca_file.empty())
            context_->load_verify_file(options_.ca_file);
        context_->set_verify_mode(ssl::verify_peer);
        const ssl::host_name_verification is_host(where_.host);
        context_->set_verify_callback([is_host](bool chain_is_good, ssl::verify_context& chain) {
            const bool good = is_host(chain_is_good, chain);
            if (chain_is_good && !good) // or OpenSSL reports no reason at all
                X509_STORE_CTX_set_error(chain.native_handle(), X509_V_ERR_HOSTNAME_MISMATCH);
            return good;
        });
    }

    std::unique_ptr<connection> take_idle()
    {
        while (!idle_.empty()) {
            auto last = std::move(idle_.back());
            idle_.pop_back();
            if (clock::now() - last->idle_since < options_.idle_limit && last->quiet())
                return last;
        }
        return nullptr;
    }

    void keep(std::unique_ptr<connection> used)
    {
        if (idle_.size() >= options_.idle_connections)
            return;
        used->socket().expires_never();
        used->idle_since = clock::now();
        idle_.push_back(std::move(used));
    }

    // The very addresses that are then connected to: a name cannot mean another one in between.
    std::vector<tcp::endpoint> may_connect_to(const tcp::resolver::results_type& found) const
    {
        std::vector<tcp::endpoint> allowed;
        for (const auto& entry : found) {
            if (!options_.may_connect || options_.may_connect(entry.endpoint().address()))
                allowed.push_back(entry.endpoint());
        }
        return allowed;
    }

    // The connection, or why there is none.
    asio::awaitable<std::pair<std::unique_ptr<connection>, std::string>>
    connect(clock::time_point call_until)
    {
        using outcome = std::pair<std::unique_ptr<connection>, std::string>;
        const auto until = std::min(call_until, clock::now() + options_.connect_deadline);
        auto [no_address, addresses] = co_await resolve(executor_, where_.host, where_.port, until);
        if (no_address)
            co_return outcome(nullptr, describe("resolve", no_address));

        auto fresh = std::make_unique<connection>(executor_, context_ ? &*context_ : nullptr);
        fresh->socket().expires_at(until);
        const auto allowed = may_connect_to(addresses);
        if (allowed.empty())
            co_return outcome(nullptr, std::string(forbidden_address));
        auto [refused, peer] = co_await fresh->socket().async_connect(allowed, use_tuple);
        if (refused)
            co_return outcome(nullptr, describe("connect", refused));
        error_code ignored; // delay is all that is lost
        fresh->socket().socket().set_option(tcp::no_delay(true), ignored);
        if (!context_)
            co_return outcome(std::move(fresh), "");

        auto* session = fresh->secure().native_handle();
        // SNI is for names only (RFC 6066, 3). SSL_set_tlsext_host_name, without its C cast.
        if (!is_address(where_.host))
            SSL_ctrl(
                session,
                SSL_CTRL_SET_TLSEXT_HOSTNAME,
                TLSEXT_NAMETYPE_host_name,
                where_.host.data());
        auto [failed] =
            co_await fresh->secure().async_handshake(ssl::stream_base::client, use_tuple);
        if (!failed)
            co_return outcome(std::move(fresh), "");
        auto reason = describe("tls", failed);
        if (const auto verdict = SSL_get_verify_result(session); verdict != X509_V_OK)
            reason = std::string("tls: ") + X509_verify_cert_error_string(verdict);
        co_return outcome(nullptr, std::move(reason));
    }

    asio::awaitable<http_answer> exchange(
        std::unique_ptr<connection> line,
        http::request<http::string_body>& request,
        clock::time_point until)
    {
        http_answer out;
        line->socket().expires_at(until);
        auto [write_error, bytes_written] = co_await line->write(request);
        if (write_error) {
            out.end = bytes_written == 0 ? http_answer::kind::not_sent : http_answer::kind::cut;
            out.reason = describe("write", write_error);
            co_return out;
        }
        http::response_parser<http::string_body> parser;
        parser.header_limit(header_limit_bytes);
        parser.body_limit(options_.body_limit_bytes);
        auto [read_error, bytes_read] = co_await line->read(parser);
        if (read_error) {
            out.end = http_answer::kind::cut;
            out.too_large = read_error == http::error::body_limit;
            out.reason = describe("read", read_error);
            co_return out;
        }
        out.end = http_answer::kind::answered;
        out.status = parser.get().result_int();
        const auto wish = parser.get()[http::field::retry_after];
        out.retry_after = retry_after_of({wish.data(), wish.size()});
        const bool reusable = parser.keep_alive();
        out.body = std::move(parser.get().body());
        if (reusable)
            keep(std::move(line));
        co_return out;
    }

    asio::any_io_executor executor_;
    http_client_options options_;
    endpoint where_;
    std::optional<ssl::context> context_;
    std::vector<std::unique_ptr<connection>> idle_; // the most recently used last
};

} // namespace

std::unique_ptr<http_client>
make_http_client(asio::any_io_executor executor, http_client_options options)
{
    return std::make_unique<beast_client>(std::move(executor), std::move(options));
}

} // namespace motcua::zalo
