#pragma once

#include "complaint_json.hpp"

#include <motcua/app/casework.hpp>

#include <map>
#include <string>

// What commands on a case take and give, as the contract writes it.
namespace motcua::staff_api {

using names_by_id = std::map<std::string, std::string>;

// The inputs of a transition; each bounded, others refused.
app::transition_inputs inputs_from(const json* given);
// `rest` has the members of a ReplyDraft among others.
app::reply_draft draft_from(body_reader& rest);
json draft_json(const app::reply_draft& draft);

json moderation_json(const app::moderation& one);

// `changes` of a stale answer, oldest first: ids by their names.
json changes_json(
    const std::vector<complaints::history_entry>& since,
    const complaints::rules& rules,
    const names_by_id& names);

// What went wrong with a transition, in Vietnamese.
std::string title_of(complaints::objection why);

// Who does the work: the caller, with the sight of the caller.
app::case_worker worker_of(const call& asked);

// Without the blanks at both ends.
std::string trimmed(std::string text);
// The labels of that field; none is blank.
std::vector<std::string> labels_from(body_reader& body, std::string_view field, bool required);

} // namespace motcua::staff_api
