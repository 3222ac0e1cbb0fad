#pragma once

#include <boost/asio/steady_timer.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/app/unit_tree.hpp>
#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/dialogue/complaint_notice.hpp>
#include <motcua/core/dialogue/knowledge.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// What staff do with a case (staff-desk.md sections 2 and 3): the use case behind the staff API.
namespace motcua::app {

// Who is at work.
struct case_worker
{
    staff_member who;
    std::string address; // of the caller, for the audit
    std::function<bool(const complaints::complaint&, const unit_tree&)> may_see;
};
// Which unit is below which.
unit_tree unit_tree_of(account_reader& accounts);
// What the workflow takes them for.
complaints::role role_of(const staff_member& who);

enum class case_end : std::uint8_t
{
    done,
    not_found,  // no such case or message, or out of sight
    stale,      // somebody changed the case since the expected version
    illegal,    // a transition: `why`
    invalid,    // `field` is not acceptable: `title`
    reply_held, // another reply can still be undone
    too_late,   // to undo, or to send again
};

// How a command ended. Unless done, nothing was changed.
struct case_outcome
{
    case_end end = case_end::done;
    complaints::objection why = complaints::objection::none;
    std::string field;                        // as the contract names it
    std::string title;                        // Vietnamese
    std::optional<complaints::complaint> now; // after the command; of stale: what it is now
    std::int64_t message_id = 0;              // note or reply
    reply_draft draft;                        // of undo
    std::string words;                        // of a preview: what the citizen would read
    std::size_t characters = 0;               // of it, code points; may be beyond the limit
    std::optional<utc_time> until;            // of a takeover
};

struct case_edit
{
    std::optional<std::string> category;
    std::string reason; // compulsory with a category
    std::optional<std::vector<std::string>> labels;
    std::optional<std::string> national_code; // empty: none
};

// One command on one case within a unit of work: the change, its history, its audit and the message
// to the citizen go into the same transaction.
class case_unit
{
public:
    // All must outlive it.
    case_unit(
        transaction& store, const dialogue::knowledge& known, const case_worker& by, utc_time now);

    using version = std::int64_t; // expected

    // From now on edit, relabel, assign and change only check, whatever the version; `words` is
    // what the citizen would read.
    void rehearse() { rehearses_ = true; }

    case_outcome edit(const std::string& code, case_edit wanted, version expected);
    // Labels to and from those it has.
    case_outcome relabel(
        const std::string& code,
        const std::vector<std::string>& add,
        const std::vector<std::string>& remove,
        version expected);
    // Empty: none. An officer assigns within the own unit; a coordinator anything.
    case_outcome assign(
        const std::string& code,
        const std::string& unit,
        const std::string& officer,
        const std::string& reason,
        version expected);
    case_outcome change(
        const std::string& code,
        const std::string& transition,
        const transition_inputs& inputs,
        version expected);
    case_outcome note(const std::string& code, const std::string& request_id, std::string text);

    case_outcome preview(const std::string& code, const reply_draft& draft);
    case_outcome hold(
        const std::string& code,
        const std::string& request_id,
        const reply_draft& draft,
        sending when,
        version expected);
    case_outcome undo(const std::string& code, std::int64_t message_id);
    case_outcome resend(const std::string& code, std::int64_t message_id);
    // Its time has come: to the outbox, with its transition. If that is legal no more, or nobody is
    // there to read it, it becomes stale and nothing is sent.
    void apply(const held_reply& reply);

    case_outcome take_over(const std::string& code, std::chrono::minutes span);
    case_outcome hand_back(const std::string& code);
    // 0: the content.
    case_outcome moderate(
        const std::string& code,
        std::int64_t message_id,
        const std::string& text,
        const std::string& reason,
        version expected);
    // `now` of the outcome has the particulars.
    case_outcome reveal(const std::string& code, const std::string& reason);
    // Writes down that the case was taken out as a file.
    case_outcome archive(const std::string& code);

    bool has_spoken() const { return has_spoken_; } // something is new in the outbox
    bool has_held() const { return has_held_; }     // a reply waits for its time

private:
    struct worded;
    case_outcome load(const std::string& code, std::optional<version> expected = {});
    std::optional<case_outcome>
    repeated(const complaints::complaint& now, const std::string& request_id);
    std::optional<case_outcome>
    fault_of(const complaints::complaint& now, const complaints::change& wish);
    worded word(const complaints::complaint& now, const reply_draft& draft);
    std::string words_of(const complaints::complaint& now, const complaints::change& wish);
    complaints::history_entry
    entry_of(const complaints::complaint& now, std::string what, std::string reason = {}) const;
    case_outcome save(
        const complaints::complaint& before,
        complaints::complaint after,
        std::vector<complaints::history_entry> entries);
    // `citizen`: of a detail in words of the staff, which goes when the citizen is erased.
    void audit(
        const std::string& action,
        const std::string& code,
        std::string detail,
        std::string citizen = {});

    transaction& store_;
    const dialogue::knowledge& known_;
    const case_worker& by_;
    utc_time now_;
    bool rehearses_ = false;
    bool has_spoken_ = false;
    bool has_held_ = false;
};

// Applies held replies whose time has come, at most `limit`. Returns how many.
std::size_t apply_due_replies(
    transaction& store, const dialogue::knowledge& known, utc_time now, std::size_t limit);

struct casework_parts
{
    app::writer& store;
    std::function<content()> current_content; // any thread
    std::function<utc_time()> now;            // any thread
    std::function<void()> outgoing_added;     // wakes the sender; on the caller's executor
    std::function<void()> reply_held;         // wakes the task below; on the caller's executor
};

// Each call is one unit of work of its own. errc::busy and errc::storage_failed as the writer says.
class casework
{
public:
    explicit casework(casework_parts parts);

    using command = std::function<case_outcome(case_unit&)>;
    asio::awaitable<result<case_outcome>> run(case_worker by, command what);

private:
    casework_parts parts_;
};

// Applies held replies when their time has come; after a restart those that came due meanwhile.
class reply_task
{
public:
    reply_task(const asio::any_io_executor& executor, casework_parts parts);

    // Runs until stop(). Run once. A store that is busy or failing is asked again.
    asio::awaitable<void> run();
    // Call on the executor.
    void stop();
    void wake();

    // One look. Returns when the next held reply is due, if there is one.
    asio::awaitable<result<std::optional<utc_time>>> tick();

private:
    casework_parts parts_;
    asio::steady_timer timer_;
    bool woken_ = false;
    bool stopping_ = false;
};

} // namespace motcua::app
