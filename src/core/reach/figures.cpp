#include <motcua/core/reach/figures.hpp>

#include <algorithm>
#include <cmath>

namespace motcua::reach {

std::int64_t tally::count(measure one) const
{
    std::int64_t sum = 0;
    for (const auto& [set, number] : contacts)
        if ((set & bit(one)) != 0)
            sum += number;
    return sum;
}

std::int64_t tally::people_with(measure_set all) const
{
    std::int64_t sum = 0;
    for (const auto& [set, number] : people)
        if ((set & all) == all)
            sum += number;
    return sum;
}

void tally::add(const tally& other)
{
    for (const auto& [set, number] : other.contacts)
        contacts[set] += number;
}

const field_group& group_of(const field_groups& groups, std::string_view name)
{
    for (const auto& one : groups)
        if (std::ranges::find(one.names, name) != one.names.end())
            return one;
    return groups.back();
}

std::int64_t quantile(const std::map<std::int64_t, std::int64_t>& values, double part)
{
    std::int64_t total = 0;
    for (const auto& [value, number] : values)
        total += number;
    auto rank = static_cast<std::int64_t>(std::ceil(part * static_cast<double>(total)));
    for (const auto& [value, number] : values) {
        rank -= number;
        if (rank <= 0)
            return value;
    }
    return 0;
}

std::int64_t mean(const std::map<std::int64_t, std::int64_t>& values)
{
    std::int64_t total = 0;
    std::int64_t sum = 0;
    for (const auto& [value, number] : values) {
        total += number;
        sum += value * number;
    }
    return total == 0 ? 0 : (sum * 2 + total) / (total * 2);
}

std::string_view name(plan_entry::sort value)
{
    return value == plan_entry::sort::result ? "result" : "handed_out";
}

} // namespace motcua::reach
