#pragma once

#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a citizen is writing; lives with the conversation until it is filed, dropped or erased.
namespace motcua::complaints {
struct intake_rules;
}

namespace motcua::dialogue {

enum class draft_stage : std::uint8_t
{
    none, // nothing is being written
    consent,
    content,
    duplicate, // "this looks like PA-…"
    category,
    place,
    contact,   // name, or Zalo's form, or anonymous
    anonymous, // warned: still anonymous?
    phone,
    address,
    summary,
    correction, // which field?
    cancelling, // really?
};

// The text and files of one piece of writing, in several messages.
struct written_parts
{
    std::vector<std::string> texts; // masked
    std::vector<complaints::attachment_reference> attachments;

    bool operator==(const written_parts&) const = default;
};

struct complaint_draft
{
    draft_stage at = draft_stage::none;
    draft_stage before = draft_stage::none; // of cancelling
    bool paused = false;                    // the citizen is asking something else
    bool correcting = false;                // one field only, then back to the summary
    bool assured = false;                   // "this is phản ánh": not sent elsewhere again
    bool reminded = false;
    std::string pending; // a message set aside; may yet become content
    written_parts content;
    std::string category;     // id
    std::string category_top; // branch being looked at
    complaints::place where;
    complaints::contact from;
    std::string notice_version;
    utc_time consented_at{};
    utc_time touched_at{};

    bool operator==(const complaint_draft&) const = default;
};

enum class reply_stage : std::uint8_t
{
    none,
    supplement, // collecting what was asked for
    objection,  // why the case should be opened again
    withdrawal, // really?
};

// What the citizen is saying about a case filed before.
struct complaint_reply
{
    reply_stage at = reply_stage::none;
    std::string code;
    written_parts content;
    utc_time touched_at{};

    bool operator==(const complaint_reply&) const = default;
};

// When an unfinished draft wants attention next: to be reminded of once, never at night, and then
// to be dropped. Empty if nothing is being written.
std::optional<utc_time>
draft_due(const complaint_draft& draft, const complaints::intake_rules& rules);

// The instant, or the end of the quiet hours it falls into.
utc_time after_quiet_hours(utc_time when, const complaints::intake_rules& rules);

} // namespace motcua::dialogue
