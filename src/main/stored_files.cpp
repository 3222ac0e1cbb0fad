#include "stored_files.hpp"

#include "procedure_source.hpp"

#include <motcua/adapters/files/attachment_directory.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace motcua {

void remove_files(const configuration& config, sqlite::database& database)
{
    std::vector<std::string> names;
    database.run_now([&names](app::transaction& store) {
        names = store.attachments().files_to_remove(std::numeric_limits<std::uint32_t>::max());
    });
    if (names.empty())
        return;
    const auto files = files::open_attachment_directory(attachment_directory(config));
    for (const auto& name : names)
        files->remove(name);
    database.run_now([&names](app::transaction& store) {
        for (const auto& name : names)
            store.attachments().removed(name);
    });
}

} // namespace motcua
