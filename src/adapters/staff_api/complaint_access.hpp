#pragma once

#include "router.hpp"

#include <motcua/app/audit.hpp>
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

// Who may call the routes of complaints.
inline const std::set<app::staff_role> case_roles{
    app::staff_role::officer, app::staff_role::coordinator};

// Of the caller's act.
app::audit_entry
audit_entry_of(const call& asked, std::string action, std::string subject, std::string detail);

} // namespace motcua::staff_api
