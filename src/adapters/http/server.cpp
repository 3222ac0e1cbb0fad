#include "message.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <motcua/adapters/http/server.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/task_group.hpp>
#include <motcua/support/use_tuple.hpp>
#include <motcua/support/within.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <concepts>
#include <ctime>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <system_error>
#include <unordered_set>

namespace motcua::http {

namespace {

using asio::ip::tcp;
using std::chrono::steady_clock;
using tls_stream = asio::ssl::stream<tcp::socket>;

constexpr std::size_t read_bytes = 8UL * 1024;     // asked for at once, and the buffer's first size
constexpr std::size_t linger_bytes = 512UL * 1024; // read and dropped behind a last answer
constexpr std::size_t kept_bytes = 64UL * 1024;    // of a session's write buffer between responses
constexpr std::chrono::seconds linger_deadline{2};
constexpr std::chrono::milliseconds longest_sweep_interval{100};
constexpr std::size_t eviction_sample = 128;           // connections
constexpr std::chrono::milliseconds accept_pause{100}; // when descriptors have run out

// --- What the sessions of one listener share -----------------------------------------------------

enum class phase : std::uint8_t
{
    waiting,    // for the first byte of a request
    receiving,  // handshake, header or body
    handling,   // the handler runs
    responding, // writing the response or a piece of it, or closing behind it
    streaming,  // the producer of a stream has nothing to write just now
};

// One accepted connection, as the sweep sees it. Registered as long as it lives.
struct connection;

struct shared_state
{
    shared_state(
        const asio::any_io_executor& executor, server_options wanted, request_handler handler)
        : options(std::move(wanted)), handle(std::move(handler)), sessions(executor)
    {
    }

    void cut(connection& victim);
    // Cuts what is past its deadline; everything, once the grace of a stop is over.
    void sweep(steady_clock::time_point now);
    // Makes room by cutting the connection that has kept us waiting for a request longest, those
    // that never completed one first; so a flood of silent connections pushes out itself. False if
    // all are at work.
    bool evict_one();

    std::string_view date();

    server_options options;
    request_handler handle;
    task_group sessions;
    std::unordered_set<connection*> connections;
    std::map<std::string, std::size_t> connections_of; // by address
    std::optional<steady_clock::time_point> stop_at;   // set: stopping, cut all then
    connection_figures figures;
    std::size_t next_bucket = 0; // of connections: where evict_one() looks first

private:
    std::time_t date_second_ = 0;
    std::array<char, 32> date_text_{};
};

struct connection
{
    connection(std::shared_ptr<shared_state> listener, const asio::ip::address& address)
        : shared(std::move(listener)), peer(address.to_string()), limit_key(key_of(address))
    {
        shared->connections.insert(this);
        ++shared->connections_of[limit_key];
        enter(phase::waiting, shared->options.limits.idle_deadline);
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection()
    {
        shared->connections.erase(this);
        const auto found = shared->connections_of.find(limit_key);
        if (--found->second == 0)
            shared->connections_of.erase(found);
    }

    // One host usually commands a whole /64 of IPv6, so that counts as one address.
    static std::string key_of(const asio::ip::address& address)
    {
        if (address.is_v4())
            return address.to_string();
        auto bytes = address.to_v6().to_bytes();
        std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
        return asio::ip::address_v6(bytes).to_string();
    }

    void enter(phase next, std::chrono::milliseconds limit)
    {
        at = next;
        since = steady_clock::now();
        deadline = since + limit;
    }

    // Whoever produces a stream may take their time, until the listener stops.
    void await_producer()
    {
        at = phase::streaming;
        since = steady_clock::now();
        deadline = is_stopping() ? since : steady_clock::time_point::max();
    }

    bool is_stopping() const { return shared->stop_at.has_value(); }

    std::shared_ptr<shared_state> shared;
    std::string peer;
    std::string limit_key;
    task_group::id task = 0;
    phase at = phase::waiting;
    steady_clock::time_point since;    // in this phase
    steady_clock::time_point deadline; // of this phase
    bool is_overdue = false;           // cancelled by the sweep; the session clears it
    bool is_cut = false;               // cancelled for good
    bool has_served = false;           // completed a request
};

void shared_state::cut(connection& victim)
{
    victim.is_cut = true;
    sessions.cancel(victim.task);
}

void shared_state::sweep(steady_clock::time_point now)
{
    const bool grace_is_over = stop_at && now >= *stop_at;
    for (connection* const each : connections) {
        if (grace_is_over) {
            cut(*each);
        } else if (now >= each->deadline && !each->is_overdue) {
            each->is_overdue = true;
            ++figures.overdue;
            sessions.cancel(each->task);
        }
    }
}

bool shared_state::evict_one()
{
    const auto is_better = [](const connection* candidate, const connection* best) {
        return std::pair(candidate->has_served, candidate->since) <
               std::pair(best->has_served, best->since);
    };
    connection* victim = nullptr;
    const auto consider = [&victim, &is_better](connection* each) {
        const bool is_idle = each->at == phase::waiting || each->at == phase::receiving;
        if (is_idle && !each->is_cut && (victim == nullptr || is_better(each, victim)))
            victim = each;
    };
    // In a flood a few tell enough; all are looked at before one that has been served must go.
    const auto buckets = connections.bucket_count();
    std::size_t seen = 0;
    for (std::size_t i = 0; i < buckets && seen < eviction_sample; ++i) {
        next_bucket = (next_bucket + 1) % buckets;
        for (auto each = connections.begin(next_bucket); each != connections.end(next_bucket);
             ++each, ++seen)
            consider(*each);
    }
    if (victim == nullptr || victim->has_served)
        std::ranges::for_each(connections, consider);
    if (victim == nullptr)
        return false;
    ++figures.evicted;
    cut(*victim);
    return true;
}

std::string_view shared_state::date()
{
    const std::time_t now = std::time(nullptr);
    if (now != date_second_) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        // The program never sets a locale, so the names are English.
        std::strftime(date_text_.data(), date_text_.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        date_second_ = now;
    }
    return date_text_.data();
}

// --- One connection ------------------------------------------------------------------------------

// Looks for CRLFCRLF in a growing buffer, each byte once. A control byte is known to be wrong
// before the end has come, so its sender need not be waited for.
class header_scanner
{
public:
    enum class finding : std::uint8_t
    {
        incomplete,
        complete,
        malformed
    };

    finding scan(std::string_view data)
    {
        for (; scanned_ < data.size(); ++scanned_) {
            const char byte = data[scanned_];
            if (byte == '\n') {
                if (previous_ != '\r')
                    return finding::malformed;
                if (++empty_lines_ == 2) {
                    ++scanned_;
                    return finding::complete;
                }
            } else if (previous_ == '\r') {
                return finding::malformed;
            } else if (byte != '\r') {
                const auto code = static_cast<unsigned char>(byte);
                if ((code < 0x20 && byte != '\t') || code == 0x7F)
                    return finding::malformed;
                empty_lines_ = 0;
            }
            previous_ = byte;
        }
        return finding::incomplete;
    }

    std::size_t size() const { return scanned_; } // of the header, once complete

private:
    std::size_t scanned_ = 0;
    int empty_lines_ = 0; // line ends in a row
    char previous_ = '\0';
};

template <class Stream>
class session
{
public:
    session(std::shared_ptr<connection> who, Stream stream)
        : who_(std::move(who)), shared_(*who_->shared), limits_(shared_.options.limits),
          stream_(std::move(stream)), buffer_(limits_.header_bytes + read_bytes)
    {
        buffer_.reserve(read_bytes);
    }

    asio::awaitable<void> run()
    {
        if constexpr (is_tls) {
            who_->enter(phase::receiving, limits_.tls_deadline);
            auto [error] = co_await stream_.async_handshake(tls_stream::server, use_tuple);
            if (error)
                co_return;
        }
        for (bool keep = true; keep;) {
            request received;
            const arrival how = co_await receive(received);
            if (how.end == arrival::kind::gone)
                co_return;
            const auto body = received.method == "HEAD" ? body_use::omit : body_use::send;
            response reply;
            if (how.end == arrival::kind::complete) {
                reply = co_await answer(std::move(received));
                who_->has_served = true;
                if (reply.status == no_response)
                    co_return;
            } else {
                reply = refusing(how.refused);
            }
            keep = how.keep_alive && !reply.close && !reply.cut_after && !reply.stream &&
                   !who_->is_stopping();
            bool written = false;
            if (reply.stream && body == body_use::send)
                written = co_await stream(
                    reply, how.is_http_1_1 ? body_use::chunked : body_use::until_closed);
            else
                written = co_await respond(reply, body, keep);
            if (!written)
                co_return;
            keep = keep && !who_->is_stopping();
        }
        co_await close();
    }

private:
    static constexpr bool is_tls = std::same_as<Stream, tls_stream>;

    struct arrival
    {
        enum class kind : std::uint8_t
        {
            complete,
            refused,
            gone // closed, overdue or cut: nobody to answer
        };
        kind end = kind::gone;
        refusal refused{};
        bool keep_alive = false;
        bool is_http_1_1 = false;
    };
    static arrival refused(unsigned status, std::string_view reason)
    {
        arrival how;
        how.end = arrival::kind::refused;
        how.refused = refusal{status, reason};
        return how;
    }

    tcp::socket& socket()
    {
        if constexpr (is_tls)
            return stream_.next_layer();
        else
            return stream_;
    }

    std::string_view buffered() const
    {
        const auto data = buffer_.data();
        return {static_cast<const char*>(data.data()), data.size()};
    }

    // Appends what the peer sends next, until the deadline of the phase. False at its end.
    asio::awaitable<bool> read_more()
    {
        const auto room =
            buffer_.prepare(std::min(read_bytes, buffer_.max_size() - buffer_.size()));
        auto [error, bytes] = co_await stream_.async_read_some(room, use_tuple);
        buffer_.commit(bytes);
        co_return !error;
    }

    asio::awaitable<arrival> receive(request& into)
    {
        const arrival gone;
        header_scanner scanner;
        if (buffer_.size() == 0) {
            who_->enter(phase::waiting, limits_.idle_deadline);
            const bool more = co_await read_more();
            if (!more)
                co_return gone;
        }
        // From here the deadline stands, however the bytes trickle in.
        who_->enter(phase::receiving, limits_.header_deadline);
        for (;;) {
            const auto found = scanner.scan(buffered());
            if (found == header_scanner::finding::complete)
                break;
            if (found == header_scanner::finding::malformed)
                co_return refused(400, "control byte in header");
            if (buffer_.size() >= limits_.header_bytes)
                co_return refused(431, "header too long");
            const bool more = co_await read_more();
            if (!more)
                co_return gone;
        }

        const auto raw = buffered().substr(0, scanner.size());
        if (const auto no = guard_header(raw, limits_, shared_.options.single_fields))
            co_return refused(no->status, no->reason);
        message_parser parser(into, limits_.body_bytes);
        boost::beast::error_code error;
        const auto used = parser.put(asio::buffer(raw), error);
        if (error == boost::beast::http::error::body_limit)
            co_return refused(413, "body too long");
        if (error || used != raw.size())
            co_return refused(400, "malformed header");
        buffer_.consume(used);
        into.peer = who_->peer;

        who_->enter(phase::receiving, limits_.body_deadline);
        const auto expectation = parser.is_http_1_1() ? into.field("expect") : std::string_view();
        if (!expectation.empty() && !boost::beast::iequals(expectation, "100-continue"))
            co_return refused(417, "unknown expectation");
        if (!expectation.empty() && !parser.is_done() && buffer_.size() == 0) {
            const bool written = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
            if (!written)
                co_return gone;
        }
        arrival how = co_await receive_body(parser);
        how.keep_alive = how.end == arrival::kind::complete && parser.keep_alive();
        how.is_http_1_1 = parser.is_http_1_1();
        co_return how;
    }

    asio::awaitable<arrival> receive_body(message_parser& parser)
    {
        parser.eager(true);
        bool needs_more = buffer_.size() == 0;
        while (!parser.is_done()) {
            if (needs_more) {
                if (buffer_.size() == buffer_.max_size())
                    co_return refused(400, "chunk header too long");
                const bool more = co_await read_more();
                if (!more)
                    co_return arrival();
            }
            boost::beast::error_code error;
            const auto used = parser.put(buffer_.data(), error);
            buffer_.consume(used);
            if (error == boost::beast::http::error::body_limit)
                co_return refused(413, "body too long");
            if (error && error != boost::beast::http::error::need_more)
                co_return refused(400, "malformed body");
            needs_more = true;
        }
        arrival how;
        how.end = arrival::kind::complete;
        co_return how;
    }

    // The handler's response; 503 if it was not ready in time, 500 if it failed.
    asio::awaitable<response> answer(request received)
    {
        who_->enter(phase::handling, limits_.handler_deadline);
        response reply;
        std::optional<std::string> failure;
        try {
            reply = co_await shared_.handle(std::move(received));
        } catch (const std::exception& error) {
            failure = error.what();
            reply = failed();
        } catch (...) {
            failure = "unknown";
            reply = failed();
        }
        if (who_->is_cut)
            throw boost::system::system_error(asio::error::operation_aborted);
        const auto took = steady_clock::now() - who_->since;
        if (who_->is_overdue) {
            // A handler that is late but done has its answer sent: the work is done.
            co_await asio::this_coro::reset_cancellation_state();
            who_->is_overdue = false;
            if (failure) {
                log::warning("request overdue", {{"took_ms", took}});
                reply.status = 503;
                reply.fields.emplace_back("Retry-After", "5");
                reply.body = "service unavailable\n";
            }
        } else if (failure) {
            log::error("request failed", {{"reason", *failure}, {"took_ms", took}});
        }
        co_return reply;
    }

    static response refusing(const refusal& why)
    {
        log::debug("request refused", {{"status", why.status}, {"reason", why.reason}});
        response reply;
        reply.status = why.status;
        reply.body = "request refused\n"; // the reason would help only whoever probes us
        reply.close = true;
        return reply;
    }

    static response failed()
    {
        response reply;
        reply.status = 500;
        reply.body = "internal error\n";
        return reply;
    }

    asio::awaitable<bool> respond(const response& reply, body_use body, bool keep)
    {
        const auto after = keep ? connection_after::keep : connection_after::close;
        out_.clear();
        try {
            append_response(out_, reply, body, shared_.date(), after);
        } catch (const std::invalid_argument& error) {
            log::error("request failed", {{"reason", error.what()}});
            append_response(out_, failed(), body, shared_.date(), after);
        }
        if (reply.cut_after)
            out_.resize(std::min(out_.size(), *reply.cut_after));
        who_->enter(phase::responding, limits_.write_deadline);
        const bool written = co_await write(out_);
        if (out_.capacity() > kept_bytes)
            out_ = std::string();
        co_return written;
    }

    asio::awaitable<bool> write(std::string_view bytes)
    {
        auto [error, written] = co_await asio::async_write(stream_, asio::buffer(bytes), use_tuple);
        co_return !error;
    }

    class chunks final : public body_sink
    {
    public:
        chunks(session& over, body_use framing) : over_(over), framing_(framing) {}

        asio::awaitable<bool> write(std::string piece) override
        {
            if (piece.empty()) // would be the end
                co_return true;
            if (framing_ == body_use::chunked) {
                std::array<char, 20> size{};
                const auto end =
                    std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16);
                piece.insert(0, std::string(size.data(), end.ptr) + "\r\n");
                piece += "\r\n";
            }
            over_.who_->enter(phase::responding, over_.limits_.write_deadline);
            const bool written = co_await over_.write(piece);
            over_.who_->await_producer();
            is_whole_ = is_whole_ && written;
            co_return written && !over_.who_->is_stopping();
        }

        bool is_whole() const { return is_whole_; } // nothing written got lost

    private:
        session& over_;
        body_use framing_;
        bool is_whole_ = true;
    };

    // Header, then what the producer writes until it ends or the peer does. False if the peer
    // cannot be told the end.
    asio::awaitable<bool> stream(const response& reply, body_use framing)
    {
        using namespace asio::experimental::awaitable_operators;
        const bool begun = co_await respond(reply, framing, false);
        if (!begun)
            co_return false;
        who_->await_producer();
        chunks sink(*this, framing);
        auto first =
            co_await (caught(without_value(reply.stream(sink))) || drop_until_end(stream_));
        if (first.index() == 1 || !sink.is_whole() || who_->is_cut)
            co_return false;
        if (const auto& failure = std::get<0>(first).failure) {
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& error) {
                log::error("stream failed", {{"reason", error.what()}});
            }
            co_return false;
        }
        if (framing == body_use::until_closed)
            co_return true;
        who_->enter(phase::responding, limits_.write_deadline);
        const bool ended = co_await write("0\r\n\r\n");
        co_return ended;
    }

    // Ends our direction, then drops what still comes, so that no reset overtakes the last answer.
    asio::awaitable<void> close()
    {
        who_->enter(phase::responding, linger_deadline);
        if constexpr (is_tls)
            co_await stream_.async_shutdown(use_tuple);
        boost::system::error_code ignored;
        socket().shutdown(tcp::socket::shutdown_send, ignored);
        co_await drop_until_end(socket());
    }

    // Reads and drops until the peer ends or has sent too much.
    template <class From>
    asio::awaitable<void> drop_until_end(From& from)
    {
        for (std::size_t dropped = 0; dropped < linger_bytes;) {
            buffer_.clear();
            const auto room = buffer_.prepare(read_bytes);
            auto [error, bytes] = co_await from.async_read_some(room, use_tuple);
            if (error)
                co_return;
            dropped += bytes;
        }
    }

    std::shared_ptr<connection> who_;
    shared_state& shared_; // who_ keeps it
    const limits& limits_;
    Stream stream_;
    boost::beast::flat_buffer buffer_;
    std::string out_;
};

asio::awaitable<void> serve_plain(std::shared_ptr<connection> who, tcp::socket socket)
{
    session<tcp::socket> one(std::move(who), std::move(socket));
    co_await one.run();
}

asio::awaitable<void> serve_tls(
    std::shared_ptr<connection> who,
    tcp::socket socket,
    std::shared_ptr<asio::ssl::context> context)
{
    session<tls_stream> one(std::move(who), tls_stream(std::move(socket), *context));
    co_await one.run();
}

// --- The listener --------------------------------------------------------------------------------

[[noreturn]] void throw_for_file(
    std::string_view what, const std::string& file, const boost::system::error_code& error)
{
    throw std::runtime_error(std::string(what) + " " + file + ": " + error.message());
}

std::shared_ptr<asio::ssl::context> make_tls_context(const server_options& options)
{
    if (options.tls_certificate.empty() && options.tls_key.empty())
        return nullptr;
    if (options.tls_certificate.empty() || options.tls_key.empty())
        throw std::runtime_error("TLS needs both a certificate file and a key file");
    for (const auto& file : {options.tls_certificate, options.tls_key})
        if (!std::filesystem::is_regular_file(file))
            throw std::runtime_error("TLS file " + file + ": not found");

    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    boost::system::error_code error;
    // Without this OpenSSL would ask for the passphrase on the terminal.
    context->set_password_callback(
        [](std::size_t, asio::ssl::context::password_purpose) { return std::string(); }, error);
    context->use_certificate_chain_file(options.tls_certificate, error);
    if (error)
        throw_for_file("TLS certificate", options.tls_certificate, error);
    context->use_private_key_file(options.tls_key, asio::ssl::context::pem, error);
    if (error)
        throw_for_file("TLS key", options.tls_key, error);
    auto* const native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    return context;
}

tcp::acceptor make_acceptor(const asio::any_io_executor& executor, const server_options& options)
{
    const std::string where = options.address + " port " + std::to_string(options.port);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error)
        throw std::runtime_error("cannot listen on " + where + ": not an IP address");
    const tcp::endpoint endpoint(address, options.port);
    tcp::acceptor acceptor(executor);
    const auto check = [&error, &where] {
        if (error)
            throw std::system_error(error, "cannot listen on " + where);
    };
    acceptor.open(endpoint.protocol(), error);
    check();
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    check();
    acceptor.bind(endpoint, error);
    check();
    acceptor.listen(tcp::acceptor::max_listen_connections, error);
    check();
    return acceptor;
}

std::chrono::milliseconds sweep_interval(const limits& bounds)
{
    const auto shortest = std::min(
        {bounds.tls_deadline,
         bounds.header_deadline,
         bounds.body_deadline,
         bounds.write_deadline,
         bounds.idle_deadline,
         bounds.handler_deadline});
    return std::clamp(shortest / 4, std::chrono::milliseconds(1), longest_sweep_interval);
}

// One timer for all deadlines of all sessions: a deadline costs a session one store, and is kept to
// within the interval.
asio::awaitable<void>
sweep_for_ever(std::shared_ptr<shared_state> shared, std::chrono::milliseconds interval)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        timer.expires_after(interval);
        co_await timer.async_wait(asio::use_awaitable); // ends by cancellation
        shared->sweep(steady_clock::now());
    }
}

bool is_shortage(const boost::system::error_code& error)
{
    return error == boost::system::errc::too_many_files_open ||
           error == boost::system::errc::too_many_files_open_in_system ||
           error == boost::system::errc::no_buffer_space ||
           error == boost::system::errc::not_enough_memory;
}

class listener final : public server
{
public:
    listener(const asio::any_io_executor& executor, server_options options, request_handler handle)
        : tls_(make_tls_context(options)), acceptor_(make_acceptor(executor, options)),
          local_(acceptor_.local_endpoint()), helpers_(executor),
          shared_(std::make_shared<shared_state>(executor, std::move(options), std::move(handle)))
    {
    }
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener() override { shared_->sessions.cancel_all(); }

    std::uint16_t port() const override { return local_.port(); }

    std::string url() const override
    {
        auto address = local_.address();
        if (address.is_unspecified() && address.is_v4())
            address = asio::ip::address_v4::loopback();
        else if (address.is_unspecified())
            address = asio::ip::address_v6::loopback();
        const auto host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
        return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port());
    }

    std::size_t connections() const override { return shared_->connections.size(); }
    connection_figures figures() const override { return shared_->figures; }

    asio::awaitable<void> run() override
    {
        helpers_.spawn(
            "http sweep", sweep_for_ever(shared_, sweep_interval(shared_->options.limits)));
        co_await accept_until_stopped();
        co_await shared_->sessions.join();
        helpers_.cancel_all();
        co_await helpers_.join();
    }

    void stop(std::chrono::milliseconds grace) override
    {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        const auto now = steady_clock::now();
        shared_->stop_at =
            shared_->stop_at ? std::min(*shared_->stop_at, now + grace) : now + grace;
        for (connection* const each : shared_->connections)
            if (each->at == phase::waiting || each->at == phase::streaming)
                shared_->cut(*each);
        shared_->sweep(now);
    }

private:
    asio::awaitable<void> accept_until_stopped()
    {
        bool is_short = false; // logged once per shortage
        while (!shared_->stop_at) {
            auto [error, socket] = co_await acceptor_.async_accept(use_tuple);
            if (shared_->stop_at)
                co_return;
            if (!error) {
                is_short = false;
                admit(std::move(socket));
            } else if (is_shortage(error)) {
                if (!is_short)
                    log::error("accepting paused", {{"reason", error.message()}});
                is_short = true;
                shared_->evict_one();
                co_await sleep_for(accept_pause);
            }
        }
    }

    void admit(tcp::socket socket)
    {
        const auto& bounds = shared_->options.limits;
        boost::system::error_code error;
        const auto peer = socket.remote_endpoint(error);
        if (error) // gone already
            return;
        const auto known = shared_->connections_of.find(connection::key_of(peer.address()));
        const bool too_many = known != shared_->connections_of.end() &&
                              known->second >= bounds.connections_per_address;
        if (too_many ||
            (shared_->connections.size() >= bounds.connections && !shared_->evict_one())) {
            ++shared_->figures.refused;
            return; // closes it
        }
        ++shared_->figures.accepted;
        socket.set_option(tcp::no_delay(true), error);

        auto who = std::make_shared<connection>(shared_, peer.address());
        auto task =
            tls_ ? serve_tls(who, std::move(socket), tls_) : serve_plain(who, std::move(socket));
        who->task = shared_->sessions.spawn("http session", std::move(task));
    }

    std::shared_ptr<asio::ssl::context> tls_;
    tcp::acceptor acceptor_;
    tcp::endpoint local_;
    task_group helpers_;
    std::shared_ptr<shared_state> shared_;
};

} // namespace

std::unique_ptr<server>
make_server(const asio::any_io_executor& executor, server_options options, request_handler handle)
{
    return std::make_unique<listener>(executor, std::move(options), std::move(handle));
}

} // namespace motcua::http
