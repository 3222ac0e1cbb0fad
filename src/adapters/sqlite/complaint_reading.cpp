#include "complaint_reading.hpp"

#include "casework_rows.hpp"
#include "complaint_search.hpp"
#include "complaint_tables.hpp"
#include "json.hpp"
#include "statements.hpp"

#include <motcua/core/dialogue/handover.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace motcua::sqlite {
namespace {

constexpr std::size_t others_shown = 10;

app::speaker speaker_from(std::string_view word)
{
    if (word == "citizen")
        return app::speaker::citizen;
    return word == "bot" ? app::speaker::bot : app::speaker::staff;
}

std::optional<utc_time> optional_time(const use& row, int column)
{
    return row.is_null(column) ? std::nullopt : std::optional(row.time(column));
}

// Oldest first, of rows read newest first, one more than wanted.
template <class T>
app::latest<T> turned(std::vector<T> rows, std::size_t limit)
{
    const bool has_more = rows.size() > limit;
    if (has_more)
        rows.resize(limit);
    std::ranges::reverse(rows);
    return {std::move(rows), has_more};
}

std::int64_t one_more(std::size_t limit)
{
    return static_cast<std::int64_t>(limit) + 1;
}

std::int64_t below(std::optional<std::int64_t> before)
{
    return before.value_or(std::numeric_limits<std::int64_t>::max());
}

} // namespace

std::optional<complaints::complaint> complaint_reading::find(std::string_view code)
{
    const std::string key(code);
    statement query(connection_, "SELECT id, version, record FROM complaints WHERE code = ?1");
    use row(query, key);
    if (!row.next())
        return std::nullopt;
    auto found = complaint_from_json(row.text(2));
    found.id = row.integer(0);
    found.version = row.integer(1);
    return found;
}

std::optional<app::opened_complaint>
complaint_reading::open(std::string_view code, const app::complaint_sight& sight, utc_time now)
{
    const auto found = find(code);
    if (!found)
        return std::nullopt;
    auto listed_now = listed({found->id}, sight);
    if (listed_now.empty())
        return std::nullopt;
    app::opened_complaint opened;
    opened.now = std::move(listed_now.front());
    opened.attachments = attachments_of(found->id, std::nullopt);
    {
        statement query(
            connection_,
            "SELECT text, original FROM complaint_moderations "
            "WHERE complaint_id = ?1 AND message_id = 0 ORDER BY id DESC LIMIT 1");
        use row(query, found->id);
        if (row.next() && row.view(0) != row.view(1))
            opened.public_content = row.text(0);
        statement count(
            connection_, "SELECT count(*) FROM complaint_moderations WHERE complaint_id = ?1");
        use all(count, found->id);
        all.next();
        opened.moderated = static_cast<int>(all.integer(0));
    }
    const auto& citizen = opened.now.what.user_id;
    if (citizen.empty())
        return opened;
    {
        statement query(
            connection_,
            "SELECT who, until_ms FROM handovers WHERE user_id = ?1 AND state = 'person' "
            "AND until_ms > ?2");
        use row(query, citizen, ms(now));
        if (row.next()) {
            opened.answered_by = row.text(0);
            opened.answered_until = row.time(1);
        }
    }
    sight_condition seen(sight);
    const auto from = "FROM complaint_list AS l JOIN complaints AS c ON c.id = l.id "
                      "WHERE c.user_id = ?1 AND c.id <> ?2 AND " +
                      seen.sql("l.unit", 3);
    {
        statement query(connection_, "SELECT count(*) " + from);
        seen.bind(query, 3);
        use row(query, citizen, found->id);
        row.next();
        opened.others_total = row.integer(0);
    }
    statement query(
        connection_,
        "SELECT c.code, c.state, c.record ->> '$.content', c.submitted_ms " + from +
            " ORDER BY c.id DESC LIMIT " + std::to_string(others_shown));
    seen.bind(query, 3);
    use row(query, citizen, found->id);
    while (row.next())
        opened.others.push_back({row.text(0), row.text(1), row.text(2), row.time(3)});
    return opened;
}

std::vector<app::listed_complaint>
complaint_reading::listed(const std::vector<std::int64_t>& ids, const app::complaint_sight& sight)
{
    statement rows(
        connection_,
        "SELECT c.version, c.record, l.due_ms, l.last_from, l.last_ms, l.waiting_ms, "
        "l.photos, l.files, l.reopened, z.last_contact_ms "
        "FROM complaints AS c JOIN complaint_list AS l ON l.id = c.id "
        "LEFT JOIN citizens AS z ON z.user_id = c.user_id WHERE c.id = ?1");
    sight_condition seen(sight);
    statement duplicates_of(
        connection_,
        "SELECT count(*) FROM complaint_duplicates AS d JOIN complaint_list AS l ON l.id = d.other "
        "JOIN complaint_list AS own ON own.id = d.complaint_id "
        "WHERE d.complaint_id = ?1 AND l.test = own.test AND " +
            seen.sql("l.unit", 2));
    std::vector<app::listed_complaint> found;
    found.reserve(ids.size());
    for (const auto id : ids) {
        use row(rows, id);
        if (!row.next())
            continue;
        auto& one = found.emplace_back();
        one.what = complaint_from_json(row.text(1));
        one.what.id = id;
        one.what.version = row.integer(0);
        one.due = optional_time(row, 2);
        one.last_message = {speaker_from(row.view(3)), row.time(4)};
        one.waiting_since = optional_time(row, 5);
        one.photos = static_cast<int>(row.integer(6));
        one.attachments = static_cast<int>(row.integer(7));
        one.reopened = static_cast<int>(row.integer(8));
        one.last_contact = optional_time(row, 9);
        seen.bind(duplicates_of, 2);
        use count(duplicates_of, id);
        count.next();
        one.duplicates = static_cast<int>(count.integer(0));
    }
    return found;
}

app::found_complaints complaint_reading::search(
    const app::complaint_filter& filter,
    const app::complaint_order& order,
    std::size_t first,
    std::size_t limit)
{
    return search_complaints(connection_, filter, order, first, limit);
}

app::latest<complaints::message> complaint_reading::said(
    std::int64_t id,
    std::optional<std::int64_t> before,
    std::size_t limit,
    const std::string& kinds)
{
    statement query(
        connection_,
        "SELECT id, at_ms, kind, role, actor, text FROM complaint_messages "
        "WHERE complaint_id = ?1 AND id < ?2 AND kind IN (" +
            kinds + ") ORDER BY id DESC LIMIT ?3");
    std::vector<complaints::message> found;
    use row(query, id, below(before), one_more(limit));
    while (row.next())
        found.push_back(
            {.id = row.integer(0),
             .at = row.time(1),
             .kind = message_kind_from(row.text(2)),
             .by = {role_from(row.text(3)), row.text(4)},
             .text = row.text(5),
             .attachments = {}});
    return turned(std::move(found), limit);
}

app::latest<app::case_message>
complaint_reading::messages(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit)
{
    auto texts = said(id, before, limit, "'citizen', 'staff'");
    app::latest<app::case_message> found;
    found.has_more = texts.has_more;
    for (auto& text : texts.items) {
        auto& one = found.items.emplace_back();
        one.said = std::move(text);
        one.attachments = attachments_of(id, one.said.id);
        one.fate = casework_reading(connection_).fate_of(one.said.id);
    }
    return found;
}

app::latest<complaints::message>
complaint_reading::notes(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit)
{
    return said(id, before, limit, "'note'");
}

app::latest<app::case_event>
complaint_reading::history(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit)
{
    statement query(
        connection_,
        "SELECT id, at_ms, role, actor, what, from_state, to_state, reason, message, value, late "
        "FROM complaint_history WHERE complaint_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
    std::vector<app::case_event> found;
    use row(query, id, below(before), one_more(limit));
    while (row.next())
        found.push_back(
            {row.integer(0),
             {.at = row.time(1),
              .by = {role_from(row.text(2)), row.text(3)},
              .what = row.text(4),
              .from = row.text(5),
              .to = row.text(6),
              .reason = row.text(7),
              .message = row.text(8),
              .value = row.text(9),
              .late = row.integer(10) != 0}});
    return turned(std::move(found), limit);
}

std::vector<app::case_attachment>
complaint_reading::attachments_of(std::int64_t id, std::optional<std::int64_t> message)
{
    statement query(
        connection_,
        "SELECT l.rowid, l.kind, l.name, a.id, a.state, a.type, a.bytes "
        "FROM complaint_attachments AS l JOIN complaints AS c ON c.id = l.complaint_id "
        "LEFT JOIN attachments AS a INDEXED BY attachments_by_place "
        "ON a.message_id = l.message_id AND a.place = l.place AND a.user_id = c.user_id "
        "WHERE l.complaint_id = ?1 AND l.complaint_message IS ?2 ORDER BY l.rowid");
    std::vector<app::case_attachment> found;
    use row(query, id, message);
    while (row.next()) {
        const bool is_known = !row.is_null(3);
        const auto state = is_known ? row.text(4) : "erased";
        const bool is_stored = state == "stored";
        found.push_back(
            {.id = is_known ? std::to_string(row.integer(3))
                            : "none-" + std::to_string(row.integer(0)),
             .kind = row.text(1),
             .name = row.text(2),
             .media_type = is_stored ? row.text(5) : "",
             .size_bytes = is_stored ? row.optional_integer(6) : std::nullopt,
             .status = is_stored                                  ? "stored"
                       : state == "wanted" || state == "fetching" ? "fetching"
                                                                  : "failed"});
    }
    return found;
}

std::vector<app::likely_duplicate>
complaint_reading::duplicates(std::int64_t id, const app::complaint_sight& sight, std::size_t limit)
{
    sight_condition seen(sight);
    statement query(
        connection_,
        "SELECT d.other, d.similarity FROM complaint_duplicates AS d "
        "JOIN complaint_list AS l ON l.id = d.other "
        "JOIN complaint_list AS own ON own.id = d.complaint_id "
        "WHERE d.complaint_id = ?1 AND l.test = own.test AND " +
            seen.sql("l.unit", 3) + " ORDER BY d.similarity DESC, d.other DESC LIMIT ?2");
    std::vector<std::int64_t> ids;
    std::vector<double> similarity;
    {
        seen.bind(query, 3);
        use row(query, id, static_cast<std::int64_t>(limit));
        while (row.next()) {
            ids.push_back(row.integer(0));
            similarity.push_back(row.real(1));
        }
    }
    auto cases = listed(ids, sight);
    std::vector<app::likely_duplicate> found;
    for (std::size_t i = 0; i < cases.size(); ++i)
        found.push_back({std::move(cases[i]), similarity[i]});
    return found;
}

std::vector<std::string> complaint_reading::labels(std::size_t limit)
{
    statement query(
        connection_,
        "SELECT label FROM complaint_labels GROUP BY label ORDER BY count(*) DESC, label LIMIT ?1");
    std::vector<std::string> found;
    use row(query, static_cast<std::int64_t>(limit));
    while (row.next())
        found.push_back(row.text(0));
    return found;
}

} // namespace motcua::sqlite
