#include "source_file.hpp"

#include <motcua/adapters/content/dossier_file.hpp>

#include <algorithm>
#include <set>

namespace motcua::content {
namespace {

using dossiers::export_format;

// The words of one entry, each to stand for `value`.
template <class Value, class Map>
void add_words(source_file& file, const yaml_entry& entry, Value value, Map& into)
{
    if (entry.value.is != yaml_value::kind::sequence || entry.value.items.empty())
        return file.error(entry.line, "'" + entry.key + "' must be a list of words");
    for (const auto& item : entry.value.items) {
        const auto text = file.text(item, "a word of '" + entry.key + "'");
        if (!text)
            continue;
        const auto word = dossiers::comparable(*text);
        if (word.empty())
            file.error(item.line, "'" + *text + "' has no letters");
        else if (!into.emplace(word, value).second)
            file.error(item.line, "'" + *text + "' stands for two things");
    }
}

void read_columns(source_file& file, const yaml_value& map, export_format& into)
{
    for (const auto& entry : map.entries) {
        const auto* const which =
            std::ranges::find_if(dossiers::all_columns, [&entry](dossiers::column one) {
                return name(one) == entry.key;
            });
        if (which == dossiers::all_columns.end())
            file.error(entry.line, "unknown column '" + entry.key + "'");
        else
            add_words(file, entry, *which, into.columns);
    }
    for (const auto one : dossiers::all_columns) {
        const bool named = std::ranges::any_of(
            into.columns, [one](const auto& header) { return header.second == one; });
        if (dossiers::is_required(one) && !named)
            file.error(map.line, "the column '" + std::string(name(one)) + "' needs a header");
    }
}

void read_statuses(source_file& file, const yaml_value& map, export_format& into)
{
    std::set<dossiers::status> named;
    for (const auto& entry : map.entries) {
        const bool is_number = !entry.key.empty() && entry.key.size() <= 2 &&
                               std::ranges::all_of(entry.key, [](char letter) {
                                   return letter >= '0' && letter <= '9';
                               });
        const auto at =
            is_number ? dossiers::status_from_number(std::stoi(entry.key)) : std::nullopt;
        if (!at)
            file.error(entry.line, "a state is a number from 1 to 10");
        else if (named.insert(*at).second)
            add_words(file, entry, *at, into.statuses);
    }
    if (named.size() != dossiers::status_count)
        file.error(map.line, "all ten states need words");
}

void read_delimiters(source_file& file, map_reader& map, export_format& into)
{
    into.delimiters.clear();
    for (const auto& item : map.required_list("delimiters")) {
        const auto& text = item.scalar;
        if (text == "tab")
            into.delimiters += '\t';
        else if (text.size() == 1 && text != "\"" && text != " ")
            into.delimiters += text;
        else
            file.error(item.line, "a delimiter is one character, or tab");
    }
}

} // namespace

dossier_file read_dossier_format(const std::filesystem::path& file_name)
{
    dossier_file out;
    source_file file(file_name, {out.findings, out.findings});
    const auto bytes = file.bytes();
    const auto tree = bytes ? file.tree(*bytes) : std::nullopt;
    if (!tree)
        return out;
    map_reader map(file, *tree, "dossiers.yml", {"encoding", "delimiters", "columns", "statuses"});
    if (!map)
        return out;
    out.format.encoding = map.required_text("encoding").value_or("utf-8");
    read_delimiters(file, map, out.format);
    const auto part = [&](std::string_view key, auto read) {
        const auto* value = map.find(key);
        if (value == nullptr || value->is != yaml_value::kind::map)
            file.error(map.line(key), "'" + std::string(key) + "' must be a map");
        else
            read(file, *value, out.format);
    };
    part("columns", read_columns);
    part("statuses", read_statuses);
    return out;
}

} // namespace motcua::content
