#include "commands.hpp"
#include "content_loader.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"

#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/app/complaint_desk.hpp>
#include <motcua/core/dialogue/step.hpp>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace motcua {
namespace {

procedures::catalogue records_for_chat(const configuration& config, const chat_options& options)
{
    if (options.procedures.empty())
        return read_records(config, {});
    std::vector<procedures::procedure> records;
    for (const auto& file : options.procedures) {
        auto read = content::read_procedures(file);
        std::ranges::move(read.records, std::back_inserter(records));
    }
    return procedures::catalogue(std::move(records));
}

void print(const dialogue::outgoing_message& message)
{
    std::cout << "Máy: " << message.text << "\n\n";
}

// Complaints filed while chatting: a database that goes with the conversation.
class scratch_database
{
public:
    scratch_database()
    {
        auto name = (std::filesystem::temp_directory_path() / "motcua-chat-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make a temporary folder");
        folder_ = name;
        database_ = sqlite::open_database({.file = folder_ / "chat.db"});
    }
    ~scratch_database()
    {
        database_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    scratch_database(const scratch_database&) = delete;
    scratch_database& operator=(const scratch_database&) = delete;

    sqlite::database& operator*() { return *database_; }

private:
    std::filesystem::path folder_;
    std::unique_ptr<sqlite::database> database_;
};

} // namespace

int chat(const configuration& given, const chat_options& options)
{
    configuration config = given;
    config.dossiers.source = "none"; // who chats here is no citizen
    progress_line progress("training");
    const auto content = load_content(
        config,
        records_for_chat(config, options),
        config.storage.directory,
        vietnam_date(now_utc()),
        [&progress](double share) { progress.show(share); });

    scratch_database scratch;
    const bool terminal = ::isatty(STDIN_FILENO) == 1;
    dialogue::conversation conversation;
    dialogue::inbound_event event;
    event.user_id = options.user.empty() ? "chat" : options.user;
    const auto hear = [&] {
        event.at = now_utc();
        understand::understood heard;
        if (dialogue::needs_understanding(event))
            heard = content.understander->understand(event.text);
        dialogue::step_outcome outcome;
        (*scratch).run_now([&](app::transaction& store) {
            constexpr std::size_t shown = 30;
            const auto filed = store.complaints().of_citizen(event.user_id, shown);
            outcome =
                dialogue::step(conversation, event, heard, *content.knowledge, event.at, filed);
            app::complaint_unit(store, *content.knowledge, event.at)
                .carry_out(outcome, event.user_id, true);
            if (outcome.erase)
                store.erase(event.user_id, event.user_id, "asked", event.at);
        });
        conversation = std::move(outcome.next);
        for (const auto& message : outcome.messages)
            print(message);
    };

    event.kind = dialogue::event_kind::follow;
    hear();
    event.kind = dialogue::event_kind::text;
    while (true) {
        if (terminal)
            std::cout << (options.user.empty() ? "Dân" : options.user) << ": " << std::flush;
        if (!std::getline(std::cin, event.text))
            break;
        if (!terminal)
            std::cout << "Dân: " << event.text << '\n';
        hear();
    }
    return 0;
}

} // namespace motcua
