#pragma once

#include <motcua/core/reach/catalogue.hpp>
#include <motcua/core/reach/complaint_figures.hpp>
#include <motcua/core/reach/figures.hpp>
#include <motcua/core/reach/periods.hpp>
#include <motcua/core/reach/plan.hpp>
#include <motcua/core/reach/report.hpp>

#include <map>
#include <string>
#include <vector>

namespace motcua::reach {

// All figures of one period.
struct period_figures
{
    reach::figures reach;
    complaint_figures complaints;
};

struct unknown_question
{
    std::string text; // masked
    std::int64_t count = 0;
    std::string key; // of row_query: the same for wordings that are counted together
};

struct report_parts
{
    const reach::plan& plan;
    const reach::catalogue& kpis;
    const period_figures& current;
    const period_figures& before;     // period_before()
    const period_figures& cumulative; // since_new_year()
    const std::vector<plan_entry>& entries;
    const std::vector<correction>& corrections;
    const std::map<std::string, std::string, std::less<>>& procedures;  // name by code
    const std::vector<std::pair<std::string, std::string>>& categories; // id, title: of complaints
    const std::vector<unknown_question>& unknown;                       // most frequent first
    bool mask_small = false; // counts under five, of contacts and people, read "<5"
    std::string exported_at; // printed if not empty
    std::string verified;
    std::chrono::minutes visit_gap = reach::visit_gap;
};

// The report on the plan (reports.md section 4, domain.md 7.3). Pure: the same parts give the same
// report.
report build_report(const report_parts& parts);

} // namespace motcua::reach
