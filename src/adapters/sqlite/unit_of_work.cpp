#include "unit_of_work.hpp"

#include "json.hpp"
#include "statements.hpp"

#include <SQLiteCpp/Column.h>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace motcua::sqlite {

namespace {

using namespace std::string_view_literals;

// True where `msg_id` names the event itself. Receipts and reactions carry the id of the message
// they are about, and of events we do not know nobody can tell.
bool is_the_message(dialogue::event_kind kind)
{
    using enum dialogue::event_kind;
    return kind == text || kind == media || kind == location || kind == echo;
}

// What two deliveries of one event have in common: 128 bits of the hash of the message id with the
// name of the event, or of the raw body (a retry carries the same bytes, zalo-oa-protocol 1.5).
std::string event_key(const dialogue::inbound_event& event, std::string_view raw)
{
    constexpr std::size_t key_bytes = 16;
    const bool by_id = is_the_message(event.kind) && !event.message_id.empty();
    auto hash = by_id ? sha256({event.event_name, std::string_view("\0", 1), event.message_id})
                      : sha256({raw});
    hash.resize(key_bytes);
    return hash;
}

std::uint32_t bits_of(std::string_view key)
{
    std::uint32_t bits = 0;
    for (const auto byte : key.substr(0, sizeof bits))
        bits = (bits << 8U) | static_cast<unsigned char>(byte);
    return bits;
}

constexpr auto erased_reason = "erased";

} // namespace

struct unit_of_work::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement event_has_key{db, "SELECT 1 FROM events WHERE id = ?1 AND key = ?2"};
    statement add_event{
        db,
        "INSERT INTO events (timestamp_ms, key, received_ms, event_name, user_id, body, previous) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT last_event FROM citizens WHERE user_id = ?5)) "
        "ON CONFLICT DO NOTHING"};
    statement note_event{
        db,
        "INSERT INTO citizens (user_id, first_seen_ms, last_seen_ms, last_event) "
        "VALUES (?1, ?2, ?2, ?3) "
        "ON CONFLICT DO UPDATE SET last_seen_ms = ?2, last_event = ?3"};
    statement has_citizen{db, "SELECT 1 FROM citizens WHERE user_id = ?1"};
    statement load_conversation{db, "SELECT state FROM conversations WHERE user_id = ?1"};
    statement save_conversation{
        db,
        "INSERT INTO conversations (user_id, state, updated_ms) VALUES (?1, ?2, ?3) "
        "ON CONFLICT DO UPDATE SET state = ?2, updated_ms = ?3"};
    statement set_following{
        db,
        "INSERT INTO citizens (user_id, follows, first_seen_ms, last_seen_ms) "
        "VALUES (?1, ?2, ?3, ?3) "
        "ON CONFLICT DO UPDATE SET follows = ?2, last_seen_ms = ?3"};

    statement note_contact{
        db,
        "INSERT INTO citizens (user_id, first_seen_ms, last_seen_ms, last_contact_ms) "
        "VALUES (?1, ?3, ?3, ?2) ON CONFLICT DO UPDATE SET "
        "last_contact_ms = max(coalesce(last_contact_ms, ?2), ?2)"};
    // Asked first: a statement with a list of its own makes a table for it even if it stays empty.
    statement has_waiting{
        db,
        "SELECT 1 FROM outbox INDEXED BY outbox_waiting WHERE user_id = ?1 AND state = 'waiting' "
        "LIMIT 1"};
    statement wake_waiting{
        db,
        "UPDATE outbox SET state = 'pending', due_ms = NULL, updated_ms = ?2 WHERE id IN "
        "(SELECT id FROM outbox INDEXED BY outbox_waiting WHERE user_id = ?1 AND state = "
        "'waiting')"};
    // What was to go before an older row woke up waits behind it.
    statement queue_up{
        db,
        "UPDATE outbox SET due_ms = NULL WHERE id IN (SELECT id FROM outbox INDEXED BY "
        "outbox_unsettled "
        "WHERE user_id = ?1 AND (state IN ('pending', 'sending') OR state IN ('retry', 'unknown')) "
        "AND state IN ('pending', 'retry') AND due_ms IS NOT NULL)"};
    statement has_open_outgoing{
        db,
        "SELECT 1 FROM outbox INDEXED BY outbox_unsettled "
        "WHERE user_id = ?1 AND (state IN ('pending', 'sending') OR state IN ('retry', 'unknown')) "
        "LIMIT 1"};
    statement add_outgoing{
        db,
        "INSERT INTO outbox "
        "(user_id, message, state, due_ms, created_ms, updated_ms, forget, answers, previous) "
        "VALUES (?1, ?2, ?6, ?3, ?4, ?4, ?5, ?7, "
        "(SELECT last_outgoing FROM citizens WHERE user_id = ?1))"};
    statement note_outgoing{
        db,
        "INSERT INTO citizens (user_id, first_seen_ms, last_seen_ms, last_outgoing) "
        "VALUES (?1, ?2, ?2, ?3) "
        "ON CONFLICT DO UPDATE SET last_outgoing = ?3"};
    // What the clock said then is not known; the calls were not before a time two days ago, so a
    // conversation read back to there shows what arrived.
    statement forgive_clock{
        db,
        "UPDATE outbox INDEXED BY outbox_due SET due_ms = ?1, created_ms = min(created_ms, ?1), "
        "first_call_ms = min(first_call_ms, ?3), last_call_ms = min(last_call_ms, ?1) "
        "WHERE due_ms > ?2"};
    statement due_outgoing{
        db,
        "SELECT id FROM outbox INDEXED BY outbox_due "
        "WHERE due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2"};
    statement next_due{
        db,
        "SELECT due_ms FROM outbox INDEXED BY outbox_due "
        "WHERE due_ms IS NOT NULL ORDER BY due_ms LIMIT 1"};
    statement claim_outgoing{
        db,
        "UPDATE outbox SET due_ms = NULL, updated_ms = ?2, "
        "state = CASE state WHEN 'unknown' THEN state ELSE 'sending' END, "
        "attempts = attempts + CASE state WHEN 'unknown' THEN 0 ELSE 1 END, "
        "first_call_ms = CASE unknowns WHEN 0 THEN ?2 ELSE first_call_ms END, "
        "last_call_ms = CASE state WHEN 'unknown' THEN last_call_ms ELSE ?2 END "
        "WHERE id = ?1"};
    statement read_claimed{
        db,
        "SELECT o.user_id, o.message, o.attempts, o.state, o.unknowns, o.created_ms, "
        "o.first_call_ms, o.last_call_ms, c.last_contact_ms "
        "FROM outbox AS o LEFT JOIN citizens AS c ON c.user_id = o.user_id WHERE o.id = ?1"};
    statement read_outgoing{
        db,
        "SELECT user_id, message, attempts, message_id, state, forget FROM outbox WHERE id = ?1"};
    statement settle_outgoing{
        db,
        "UPDATE outbox SET unknowns = unknowns + (?2 = 'unknown' AND state = 'sending'), "
        "state = ?2, message_id = ?3, due_ms = ?4, reason = ?5, updated_ms = ?6 WHERE id = ?1"};
    // The oldest open row of a citizen gets its turn, unless one is under way or unknown.
    statement let_next_go{
        db,
        "UPDATE outbox SET due_ms = ?2 WHERE due_ms IS NULL AND state IN ('pending', 'retry') "
        "AND id = (SELECT id FROM outbox INDEXED BY outbox_unsettled "
        "WHERE user_id = ?1 AND (state IN ('pending', 'sending') OR state IN ('retry', 'unknown')) "
        "ORDER BY state IN ('sending', 'unknown') DESC, id LIMIT 1)"};
    statement has_older_open{
        db,
        "SELECT 1 FROM outbox INDEXED BY outbox_unsettled "
        "WHERE user_id = ?1 AND id < ?2 AND (state IN ('pending', 'sending') OR state IN ('retry', "
        "'unknown')) "
        "LIMIT 1"};
    statement message_id_is_known{db, "SELECT 1 FROM outbox WHERE message_id = ?1"};
    statement is_of_citizen{db, "SELECT 1 FROM outbox WHERE message_id = ?1 AND user_id = ?2"};
    statement unproved_outgoing{
        db,
        "SELECT id, message, state, forget FROM outbox INDEXED BY outbox_unsettled "
        "WHERE user_id = ?1 AND (state IN ('pending', 'sending') OR state IN ('retry', 'unknown')) "
        "AND state IN ('sending', 'unknown') AND message_id IS NULL AND message IS NOT NULL "
        "ORDER BY id"};
    statement prove_outgoing{
        db,
        "UPDATE outbox SET message_id = ?2, updated_ms = ?3, "
        "due_ms = CASE state WHEN 'unknown' THEN NULL ELSE due_ms END, "
        "state = CASE state WHEN 'unknown' THEN 'sent' ELSE state END WHERE id = ?1"};
    statement mark_received{
        db,
        "UPDATE outbox SET state = 'delivered', updated_ms = ?2 "
        "WHERE message_id = ?1 AND state IN ('sending', 'sent')"};
    statement mark_seen{
        db,
        "UPDATE outbox SET state = 'seen', updated_ms = ?2 "
        "WHERE message_id = ?1 AND (state IN ('sending', 'sent') OR state = 'delivered')"};
    statement in_state{
        db,
        "SELECT id FROM outbox INDEXED BY outbox_unsettled "
        "WHERE (state IN ('pending', 'sending') OR state IN ('retry', 'unknown')) AND state = ?1 "
        "ORDER BY id"};
    statement look_at_unknown{
        db,
        "UPDATE outbox SET due_ms = ?1 WHERE (state IN ('pending', 'sending') OR state IN "
        "('retry', 'unknown')) "
        "AND state = 'unknown' AND due_ms IS NULL AND message IS NOT NULL"};
    statement give_up_waiting{
        db,
        "UPDATE outbox SET state = 'dead', reason = 'no contact came: ' || reason, updated_ms = ?2 "
        "WHERE state = 'waiting' AND created_ms < ?1"};
    statement setting{db, "SELECT value FROM settings WHERE key = ?1"};
    statement put_setting{
        db,
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2"};

    statement add_unknown{
        db,
        "INSERT INTO unknown_messages (at_ms, kind, text, nearest, chosen, test) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
    statement drop_old_unknown{db, "DELETE FROM unknown_messages WHERE id <= ?1"};

    statement chains_of_citizen{
        db, "SELECT last_event, last_outgoing FROM citizens WHERE user_id = ?1"};
    statement previous_event{db, "SELECT previous FROM events WHERE id = ?1"};
    statement forget_body{db, "UPDATE events SET body = NULL WHERE id = ?1"};
    statement erase_event{db, "UPDATE events SET user_id = NULL, body = NULL WHERE id = ?1"};
    statement previous_outgoing{db, "SELECT previous FROM outbox WHERE id = ?1"};
    statement forget_outgoing{
        db, "UPDATE outbox SET user_id = NULL, message = NULL, message_id = NULL WHERE id = ?1"};
    statement erase_outgoing{
        db,
        "UPDATE outbox SET user_id = NULL, message = NULL, message_id = NULL, due_ms = NULL, "
        "updated_ms = ?2, forget = 1, "
        "reason = CASE WHEN state IN ('pending', 'retry', 'waiting', 'unknown') THEN ?3 ELSE "
        "reason END, "
        "state = CASE WHEN state IN ('pending', 'retry', 'waiting', 'unknown') THEN 'dead' ELSE "
        "state END "
        "WHERE id = ?1"};
    statement forget_conversation{db, "DELETE FROM conversations WHERE user_id = ?1"};
    statement forget_citizen{db, "DELETE FROM citizens WHERE user_id = ?1"};
    statement chain_of_pseudonym{
        db, "SELECT last_interaction FROM pseudonyms WHERE pseudonym = ?1"};
    statement forget_pseudonym{db, "DELETE FROM pseudonyms WHERE pseudonym = ?1"};
    statement previous_interaction{db, "SELECT previous FROM interactions WHERE id = ?1"};
    statement erase_interaction{db, "UPDATE interactions SET pseudonym = ?2 WHERE id = ?1"};
    statement random_name{db, "SELECT lower(hex(randomblob(16)))"};
    statement add_proof{
        db,
        "INSERT INTO erasures (id, at_ms, cause, events, outgoing, interactions, attachments, "
        "handovers, commitment) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"};

    statement procedure_version{
        db, "SELECT as_of, hash FROM procedures WHERE code = ?1 AND origin = ?2"};
    statement put_procedure{
        db,
        "INSERT INTO procedures (code, origin, as_of, hash, record, updated_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
        "ON CONFLICT DO UPDATE SET as_of = ?3, hash = ?4, record = ?5, updated_ms = ?6"};
    statement get_procedure{db, "SELECT record FROM procedures WHERE code = ?1 AND origin = ?2"};
};

unit_of_work::unit_of_work(
    SQLite::Database& connection,
    audit_chain& chain,
    utc_time oldest_key,
    std::chrono::minutes visit_gap)
    : connection_(connection), statements_(std::make_unique<statements>(connection)),
      attachments_(connection), handovers_(connection), complaints_(connection),
      accounts_(connection), audit_(connection, chain), casework_(connection),
      desk_content_(connection), dossiers_(connection), reach_(connection, visit_gap),
      operations_(connection), unknown_decisions_(connection), procedure_edits_(connection),
      retention_(connection)
{
    // Answered from the index alone. Oldest first, because the older ones are forgotten if there
    // are too many.
    statement recent(
        connection,
        "SELECT id, key FROM events INDEXED BY events_by_key "
        "WHERE timestamp_ms >= ?1 ORDER BY timestamp_ms");
    use rows(recent, ms(oldest_key));
    while (rows.next())
        seen_.insert(bits_of(rows.view(1)), rows.integer(0));
}

unit_of_work::~unit_of_work() = default;

void unit_of_work::begin()
{
    erased_user_.clear();
    inserted_event_ = 0;
    answers_contact_ = false;
}

bool unit_of_work::take_erased()
{
    return std::exchange(erased_, false);
}

// SQLite ends the transaction by itself on some failures, a full disk for one. A unit that went on
// regardless would then write outside of any transaction.
void unit_of_work::expect_transaction() const
{
    if (sqlite3_get_autocommit(connection_.getHandle()) != 0)
        throw std::logic_error("the transaction has ended");
}

bool unit_of_work::is_stored(std::int64_t row, std::string_view key)
{
    return use(statements_->event_has_key, row, blob{key}).next();
}

bool unit_of_work::insert_event(
    const dialogue::inbound_event& event, std::string_view raw, utc_time received_at)
{
    expect_transaction();
    const auto key = event_key(event, raw);
    const auto bits = bits_of(key);
    // The index knows a repetition with the same timestamp, for ever; this one finds it with
    // another, too.
    if (seen_.any(bits, [this, &key](std::int64_t row) { return is_stored(row, key); }))
        return false;
    const auto user_id = event.user_id.empty() ? std::nullopt : std::optional(event.user_id);
    const auto body = user_id ? std::optional(blob{raw}) : std::nullopt;
    const auto inserted = use(statements_->add_event,
                              ms(event.at),
                              blob{key},
                              ms(received_at),
                              event.event_name,
                              user_id,
                              body)
                              .run();
    if (inserted == 0)
        return false;
    const auto row = connection_.getLastInsertRowid();
    seen_.insert(bits, row);
    inserted_event_ = row;
    if (user_id)
        use(statements_->note_event, *user_id, ms(received_at), row).run();
    return true;
}

bool unit_of_work::knows(std::string_view user_id)
{
    expect_transaction();
    const std::string citizen(user_id);
    return use(statements_->has_citizen, citizen).next();
}

void unit_of_work::forget_event()
{
    expect_transaction();
    if (inserted_event_ == 0)
        return;
    use(statements_->forget_body, inserted_event_).run();
    erased_ = true;
}

app::complaint_store& unit_of_work::complaints()
{
    expect_transaction();
    return complaints_;
}

app::casework_store& unit_of_work::casework()
{
    expect_transaction();
    return casework_;
}

dialogue::conversation unit_of_work::load_conversation(std::string_view user_id)
{
    expect_transaction();
    const std::string citizen(user_id);
    use row(statements_->load_conversation, citizen);
    return row.next() ? conversation_from_json(row.view(0)) : dialogue::conversation{};
}

void unit_of_work::save_conversation(
    std::string_view user_id, const dialogue::conversation& value, utc_time now)
{
    expect_transaction();
    const std::string citizen(user_id);
    const auto state = to_json(value);
    use(statements_->save_conversation, citizen, state, ms(now)).run();
}

void unit_of_work::set_following(std::string_view user_id, bool follows, utc_time now)
{
    expect_transaction();
    const std::string citizen(user_id);
    use(statements_->set_following, citizen, std::int64_t{follows}, ms(now)).run();
}

void unit_of_work::note_contact(std::string_view user_id, utc_time at, utc_time now)
{
    expect_transaction();
    const std::string citizen(user_id);
    use(statements_->note_contact, citizen, ms(at), ms(now)).run();
    if (!use(statements_->has_waiting, citizen).next())
        return;
    use(statements_->wake_waiting, citizen, ms(now)).run();
    use(statements_->queue_up, citizen).run();
    let_next_go(citizen, now);
}

std::int64_t unit_of_work::add_outgoing(
    std::string_view user_id,
    const dialogue::outgoing_message& message,
    utc_time now,
    app::sending when)
{
    expect_transaction();
    const std::string citizen(user_id);
    const auto text = to_json(message);
    const bool for_contact = when == app::sending::after_contact;
    const bool waits = for_contact || use(statements_->has_open_outgoing, citizen).next();
    const auto due = waits ? std::nullopt : std::optional(ms(now));
    const auto* const state = for_contact ? "waiting" : "pending";
    // The farewell to a citizen just erased leaves no trace of its own once it has gone out.
    const bool forget = citizen == erased_user_;
    const bool answers = answers_contact_ && message.why == dialogue::purpose::answer;
    answers_contact_ = answers_contact_ && !answers;
    use(statements_->add_outgoing,
        citizen,
        text,
        due,
        ms(now),
        std::int64_t{forget},
        state,
        std::int64_t{answers})
        .run();
    const auto row = connection_.getLastInsertRowid();
    if (!forget)
        use(statements_->note_outgoing, citizen, ms(now), row).run();
    return row;
}

app::claimed unit_of_work::claim_due(utc_time now, std::size_t limit)
{
    expect_transaction();
    use(statements_->forgive_clock, ms(now), ms(now + longest_delay), ms(now - longest_delay))
        .run();
    std::vector<std::int64_t> ids;
    {
        const auto most = static_cast<std::int64_t>(std::min<std::size_t>(limit, 1U << 20U));
        use due(statements_->due_outgoing, ms(now), most);
        while (due.next())
            ids.push_back(due.integer(0));
    }
    std::sort(ids.begin(), ids.end());
    app::claimed found;
    for (const auto id : ids) {
        use(statements_->claim_outgoing, id, ms(now)).run();
        use row(statements_->read_claimed, id);
        row.next();
        app::outbox_row one;
        one.id = id;
        one.user_id = row.text(0);
        one.message = outgoing_message_from_json(row.view(1));
        one.state =
            row.view(3) == "unknown" ? app::outbox_state::unknown : app::outbox_state::sending;
        one.attempts = static_cast<int>(row.integer(2));
        one.unknowns = static_cast<int>(row.integer(4));
        one.created = row.time(5);
        one.first_call = row.time(6);
        one.last_call = row.time(7);
        if (!row.is_null(8))
            one.last_contact = row.time(8);
        found.rows.push_back(std::move(one));
    }
    use next(statements_->next_due);
    if (next.next())
        found.next_due = next.time(0);
    return found;
}

std::optional<std::string>
unit_of_work::first_unclaimed(const std::vector<std::string>& message_ids)
{
    for (const auto& id : message_ids) {
        if (!use(statements_->message_id_is_known, id).next())
            return id;
    }
    return std::nullopt;
}

void unit_of_work::settle(
    std::int64_t outbox_id,
    const app::settlement& end,
    utc_time now,
    const std::vector<std::string>& found)
{
    expect_transaction();
    std::optional<std::string> user_id;
    std::optional<std::string> message_id;
    std::string before;
    bool erased = false;
    bool forget = false;
    {
        use row(statements_->read_outgoing, outbox_id);
        if (!row.next())
            return;
        before = row.text(4);
        if (!row.is_null(0))
            user_id = row.text(0);
        erased = row.is_null(1);
        if (!row.is_null(3))
            message_id = row.text(3); // an echo came before the call ended
        forget = row.integer(5) != 0;
    }
    const bool open = before == "sending" || before == "unknown";
    // A receipt came before the call ended.
    const bool arrived = before == "delivered" || before == "seen";
    if (!open && !arrived)
        return;
    if (!message_id)
        message_id = first_unclaimed(found);

    std::string state = before;
    std::optional<std::int64_t> due;
    std::string reason = end.reason;
    if (end.state == app::outbox_state::sent || message_id) {
        if (open)
            state = "sent";
        if (!end.message_id.empty())
            message_id = end.message_id;
        reason.clear();
    } else if (erased) {
        state = "dead";
        if (end.state != app::outbox_state::dead)
            reason = erased_reason;
    } else {
        switch (end.state) {
        case app::outbox_state::unknown:
        case app::outbox_state::retry:
            state = end.state == app::outbox_state::retry ? "retry" : "unknown";
            due = ms(end.due);
            // An older one woke up during the call and goes first.
            if (state == "retry" && use(statements_->has_older_open, *user_id, outbox_id).next())
                due.reset();
            break;
        case app::outbox_state::waiting:
            state = forget ? "dead" : "waiting";
            break;
        case app::outbox_state::dead:
            state = "dead";
            break;
        default:
            throw std::invalid_argument("no end of a call");
        }
    }
    use(statements_->settle_outgoing, outbox_id, state, message_id, due, reason, ms(now)).run();
    if (state == "sent" || arrived)
        reach_.note_answered(outbox_id);
    if (user_id)
        let_next_go(*user_id, now);
    if (forget && state != "retry" && state != "unknown")
        forget_outgoing(outbox_id);
}

void unit_of_work::forget_outgoing(std::int64_t outbox_id)
{
    use(statements_->forget_outgoing, outbox_id).run();
    erased_ = true;
}

void unit_of_work::let_next_go(const std::string& user_id, utc_time now)
{
    if (use(statements_->has_open_outgoing, user_id).next())
        use(statements_->let_next_go, user_id, ms(now)).run();
}

bool unit_of_work::settle_unknown_by_echo(
    std::string_view user_id, std::string_view trace, std::string_view message_id, utc_time now)
{
    expect_transaction();
    const std::string citizen(user_id);
    const std::string id(message_id);
    if (id.empty() || use(statements_->message_id_is_known, id).next())
        return false;
    std::int64_t found = 0;
    bool was_unknown = false;
    bool forget = false;
    {
        use row(statements_->unproved_outgoing, citizen);
        while (found == 0 && row.next()) {
            if (dialogue::leaves_trace(outgoing_message_from_json(row.view(1)), trace)) {
                found = row.integer(0);
                was_unknown = row.view(2) == "unknown";
                forget = row.integer(3) != 0;
            }
        }
    }
    if (found != 0)
        use(statements_->prove_outgoing, found, id, ms(now)).run();
    if (was_unknown)
        reach_.note_answered(found);
    if (was_unknown)
        let_next_go(citizen, now);
    if (was_unknown && forget)
        forget_outgoing(found);
    return was_unknown;
}

bool unit_of_work::has_sent(std::string_view user_id, std::string_view message_id)
{
    expect_transaction();
    const std::string citizen(user_id);
    const std::string id(message_id);
    return use(statements_->is_of_citizen, id, citizen).next();
}

void unit_of_work::mark_received(const std::vector<std::string>& message_ids, utc_time now)
{
    expect_transaction();
    for (const auto& id : message_ids)
        if (use(statements_->message_id_is_known, id).next())
            use(statements_->mark_received, id, ms(now)).run();
}

void unit_of_work::mark_seen(const std::vector<std::string>& message_ids, utc_time now)
{
    expect_transaction();
    for (const auto& id : message_ids)
        if (use(statements_->message_id_is_known, id).next())
            use(statements_->mark_seen, id, ms(now)).run();
}

std::size_t unit_of_work::recover_outbox(utc_time now)
{
    expect_transaction();
    std::vector<std::int64_t> left;
    {
        use row(statements_->in_state, "sending");
        while (row.next())
            left.push_back(row.integer(0));
    }
    const app::settlement stopped{app::outbox_state::unknown, {}, now, "stopped during the call"};
    for (const auto id : left)
        settle(id, stopped, now, {});
    use(statements_->look_at_unknown, ms(now)).run();
    return left.size();
}

std::size_t unit_of_work::give_up_waiting(utc_time before, utc_time now)
{
    expect_transaction();
    return static_cast<std::size_t>(use(statements_->give_up_waiting, ms(before), ms(now)).run());
}

std::optional<std::string> unit_of_work::setting(std::string_view key)
{
    expect_transaction();
    const std::string name(key);
    use row(statements_->setting, name);
    return row.next() ? std::optional(row.text(0)) : std::nullopt;
}

void unit_of_work::put_setting(std::string_view key, std::string_view value)
{
    expect_transaction();
    const std::string name(key);
    const std::string text(value);
    use(statements_->put_setting, name, text).run();
}

void unit_of_work::add_interaction(const reach::interaction& row)
{
    expect_transaction();
    reach_.add(row, inserted_event_);
    answers_contact_ = !row.test;
}

void unit_of_work::add_unknown(const dialogue::unknown_message& row, std::size_t kept)
{
    expect_transaction();
    const std::string kind(name(row.kind));
    std::string nearest;
    for (const auto& code : row.nearest)
        nearest += (nearest.empty() ? "" : " ") + code;
    use(statements_->add_unknown,
        ms(row.at),
        kind,
        row.text,
        nearest,
        row.chosen,
        std::int64_t{row.test})
        .run();
    const auto newest = connection_.getLastInsertRowid();
    use(statements_->drop_old_unknown, newest - static_cast<std::int64_t>(kept)).run();
}

app::erasure unit_of_work::erase(
    std::string_view user_id, std::string_view pseudonym, std::string_view cause, utc_time now)
{
    expect_transaction();
    const std::string citizen(user_id);
    const std::string old_name(pseudonym);
    erased_ = true;
    std::int64_t newest_event = 0;
    std::int64_t newest_outgoing = 0;
    std::int64_t newest_interaction = 0;
    {
        use row(statements_->chains_of_citizen, citizen);
        if (row.next()) {
            newest_event = row.integer(0); // 0 if NULL
            newest_outgoing = row.integer(1);
        }
        use chain(statements_->chain_of_pseudonym, old_name);
        if (chain.next())
            newest_interaction = chain.integer(0);
    }
    complaints_.erase(citizen, now);
    dossiers_.erase(citizen);
    reach_.forget(old_name);
    use(statements_->forget_conversation, citizen).run();
    use(statements_->forget_citizen, citizen).run();
    use(statements_->forget_pseudonym, old_name).run();
    app::erasure proof;
    proof.events = erase_events(newest_event);
    proof.interactions = erase_interactions(newest_interaction);
    proof.outgoing = erase_outgoing(newest_outgoing, now);
    proof.attachments = attachments_.erase(citizen, now);
    proof.handovers = handovers_.erase(citizen, now);
    audit_.erase(citizen, now);
    keep_proof(proof, old_name, cause, now);
    erased_user_ = citizen;
    return proof;
}

void unit_of_work::keep_proof(
    app::erasure& proof, const std::string& pseudonym, std::string_view cause, utc_time now)
{
    {
        use row(statements_->random_name);
        row.next();
        proof.id = row.text(0);
    }
    const std::string why(cause);
    const auto commitment = erasure_commitment(proof.id, pseudonym);
    use(statements_->add_proof,
        proof.id,
        ms(now),
        why,
        proof.events,
        proof.outgoing,
        proof.interactions,
        proof.attachments,
        proof.handovers,
        blob{commitment})
        .run();
}

std::int64_t unit_of_work::erase_events(std::int64_t newest)
{
    std::int64_t count = 0;
    for (auto id = newest; id != 0; ++count) {
        std::int64_t previous = 0;
        {
            use row(statements_->previous_event, id);
            previous = row.next() ? row.integer(0) : 0;
        }
        use(statements_->erase_event, id).run();
        id = previous;
    }
    return count;
}

std::int64_t unit_of_work::erase_outgoing(std::int64_t newest, utc_time now)
{
    std::int64_t count = 0;
    for (auto id = newest; id != 0; ++count) {
        std::int64_t previous = 0;
        {
            use row(statements_->previous_outgoing, id);
            previous = row.next() ? row.integer(0) : 0;
        }
        use(statements_->erase_outgoing, id, ms(now), erased_reason).run();
        id = previous;
    }
    return count;
}

std::int64_t unit_of_work::erase_interactions(std::int64_t newest)
{
    if (newest == 0)
        return 0;
    std::string new_name = "erased-";
    {
        use row(statements_->random_name);
        row.next();
        new_name += row.text(0);
    }
    std::int64_t count = 0;
    for (auto id = newest; id != 0; ++count) {
        std::int64_t previous = 0;
        {
            use row(statements_->previous_interaction, id);
            previous = row.next() ? row.integer(0) : 0;
        }
        use(statements_->erase_interaction, id, new_name).run();
        id = previous;
    }
    return count;
}

app::transaction::upsert
unit_of_work::put_procedure(const procedures::procedure& record, utc_time now)
{
    expect_transaction();
    const auto text = to_json(record);
    const auto hash = sha256({text});
    const auto origin = to_text(record.from.from);
    const auto as_of = to_text(record.from.as_of);
    auto outcome = upsert::added;
    {
        use stored(statements_->procedure_version, record.code, origin);
        if (stored.next()) {
            if (as_of < stored.view(0))
                return upsert::older;
            if (hash == stored.view(1))
                return upsert::unchanged;
            outcome = upsert::updated;
        }
    }
    use(statements_->put_procedure, record.code, origin, as_of, blob{hash}, text, ms(now)).run();
    return outcome;
}

std::optional<procedures::procedure>
unit_of_work::get_procedure(std::string_view code, procedures::origin from)
{
    expect_transaction();
    const std::string key(code);
    const auto origin = to_text(from);
    use row(statements_->get_procedure, key, origin);
    if (!row.next())
        return std::nullopt;
    return procedure_from_json(row.view(0));
}

} // namespace motcua::sqlite
