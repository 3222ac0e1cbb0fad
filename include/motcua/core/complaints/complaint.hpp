#pragma once

#include <motcua/core/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::complaints {

// A file a citizen sent: the event that brought it, and its place among that event's attachments.
struct attachment_reference
{
    std::string message_id; // the platform's, of the event
    int index = 0;          // from 0
    std::string kind;       // image, video, audio, file, gif
    std::string name;       // as the citizen named the file; may be empty

    bool operator==(const attachment_reference&) const = default;
};

struct place
{
    std::string commune;     // statistics code, empty if not told
    std::string text;        // in the citizen's words
    std::string coordinates; // "11.310012,106.098317", empty if not shared

    bool operator==(const place&) const = default;
};

// Personal data: dropped as a whole when the citizen is erased.
struct contact
{
    bool anonymous = false;
    std::string name;
    std::string phone; // canonical 0xxxxxxxxx
    std::string address;

    bool operator==(const contact&) const = default;
};

// The case entered `state` by `transition`. Due dates are derived from these instants.
struct moment
{
    std::string transition;
    std::string state;
    utc_time at{};

    bool operator==(const moment&) const = default;
};

// One case, from its submission on. Text is NFC, identity numbers are masked.
struct complaint
{
    std::int64_t id = 0;
    std::int64_t version = 1; // grows with every change: optimistic concurrency
    std::string code;
    std::string user_id; // Zalo id; empty once erased
    std::string source;  // "zalo", "web", "counter"
    std::string category;
    std::string about; // complaints::name(subject)
    std::string content;
    std::vector<attachment_reference> attachments;
    complaints::place where;
    complaints::contact from;
    std::string notice_version; // the notice consented to
    utc_time consented_at{};

    std::string state;
    std::vector<moment> course;        // oldest first; the first one is the submission
    std::string unit;                  // of the province, in charge; empty = nobody yet
    std::string officer;               // staff id; empty = nobody yet
    std::string agency;                // where it was passed on to
    std::string refusal;               // id of the reason
    std::string duplicate_of;          // code
    std::string message;               // last words to the citizen: answer, question, reason
    std::string national_code;         // of the national portal, if entered there
    std::vector<std::string> labels;   // of the staff, for finding; at most label_limit
    int rating = 0;                    // 1..5, 0 = not rated
    std::vector<std::string> reminded; // reminders given already, see timers_due()
    utc_time updated_at{};
    bool test = false;         // never counts
    std::string activity = {}; // of the plan, that it is credited to; may be empty
};

inline constexpr std::size_t label_limit = 10;
inline constexpr std::size_t label_characters = 30; // of each, code points

enum class role : std::uint8_t
{
    citizen,
    officer,
    coordinator,
    system,
};
std::string_view name(role value);

struct actor
{
    complaints::role role = role::citizen;
    std::string id; // Zalo id, staff id, or what the system did it with
};

// What a change did to one field of the case, for those who had begun from an older version.
struct field_change
{
    std::string field; // unit, officer, state, labels …: see differences()
    std::string before;
    std::string after;

    bool operator==(const field_change&) const = default;
};

// The fields staff work with that differ; values as stored, labels joined by ", ".
std::vector<field_change> differences(const complaint& before, const complaint& after);

// One line of the history, written with every change in the same transaction.
struct history_entry
{
    utc_time at{};
    actor by;
    std::string what; // id of a transition, or: rate, assign, category, label, national_code, note,
                      // reply, undo_reply, reply_stale, resend, moderate, reveal, takeover,
                      // hand_back, erase, reminder:<id>
    std::string from; // state before
    std::string to;   // state after
    std::string reason;                     // why, for staff
    std::string message;                    // what the citizen was told
    std::string value;                      // unit, agency, code, refusal, rating, "old -> new"
    bool late = false;                      // after the limit of this step
    std::int64_t version = 0;               // of the case after it; 0: it changed none
    std::vector<field_change> changes = {}; // of the version
};

enum class message_kind : std::uint8_t
{
    citizen, // said by the citizen
    staff,   // said to the citizen; by the machine if the actor is the system
    note,    // internal
};
std::string_view name(message_kind value);

struct message
{
    std::int64_t id = 0;
    utc_time at{};
    message_kind kind = message_kind::citizen;
    actor by;
    std::string text; // what the citizen reads, places filled in, without the choices below
    std::vector<attachment_reference> attachments;
    std::string transition = {}; // the one that came with it
    bool held = false;           // not said yet: it can still be undone
    std::int64_t outbox_id = 0;  // the row of the outbox that carries it; 0: none
};

} // namespace motcua::complaints
