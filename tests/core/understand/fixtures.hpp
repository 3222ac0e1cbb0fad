#pragma once

#include <motcua/core/understand/search.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::understand {

// Rows of a tab-separated fixture; lines that begin with # are comments.
inline std::vector<std::vector<std::string>> read_fixture(const std::string& file)
{
    std::ifstream in(std::string(MOTCUA_SOURCE_DIR "/tests/core/understand/fixtures/") + file);
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#')
            continue;
        std::vector<std::string> row;
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, '\t');)
            row.push_back(cell);
        rows.push_back(std::move(row));
    }
    return rows;
}

inline level_hint level_named(std::string_view level)
{
    return level == "commune"    ? level_hint::commune
           : level == "province" ? level_hint::province
           : level == "ministry" ? level_hint::ministry
                                 : level_hint::none;
}

// Official names of real procedures (national catalogue, July 2026).
inline std::vector<search_document> real_names()
{
    std::ifstream in(MOTCUA_SOURCE_DIR "/tests/data/procedure_names.jsonl");
    std::vector<search_document> documents;
    for (std::string line; std::getline(in, line);) {
        const auto row = nlohmann::json::parse(line);
        search_document one;
        one.code = row.at("code").get<std::string>();
        one.name = row.at("name").get<std::string>();
        one.level = level_named(row.value("level", ""));
        documents.push_back(std::move(one));
    }
    return documents;
}

inline std::vector<synonym> some_synonyms()
{
    std::vector<synonym> synonyms;
    for (const auto& row : read_fixture("search_synonyms.tsv"))
        synonyms.push_back({row.at(0), row.at(1), std::stod(row.at(2)), false});
    return synonyms;
}

} // namespace motcua::understand
