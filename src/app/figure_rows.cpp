#include <motcua/app/report_desk.hpp>
#include <motcua/core/reach/complaint_figures.hpp>
#include <motcua/core/text/fnv.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace motcua::app {
namespace {

using row_kind = reach::row_query::kind;

constexpr std::array<std::string_view, 4> format_names{"json", "csv", "xlsx", "docx"};

// Calls take(row) for the rows of the page, and counts them all.
class counted_page
{
public:
    counted_page(std::size_t offset, std::size_t limit) : offset_(offset), limit_(limit) {}

    template <class Take>
    void add(const Take& take)
    {
        const auto place = static_cast<std::size_t>(total_++);
        if (place >= offset_ && place - offset_ < limit_)
            take();
    }
    std::int64_t total() const { return total_; }

private:
    std::size_t offset_;
    std::size_t limit_;
    std::int64_t total_ = 0;
};

void list_complaints(
    reach_reader& reader,
    const reach::row_query& query,
    const complaints::rules& by,
    counted_page& shown,
    figure_rows& into)
{
    for (auto& life : reader.complaints()) {
        if (!query.category.empty() && life.value.category != query.category)
            continue;
        const auto figures = figures_of(life, by, query.period);
        if (std::ranges::find(figures, query.figure) != figures.end())
            shown.add([&] { into.complaints.push_back(std::move(life.value)); });
    }
}

// A query without a product is that of all material handed out.
bool concerns(const reach::row_query& query, const reach::plan_entry& one)
{
    const auto& span = query.period;
    if (one.day < span.from || span.to < one.day)
        return false;
    if (query.figure == reach::late_entry)
        return vietnam_date(one.entered_at) == query.made;
    if (query.figure == reach::entry_withdrawn)
        return !one.withdrawn_by.empty() && vietnam_date(one.withdrawn_at) == query.made;
    if (!one.withdrawn_by.empty() || one.plan + "/" + one.activity != query.activity)
        return false;
    if (!query.figure.empty())
        return std::to_string(one.id) == query.figure;
    return query.product.empty() ? one.of == reach::plan_entry::sort::handed_out
                                 : one.product == query.product;
}

bool is_unknown_of(const reach::period& span, const dialogue::unknown_message& one)
{
    return !one.test && one.kind == dialogue::unknown_kind::not_understood &&
           one.at >= begin_of(span) && one.at < end_of(span);
}

std::string key_of_unknown(std::string_view text)
{
    return std::to_string(text::fnv(text::fold(text)));
}

void list_entries(
    reach_reader& reader, const reach::row_query& query, counted_page& shown, figure_rows& into)
{
    const auto plan = query.activity.substr(0, query.activity.find('/'));
    for (auto& one : reader.entries(plan)) {
        if (!concerns(query, one))
            continue;
        into.quantity += one.quantity;
        into.participants += one.participants;
        shown.add([&] { into.entries.push_back(std::move(one)); });
    }
}

} // namespace

std::string_view name(report_format value)
{
    return format_names[static_cast<std::size_t>(value)];
}

std::optional<report_format> report_format_from(std::string_view word)
{
    const auto* const found = std::ranges::find(format_names, word);
    if (found == format_names.end())
        return std::nullopt;
    return static_cast<report_format>(found - format_names.begin());
}

std::vector<reach::unknown_question>
group_unknown(const std::vector<dialogue::unknown_message>& messages, const reach::period& span)
{
    std::map<std::string, reach::unknown_question> groups;
    for (const auto& one : messages) {
        if (!is_unknown_of(span, one))
            continue;
        auto key = key_of_unknown(one.text);
        auto& group = groups[key];
        if (group.count++ == 0) {
            group.text = one.text;
            group.key = std::move(key);
        }
    }
    std::vector<reach::unknown_question> all;
    all.reserve(groups.size());
    for (auto& [key, group] : groups)
        all.push_back(std::move(group));
    std::ranges::sort(all, [](const auto& left, const auto& right) {
        return std::pair(right.count, std::string_view(left.text)) <
               std::pair(left.count, std::string_view(right.text));
    });
    return all;
}

figure_rows list_unknown(
    const std::vector<dialogue::unknown_message>& messages,
    const reach::row_query& query,
    std::size_t offset,
    std::size_t limit)
{
    figure_rows found;
    counted_page shown(offset, limit);
    for (const auto& one : messages)
        if (is_unknown_of(query.period, one) && key_of_unknown(one.text) == query.figure)
            shown.add([&] { found.unknown.push_back({vietnam_date(one.at), one.text}); });
    found.total = shown.total();
    return found;
}

figure_rows list_rows(
    reach_reader& reader,
    reach_series& series,
    const reach::row_query& query,
    const reach::field_groups& fields,
    const complaints::rules& by,
    std::size_t offset,
    std::size_t limit)
{
    figure_rows found;
    counted_page shown(offset, limit);
    switch (query.of) {
    case row_kind::contacts:
    case row_kind::people: {
        auto rows = reader.rows(query, fields, offset, limit);
        found.total = rows.total;
        found.contacts = std::move(rows.rows);
        return found;
    }
    case row_kind::answers: {
        auto rows = series.answers(query.period, offset, limit);
        found.total = rows.total;
        found.answers = std::move(rows.rows);
        return found;
    }
    case row_kind::complaints:
        list_complaints(reader, query, by, shown, found);
        break;
    case row_kind::entries:
        list_entries(reader, query, shown, found);
        break;
    case row_kind::unknown:
        break;
    }
    found.total = shown.total();
    return found;
}

} // namespace motcua::app
