#pragma once

#include "accounts.hpp"
#include "router.hpp"

namespace motcua::staff_api {

// /staff…, /units… and /audit…: accounts, units, audit. What is given outlives the routes.
void add_administration_routes(
    router& routes, const staff_api_parts& parts, accounts& sessions, reading& reader);

} // namespace motcua::staff_api
