#include "operations_rows.hpp"

#include "json.hpp"
#include "statements.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace motcua::sqlite {
namespace {

constexpr auto dead_letter_columns =
    "SELECT o.id, o.created_ms, o.updated_ms, o.attempts, o.reason, o.message, o.forget, "
    "o.user_id IS NOT NULL, coalesce((SELECT c.code FROM complaint_messages AS m "
    "JOIN complaints AS c ON c.id = m.complaint_id WHERE m.outbox_id = o.id), '') "
    "FROM outbox AS o WHERE o.state = 'dead' ";

app::dead_letter dead_letter_in(const use& row)
{
    app::dead_letter out{
        .id = row.integer(0),
        .created = row.time(1),
        .ended = row.time(2),
        .attempts = static_cast<int>(row.integer(3)),
        .reason = row.text(4),
        .complaint = row.text(8)};
    if (row.is_null(5))
        return out; // erased
    out.why = outgoing_message_from_json(row.view(5)).why;
    const bool may_have_arrived = out.reason.starts_with("unknown");
    out.may_retry = row.integer(7) != 0 && row.integer(6) == 0 && out.complaint.empty() &&
                    out.why != dialogue::purpose::answer && !may_have_arrived;
    return out;
}

app::unknown_decision decision_in(const use& row)
{
    app::unknown_decision out;
    out.id = row.integer(0);
    out.texts = nlohmann::json::parse(row.text(1)).get<std::vector<std::string>>(); // our own
    out.whole_group = row.integer(2) != 0;
    out.verdict = app::unknown_verdict_from(row.text(3)).value_or(app::unknown_verdict::dropped);
    out.target = row.text(4);
    out.staff_id = row.text(5);
    out.at = row.time(6);
    if (!row.is_null(8)) {
        out.undone_by = row.text(7);
        out.undone_at = row.time(8);
    }
    return out;
}

constexpr auto edit_columns =
    "SELECT code, version, record, staff_id, at_ms, reason FROM procedure_edits ";

app::procedure_edit edit_in(const use& row)
{
    auto record = procedure_from_json(row.view(2));
    return {
        .code = row.text(0),
        .version = row.integer(1),
        .local = std::move(record.local),
        .source = std::move(record.from.name),
        .as_of = record.from.as_of,
        .staff_id = row.text(3),
        .at = row.time(4),
        .reason = row.text(5)};
}

} // namespace

bool operations_rows::retry(std::int64_t outbox_id, utc_time now)
{
    std::string user_id;
    {
        statement query(connection_, std::string(dead_letter_columns) + "AND o.id = ?1");
        use row(query, outbox_id);
        if (!row.next() || !dead_letter_in(row).may_retry)
            return false;
    }
    {
        statement query(connection_, "SELECT user_id FROM outbox WHERE id = ?1");
        use row(query, outbox_id);
        row.next();
        user_id = row.text(0);
    }
    statement revive(
        connection_,
        "UPDATE outbox SET state = 'pending', due_ms = NULL, reason = '', updated_ms = ?2 "
        "WHERE id = ?1");
    use(revive, outbox_id, ms(now)).run();
    // As a message that wakes up: what was to go before it keeps its turn only if it is under way.
    statement queue_up(
        connection_,
        "UPDATE outbox SET due_ms = NULL WHERE id IN "
        "(SELECT id FROM outbox INDEXED BY outbox_unsettled "
        "WHERE user_id = ?1 AND (state IN ('pending', 'sending') OR state IN ('retry', 'unknown')) "
        "AND state IN ('pending', 'retry') AND due_ms IS NOT NULL)");
    use(queue_up, user_id).run();
    statement let_next_go(
        connection_,
        "UPDATE outbox SET due_ms = ?2 WHERE due_ms IS NULL AND state IN ('pending', 'retry') "
        "AND id = (SELECT id FROM outbox INDEXED BY outbox_unsettled "
        "WHERE user_id = ?1 AND (state IN ('pending', 'sending') OR state IN ('retry', 'unknown')) "
        "ORDER BY state IN ('sending', 'unknown') DESC, id LIMIT 1)");
    use(let_next_go, user_id, ms(now)).run();
    return true;
}

std::optional<app::silence> operations_reading::silence()
{
    statement query(connection_, "SELECT value FROM settings WHERE key = ?1");
    const std::string key(app::silence_setting);
    use row(query, key);
    return row.next() ? app::silence_from(row.view(0)) : std::nullopt;
}

std::vector<app::dead_letter>
operations_reading::dead_letters(std::optional<std::int64_t> before, std::size_t limit)
{
    statement query(
        connection_,
        std::string(dead_letter_columns) + "AND o.id < ?1 ORDER BY o.id DESC LIMIT ?2");
    std::vector<app::dead_letter> out;
    use row(query, before.value_or(INT64_MAX), static_cast<std::int64_t>(limit));
    while (row.next())
        out.push_back(dead_letter_in(row));
    return out;
}

std::optional<utc_time> operations_reading::last_event()
{
    statement query(connection_, "SELECT received_ms FROM events ORDER BY id DESC LIMIT 1");
    use row(query);
    return row.next() ? std::optional(row.time(0)) : std::nullopt;
}

std::int64_t unknown_decision_rows::add(const app::unknown_decision& value)
{
    statement insert(
        connection_,
        "INSERT INTO unknown_decisions (texts, whole_group, verdict, target, staff_id, at_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    const auto texts = nlohmann::json(value.texts).dump();
    const std::string verdict(name(value.verdict));
    use(insert,
        texts,
        std::int64_t{value.whole_group},
        verdict,
        value.target,
        value.staff_id,
        ms(value.at))
        .run();
    return connection_.getLastInsertRowid();
}

bool unknown_decision_rows::undo(std::int64_t id, std::string_view staff_id, utc_time now)
{
    statement update(
        connection_,
        "UPDATE unknown_decisions SET undone_by = ?2, undone_ms = ?3 "
        "WHERE id = ?1 AND undone_ms IS NULL");
    const std::string who(staff_id);
    return use(update, id, who, ms(now)).run() == 1;
}

std::size_t unknown_decision_rows::count()
{
    statement query(connection_, "SELECT count(*) FROM unknown_decisions WHERE undone_ms IS NULL");
    use row(query);
    row.next();
    return static_cast<std::size_t>(row.integer(0));
}

std::vector<app::unknown_decision> unknown_decision_reading::all()
{
    statement query(
        connection_,
        "SELECT id, texts, whole_group, verdict, target, staff_id, at_ms, undone_by, undone_ms "
        "FROM unknown_decisions ORDER BY undone_ms IS NOT NULL, id DESC LIMIT ?1");
    std::vector<app::unknown_decision> out;
    use row(query, static_cast<std::int64_t>(app::unknown_decisions_limit));
    while (row.next())
        out.push_back(decision_in(row));
    return out;
}

std::optional<app::procedure_edit> procedure_edit_rows::newest(std::string_view code)
{
    statement query(
        connection_, std::string(edit_columns) + "WHERE code = ?1 ORDER BY version DESC LIMIT 1");
    const std::string key(code);
    use row(query, key);
    return row.next() ? std::optional(edit_in(row)) : std::nullopt;
}

void procedure_edit_rows::add(const app::procedure_edit& value)
{
    statement insert(
        connection_,
        "INSERT INTO procedure_edits (code, version, record, staff_id, at_ms, reason) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    procedures::procedure record;
    record.code = value.code;
    record.local = value.local;
    record.from = {.from = procedures::origin::overlay, .name = value.source, .as_of = value.as_of};
    const auto text = to_json(record);
    use(insert, value.code, value.version, text, value.staff_id, ms(value.at), value.reason).run();
}

std::vector<app::procedure_edit>
procedure_edit_reading::of(std::string_view code, std::size_t limit)
{
    statement query(
        connection_, std::string(edit_columns) + "WHERE code = ?1 ORDER BY version DESC LIMIT ?2");
    const std::string key(code);
    std::vector<app::procedure_edit> out;
    use row(query, key, static_cast<std::int64_t>(limit));
    while (row.next())
        out.push_back(edit_in(row));
    return out;
}

std::set<std::string, std::less<>> procedure_edit_reading::codes()
{
    statement query(connection_, "SELECT DISTINCT code FROM procedure_edits");
    std::set<std::string, std::less<>> out;
    use row(query);
    while (row.next())
        out.insert(row.text(0));
    return out;
}

std::optional<procedures::procedure>
procedure_edit_reading::record(std::string_view code, procedures::origin from)
{
    statement query(connection_, "SELECT record FROM procedures WHERE code = ?1 AND origin = ?2");
    const std::string key(code);
    const auto origin = to_text(from);
    use row(query, key, origin);
    return row.next() ? std::optional(procedure_from_json(row.view(0))) : std::nullopt;
}

// The rule of unit_of_work::put_procedure.
app::procedure_edits_reader::fate
procedure_edit_reading::fate_of(const procedures::procedure& record)
{
    statement query(
        connection_, "SELECT as_of, hash FROM procedures WHERE code = ?1 AND origin = ?2");
    const auto origin = to_text(record.from.from);
    const auto as_of = to_text(record.from.as_of);
    use row(query, record.code, origin);
    if (!row.next())
        return fate::added;
    if (as_of < row.view(0))
        return fate::older;
    return sha256({to_json(record)}) == row.view(1) ? fate::unchanged : fate::changed;
}

} // namespace motcua::sqlite
