#pragma once

#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>
#include <motcua/app/audit.hpp>
#include <motcua/app/unit_tree.hpp>

#include <functional>

namespace motcua::staff_api {

// What the routes need of accounts and audit. What reads is called on the workers.
struct directory
{
    std::function<app::unit_tree(app::reader&)> units;
    // Names of units and staff by id.
    std::function<std::map<std::string, std::string>(app::reader&)> names;
    std::function<void(app::transaction&, const app::audit_entry&)> audit;
};

// The list and its export; and what is read of one complaint: the case, what was said, notes,
// history, likely duplicates. `parts` must outlive the router.
void add_complaint_routes(router& to, const staff_api_parts& parts, directory known);

} // namespace motcua::staff_api
