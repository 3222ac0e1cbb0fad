#pragma once

#include "reading.hpp"
#include "router.hpp"

#include <motcua/app/casework.hpp>

namespace motcua::staff_api {

// One operation on many cases: a preview, then its run. Previews are kept in memory, so a restart
// forgets them; what of a run was done stays done. All outlive the router.
void add_bulk_routes(router& to, reading& reader, app::casework& work);

} // namespace motcua::staff_api
