#pragma once

#include "accounts.hpp"
#include "router.hpp"

namespace motcua::staff_api {

// /session… and /sessions…: signing in and one's own account. What is given outlives the routes.
void add_account_routes(
    router& routes, const staff_api_parts& parts, accounts& sessions, reading& reader);

} // namespace motcua::staff_api
