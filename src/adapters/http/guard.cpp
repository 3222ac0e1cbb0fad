#include <motcua/adapters/http/server.hpp>
#include <motcua/core/text/ascii.hpp>

#include <algorithm>

// Refuses on the raw bytes what Boost 1.81's Beast lets through (reliability.md 1.1). The grammar
// is RFC 9110 section 5 and RFC 9112 sections 2, 3, 5 and 6, always in its strictest reading: what
// two readers could understand differently is refused.
namespace motcua::http {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t longest_length_digits = 18; // fits std::uint64_t

bool is_letter(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

bool is_token_character(char character) // RFC 9110, 5.6.2
{
    return is_letter(character) || text::is_digit(character) ||
           std::string_view("!#$%&'*+-.^_`|~").find(character) != std::string_view::npos;
}

bool is_value_character(char character) // RFC 9110, 5.5: visible, blank, obs-text
{
    const auto byte = static_cast<unsigned char>(character);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
}

bool is_target_character(char character) // visible ASCII; a fragment is never sent
{
    return character > 0x20 && character < 0x7F && character != '#';
}

bool is_host_character(char character) // of RFC 3986 host and port; no list, no user information
{
    return is_letter(character) || text::is_digit(character) ||
           std::string_view("-._~%:[]").find(character) != std::string_view::npos;
}

bool all(std::string_view text, bool (*is_allowed)(char))
{
    return std::all_of(text.begin(), text.end(), is_allowed);
}

char lower(char character) // ASCII, whatever the locale
{
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
}

bool equal_ignoring_case(std::string_view left, std::string_view right)
{
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), same);
}

// Takes the text up to the next CRLF off the front. A CR or LF elsewhere stays in the line and is
// refused there as a control byte.
std::string_view take_line(std::string_view& rest)
{
    const auto end = rest.find(line_end);
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), line.size() + line_end.size()));
    return line;
}

std::optional<refusal> check_request_line(std::string_view line, bool& is_http_1_1)
{
    const auto method_end = line.find(' ');
    if (method_end == std::string_view::npos)
        return refusal{400, "request line without target"};
    const auto target_end = line.find(' ', method_end + 1);
    if (target_end == std::string_view::npos)
        return refusal{400, "request line without version"};
    const auto method = line.substr(0, method_end);
    const auto target = line.substr(method_end + 1, target_end - method_end - 1);
    const auto version = line.substr(target_end + 1);

    if (method.empty() || !all(method, is_token_character))
        return refusal{400, "malformed method"};
    const bool is_version = version.size() == 8 && version.starts_with("HTTP/") &&
                            text::is_digit(version[5]) && version[6] == '.' &&
                            text::is_digit(version[7]);
    if (!is_version)
        return refusal{400, "malformed version"};
    is_http_1_1 = version == "HTTP/1.1";
    if (!is_http_1_1 && version != "HTTP/1.0")
        return refusal{505, "version not supported"};
    if (!target.starts_with('/')) // we are no proxy: origin form only
        return refusal{400, "target is no path"};
    if (!all(target, is_target_character))
        return refusal{400, "malformed target"};
    return std::nullopt;
}

// What the fields together must not contradict.
struct seen_fields
{
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    std::size_t codings = 0;
};

std::optional<refusal> check_field(std::string_view name, std::string_view value, seen_fields& seen)
{
    if (equal_ignoring_case(name, "host")) {
        if (++seen.hosts > 1)
            return refusal{400, "repeated host"};
        if (value.empty() || !all(value, is_host_character))
            return refusal{400, "malformed host"};
    } else if (equal_ignoring_case(name, "content-length")) {
        if (++seen.lengths > 1)
            return refusal{400, "repeated content-length"};
        if (value.empty() || value.size() > longest_length_digits || !all(value, text::is_digit))
            return refusal{400, "malformed content-length"};
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
        if (++seen.codings > 1)
            return refusal{400, "repeated transfer-encoding"};
        if (!equal_ignoring_case(value, "chunked"))
            return refusal{400, "transfer coding other than chunked"};
    }
    return std::nullopt;
}

bool is_among(const std::vector<std::string>& names, std::string_view name)
{
    return std::any_of(names.begin(), names.end(), [name](const std::string& candidate) {
        return equal_ignoring_case(candidate, name);
    });
}

} // namespace

std::optional<refusal> guard_header(
    std::string_view raw, const limits& bounds, const std::vector<std::string>& single_fields)
{
    if (raw.size() > bounds.header_bytes)
        return refusal{431, "header too long"};
    if (!raw.ends_with("\r\n\r\n"))
        return refusal{400, "header without end"};

    auto rest = raw.substr(0, raw.size() - line_end.size()); // the empty line at the end
    bool is_http_1_1 = false;
    if (auto refused = check_request_line(take_line(rest), is_http_1_1))
        return refused;

    seen_fields seen;
    std::size_t count = 0;
    std::vector<std::string_view> seen_singles;
    while (!rest.empty()) {
        const auto line = take_line(rest);
        if (++count > bounds.header_fields)
            return refusal{431, "too many fields"};
        if (line.starts_with(' ') || line.starts_with('\t'))
            return refusal{400, "folded line"};
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            return refusal{400, "field without colon"};
        const auto name = line.substr(0, colon);
        const auto value = text::trimmed(line.substr(colon + 1), " \t");
        if (name.empty() || !all(name, is_token_character)) // also a blank before the colon
            return refusal{400, "malformed field name"};
        if (!all(value, is_value_character))
            return refusal{400, "control byte in field value"};
        if (auto refused = check_field(name, value, seen))
            return refused;
        if (is_among(single_fields, name)) {
            for (const auto earlier : seen_singles)
                if (equal_ignoring_case(earlier, name))
                    return refusal{400, "repeated field"};
            seen_singles.push_back(name);
        }
    }

    if (is_http_1_1 && seen.hosts == 0)
        return refusal{400, "missing host"};
    if (seen.codings > 0 && seen.lengths > 0)
        return refusal{400, "content-length beside transfer-encoding"};
    if (seen.codings > 0 && !is_http_1_1)
        return refusal{400, "transfer-encoding in HTTP/1.0"};
    return std::nullopt;
}

} // namespace motcua::http
