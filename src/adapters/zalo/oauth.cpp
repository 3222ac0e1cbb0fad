#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace motcua::zalo {
namespace {

using nlohmann::json;

constexpr std::size_t token_bytes = 4096;
constexpr std::size_t random_bytes = 32;
constexpr std::chrono::seconds longest_life{std::chrono::days(366)};

std::string base64url(const unsigned char* bytes, std::size_t count)
{
    constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_ENCODED_LEN(count, variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes, count, variant);
    text.pop_back(); // its NUL
    return text;
}

std::string token_of(const json& answer, std::string_view name)
{
    const auto& value = member(answer, name);
    if (!value.is_string() || !is_token(value.get_ref<const std::string&>()))
        return {};
    return value.get<std::string>();
}

// A string or a number (zalo-oa-protocol 3, fact 9). A good pair is not thrown away for a strange
// life.
std::chrono::seconds life_of(const json& answer)
{
    const auto number = integer(member(answer, "expires_in"));
    if (!number || *number <= 0 || *number > longest_life.count())
        return usual_token_life;
    return std::chrono::seconds(*number);
}

bool is_unreserved(char c) // RFC 3986, 2.3
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void append_escaped(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        if (text[i] == '+') {
            out += ' ';
        } else if (
            text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr ==
                text.data() + i + 3) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

bool is_token(std::string_view text)
{
    return !text.empty() && text.size() <= token_bytes &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; }) &&
           text != "undefined" && text != "null";
}

token_answer parse_token_answer(unsigned status, std::string_view body)
{
    using kind = token_answer::kind;
    token_answer out;
    out.reason = "http " + std::to_string(status);
    if (status < 200 || status >= 300) {
        // Behind a 5xx, or a 1xx that is none, the work may have been done.
        out.end = status >= 300 && status < 500 ? kind::refused : kind::unclear;
        return out;
    }
    const auto answer = parse_bounded(body);
    if (!answer || !answer->is_object()) {
        out.reason += ", not JSON";
        return out;
    }
    // Errors come with HTTP 200 too (zalo-oa-protocol 3.5). Their texts may repeat what was sent,
    // so only the number is kept.
    const auto& error = member(*answer, "error");
    const auto code = integer(error);
    if (!member(*answer, "error_name").is_null() || (!error.is_null() && code != 0)) {
        out.end = kind::refused;
        out.reason = "platform error";
        if (code)
            out.reason += " " + std::to_string(*code);
        return out;
    }
    out.access_token = token_of(*answer, "access_token");
    out.refresh_token = token_of(*answer, "refresh_token");
    if (out.access_token.empty() || out.refresh_token.empty()) {
        out.access_token.clear();
        out.refresh_token.clear();
        out.reason += ", without two tokens";
        return out;
    }
    out.end = kind::renewed;
    out.life = life_of(*answer);
    out.reason.clear();
    return out;
}

std::string form_body(const std::vector<std::pair<std::string_view, std::string_view>>& fields)
{
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty())
            out += '&';
        append_escaped(out, name);
        out += '=';
        append_escaped(out, value);
    }
    return out;
}

std::string form_value(std::string_view form, std::string_view name)
{
    while (!form.empty()) {
        const auto end = std::min(form.find('&'), form.size());
        const auto pair = form.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        if (unescaped(pair.substr(0, equals)) == name)
            return unescaped(pair.substr(std::min(equals + 1, pair.size())));
        form.remove_prefix(std::min(end + 1, form.size()));
    }
    return {};
}

std::string random_token()
{
    std::array<unsigned char, random_bytes> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return base64url(bytes.data(), bytes.size());
}

std::string code_challenge(std::string_view verifier)
{
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(
        digest.data(), reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size());
    return base64url(digest.data(), digest.size());
}

std::string consent_url(
    std::string_view oauth_base,
    std::string_view app_id,
    std::string_view callback_url,
    std::string_view challenge,
    std::string_view state)
{
    std::string url(oauth_base);
    while (url.ends_with('/'))
        url.pop_back();
    url += consent_path;
    url += '?';
    url += form_body(
        {{"app_id", app_id},
         {"redirect_uri", callback_url},
         {"code_challenge", challenge},
         {"state", state}});
    return url;
}

std::string token_hash(std::string_view token)
{
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(
        digest.data(), reinterpret_cast<const unsigned char*>(token.data()), token.size());
    return base64url(digest.data(), digest.size());
}

} // namespace motcua::zalo
