#pragma once

#include "reading.hpp"
#include "router.hpp"

namespace motcua::staff_api {

// Figures for operators, dead letters, the kill switch. All three outlive the routes.
void add_operations_routes(router& to, const staff_api_parts& parts, reading& reader);

} // namespace motcua::staff_api
