#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace motcua {

// A data folder like the shipped one in `target`/data, with plans of its own: name and content.
inline std::filesystem::path make_data_folder(
    const std::filesystem::path& target,
    const std::vector<std::pair<std::string, std::string>>& plans)
{
    namespace fs = std::filesystem;
    const auto data = target / "data";
    fs::create_directories(data / "plans");
    for (const auto& one : fs::directory_iterator(fs::path(MOTCUA_SOURCE_DIR) / "data"))
        if (one.path().filename() != "plans")
            fs::create_symlink(one.path(), data / one.path().filename());
    for (const auto& [name, text] : plans)
        std::ofstream(data / "plans" / name) << text;
    return data;
}

inline std::string text_of(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace motcua
