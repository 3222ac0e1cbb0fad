#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// YAML as a plain tree with line numbers, bounded against hostile input.
namespace motcua::content {

struct yaml_entry;

struct yaml_value
{
    enum class kind
    {
        null,
        scalar,
        sequence,
        map
    };

    kind is = kind::null;
    std::size_t line = 1; // 1-based
    std::string scalar;   // as written, quotes and escapes resolved: 1.001193 keeps its zeros
    std::vector<yaml_value> items;   // of a sequence
    std::vector<yaml_entry> entries; // of a map, in the order of the file; a key may be repeated
};

struct yaml_entry
{
    std::string key;
    std::size_t line = 1;
    yaml_value value;
};

struct yaml_fault
{
    std::size_t line = 1; // 1-based
    std::string message;
};

// Our content is flat; whatever goes beyond these is refused.
inline constexpr std::size_t yaml_depth_limit = 16;
inline constexpr std::size_t yaml_value_limit = 200'000;

// Parses one document. Aliases are refused: a small file could stand for a huge one. Never throws
// for bad input.
std::variant<yaml_value, yaml_fault> parse_yaml(const std::string& bytes);

} // namespace motcua::content
