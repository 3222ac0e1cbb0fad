#include <motcua/core/text/csv.hpp>

namespace motcua::text {
namespace {

bool is_formula(std::string_view value)
{
    if (value.empty() || std::string_view("=+-@\t\r").find(value.front()) == std::string_view::npos)
        return false;
    const bool is_negative_number =
        value.front() == '-' && value.size() > 1 &&
        value.find_first_not_of("0123456789", 1) == std::string_view::npos;
    return !is_negative_number;
}

} // namespace

std::string csv_cell(std::string_view value)
{
    auto safe = (is_formula(value) ? "'" : "") + std::string(value);
    if (safe.find_first_of(",\"\r\n") == std::string::npos)
        return safe;
    std::string quoted = "\"";
    for (const char letter : safe) {
        quoted += letter;
        if (letter == '"')
            quoted += letter;
    }
    return quoted + '"';
}

} // namespace motcua::text
