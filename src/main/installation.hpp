#pragma once

#include <filesystem>
#include <optional>

namespace motcua {

// Where a program that was installed (PREFIX/bin/motcua, with PREFIX/share/motcua beside it) finds
// what came with it, so that it runs from any folder.
struct installation
{
    std::filesystem::path intents;
    std::filesystem::path data;
    std::filesystem::path desk;
    std::filesystem::path config; // /etc/motcua/motcua.yml of the prefix /usr; may not exist
};

// Empty if a program of this path stands where it was built.
std::optional<installation> installation_of(const std::filesystem::path& program);
// Of this program; asks /proc.
std::optional<installation> own_installation();

} // namespace motcua
