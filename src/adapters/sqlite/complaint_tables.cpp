#include "complaint_tables.hpp"

#include "complaint_erasure.hpp"
#include "json.hpp"
#include "statements.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::sqlite {
namespace {

using complaints::complaint;

std::optional<std::string> unless_empty(const std::string& value)
{
    return value.empty() ? std::nullopt : std::optional(value);
}

template <class Enum, std::size_t Size>
Enum named(const std::array<Enum, Size>& values, const std::string& word)
{
    const auto found =
        std::ranges::find_if(values, [&word](Enum value) { return name(value) == word; });
    return found == values.end() ? values.back() : *found;
}

// The columns win: they are what is searched and compared.
std::vector<complaint> all_of(use&& rows)
{
    std::vector<complaint> found;
    while (rows.next()) {
        found.push_back(complaint_from_json(rows.text(2)));
        found.back().id = rows.integer(0);
        found.back().version = rows.integer(1);
    }
    return found;
}

} // namespace

complaints::role role_from(const std::string& word)
{
    using enum complaints::role;
    static constexpr std::array all{citizen, officer, coordinator, system};
    return named(all, word);
}

complaints::message_kind message_kind_from(const std::string& word)
{
    using enum complaints::message_kind;
    static constexpr std::array all{citizen, staff, note};
    return named(all, word);
}

struct complaint_tables::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement next_number{
        db,
        "INSERT INTO complaint_numbers (day, last) VALUES (?1, 1) "
        "ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last"};
    statement add{
        db,
        "INSERT INTO complaints (code, user_id, version, state, category, unit, officer, commune, "
        "submitted_ms, updated_ms, due_ms, wake_ms, test, record) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"};
    statement update{
        db,
        "UPDATE complaints SET user_id = ?3, version = ?4, state = ?5, category = ?6, unit = ?7, "
        "officer = ?8, commune = ?9, updated_ms = ?10, due_ms = ?11, wake_ms = ?12, record = ?13 "
        "WHERE id = ?1 AND version = ?2"};
    statement set_dates{db, "UPDATE complaints SET due_ms = ?2, wake_ms = ?3 WHERE id = ?1"};
    statement find{db, "SELECT id, version, record FROM complaints WHERE code = ?1"};
    statement of_citizen{
        db,
        "SELECT id, version, record FROM complaints INDEXED BY complaints_by_citizen "
        "WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2"};
    statement waking{
        db,
        "SELECT id, version, record FROM complaints INDEXED BY complaints_by_wake "
        "WHERE wake_ms <= ?1 ORDER BY wake_ms LIMIT ?2"};
    statement dated{
        db,
        "SELECT id, version, record FROM complaints WHERE id > ?1 "
        "AND (due_ms IS NOT NULL OR wake_ms IS NOT NULL) ORDER BY id LIMIT ?2"};
    statement add_history{
        db,
        "INSERT INTO complaint_history (complaint_id, at_ms, role, actor, what, from_state, "
        "to_state, reason, message, value, late, version, changes) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"};
    statement history{
        db,
        "SELECT at_ms, role, actor, what, from_state, to_state, reason, message, value, late, "
        "version, changes FROM complaint_history WHERE complaint_id = ?1 ORDER BY id LIMIT ?2"};
    statement add_message{
        db,
        "INSERT INTO complaint_messages (complaint_id, at_ms, kind, role, actor, text, "
        "transition, outbox_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"};
    statement messages{
        db,
        "SELECT id, at_ms, kind, role, actor, text, transition, outbox_id "
        "FROM complaint_messages WHERE complaint_id = ?1 ORDER BY id LIMIT ?2"};
    statement link{
        db,
        "INSERT INTO complaint_attachments (complaint_id, message_id, place, complaint_message, "
        "kind, name) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"};
    statement links{
        db,
        "SELECT message_id, place, kind, name FROM complaint_attachments "
        "WHERE complaint_message = ?1 ORDER BY rowid"};
    statement schedule_draft{
        db,
        "INSERT INTO complaint_drafts (user_id, due_ms) VALUES (?1, ?2) "
        "ON CONFLICT DO UPDATE SET due_ms = ?2"};
    statement forget_draft{db, "DELETE FROM complaint_drafts WHERE user_id = ?1"};
    statement drafts_due{
        db,
        "SELECT user_id FROM complaint_drafts INDEXED BY complaint_drafts_by_due "
        "WHERE due_ms <= ?1 ORDER BY due_ms LIMIT ?2"};
    statement forget_actor{
        db, "UPDATE complaint_history SET actor = '' WHERE complaint_id = ?1 AND role = 'citizen'"};
    statement forget_author{
        db,
        "UPDATE complaint_messages SET actor = '' WHERE complaint_id = ?1 AND role = 'citizen'"};
};

complaint_tables::complaint_tables(SQLite::Database& connection)
    : connection_(connection), list_(connection)
{
}

complaint_tables::~complaint_tables() = default;

complaint_tables::statements& complaint_tables::prepared()
{
    if (!statements_)
        statements_ = std::make_unique<statements>(connection_);
    return *statements_;
}

int complaint_tables::next_number(std::chrono::year_month_day day)
{
    const auto key = to_text(day);
    use row(prepared().next_number, key);
    row.next();
    return static_cast<int>(row.integer(0));
}

std::int64_t complaint_tables::add(const complaint& value, const dates& derived)
{
    use(prepared().add,
        value.code,
        unless_empty(value.user_id),
        value.version,
        value.state,
        value.category,
        value.unit,
        value.officer,
        value.where.commune,
        ms(value.course.empty() ? value.updated_at : value.course.front().at),
        ms(value.updated_at),
        ms_of(derived.due),
        ms_of(derived.wake),
        std::int64_t{value.test},
        to_json(value))
        .run();
    const auto id = connection_.getLastInsertRowid();
    link(id, std::nullopt, value.attachments);
    auto listed = value;
    listed.id = id;
    list_.add(listed, derived.due);
    return id;
}

bool complaint_tables::update(
    const complaint& value, std::int64_t expected_version, const dates& derived)
{
    const bool done = use(prepared().update,
                          value.id,
                          expected_version,
                          unless_empty(value.user_id),
                          value.version,
                          value.state,
                          value.category,
                          value.unit,
                          value.officer,
                          value.where.commune,
                          ms(value.updated_at),
                          ms_of(derived.due),
                          ms_of(derived.wake),
                          to_json(value))
                          .run() == 1;
    if (done)
        list_.update(value, derived.due);
    return done;
}

void complaint_tables::set_dates(std::int64_t id, const dates& derived)
{
    use(prepared().set_dates, id, ms_of(derived.due), ms_of(derived.wake)).run();
    list_.set_due(id, derived.due);
}

std::optional<complaint> complaint_tables::find(std::string_view code)
{
    auto found = all_of(use(prepared().find, std::string(code)));
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

std::vector<complaint> complaint_tables::of_citizen(std::string_view user_id, std::size_t limit)
{
    return all_of(use(prepared().of_citizen, std::string(user_id), most(limit)));
}

std::vector<complaint> complaint_tables::waking(utc_time now, std::size_t limit)
{
    return all_of(use(prepared().waking, ms(now), most(limit)));
}

std::vector<complaint> complaint_tables::dated(std::int64_t after, std::size_t limit)
{
    return all_of(use(prepared().dated, after, most(limit)));
}

void complaint_tables::add_history(std::int64_t id, const complaints::history_entry& entry)
{
    use(prepared().add_history,
        id,
        ms(entry.at),
        std::string(name(entry.by.role)),
        entry.by.id,
        entry.what,
        entry.from,
        entry.to,
        entry.reason,
        entry.message,
        entry.value,
        std::int64_t{entry.late},
        entry.version,
        entry.changes.empty() ? std::nullopt : std::optional(to_json(entry.changes)))
        .run();
}

std::vector<complaints::history_entry> complaint_tables::history(std::int64_t id, std::size_t limit)
{
    std::vector<complaints::history_entry> found;
    use row(prepared().history, id, most(limit));
    while (row.next())
        found.push_back(
            {.at = row.time(0),
             .by = {role_from(row.text(1)), row.text(2)},
             .what = row.text(3),
             .from = row.text(4),
             .to = row.text(5),
             .reason = row.text(6),
             .message = row.text(7),
             .value = row.text(8),
             .late = row.integer(9) != 0,
             .version = row.integer(10),
             .changes = changes_from_json(row.view(11))});
    return found;
}

std::int64_t complaint_tables::add_message(std::int64_t id, const complaints::message& said)
{
    use(prepared().add_message,
        id,
        ms(said.at),
        std::string(name(said.kind)),
        std::string(name(said.by.role)),
        said.by.id,
        said.text,
        said.transition,
        said.outbox_id == 0 ? std::nullopt : std::optional(said.outbox_id))
        .run();
    const auto message = connection_.getLastInsertRowid();
    link(id, message, said.attachments);
    if (!said.held)
        list_.said(id, said);
    return message;
}

std::vector<complaints::message> complaint_tables::messages(std::int64_t id, std::size_t limit)
{
    std::vector<complaints::message> found;
    {
        use row(prepared().messages, id, most(limit));
        while (row.next())
            found.push_back(
                {.id = row.integer(0),
                 .at = row.time(1),
                 .kind = message_kind_from(row.text(2)),
                 .by = {role_from(row.text(3)), row.text(4)},
                 .text = row.text(5),
                 .attachments = {},
                 .transition = row.text(6),
                 .outbox_id = row.integer(7)});
    }
    for (auto& one : found) {
        use row(prepared().links, one.id);
        while (row.next())
            one.attachments.push_back(
                {row.text(0), static_cast<int>(row.integer(1)), row.text(2), row.text(3)});
    }
    return found;
}

void complaint_tables::link(
    std::int64_t id,
    std::optional<std::int64_t> message,
    const std::vector<complaints::attachment_reference>& attachments)
{
    for (const auto& one : attachments)
        use(prepared().link,
            id,
            one.message_id,
            std::int64_t{one.index},
            message,
            one.kind,
            one.name)
            .run();
}

void complaint_tables::schedule_draft(std::string_view user_id, std::optional<utc_time> when)
{
    if (when)
        use(prepared().schedule_draft, std::string(user_id), ms(*when)).run();
    else
        use(prepared().forget_draft, std::string(user_id)).run();
}

std::vector<std::string> complaint_tables::drafts_due(utc_time now, std::size_t limit)
{
    std::vector<std::string> found;
    use row(prepared().drafts_due, ms(now), most(limit));
    while (row.next())
        found.push_back(row.text(0));
    return found;
}

void complaint_tables::erase(std::string_view user_id, utc_time now)
{
    schedule_draft(user_id, std::nullopt);
    constexpr std::size_t at_once = 100;
    for (;;) {
        auto found = of_citizen(user_id, at_once);
        for (auto& one : found) {
            list_.forget_words(one.id); // by the words they were found by
            const auto sender = std::exchange(one.from, {});
            one.user_id.clear();
            one.where.coordinates.clear();
            forget_sender(one, sender);
            forget_sender(connection_, one.id, sender);
            const auto version = one.version++;
            dates derived;
            {
                statement row(connection_, "SELECT due_ms, wake_ms FROM complaints WHERE id = ?1");
                use stored(row, one.id);
                stored.next();
                if (!stored.is_null(0))
                    derived.due = stored.time(0);
                if (!stored.is_null(1))
                    derived.wake = stored.time(1);
            }
            update(one, version, derived);
            add_history(
                one.id,
                {.at = now,
                 .by = {complaints::role::system, {}},
                 .what = "erase",
                 .from = one.state,
                 .to = one.state,
                 .reason = {},
                 .message = {},
                 .value = {},
                 .version = one.version});
            use(prepared().forget_actor, one.id).run();
            use(prepared().forget_author, one.id).run();
        }
        if (found.size() < at_once)
            return;
    }
}

} // namespace motcua::sqlite
