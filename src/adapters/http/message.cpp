#include "message.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace motcua::http {

namespace beast_http = boost::beast::http;

std::string_view request::path() const
{
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view request::query() const
{
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view()
                                     : std::string_view(target).substr(mark + 1);
}

std::string_view request::field(std::string_view name) const
{
    const auto found = std::find_if(
        fields.begin(), fields.end(), [name](const auto& entry) { return entry.first == name; });
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

message_parser::message_parser(request& into, std::size_t body_bytes) : into_(into)
{
    body_limit(body_bytes);
    header_limit(std::numeric_limits<std::uint32_t>::max()); // the guard has its own
    eager(false);
}

void message_parser::on_request_impl(
    beast_http::verb, text method, text target, int version, error_code& error)
{
    into_.method.assign(method.data(), method.size());
    into_.target.assign(target.data(), target.size());
    is_http_1_1_ = version == 11;
    error = {};
}

void message_parser::on_response_impl(int, text, int, error_code& error)
{
    error = beast_http::error::bad_version; // never: this parser reads requests
}

void message_parser::on_field_impl(beast_http::field, text name, text value, error_code& error)
{
    if (is_header_done()) { // a trailer
        error = beast_http::error::bad_field;
        return;
    }
    auto& [lower_name, kept_value] = into_.fields.emplace_back();
    lower_name.assign(name.data(), name.size());
    for (char& character : lower_name)
        if (character >= 'A' && character <= 'Z')
            character = static_cast<char>(character - 'A' + 'a');
    kept_value.assign(value.data(), value.size());
    error = {};
}

void message_parser::on_header_impl(error_code& error)
{
    error = {};
}

void message_parser::on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& error)
{
    error = {}; // nothing reserved: a length is only a promise
}

std::size_t message_parser::on_body_impl(text piece, error_code& error)
{
    into_.body.append(piece.data(), piece.size());
    error = {};
    return piece.size();
}

void message_parser::on_chunk_header_impl(std::uint64_t, text extensions, error_code& error)
{
    error = {};
    if (!extensions.empty())
        error = beast_http::error::bad_chunk_extension;
}

std::size_t message_parser::on_chunk_body_impl(std::uint64_t, text piece, error_code& error)
{
    return on_body_impl(piece, error);
}

void message_parser::on_finish_impl(error_code& error)
{
    error = {};
}

namespace {

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

void require_harmless(std::string_view text)
{
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7F)
            throw std::invalid_argument("response field with a control byte");
    }
}

} // namespace

void append_response(
    std::string& out,
    const response& reply,
    body_use body,
    std::string_view date,
    connection_after after)
{
    require_harmless(reply.content_type);
    for (const auto& [name, value] : reply.fields) {
        require_harmless(name);
        require_harmless(value);
    }
    const bool may_have_body = reply.status >= 200 && reply.status != 204 && reply.status != 304;

    const auto reason = beast_http::obsolete_reason(beast_http::int_to_status(reply.status));
    out += "HTTP/1.1 ";
    out += std::to_string(reply.status);
    out += ' ';
    out.append(reason.data(), reason.size());
    out += "\r\n";
    append_field(out, "Date", date);
    if (may_have_body) {
        append_field(out, "Content-Type", reply.content_type);
        if (body == body_use::chunked)
            append_field(out, "Transfer-Encoding", "chunked");
        else if (!reply.stream)
            append_field(out, "Content-Length", std::to_string(reply.body.size()));
    }
    append_field(out, "X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : reply.fields)
        append_field(out, name, value);
    append_field(out, "Connection", after == connection_after::keep ? "keep-alive" : "close");
    out += "\r\n";
    if (may_have_body && body == body_use::send)
        out += reply.body;
}

} // namespace motcua::http
