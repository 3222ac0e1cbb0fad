#pragma once

#include <motcua/core/time.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What the accounts need of cryptography.
namespace motcua::staff_api {

std::string random_bytes(std::size_t count);
std::string sha256(std::string_view bytes);
std::string base64url(std::string_view bytes);
// RFC 4648, without padding.
std::string base32(std::string_view bytes);

// Keeps small secrets in the database unreadable to who has only that: XChaCha20-Poly1305 with a
// key from outside. `owner` is bound to it: a box moved to another account does not open.
class secret_box
{
public:
    // Any text of 32 bytes or more. Throws std::runtime_error if it is shorter.
    explicit secret_box(std::string_view key);
    ~secret_box();
    secret_box(const secret_box&) = delete;
    secret_box& operator=(const secret_box&) = delete;

    std::string seal(std::string_view owner, std::string_view secret) const;
    std::optional<std::string> open(std::string_view owner, std::string_view box) const;

private:
    std::array<unsigned char, 32> key_{};
};

// RFC 6238 as all authenticators know it: SHA-1, 6 digits, 30 s.
inline constexpr std::size_t totp_secret_bytes = 20;
std::int64_t totp_step(utc_time when);
std::string totp_code(std::string_view secret, std::int64_t step);
// The step whose code it is, at most one beside the present one and later than `used`, unless that
// is in the future; each code is good once. Takes the same time whatever the code.
std::optional<std::int64_t>
match_totp(std::string_view secret, std::string_view code, utc_time now, std::int64_t used);

} // namespace motcua::staff_api
