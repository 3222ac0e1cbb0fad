#include "attachment_rows.hpp"

#include "json.hpp"
#include "statements.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace motcua::sqlite {
namespace {

constexpr std::chrono::hours allowance_span{24};
// Rows looked at for one claim: those of one citizen beyond the first are passed over.
constexpr std::int64_t claim_window = 256;
constexpr std::size_t reason_limit = 20;

app::attachment_state state_from(std::string_view word)
{
    using enum app::attachment_state;
    for (const auto value : {wanted, fetching, stored, failed, erased}) {
        if (app::name(value) == word)
            return value;
    }
    return failed;
}

app::attachment_view view_of(const use& row)
{
    app::attachment_view out;
    out.id = row.integer(0);
    out.state = state_from(row.view(1));
    out.kind = row.text(2);
    out.name = row.text(3);
    out.type = row.text(4);
    if (out.state == app::attachment_state::stored && !row.is_null(5))
        out.file = row.text(5);
    out.bytes = row.integer(6);
    out.reason = row.text(7);
    if (!row.is_null(8))
        out.where = dialogue::coordinates{row.real(8), row.real(9)};
    out.received_at = row.time(10);
    return out;
}

} // namespace

struct attachment_rows::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement add{
        db,
        "INSERT INTO attachments (user_id, event, kind, url, name, latitude, longitude, state, "
        "due_ms, received_ms, updated_ms, message_id, place) "
        "VALUES (?1, coalesce((SELECT last_event FROM citizens WHERE user_id = ?1), 0), "
        "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, nullif(?10, ''), ?11)"};
    statement forgive_clock{
        db, "UPDATE attachments INDEXED BY attachments_due SET due_ms = ?1 WHERE due_ms > ?2"};
    statement due{
        db,
        "SELECT id, user_id, url, attempts FROM attachments AS due INDEXED BY attachments_due "
        "WHERE due_ms <= ?1 AND NOT EXISTS (SELECT 1 FROM attachments AS busy "
        "INDEXED BY attachments_of_citizen "
        "WHERE busy.user_id = due.user_id AND busy.state = 'fetching') "
        "ORDER BY due_ms, id LIMIT ?2"};
    statement next_due{
        db,
        "SELECT due_ms FROM attachments INDEXED BY attachments_due "
        "WHERE due_ms > ?1 ORDER BY due_ms LIMIT 1"};
    statement had{
        db,
        "SELECT count(*), coalesce(sum(bytes), 0) FROM attachments "
        "INDEXED BY attachments_of_citizen "
        "WHERE user_id = ?1 AND received_ms > ?2 AND state IN ('stored', 'fetching') "
        "AND kind <> 'location'"};
    statement claim{
        db,
        "UPDATE attachments SET state = 'fetching', due_ms = NULL, attempts = attempts + 1, "
        "updated_ms = ?2 WHERE id = ?1"};
    statement note_file{
        db, "UPDATE attachments SET file = ?2 WHERE id = ?1 AND state = 'fetching'"};
    statement read{db, "SELECT state, file FROM attachments WHERE id = ?1"};
    statement store{
        db,
        "UPDATE attachments SET state = 'stored', url = NULL, bytes = ?2, type = ?3, reason = '', "
        "updated_ms = ?4 WHERE id = ?1"};
    statement fail{
        db,
        "UPDATE attachments SET state = 'failed', url = NULL, file = NULL, due_ms = NULL, "
        "reason = ?2, updated_ms = ?3 WHERE id = ?1"};
    statement again{
        db,
        "UPDATE attachments SET state = 'wanted', due_ms = ?2, reason = ?3, updated_ms = ?4 "
        "WHERE id = ?1"};
    statement recover{
        db,
        "UPDATE attachments SET state = 'wanted', due_ms = ?1, updated_ms = ?1 "
        "WHERE state IN ('fetching', 'wanted')"};
    statement of_citizen{
        db,
        "SELECT id, state, kind, name, type, file, bytes, reason, latitude, longitude, "
        "received_ms FROM attachments INDEXED BY attachments_of_citizen "
        "WHERE user_id = ?1 AND received_ms >= ?2 ORDER BY received_ms, id LIMIT ?3"};
    statement want_removed{
        db, "INSERT INTO files_to_remove (file) VALUES (?1) ON CONFLICT DO NOTHING"};
    statement files_of{
        db,
        "INSERT INTO files_to_remove (file) SELECT DISTINCT file FROM attachments "
        "WHERE user_id = ?1 AND file IS NOT NULL ON CONFLICT DO NOTHING"};
    statement erase{
        db,
        "UPDATE attachments SET user_id = NULL, url = NULL, name = '', latitude = NULL, "
        "longitude = NULL, file = NULL, due_ms = NULL, message_id = NULL, state = 'erased', "
        "updated_ms = ?2 "
        "WHERE user_id = ?1"};
    statement drop_needed{
        db,
        "DELETE FROM files_to_remove WHERE EXISTS "
        "(SELECT 1 FROM attachments WHERE attachments.file = files_to_remove.file "
        "UNION ALL SELECT 1 FROM evidence_files e WHERE e.file = files_to_remove.file "
        "UNION ALL SELECT 1 FROM plan_entries p WHERE p.evidence_file = files_to_remove.file)"};
    statement to_remove{db, "SELECT file FROM files_to_remove LIMIT ?1"};
    statement removed{db, "DELETE FROM files_to_remove WHERE file = ?1"};
};

attachment_rows::attachment_rows(SQLite::Database& connection)
    : connection_(connection), statements_(std::make_unique<statements>(connection))
{
}

attachment_rows::~attachment_rows() = default;

std::int64_t attachment_rows::add(const app::new_attachment& value, utc_time now)
{
    const bool to_fetch = !value.where;
    const auto url = to_fetch ? std::optional(value.url) : std::nullopt;
    const auto latitude = value.where ? std::optional(value.where->latitude) : std::nullopt;
    const auto longitude = value.where ? std::optional(value.where->longitude) : std::nullopt;
    const auto due = to_fetch ? std::optional(ms(now)) : std::nullopt;
    use(statements_->add,
        value.user_id,
        value.kind,
        url,
        value.name,
        latitude,
        longitude,
        to_fetch ? "wanted" : "stored",
        due,
        ms(now),
        value.message_id,
        std::int64_t{value.place})
        .run();
    return connection_.getLastInsertRowid();
}

std::string attachment_rows::refusal(
    const std::string& user_id, const app::attachment_allowance& allowance, utc_time now)
{
    use row(statements_->had, user_id, ms(now - allowance_span));
    row.next();
    if (row.integer(0) >= allowance.files)
        return "too many files in one day";
    if (row.integer(1) >= allowance.bytes)
        return "too many bytes in one day";
    return {};
}

app::claimed_attachments
attachment_rows::claim(utc_time now, std::size_t limit, const app::attachment_allowance& allowance)
{
    struct candidate
    {
        std::int64_t id;
        std::string user_id;
        app::wanted_attachment wanted;
    };
    std::vector<candidate> candidates;
    use(statements_->forgive_clock, ms(now), ms(now + longest_delay)).run();
    {
        use row(statements_->due, ms(now), claim_window);
        while (row.next())
            candidates.push_back(
                {row.integer(0),
                 row.text(1),
                 {row.integer(0), row.text(2), static_cast<int>(row.integer(3)) + 1}});
    }
    app::claimed_attachments out;
    std::vector<std::string> busy;
    for (auto& one : candidates) {
        if (out.rows.size() == limit)
            break;
        if (std::find(busy.begin(), busy.end(), one.user_id) != busy.end())
            continue;
        if (const auto why = refusal(one.user_id, allowance, now); !why.empty()) {
            use(statements_->fail, one.id, why, ms(now)).run();
            continue;
        }
        use(statements_->claim, one.id, ms(now)).run();
        busy.push_back(std::move(one.user_id));
        out.rows.push_back(std::move(one.wanted));
    }
    use next(statements_->next_due, ms(now));
    if (next.next())
        out.next_due = next.time(0);
    return out;
}

bool attachment_rows::note_file(std::int64_t id, std::string_view file)
{
    const std::string name(file);
    std::optional<std::string> before;
    {
        use row(statements_->read, id);
        if (row.next() && !row.is_null(1))
            before = row.text(1);
    }
    const bool noted = use(statements_->note_file, id, name).run() == 1;
    if (noted && before && *before != name) // noted before a stop, and other content since
        use(statements_->want_removed, *before).run();
    return noted;
}

void attachment_rows::settle(std::int64_t id, const app::attachment_end& end, utc_time now)
{
    std::optional<std::string> file;
    {
        use row(statements_->read, id);
        if (!row.next() || row.view(0) != "fetching")
            return;
        if (!row.is_null(1))
            file = row.text(1);
    }
    switch (end.state) {
    case app::attachment_state::stored:
        use(statements_->store, id, end.bytes, end.type, ms(now)).run();
        return;
    case app::attachment_state::failed:
        use(statements_->fail, id, end.reason, ms(now)).run();
        if (file)
            use(statements_->want_removed, *file).run();
        return;
    case app::attachment_state::wanted:
        use(statements_->again, id, ms(end.due), end.reason, ms(now)).run();
        return;
    default:
        throw std::invalid_argument("no end of a call");
    }
}

std::size_t attachment_rows::recover(utc_time now)
{
    return static_cast<std::size_t>(use(statements_->recover, ms(now)).run());
}

std::vector<app::attachment_view>
attachment_rows::of_citizen(std::string_view user_id, utc_time since, std::size_t limit)
{
    const std::string citizen(user_id);
    std::vector<app::attachment_view> out;
    use row(statements_->of_citizen, citizen, ms(since), static_cast<std::int64_t>(limit));
    while (row.next())
        out.push_back(view_of(row));
    return out;
}

std::vector<std::string> attachment_rows::files_to_remove(std::size_t limit)
{
    use(statements_->drop_needed).run();
    std::vector<std::string> out;
    use row(statements_->to_remove, static_cast<std::int64_t>(limit));
    while (row.next())
        out.push_back(row.text(0));
    return out;
}

void attachment_rows::removed(std::string_view file)
{
    const std::string name(file);
    use(statements_->removed, name).run();
}

std::int64_t attachment_rows::erase(const std::string& user_id, utc_time now)
{
    use(statements_->files_of, user_id).run();
    return use(statements_->erase, user_id, ms(now)).run();
}

std::optional<app::complaint_file>
read_complaint_file(const SQLite::Database& connection, std::int64_t attachment)
{
    app::complaint_file out;
    {
        statement query(
            connection,
            "SELECT id, state, kind, name, type, file, bytes, reason, latitude, longitude, "
            "received_ms FROM attachments WHERE id = ?1");
        use row(query, attachment);
        if (!row.next())
            return std::nullopt;
        out.file = view_of(row);
    }
    statement query(
        connection,
        "SELECT c.id, c.version, c.record FROM attachments AS a "
        "JOIN complaint_attachments AS l ON l.message_id = a.message_id AND l.place = a.place "
        "JOIN complaints AS c ON c.id = l.complaint_id AND c.user_id = a.user_id "
        "WHERE a.id = ?1");
    use row(query, attachment);
    while (row.next()) {
        auto& one = out.cases.emplace_back(complaint_from_json(row.text(2)));
        one.id = row.integer(0);
        one.version = row.integer(1);
    }
    if (out.cases.empty())
        return std::nullopt;
    return out;
}

app::attachment_figures count_attachments(const SQLite::Database& connection)
{
    app::attachment_figures out;
    {
        statement query(connection, "SELECT state, count(*) FROM attachments GROUP BY state");
        use row(query);
        while (row.next()) {
            const auto count = row.integer(1);
            switch (state_from(row.view(0))) {
            case app::attachment_state::wanted:
                out.wanted = count;
                break;
            case app::attachment_state::fetching:
                out.fetching = count;
                break;
            case app::attachment_state::stored:
                out.stored = count;
                break;
            case app::attachment_state::failed:
                out.failed = count;
                break;
            case app::attachment_state::erased:
                out.erased = count;
                break;
            }
        }
    }
    {
        statement query(connection, "SELECT count(*) FROM files_to_remove");
        use row(query);
        row.next();
        out.files_to_remove = row.integer(0);
    }
    statement query(
        connection,
        "SELECT reason, count(*) AS times FROM attachments "
        "WHERE state IN ('failed', 'wanted') AND reason <> '' "
        "GROUP BY reason ORDER BY times DESC, reason LIMIT ?1");
    use row(query, static_cast<std::int64_t>(reason_limit));
    while (row.next())
        out.reasons.push_back({row.text(0), row.integer(1)});
    return out;
}

} // namespace motcua::sqlite
