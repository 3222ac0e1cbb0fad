#include "links.hpp"

#include <algorithm>

namespace motcua::content {

bool is_https_link(std::string_view text)
{
    constexpr std::string_view scheme = "https://";
    const bool printable = std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < '\x7f' && c != '"' && c != '<' && c != '>' && c != '\\';
    });
    if (!printable || !text.starts_with(scheme))
        return false;
    const auto rest = text.substr(scheme.size());
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    const auto host = authority.substr(0, authority.find(':'));
    const auto port = authority.substr(std::min(host.size() + 1, authority.size()));
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (host.size() != authority.size() &&
        (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)))
        return false;
    const bool host_letters = std::all_of(host.begin(), host.end(), [is_digit](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' ||
               c == '-';
    });
    return host_letters && host.find('.') != std::string_view::npos && host.front() != '.' &&
           host.back() != '.' && host.find("..") == std::string_view::npos;
}

} // namespace motcua::content
