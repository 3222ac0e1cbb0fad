#include "desk_content_rows.hpp"

#include "statements.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace motcua::sqlite {
namespace {

constexpr auto template_columns =
    "SELECT id, version, title, text, categories, transition, updated_ms, updated_by "
    "FROM reply_templates";
constexpr auto keep_version =
    "INSERT INTO reply_template_versions "
    "(id, version, title, text, categories, transition, updated_ms, updated_by) "
    "SELECT id, version, title, text, categories, transition, updated_ms, updated_by "
    "FROM reply_templates WHERE id = ?1 AND version = ?2";
constexpr auto view_columns = "SELECT id, staff_id, title, query, shared FROM saved_views";

// We wrote it ourselves.
std::vector<std::string> list_from(const std::string& written)
{
    return nlohmann::json::parse(written).get<std::vector<std::string>>();
}

std::string list_to(const std::vector<std::string>& words)
{
    return nlohmann::json(words).dump();
}

app::reply_template template_in(const use& row)
{
    return {
        .id = row.integer(0),
        .version = row.integer(1),
        .title = row.text(2),
        .text = row.text(3),
        .categories = list_from(row.text(4)),
        .transition = row.text(5),
        .updated_at = row.time(6),
        .updated_by = row.text(7)};
}

app::saved_view view_in(const use& row)
{
    return {
        .id = row.integer(0),
        .staff_id = row.text(1),
        .title = row.text(2),
        .query = row.text(3),
        .shared = row.integer(4) != 0};
}

} // namespace

struct desk_content_rows::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement add_template{
        db,
        "INSERT INTO reply_templates (version, title, text, categories, transition, updated_ms, "
        "updated_by) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)"};
    statement find_template{db, std::string(template_columns) + " WHERE id = ?1"};
    statement update_template{
        db,
        "UPDATE reply_templates SET version = ?2, title = ?3, text = ?4, categories = ?5, "
        "transition = ?6, updated_ms = ?7, updated_by = ?8 WHERE id = ?1 AND version = ?2 - 1"};
    statement keep_former{db, keep_version};
    statement former_template{
        db,
        "SELECT id, version, title, text, categories, transition, updated_ms, updated_by "
        "FROM reply_template_versions WHERE id = ?1 AND version = ?2"};
    statement forget_versions{
        db, "DELETE FROM reply_template_versions WHERE id = ?1 AND version <= ?2"};
    statement remove_template{db, "DELETE FROM reply_templates WHERE id = ?1"};
    statement count_templates{db, "SELECT count(*) FROM reply_templates"};
    statement add_view{
        db, "INSERT INTO saved_views (staff_id, title, query, shared) VALUES (?1, ?2, ?3, ?4)"};
    statement find_view{db, std::string(view_columns) + " WHERE id = ?1"};
    statement update_view{
        db, "UPDATE saved_views SET title = ?2, query = ?3, shared = ?4 WHERE id = ?1"};
    statement remove_view{db, "DELETE FROM saved_views WHERE id = ?1"};
    statement count_views{db, "SELECT count(*) FROM saved_views WHERE staff_id = ?1 OR shared = 1"};
};

desk_content_rows::desk_content_rows(SQLite::Database& connection) : connection_(connection) {}

desk_content_rows::~desk_content_rows() = default;

desk_content_rows::statements& desk_content_rows::prepared()
{
    if (!statements_)
        statements_ = std::make_unique<statements>(connection_);
    return *statements_;
}

std::int64_t desk_content_rows::add(const app::reply_template& value)
{
    const auto categories = list_to(value.categories);
    use(prepared().add_template,
        value.title,
        value.text,
        categories,
        value.transition,
        ms(value.updated_at),
        value.updated_by)
        .run();
    return connection_.getLastInsertRowid();
}

std::optional<app::reply_template> desk_content_rows::find_template(std::int64_t id)
{
    use row(prepared().find_template, id);
    return row.next() ? std::optional(template_in(row)) : std::nullopt;
}

bool desk_content_rows::update(const app::reply_template& value)
{
    const auto categories = list_to(value.categories);
    if (use(prepared().keep_former, value.id, value.version - 1).run() == 0)
        return false;
    use(prepared().forget_versions, value.id, value.version - 1 - app::template_versions_kept)
        .run();
    return use(prepared().update_template,
               value.id,
               value.version,
               value.title,
               value.text,
               categories,
               value.transition,
               ms(value.updated_at),
               value.updated_by)
               .run() == 1;
}

std::optional<app::reply_template>
desk_content_rows::former_template(std::int64_t id, std::int64_t version)
{
    use row(prepared().former_template, id, version);
    return row.next() ? std::optional(template_in(row)) : std::nullopt;
}

bool desk_content_rows::remove_template(std::int64_t id)
{
    use(prepared().forget_versions, id, INT64_MAX).run();
    return use(prepared().remove_template, id).run() == 1;
}

std::size_t desk_content_rows::count_templates()
{
    use row(prepared().count_templates);
    row.next();
    return static_cast<std::size_t>(row.integer(0));
}

std::int64_t desk_content_rows::add(const app::saved_view& value)
{
    use(prepared().add_view, value.staff_id, value.title, value.query, std::int64_t{value.shared})
        .run();
    return connection_.getLastInsertRowid();
}

std::optional<app::saved_view> desk_content_rows::find_view(std::int64_t id)
{
    use row(prepared().find_view, id);
    return row.next() ? std::optional(view_in(row)) : std::nullopt;
}

void desk_content_rows::update(const app::saved_view& value)
{
    use(prepared().update_view, value.id, value.title, value.query, std::int64_t{value.shared})
        .run();
}

void desk_content_rows::remove_view(std::int64_t id)
{
    use(prepared().remove_view, id).run();
}

std::size_t desk_content_rows::count_views(std::string_view staff_id)
{
    const std::string key(staff_id);
    use row(prepared().count_views, key);
    row.next();
    return static_cast<std::size_t>(row.integer(0));
}

std::vector<app::reply_template> desk_content_reading::templates()
{
    statement rows(connection_, std::string(template_columns) + " ORDER BY id LIMIT ?1");
    std::vector<app::reply_template> found;
    use row(rows, static_cast<std::int64_t>(app::template_limit));
    while (row.next())
        found.push_back(template_in(row));
    return found;
}

std::vector<app::saved_view> desk_content_reading::views(std::string_view staff_id)
{
    const std::string key(staff_id);
    statement rows(
        connection_,
        std::string(view_columns) +
            " WHERE staff_id = ?1 OR shared = 1 ORDER BY staff_id <> ?1, id LIMIT ?2");
    std::vector<app::saved_view> found;
    use row(rows, key, static_cast<std::int64_t>(app::view_limit));
    while (row.next())
        found.push_back(view_in(row));
    return found;
}

} // namespace motcua::sqlite
