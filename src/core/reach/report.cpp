#include <motcua/core/reach/report.hpp>

#include <array>

namespace motcua::reach {
namespace {

constexpr auto blank = "\u00a0"; // no-break: a number and its unit stay on one line
constexpr auto none = "–";

std::string grouped(std::int64_t value)
{
    std::string digits = std::to_string(value);
    const std::size_t first = value < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3; at -= 3)
        digits.insert(at - 3, ".");
    return digits;
}

std::string two_digits(unsigned value)
{
    return value < 10 ? "0" + std::to_string(value) : std::to_string(value);
}

std::string words_of(std::chrono::year_month_day day)
{
    const auto year = std::to_string(static_cast<int>(day.year()));
    return two_digits(static_cast<unsigned>(day.day())) + "/" +
           two_digits(static_cast<unsigned>(day.month())) + "/" + year;
}

// To two decimals, halves away from zero, without trailing zeros.
std::string words_of(const share& value)
{
    if (value.whole == 0)
        return none;
    constexpr std::int64_t hundredths = 10000;
    const std::int64_t scaled = (value.part * hundredths * 2 + value.whole) / (value.whole * 2);
    std::string text = grouped(scaled / 100);
    if (const auto rest = static_cast<unsigned>(scaled % 100); rest != 0) {
        text += "," + two_digits(rest);
        if (text.back() == '0')
            text.pop_back();
    }
    return text + blank + "% (" + grouped(value.part) + "/" + grouped(value.whole) + ")";
}

struct time_unit
{
    std::chrono::milliseconds length;
    const char* name;
};
constexpr std::array<time_unit, 4> time_units{
    {{std::chrono::days(1), "ngày"},
     {std::chrono::hours(1), "giờ"},
     {std::chrono::minutes(1), "phút"},
     {std::chrono::seconds(1), "giây"}}};

// The two largest units; under ten seconds, seconds with a decimal.
std::string words_of(std::chrono::milliseconds span)
{
    if (span < std::chrono::seconds(10)) {
        const auto tenths = (span.count() + 50) / 100;
        auto text = std::to_string(tenths / 10);
        if (tenths % 10 != 0)
            text += "," + std::to_string(tenths % 10);
        return text + blank + "giây";
    }
    for (std::size_t i = 0; i < time_units.size(); ++i) {
        const auto& unit = time_units[i];
        if (span < unit.length)
            continue;
        auto text = grouped(span / unit.length) + blank + unit.name;
        if (i + 1 < time_units.size()) {
            const auto& next = time_units[i + 1];
            if (const auto rest = (span % unit.length) / next.length; rest != 0)
                text += " " + std::to_string(rest) + blank + next.name;
        }
        return text;
    }
    return {};
}

struct printer
{
    std::string operator()(std::monostate /*blank*/) const { return {}; }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return grouped(number); }
    std::string operator()(const no_figure& /*none*/) const { return none; }
    std::string operator()(const masked& /*hidden*/) const { return "<5"; }
    template <class T>
    std::string operator()(const T& value) const
    {
        return words_of(value);
    }
};

} // namespace

std::string words(const cell_value& value)
{
    return std::visit(printer{}, value);
}

std::string words(const period& span)
{
    return "từ ngày " + words_of(span.from) + " đến ngày " + words_of(span.to);
}

std::vector<const table*> tables_of(const report& whole)
{
    std::vector<const table*> all;
    for (const auto& part : whole.sections)
        for (const auto& one : part.tables)
            all.push_back(&one);
    for (const auto& one : whole.annexes)
        all.push_back(&one);
    return all;
}

} // namespace motcua::reach
