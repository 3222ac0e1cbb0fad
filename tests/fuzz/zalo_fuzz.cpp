#include <adapters/zalo/answer.hpp>
#include <adapters/zalo/error_table.hpp>
#include <fuzz/targets.hpp>
#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/core/text/unicode.hpp>

#include <string>

namespace motcua::fuzz {
namespace {

constexpr std::string_view app_id = "4120000000000000001";
constexpr std::string_view secret = "oa-secret-of-the-test";

bool is_plain(std::string_view id)
{
    return id.find_first_of(std::string_view("\0\n\r\x7F", 4)) == std::string_view::npos;
}

} // namespace

// The first line is the header of the signature, the rest the body.
void event(std::string_view bytes)
{
    const auto line = bytes.find('\n');
    const auto header = bytes.substr(0, line);
    const auto body = line == std::string_view::npos ? std::string_view() : bytes.substr(line + 1);
    static_cast<void>(zalo::is_setup_probe(body));
    const auto decoded = zalo::decode_event(body);
    if (!decoded)
        return;
    expect(text::is_nfc(decoded->text));
    expect(is_plain(decoded->user_id) && is_plain(decoded->message_id));
    const auto right = zalo::sign(app_id, body, decoded->timestamp, secret);
    const bool verified = zalo::verify(header, app_id, body, decoded->timestamp, secret);
    expect(
        !verified || header.find(right.substr(4)) != std::string_view::npos || header.size() >= 64);
    expect(!zalo::verify(right, app_id, body, decoded->timestamp, ""));
    if (!zalo::verify(right, app_id, body, decoded->timestamp, secret))
        return; // bytes that leave two ways to read them are refused
    auto other = std::string(body);
    other[other.size() / 2] = static_cast<char>(other[other.size() / 2] ^ 1);
    expect(!zalo::verify(right, app_id, other, decoded->timestamp, secret));
}

// The first byte is the status, roughly; the rest the body.
void answer(std::string_view bytes)
{
    if (bytes.empty())
        return;
    zalo::http_answer from;
    from.end = zalo::http_answer::kind::answered;
    from.status = 100U + 2U * static_cast<unsigned char>(bytes.front());
    from.body = bytes.substr(1);
    static const auto errors = zalo::error_table();
    const auto meaning = zalo::meaning_of(from, errors);
    for (const auto& one : zalo::remembered_in(meaning.data))
        static_cast<void>(one);
    const auto tokens = zalo::parse_token_answer(from.status, from.body);
    if (tokens.end == zalo::token_answer::kind::renewed)
        expect(!tokens.access_token.empty() && !tokens.refresh_token.empty());
    if (const auto value = zalo::parse_bounded(from.body))
        expect(zalo::parse_bounded(value->dump()).has_value());
}

} // namespace motcua::fuzz
