#include "labelled_queries.hpp"

#include <fstream>
#include <set>
#include <stdexcept>
#include <utility>

namespace motcua {
namespace {

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

} // namespace

std::vector<understand::labelled_query> read_labelled_queries(const std::filesystem::path& file)
{
    std::ifstream in(file);
    if (!in)
        throw std::runtime_error(file.string() + ": cannot be read");
    std::vector<understand::labelled_query> queries;
    std::set<std::string> ids;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (line.empty() || line.front() == '#')
            continue;
        const auto cells = split(line, '\t');
        const auto place = file.string() + ":" + std::to_string(number);
        if (cells.size() < 3 || cells[0].empty() || cells[1].empty() || cells[2].empty())
            throw std::runtime_error(
                place + ": id, text and codes are expected, with tabs between");
        if (!ids.insert(cells[0]).second)
            throw std::runtime_error(place + ": the id " + cells[0] + " is used twice");
        auto codes = cells[2] == "-" ? std::vector<std::string>{} : split(cells[2], '|');
        queries.push_back({.id = cells[0], .text = cells[1], .codes = std::move(codes)});
    }
    return queries;
}

} // namespace motcua
