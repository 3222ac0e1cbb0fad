#pragma once

#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/dialogue/conversation.hpp>
#include <motcua/core/dialogue/inbound.hpp>
#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/dialogue/payload.hpp>
#include <motcua/core/dialogue/unknown.hpp>
#include <motcua/core/reach/interaction.hpp>
#include <motcua/core/time.hpp>
#include <motcua/core/understand/understander.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace motcua::dialogue {

// What step() wants done to complaints; app does it in the transaction of the event. Each is legal
// on the complaints step() was given.
struct file_complaint
{
    complaints::complaint content; // without code, state and course
};
struct change_complaint
{
    std::string code;
    complaints::change what;
    std::vector<complaints::attachment_reference> attachments; // of what.message
};
struct rate_complaint
{
    std::string code;
    int rating = 0; // 1..5
};
using complaint_command = std::variant<file_complaint, change_complaint, rate_complaint>;

// What step() wants done about dossiers, in the transaction of the event; the store knows what the
// conversation does not. The answer to a question comes later, from the source.
struct dossier_wish
{
    enum class kind : std::uint8_t
    {
        mine,  // those the citizen is told of; one is asked about at once
        ask,   // about `code`; the second proof is asked for unless it was given before
        prove, // about `code`, with the proof
        watch, // tell of changes
        unwatch,
    };
    kind what = kind::mine;
    std::string code;
    std::string proof; // dossiers::typed_proof; of prove
};

// What the contact was, for the interaction row; app adds time, pseudonym and versions.
struct contact
{
    reach::contact_kind kind = reach::contact_kind::message;
    reach::outcome outcome = reach::outcome::silent;
    std::string intent;
    std::string procedure;
    std::string field;
    std::string aspect;
    std::string activity; // credited: reach::interaction
    reach::credit credit = reach::credit::none;
    std::string keyword;
    std::string procedure_version; // date of the record answered from
    std::string filing_link;       // to the portal, shown in the answer: worth tracking

    bool operator==(const contact&) const = default;
};

struct step_outcome
{
    conversation next;
    std::vector<outgoing_message> messages; // in the order to send
    std::optional<contact> reached; // empty: no contact of a citizen (receipt, echo, unknown event)
    std::optional<payload> taken;   // what the text stood for: a tap, a number, a command
    std::optional<unknown_message> unknown; // to be kept for those who widen the content
    bool erase = false; // erase everything kept of the citizen, after the messages
    std::vector<complaint_command> complaints; // in order, before the messages are sent
    std::optional<dossier_wish> dossier;
    bool forget_event = false; // the words must not be kept: keep the event without its body
};

// Advances one conversation by one event. Pure and total: no I/O, no clock, no randomness; accepts
// any text; the same arguments give the same outcome. `heard` is the understanding of event.text,
// `filed` the citizen's own complaints, newest first.
step_outcome step(
    conversation current,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    utc_time now,
    const std::vector<complaints::complaint>& filed = {});

// True if step() looks at the understanding of this event: a text that is no payload.
bool needs_understanding(const inbound_event& event);

} // namespace motcua::dialogue
