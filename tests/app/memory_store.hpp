#pragma once

#include <motcua/app/storage.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace motcua::app {

// The storing ports in memory, for tests of the use cases: a unit that throws leaves nothing
// behind.
class memory_store final : public writer
{
public:
    struct outgoing
    {
        outbox_row row;
        outbox_state state = outbox_state::pending;
        utc_time due{};
        settlement end;
        std::string message_id;
    };
    struct contents
    {
        std::set<std::string> events;
        std::map<std::string, dialogue::conversation, std::less<>> conversations;
        std::map<std::string, bool, std::less<>> following;
        std::vector<outgoing> outbox;
        std::vector<reach::interaction> interactions;
        std::vector<tracked_link> links;
        std::vector<dialogue::unknown_message> unknown;
        std::vector<std::string> erased;
        std::vector<std::string> seen;
        std::set<std::string, std::less<>> citizens;
        std::vector<new_attachment> attachments;
        std::vector<handover_note> handovers;
        std::set<std::string, std::less<>> sent; // the platform's ids of our messages
        std::map<std::string, std::string, std::less<>> settings;
        int forgotten = 0; // events whose body was dropped
        std::map<std::string, utc_time, std::less<>> contacts;
    };

    contents kept;
    errc refuse_with{}; // commit fails with it while it is set
    bool is_healthy = true;
    int commits = 0;

    asio::awaitable<result<void>> commit(std::function<void(transaction&)> unit) override
    {
        ++commits;
        if (refuse_with != errc{})
            co_return refuse_with;
        auto copy = kept;
        memory_transaction run(copy);
        try {
            unit(run);
        } catch (const std::exception&) {
            co_return errc::storage_failed;
        }
        kept = std::move(copy);
        co_return result<void>();
    }
    void on_commit(std::function<void(change_list)>) override {}
    bool healthy() const override { return is_healthy; }
    std::size_t waiting() const override { return 0; }

private:
    // Nobody has complained; what concerns complaints is tested on a real store.
    class no_complaints final : public complaint_store
    {
    public:
        int next_number(std::chrono::year_month_day) override { return refuse(); }
        std::int64_t add(const complaints::complaint&, const dates&) override { return refuse(); }
        bool update(const complaints::complaint&, std::int64_t, const dates&) override
        {
            return refuse() != 0;
        }
        void set_dates(std::int64_t, const dates&) override { refuse(); }
        std::optional<complaints::complaint> find(std::string_view) override { return {}; }
        std::vector<complaints::complaint> of_citizen(std::string_view, std::size_t) override
        {
            return {};
        }
        std::vector<complaints::complaint> waking(utc_time, std::size_t) override { return {}; }
        std::vector<complaints::complaint> dated(std::int64_t, std::size_t) override { return {}; }
        void add_history(std::int64_t, const complaints::history_entry&) override { refuse(); }
        std::vector<complaints::history_entry> history(std::int64_t, std::size_t) override
        {
            return {};
        }
        std::int64_t add_message(std::int64_t, const complaints::message&) override
        {
            return refuse();
        }
        std::vector<complaints::message> messages(std::int64_t, std::size_t) override { return {}; }
        void schedule_draft(std::string_view, std::optional<utc_time>) override {}
        std::vector<std::string> drafts_due(utc_time, std::size_t) override { return {}; }

    private:
        static int refuse() { throw std::logic_error("no complaints here"); }
    };

    // The same of dossiers.
    class no_dossiers final : public dossier_records
    {
    public:
        std::int64_t
        begin_import(std::string_view, std::string_view, std::string_view, utc_time) override
        {
            return refuse();
        }
        void add(std::int64_t, std::span<const dossiers::dossier>) override { refuse(); }
        void finish_import(std::int64_t, utc_time) override { refuse(); }
        std::string last_import(std::string_view) override { return {}; }
        std::string remove_superseded(std::int64_t, std::string_view, std::size_t) override
        {
            return {};
        }
        std::size_t remove_stale(utc_time, std::size_t) override { return 0; }
        void ask(const dossier_question&) override { refuse(); }
        std::vector<dossier_question> questions(std::size_t) override { return {}; }
        bool drop_question(std::int64_t) override { return false; }
        std::optional<std::int64_t>
        admit_guess(std::string_view, std::string_view, const guess_limits&, utc_time) override
        {
            return refuse();
        }
        void take_back_guess(std::int64_t) override { refuse(); }
        bool watch(const dossier_watch&, utc_time) override { return refuse() != 0; }
        void unwatch(std::string_view, std::string_view) override { refuse(); }
        std::vector<dossier_watch> watches_of(std::string_view) override { return {}; }
        bool set_told(std::int64_t, std::string_view) override { return false; }

    private:
        static int refuse() { throw std::logic_error("no dossiers here"); }
    };

    class memory_transaction final : public transaction
    {
    public:
        explicit memory_transaction(contents& state)
            : state_(state), attachments_(state), handovers_(state), reach_(state)
        {
        }

        bool
        insert_event(const dialogue::inbound_event& event, std::string_view raw, utc_time) override
        {
            if (!event.user_id.empty())
                state_.citizens.insert(event.user_id);
            return state_.events
                .insert(event.message_id.empty() ? std::string(raw) : event.message_id)
                .second;
        }
        bool knows(std::string_view user_id) override { return state_.citizens.contains(user_id); }
        bool has_sent(std::string_view, std::string_view message_id) override
        {
            return state_.sent.contains(message_id);
        }
        attachment_records& attachments() override { return attachments_; }
        handover_records& handovers() override { return handovers_; }
        dialogue::conversation load_conversation(std::string_view user_id) override
        {
            const auto found = state_.conversations.find(user_id);
            return found == state_.conversations.end() ? dialogue::conversation{} : found->second;
        }
        void save_conversation(
            std::string_view user_id, const dialogue::conversation& value, utc_time) override
        {
            state_.conversations[std::string(user_id)] = value;
        }
        void set_following(std::string_view user_id, bool follows, utc_time) override
        {
            state_.following[std::string(user_id)] = follows;
        }
        void note_contact(std::string_view user_id, utc_time at, utc_time now) override
        {
            state_.contacts[std::string(user_id)] = at;
            for (auto& one : state_.outbox) {
                if (one.state == outbox_state::waiting && one.row.user_id == user_id) {
                    one.state = outbox_state::pending;
                    one.due = now;
                }
            }
        }
        std::int64_t add_outgoing(
            std::string_view user_id,
            const dialogue::outgoing_message& message,
            utc_time now,
            sending when) override
        {
            const auto id = static_cast<std::int64_t>(state_.outbox.size()) + 1;
            outgoing fresh;
            fresh.row.id = id;
            fresh.row.user_id = std::string(user_id);
            fresh.row.message = message;
            fresh.row.created = now;
            fresh.due = now;
            if (when == sending::after_contact)
                fresh.state = outbox_state::waiting;
            state_.outbox.push_back(std::move(fresh));
            return id;
        }
        claimed claim_due(utc_time now, std::size_t limit) override
        {
            claimed batch;
            std::set<std::string> busy;
            for (const auto& one : state_.outbox) {
                if (one.state == outbox_state::sending)
                    busy.insert(one.row.user_id);
            }
            for (auto& one : state_.outbox) {
                const bool waits = one.state == outbox_state::pending ||
                                   one.state == outbox_state::retry ||
                                   one.state == outbox_state::unknown;
                if (!waits || !busy.insert(one.row.user_id).second)
                    continue;
                if (one.due > now || batch.rows.size() == limit) {
                    if (!batch.next_due || one.due < *batch.next_due)
                        batch.next_due = one.due;
                    continue;
                }
                claim(one, now);
                batch.rows.push_back(one.row);
            }
            return batch;
        }
        void settle(
            std::int64_t id,
            const settlement& end,
            utc_time,
            const std::vector<std::string>& found) override
        {
            auto& one = state_.outbox.at(static_cast<std::size_t>(id - 1));
            one.state = end.state;
            one.due = end.due;
            one.end = end;
            one.message_id = end.message_id;
            for (const auto& candidate : found) {
                if (std::ranges::find(state_.outbox, candidate, &outgoing::message_id) !=
                    state_.outbox.end())
                    continue;
                one.state = outbox_state::sent;
                one.message_id = candidate;
                return;
            }
            if (end.state == outbox_state::unknown && one.row.state == outbox_state::sending)
                ++one.row.unknowns;
        }
        bool settle_unknown_by_echo(
            std::string_view user_id,
            std::string_view trace,
            std::string_view message_id,
            utc_time) override
        {
            for (auto& one : state_.outbox) {
                if (one.state == outbox_state::unknown && one.row.user_id == user_id &&
                    dialogue::leaves_trace(one.row.message, trace)) {
                    one.state = outbox_state::sent;
                    one.message_id = message_id;
                    return true;
                }
            }
            return false;
        }
        void mark_received(const std::vector<std::string>&, utc_time) override {}
        void mark_seen(const std::vector<std::string>& ids, utc_time) override
        {
            state_.seen = ids;
        }
        std::size_t recover_outbox(utc_time now) override
        {
            std::size_t count = 0;
            for (auto& one : state_.outbox) {
                if (one.state == outbox_state::sending) {
                    one.state = outbox_state::unknown;
                    one.due = now;
                    ++one.row.unknowns;
                    ++count;
                }
            }
            return count;
        }
        std::size_t give_up_waiting(utc_time before, utc_time) override
        {
            std::size_t count = 0;
            for (auto& one : state_.outbox) {
                if (one.state == outbox_state::waiting && one.row.created < before) {
                    one.state = outbox_state::dead;
                    ++count;
                }
            }
            return count;
        }
        std::optional<std::string> setting(std::string_view key) override
        {
            const auto found = state_.settings.find(key);
            return found == state_.settings.end() ? std::nullopt : std::optional(found->second);
        }
        void put_setting(std::string_view key, std::string_view value) override
        {
            state_.settings[std::string(key)] = value;
        }
        void add_interaction(const reach::interaction& row) override
        {
            state_.interactions.push_back(row);
        }
        void add_unknown(const dialogue::unknown_message& row, std::size_t) override
        {
            state_.unknown.push_back(row);
        }
        erasure
        erase(std::string_view user_id, std::string_view, std::string_view, utc_time) override
        {
            state_.erased.emplace_back(user_id);
            state_.citizens.erase(std::string(user_id));
            if (const auto found = state_.conversations.find(user_id);
                found != state_.conversations.end())
                state_.conversations.erase(found);
            return {};
        }
        void forget_event() override { ++state_.forgotten; }
        complaint_store& complaints() override { return complaints_; }
        casework_store& casework() override { throw std::logic_error("tested on a real store"); }
        app::desk_content& desk_content() override { throw std::logic_error("no desk here"); }
        account_store& accounts() override { throw std::logic_error("no accounts here"); }
        audit_log& audit() override { throw std::logic_error("no audit here"); }
        dossier_records& dossiers() override { return dossiers_; }
        reach_records& reach() override { return reach_; }
        operations_records& operations() override { throw std::logic_error("no desk here"); }
        app::unknown_decisions& unknown_decisions() override
        {
            throw std::logic_error("no desk here");
        }
        app::procedure_edits& procedure_edits() override { throw std::logic_error("no desk here"); }
        upsert put_procedure(const procedures::procedure&, utc_time) override
        {
            throw std::logic_error("no procedures here");
        }
        std::optional<procedures::procedure>
        get_procedure(std::string_view, procedures::origin) override
        {
            return std::nullopt;
        }

    private:
        // Only takes in; the fetcher is tested on the real store.
        class attachments_in_memory final : public attachment_records
        {
        public:
            explicit attachments_in_memory(contents& state) : state_(state) {}
            std::int64_t add(const new_attachment& value, utc_time) override
            {
                state_.attachments.push_back(value);
                return static_cast<std::int64_t>(state_.attachments.size());
            }
            claimed_attachments claim(utc_time, std::size_t, const attachment_allowance&) override
            {
                return {};
            }
            bool note_file(std::int64_t, std::string_view) override { return false; }
            void settle(std::int64_t, const attachment_end&, utc_time) override {}
            std::size_t recover(utc_time) override { return 0; }
            std::vector<attachment_view>
            of_citizen(std::string_view, utc_time, std::size_t) override
            {
                return {};
            }
            std::vector<std::string> files_to_remove(std::size_t) override { return {}; }
            void removed(std::string_view) override {}

        private:
            contents& state_;
        };

        // Only takes in; counting is tested on the real store.
        class reach_in_memory final : public reach_records
        {
        public:
            explicit reach_in_memory(contents& state) : state_(state) {}
            void put_link(const tracked_link& link, utc_time) override
            {
                state_.links.push_back(link);
            }
            std::optional<std::string> open_link(std::string_view, utc_time) override
            {
                return std::nullopt;
            }
            void count_scan(std::string_view, std::string_view, utc_time) override {}
            void note_evidence(std::string_view, utc_time) override {}
            bool has_evidence(std::string_view) override { return false; }
            std::int64_t add_entry(const reach::plan_entry&, utc_time) override { return 0; }
            bool withdraw_entry(std::int64_t, std::string_view, utc_time) override { return false; }

        private:
            contents& state_;
        };

        class handovers_in_memory final : public handover_records
        {
        public:
            explicit handovers_in_memory(contents& state) : state_(state) {}
            void note(const handover_note& value, utc_time) override
            {
                state_.handovers.push_back(value);
            }

        private:
            contents& state_;
        };

        void claim(outgoing& one, utc_time now)
        {
            one.row.state =
                one.state == outbox_state::unknown ? outbox_state::unknown : outbox_state::sending;
            one.row.last_contact.reset();
            if (const auto contact = state_.contacts.find(one.row.user_id);
                contact != state_.contacts.end())
                one.row.last_contact = contact->second;
            if (one.row.unknowns == 0)
                one.row.first_call = now;
            if (one.state == outbox_state::unknown) {
                one.due = utc_time::max(); // being looked for
                return;
            }
            one.state = outbox_state::sending;
            one.row.last_call = now;
            ++one.row.attempts;
        }

        contents& state_;
        attachments_in_memory attachments_;
        handovers_in_memory handovers_;
        reach_in_memory reach_;
        no_complaints complaints_;
        no_dossiers dossiers_;
    };
};

} // namespace motcua::app
