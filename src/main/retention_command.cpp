#include "commands.hpp"
#include "database_setup.hpp"
#include "procedure_source.hpp"
#include "pseudonym.hpp"
#include "retention_rules.hpp"
#include "stored_files.hpp"

#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/retention.hpp>

#include <iomanip>
#include <iostream>

namespace motcua {
namespace {

void print(const std::vector<app::retention_count>& counts, const app::retention_rules& rules)
{
    for (const auto& one : counts) {
        const auto day = vietnam_date(one.before);
        std::cout << std::left << std::setw(14) << app::name(one.kind) << " older than "
                  << std::right << std::setw(4) << rules.of(one.kind).count() << " days, before "
                  << static_cast<int>(day.year()) << '-' << std::setfill('0') << std::setw(2)
                  << static_cast<unsigned>(day.month()) << '-' << std::setw(2)
                  << static_cast<unsigned>(day.day()) << std::setfill(' ') << ": " << one.rows
                  << '\n';
    }
}

} // namespace

int retention(const configuration& config, bool applies)
{
    const auto file = database_file(config);
    if (!std::filesystem::exists(file)) {
        std::cerr << "motcua: there is no database in " << config.storage.directory.string()
                  << "; name its folder with --config or --set storage.directory=…\n";
        return 1;
    }
    const auto rules = retention_rules_of(config);
    if (!applies) {
        print(sqlite::preview_retention(file, rules, now_utc()), rules);
        std::cout << "nothing was removed; the server does it every night, --apply does it now\n";
        return 0;
    }
    const auto key = config.signing_key.empty()
                         ? signing_key_from(config.storage.directory / "signing.key")
                         : config.signing_key;
    const auto database = sqlite::open_database(database_options_of(config));
    app::retention_pass pass(
        sqlite::retention_of, rules, now_utc(), [&key](std::string_view citizen) {
            return pseudonym(key, citizen);
        });
    while (!pass.finished())
        database->run_now([&pass](app::transaction& store) { pass.step(store); });
    remove_files(config, *database);
    print(pass.counts(), rules);
    return 0;
}

} // namespace motcua
