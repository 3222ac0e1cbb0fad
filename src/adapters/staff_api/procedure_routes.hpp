#pragma once

#include "reading.hpp"
#include "router.hpp"

namespace motcua::staff_api {

// Procedures: search, the record beside the chat's answers, edits of the province's part, import
// with a preview. All three outlive the routes.
void add_procedure_routes(router& to, const staff_api_parts& parts, reading& reader);

} // namespace motcua::staff_api
