#pragma once

#include <motcua/app/casework_store.hpp>
#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/dialogue/conversation.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/procedures/procedure.hpp>

#include <string>
#include <string_view>
#include <vector>

// How values stand in the database. Members at their default are left out; reading keeps the
// default of what is missing or of another type, and passes over what it does not know, so that
// older and newer rows stay readable.
namespace motcua::sqlite {

std::string to_json(const dialogue::conversation& value);
std::string to_json(const dialogue::outgoing_message& value);
std::string to_json(const procedures::procedure& value);
std::string to_json(const complaints::complaint& value);
std::string to_json(const std::vector<complaints::attachment_reference>& value);
std::string to_json(const std::vector<complaints::field_change>& value);
std::string to_json(const app::reply_draft& value);

// Throw std::runtime_error on what is no JSON object: we wrote it, so the database is damaged.
dialogue::conversation conversation_from_json(std::string_view text);
dialogue::outgoing_message outgoing_message_from_json(std::string_view text);
procedures::procedure procedure_from_json(std::string_view text);
complaints::complaint complaint_from_json(std::string_view text);
app::reply_draft reply_draft_from_json(std::string_view text);

// What is no list gives none.
std::vector<complaints::attachment_reference> attachments_from_json(std::string_view text);
std::vector<complaints::field_change> changes_from_json(std::string_view text);

// "yyyy-mm-dd", empty for what is no day of the calendar. Sorts as the dates do.
std::string to_text(procedures::date value);

std::string to_text(procedures::origin value);

} // namespace motcua::sqlite
