#include "report_maker.hpp"

#include "content_loader.hpp"
#include "procedure_source.hpp"

#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/content/plan_files.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/reach.hpp>
#include <motcua/app/report_desk.hpp>
#include <motcua/core/reach/complaint_figures.hpp>

#include <algorithm>
#include <utility>

namespace motcua {
namespace {

void refuse(const std::vector<finding>& findings)
{
    for (const auto& one : findings)
        if (one.severity == finding::grade::error)
            throw content_error(describe(one));
}

// In the report people stand with their names.
void name_staff(std::vector<reach::plan_entry>& entries, app::reader& store)
{
    std::map<std::string, std::string> names;
    for (const auto& one : store.accounts().all())
        names.emplace(one.who.id, one.who.name);
    for (auto& one : entries)
        if (const auto found = names.find(one.entered_by); found != names.end())
            one.entered_by = found->second;
}

} // namespace

report_content read_report_content(const configuration& config, const std::filesystem::path& plan)
{
    auto kpis = content::read_kpis(config.content.data / "kpi.yml");
    refuse(kpis.findings);
    auto plans = content::read_plan(plan, kpis.catalogue);
    refuse(plans.findings);
    if (plans.plans.empty())
        throw content_error(plan.string() + ": no such plan");
    auto known = content::read_knowledge(config.content.intents, config.content.data);
    refuse(known.findings);
    return {
        .plan = std::move(plans.plans.front()),
        .kpis = std::move(kpis.catalogue),
        .complaints = std::move(known.known.complaints),
        .visit_gap = std::chrono::minutes(config.report.visit_gap_minutes),
        .closing_day = config.report.closing_day};
}

counted_periods count_periods(
    app::figure_source& figures,
    const std::vector<reach::complaint_life>& complaints,
    const report_content& content,
    const reach::period& span)
{
    return count_periods(
        figures,
        [&](const reach::period& one) {
            return count_complaints(complaints, content.complaints, one);
        },
        content,
        span);
}

counted_periods count_periods(
    app::figure_source& figures,
    const std::function<reach::complaint_figures(const reach::period&)>& complaints,
    const report_content& content,
    const reach::period& span)
{
    const auto count = [&](const reach::period& one) {
        return reach::period_figures{
            .reach = figures.read(
                {.period = one, .plan = content.plan.head.id, .fields = content.kpis.fields}),
            .complaints = complaints(one)};
    };
    counted_periods all;
    all.current = count(span);
    all.before = count(period_before(span, content.closing_day));
    const auto since = since_new_year(span, content.closing_day);
    all.cumulative = since == span ? all.current : count(since);
    return all;
}

report_rows read_report_rows(
    const configuration& config,
    const report_content& content,
    const procedures::catalogue& records,
    const reach::period& span)
{
    const auto file = database_file(config);
    const auto reader = sqlite::open_reach_reader(file);
    const auto store = sqlite::open_reader(file);
    report_rows rows;
    rows.entries = reader->entries(content.plan.head.id);
    name_staff(rows.entries, *store);
    rows.corrections = reader->corrections(span);
    rows.unknown = app::group_unknown(store->unknown_messages(begin_of(span)), span);
    for (const auto& one : records.all())
        rows.procedures.emplace(one.code, one.name);
    return rows;
}

reach::report make_report(
    const counted_periods& figures,
    const report_rows& rows,
    const report_content& content,
    const report_wish& wish)
{
    std::vector<std::pair<std::string, std::string>> categories;
    for (const auto& one : content.complaints.categories.all())
        categories.emplace_back(one.id, one.title);
    return reach::build_report(
        {.plan = content.plan,
         .kpis = content.kpis,
         .current = figures.current,
         .before = figures.before,
         .cumulative = figures.cumulative,
         .entries = rows.entries,
         .corrections = rows.corrections,
         .procedures = rows.procedures,
         .categories = categories,
         .unknown = rows.unknown,
         .mask_small = wish.mask_small,
         .exported_at = wish.exported_at,
         .verified = wish.verified,
         .visit_gap = content.visit_gap});
}

reach::report make_report(
    const configuration& config,
    const report_content& content,
    const procedures::catalogue& records,
    const report_wish& wish)
{
    const auto file = database_file(config);
    const auto complaints = sqlite::open_reach_reader(file)->complaints();
    const auto figures = sqlite::open_figures(file);
    const auto counted = count_periods(*figures, complaints, content, wish.period);
    return make_report(
        counted, read_report_rows(config, content, records, wish.period), content, wish);
}

} // namespace motcua
