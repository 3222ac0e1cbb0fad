#include "commands.hpp"
#include "content_loader.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"

#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/core/dialogue/step.hpp>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <iterator>

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

} // namespace

int chat(const configuration& config, const chat_options& options)
{
    progress_line progress("training");
    const auto content = load_content(
        config,
        records_for_chat(config, options),
        config.storage.directory,
        vietnam_date(now_utc()),
        [&progress](double share) { progress.show(share); });

    const bool terminal = ::isatty(STDIN_FILENO) == 1;
    dialogue::conversation conversation;
    dialogue::inbound_event event;
    event.user_id = options.user.empty() ? "chat" : options.user;
    const auto hear = [&] {
        event.at = now_utc();
        understand::understood heard;
        if (dialogue::needs_understanding(event))
            heard = content.understander->understand(event.text);
        auto outcome =
            dialogue::step(std::move(conversation), event, heard, *content.knowledge, event.at);
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
