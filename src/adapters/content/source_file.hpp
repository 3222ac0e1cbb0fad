#pragma once

#include "yaml_tree.hpp"

#include <motcua/core/finding.hpp>

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Reading one content file into checked values; whatever is wrong becomes a finding with its line.
namespace motcua::content {

inline constexpr std::uintmax_t content_file_limit_bytes = 4UL * 1024 * 1024;
inline constexpr std::size_t content_directory_limit = 2'000; // files

struct located_text
{
    std::string text;
    std::size_t line = 0;
};

// Where findings go. `strict` takes what only check_own() objects to; the same list as `findings`
// if there is no such difference.
struct finding_lists
{
    std::vector<finding>& findings;
    std::vector<finding>& strict;
};

class source_file
{
public:
    source_file(const std::filesystem::path& path, finding_lists lists);

    void error(std::size_t line, std::string message);
    void strict_error(std::size_t line, std::string message);
    const std::string& name() const { return name_; }

    // The bytes; empty if there is no such regular file, it cannot be read or is too large.
    std::optional<std::string> bytes();
    // The same, parsed.
    std::optional<yaml_value> tree(const std::string& bytes);

    // The text in NFC and trimmed; a finding and nothing if the value is no text or an empty one.
    std::optional<std::string> text(const yaml_value& value, std::string_view what);
    std::string nfc(std::string_view text, std::size_t line);

private:
    std::filesystem::path path_;
    std::string name_;
    finding_lists lists_;
};

// A map whose keys are known. Unknown and repeated keys are findings when it is made.
class map_reader
{
public:
    map_reader(
        source_file& file,
        const yaml_value& value,
        std::string what,
        std::initializer_list<std::string_view> known);

    explicit operator bool() const { return value_.is == yaml_value::kind::map; }
    std::size_t line() const { return value_.line; }
    // The line of the key, else of the map.
    std::size_t line(std::string_view key) const;

    const yaml_value* find(std::string_view key) const;
    std::optional<std::string> required_text(std::string_view key);
    std::string optional_text(std::string_view key); // empty if absent
    std::optional<double> optional_number(std::string_view key);
    bool optional_flag(std::string_view key);
    // The items of a list; none, and no finding, if the key is absent.
    const std::vector<yaml_value>& list(std::string_view key);
    const std::vector<yaml_value>& required_list(std::string_view key);
    std::vector<located_text> texts(std::string_view key);

private:
    source_file& file_;
    const yaml_value& value_;
    std::string what_;
};

// The regular files of a directory with one of the extensions, sorted; a finding if there is no
// such directory.
std::vector<std::filesystem::path> files_of(
    const std::filesystem::path& directory,
    std::initializer_list<std::string_view> extensions,
    std::vector<finding>& findings);

} // namespace motcua::content
