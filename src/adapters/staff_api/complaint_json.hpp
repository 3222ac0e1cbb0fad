#pragma once

#include "router.hpp"

#include <motcua/app/complaint_queries.hpp>
#include <motcua/core/complaints/workflow.hpp>

#include <functional>

// Complaints as the contract writes them (data/api/openapi.yaml, components).
namespace motcua::staff_api {

// What it takes to write a complaint. All must outlive its use.
struct complaint_view
{
    const complaints::rules& rules;
    utc_time now{};
    complaints::role role = complaints::role::officer; // of the caller: whose transitions
    // The name of a unit or of a member of staff by its id; the id if nobody knows it.
    std::function<std::string(const std::string&)> name_of = [](const std::string& id) {
        return id;
    };
};

json summary_json(const app::listed_complaint& one, const complaint_view& view);
json complaint_json(const app::opened_complaint& one, const complaint_view& view);
json message_json(const app::case_message& one);
json note_json(const complaints::message& one);
json history_json(const app::case_event& one, const complaint_view& view);
json attachment_json(const app::case_attachment& one);

// Vietnamese title of what is written in the history.
std::string history_title(std::string_view what, const complaints::rules& rules);

// "Nguyễn V. A."
std::string masked_name(std::string_view name);
// "09xx xxx x12"
std::string masked_phone(std::string_view phone);
// On one line, at most 80 characters.
std::string excerpt(std::string_view content);
// "2026-11-22", the local day.
std::string local_date(utc_time when);
// Working days: 0 on the last day, negative when late.
int working_days_left(const complaints::rules& rules, utc_time now, utc_time due);

} // namespace motcua::staff_api
