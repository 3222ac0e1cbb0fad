#include "commands.hpp"
#include "content_loader.hpp"
#include "database_setup.hpp"
#include "demo_data.hpp"
#include "demo_talk.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"
#include "pseudonym.hpp"

#include <motcua/adapters/files/attachment_directory.hpp>
#include <motcua/adapters/staff_api/passwords.hpp>

#include <iostream>

namespace motcua {

int fill_with_demo_data(const configuration& config, const demo_data_options& options)
{
    if (!config.demo) {
        std::cerr << "motcua: demo-data fills a database of a demonstration: add --demo\n";
        return 1;
    }
    const auto texts = read_demo_texts(config.content.data / "demo.yml");
    const auto files = content::read_knowledge(config.content.intents, config.content.data);
    if (!files.findings.empty())
        throw content_error(describe(files.findings.front()));
    std::filesystem::create_directories(config.storage.directory);
    boost::asio::io_context io;
    const auto database = sqlite::open_database(database_options_of(config));
    keep_demo_apart(*database, true);
    const auto passwords = staff_api::make_password_hasher(staff_api::hashing_cost::usual);
    add_demo_staff(*database, texts, passwords->hash(std::string(demo_password)));
    if (database->open_reader()->count("complaints") > 0) {
        std::cout << "the database has complaints already; nothing was added\n";
        return 0;
    }
    const auto files_of_citizens =
        files::open_attachment_directory(config.storage.directory / "attachments");
    const demo_wish wish{
        .seed = options.seed,
        .complaints = options.complaints,
        .now = now_utc(),
        .files = files_of_citizens.get()};
    const auto figures = fill_demo(*database, files.known, texts, wish);
    std::cout << figures.complaints << " invented complaints, " << figures.steps
              << " steps of citizens, staff and time\n";
    progress_line progress("training");
    const auto key = config.signing_key.empty()
                         ? signing_key_from(config.storage.directory / "signing.key")
                         : config.signing_key;
    const auto events = fill_demo_talk(
        {.io = io,
         .store = *database,
         .used = load_content(
             config,
             read_records(config, config.content.data / "procedures"),
             config.storage.directory,
             vietnam_date(wish.now),
             [&progress](double share) { progress.show(share); }),
         .pseudonym = [&key](std::string_view id) { return pseudonym(key, id); }},
        texts,
        wish);
    std::cout << events << " messages and follows of invented citizens\n";
    return 0;
}

} // namespace motcua
