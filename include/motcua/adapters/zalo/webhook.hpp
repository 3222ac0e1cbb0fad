#pragma once

#include <motcua/core/dialogue/inbound.hpp>
#include <motcua/core/error.hpp>

#include <string>
#include <string_view>

// What the platform posts to us (zalo-oa-protocol section 1).
namespace motcua::zalo {

// "mac=" + lower-case hex of SHA-256(app_id + body + timestamp + secret) (zalo-oa-protocol 1.4).
std::string sign(
    std::string_view app_id,
    std::string_view body,
    std::string_view timestamp,
    std::string_view secret);

// True if the header value (mac=, "mac = " or bare hex, any case) is the signature of exactly these
// bytes. Constant time in the signature. False for an empty secret.
bool verify(
    std::string_view header,
    std::string_view app_id,
    std::string_view body,
    std::string_view timestamp,
    std::string_view secret);

// The unsigned `{}` the console posts when the URL is saved or tested (zalo-oa-protocol 1.6);
// blanks around are allowed.
bool is_setup_probe(std::string_view body);

// Decodes a body. Bounded while parsing: depth 32, 1,000 keys, numbers of 64 digits, no NUL, no
// repeated key, valid UTF-8 (reliability.md section 5); text becomes NFC. errc::malformed_event
// otherwise, or if it is no object, or has no event_name or no timestamp. An event name never heard
// of is decoded as event_kind::unknown. Untrusted until verified: app_id and timestamp are needed
// for that.
result<dialogue::inbound_event> decode_event(std::string_view body);

} // namespace motcua::zalo
