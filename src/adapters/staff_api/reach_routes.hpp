#pragma once

#include "complaint_routes.hpp"
#include "report_queue.hpp"

#include <motcua/core/reach/figures.hpp>

// Plans, the report on them, and the rows behind its figures.
namespace motcua::staff_api {

// `parts` and `reports` outlive the router.
void add_reach_routes(
    router& to, const staff_api_parts& parts, report_queue& reports, directory known);

// PlanEntry of the contract.
json plan_entry_json(const reach::plan_entry& one);

} // namespace motcua::staff_api
