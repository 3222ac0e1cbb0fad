#pragma once

#include <motcua/core/dialogue/conversation.hpp>
#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/dialogue/step.hpp>

#include <optional>
#include <string>
#include <vector>

// What the citizen is told about a complaint without having asked, and how a case is put in words.
// Pure.
namespace motcua::dialogue {

struct notice
{
    std::string text;
    std::vector<choice> choices;
};

// The present state in the words of the workflow. Empty for a state of which nothing is said.
std::optional<notice>
notice_of_state(const knowledge& known, const complaints::complaint& what, utc_time now);

// The same after a change that came with words of the staff, which are put before it if the words
// of the state leave no place for them.
std::optional<notice> notice_of_change(
    const knowledge& known,
    const complaints::complaint& what,
    const std::string& words,
    utc_time now);

// Words of the staff that came with no change.
notice
notice_of_reply(const knowledge& known, const complaints::complaint& what, std::string words);

// Directly after filing: code and due date.
notice receipt(const knowledge& known, const complaints::complaint& what);

// The supplement asked for is still missing.
notice supplement_reminder(const knowledge& known, const complaints::complaint& what);

notice draft_reminder(const knowledge& known, const complaint_draft& draft);

// Appends the message; its choices become those of the conversation, unless the citizen is busy
// with something else, when the buttons still work and a typed number goes on meaning what it did.
void tell(step_outcome& outcome, const notice& what);

// The same for a citizen who is not writing just now.
outgoing_message tell(conversation& with, const notice& what);

// "thứ ba, ngày 24/11/2026", local.
std::string date_in_words(const knowledge& known, utc_time when);
// "24/11/2026", local.
std::string short_date(utc_time when);

// The places of state texts, for this case.
places_to_fill facts_of(const knowledge& known, const complaints::complaint& what);

// The first words of a text, with an ellipsis if it goes on.
std::string beginning(std::string_view text, std::size_t code_points);

} // namespace motcua::dialogue
