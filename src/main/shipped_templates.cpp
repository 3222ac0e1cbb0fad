#include "shipped_templates.hpp"

#include "content_loader.hpp"

#include <motcua/adapters/content/template_file.hpp>

#include <filesystem>

namespace motcua {

void load_shipped_templates(
    const configuration& config, sqlite::database& store, const complaints::rules& rules)
{
    constexpr auto loaded = "desk.templates_loaded";
    const auto file = config.content.data / "templates.yml";
    if (!std::filesystem::exists(file))
        return;
    const auto read = content::read_templates(file, rules);
    if (!read.findings.empty())
        throw content_error(describe(read.findings.front()));
    store.run_now([&read](app::transaction& to) {
        if (to.setting(loaded))
            return;
        to.put_setting(loaded, "1");
        if (to.desk_content().count_templates() == 0)
            for (const auto& one : read.templates)
                to.desk_content().add(one);
    });
}

} // namespace motcua
