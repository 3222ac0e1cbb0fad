#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace motcua::report {

struct zip_member
{
    std::string name;
    std::string bytes;
};

// All members in their order. Throws std::runtime_error naming the file; bounded to 1,000 members
// of 16 MiB.
std::vector<zip_member> read_zip(const std::filesystem::path& file);

// The same members give the same bytes: no clock. `file` must not exist.
void write_zip(const std::filesystem::path& file, const std::vector<zip_member>& members);

} // namespace motcua::report
