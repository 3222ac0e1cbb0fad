#include "handover_rows.hpp"

#include "statements.hpp"

namespace motcua::sqlite {

using dialogue::attention;

struct handover_rows::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement open{db, "SELECT id FROM handovers WHERE user_id = ?1 AND state <> 'closed'"};
    statement add{
        db,
        "INSERT INTO handovers (user_id, state, who, opened_ms, taken_ms, until_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
    statement change{
        db,
        "UPDATE handovers SET state = ?2, who = CASE ?3 WHEN '' THEN who ELSE ?3 END, "
        "taken_ms = coalesce(taken_ms, ?4), until_ms = ?5 WHERE id = ?1"};
    statement close{db, "UPDATE handovers SET state = 'closed', closed_ms = ?2 WHERE id = ?1"};
    statement count_message{
        db,
        "UPDATE handovers SET messages = messages + 1, last_message_ms = ?2 "
        "WHERE user_id = ?1 AND state <> 'closed'"};
    statement erase{
        db,
        "UPDATE handovers SET user_id = NULL, state = 'closed', "
        "closed_ms = coalesce(closed_ms, ?2) WHERE user_id = ?1"};
};

handover_rows::handover_rows(SQLite::Database& connection)
    : statements_(std::make_unique<statements>(connection))
{
}

handover_rows::~handover_rows() = default;

void handover_rows::note(const app::handover_note& value, utc_time now)
{
    std::int64_t open = 0;
    {
        use row(statements_->open, value.user_id);
        if (row.next())
            open = row.integer(0);
    }
    if (value.by == attention::machine) {
        if (open != 0)
            use(statements_->close, open, ms(now)).run();
        return;
    }
    const bool by_person = value.by == attention::person;
    const auto* const state = by_person ? "person" : "waiting";
    const auto taken = by_person ? std::optional(ms(now)) : std::nullopt;
    const auto until = by_person ? std::optional(ms(value.until)) : std::nullopt;
    if (open == 0)
        use(statements_->add, value.user_id, state, value.who, ms(now), taken, until).run();
    else
        use(statements_->change, open, state, value.who, taken, until).run();
    if (value.citizen_spoke)
        use(statements_->count_message, value.user_id, ms(now)).run();
}

std::int64_t handover_rows::erase(const std::string& user_id, utc_time now)
{
    return use(statements_->erase, user_id, ms(now)).run();
}

std::vector<app::open_handover>
read_open_handovers(const SQLite::Database& connection, utc_time now, std::size_t limit)
{
    statement query(
        connection,
        "SELECT id, user_id, state, who, opened_ms, until_ms, messages, last_message_ms "
        "FROM handovers WHERE user_id IS NOT NULL AND "
        "((state = 'waiting' AND opened_ms > ?1) OR (state = 'person' AND until_ms > ?2)) "
        "ORDER BY state DESC, opened_ms LIMIT ?3");
    std::vector<app::open_handover> out;
    use row(query, ms(now - dialogue::waiting_limit), ms(now), static_cast<std::int64_t>(limit));
    while (row.next()) {
        app::open_handover one;
        one.id = row.integer(0);
        one.user_id = row.text(1);
        one.by = row.view(2) == "person" ? attention::person : attention::waiting;
        one.who = row.text(3);
        one.since = row.time(4);
        one.until = row.time(5);
        one.messages = row.integer(6);
        one.last_message_at = row.time(7);
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<app::stored_event> read_events_of(
    const SQLite::Database& connection, std::string_view user_id, utc_time since, std::size_t limit)
{
    const std::string citizen(user_id);
    statement query(
        connection,
        "WITH RECURSIVE chain (id) AS ("
        "SELECT last_event FROM citizens WHERE user_id = ?1 "
        "UNION ALL SELECT events.previous FROM events JOIN chain ON events.id = chain.id "
        "WHERE events.received_ms >= ?2) "
        "SELECT received_ms, event_name, body FROM chain JOIN events ON events.id = chain.id "
        "WHERE received_ms >= ?2 AND body IS NOT NULL LIMIT ?3");
    std::vector<app::stored_event> out;
    use row(query, citizen, ms(since), static_cast<std::int64_t>(limit));
    while (row.next())
        out.push_back({row.time(0), row.text(1), row.text(2)});
    return out;
}

} // namespace motcua::sqlite
