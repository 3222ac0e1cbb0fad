#include <boost/asio/ip/address.hpp>
#include <motcua/adapters/http/trusted_proxies.hpp>

#include <algorithm>
#include <utility>

namespace motcua::http {
namespace {

// What is before the last entry, the client may have made up. Empty if it is no address.
std::string client_of(const request& asked)
{
    auto named = asked.field("x-forwarded-for");
    if (const auto comma = named.rfind(','); comma != std::string_view::npos)
        named.remove_prefix(comma + 1);
    while (named.starts_with(' '))
        named.remove_prefix(1);
    boost::system::error_code error;
    const auto client = asio::ip::make_address(std::string(named), error);
    return error ? std::string{} : client.to_string();
}

} // namespace

request_handler behind_proxies(std::vector<std::string> trusted, request_handler handler)
{
    if (trusted.empty())
        return handler;
    return [trusted = std::move(trusted), handler = std::move(handler)](request asked) {
        if (std::find(trusted.begin(), trusted.end(), asked.peer) != trusted.end())
            if (auto client = client_of(asked); !client.empty())
                asked.peer = std::move(client);
        return handler(std::move(asked));
    };
}

} // namespace motcua::http
