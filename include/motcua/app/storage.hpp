#pragma once

#include <boost/asio/awaitable.hpp>
#include <motcua/app/accounts.hpp>
#include <motcua/app/attachments.hpp>
#include <motcua/app/audit.hpp>
#include <motcua/app/casework_store.hpp>
#include <motcua/app/changes.hpp>
#include <motcua/app/complaint_queries.hpp>
#include <motcua/app/complaint_store.hpp>
#include <motcua/app/desk_content.hpp>
#include <motcua/app/dossier_records.hpp>
#include <motcua/app/handovers.hpp>
#include <motcua/app/operations.hpp>
#include <motcua/app/procedure_desk.hpp>
#include <motcua/app/reach_store.hpp>
#include <motcua/app/unknown_review.hpp>
#include <motcua/core/dialogue/conversation.hpp>
#include <motcua/core/dialogue/inbound.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/dialogue/unknown.hpp>
#include <motcua/core/error.hpp>
#include <motcua/core/procedures/procedure.hpp>
#include <motcua/core/reach/interaction.hpp>
#include <motcua/core/time.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The storing ports. One implementation is adapters/sqlite; tests/app/storage_contract.hpp runs
// against any.
namespace motcua::app {

namespace asio = boost::asio;

// Life of an outgoing message: design.md section 3.
enum class outbox_state : std::uint8_t
{
    pending,
    sending,
    sent,
    delivered,
    seen,
    retry,
    unknown, // may have arrived; settled by the echo or the read-back before anything else is sent
    waiting, // for the citizen's next contact
    dead
};
std::string_view name(outbox_state state);

struct outbox_row
{
    std::int64_t id = 0;
    std::string user_id;
    dialogue::outgoing_message message;
    outbox_state state = outbox_state::sending; // or unknown: to be settled, not sent
    int attempts = 0;                           // calls made so far, this one included once claimed
    int unknowns = 0;                           // calls so far whose outcome was unknown
    utc_time created{};
    utc_time first_call{}; // the first that may have arrived; of a row to be sent, this one
    utc_time last_call{};
    std::optional<utc_time> last_contact; // of the citizen; empty = not known
};

struct claimed
{
    std::vector<outbox_row> rows;     // now in state sending, or still unknown
    std::optional<utc_time> next_due; // when the next row becomes due, if any waits
};

// How a call to the platform ended, or what came out about an unknown one.
struct settlement
{
    outbox_state state = outbox_state::sent; // sent, retry, unknown, waiting or dead
    std::string message_id;                  // of sent
    utc_time due{};     // of retry: when to send; of unknown: when to look for it again
    std::string reason; // of all but sent: error code and words, no personal data
};

// Figures of the outbox for operators. Reasons are error codes and our own words.
struct outbox_figures
{
    struct part
    {
        std::string state;  // name(outbox_state)
        std::string reason; // of retry, unknown and dead
        std::int64_t count = 0;
        utc_time oldest{}; // when the oldest of them was made
    };
    std::vector<part> parts;
};

// Proof that a citizen was erased, without the data.
struct erasure
{
    std::string id; // random
    std::int64_t events = 0;
    std::int64_t outgoing = 0;
    std::int64_t interactions = 0;
    std::int64_t attachments = 0;
    std::int64_t handovers = 0;
};

// What a unit of work may do. Lives only inside the unit, on the writer's thread. Every call throws
// if the database is unusable; the unit's changes are then undone as a whole.
class transaction
{
public:
    virtual ~transaction() = default;

    // False if the event is stored already (design.md section 3, de-duplication key). `raw` is kept
    // as received if the event names a citizen; what nobody can be found by cannot be erased.
    virtual bool insert_event(
        const dialogue::inbound_event& event, std::string_view raw, utc_time received_at) = 0;

    // True if anything is kept of the citizen.
    virtual bool knows(std::string_view user_id) = 0;
    // Drops the body of the event this unit has inserted: its words must not be kept.
    virtual void forget_event() = 0;

    // A default conversation if the citizen never wrote.
    virtual dialogue::conversation load_conversation(std::string_view user_id) = 0;
    virtual void save_conversation(
        std::string_view user_id, const dialogue::conversation& value, utc_time now) = 0;
    virtual void set_following(std::string_view user_id, bool follows, utc_time now) = 0;
    // The citizen has reached us at `at` (dialogue::opens_window): messages that wait for that get
    // their turn, oldest first.
    virtual void note_contact(std::string_view user_id, utc_time at, utc_time now) = 0;

    // Returns the row's id.
    virtual std::int64_t add_outgoing(
        std::string_view user_id,
        const dialogue::outgoing_message& message,
        utc_time now,
        sending when = sending::at_once) = 0;
    // At most one row per citizen, due by now: the oldest that is to be sent, which is then
    // sending, or an unknown one, which is to be settled. A row whose call is under way or whose
    // outcome is unknown keeps later rows of its citizen back; a waiting one does not.
    virtual claimed claim_due(utc_time now, std::size_t limit) = 0;
    // Ignored unless the row is sending or unknown. `found` are ids of messages that look like this
    // one in the conversation, oldest first: the first that belongs to no other row proves that the
    // row was sent, whatever `end` says.
    virtual void settle(
        std::int64_t outbox_id,
        const settlement& end,
        utc_time now,
        const std::vector<std::string>& found = {}) = 0;
    // An echo of `trace` (dialogue::trace_of) proves that an unknown row arrived. True if one was
    // settled. If the call is still under way the proof is kept: should it end as unknown, the row
    // counts as sent.
    virtual bool settle_unknown_by_echo(
        std::string_view user_id,
        std::string_view trace,
        std::string_view message_id,
        utc_time now) = 0;
    // True if the message is one of ours to the citizen.
    virtual bool has_sent(std::string_view user_id, std::string_view message_id) = 0;
    // Receipts: sent -> delivered -> seen; never backwards. Unknown ids are ignored.
    virtual void mark_received(const std::vector<std::string>& message_ids, utc_time now) = 0;
    virtual void mark_seen(const std::vector<std::string>& message_ids, utc_time now) = 0;
    // Rows left in sending by a crash become unknown, and unknown ones due. Call once at start,
    // before anything is claimed. Returns how many were sending.
    virtual std::size_t recover_outbox(utc_time now) = 0;
    // Rows made before `before` that still wait for a contact become dead. Returns how many.
    virtual std::size_t give_up_waiting(utc_time before, utc_time now) = 0;

    // Small values that outlive the process. Empty if never put.
    virtual std::optional<std::string> setting(std::string_view key) = 0;
    virtual void put_setting(std::string_view key, std::string_view value) = 0;

    virtual void add_interaction(const reach::interaction& row) = 0; // before its answers

    virtual attachment_records& attachments() = 0;
    virtual handover_records& handovers() = 0;
    virtual complaint_store& complaints() = 0;
    virtual casework_store& casework() = 0;
    virtual app::desk_content& desk_content() = 0;
    virtual account_store& accounts() = 0;
    virtual audit_log& audit() = 0;
    virtual dossier_records& dossiers() = 0;
    virtual reach_records& reach() = 0;
    virtual operations_records& operations() = 0;
    virtual app::unknown_decisions& unknown_decisions() = 0;
    virtual app::procedure_edits& procedure_edits() = 0;

    // Keeps the newest `kept` rows.
    virtual void add_unknown(const dialogue::unknown_message& row, std::size_t kept) = 0;

    // Removes conversation, texts, raw events, particulars and files of the citizen; interactions
    // keep a fresh random token in place of the pseudonym, so that counts stay right;
    // complaints keep the act and lose the person. Outgoing messages not yet sent are dropped;
    // those added later in the unit are kept until they have gone out. A proof remains: time, cause
    // ("asked", "withdrawn", "operator"), counts, and a hash of its id and the pseudonym, which
    // only the holder of the pseudonyms' key can check.
    virtual erasure erase(
        std::string_view user_id,
        std::string_view pseudonym,
        std::string_view cause,
        utc_time now) = 0;

    enum class upsert
    {
        added,
        updated,
        unchanged,
        older
    };
    // Keyed by code and origin; a record with an older source date never replaces a newer one.
    virtual upsert put_procedure(const procedures::procedure& record, utc_time now) = 0;
    virtual std::optional<procedures::procedure>
    get_procedure(std::string_view code, procedures::origin from) = 0;
};

class writer
{
public:
    virtual ~writer() = default;

    // Runs the unit on the writer's thread inside its own savepoint and commits it together with
    // whatever else waits. Completes on the caller's executor once the commit is on disk.
    // errc::busy if the queue is full (the unit never ran), errc::storage_failed if the unit threw
    // or the commit failed (nothing of it is stored). The unit must not block on anything but the
    // transaction.
    virtual asio::awaitable<result<void>> commit(std::function<void(transaction&)> unit) = 0;

    // False once a commit has failed with an I/O error: the process should stop accepting and
    // restart.
    virtual bool healthy() const = 0;
    // From now on `told` is called after each commit with what it changed, on a thread of the
    // writer's, which it must not keep waiting. Replaces the one before.
    virtual void on_commit(std::function<void(change_list)> told) = 0;
    // Units waiting now, of at most `writer_queue_limit`.
    virtual std::size_t waiting() const = 0;
};

inline constexpr std::size_t writer_queue_limit = 4096;

// Figures and lists for operators and tests; a read-only view of committed data. Blocking: run it
// off the I/O thread.
class reader
{
public:
    virtual ~reader() = default;
    virtual std::vector<procedures::procedure> all_procedures() = 0;
    virtual std::int64_t count(std::string_view table) = 0; // one of the schema's tables

    virtual attachment_figures attachments() = 0;
    // Empty if there is no such attachment, or it belongs to no complaint.
    virtual std::optional<app::complaint_file> complaint_file(std::int64_t attachment) = 0;
    virtual desk_content_reader& desk_content() = 0;
    // Available once an export has been finished whose seals were made under the rule of that name.
    virtual found_dossier find_dossier(std::string_view code, std::string_view rule) = 0;
    // By id, after `after`.
    virtual std::vector<dossier_watch> dossier_watches(std::int64_t after, std::size_t limit) = 0;
    virtual dossier_figures dossiers() = 0;
    virtual outbox_figures outbox() = 0;
    // Citizens who wait, longest first, then those a person answers.
    virtual std::vector<open_handover> open_handovers(utc_time now, std::size_t limit) = 0;
    // The citizen's events received since then, newest first: what was said while a person was
    // waited for or answered.
    virtual std::vector<stored_event>
    events_of(std::string_view user_id, utc_time since, std::size_t limit) = 0;
    // True if the erasure's proof is of the citizen with that pseudonym.
    virtual bool proves(std::string_view erasure_id, std::string_view pseudonym) = 0;
    virtual account_reader& accounts() = 0;
    virtual audit_reader& audit() = 0;
    // Kept since then, newest first, all kinds.
    virtual std::vector<dialogue::unknown_message> unknown_messages(utc_time since) = 0;
    virtual casework_queries& casework() = 0;

    virtual complaint_queries& complaints() = 0;
    virtual operations_reader& operations() = 0;
    virtual unknown_decisions_reader& unknown_decisions() = 0;
    virtual procedure_edits_reader& procedure_edits() = 0;
};

} // namespace motcua::app
