#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace motcua {

// What a citizen might type, and the procedures that are right for it (docs/evaluation.md).
struct labelled_query
{
    std::string id;
    std::string text;
    std::vector<std::string> codes; // any of them; empty = no procedure at all
    bool held_out = false;          // nothing may be fitted to it: the hash of its id is odd
};

// Tab-separated lines: id, text, codes joined by "|" or "-", and further columns that are ignored;
// lines that begin with # are comments. Throws std::runtime_error naming file and line.
std::vector<labelled_query> read_labelled_queries(const std::filesystem::path& file);

// FNV-1a, 64 bits.
std::uint64_t fnv1a(std::string_view bytes);

} // namespace motcua
