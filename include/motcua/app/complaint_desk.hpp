#pragma once

#include <motcua/app/event_handler.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/dialogue/complaint_notice.hpp>
#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/dialogue/step.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace motcua::app {

// How a command on a complaint ended. Unless done, nothing was changed.
enum class desk_end : std::uint8_t
{
    done,
    not_found,
    stale,   // somebody changed the case since `expected_version`
    refused, // by the workflow: `why`
};

struct desk_outcome
{
    desk_end end = desk_end::done;
    complaints::objection why = complaints::objection::none;
    std::optional<complaints::complaint>
        now; // as stored after the command; of stale: what it is now
};

// The case as citizens are told of it: its unit by name, if it is one we know.
complaints::complaint with_unit_name(transaction& store, complaints::complaint what);

// Commands on complaints within one unit of work: the change, its history, what is said, and the
// message to the citizen go into the same transaction. `now` is the instant of the command.
class complaint_unit
{
public:
    // All must outlive it.
    complaint_unit(transaction& store, const dialogue::knowledge& known, utc_time now);

    using version = std::optional<std::int64_t>; // expected; empty: whatever it is

    // A change of state by staff or the system; the citizen is told unless the new state is silent.
    desk_outcome
    change(std::string_view code, const complaints::change& what, version expected = {});
    // Who is in charge. An empty officer: nobody yet.
    desk_outcome assign(
        std::string_view code,
        const complaints::actor& by,
        std::string unit,
        std::string officer,
        version expected = {});
    // `reason` says why. The id must be a leaf of the categories.
    desk_outcome categorise(
        std::string_view code,
        const complaints::actor& by,
        std::string category,
        std::string reason,
        version expected = {});
    // Internal; does not change the version.
    desk_outcome add_note(std::string_view code, const complaints::actor& by, std::string text);
    // A message to the citizen that changes no state, nor the version.
    desk_outcome reply(std::string_view code, const complaints::actor& by, std::string text);

    // Any other change by staff: `next` is the case after it but for version and time, the entries
    // say what was done and why. Returns the case as stored.
    complaints::complaint
    save(complaints::complaint next, std::vector<complaints::history_entry> entries);
    // What step() wanted done for this citizen; the answers are added to the outcome, whose
    // conversation and messages are to be saved afterwards.
    void carry_out(dialogue::step_outcome& outcome, const std::string& user_id, bool is_test);

    // Gives due reminders and does what time does by itself, for at most `limit` cases. Returns how
    // many cases were looked at.
    std::size_t wake(std::size_t limit);
    // Reminds of unfinished drafts, drops the forgotten ones. Returns how many were looked at.
    std::size_t tend_drafts(std::size_t limit);
    // Derives the dates anew of at most `limit` cases after the id. Returns the last id, empty when
    // there are no more.
    std::optional<std::int64_t> derive_dates(std::int64_t after, std::size_t limit);

    // True if anything was put into the outbox.
    bool has_spoken() const { return has_spoken_; }

private:
    void file(dialogue::step_outcome& outcome, complaints::complaint content, bool is_test);
    void change_by_citizen(
        dialogue::step_outcome& outcome,
        const std::string& user_id,
        const dialogue::change_complaint& wanted);
    void rate(const std::string& user_id, const dialogue::rate_complaint& wanted);
    desk_outcome load(std::string_view code, version expected);
    void store(complaints::changed made, std::int64_t expected);
    // Puts it into the outbox and into the conversation of the case.
    void tell(
        const complaints::complaint& about,
        const dialogue::notice& what,
        const complaints::actor& by,
        const std::string& transition);
    void wake(complaints::complaint one);
    complaint_store::dates dates_of(const complaints::complaint& what) const;

    transaction& store_;
    const dialogue::knowledge& known_;
    utc_time now_;
    bool has_spoken_ = false;
};

struct complaint_desk_parts
{
    app::writer& store;
    std::function<content()> current_content; // any thread
    std::function<utc_time()> now;            // any thread
    std::function<void()> outgoing_added;     // wakes the sender; called on the caller's executor
};

// The use case of the staff desk: each call is one unit of work of its own. errc::busy and
// errc::storage_failed as the writer says.
class complaint_desk
{
public:
    explicit complaint_desk(complaint_desk_parts parts);

    using command = std::function<desk_outcome(complaint_unit&)>;
    // Runs any command of complaint_unit.
    asio::awaitable<result<desk_outcome>> run(command what);
    asio::awaitable<result<desk_outcome>>
    change(std::string code, complaints::change what, std::optional<std::int64_t> expected_version);

private:
    complaint_desk_parts parts_;
};

} // namespace motcua::app
