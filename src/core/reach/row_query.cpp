#include <motcua/core/reach/row_query.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace motcua::reach {
namespace {

constexpr std::array<std::string_view, 6> kinds{
    "contacts", "people", "answers", "complaints", "entries", "unknown"};

struct text_member
{
    std::string_view name;
    std::string row_query::*place;
};
constexpr std::array<text_member, 8> text_members{
    {{"plan", &row_query::plan},
     {"activity", &row_query::activity},
     {"keyword", &row_query::keyword},
     {"field", &row_query::field},
     {"procedure", &row_query::procedure},
     {"figure", &row_query::figure},
     {"category", &row_query::category},
     {"product", &row_query::product}}};

// Ids and codes: what stands in a query as it is.
bool is_plain(std::string_view value)
{
    constexpr std::size_t longest = 100;
    if (value.empty() || value.size() > longest)
        return false;
    for (const char letter : value) {
        const bool fits = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                          (letter >= 'A' && letter <= 'Z') || letter == '.' || letter == '-' ||
                          letter == '_' || letter == '/';
        if (!fits)
            return false;
    }
    return true;
}

std::optional<measure_set> measures_from(std::string_view words)
{
    measure_set set = 0;
    while (!words.empty()) {
        const auto end = std::min(words.find(','), words.size());
        const auto one = measure_from(words.substr(0, end));
        if (!one)
            return std::nullopt;
        set |= bit(*one);
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return set;
}

bool put(row_query& query, std::string_view name, std::string_view value)
{
    if (name == "from" || name == "to" || name == "made") {
        const auto day = day_from(value);
        if (day && name == "made")
            query.made = day;
        else if (day)
            (name == "from" ? query.period.from : query.period.to) = *day;
        return day.has_value();
    }
    if (name == "measures") {
        const auto set = measures_from(value);
        query.measures = set.value_or(0);
        return set.has_value();
    }
    for (const auto& one : text_members) {
        if (one.name == name && is_plain(value)) {
            query.*one.place = value;
            return true;
        }
    }
    return false;
}

std::string padded(unsigned value, std::size_t digits)
{
    auto text = std::to_string(value);
    return std::string(digits - std::min(digits, text.size()), '0') + text;
}

} // namespace

std::string to_text(std::chrono::year_month_day day)
{
    return padded(static_cast<unsigned>(static_cast<int>(day.year())), 4) + "-" +
           padded(static_cast<unsigned>(day.month()), 2) + "-" +
           padded(static_cast<unsigned>(day.day()), 2);
}

std::optional<std::chrono::year_month_day> day_from(std::string_view text)
{
    const auto number = [text](std::size_t begin, std::size_t length) -> std::optional<unsigned> {
        unsigned value = 0;
        const auto* const end = text.data() + begin + length;
        const auto parsed = std::from_chars(text.data() + begin, end, value);
        return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value) : std::nullopt;
    };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const auto year = number(0, 4);
    const auto month = number(5, 2);
    const auto day = number(8, 2);
    if (!year || !month || !day)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(static_cast<int>(*year)),
        std::chrono::month(*month),
        std::chrono::day(*day)};
    constexpr auto first = std::chrono::year(2000);
    constexpr auto last = std::chrono::year(2199);
    if (!date.ok() || date.year() < first || date.year() > last)
        return std::nullopt;
    return date;
}

std::string to_text(const row_query& query)
{
    std::string text(kinds[static_cast<std::size_t>(query.of)]);
    text += "?from=" + to_text(query.period.from) + "&to=" + to_text(query.period.to);
    if (query.measures != 0) {
        std::string words;
        for (std::size_t i = 0; i < measure_count; ++i) {
            const auto one = static_cast<measure>(i);
            if ((query.measures & bit(one)) != 0)
                words += (words.empty() ? "" : ",") + std::string(name(one));
        }
        text += "&measures=" + words;
    }
    for (const auto& one : text_members)
        if (!(query.*one.place).empty())
            text += "&" + std::string(one.name) + "=" + query.*one.place;
    if (query.made)
        text += "&made=" + to_text(*query.made);
    return text;
}

std::optional<row_query> row_query_from(std::string_view text)
{
    const auto mark = text.find('?');
    if (mark == std::string_view::npos)
        return std::nullopt;
    row_query query;
    const auto* const kind = std::find(kinds.begin(), kinds.end(), text.substr(0, mark));
    if (kind == kinds.end())
        return std::nullopt;
    query.of = static_cast<row_query::kind>(kind - kinds.begin());
    text.remove_prefix(mark + 1);
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto part = text.substr(0, end);
        const auto equals = part.find('=');
        if (equals == std::string_view::npos ||
            !put(query, part.substr(0, equals), part.substr(equals + 1)))
            return std::nullopt;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!query.period.from.ok() || !query.period.to.ok() || query.period.to < query.period.from)
        return std::nullopt;
    return query;
}

} // namespace motcua::reach
