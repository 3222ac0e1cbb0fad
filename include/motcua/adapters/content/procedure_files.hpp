#pragma once

#include <motcua/core/finding.hpp>
#include <motcua/core/procedures/procedure.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

// Procedure records from files: our own YAML (docs/procedure-format.md), and the national export in
// JSON lines, plain or gzip: the unified shape, the portal API shape, and rows of its catalogue,
// which have no contents.
namespace motcua::content {

struct procedure_file
{
    std::vector<procedures::procedure> records;
    std::vector<finding> findings; // skipped or doubtful, with file and line
    std::size_t skipped = 0;       // rows that gave no record
};

using import_progress = std::function<void(std::size_t bytes_done, std::size_t bytes_all)>;

// Reads one file, or every *.yml, *.yaml, *.jsonl, *.jsonl.gz of a directory (sorted by name). The
// format is told by the content, not the name. Never throws for bad content; an unreadable file is
// a finding.
procedure_file read_procedures(
    const std::filesystem::path& file_or_directory, const import_progress& progress = {});

} // namespace motcua::content
