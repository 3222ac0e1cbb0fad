#pragma once

#include <motcua/core/complaints/calendar.hpp>
#include <motcua/core/complaints/categories.hpp>
#include <motcua/core/complaints/complaint.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// States, transitions, limits of complaints (data/complaint-workflow.yml): the one table that
// drives server, screens, bot texts and tests. Pure.
namespace motcua::complaints {

enum class state_class : std::uint8_t
{
    open,     // the clock runs
    waiting,  // for the citizen: the clock stands still
    answered, // done unless the citizen objects
    ended,
    hidden, // spam, insults: ended, counted apart, the citizen is told nothing
};
std::string_view name(state_class value);

// What must come with a transition.
enum class input : std::uint8_t
{
    reason,       // why, for the history
    message,      // to the citizen
    unit,         // of the province
    agency,       // elsewhere
    duplicate_of, // code of another complaint
    refusal,      // one of the refusal reasons
};
std::string_view name(input value);

struct state
{
    std::string id;
    std::string title;   // what staff see
    std::string citizen; // what the citizen reads, with {{places}}; empty = nothing is said
    state_class is = state_class::open;
};

struct transition
{
    std::string id;
    std::string title;             // of the button
    std::vector<std::string> from; // states; empty: only by filing
    std::string to;
    std::vector<role> by;
    std::vector<input> needs;
    std::string limit;     // id: later than that is late, but legal
    std::string within;    // id: later than that is refused
    std::string after;     // id: then the system does it by itself
    bool restarts = false; // the clock of the case begins anew
};

// A span in working days, and the moment it is counted from.
struct time_limit
{
    enum class origin : std::uint8_t
    {
        submission,
        clock, // the last start of the clock; days on which it stood still do not count
        state, // entering the present state
        answer // the last answer
    };
    std::string id;
    int days = 0;
    origin from = origin::submission;
};

// A reminder is due on the opening of a working day counted from the last day of a limit, or at the
// end of that day itself.
struct reminder
{
    enum class audience : std::uint8_t
    {
        owner, // the officer in charge, else the coordinators
        superior,
        citizen
    };
    std::string id;
    std::string limit;
    std::vector<std::string> in; // states
    bool half = false;           // at half of the limit, `offset` aside
    int offset = 0; // working days: -1 = the day before, 0 = when it is over, 1 = after
    audience to = audience::owner;
};
std::string_view name(reminder::audience value);

// domain.md 6.2: offered to staff exactly so.
struct refusal_reason
{
    std::string id;
    std::string title;   // for staff
    std::string citizen; // what the citizen reads, with the right place
};

class workflow
{
public:
    struct parts
    {
        std::vector<state> states;
        std::vector<transition> transitions;
        std::vector<time_limit> limits;
        std::vector<reminder> reminders;
        std::vector<refusal_reason> refusals;
        std::string initial;      // the state of a new case
        std::string answer_limit; // the limit whose end is the due date of a case
    };
    workflow() = default;
    explicit workflow(parts all) : all_(std::move(all)) {}

    const parts& all() const { return all_; }
    const state* find_state(std::string_view id) const;
    const transition* find_transition(std::string_view id) const;
    const time_limit* find_limit(std::string_view id) const;
    const refusal_reason* find_refusal(std::string_view id) const;

private:
    parts all_;
};

// Bounds and choices of the intake; every one is configuration.
struct intake_rules
{
    bool open = false; // false: the bot only explains where complaints go
    std::string notice_version;
    bool anonymous = false;
    std::string contact_form_image; // https; Zalo's own form is offered too. Empty: it is not
    int messages = 20;              // of one complaint
    int characters = 6000;          // of all its text
    int attachments = 5;
    int per_day = 5;                       // complaints of one citizen
    int duplicate_days = 90;               // how far back likely duplicates are looked for
    std::chrono::minutes resume_after{60}; // silence after which the bot asks before going on
    std::chrono::minutes remind_after{120};
    std::chrono::hours drop_after{7 * 24};
    std::chrono::minutes quiet_from{21 * 60}; // of the local day: no reminders to citizens
    std::chrono::minutes quiet_to{7 * 60 + 30};
    std::vector<std::string> done_words; // folded: "xong"
};

// All that complaints go by.
struct rules
{
    workflow flow;
    working_calendar calendar;
    category_tree categories;
    intake_rules intake;
};

// A wish to change the state.
struct change
{
    std::string transition;
    actor by;
    std::string reason;
    std::string message;
    std::string unit;
    std::string agency;
    std::string duplicate_of;
    std::string refusal;
};

// Why a change is refused.
enum class objection : std::uint8_t
{
    none,
    unknown_transition,
    wrong_state, // not from the present state
    wrong_role,
    missing_input,
    unknown_refusal,
    own_duplicate, // duplicate of itself, or of no code
    too_late,      // the window has closed
    too_early,     // the system's own step before its time
    too_long,      // a text beyond text_limit, or too many changes
};
std::string_view name(objection value);

inline constexpr std::size_t change_text_limit = 2000; // code points of reason and message
inline constexpr std::size_t course_limit = 200;       // changes of state of one case

// The end of a limit for this case; empty if the limit does not exist, its moment has not come, or
// the clock stands still.
std::optional<utc_time> deadline(const rules& by, const complaint& what, std::string_view limit);

// The date the case is due: the end of the answer limit while the case is open. Empty when it is
// waiting, answered or ended.
std::optional<utc_time> due_date(const rules& by, const complaint& what);

// The first objection; none if the change is legal. Total.
objection check(const rules& by, const complaint& what, const change& wish, utc_time now);

struct changed
{
    complaint next;
    history_entry entry;
};
// The case after the change, which must be legal: check() has said so.
changed apply(const rules& by, complaint what, const change& wish, utc_time now);

// The transitions legal now for this role, inputs aside: what has a button.
std::vector<const transition*>
legal_transitions(const rules& by, const complaint& what, role who, utc_time now);

// A new case of the content given: state, course, due.
changed file(const rules& by, complaint content, std::string code, utc_time now);

// True while the citizen may rate: an answer was given and the window is open.
bool may_rate(const rules& by, const complaint& what, utc_time now);

// What time brings about by itself.
struct timer
{
    utc_time at{};
    const complaints::reminder* reminder = nullptr; // or
    const complaints::transition* automatic = nullptr;
    std::string mark; // goes into complaint::reminded once a reminder is given
};
// Those still to come for the case, soonest first.
std::vector<timer> timers(const rules& by, const complaint& what);

} // namespace motcua::complaints
