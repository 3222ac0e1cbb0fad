#pragma once

#include "account_rows.hpp"
#include "attachment_rows.hpp"
#include "audit_chain.hpp"
#include "casework_rows.hpp"
#include "complaint_tables.hpp"
#include "desk_content_rows.hpp"
#include "dossier_tables.hpp"
#include "handover_rows.hpp"
#include "operations_rows.hpp"
#include "reach_rows.hpp"
#include "retention_rows.hpp"
#include "seen_keys.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <motcua/app/storage.hpp>

#include <memory>
#include <string>

namespace motcua::sqlite {

// The statements of every transaction, prepared once, on the writing connection. One object serves
// all units, one after the other.
class unit_of_work final : public app::transaction
{
public:
    // `connection` and `chain` outlive it. Reads the recent keys of `events` since `oldest_key`.
    unit_of_work(
        SQLite::Database& connection,
        audit_chain& chain,
        utc_time oldest_key,
        std::chrono::minutes visit_gap);
    ~unit_of_work() override;

    // Before each unit.
    void begin();
    // True if a unit erased since the last call: bytes may be left in the write-ahead log.
    bool take_erased();
    // After a group's commit.
    void committed() { audit_.committed(); }

    bool insert_event(
        const dialogue::inbound_event& event, std::string_view raw, utc_time received_at) override;
    bool knows(std::string_view user_id) override;
    void forget_event() override;
    dialogue::conversation load_conversation(std::string_view user_id) override;
    void save_conversation(
        std::string_view user_id, const dialogue::conversation& value, utc_time now) override;
    void set_following(std::string_view user_id, bool follows, utc_time now) override;
    void note_contact(std::string_view user_id, utc_time at, utc_time now) override;
    std::int64_t add_outgoing(
        std::string_view user_id,
        const dialogue::outgoing_message& message,
        utc_time now,
        app::sending when) override;
    app::claimed claim_due(utc_time now, std::size_t limit) override;
    void settle(
        std::int64_t outbox_id,
        const app::settlement& end,
        utc_time now,
        const std::vector<std::string>& found) override;
    bool settle_unknown_by_echo(
        std::string_view user_id,
        std::string_view trace,
        std::string_view message_id,
        utc_time now) override;
    bool has_sent(std::string_view user_id, std::string_view message_id) override;
    void mark_received(const std::vector<std::string>& message_ids, utc_time now) override;
    void mark_seen(const std::vector<std::string>& message_ids, utc_time now) override;
    std::size_t recover_outbox(utc_time now) override;
    std::size_t give_up_waiting(utc_time before, utc_time now) override;
    std::optional<std::string> setting(std::string_view key) override;
    void put_setting(std::string_view key, std::string_view value) override;
    void add_interaction(const reach::interaction& row) override;
    void add_unknown(const dialogue::unknown_message& row, std::size_t kept) override;
    app::attachment_records& attachments() override { return attachments_; }
    app::handover_records& handovers() override { return handovers_; }
    app::complaint_store& complaints() override;
    app::account_store& accounts() override { return accounts_; }
    app::audit_log& audit() override { return audit_; }
    app::casework_store& casework() override;
    app::desk_content& desk_content() override { return desk_content_; }
    app::dossier_records& dossiers() override { return dossiers_; }
    app::reach_records& reach() override { return reach_; }
    // What goes must go from the log, too.
    app::retention_records& retention()
    {
        erased_ = true;
        return retention_;
    }
    app::operations_records& operations() override { return operations_; }
    app::unknown_decisions& unknown_decisions() override { return unknown_decisions_; }
    app::procedure_edits& procedure_edits() override { return procedure_edits_; }
    app::erasure erase(
        std::string_view user_id,
        std::string_view pseudonym,
        std::string_view cause,
        utc_time now) override;
    upsert put_procedure(const procedures::procedure& record, utc_time now) override;
    std::optional<procedures::procedure>
    get_procedure(std::string_view code, procedures::origin from) override;

private:
    struct statements;

    bool is_stored(std::int64_t row, std::string_view key);
    void let_next_go(const std::string& user_id, utc_time now);
    std::optional<std::string> first_unclaimed(const std::vector<std::string>& message_ids);
    // These return how many rows they erased.
    std::int64_t erase_events(std::int64_t newest);
    std::int64_t erase_outgoing(std::int64_t newest, utc_time now);
    std::int64_t erase_interactions(std::int64_t newest);
    void keep_proof(
        app::erasure& proof, const std::string& pseudonym, std::string_view cause, utc_time now);
    void forget_outgoing(std::int64_t outbox_id);
    void expect_transaction() const;

    SQLite::Database& connection_;
    std::unique_ptr<statements> statements_;
    attachment_rows attachments_;
    handover_rows handovers_;
    complaint_tables complaints_;
    account_rows accounts_;
    audit_rows audit_;
    casework_rows casework_;
    desk_content_rows desk_content_;
    dossier_tables dossiers_;
    reach_rows reach_;
    operations_rows operations_;
    unknown_decision_rows unknown_decisions_;
    procedure_edit_rows procedure_edits_;
    retention_rows retention_;
    seen_keys seen_;
    std::int64_t inserted_event_ = 0; // by this unit
    bool answers_contact_ = false;    // the next answer is the first to a contact that counts
    std::string erased_user_;         // by this unit
    bool erased_ = false;             // since take_erased()
};

} // namespace motcua::sqlite
