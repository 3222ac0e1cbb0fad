#pragma once

#include <motcua/app/platform_errors.hpp>
#include <motcua/core/finding.hpp>

#include <filesystem>
#include <vector>

namespace motcua::content {

struct platform_error_file
{
    app::error_table table;
    std::vector<finding> findings;
};

// data/zalo_errors.yml. Nothing throws for bad content: it is reported with file and line. Checked:
// every code once, below zero, with words and a known action; the codes the sender cannot do
// without have the action it needs; no other code moves a message to the other endpoint, because it
// might then arrive twice.
platform_error_file read_platform_errors(const std::filesystem::path& file);

} // namespace motcua::content
