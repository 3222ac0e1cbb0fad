#include "secrets.hpp"

#include <fmt/format.h>
#include <motcua/adapters/staff_api/passwords.hpp>
#include <motcua/core/text/unicode.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <new>
#include <stdexcept>

namespace motcua::staff_api {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t shortest_key = 32;
constexpr std::string_view base32_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view base64url_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
// Nothing that is taken for something else.
constexpr std::string_view plain_letters = "abcdefghjkmnpqrstuvwxyz23456789a";
static_assert(plain_letters.size() == 32);
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

void start_libsodium()
{
    if (sodium_init() < 0)
        throw std::runtime_error("libsodium does not start");
}

// `bits` at a time from the left, each as one of the letters; the last padded with zeros.
std::string encoded(std::string_view bytes, unsigned bits, std::string_view letters)
{
    std::string out;
    unsigned held = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        held = (held << 8U) | static_cast<unsigned char>(c);
        count += 8;
        for (; count >= bits; count -= bits)
            out += letters[(held >> (count - bits)) & (letters.size() - 1)];
        held &= (1U << count) - 1;
    }
    if (count > 0)
        out += letters[(held << (bits - count)) & (letters.size() - 1)];
    return out;
}

class argon2id final : public password_hasher
{
public:
    explicit argon2id(hashing_cost cost)
        : passes_(cost == hashing_cost::usual ? 3 : crypto_pwhash_OPSLIMIT_MIN),
          bytes_(cost == hashing_cost::usual ? 32UL * 1024 * 1024 : crypto_pwhash_MEMLIMIT_MIN)
    {
        start_libsodium();
    }

    std::string hash(const std::string& password) override
    {
        std::array<char, crypto_pwhash_STRBYTES> out{};
        if (crypto_pwhash_str_alg(
                out.data(),
                password.data(),
                password.size(),
                passes_,
                bytes_,
                crypto_pwhash_ALG_ARGON2ID13) != 0)
            throw std::bad_alloc();
        return out.data();
    }

    bool matches(const std::string& hash, const std::string& password) override
    {
        return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
    }

private:
    unsigned long long passes_;
    std::size_t bytes_;
};

} // namespace

std::unique_ptr<password_hasher> make_password_hasher(hashing_cost cost)
{
    return std::make_unique<argon2id>(cost);
}

std::string objection_to_password(std::string_view password, std::string_view user_name)
{
    const auto length = text::code_points(password);
    if (length < shortest_password)
        return fmt::format("Mật khẩu cần ít nhất {} ký tự", shortest_password);
    if (length > longest_password)
        return fmt::format("Mật khẩu dài quá {} ký tự", longest_password);
    if (password.find_first_not_of(password.front()) == std::string_view::npos)
        return "Mật khẩu không được chỉ lặp lại một ký tự";
    if (!user_name.empty() && password.find(user_name) != std::string_view::npos)
        return "Mật khẩu không được chứa tên đăng nhập";
    return {};
}

std::string random_password()
{
    auto letters = encoded(random_bytes(10), 5, plain_letters);
    for (const std::size_t at : {12U, 8U, 4U})
        letters.insert(at, "-");
    return letters;
}

std::string random_id(std::string_view prefix)
{
    return std::string(prefix) + encoded(random_bytes(7), 5, plain_letters).substr(0, 10);
}

std::string random_bytes(std::size_t count)
{
    start_libsodium();
    std::string out(count, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

std::string sha256(std::string_view bytes)
{
    std::string out(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(bytes_of(out), bytes_of(bytes), bytes.size());
    return out;
}

std::string base64url(std::string_view bytes)
{
    return encoded(bytes, 6, base64url_letters);
}

std::string base32(std::string_view bytes)
{
    return encoded(bytes, 5, base32_letters);
}

secret_box::secret_box(std::string_view key)
{
    start_libsodium();
    if (key.size() < shortest_key)
        throw std::runtime_error("the key of the accounts is too short: 32 characters at least");
    constexpr std::string_view use = "motcua totp secrets 1";
    crypto_generichash(
        key_.data(), key_.size(), bytes_of(key), key.size(), bytes_of(use), use.size());
}

secret_box::~secret_box()
{
    sodium_memzero(key_.data(), key_.size());
}

std::string secret_box::seal(std::string_view owner, std::string_view secret) const
{
    auto box = random_bytes(nonce_bytes);
    box.resize(nonce_bytes + secret.size() + tag_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes_of(box) + nonce_bytes,
        nullptr,
        bytes_of(secret),
        secret.size(),
        bytes_of(owner),
        owner.size(),
        nullptr,
        bytes_of(box),
        key_.data());
    return box;
}

std::optional<std::string> secret_box::open(std::string_view owner, std::string_view box) const
{
    if (box.size() < nonce_bytes + tag_bytes)
        return std::nullopt;
    std::string secret(box.size() - nonce_bytes - tag_bytes, '\0');
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        bytes_of(secret),
        nullptr,
        nullptr,
        bytes_of(box) + nonce_bytes,
        box.size() - nonce_bytes,
        bytes_of(owner),
        owner.size(),
        bytes_of(box),
        key_.data());
    return failed == 0 ? std::optional(std::move(secret)) : std::nullopt;
}

std::int64_t totp_step(utc_time when)
{
    return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count() / 30;
}

std::string totp_code(std::string_view secret, std::int64_t step)
{
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[7 - i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (HMAC(
            EVP_sha1(),
            secret.data(),
            static_cast<int>(secret.size()),
            counter.data(),
            counter.size(),
            digest.data(),
            &size) == nullptr)
        throw std::runtime_error("HMAC failed");
    // RFC 4226, 5.3.
    const std::size_t at = digest[size - 1] & 15U;
    const auto number = (static_cast<std::uint32_t>(digest[at] & 127U) << 24U) |
                        (static_cast<std::uint32_t>(digest[at + 1]) << 16U) |
                        (static_cast<std::uint32_t>(digest[at + 2]) << 8U) | digest[at + 3];
    return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t>
match_totp(std::string_view secret, std::string_view code, utc_time now, std::int64_t used)
{
    std::optional<std::int64_t> found;
    const auto present = totp_step(now);
    // Used while the clock was ahead: nobody is locked out until that time comes.
    if (used > present + 1)
        used = 0;
    for (const auto step : {present - 1, present, present + 1}) {
        const auto right = totp_code(secret, step);
        const bool same =
            code.size() == right.size() && sodium_memcmp(code.data(), right.data(), 6) == 0;
        if (same && step > used)
            found = step;
    }
    return found;
}

} // namespace motcua::staff_api
