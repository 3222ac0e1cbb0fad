#include "json_lines.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace motcua {
namespace {

constexpr std::size_t line_limit_bytes = 1024UL * 1024;

std::optional<text_line> parse(const std::string& line)
{
    if (line.size() > line_limit_bytes)
        return std::nullopt;
    const auto parsed = nlohmann::json::parse(line, nullptr, false);
    if (!parsed.is_object())
        return std::nullopt;
    const auto id = parsed.find("id");
    const auto text = parsed.find("text");
    if (id == parsed.end() || text == parsed.end() || !text->is_string())
        return std::nullopt;
    if (!id->is_string() && !id->is_number_integer())
        return std::nullopt;
    return text_line{
        .id = id->is_string() ? id->get<std::string>() : id->dump(),
        .text = text->get<std::string>()};
}

} // namespace

bool each_text_line(
    const std::filesystem::path& file, const std::function<void(const text_line&)>& each)
{
    std::ifstream opened;
    if (file != "-") {
        opened.open(file);
        if (!opened)
            throw std::runtime_error(file.string() + ": cannot be read");
    }
    std::istream& in = file == "-" ? std::cin : opened;
    bool good = true;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        if (const auto parsed = parse(line)) {
            each(*parsed);
            continue;
        }
        good = false;
        std::cerr << "motcua: " << file.string() << ":" << number
                  << ": no {\"id\", \"text\"} object; skipped\n";
    }
    return good;
}

} // namespace motcua
