#pragma once

#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>

namespace motcua::staff_api {

// What staff write for themselves: /templates and /views. `parts` must outlive the router.
void add_content_routes(router& to, const staff_api_parts& parts);

} // namespace motcua::staff_api
