#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <motcua/adapters/http/server.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace motcua::http {

// Fills a request from bytes the guard has passed. Stricter than Beast: chunk extensions and
// trailers are errors, since we use neither and both have been used to smuggle. header_done() comes
// before the body, so nothing behind the header can change a field.
class message_parser final : public boost::beast::http::basic_parser<true>
{
public:
    message_parser(request& into, std::size_t body_bytes);

    bool is_http_1_1() const { return is_http_1_1_; } // after the header; otherwise HTTP/1.0

private:
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;

    void on_request_impl(
        boost::beast::http::verb verb,
        text method,
        text target,
        int version,
        error_code& error) override;
    void on_response_impl(int status, text reason, int version, error_code& error) override;
    void on_field_impl(
        boost::beast::http::field known, text name, text value, error_code& error) override;
    void on_header_impl(error_code& error) override;
    void
    on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
    std::size_t on_body_impl(text piece, error_code& error) override;
    void on_chunk_header_impl(std::uint64_t size, text extensions, error_code& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t remaining, text piece, error_code& error) override;
    void on_finish_impl(error_code& error) override;

    request& into_;
    bool is_http_1_1_ = false;
};

enum class body_use
{
    send,
    omit,        // answer to HEAD
    chunked,     // follows in chunks
    until_closed // follows, and ends with the connection: HTTP/1.0
};

enum class connection_after
{
    keep,
    close
};

// Appends the response as it goes over the wire, with a body if wanted and if the status allows
// one. `date` is an IMF-fixdate (RFC 9110, 5.6.7). Throws std::invalid_argument, with nothing
// appended, if a field would break the framing.
void append_response(
    std::string& out,
    const response& reply,
    body_use body,
    std::string_view date,
    connection_after after);

} // namespace motcua::http
