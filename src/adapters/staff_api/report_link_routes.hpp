#pragma once

#include "report_queue.hpp"

#include <optional>
#include <string_view>

// Links by which other programs pull the report without a session.
namespace motcua::staff_api {

// `parts` and `reports` outlive the router.
void add_report_link_routes(router& to, const staff_api_parts& parts, report_queue& reports);

// The days that a word of ReportSpan means today; empty if it is none. "last_month" on 1 January
// is December.
std::optional<reach::period>
span_of(std::string_view word, const reach::plan& plan, std::chrono::year_month_day today);

} // namespace motcua::staff_api
