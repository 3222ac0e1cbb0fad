#include "load.hpp"

#include "ledger.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace motcua::load {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t answer_limit = 8192;
constexpr std::size_t backlog_limit = 1'000'000; // events that are due and not sent
constexpr std::chrono::milliseconds reconnect_pause{50};
constexpr unsigned unavailable = 503;

struct job
{
    delivery what;
    steady_clock::time_point due;
};

class generator;

// One connection that stays open: a request, its answer, the next.
class lane
{
public:
    lane(generator& of, asio::io_context& io, std::size_t number);

    void open();
    bool is_free() const { return open_ && !busy_; }
    void send(job one);
    void shut();

private:
    void read();
    void on_bytes(std::size_t count);
    void failed();
    void open_later();

    generator& of_;
    tcp::socket socket_;
    asio::steady_timer pause_;
    std::size_t number_;
    bool open_ = false;
    bool busy_ = false;
    bool shut_ = false;
    job under_way_;
    std::string request_;
    std::string answer_;
    std::size_t filled_ = 0;
};

class generator
{
public:
    explicit generator(const options& how)
        : how_(how), source_(how.as, how.shares, how.citizens, how.seed), clock_(io_)
    {
        if (!how.ledger.empty())
            ledger_ = std::make_unique<ledger>(how.ledger);
        for (std::size_t i = 0; i < how.connections; ++i)
            lanes_.push_back(std::make_unique<lane>(*this, io_, i));
    }

    report run()
    {
        begun_ = steady_clock::now();
        for (const auto& one : lanes_)
            one->open();
        tick();
        io_.run();
        const auto end = under_way_ == 0 ? last_answer_ : steady_clock::now();
        out_.elapsed = end - begun_;
        out_.unfinished = backlog_.size() + later_.size() + under_way_;
        return std::move(out_);
    }

    void free(lane& one)
    {
        if (auto next = take()) {
            ++under_way_;
            one.send(std::move(*next));
        } else {
            idle_.push_back(&one);
            end_if_done();
        }
    }

    void answered(job one, unsigned status, bool says_when)
    {
        --under_way_;
        last_answer_ = steady_clock::now();
        ++out_.by_status[status];
        if (status == unavailable && !says_when)
            ++out_.without_retry_after;
        const bool forged = one.what.kind == event_kind::forged;
        if (status == 200) {
            ++out_.acknowledged;
            out_.took.record(last_answer_ - one.due);
            if (forged)
                ++out_.forged_accepted;
            else if (ledger_)
                ledger_->add(one.what.timestamp_ms, one.what.key);
            if (!forged)
                source_.acknowledged(one.what);
        } else if (status == unavailable && how_.retry_after) {
            later_.emplace(last_answer_ + *how_.retry_after, std::move(one));
        }
    }

    void cut(job one)
    {
        --under_way_;
        ++out_.cut;
        if (how_.retry_after)
            later_.emplace(steady_clock::now() + *how_.retry_after, std::move(one));
    }

    const options& how() const { return how_; }
    bool is_over() const { return over_; }

private:
    bool makes_more() const
    {
        return !time_is_over_ && (how_.events == 0 || out_.made < how_.events);
    }

    job make(steady_clock::time_point due)
    {
        ++out_.made;
        return {source_.next(), due};
    }

    std::optional<job> take()
    {
        if (!backlog_.empty()) {
            auto first = std::move(backlog_.front());
            backlog_.pop_front();
            return first;
        }
        if (how_.rate > 0 || !makes_more())
            return std::nullopt;
        return make(steady_clock::now());
    }

    // What is due by the clock: new events of the open loop, retries, the end.
    void tick()
    {
        const auto now = steady_clock::now();
        time_is_over_ = time_is_over_ || now - begun_ >= how_.duration;
        if (how_.rate > 0) {
            const std::chrono::duration<double> spent = now - begun_;
            const auto wanted = static_cast<std::uint64_t>(spent.count() * how_.rate);
            while (makes_more() && out_.made < wanted && backlog_.size() < backlog_limit) {
                const std::chrono::duration<double> at(
                    static_cast<double>(out_.made + 1) / how_.rate);
                backlog_.push_back(
                    make(begun_ + std::chrono::duration_cast<steady_clock::duration>(at)));
            }
        }
        while (!later_.empty() && later_.begin()->first <= now)
            backlog_.push_back(later_.extract(later_.begin()).mapped());
        while (!backlog_.empty() && !idle_.empty()) {
            auto* const one = idle_.back();
            idle_.pop_back();
            if (one->is_free())
                free(*one);
        }
        end_if_done();
        if (now - begun_ >= how_.duration + how_.drain)
            end();
        if (over_)
            return;
        clock_.expires_after(std::chrono::microseconds(500));
        clock_.async_wait([this](const error_code& stopped) {
            if (!stopped)
                tick();
        });
    }

    void end_if_done()
    {
        if (!makes_more() && backlog_.empty() && later_.empty() && under_way_ == 0)
            end();
    }

    void end()
    {
        if (std::exchange(over_, true))
            return;
        clock_.cancel();
        for (const auto& one : lanes_)
            one->shut();
    }

    const options& how_;
    report out_;
    event_source source_;
    asio::io_context io_{1};
    asio::steady_timer clock_;
    std::unique_ptr<ledger> ledger_;
    std::vector<std::unique_ptr<lane>> lanes_;
    std::vector<lane*> idle_;
    std::deque<job> backlog_;
    std::multimap<steady_clock::time_point, job> later_;
    std::size_t under_way_ = 0;
    steady_clock::time_point begun_;
    steady_clock::time_point last_answer_;
    bool time_is_over_ = false;
    bool over_ = false;
};

lane::lane(generator& of, asio::io_context& io, std::size_t number)
    : of_(of), socket_(io), pause_(io), number_(number), answer_(answer_limit, '\0')
{
}

void lane::open()
{
    const auto& how = of_.how();
    error_code error;
    socket_ = tcp::socket(socket_.get_executor());
    const tcp::endpoint server(asio::ip::make_address(how.address), how.port);
    socket_.open(server.protocol(), error);
    if (!error && how.source_addresses > 0) {
        const auto host = static_cast<std::uint32_t>(1 + number_ % how.source_addresses);
        socket_.bind({asio::ip::address_v4(0x7F000000U + host), 0}, error);
    }
    if (error)
        return open_later();
    socket_.async_connect(server, [this](const error_code& refused) {
        if (shut_)
            return;
        if (refused)
            return open_later();
        error_code ignored;
        socket_.set_option(tcp::no_delay(true), ignored);
        open_ = true;
        of_.free(*this);
    });
}

void lane::open_later()
{
    open_ = false;
    pause_.expires_after(reconnect_pause);
    pause_.async_wait([this](const error_code& stopped) {
        if (!stopped && !shut_)
            open();
    });
}

void lane::send(job one)
{
    busy_ = true;
    under_way_ = std::move(one);
    const auto& what = under_way_.what;
    request_ = "POST " + of_.how().path + " HTTP/1.1\r\nHost: " + of_.how().address +
               "\r\nContent-Type: application/json\r\nX-ZEvent-Signature: " + what.signature +
               "\r\nContent-Length: " + std::to_string(what.body.size()) + "\r\n\r\n" + what.body;
    filled_ = 0;
    asio::async_write(
        socket_, asio::buffer(request_), [this](const error_code& error, std::size_t) {
            if (error)
                failed();
            else
                read();
        });
}

void lane::read()
{
    socket_.async_read_some(
        asio::buffer(answer_.data() + filled_, answer_.size() - filled_),
        [this](const error_code& error, std::size_t count) {
            if (error || shut_)
                failed();
            else
                on_bytes(count);
        });
}

// The value of a field, whatever the case of its name; empty if absent.
std::string_view field(std::string_view header, std::string_view name)
{
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    const auto found = std::search(header.begin(), header.end(), name.begin(), name.end(), same);
    if (found == header.end())
        return {};
    auto rest = header.substr(static_cast<std::size_t>(found - header.begin()) + name.size());
    rest = rest.substr(0, rest.find('\r'));
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest;
}

void lane::on_bytes(std::size_t count)
{
    filled_ += count;
    const std::string_view so_far(answer_.data(), filled_);
    const auto end = so_far.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return filled_ == answer_.size() ? failed() : read();
    constexpr std::size_t status_at = 9; // behind "HTTP/1.1 "
    const auto header = so_far.substr(0, end + 2);
    unsigned status = 0;
    std::size_t length = 0;
    std::from_chars(header.data() + status_at, header.data() + header.size(), status);
    const auto size = field(header, "\ncontent-length:");
    std::from_chars(size.data(), size.data() + size.size(), length);
    if (filled_ < end + 4 + length)
        return filled_ == answer_.size() ? failed() : read();
    busy_ = false;
    of_.answered(std::move(under_way_), status, !field(header, "\nretry-after:").empty());
    if (field(header, "\nconnection:") == "close")
        return open_later();
    of_.free(*this);
}

void lane::failed()
{
    error_code ignored;
    socket_.close(ignored);
    if (std::exchange(busy_, false) && !of_.is_over())
        of_.cut(std::move(under_way_));
    if (!shut_)
        open_later();
}

void lane::shut()
{
    shut_ = true;
    open_ = false;
    error_code ignored;
    socket_.close(ignored);
    pause_.cancel();
}

} // namespace

report run(const options& how)
{
    return generator(how).run();
}

std::size_t raise_descriptor_limit()
{
    ::rlimit bound{};
    ::getrlimit(RLIMIT_NOFILE, &bound);
    bound.rlim_cur = bound.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &bound);
    return bound.rlim_cur;
}

} // namespace motcua::load
