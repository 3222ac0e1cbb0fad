#include "commands.hpp"
#include "content_loader.hpp"
#include "procedure_source.hpp"

#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/content/dossier_file.hpp>
#include <motcua/adapters/content/platform_error_file.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/content/template_file.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <tuple>

namespace motcua {

int check(const configuration& config)
{
    const auto read = content::read_intents(config.content.intents);
    const auto known = content::read_knowledge(config.content.intents, config.content.data);
    auto procedure_file = content::read_procedures(config.content.data / "procedures");
    auto records_of_all = std::move(procedure_file.records);
    if (std::filesystem::exists(database_file(config)))
        std::ranges::move(
            sqlite::open_reader(database_file(config))->all_procedures(),
            std::back_inserter(records_of_all));
    const procedures::catalogue records(std::move(records_of_all));
    const auto own = content::check_own(read, known, records);

    const auto errors_of_platform =
        content::read_platform_errors(config.content.data / "zalo_errors.yml");

    std::vector<finding> of_templates;
    if (const auto file = config.content.data / "templates.yml"; std::filesystem::exists(file))
        of_templates = content::read_templates(file, known.known.complaints).findings;
    auto dossiers = content::read_dossier_format(config.content.data / "dossiers.yml");
    const auto& drop = config.dossiers.folder;
    if (config.dossiers.source == "folder" && ::access(drop.c_str(), R_OK | W_OK | X_OK) != 0)
        dossiers.findings.push_back(
            {drop.string(),
             0,
             finding::grade::error,
             "dossiers.folder: no folder this program may read and write"});

    std::vector<finding> findings;
    const std::array<const std::vector<finding>*, 7> parts{
        &read.findings,
        &known.findings,
        &procedure_file.findings,
        &errors_of_platform.findings,
        &of_templates,
        &dossiers.findings,
        &own};
    for (const auto* part : parts)
        findings.insert(findings.end(), part->begin(), part->end());
    std::ranges::stable_sort(findings, [](const finding& left, const finding& right) {
        return std::tie(left.file, left.line) < std::tie(right.file, right.line);
    });
    for (const auto& one : findings)
        std::cout << describe(one) << '\n';
    const auto errors = std::ranges::count(findings, finding::grade::error, &finding::severity);
    std::cout << errors << " errors, " << findings.size() - static_cast<std::size_t>(errors)
              << " warnings in " << read.examples.size() << " examples, " << records.all().size()
              << " procedures\n";
    return errors == 0 ? 0 : 1;
}

} // namespace motcua
