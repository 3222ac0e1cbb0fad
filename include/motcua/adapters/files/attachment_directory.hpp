#pragma once

#include <motcua/app/attachment_fetcher.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace motcua::files {

// Content-addressed files below a directory: aa/bbbb…, by the SHA-256 of what they hold. The
// directory is made if it is absent, all with mode 0700 and 0600; what an earlier process left half
// written is removed. Throws std::system_error.
std::unique_ptr<app::attachment_files> open_attachment_directory(std::filesystem::path directory);

// Where the file of that name lies.
std::filesystem::path
attachment_path(const std::filesystem::path& directory, const std::string& name);

} // namespace motcua::files
