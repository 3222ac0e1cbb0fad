#include "source_file.hpp"

#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <system_error>

namespace motcua::content {
namespace {

const std::vector<yaml_value> no_items;

} // namespace

source_file::source_file(const std::filesystem::path& path, finding_lists lists)
    : path_(path), name_(path.string()), lists_(lists)
{
}

void source_file::error(std::size_t line, std::string message)
{
    lists_.findings.push_back({name_, line, finding::grade::error, std::move(message)});
}

void source_file::strict_error(std::size_t line, std::string message)
{
    lists_.strict.push_back({name_, line, finding::grade::error, std::move(message)});
}

std::optional<std::string> source_file::bytes()
{
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path_, failed)) {
        error(0, "no such file");
        return std::nullopt;
    }
    // Counted while reading: a file may be larger than it says.
    std::ifstream stream(path_, std::ios::binary);
    std::string bytes;
    std::array<char, 64UL * 1024> block{};
    while (stream.read(block.data(), block.size()) || stream.gcount() > 0) {
        bytes.append(block.data(), static_cast<std::size_t>(stream.gcount()));
        if (bytes.size() > content_file_limit_bytes) {
            error(0, "larger than 4 MiB; split it");
            return std::nullopt;
        }
    }
    if (!stream.eof()) {
        error(0, "cannot be read");
        return std::nullopt;
    }
    return bytes;
}

std::optional<yaml_value> source_file::tree(const std::string& bytes)
{
    auto parsed = parse_yaml(bytes);
    if (const auto* fault = std::get_if<yaml_fault>(&parsed)) {
        error(fault->line, fault->message);
        return std::nullopt;
    }
    return std::get<yaml_value>(std::move(parsed));
}

std::optional<std::string> source_file::text(const yaml_value& value, std::string_view what)
{
    if (value.is == yaml_value::kind::sequence || value.is == yaml_value::kind::map) {
        error(value.line, std::string(what) + " must be text; put it in quotes if it has a colon");
        return std::nullopt;
    }
    const std::string_view written = text::trimmed(value.scalar);
    if (written.empty()) {
        error(value.line, std::string(what) + " is empty");
        return std::nullopt;
    }
    return nfc(written, value.line);
}

std::string source_file::nfc(std::string_view text, std::size_t line)
{
    if (text::is_nfc(text))
        return std::string(text);
    strict_error(line, "text is not UTF-8 in NFC (composed letters); save it so");
    return text::to_nfc(text);
}

map_reader::map_reader(
    source_file& file,
    const yaml_value& value,
    std::string what,
    std::initializer_list<std::string_view> known)
    : file_(file), value_(value), what_(std::move(what))
{
    if (value.is != yaml_value::kind::map) {
        file_.error(value.line, what_ + " must be a map of keys and values");
        return;
    }
    std::set<std::string_view> seen;
    for (const yaml_entry& entry : value.entries) {
        if (!seen.insert(entry.key).second)
            file_.error(entry.line, "key '" + entry.key + "' is repeated in " + what_);
        else if (std::find(known.begin(), known.end(), entry.key) == known.end())
            file_.strict_error(entry.line, "unknown key '" + entry.key + "' in " + what_);
    }
}

std::size_t map_reader::line(std::string_view key) const
{
    const auto* value = find(key);
    return value == nullptr ? value_.line : value->line;
}

const yaml_value* map_reader::find(std::string_view key) const
{
    const auto found =
        std::find_if(value_.entries.begin(), value_.entries.end(), [key](const yaml_entry& entry) {
            return entry.key == key;
        });
    return found == value_.entries.end() ? nullptr : &found->value;
}

std::optional<std::string> map_reader::required_text(std::string_view key)
{
    const auto* value = find(key);
    if (value == nullptr) {
        file_.error(value_.line, "missing key '" + std::string(key) + "' in " + what_);
        return std::nullopt;
    }
    return file_.text(*value, "'" + std::string(key) + "' in " + what_);
}

std::string map_reader::optional_text(std::string_view key)
{
    const auto* value = find(key);
    // An empty value is how a civil servant leaves a form's line open.
    if (value == nullptr || value->is == yaml_value::kind::null ||
        (value->is == yaml_value::kind::scalar && text::trimmed(value->scalar).empty()))
        return {};
    return file_.text(*value, "'" + std::string(key) + "' in " + what_).value_or(std::string());
}

std::optional<double> map_reader::optional_number(std::string_view key)
{
    const auto* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    double number = 0;
    const std::string_view written = value->scalar;
    const auto [end, failed] =
        std::from_chars(written.data(), written.data() + written.size(), number);
    if (value->is != yaml_value::kind::scalar || failed != std::errc() ||
        end != written.data() + written.size()) {
        file_.error(value->line, "'" + std::string(key) + "' in " + what_ + " must be a number");
        return std::nullopt;
    }
    return number;
}

bool map_reader::optional_flag(std::string_view key)
{
    const auto* value = find(key);
    if (value == nullptr)
        return false;
    if (value->is != yaml_value::kind::scalar ||
        (value->scalar != "true" && value->scalar != "false"))
        file_.error(
            value->line, "'" + std::string(key) + "' in " + what_ + " must be true or false");
    return value->scalar == "true";
}

const std::vector<yaml_value>& map_reader::list(std::string_view key)
{
    const auto* value = find(key);
    if (value == nullptr || value->is == yaml_value::kind::null)
        return no_items;
    if (value->is != yaml_value::kind::sequence)
        file_.error(value->line, "'" + std::string(key) + "' in " + what_ + " must be a list");
    return value->items;
}

const std::vector<yaml_value>& map_reader::required_list(std::string_view key)
{
    if (value_.is == yaml_value::kind::map && find(key) == nullptr)
        file_.error(value_.line, "missing key '" + std::string(key) + "' in " + what_);
    return list(key);
}

std::vector<located_text> map_reader::texts(std::string_view key)
{
    std::vector<located_text> texts;
    for (const yaml_value& item : list(key))
        if (auto text = file_.text(item, "an item of '" + std::string(key) + "'"))
            texts.push_back({std::move(*text), item.line});
    return texts;
}

std::vector<std::filesystem::path> files_of(
    const std::filesystem::path& directory,
    std::initializer_list<std::string_view> extensions,
    std::vector<finding>& findings)
{
    std::vector<std::filesystem::path> files;
    const auto report = [&](std::string message) {
        findings.push_back({directory.string(), 0, finding::grade::error, std::move(message)});
    };
    std::error_code failed;
    std::filesystem::directory_iterator entry(directory, failed);
    if (failed) {
        report("no such directory, or it cannot be read");
        return files;
    }
    for (; entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
        std::error_code unknown;
        const auto extension = entry->path().extension().string();
        if (std::find(extensions.begin(), extensions.end(), extension) != extensions.end() &&
            entry->is_regular_file(unknown))
            files.push_back(entry->path());
        if (files.size() > content_directory_limit) {
            report("more than 2,000 files; is it the right directory?");
            files.clear();
            break;
        }
    }
    if (failed)
        report("cannot be read to its end");
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace motcua::content
