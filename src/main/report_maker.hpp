#pragma once

#include "configuration.hpp"

#include <motcua/app/reach_store.hpp>
#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/procedures/catalogue.hpp>
#include <motcua/core/reach/report_builder.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

// From the database to the finished report: for the command, and for the screen that shows it.
namespace motcua {

// Content that a report needs; read once.
struct report_content
{
    reach::plan plan;
    reach::catalogue kpis;
    complaints::rules complaints;
    std::chrono::minutes visit_gap = reach::visit_gap;
    int closing_day = 0; // periods.hpp
};
// Throws content_error for findings that are errors.
report_content read_report_content(const configuration& config, const std::filesystem::path& plan);

struct report_wish
{
    reach::period period;
    bool mask_small = false;
    std::string exported_at; // printed; empty: none
    std::string verified;
};

// All that is counted, from the roll-ups or by the recount.
struct counted_periods
{
    reach::period_figures current;
    reach::period_figures before;
    reach::period_figures cumulative;
};
counted_periods count_periods(
    app::figure_source& figures,
    const std::vector<reach::complaint_life>& complaints,
    const report_content& content,
    const reach::period& span);
counted_periods count_periods(
    app::figure_source& figures,
    const std::function<reach::complaint_figures(const reach::period&)>& complaints,
    const report_content& content,
    const reach::period& span);

// What a report shows besides figures.
struct report_rows
{
    std::vector<reach::plan_entry> entries;
    std::vector<reach::correction> corrections;
    std::map<std::string, std::string, std::less<>> procedures;
    std::vector<reach::unknown_question> unknown;
};

reach::report make_report(
    const counted_periods& figures,
    const report_rows& rows,
    const report_content& content,
    const report_wish& wish);

// Everything at once, from the database of the configuration.
reach::report make_report(
    const configuration& config,
    const report_content& content,
    const procedures::catalogue& records,
    const report_wish& wish);
// `records` name the procedures.
report_rows read_report_rows(
    const configuration& config,
    const report_content& content,
    const procedures::catalogue& records,
    const reach::period& span);

} // namespace motcua
