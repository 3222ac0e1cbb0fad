#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// UTF-8 and Unicode basics for Vietnamese. All functions are total: they accept any bytes.
namespace motcua::text {

// The text in NFC. Each invalid byte sequence becomes U+FFFD; NUL and other C0 controls except tab
// and newline, and zero-width characters (U+200B..U+200D, U+2060, U+FEFF) are dropped, and so are
// marks beyond thirty on one letter (stream-safe text, Unicode Annex 15), which keeps this linear.
std::string to_nfc(std::string_view raw);

// True if the bytes are valid UTF-8 in NFC.
bool is_nfc(std::string_view bytes);

// Lower case of valid UTF-8 (Unicode simple mapping), marks kept.
std::string lower(std::string_view nfc);

// Lower case without marks: "Đăng ký" -> "dang ky". Idempotent. `đ` has no decomposition and is
// mapped by hand.
std::string fold(std::string_view nfc);

// Number of code points. Invalid bytes count one each.
std::size_t code_points(std::string_view utf8);

// The longest prefix of at most `limit` code points that does not cut a base letter from its
// combining marks.
std::string_view prefix(std::string_view utf8, std::size_t limit);

} // namespace motcua::text
