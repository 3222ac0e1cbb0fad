#include "statements.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace motcua::sqlite {

std::string sha256(std::initializer_list<std::string_view> parts)
{
    struct free_context
    {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    // Fetched once: half the cost of a short hash is looking the algorithm up.
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local const std::unique_ptr<EVP_MD_CTX, free_context> context(EVP_MD_CTX_new());
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    bool done = EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1;
    for (const auto part : parts)
        done = done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    done = done && EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1;
    if (!done)
        throw std::runtime_error("SHA-256 is not available");
    return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string erasure_commitment(std::string_view erasure_id, std::string_view pseudonym)
{
    return sha256({erasure_id, std::string_view("\0", 1), pseudonym});
}

} // namespace motcua::sqlite
