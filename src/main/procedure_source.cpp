#include "procedure_source.hpp"

#include "content_loader.hpp"

#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/sqlite/database.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>

namespace motcua {

utc_time now_utc()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::filesystem::path database_file(const configuration& config)
{
    return config.storage.directory / "motcua.db";
}

std::filesystem::path attachment_directory(const configuration& config)
{
    return config.storage.directory / "attachments";
}

procedures::catalogue
read_records(const configuration& config, const std::filesystem::path& file_or_directory)
{
    auto source = file_or_directory;
    if (source.empty()) {
        if (std::filesystem::exists(database_file(config)))
            return procedures::catalogue(
                sqlite::open_reader(database_file(config))->all_procedures());
        source = config.content.data / "procedures";
    }
    auto file = content::read_procedures(source);
    for (const auto& one : file.findings) {
        if (one.severity == finding::grade::error)
            std::cerr << "motcua: " << describe(one) << '\n';
    }
    if (file.records.empty())
        throw std::runtime_error(source.string() + ": no procedure record found");
    return procedures::catalogue(std::move(file.records));
}

} // namespace motcua
