#include "casework_rows.hpp"

#include "complaint_tables.hpp"
#include "json.hpp"
#include "statements.hpp"

#include <motcua/app/storage.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::sqlite {
namespace {

using app::reply_state;

reply_state reply_state_from(std::string_view word)
{
    using enum reply_state;
    static constexpr std::array all{held, given, stale};
    const auto* const found =
        std::ranges::find_if(all, [word](reply_state one) { return name(one) == word; });
    return found == all.end() ? stale : *found;
}

app::outbox_state outbox_state_from(std::string_view word)
{
    using enum app::outbox_state;
    static constexpr std::array all{
        pending, app::outbox_state::sending, sent, delivered, seen, retry, unknown, waiting, dead};
    const auto* const found =
        std::ranges::find_if(all, [word](app::outbox_state one) { return name(one) == word; });
    return found == all.end() ? dead : *found;
}

std::optional<app::delivery_mark> delivery_in(const use& row)
{
    if (!row.is_null(2))
        return app::mark_of_row(outbox_state_from(row.view(2)), row.text(3), row.integer(4) != 0);
    if (!row.is_null(0))
        return app::mark_of_reply(reply_state_from(row.view(0)), row.time(1));
    return std::nullopt;
}

app::held_reply reply_in(const use& row)
{
    app::held_reply found;
    found.message_id = row.integer(0);
    found.complaint_id = row.integer(1);
    found.state = reply_state_from(row.view(2));
    found.undo_until = row.time(3);
    found.when = row.integer(4) != 0 ? app::sending::after_contact : app::sending::at_once;
    found.draft = reply_draft_from_json(row.view(5));
    found.by = {role_from(row.text(6)), row.text(7)};
    found.code = row.text(8);
    return found;
}

} // namespace

struct casework_rows::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement hold{
        db,
        "INSERT INTO complaint_replies (message_id, complaint_id, state, undo_until_ms, "
        "after_contact, draft) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
    statement held_of{
        db,
        "SELECT r.message_id, r.complaint_id, r.state, r.undo_until_ms, r.after_contact, r.draft, "
        "m.role, m.actor, c.code FROM complaint_replies AS r INDEXED BY complaint_replies_held_of "
        "JOIN complaint_messages AS m ON m.id = r.message_id "
        "JOIN complaints AS c ON c.id = r.complaint_id "
        "WHERE r.complaint_id = ?1 AND r.state = 'held'"};
    statement reply{
        db,
        "SELECT r.message_id, r.complaint_id, r.state, r.undo_until_ms, r.after_contact, r.draft, "
        "m.role, m.actor, c.code FROM complaint_replies AS r "
        "JOIN complaint_messages AS m ON m.id = r.message_id "
        "JOIN complaints AS c ON c.id = r.complaint_id WHERE r.message_id = ?1"};
    statement replies_due{
        db,
        "SELECT r.message_id, r.complaint_id, r.state, r.undo_until_ms, r.after_contact, r.draft, "
        "m.role, m.actor, c.code FROM complaint_replies AS r INDEXED BY complaint_replies_held "
        "JOIN complaint_messages AS m ON m.id = r.message_id "
        "JOIN complaints AS c ON c.id = r.complaint_id "
        "WHERE r.state = 'held' AND r.undo_until_ms <= ?1 "
        "ORDER BY r.undo_until_ms, r.message_id LIMIT ?2"};
    statement next_reply{
        db,
        "SELECT undo_until_ms FROM complaint_replies INDEXED BY complaint_replies_held "
        "WHERE state = 'held' ORDER BY undo_until_ms LIMIT 1"};
    statement end_reply{db, "UPDATE complaint_replies SET state = ?2 WHERE message_id = ?1"};
    statement message{
        db,
        "SELECT complaint_id, at_ms, kind, role, actor, text, transition, outbox_id "
        "FROM complaint_messages WHERE id = ?1"};
    statement hand_over{
        db, "UPDATE complaint_messages SET text = ?2, outbox_id = ?3 WHERE id = ?1"};
    statement remove_reply{db, "DELETE FROM complaint_replies WHERE message_id = ?1"};
    statement remove_moderations{db, "DELETE FROM complaint_moderations WHERE message_id = ?1"};
    statement remove_message{db, "DELETE FROM complaint_messages WHERE id = ?1"};
    statement take_back{
        db,
        "UPDATE outbox SET state = 'dead', reason = 'taken back', due_ms = NULL, updated_ms = ?2 "
        "WHERE id = ?1 AND state = 'waiting'"};
    statement unsent{
        db,
        "SELECT user_id, message, reason FROM outbox WHERE id = ?1 AND state = 'dead' "
        "AND user_id IS NOT NULL AND message IS NOT NULL"};
    statement request{
        db,
        "SELECT complaint_id, message_id FROM complaint_requests "
        "WHERE staff_id = ?1 AND request_id = ?2"};
    statement note_request{
        db,
        "INSERT INTO complaint_requests (staff_id, request_id, complaint_id, message_id) "
        "VALUES (?1, ?2, ?3, ?4)"};
    statement add_moderation{
        db,
        "INSERT INTO complaint_moderations (complaint_id, message_id, at_ms, staff_id, original, "
        "text, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
    statement public_text{
        db,
        "SELECT text, original FROM complaint_moderations "
        "WHERE complaint_id = ?1 AND message_id = ?2 ORDER BY id DESC LIMIT 1"};
};

casework_rows::casework_rows(SQLite::Database& connection)
    : connection_(connection), list_(connection)
{
}

casework_rows::~casework_rows() = default;

casework_rows::statements& casework_rows::prepared()
{
    if (!statements_)
        statements_ = std::make_unique<statements>(connection_);
    return *statements_;
}

void casework_rows::hold(const app::held_reply& value)
{
    use(prepared().hold,
        value.message_id,
        value.complaint_id,
        std::string(name(value.state)),
        ms(value.undo_until),
        std::int64_t{value.when == app::sending::after_contact},
        to_json(value.draft))
        .run();
}

std::optional<app::held_reply> casework_rows::held_of(std::int64_t complaint_id)
{
    use row(prepared().held_of, complaint_id);
    return row.next() ? std::optional(reply_in(row)) : std::nullopt;
}

std::optional<app::held_reply> casework_rows::reply(std::int64_t message_id)
{
    use row(prepared().reply, message_id);
    return row.next() ? std::optional(reply_in(row)) : std::nullopt;
}

std::vector<app::held_reply> casework_rows::replies_due(utc_time now, std::size_t limit)
{
    std::vector<app::held_reply> found;
    use row(prepared().replies_due, ms(now), most(limit));
    while (row.next())
        found.push_back(reply_in(row));
    return found;
}

std::optional<utc_time> casework_rows::next_reply()
{
    use row(prepared().next_reply);
    return row.next() ? std::optional(row.time(0)) : std::nullopt;
}

void casework_rows::end_reply(std::int64_t message_id, reply_state end)
{
    use(prepared().end_reply, message_id, std::string(name(end))).run();
}

std::optional<app::stored_message> casework_rows::message(std::int64_t message_id)
{
    use row(prepared().message, message_id);
    if (!row.next())
        return std::nullopt;
    return app::stored_message{
        .complaint_id = row.integer(0),
        .said = {
            .id = message_id,
            .at = row.time(1),
            .kind = message_kind_from(row.text(2)),
            .by = {role_from(row.text(3)), row.text(4)},
            .text = row.text(5),
            .attachments = {},
            .transition = row.text(6),
            .outbox_id = row.integer(7)}};
}

void casework_rows::hand_over(
    std::int64_t message_id, const std::string& text, std::int64_t outbox_id)
{
    const auto before = message(message_id);
    use(prepared().hand_over, message_id, text, outbox_id).run();
    if (before && before->said.outbox_id == 0) { // it was held, and is said now
        auto said = before->said;
        said.text = text;
        list_.said(before->complaint_id, said);
    }
}

void casework_rows::remove_message(std::int64_t message_id)
{
    use(prepared().remove_reply, message_id).run();
    use(prepared().remove_moderations, message_id).run();
    use(prepared().remove_message, message_id).run();
}

bool casework_rows::take_back(std::int64_t outbox_id, utc_time now)
{
    return use(prepared().take_back, outbox_id, ms(now)).run() == 1;
}

std::optional<app::casework_store::unsent> casework_rows::unsent_message(std::int64_t outbox_id)
{
    use row(prepared().unsent, outbox_id);
    if (!row.next() || !app::mark_of_row(app::outbox_state::dead, row.text(2), false).resendable)
        return std::nullopt;
    return unsent{row.text(0), outgoing_message_from_json(row.view(1))};
}

std::optional<app::known_request>
casework_rows::request(std::string_view staff_id, std::string_view request_id)
{
    const std::string staff(staff_id);
    const std::string request(request_id);
    use row(prepared().request, staff, request);
    if (!row.next())
        return std::nullopt;
    return app::known_request{row.integer(0), row.integer(1)};
}

void casework_rows::note_request(
    std::string_view staff_id, std::string_view request_id, const app::known_request& value)
{
    use(prepared().note_request,
        std::string(staff_id),
        std::string(request_id),
        value.complaint_id,
        value.message_id)
        .run();
}

void casework_rows::add_moderation(const app::moderation& value)
{
    use(prepared().add_moderation,
        value.complaint_id,
        value.message_id,
        ms(value.at),
        value.staff_id,
        value.original,
        value.text,
        value.reason)
        .run();
}

std::optional<std::string>
casework_rows::public_text(std::int64_t complaint_id, std::int64_t message_id)
{
    use row(prepared().public_text, complaint_id, message_id);
    if (!row.next() || row.view(0) == row.view(1))
        return std::nullopt;
    return row.text(0);
}

app::message_fate casework_reading::fate_of(std::int64_t message_id)
{
    statement query(
        connection_,
        "SELECT r.state, r.undo_until_ms, o.state, o.reason, "
        "o.user_id IS NULL OR o.message IS NULL, "
        "(SELECT CASE WHEN x.text = x.original THEN NULL ELSE x.text END "
        "FROM complaint_moderations AS x WHERE x.complaint_id = m.complaint_id "
        "AND x.message_id = m.id ORDER BY x.id DESC LIMIT 1), m.transition "
        "FROM complaint_messages AS m LEFT JOIN complaint_replies AS r ON r.message_id = m.id "
        "LEFT JOIN outbox AS o ON o.id = m.outbox_id WHERE m.id = ?1");
    use row(query, message_id);
    if (!row.next())
        return {};
    app::message_fate found{.delivery = delivery_in(row), .transition = row.text(6)};
    if (!row.is_null(5))
        found.public_text = row.text(5);
    return found;
}

std::vector<app::moderation>
casework_reading::moderations(std::int64_t complaint_id, std::size_t limit)
{
    statement rows(
        connection_,
        "SELECT id, message_id, at_ms, staff_id, original, text, reason "
        "FROM complaint_moderations WHERE complaint_id = ?1 ORDER BY id DESC LIMIT ?2");
    std::vector<app::moderation> found;
    use row(rows, complaint_id, most(limit));
    while (row.next())
        found.push_back(
            {.id = row.integer(0),
             .complaint_id = complaint_id,
             .message_id = row.integer(1),
             .original = row.text(4),
             .text = row.text(5),
             .reason = row.text(6),
             .staff_id = row.text(3),
             .at = row.time(2)});
    return found;
}

std::vector<complaints::history_entry>
casework_reading::changes_since(std::int64_t complaint_id, std::int64_t version, std::size_t limit)
{
    statement rows(
        connection_,
        "SELECT at_ms, role, actor, what, from_state, to_state, version, changes "
        "FROM complaint_history WHERE complaint_id = ?1 AND version > ?2 ORDER BY id LIMIT ?3");
    std::vector<complaints::history_entry> found;
    use row(rows, complaint_id, version, most(limit));
    while (row.next())
        found.push_back(
            {.at = row.time(0),
             .by = {role_from(row.text(1)), row.text(2)},
             .what = row.text(3),
             .from = row.text(4),
             .to = row.text(5),
             .reason = {},
             .message = {},
             .value = {},
             .version = row.integer(6),
             .changes = changes_from_json(row.view(7))});
    return found;
}

} // namespace motcua::sqlite
