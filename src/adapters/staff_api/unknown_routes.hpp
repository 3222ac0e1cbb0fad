#pragma once

#include "reading.hpp"
#include "router.hpp"

namespace motcua::staff_api {

// Sentences not understood, and what the staff makes of them. All three outlive the routes.
void add_unknown_routes(router& to, const staff_api_parts& parts, reading& reader);

} // namespace motcua::staff_api
