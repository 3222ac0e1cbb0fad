#include <gtest/gtest.h>
#include <motcua/adapters/http/server.hpp>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::http {
namespace {

using namespace std::string_literals;

const std::vector<std::string> single_fields{"x-zevent-signature"};

struct guard_case
{
    std::string name;
    std::string raw;
    unsigned status = 400; // 0 = passes
};

std::ostream& operator<<(std::ostream& out, const guard_case& shown)
{
    return out << shown.name;
}

std::string name_of(const testing::TestParamInfo<guard_case>& info)
{
    return info.param.name;
}

// A good request with further lines.
std::string get_with(std::string_view lines)
{
    return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n";
}

std::string line(std::string_view request_line)
{
    return std::string(request_line) + "\r\nHost: a\r\n\r\n";
}

std::string host(std::string_view value)
{
    return "GET / HTTP/1.1\r\nHost:" + std::string(value) + "\r\n\r\n";
}

std::string fields(std::size_t count)
{
    std::string lines;
    for (std::size_t i = 1; i < count; ++i) // Host is one
        lines += "X-" + std::to_string(i) + ": 1\r\n";
    return get_with(lines);
}

std::string of_size(std::size_t bytes)
{
    const std::string empty = get_with("X: \r\n");
    return get_with("X: " + std::string(bytes - empty.size(), 'x') + "\r\n");
}

class Guard : public testing::TestWithParam<guard_case>
{
};

TEST_P(Guard, RefusesOrPasses)
{
    const auto refused = guard_header(GetParam().raw, limits(), single_fields);
    EXPECT_EQ(refused ? refused->status : 0U, GetParam().status)
        << (refused ? refused->reason : "passed");
    if (refused) {
        EXPECT_FALSE(refused->reason.empty());
    }
}

INSTANTIATE_TEST_SUITE_P(
    RequestLine,
    Guard,
    testing::Values(
        guard_case{"nothing", ""},
        guard_case{"only_the_end", "\r\n\r\n"},
        guard_case{"no_end", "GET / HTTP/1.1\r\nHost: a\r\n"},
        guard_case{"line_feeds_only", "GET / HTTP/1.1\nHost: a\n\n"},
        guard_case{"empty_line_first", "\r\n" + get_with("")},
        guard_case{"two_ends", get_with("") + "\r\n\r\n"},
        guard_case{"no_target", line("GET HTTP/1.1")},
        guard_case{"no_version", line("GET /")},
        guard_case{"blank_first", line(" GET / HTTP/1.1")},
        guard_case{"empty_method", line(" / HTTP/1.1")},
        guard_case{"method_with_control", line("GE\x01T / HTTP/1.1")},
        guard_case{"method_with_colon", line("GET: / HTTP/1.1")},
        guard_case{"method_beyond_ascii", line("G\xC3\x89T / HTTP/1.1")},
        guard_case{"two_blanks_before_target", line("GET  / HTTP/1.1")},
        guard_case{"two_blanks_behind_target", line("GET /  HTTP/1.1")},
        guard_case{"tab_as_blank", line("GET\t/\tHTTP/1.1")},
        guard_case{"blank_at_end", line("GET / HTTP/1.1 ")},
        guard_case{"blank_in_target", line("GET /a b HTTP/1.1")},
        guard_case{"tab_in_target", line("GET /a\tb HTTP/1.1")},
        guard_case{"nul_in_target", line("GET /a\0b HTTP/1.1"s)},
        guard_case{"delete_in_target", line("GET /a\x7F HTTP/1.1")},
        guard_case{"beyond_ascii_in_target", line("GET /th\xE1\xBB\xA7 HTTP/1.1")},
        guard_case{"fragment_in_target", line("GET /#top HTTP/1.1")},
        guard_case{"bare_cr_in_target", line("GET /a\rb HTTP/1.1")},
        guard_case{"bare_lf_in_target", line("GET /a\nb HTTP/1.1")},
        guard_case{"absolute_target", line("GET http://a/ HTTP/1.1")},
        guard_case{"absolute_target_with_blank", line("GET http://a/ b HTTP/1.1")},
        guard_case{"authority_target", line("CONNECT a:443 HTTP/1.1")},
        guard_case{"asterisk_target", line("OPTIONS * HTTP/1.1")},
        guard_case{"relative_target", line("GET index.html HTTP/1.1")},
        guard_case{"lower_case_version", line("GET / http/1.1")},
        guard_case{"other_protocol", line("GET / HTTQ/1.1")},
        guard_case{"long_version", line("GET / HTTP/1.10")},
        guard_case{"short_version", line("GET / HTTP/1")},
        guard_case{"signed_version", line("GET / HTTP/+1.1")},
        guard_case{"version_0_9", line("GET / HTTP/0.9"), 505},
        guard_case{"version_1_2", line("GET / HTTP/1.2"), 505},
        guard_case{"version_2_0", line("GET / HTTP/2.0"), 505},
        guard_case{"http_2_preface", "PRI * HTTP/2.0\r\n\r\n", 505}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Fields,
    Guard,
    testing::Values(
        guard_case{"bare_cr_in_value", get_with("X: a\rb\r\n")},
        guard_case{"bare_lf_in_value", get_with("X: a\nb\r\n")},
        guard_case{"bare_lf_as_line_end", get_with("X: a\nY: b\r\n")},
        guard_case{"cr_before_line_end", get_with("X: a\r\r\n")},
        guard_case{"folded_by_blank", get_with("X: a\r\n b\r\n")},
        guard_case{"folded_by_tab", get_with("X: a\r\n\tb\r\n")},
        guard_case{"blank_before_first_field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
        guard_case{"blank_before_colon", get_with("X : a\r\n")},
        guard_case{"tab_before_colon", get_with("X\t: a\r\n")},
        guard_case{"blank_in_name", get_with("X Y: a\r\n")},
        guard_case{"no_colon", get_with("X\r\n")},
        guard_case{"empty_name", get_with(": a\r\n")},
        guard_case{"nul_in_name", get_with("X\0Y: a\r\n"s)},
        guard_case{"bracket_in_name", get_with("X[Y]: a\r\n")},
        guard_case{"latin_1_in_name", get_with("X\xE9: a\r\n")},
        guard_case{"utf_8_in_name", get_with("X\xC3\xA9: a\r\n")},
        guard_case{"delete_in_name", get_with("X\x7F: a\r\n")},
        guard_case{"nul_in_value", get_with("X: a\0b\r\n"s)},
        guard_case{"vertical_tab_in_value", get_with("X: a\vb\r\n")},
        guard_case{"form_feed_in_value", get_with("X: a\fb\r\n")},
        guard_case{"escape_in_value", get_with("X: \x1b[2J\r\n")},
        guard_case{"delete_in_value", get_with("X: \x7F\r\n")},
        guard_case{
            "signature_twice",
            get_with("X-ZEvent-Signature: mac=1\r\nX-ZEvent-Signature: mac=1\r\n")},
        guard_case{
            "signature_twice_in_other_case",
            get_with("X-ZEvent-Signature: mac=1\r\nA: b\r\nx-zevent-SIGNATURE: mac=2\r\n")},
        guard_case{"65_fields", fields(65), 431},
        guard_case{"8193_bytes", of_size(8193), 431}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Host,
    Guard,
    testing::Values(
        guard_case{"missing", "GET / HTTP/1.1\r\n\r\n"},
        guard_case{"missing_among_others", "GET / HTTP/1.1\r\nX: a\r\n\r\n"},
        guard_case{"repeated", get_with("Host: a\r\n")},
        guard_case{"repeated_in_other_case", get_with("hOST: b\r\n")},
        guard_case{"repeated_in_1_0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"},
        guard_case{"empty", host("")},
        guard_case{"only_blanks", host(" \t ")},
        guard_case{"list", host(" a, b")},
        guard_case{"with_blank", host(" a b")},
        guard_case{"with_path", host(" a/b")},
        guard_case{"with_user", host(" me@a")},
        guard_case{"with_angle", host(" <a>")}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Framing,
    Guard,
    testing::Values(
        guard_case{"length_twice_equal", get_with("Content-Length: 1\r\nContent-Length: 1\r\n")},
        guard_case{"length_twice_other", get_with("Content-Length: 1\r\ncontent-length: 2\r\n")},
        guard_case{"length_list", get_with("Content-Length: 1, 1\r\n")},
        guard_case{"length_empty", get_with("Content-Length:\r\n")},
        guard_case{"length_plus", get_with("Content-Length: +1\r\n")},
        guard_case{"length_minus", get_with("Content-Length: -1\r\n")},
        guard_case{"length_hex", get_with("Content-Length: 0x1\r\n")},
        guard_case{"length_decimal", get_with("Content-Length: 1.0\r\n")},
        guard_case{"length_letters", get_with("Content-Length: one\r\n")},
        guard_case{"length_inner_blank", get_with("Content-Length: 1 1\r\n")},
        guard_case{"length_quoted", get_with("Content-Length: \"1\"\r\n")},
        guard_case{"length_wide_digits", get_with("Content-Length: \xEF\xBC\x91\r\n")},
        guard_case{"length_overlong", get_with("Content-Length: 18446744073709551617\r\n")},
        guard_case{"length_19_zeros", get_with("Content-Length: 0000000000000000001\r\n")},
        guard_case{
            "length_then_chunked", get_with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")},
        guard_case{
            "chunked_then_length", get_with("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n")},
        guard_case{
            "chunked_twice",
            get_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
        guard_case{
            "chunked_then_identity",
            get_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")},
        guard_case{"coding_list", get_with("Transfer-Encoding: gzip, chunked\r\n")},
        guard_case{"coding_list_reversed", get_with("Transfer-Encoding: chunked, gzip\r\n")},
        guard_case{
            "coding_chunked_twice_in_list", get_with("Transfer-Encoding: chunked, chunked\r\n")},
        guard_case{"coding_identity", get_with("Transfer-Encoding: identity\r\n")},
        guard_case{"coding_gzip", get_with("Transfer-Encoding: gzip\r\n")},
        guard_case{"coding_empty", get_with("Transfer-Encoding:\r\n")},
        guard_case{"coding_prefixed", get_with("Transfer-Encoding: xchunked\r\n")},
        guard_case{"coding_quoted", get_with("Transfer-Encoding: \"chunked\"\r\n")},
        guard_case{"coding_with_comma", get_with("Transfer-Encoding: ,chunked\r\n")},
        guard_case{"coding_with_parameter", get_with("Transfer-Encoding: chunked;q=1\r\n")},
        guard_case{"coding_with_vertical_tab", get_with("Transfer-Encoding: \vchunked\r\n")},
        guard_case{"coding_folded", get_with("Transfer-Encoding:\r\n chunked\r\n")},
        guard_case{"coding_with_blank_before_colon", get_with("Transfer-Encoding : chunked\r\n")},
        guard_case{
            "chunked_in_1_0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Passes,
    Guard,
    testing::Values(
        guard_case{"plain_get", get_with(""), 0},
        guard_case{"version_1_0_without_host", "GET / HTTP/1.0\r\n\r\n", 0},
        guard_case{"version_1_0_with_length", "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n", 0},
        guard_case{"query", line("GET /q?a=b&c=%20d HTTP/1.1"), 0},
        guard_case{"double_slash", line("GET //a HTTP/1.1"), 0},
        guard_case{"unknown_method", line("BREW /pot HTTP/1.1"), 0},
        guard_case{"host_with_port", host(" motcua.example.vn:8080"), 0},
        guard_case{"host_without_blank", host("a"), 0},
        guard_case{"host_of_ipv6", host(" [::1]:80"), 0},
        guard_case{"length", get_with("Content-Length: 12\r\n"), 0},
        guard_case{"length_zero", get_with("Content-Length: 0\r\n"), 0},
        guard_case{"length_amid_blanks", get_with("Content-Length: \t 12 \t\r\n"), 0},
        guard_case{"chunked", get_with("Transfer-Encoding: chunked\r\n"), 0},
        guard_case{"chunked_in_other_case", get_with("TRANSFER-ENCODING: Chunked\r\n"), 0},
        guard_case{"empty_value", get_with("X:\r\n"), 0},
        guard_case{"tab_in_value", get_with("X: a\tb\r\n"), 0},
        guard_case{"colon_in_value", get_with("X: a:b\r\n"), 0},
        guard_case{
            "utf_8_in_value",
            get_with("X: th\xE1\xBB\xA7 t\xE1\xBB\xA5"
                     "c\r\n"),
            0},
        guard_case{"every_token_character", get_with("!#$%&'*+-.^_`|~09azAZ: a\r\n"), 0},
        guard_case{"other_field_twice", get_with("Accept: a\r\nAccept: b\r\n"), 0},
        guard_case{"one_signature", get_with("X-ZEvent-Signature: mac=1\r\n"), 0},
        guard_case{"64_fields", fields(64), 0},
        guard_case{"8192_bytes", of_size(8192), 0}),
    name_of);

// Whatever single byte is put wherever, the guard never passes a header in which a line, a name or
// the framing could be read in two ways.
TEST(GuardProperty, NoControlBytePassesAnywhere)
{
    const std::string good = get_with("Content-Length: 5\r\nX-Any: some value\r\n");
    ASSERT_FALSE(guard_header(good, limits(), {}));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int byte = 0; byte < 0x21; ++byte) {
            if (byte == '\t' || byte == ' ')
                continue;
            std::string broken = good;
            broken[at] = static_cast<char>(byte);
            if (broken != good) {
                EXPECT_TRUE(guard_header(broken, limits(), {})) << "byte " << byte << " at " << at;
            }
        }
    }
}

TEST(GuardProperty, NoPrefixPasses)
{
    const std::string good = get_with("Content-Length: 5\r\nX-Any: some value\r\n");
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_TRUE(guard_header(good.substr(0, size), limits(), {})) << size;
}

} // namespace
} // namespace motcua::http
