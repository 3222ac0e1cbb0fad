#include "retention_rows.hpp"

#include "statements.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace motcua::sqlite {
namespace {

using app::kept_kind;

constexpr auto unsettled = std::numeric_limits<std::int64_t>::max();

// `rows` in the order of their key, from ?1 on, ?2 of them: key, time, 1 if the row is to go when
// it is old enough. `next`: there if keys and times grow together, so that the first young row ends
// the search; the time of the first row behind ?1 that is not later than ?2. A row of the future,
// which a wrong clock has left, is as old as the next one that is not: it would end the search for
// years. `removal`: what becomes of one row, key = ?1; empty for what the caller removes.
struct sweep
{
    std::string rows;
    std::string next;
    std::vector<const char*> removal;
    std::string preview; // how many there are, time < ?1; those with `next` take now as ?2
};

// Of a table whose keys and times grow together.
std::string next_in(const std::string& table, const std::string& time)
{
    return "SELECT " + time + " FROM " + table + " WHERE id > CAST(?1 AS INTEGER) AND " + time +
           " <= ?2 ORDER BY id LIMIT 1";
}

std::string old_rows_in(const std::string& table, const std::string& time)
{
    return "SELECT count(*) FROM " + table + " t WHERE (" + time + " < ?1 OR " + time +
           " > ?2 AND id < (SELECT max(id) FROM " + table + " WHERE " + time + " < ?1))";
}

sweep of(kept_kind kind)
{
    switch (kind) {
    case kept_kind::events:
        return {
            "SELECT id, received_ms, body IS NOT NULL FROM events "
            "WHERE id > CAST(?1 AS INTEGER) ORDER BY id LIMIT ?2",
            next_in("events", "received_ms"),
            {"UPDATE events SET body = NULL WHERE id = ?1"},
            old_rows_in("events", "received_ms") + " AND body IS NOT NULL"};
    case kept_kind::outgoing:
        // A row that is not settled is young in effect: it ends the search, too.
        return {
            "SELECT id, iif(state IN ('sent', 'delivered', 'seen', 'dead'), created_ms, "
            "9223372036854775807), message IS NOT NULL FROM outbox "
            "WHERE id > CAST(?1 AS INTEGER) ORDER BY id LIMIT ?2",
            next_in("outbox", "created_ms"),
            {"UPDATE outbox SET message = NULL, message_id = NULL WHERE id = ?1"},
            old_rows_in("outbox", "created_ms") +
                " AND message IS NOT NULL AND state IN ('sent', 'delivered', 'seen', 'dead')"};
    case kept_kind::conversations:
        return {
            "SELECT user_id, updated_ms, "
            "NOT EXISTS (SELECT 1 FROM complaint_drafts d WHERE d.user_id = c.user_id) "
            "FROM conversations c WHERE user_id > ?1 ORDER BY user_id LIMIT ?2",
            {},
            {"DELETE FROM conversations WHERE user_id = ?1"},
            "SELECT count(*) FROM conversations c WHERE updated_ms < ?1 AND "
            "NOT EXISTS (SELECT 1 FROM complaint_drafts d WHERE d.user_id = c.user_id)"};
    case kept_kind::attachments:
        return {
            "SELECT id, received_ms, user_id IS NOT NULL AND state IN ('stored', 'failed') AND "
            "NOT EXISTS (SELECT 1 FROM complaint_attachments l "
            "WHERE l.message_id = a.message_id AND l.place = a.place) "
            "FROM attachments a WHERE id > CAST(?1 AS INTEGER) ORDER BY id LIMIT ?2",
            next_in("attachments", "received_ms"),
            {"INSERT INTO files_to_remove (file) SELECT file FROM attachments "
             "WHERE id = ?1 AND file IS NOT NULL ON CONFLICT DO NOTHING",
             "UPDATE attachments SET user_id = NULL, url = NULL, name = '', latitude = NULL, "
             "longitude = NULL, file = NULL, due_ms = NULL, message_id = NULL, state = 'erased' "
             "WHERE id = ?1"},
            old_rows_in("attachments", "received_ms") +
                " AND user_id IS NOT NULL AND state IN ('stored', 'failed') AND "
                "NOT EXISTS (SELECT 1 FROM complaint_attachments l "
                "WHERE l.message_id = t.message_id AND l.place = t.place)"};
    case kept_kind::handovers:
        return {
            "SELECT id, coalesce(closed_ms, until_ms, last_message_ms, opened_ms), "
            "user_id IS NOT NULL FROM handovers "
            "WHERE id > CAST(?1 AS INTEGER) ORDER BY id LIMIT ?2",
            {},
            {"UPDATE handovers SET user_id = NULL, state = 'closed' WHERE id = ?1"},
            "SELECT count(*) FROM handovers WHERE user_id IS NOT NULL AND "
            "coalesce(closed_ms, until_ms, last_message_ms, opened_ms) < ?1"};
    case kept_kind::unknown:
        return {
            "SELECT id, at_ms, 1 FROM unknown_messages "
            "WHERE id > CAST(?1 AS INTEGER) ORDER BY id LIMIT ?2",
            next_in("unknown_messages", "at_ms"),
            {"DELETE FROM unknown_messages WHERE id = ?1"},
            old_rows_in("unknown_messages", "at_ms")};
    case kept_kind::citizens:
        break;
    }
    // Somebody whose complaint is not over, or ended lately, is still in touch with us.
    return {
        "SELECT user_id, last_seen_ms, "
        "NOT EXISTS (SELECT 1 FROM complaints p WHERE p.user_id = c.user_id AND "
        "(p.due_ms IS NOT NULL OR p.wake_ms IS NOT NULL OR p.updated_ms >= ?3)) "
        "FROM citizens c WHERE user_id > ?1 ORDER BY user_id LIMIT ?2",
        {},
        {},
        "SELECT count(*) FROM citizens c WHERE last_seen_ms < ?1 AND "
        "NOT EXISTS (SELECT 1 FROM complaints p WHERE p.user_id = c.user_id AND "
        "(p.due_ms IS NOT NULL OR p.wake_ms IS NOT NULL OR p.updated_ms >= ?1))"};
}

std::int64_t
next_time(SQLite::Database& connection, const sweep& how, const std::string& after, utc_time now)
{
    statement query(connection, how.next);
    query.bind(1, after);
    query.bind(2, ms(now));
    return query.executeStep() ? query.getColumn(0).getInt64() : ms(now);
}

} // namespace

std::optional<utc_time> retention_rows::platform_time()
{
    statement newest(connection_, "SELECT max(timestamp_ms) FROM events");
    use row(newest);
    if (!row.next() || row.is_null(0))
        return std::nullopt;
    return row.time(0);
}

app::retention_records::progress retention_rows::remove(
    kept_kind kind, utc_time before, utc_time now, const std::string& after, std::size_t limit)
{
    const auto how = of(kind);
    std::optional<std::int64_t> next; // time behind a run of rows of the future
    progress out{.removed = 0, .after = after, .done = false, .citizens = {}};
    std::vector<std::string> going;
    std::size_t looked = 0;
    {
        statement query(connection_, how.rows);
        query.bind(1, after);
        query.bind(2, static_cast<std::int64_t>(limit));
        if (kind == kept_kind::citizens)
            query.bind(3, ms(before));
        for (; query.executeStep(); ++looked) {
            auto time = query.getColumn(1).getInt64();
            if (how.next.empty() || time <= ms(now) || time == unsettled)
                next.reset();
            else if (!next)
                next = next_time(connection_, how, query.getColumn(0).getString(), now);
            time = next.value_or(time);
            const bool is_old = time < ms(before);
            if (!is_old && !how.next.empty()) {
                out.done = true;
                break;
            }
            out.after = query.getColumn(0).getString();
            if (is_old && query.getColumn(2).getInt() != 0)
                going.push_back(out.after);
        }
    }
    out.done = out.done || looked < limit;
    for (const auto* sql : how.removal) {
        statement removal(connection_, sql);
        for (const auto& key : going) {
            // Keys of all but conversations are numbers.
            if (kind == kept_kind::conversations)
                use(removal, key).run();
            else
                use(removal, static_cast<std::int64_t>(std::stoll(key))).run();
        }
    }
    out.removed = static_cast<std::int64_t>(going.size());
    if (kind == kept_kind::citizens)
        out.citizens = std::move(going);
    return out;
}

std::vector<app::retention_count> preview_retention(
    const SQLite::Database& connection, const app::retention_rules& rules, utc_time now)
{
    std::vector<app::retention_count> out;
    for (const auto kind : app::kept_kinds) {
        const auto keep = rules.of(kind);
        if (keep.count() == 0)
            continue;
        const utc_time before = now - keep;
        const auto how = of(kind);
        statement query(connection, how.preview);
        query.bind(1, ms(before));
        if (!how.next.empty())
            query.bind(2, ms(now));
        query.executeStep();
        out.push_back({.kind = kind, .before = before, .rows = query.getColumn(0).getInt64()});
    }
    return out;
}

} // namespace motcua::sqlite
