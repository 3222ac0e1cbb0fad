#pragma once

#include "complaint_routes.hpp"
#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>

namespace motcua::staff_api {

// GET /events, presence, GET /reference, GET /openapi.yaml. From now on what the store commits is
// announced. All outlive the router.
void add_live_routes(
    router& to, const staff_api_parts& parts, session_source& sessions, directory known);

} // namespace motcua::staff_api
