#pragma once

#include <motcua/app/reply_delivery.hpp>
#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The storing port of what staff do with a case besides changing it: replies held back, texts for
// publication, requests already carried out. A part of the transaction, with its rules.
namespace motcua::app {

inline constexpr std::chrono::seconds undo_span{10}; // a reply is held for so long

// What must come with a transition, besides `message`.
struct transition_inputs
{
    std::string reason;
    std::string message;
    std::string unit;
    std::string agency;
    std::string duplicate_of;
    std::string refusal;

    bool operator==(const transition_inputs&) const = default;
};

// A reply as written: places not filled in.
struct reply_draft
{
    std::string text;
    std::string transition; // empty: none
    transition_inputs inputs;
    std::string template_id; // empty: none

    bool operator==(const reply_draft&) const = default;
};

// A reply that can be undone until then. Its message is stored already.
struct held_reply
{
    std::int64_t message_id = 0;
    std::int64_t complaint_id = 0;
    std::string code; // of the complaint
    complaints::actor by;
    reply_draft draft;
    utc_time undo_until{};
    sending when = sending::at_once;
    reply_state state = reply_state::held;
};

// Who sent the request and what it said first; a repetition gives the same answer.
struct known_request
{
    std::int64_t complaint_id = 0;
    std::int64_t message_id = 0; // note or reply; may be gone, if the reply was undone
};

// A text made fit for publication. The newest one of a message counts; equal to the original it
// takes the alteration back.
struct moderation
{
    std::int64_t id = 0;
    std::int64_t complaint_id = 0;
    std::int64_t message_id = 0; // 0: the content of the complaint
    std::string original;
    std::string text;
    std::string reason;
    std::string staff_id;
    utc_time at{};
};

// What has become of a message of a case.
struct message_fate
{
    std::optional<delivery_mark> delivery;  // empty of what the citizen said, and of notes
    std::optional<std::string> public_text; // if it was altered
    std::string transition;                 // that came with it
};

struct stored_message
{
    std::int64_t complaint_id = 0;
    complaints::message said; // without attachments
};

class casework_store
{
public:
    virtual ~casework_store() = default;

    virtual void hold(const held_reply& value) = 0;
    // The one of the case that can still be undone.
    virtual std::optional<held_reply> held_of(std::int64_t complaint_id) = 0;
    virtual std::optional<held_reply> reply(std::int64_t message_id) = 0;
    // Held ones whose time to undo has passed, oldest first.
    virtual std::vector<held_reply> replies_due(utc_time now, std::size_t limit) = 0;
    // When the next of them is due.
    virtual std::optional<utc_time> next_reply() = 0;
    // The reply is no longer held.
    virtual void end_reply(std::int64_t message_id, reply_state end) = 0;

    virtual std::optional<stored_message> message(std::int64_t message_id) = 0;
    // What it says by now, and the row of the outbox that carries it.
    virtual void
    hand_over(std::int64_t message_id, const std::string& text, std::int64_t outbox_id) = 0;
    // The message and its held reply, as if they had never been.
    virtual void remove_message(std::int64_t message_id) = 0;

    // True, and the row dead, if it waits for the citizen's contact.
    virtual bool take_back(std::int64_t outbox_id, utc_time now) = 0;
    // The message of a dead row that can be sent again: its citizen is not erased, and it is known
    // not to have arrived.
    struct unsent
    {
        std::string user_id;
        dialogue::outgoing_message message;
    };
    virtual std::optional<unsent> unsent_message(std::int64_t outbox_id) = 0;

    virtual std::optional<known_request>
    request(std::string_view staff_id, std::string_view request_id) = 0;
    virtual void note_request(
        std::string_view staff_id, std::string_view request_id, const known_request& value) = 0;

    virtual void add_moderation(const moderation& value) = 0;
    // What counts now; empty if nothing is altered. 0: the content of the complaint.
    virtual std::optional<std::string>
    public_text(std::int64_t complaint_id, std::int64_t message_id) = 0;
};

// The same for looking only: a part of the reader.
class casework_queries
{
public:
    virtual ~casework_queries() = default;
    virtual message_fate fate_of(std::int64_t message_id) = 0;
    // Newest first.
    virtual std::vector<moderation> moderations(std::int64_t complaint_id, std::size_t limit) = 0;
    // Changes after that version of the case, oldest first.
    virtual std::vector<complaints::history_entry>
    changes_since(std::int64_t complaint_id, std::int64_t version, std::size_t limit) = 0;
};

} // namespace motcua::app
