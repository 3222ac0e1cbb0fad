#pragma once

#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>
#include <motcua/app/unit_tree.hpp>

#include <functional>

namespace motcua::staff_api {

// What is known of units and staff besides; both are called on the workers.
struct directory
{
    std::function<app::unit_tree(app::reader&)> units;
    // Names of units and staff by id.
    std::function<std::map<std::string, std::string>(app::reader&)> names;
};

// What is read of one complaint: the case, what was said, notes, history, likely duplicates.
// `parts` must outlive the router.
void add_complaint_routes(router& to, const staff_api_parts& parts, directory known);

} // namespace motcua::staff_api
