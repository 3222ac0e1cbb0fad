#pragma once

#include "report_queue.hpp"

// Results and quantities that staff enter by hand.
namespace motcua::staff_api {

// `parts` and `reports` outlive the router.
void add_plan_entry_routes(router& to, const staff_api_parts& parts, report_queue& reports);

} // namespace motcua::staff_api
