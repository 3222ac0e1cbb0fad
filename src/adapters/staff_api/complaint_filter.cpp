#include "complaint_filter.hpp"

#include "limits.hpp"

#include <fmt/format.h>
#include <motcua/core/complaints/search.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace motcua::staff_api {
namespace {

constexpr std::size_t values_of_name = 200;
constexpr std::size_t query_characters = 200;
constexpr std::size_t last_page = 100'000;

std::optional<int> small_number_from(std::string_view text)
{
    int value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, value);
    return failure == std::errc() && stopped == end && !text.empty() ? std::optional(value)
                                                                     : std::nullopt;
}

std::vector<std::string> values_of(const call& asked, std::string_view name)
{
    auto values = asked.parameters(name);
    if (values.size() > values_of_name)
        throw invalid(std::string(name), fmt::format("Nhiều hơn {} giá trị", values_of_name));
    for (auto& value : values)
        value = text::to_nfc(value);
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

// The place of the one value of `name` among `known`.
template <std::size_t Size>
std::size_t one_of(
    const call& asked,
    std::string_view name,
    const std::array<std::string_view, Size>& known,
    std::size_t otherwise)
{
    const auto given = asked.parameter(name);
    if (!given)
        return otherwise;
    const auto* const found = std::ranges::find(known, *given);
    if (found == known.end())
        throw invalid(std::string(name), "Không có giá trị này");
    return static_cast<std::size_t>(found - known.begin());
}

std::optional<bool> boolean_of(const call& asked, std::string_view name)
{
    constexpr std::array<std::string_view, 2> words{"false", "true"};
    if (!asked.parameter(name))
        return std::nullopt;
    return one_of(asked, name, words, 0) == 1;
}

// "none" is the empty value.
std::vector<std::string> or_none(std::vector<std::string> values)
{
    for (auto& value : values)
        if (value == "none")
            value.clear();
    return values;
}

// The beginning of the local day.
std::optional<utc_time> day_of(const call& asked, std::string_view name)
{
    const auto given = asked.parameter(name);
    if (!given)
        return std::nullopt;
    const std::string_view text = *given;
    constexpr std::size_t length = 10; // 2026-11-22
    if (text.size() == length && text[4] == '-' && text[7] == '-') {
        const auto year = small_number_from(text.substr(0, 4));
        const auto month = small_number_from(text.substr(5, 2));
        const auto day = small_number_from(text.substr(8, 2));
        if (year && month && day && *year > 0 && *month > 0 && *day > 0) {
            const std::chrono::year_month_day date{
                std::chrono::year(*year),
                std::chrono::month(static_cast<unsigned>(*month)),
                std::chrono::day(static_cast<unsigned>(*day))};
            if (date.ok())
                return utc_time(std::chrono::sys_days(date)) - vietnam_offset;
        }
    }
    throw invalid(std::string(name), "Ngày viết như 2026-11-22");
}

std::vector<std::string>
with_branches(const std::vector<std::string>& wanted, const complaints::category_tree& tree)
{
    auto all = wanted;
    for (std::size_t i = 0; i < all.size(); ++i)
        for (const auto* const below : tree.below(all[i]))
            if (!all[i].empty() && std::ranges::find(all, below->id) == all.end())
                all.push_back(below->id);
    return all;
}

void set_deadlines(app::complaint_filter& filter, const std::vector<std::string>& wanted)
{
    for (const auto& one : wanted) {
        if (one == "overdue")
            filter.overdue = true;
        else if (one == "soon")
            filter.soon = true;
        else if (one == "later")
            filter.later = true;
        else if (one == "none")
            filter.without_due = true;
        else
            throw invalid("deadline", "Không có giá trị này");
    }
}

} // namespace

app::complaint_filter filter_of(
    const call& asked, const complaints::rules& rules, app::complaint_sight sight, utc_time now)
{
    using complaints::state_class;
    app::complaint_filter filter;
    filter.sight = std::move(sight);
    filter.states = values_of(asked, "state");
    for (const auto& state : rules.flow.all().states) {
        if (state.is == state_class::open || state.is == state_class::waiting)
            filter.open_states.push_back(state.id);
        if (state.is == state_class::hidden && filter.states.empty())
            filter.left_out.push_back(state.id);
    }
    filter.categories = with_branches(values_of(asked, "category"), rules.categories);
    filter.units = or_none(values_of(asked, "unit"));
    filter.officers = or_none(values_of(asked, "officer"));
    for (auto& officer : filter.officers)
        if (officer == "me")
            officer = asked.by.who.id;
    filter.communes = or_none(values_of(asked, "commune"));
    filter.activities = values_of(asked, "activity");
    filter.labels = values_of(asked, "label");
    filter.sources = values_of(asked, "source");
    filter.received_from = day_of(asked, "received_from");
    filter.received_before = day_of(asked, "received_to");
    if (filter.received_before)
        *filter.received_before += std::chrono::days(1);
    set_deadlines(filter, values_of(asked, "deadline"));
    filter.reopened = boolean_of(asked, "reopened");
    filter.has_attachment = boolean_of(asked, "has_attachment");
    filter.test = boolean_of(asked, "test").value_or(false);
    if (const auto rating = asked.parameter("rating_maximum")) {
        filter.rating_maximum = small_number_from(*rating);
        if (!filter.rating_maximum || *filter.rating_maximum < 1 || *filter.rating_maximum > 5)
            throw invalid("rating_maximum", "Từ 1 đến 5");
    }
    const auto query = asked.parameter("q").value_or("");
    if (text::code_points(query) > query_characters)
        throw invalid("q", fmt::format("Dài quá {} ký tự", query_characters));
    filter.search = complaints::parse_search(query);
    filter.me = asked.by.who.id;
    filter.now = now;
    const auto& calendar = rules.calendar;
    const auto later = calendar.add_working_days(complaints::day_of(now), due_soon_days + 1);
    filter.soon_before = utc_time(later.time_since_epoch()) - vietnam_offset;
    return filter;
}

app::complaint_order order_of(const call& asked)
{
    using app::complaint_sort;
    using app::complaint_tab;
    constexpr std::array<std::string_view, app::complaint_tabs> tabs{
        "mine", "unassigned", "open", "due", "all"};
    constexpr std::array<std::string_view, 5> sorts{
        "due", "code", "received", "updated", "waiting"};
    constexpr std::array<std::string_view, 2> orders{"asc", "desc"};
    return {
        .tab = static_cast<complaint_tab>(one_of(asked, "tab", tabs, 0)),
        .by = static_cast<complaint_sort>(one_of(asked, "sort", sorts, 0)),
        .descending = one_of(asked, "order", orders, 0) == 1};
}

std::size_t page_of(const call& asked)
{
    const auto given = asked.parameter("page");
    if (!given)
        return 1;
    const auto page = small_number_from(*given);
    if (!page || *page < 1 || static_cast<std::size_t>(*page) > last_page)
        throw invalid("page", fmt::format("Từ 1 đến {}", last_page));
    return static_cast<std::size_t>(*page);
}

std::string filter_for_audit(const call& asked)
{
    constexpr std::array<std::string_view, 16> names{
        "tab",
        "state",
        "category",
        "unit",
        "officer",
        "commune",
        "deadline",
        "received_from",
        "received_to",
        "activity",
        "label",
        "source",
        "reopened",
        "rating_maximum",
        "has_attachment",
        "test"};
    std::string text;
    for (const auto& [name, value] : asked.query)
        if (std::ranges::find(names, name) != names.end())
            text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
    if (!asked.parameter("q").value_or("").empty())
        text += text.empty() ? "có từ tìm" : " và từ tìm";
    return std::string(text::prefix(text, 500));
}

} // namespace motcua::staff_api
