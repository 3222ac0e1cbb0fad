#include "pseudonym.hpp"

#include "mapped_file.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <span>
#include <stdexcept>

namespace motcua {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t pseudonym_bytes = 16;

std::string hex(std::span<const unsigned char> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

} // namespace

std::string pseudonym(std::string_view key, std::string_view user_id)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(user_id.data());
    if (HMAC(
            EVP_sha256(),
            key.data(),
            static_cast<int>(key.size()),
            bytes,
            user_id.size(),
            digest.data(),
            &length) == nullptr)
        throw std::runtime_error("HMAC failed");
    return hex(std::span(digest).first(pseudonym_bytes));
}

std::string signing_key_from(const std::filesystem::path& file)
{
    if (std::filesystem::exists(file)) {
        const mapped_file mapped(file);
        if (mapped.bytes().size() < key_bytes)
            throw std::runtime_error(
                file.string() + ": too short for a key; restore it from the backup");
        return std::string(mapped.bytes());
    }
    std::array<unsigned char, key_bytes> bytes{};
    if (RAND_bytes(bytes.data(), key_bytes) != 1)
        throw std::runtime_error("no random bytes");
    auto key = hex(bytes);
    write_whole_file(file, key);
    return key;
}

} // namespace motcua
