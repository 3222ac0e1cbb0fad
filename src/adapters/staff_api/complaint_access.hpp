#pragma once

#include "router.hpp"

#include <motcua/app/complaint_queries.hpp>
#include <motcua/app/unit_tree.hpp>
#include <motcua/core/complaints/complaint.hpp>

// x-record: case (data/api/openapi.yaml): who may see a complaint.
namespace motcua::staff_api {

// A coordinator sees all complaints, an officer those of the own unit and of units below it. Who
// may not see one is told that it does not exist.
bool may_see(const caller& by, const complaints::complaint& what, const app::unit_tree& units);

// The same for lists.
app::complaint_sight sight_of(const caller& by, const app::unit_tree& units);

// What the caller is to the workflow: coordinator, else officer.
complaints::role role_of(const caller& by);

} // namespace motcua::staff_api
