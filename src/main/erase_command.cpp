#include "commands.hpp"
#include "database_setup.hpp"
#include "erase_requests.hpp"
#include "procedure_source.hpp"
#include "pseudonym.hpp"
#include "stored_files.hpp"

#include <motcua/adapters/sqlite/database.hpp>

#include <chrono>
#include <iostream>

namespace motcua {
namespace {

constexpr std::chrono::seconds server_wait{30};

} // namespace

int erase(const configuration& config, const std::string& user_id)
{
    if (!is_user_id(user_id)) {
        std::cerr << "motcua: a Zalo user id is a number\n";
        return 1;
    }
    const auto file = database_file(config);
    if (!std::filesystem::exists(file)) {
        std::cerr << "motcua: there is no database in " << config.storage.directory.string()
                  << "; name its folder with --config or --set storage.directory=…\n";
        return 1;
    }
    const auto key = config.signing_key.empty()
                         ? signing_key_from(config.storage.directory / "signing.key")
                         : config.signing_key;
    std::string line;
    try {
        const auto database = sqlite::open_database(database_options_of(config));
        database->run_now([&](app::transaction& store) {
            line = erase_for_operator(store, user_id, pseudonym(key, user_id), now_utc());
        });
        remove_files(config, *database);
    } catch (const sqlite::database_in_use&) {
        const auto proof = request_erasure(config, user_id, server_wait);
        if (!proof) {
            std::cerr << "motcua: the server has not answered; it erases as soon as it can, at the "
                         "latest when it is started again\n";
            return 1;
        }
        line = *proof;
    } // closing cuts the write-ahead log, which still holds what was erased
    std::cout << line << '\n';
    return 0;
}

} // namespace motcua
