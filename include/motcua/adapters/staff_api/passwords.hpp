#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

// Passwords of staff, for the API and the command line.
namespace motcua::staff_api {

// Argon2id. Slow and hungry on purpose: off the I/O thread, few at once.
class password_hasher
{
public:
    virtual ~password_hasher() = default;
    // With parameters and salt, as text. Throws std::bad_alloc if the memory cannot be had.
    virtual std::string hash(const std::string& password) = 0;
    virtual bool matches(const std::string& hash, const std::string& password) = 0;
};

enum class hashing_cost : std::uint8_t
{
    usual, // 32 MiB, 3 passes: about 0.1 s
    least, // for tests
};
std::unique_ptr<password_hasher> make_password_hasher(hashing_cost cost);

inline constexpr std::size_t shortest_password = 12; // code points
inline constexpr std::size_t longest_password = 256;

// Why the password will not do, in Vietnamese; empty if it will.
std::string objection_to_password(std::string_view password, std::string_view user_name);

// To be read to somebody and typed once: 16 letters and digits in four groups, 80 random bits.
std::string random_password();
// 50 random bits behind a prefix: "s-k3x9…".
std::string random_id(std::string_view prefix);

} // namespace motcua::staff_api
