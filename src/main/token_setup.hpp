#pragma once

#include "configuration.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>

namespace motcua {

// Of one call to the token endpoint, connecting included. Long: an answer that is not waited for is
// a refresh token lost.
inline constexpr std::chrono::seconds token_call_deadline{30};

struct token_parts
{
    std::unique_ptr<zalo::vault_disk> disk;
    std::unique_ptr<zalo::token_vault> vault;
    std::unique_ptr<zalo::http_client> oauth;
    std::unique_ptr<zalo::token_keeper> keeper;
};

// Opens the vault in storage.directory, which must exist, and makes its key at the first time.
// Throws zalo::vault_error or std::system_error naming the file and what to do.
token_parts
make_token_parts(const boost::asio::any_io_executor& executor, const configuration& config);

// For operators; times in ISO 8601, UTC. Nothing of a token.
nlohmann::json token_json(const zalo::token_status& status);

} // namespace motcua
