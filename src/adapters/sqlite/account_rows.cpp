#include "account_rows.hpp"

#include "statements.hpp"

#include <sstream>

namespace motcua::sqlite {
namespace {

constexpr std::string_view account_columns =
    "SELECT id, version, user_name, name, unit, roles, active, password_hash, password_temporary, "
    "totp_secret, totp_step, last_seen_ms FROM staff ";
constexpr std::string_view unit_columns =
    "SELECT id, version, name, parent, commune, active FROM units ";
constexpr std::string_view session_columns =
    "SELECT s.id, s.secret_hash, s.staff_id, s.stage, s.signed_in_ms, s.last_seen_ms, s.address, "
    "s.browser, s.new_totp FROM staff_sessions s ";

std::string operator+(std::string_view columns, const char* rest)
{
    return std::string(columns).append(rest);
}

std::optional<std::string> or_null(const std::string& value)
{
    return value.empty() ? std::nullopt : std::optional(value);
}

std::string roles_text(const std::set<app::staff_role>& roles)
{
    std::string out;
    for (const auto role : roles) {
        out += out.empty() ? "" : " ";
        out += name(role);
    }
    return out;
}

std::set<app::staff_role> roles_from(const std::string& text)
{
    std::set<app::staff_role> out;
    std::istringstream words(text);
    for (std::string word; words >> word;)
        if (const auto role = app::staff_role_from(word))
            out.insert(*role);
    return out;
}

app::account account_of(const use& row)
{
    app::account out;
    out.who.id = row.text(0);
    out.version = row.integer(1);
    out.who.user_name = row.text(2);
    out.who.name = row.text(3);
    out.who.unit = row.text(4);
    out.who.roles = roles_from(row.text(5));
    out.who.active = row.integer(6) != 0;
    out.password_hash = row.text(7);
    out.password_temporary = row.integer(8) != 0;
    out.totp_secret = row.view(9);
    out.totp_step = row.integer(10);
    if (!row.is_null(11))
        out.last_seen = row.time(11);
    return out;
}

app::unit unit_of(const use& row)
{
    return {
        .id = row.text(0),
        .version = row.integer(1),
        .name = row.text(2),
        .parent = row.text(3),
        .commune = row.text(4),
        .active = row.integer(5) != 0};
}

app::session session_of(const use& row)
{
    app::session out;
    out.id = row.text(0);
    out.secret_hash = row.view(1);
    out.staff_id = row.text(2);
    out.stage = app::session_stage_from(row.view(3)).value_or(app::session_stage::signed_out);
    out.signed_in = row.time(4);
    out.last_seen = row.time(5);
    out.address = row.text(6);
    out.browser = row.text(7);
    out.new_totp = row.view(8);
    return out;
}

} // namespace

std::optional<app::account> account_rows::find(std::string_view staff_id)
{
    const std::string id(staff_id);
    statement query(connection_, account_columns + "WHERE id = ?1");
    use row(query, id);
    return row.next() ? std::optional(account_of(row)) : std::nullopt;
}

std::optional<app::account> account_rows::find_by_user_name(std::string_view user_name)
{
    const std::string wanted(user_name);
    statement query(connection_, account_columns + "WHERE user_name = ?1");
    use row(query, wanted);
    return row.next() ? std::optional(account_of(row)) : std::nullopt;
}

std::vector<app::account> account_rows::all()
{
    statement query(connection_, account_columns + "ORDER BY user_name");
    std::vector<app::account> out;
    use row(query);
    while (row.next())
        out.push_back(account_of(row));
    return out;
}

std::optional<app::unit> account_rows::find_unit(std::string_view id)
{
    const std::string wanted(id);
    statement query(connection_, unit_columns + "WHERE id = ?1");
    use row(query, wanted);
    return row.next() ? std::optional(unit_of(row)) : std::nullopt;
}

std::vector<app::unit> account_rows::units()
{
    statement query(connection_, unit_columns + "ORDER BY name, id");
    std::vector<app::unit> out;
    use row(query);
    while (row.next())
        out.push_back(unit_of(row));
    return out;
}

std::optional<app::session> account_rows::find_session(std::string_view secret_hash)
{
    statement query(
        connection_,
        session_columns +
            "JOIN staff ON staff.id = s.staff_id WHERE s.secret_hash = ?1 AND staff.active = 1");
    use row(query, blob{secret_hash});
    return row.next() ? std::optional(session_of(row)) : std::nullopt;
}

std::vector<app::session> account_rows::sessions_of(std::string_view staff_id)
{
    const std::string id(staff_id);
    statement query(
        connection_, session_columns + "WHERE s.staff_id = ?1 ORDER BY s.signed_in_ms DESC, s.id");
    std::vector<app::session> out;
    use row(query, id);
    while (row.next())
        out.push_back(session_of(row));
    return out;
}

std::map<std::string, std::int64_t>
account_rows::cases_by_officer(const std::vector<std::string>& states)
{
    statement query(
        connection_,
        "SELECT officer, count(*) FROM complaints WHERE officer <> '' AND state = ?1 "
        "GROUP BY officer");
    std::map<std::string, std::int64_t> out;
    for (const auto& state : states) {
        use row(query, state);
        while (row.next())
            out[row.text(0)] += row.integer(1);
    }
    return out;
}

void account_rows::put(const app::account& value)
{
    const auto unit = or_null(value.who.unit);
    const auto roles = roles_text(value.who.roles);
    const auto seen = value.last_seen ? std::optional(ms(*value.last_seen)) : std::nullopt;
    const std::int64_t active = value.who.active ? 1 : 0;
    const std::int64_t temporary = value.password_temporary ? 1 : 0;
    // Not REPLACE, which would trip over the sessions that refer to the row.
    statement query(
        connection_,
        "INSERT INTO staff (id, version, user_name, name, unit, roles, active, password_hash, "
        "password_temporary, totp_secret, totp_step, last_seen_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
        "ON CONFLICT (id) DO UPDATE SET version = ?2, user_name = ?3, name = ?4, unit = ?5, "
        "roles = ?6, active = ?7, password_hash = ?8, password_temporary = ?9, totp_secret = ?10, "
        "totp_step = ?11, last_seen_ms = ?12");
    use(query,
        value.who.id,
        value.version,
        value.who.user_name,
        value.who.name,
        unit,
        roles,
        active,
        value.password_hash,
        temporary,
        blob{value.totp_secret},
        value.totp_step,
        seen)
        .run();
}

void account_rows::put_unit(const app::unit& value)
{
    const auto parent = or_null(value.parent);
    const std::int64_t active = value.active ? 1 : 0;
    statement query(
        connection_,
        "INSERT INTO units (id, version, name, parent, commune, active) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET version = ?2, name = ?3, "
        "parent = ?4, commune = ?5, active = ?6");
    use(query, value.id, value.version, value.name, parent, value.commune, active).run();
}

void account_rows::remove_unit(std::string_view id)
{
    const std::string wanted(id);
    statement query(connection_, "DELETE FROM units WHERE id = ?1");
    use(query, wanted).run();
}

bool account_rows::is_used(std::string_view unit_id)
{
    const std::string id(unit_id);
    statement query(
        connection_,
        "SELECT EXISTS (SELECT 1 FROM staff WHERE unit = ?1) "
        "OR EXISTS (SELECT 1 FROM units WHERE parent = ?1) "
        "OR EXISTS (SELECT 1 FROM complaints WHERE unit = ?1)");
    use row(query, id);
    return row.next() && row.integer(0) != 0;
}

void account_rows::put_session(const app::session& value)
{
    const std::string stage(name(value.stage));
    statement query(
        connection_,
        "INSERT INTO staff_sessions (id, secret_hash, staff_id, stage, signed_in_ms, last_seen_ms, "
        "address, browser, new_totp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
        "ON CONFLICT (id) DO UPDATE SET secret_hash = ?2, stage = ?4, last_seen_ms = ?6, "
        "new_totp = ?9");
    use(query,
        value.id,
        blob{value.secret_hash},
        value.staff_id,
        stage,
        ms(value.signed_in),
        ms(value.last_seen),
        value.address,
        value.browser,
        blob{value.new_totp})
        .run();
}

void account_rows::touch(std::string_view session_id, utc_time now)
{
    const std::string id(session_id);
    statement session(connection_, "UPDATE staff_sessions SET last_seen_ms = ?2 WHERE id = ?1");
    use(session, id, ms(now)).run();
    statement account(
        connection_,
        "UPDATE staff SET last_seen_ms = ?2 "
        "WHERE id = (SELECT staff_id FROM staff_sessions WHERE id = ?1)");
    use(account, id, ms(now)).run();
}

void account_rows::remove_session(std::string_view session_id)
{
    const std::string id(session_id);
    statement query(connection_, "DELETE FROM staff_sessions WHERE id = ?1");
    use(query, id).run();
}

void account_rows::remove_sessions_of(std::string_view staff_id, std::string_view kept)
{
    const std::string id(staff_id);
    const std::string but(kept);
    statement query(connection_, "DELETE FROM staff_sessions WHERE staff_id = ?1 AND id <> ?2");
    use(query, id, but).run();
}

void account_rows::remove_ended_sessions(utc_time now)
{
    statement query(
        connection_, "DELETE FROM staff_sessions WHERE signed_in_ms <= ?1 OR last_seen_ms <= ?2");
    use(query, ms(now - app::session_limit), ms(now - app::session_idle_limit)).run();
}

} // namespace motcua::sqlite
