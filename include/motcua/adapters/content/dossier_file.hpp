#pragma once

#include <motcua/core/dossiers/export.hpp>
#include <motcua/core/finding.hpp>

#include <filesystem>
#include <vector>

namespace motcua::content {

struct dossier_file
{
    dossiers::export_format format;
    std::vector<finding> findings;
};

// data/dossiers.yml. Nothing throws for bad content: it is reported with file and line. Checked:
// every header and word means one thing, the required columns and all ten states have one.
dossier_file read_dossier_format(const std::filesystem::path& file);

} // namespace motcua::content
