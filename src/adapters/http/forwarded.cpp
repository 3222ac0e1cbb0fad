#include <boost/asio/ip/address.hpp>
#include <motcua/adapters/http/forwarded.hpp>

#include <algorithm>
#include <string_view>

namespace motcua::http {
namespace {

// In canonical form; empty if it is no address. A port and brackets are not taken: no proxy in use
// writes them.
std::string canonical(std::string_view written)
{
    const auto begin = std::min(written.find_first_not_of(" \t"), written.size());
    const auto end = written.find_last_not_of(" \t") + 1;
    if (end <= begin)
        return {};
    boost::system::error_code error;
    const auto address =
        asio::ip::make_address(std::string(written.substr(begin, end - begin)), error);
    return error ? std::string() : address.to_string();
}

} // namespace

std::string client_address(const request& asked, const std::vector<std::string>& trusted_proxies)
{
    const auto is_trusted = [&trusted_proxies](const std::string& address) {
        return std::ranges::any_of(
            trusted_proxies, [&](const std::string& one) { return canonical(one) == address; });
    };
    std::string hops;
    for (const auto& [name, value] : asked.fields)
        if (name == "x-forwarded-for")
            hops += ',' + value;
    auto nearest = asked.peer;
    std::string_view rest = hops;
    while (is_trusted(canonical(nearest)) && !rest.empty()) {
        const auto comma = rest.rfind(',');
        auto before = canonical(rest.substr(comma + 1));
        if (before.empty())
            break;
        nearest = std::move(before);
        rest = rest.substr(0, comma);
    }
    return nearest;
}

} // namespace motcua::http
