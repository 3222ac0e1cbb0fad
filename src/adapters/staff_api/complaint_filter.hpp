#pragma once

#include "router.hpp"

#include <motcua/app/complaint_queries.hpp>
#include <motcua/core/complaints/workflow.hpp>

// The query of the list and of its export (data/api/openapi.yaml, parameters).
namespace motcua::staff_api {

// What the request asks for. Throws `invalid` for a value that is none.
app::complaint_filter filter_of(
    const call& asked, const complaints::rules& rules, app::complaint_sight sight, utc_time now);
// By default the tab `mine`, by due date.
app::complaint_order order_of(const call& asked);

inline constexpr std::size_t page_size = 25;
// From 1.
std::size_t page_of(const call& asked);

// What of the filter is fit for the audit: names and values, the words searched for aside, because
// they may be of a person.
std::string filter_for_audit(const call& asked);

} // namespace motcua::staff_api
