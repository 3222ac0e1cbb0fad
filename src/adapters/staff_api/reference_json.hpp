#pragma once

#include "router.hpp"

#include <motcua/app/accounts.hpp>
#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/dialogue/knowledge.hpp>

#include <string>
#include <vector>

namespace motcua::staff_api {

// What the Reference of the contract takes from the store.
struct stored_reference
{
    std::vector<std::string> labels; // most used first
    std::vector<app::unit> units;
    std::vector<app::account> staff;
};

json reference_json(const dialogue::knowledge& known, const stored_reference& stored);

json unit_json(const app::unit& one);

// Those an officer or a coordinator can do.
std::vector<const complaints::transition*> staff_transitions(const complaints::workflow& flow);

} // namespace motcua::staff_api
