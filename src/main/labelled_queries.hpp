#pragma once

#include <motcua/core/understand/search_fitting.hpp>

#include <filesystem>
#include <vector>

namespace motcua {

// Labelled queries (docs/evaluation.md), tab-separated lines: id, text, codes joined by "|" or "-",
// and further columns that are ignored; lines that begin with # are comments. Throws
// std::runtime_error naming file and line.
std::vector<understand::labelled_query> read_labelled_queries(const std::filesystem::path& file);

} // namespace motcua
