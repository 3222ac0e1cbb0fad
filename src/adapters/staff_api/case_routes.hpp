#pragma once

#include "reading.hpp"
#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>
#include <motcua/app/casework.hpp>

namespace motcua::staff_api {

// What staff do with one case: PATCH, assignment, transitions, notes, replies, reveal, moderation,
// archive, takeover. All outlive the router.
void add_case_routes(
    router& to, const staff_api_parts& parts, reading& reader, app::casework& work);

} // namespace motcua::staff_api
