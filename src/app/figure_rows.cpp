#include <motcua/app/report_desk.hpp>
#include <motcua/core/reach/complaint_figures.hpp>

#include <algorithm>
#include <array>

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
    return one.withdrawn_by.empty() && span.from <= one.day && one.day <= span.to &&
           one.plan + "/" + one.activity == query.activity &&
           (query.product.empty() ? one.of == reach::plan_entry::sort::handed_out
                                  : one.product == query.product);
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
    }
    found.total = shown.total();
    return found;
}

} // namespace motcua::app
