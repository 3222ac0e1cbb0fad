#include <boost/url/parse.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/adapters/zalo/media.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <exception>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace motcua::zalo {
namespace {

using app::media_answer;
using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;

struct network_v4
{
    address_v4::bytes_type first;
    unsigned bits;
};

// Not globally reachable, or not of one host (IANA IPv4 special-purpose registry, RFC 6890).
constexpr std::array special_v4{
    network_v4{{0, 0, 0, 0}, 8},
    network_v4{{10, 0, 0, 0}, 8},
    network_v4{{100, 64, 0, 0}, 10},
    network_v4{{127, 0, 0, 0}, 8},
    network_v4{{169, 254, 0, 0}, 16},
    network_v4{{172, 16, 0, 0}, 12},
    network_v4{{192, 0, 0, 0}, 24},
    network_v4{{192, 0, 2, 0}, 24},
    network_v4{{192, 88, 99, 0}, 24},
    network_v4{{192, 168, 0, 0}, 16},
    network_v4{{198, 18, 0, 0}, 15},
    network_v4{{198, 51, 100, 0}, 24},
    network_v4{{203, 0, 113, 0}, 24},
    network_v4{{224, 0, 0, 0}, 3}}; // multicast, reserved, broadcast

struct network_v6
{
    std::array<unsigned char, 4> first;
    unsigned bits;
};

// Parts of 2000::/3 that are not (IANA IPv6 special-purpose registry): protocol assignments with
// Teredo, documentation, 6to4.
constexpr std::array special_v6{
    network_v6{{0x20, 0x01, 0x00, 0x00}, 23},
    network_v6{{0x20, 0x01, 0x0d, 0xb8}, 32},
    network_v6{{0x20, 0x02, 0x00, 0x00}, 16},
    network_v6{{0x3f, 0xff, 0x00, 0x00}, 20}};

template <class Bytes, class First>
bool lies_in(const Bytes& bytes, const First& first, unsigned bits)
{
    for (std::size_t i = 0; i < first.size() && bits > 0; ++i) {
        const unsigned here = std::min(bits, 8U);
        const auto mask = static_cast<unsigned char>(0xFF00U >> here);
        if ((bytes[i] & mask) != (first[i] & mask))
            return false;
        bits -= here;
    }
    return true;
}

bool is_public_v4(const address_v4& value)
{
    const auto bytes = value.to_bytes();
    return std::none_of(special_v4.begin(), special_v4.end(), [&bytes](const network_v4& one) {
        return lies_in(bytes, one.first, one.bits);
    });
}

bool is_public_v6(const address_v6& value)
{
    const auto bytes = value.to_bytes();
    if ((bytes[0] & 0xE0U) != 0x20U)
        return false; // global unicast is 2000::/3
    return std::none_of(special_v6.begin(), special_v6.end(), [&bytes](const network_v6& one) {
        return lies_in(bytes, one.first, one.bits);
    });
}

// Where a file lies: "https://photo.example" and "/a/b.jpg?t=1".
struct place
{
    std::string origin;
    std::string host; // lower case
    std::string target;
    bool insecure = false;
};

// Empty if it is no URL that may be fetched, whatever its host.
std::optional<place> place_of(const std::string& text, const std::string& insecure_origin)
{
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed)
        return std::nullopt;
    const auto& url = *parsed;
    place out;
    const std::string path(url.encoded_path());
    // Boost.URL 1.81 reads http://127.0.0.1.example as 127.0.0.1 with the path ".example".
    if (url.has_userinfo() || !path.starts_with('/') || url.host().empty())
        return std::nullopt;
    const std::string scheme(url.scheme());
    out.origin = scheme + "://" + std::string(url.encoded_host_and_port());
    out.target = path;
    if (url.has_query())
        out.target += "?" + std::string(url.encoded_query());
    out.host = std::string(url.host());
    std::transform(out.host.begin(), out.host.end(), out.host.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    out.insecure = !insecure_origin.empty() && out.origin == insecure_origin;
    const bool own_port = url.has_port() && url.port() != "443";
    if (!out.insecure && (scheme != "https" || own_port))
        return std::nullopt;
    return out;
}

// A name, and not an address: an address lies below no name.
bool is_listed(std::string_view host, const std::vector<std::string>& listed)
{
    return std::any_of(listed.begin(), listed.end(), [host](std::string_view name) {
        if (name.empty() || !host.ends_with(name))
            return false;
        const auto rest = host.substr(0, host.size() - name.size());
        return rest.empty() || rest.ends_with('.');
    });
}

media_answer refused(std::string reason)
{
    return {media_answer::kind::refused, {}, std::move(reason)};
}

class allow_listed_source final : public app::media_source
{
public:
    allow_listed_source(asio::any_io_executor executor, media_options options)
        : executor_(std::move(executor)), options_(std::move(options))
    {
        if (!options_.insecure_origin.empty())
            client_of({.origin = options_.insecure_origin, .insecure = true});
    }

    asio::awaitable<media_answer> fetch(std::string url) override
    {
        const auto where = place_of(url, options_.insecure_origin);
        if (!where)
            co_return refused("not an https link to a file");
        if (!where->insecure && !is_listed(where->host, options_.hosts))
            co_return media_answer{
                media_answer::kind::unlisted,
                {},
                "host not allowed: " + where->host.substr(0, host_shown)};
        std::shared_ptr<http_client> client;
        try {
            client = client_of(*where);
        } catch (const std::exception&) { // its words would show the URL
            co_return refused("not an https link to a file");
        }
        const auto answer = co_await client->get(where->target, {});
        co_return meaning(answer);
    }

private:
    static constexpr std::size_t clients_kept = 8; // hosts with connections kept open
    static constexpr std::size_t host_shown = 100;

    static media_answer meaning(const http_answer& answer)
    {
        media_answer out;
        if (answer.forbidden)
            return refused("the host's address is not public");
        if (answer.too_large)
            return refused("larger than allowed");
        out.reason = answer.reason;
        if (answer.end != http_answer::kind::answered)
            return out;
        if (answer.status >= 300 && answer.status < 400)
            return refused("redirected");
        out.reason = "http " + std::to_string(answer.status);
        if (answer.status != 200)
            return out;
        if (answer.body.empty()) {
            out.reason = "empty";
            return out;
        }
        return {media_answer::kind::fetched, answer.body, {}};
    }

    std::shared_ptr<http_client> client_of(const place& where)
    {
        if (const auto known = clients_.find(where.origin); known != clients_.end())
            return known->second;
        http_client_options options;
        options.base = where.origin;
        options.ca_file = options_.ca_file;
        options.connect_deadline = options_.connect_deadline;
        options.call_deadline = options_.call_deadline;
        options.idle_connections = 2;
        options.body_limit_bytes = options_.size_limit_bytes;
        if (!where.insecure)
            options.may_connect = options_.may_connect;
        std::shared_ptr<http_client> made = make_http_client(executor_, std::move(options));
        if (clients_.size() == clients_kept)
            clients_.erase(clients_.begin());
        clients_.emplace(where.origin, made);
        return made;
    }

    asio::any_io_executor executor_;
    media_options options_;
    std::map<std::string, std::shared_ptr<http_client>> clients_; // by origin
};

} // namespace

bool is_public_address(const address& value)
{
    return value.is_v4() ? is_public_v4(value.to_v4()) : is_public_v6(value.to_v6());
}

std::unique_ptr<app::media_source>
make_media_source(asio::any_io_executor executor, media_options options)
{
    return std::make_unique<allow_listed_source>(std::move(executor), std::move(options));
}

} // namespace motcua::zalo
