#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

// A backup is one file: a tar archive compressed by zstd, which any tar reads. Its last member
// SHA256SUMS lists every other with its hash, in the form of sha256sum(1): without it the backup is
// not complete.
namespace motcua::files {

struct backup_member
{
    std::filesystem::path file; // where its bytes are now
    std::string name;           // relative, "/" between folders
};

using backup_progress = std::function<void(double)>; // 0..1

// Writes the archive under a temporary name, syncs it, and only then gives it its name; mode 0600.
// A member that is gone when its turn comes is left out. Throws std::runtime_error or
// std::system_error naming the file; nothing is left then. `file` must not exist.
void write_backup(
    const std::filesystem::path& file,
    const std::vector<backup_member>& members,
    const backup_progress& progress = {});

// Unpacks into the existing empty folder, with files of mode 0600 and folders of 0700, and syncs.
// Throws std::runtime_error if it is no whole backup: not an archive, cut off, a hash that differs,
// a member that is missing, unlisted, no plain file, or named outside the folder. What was unpacked
// by then is left to the caller.
void read_backup(const std::filesystem::path& file, const std::filesystem::path& into);

} // namespace motcua::files
