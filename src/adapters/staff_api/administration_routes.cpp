#include "administration_routes.hpp"

#include "audit_titles.hpp"
#include "limits.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <motcua/app/staff_administration.hpp>
#include <motcua/core/complaints/workflow.hpp>

#include <charconv>
#include <chrono>

namespace motcua::staff_api {
namespace {

using app::objection;

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_unit_name = 150;
constexpr std::size_t longest_subject = 100;
constexpr std::size_t audit_page = 50;
constexpr std::size_t role_count = 5;

// 422 at the field that is to blame; the rest are kinds of their own.
problem problem_of(objection why)
{
    const std::string text(app::explanation(why));
    switch (why) {
    case objection::not_found:
        return problem("not_found");
    case objection::bad_user_name:
    case objection::user_name_taken:
        return invalid("user_name", text);
    case objection::no_role:
        return invalid("roles", text);
    case objection::officer_without_unit:
    case objection::unknown_unit:
    case objection::closed_unit:
        return invalid("unit_id", text);
    case objection::unit_circle:
        return invalid("parent_id", text);
    case objection::last_admin:
        return invalid("roles", text);
    default:
        return problem("invalid", text);
    }
}

json roles_json(const std::set<app::staff_role>& roles)
{
    json out = json::array();
    for (const auto role : roles)
        out.push_back(app::name(role));
    return out;
}

json member_json(const app::account& one, std::int64_t open_cases)
{
    return {
        {"id", one.who.id},
        {"version", one.version},
        {"user_name", one.who.user_name},
        {"name", one.who.name},
        {"unit_id", optional_text(one.who.unit)},
        {"roles", roles_json(one.who.roles)},
        {"active", one.who.active},
        {"totp_enrolled", !one.totp_secret.empty()},
        {"last_seen_at", optional_instant(one.last_seen)},
        {"open_cases", open_cases}};
}

json unit_json(const app::unit& one)
{
    return {
        {"id", one.id},
        {"version", one.version},
        {"name", one.name},
        {"parent_id", optional_text(one.parent)},
        {"commune", optional_text(one.commune)},
        {"active", one.active}};
}

app::staff_member member_from(body_reader& body)
{
    app::staff_member out;
    out.name = body.text("name", 1, longest_name);
    out.unit = body.optional_text("unit_id", longest_id).value_or("");
    for (const auto& word : body.texts("roles", role_count, longest_id, true)) {
        const auto role = app::staff_role_from(word);
        if (!role)
            throw invalid("roles", "Không có vai trò này");
        out.roles.insert(*role);
    }
    out.active = body.boolean("active");
    return out;
}

app::unit unit_from(body_reader& body)
{
    app::unit out;
    out.name = body.text("name", 1, longest_unit_name);
    out.parent = body.optional_text("parent_id", longest_id).value_or("");
    out.commune = body.optional_text("commune", longest_id).value_or("");
    out.active = body.boolean("active");
    return out;
}

std::int64_t version_from(body_reader& body)
{
    return body.integer("expected_version", 1, INT64_MAX);
}

std::optional<std::int64_t> number_of(const std::optional<std::string>& text)
{
    if (!text)
        return std::nullopt;
    std::int64_t value = 0;
    const auto* const end = text->data() + text->size();
    const auto [stopped, failed] = std::from_chars(text->data(), end, value);
    if (failed != std::errc{} || stopped != end || value < 1)
        throw invalid("before", "Phải là số nguyên dương");
    return value;
}

// The first instant of the local day, "2026-11-22".
std::optional<utc_time> day_of(const std::optional<std::string>& text, const std::string& field)
{
    if (!text)
        return std::nullopt;
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const auto part = [&text](std::size_t at, std::size_t length, auto& into) {
        const auto* const first = text->data() + at;
        return std::from_chars(first, first + length, into).ptr == first + length;
    };
    const bool readable = text->size() == 10 && (*text)[4] == '-' && (*text)[7] == '-' &&
                          part(0, 4, year) && part(5, 2, month) && part(8, 2, day);
    const std::chrono::year_month_day date{
        std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!readable || !date.ok())
        throw invalid(field, "Phải là ngày dạng 2026-11-22");
    return utc_time(std::chrono::sys_days(date)) - vietnam_offset;
}

json audit_json(const app::audit_row& row)
{
    const auto& entry = row.entry;
    return {
        {"number", row.number},
        {"at", instant(entry.at)},
        {"staff_id", optional_text(entry.staff_id)},
        {"actor", entry.actor},
        {"action", entry.action},
        {"title", title_of(entry.action)},
        {"subject", optional_text(entry.subject)},
        {"detail",
         row.erased ? json("(đã xóa cùng dữ liệu của người dân)") : optional_text(entry.detail)},
        {"address", optional_text(entry.address)}};
}

} // namespace

class administration_routes
{
public:
    administration_routes(const staff_api_parts& parts, accounts& sessions, reading& reader)
        : parts_(parts), sessions_(sessions), reader_(reader)
    {
    }

    asio::awaitable<http::response> list_staff(call)
    {
        auto look = [states = open_states()](app::reader& from) {
            const auto cases = from.accounts().cases_by_officer(states);
            json items = json::array();
            for (const auto& one : from.accounts().all()) {
                const auto found = cases.find(one.who.id);
                items.push_back(member_json(one, found == cases.end() ? 0 : found->second));
            }
            return items;
        };
        auto items = co_await reader_.run(std::move(look));
        const json page = {{"items", std::move(items)}};
        co_return answer(200, page);
    }

    asio::awaitable<http::response> add_staff(call asked)
    {
        body_reader body(asked.body);
        app::account fresh;
        fresh.who = member_from(body);
        fresh.who.user_name = body.text("user_name", 1, longest_id);
        body.end();
        fresh.who.id = random_id("s-");
        fresh.password_temporary = true;
        const auto password = random_password();
        fresh.password_hash = co_await sessions_.hash(password);
        auto why = objection::none;
        auto add = [&](app::transaction& store) {
            why = app::add_account(store, fresh, act(asked));
        };
        co_await commit(parts_.store, std::move(add));
        if (why != objection::none)
            throw problem_of(why);
        const json shown = {
            {"staff_member", member_json(fresh, 0)}, {"temporary_password", password}};
        co_return answer(201, shown);
    }

    asio::awaitable<http::response> edit_staff(call asked)
    {
        body_reader body(asked.body);
        auto wanted = member_from(body);
        const auto expected = version_from(body);
        body.end();
        wanted.id = asked.path.at("id");
        auto why = objection::none;
        auto edit = [&](app::transaction& store) {
            why = app::change_account(store, wanted, expected, act(asked));
        };
        co_await commit(parts_.store, std::move(edit));
        if (why != objection::none && why != objection::stale)
            throw problem_of(why);
        using state =
            std::pair<json, std::optional<app::audit_row>>; // the member, who changed it last
        auto look = [&wanted, states = open_states()](app::reader& from) {
            const auto found = from.accounts().find(wanted.id);
            if (!found)
                return state();
            const auto cases = from.accounts().cases_by_officer(states);
            const auto own = cases.find(wanted.id);
            return state{
                member_json(*found, own == cases.end() ? 0 : own->second),
                last_act(from, "staff_changed", found->who.user_name)};
        };
        auto [now, last] = co_await reader_.run(std::move(look));
        if (why == objection::stale)
            throw stale(wanted, std::move(now), last);
        co_return answer(200, now);
    }

    asio::awaitable<http::response> reset_password(call asked)
    {
        const auto password = random_password();
        const auto hash = co_await sessions_.hash(password);
        auto why = objection::none;
        auto reset = [&](app::transaction& store) {
            why = app::reset_password(store, asked.path.at("id"), hash, act(asked));
        };
        co_await commit(parts_.store, std::move(reset));
        if (why != objection::none)
            throw problem_of(why);
        const json shown = {{"temporary_password", password}};
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> reset_totp(call asked)
    {
        auto why = objection::none;
        auto reset = [&](app::transaction& store) {
            why = app::reset_totp(store, asked.path.at("id"), act(asked));
        };
        co_await commit(parts_.store, std::move(reset));
        if (why != objection::none)
            throw problem_of(why);
        co_return no_content();
    }

    asio::awaitable<http::response> add_unit(call asked)
    {
        body_reader body(asked.body);
        auto fresh = unit_from(body);
        body.end();
        fresh.id = random_id("u-");
        auto why = objection::none;
        auto add = [&](app::transaction& store) { why = app::add_unit(store, fresh, act(asked)); };
        co_await commit(parts_.store, std::move(add));
        if (why != objection::none)
            throw unit_problem_of(why);
        co_return answer(201, unit_json(fresh));
    }

    asio::awaitable<http::response> edit_unit(call asked)
    {
        body_reader body(asked.body);
        auto wanted = unit_from(body);
        wanted.version = version_from(body);
        body.end();
        wanted.id = asked.path.at("id");
        auto why = objection::none;
        std::optional<app::unit> now;
        auto edit = [&](app::transaction& store) {
            why = app::change_unit(store, wanted, act(asked));
            now = store.accounts().find_unit(wanted.id);
        };
        co_await commit(parts_.store, std::move(edit));
        if (why == objection::stale) {
            auto look = [&wanted](app::reader& from) {
                return last_act(from, "unit_changed", wanted.id);
            };
            const auto by = co_await reader_.run(std::move(look));
            problem conflict("stale", "Xin xem lại rồi lưu lần nữa.");
            conflict.more["current"] = unit_json(*now);
            conflict.more["changes"] = json::array();
            add_change(conflict, by, "name", "Tên", wanted.name, now->name);
            add_change(conflict, by, "parent_id", "Trực thuộc", wanted.parent, now->parent);
            add_change(conflict, by, "commune", "Địa bàn", wanted.commune, now->commune);
            add_change(
                conflict, by, "active", "Hoạt động", yes_no(wanted.active), yes_no(now->active));
            throw conflict;
        }
        if (why != objection::none)
            throw unit_problem_of(why);
        co_return answer(200, unit_json(*now));
    }

    asio::awaitable<http::response> remove_unit(call asked)
    {
        auto why = objection::none;
        auto remove = [&](app::transaction& store) {
            why = app::remove_unit(store, asked.path.at("id"), act(asked));
        };
        co_await commit(parts_.store, std::move(remove));
        if (why != objection::none)
            throw unit_problem_of(why);
        co_return no_content();
    }

    asio::awaitable<http::response> list_audit(call asked)
    {
        app::audit_filter wanted;
        wanted.staff_id = asked.parameter("staff_id").value_or("");
        wanted.action = asked.parameter("action").value_or("");
        wanted.subject = asked.parameter("subject").value_or("");
        if (wanted.subject.size() > 4 * longest_subject)
            throw invalid("subject", "Quá dài");
        wanted.from = day_of(asked.parameter("from"), "from");
        wanted.until = day_of(asked.parameter("to"), "to");
        if (wanted.until)
            *wanted.until += std::chrono::days(1);
        wanted.before = number_of(asked.parameter("before"));
        wanted.limit = audit_page + 1;
        auto look = [&wanted](app::reader& from) { return from.audit().rows(wanted); };
        auto rows = co_await reader_.run(std::move(look));
        const bool has_more = rows.size() > audit_page;
        if (has_more)
            rows.pop_back();
        json items = json::array();
        for (const auto& row : rows)
            items.push_back(audit_json(row));
        json actions = json::array();
        for (const auto& one : audit_titles)
            actions.push_back({{"id", one.action}, {"title", one.title}});
        const json page = {
            {"items", std::move(items)}, {"has_more", has_more}, {"actions", std::move(actions)}};
        co_return answer(200, page);
    }

    asio::awaitable<http::response> verify_audit(call asked)
    {
        // Beside the passwords, where it keeps no list waiting.
        auto work = [this] { return parts_.open_reader()->audit().verify({}); };
        const auto verdict = co_await run_on(parts_.accounts.hashing, std::move(work));
        auto note = [&](app::transaction& store) {
            auto entry = act(asked);
            entry.action = "audit_verified";
            entry.detail = verdict.intact ? "Toàn vẹn" : "Không toàn vẹn";
            if (verdict.first_bad_row)
                entry.detail += " từ dòng " + std::to_string(*verdict.first_bad_row);
            store.audit().add(entry);
        };
        co_await commit(parts_.store, std::move(note));
        json first;
        if (verdict.first_bad_row)
            first = *verdict.first_bad_row;
        const json shown = {
            {"intact", verdict.intact},
            {"rows", verdict.rows},
            {"first_bad_row", std::move(first)},
            {"verified_at", instant(asked.now)}};
        co_return answer(200, shown);
    }

private:
    static app::audit_entry act(const call& asked)
    {
        return act_of(asked.by, visitor_of(asked.request), asked.now);
    }

    // Of a unit the parent is what may not exist.
    static problem unit_problem_of(objection why)
    {
        if (why == objection::unknown_unit)
            return invalid("parent_id", std::string(app::explanation(why)));
        return problem_of(why);
    }

    static std::string yes_no(bool value) { return value ? "có" : "không"; }

    static std::optional<app::audit_row>
    last_act(app::reader& from, std::string_view action, std::string_view subject)
    {
        app::audit_filter wanted;
        wanted.action = action;
        wanted.subject = subject;
        wanted.limit = 1;
        auto rows = from.audit().rows(wanted);
        return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
    }

    // What the stored record has instead of what the caller sent; `by` is who changed it last.
    static void add_change(
        problem& to,
        const std::optional<app::audit_row>& by,
        std::string_view field,
        std::string_view title,
        const std::string& sent,
        const std::string& stored)
    {
        if (sent == stored)
            return;
        const auto entry = by ? by->entry : app::audit_entry();
        to.more["changes"].push_back(
            {{"field", field},
             {"title", title},
             {"old", optional_text(sent)},
             {"new", optional_text(stored)},
             {"staff_id", optional_text(entry.staff_id)},
             {"at", instant(entry.at)}});
    }

    static problem
    stale(const app::staff_member& wanted, json current, const std::optional<app::audit_row>& by)
    {
        problem conflict("stale", "Xin xem lại rồi lưu lần nữa.");
        conflict.more["changes"] = json::array();
        const auto text = [&current](const char* field) {
            const auto& value = current.at(field);
            return value.is_string() ? value.get<std::string>() : std::string();
        };
        add_change(conflict, by, "name", "Họ tên", wanted.name, text("name"));
        add_change(conflict, by, "unit_id", "Đơn vị", wanted.unit, text("unit_id"));
        const auto roles = roles_json(wanted.roles).dump();
        add_change(conflict, by, "roles", "Vai trò", roles, current["roles"].dump());
        const bool active = current["active"].get<bool>();
        add_change(conflict, by, "active", "Hoạt động", yes_no(wanted.active), yes_no(active));
        conflict.more["current"] = std::move(current);
        return conflict;
    }

    std::vector<std::string> open_states() const
    {
        std::vector<std::string> out;
        const auto content = parts_.current_content();
        for (const auto& state : content.knowledge->complaints.flow.all().states)
            if (state.is == complaints::state_class::open ||
                state.is == complaints::state_class::waiting)
                out.push_back(state.id);
        return out;
    }

    const staff_api_parts& parts_;
    accounts& sessions_;
    reading& reader_;
};

void add_administration_routes(
    router& routes, const staff_api_parts& parts, accounts& sessions, reading& reader)
{
    using self = administration_routes;
    const auto all = std::make_shared<self>(parts, sessions, reader);
    const auto add = [&routes, &all](
                         std::string method,
                         std::string path,
                         asio::awaitable<http::response> (self::*act)(call),
                         bool takes_body = false) {
        routes.add(
            {.method = std::move(method),
             .path = std::move(path),
             .roles = {app::staff_role::admin},
             .takes_body = takes_body,
             .handle = [all, act](call asked) { return (all.get()->*act)(std::move(asked)); }});
    };
    add("GET", "/staff", &self::list_staff);
    add("POST", "/staff", &self::add_staff, true);
    add("PUT", "/staff/{id}", &self::edit_staff, true);
    add("POST", "/staff/{id}/password-reset", &self::reset_password);
    add("DELETE", "/staff/{id}/totp", &self::reset_totp);
    add("POST", "/units", &self::add_unit, true);
    add("PUT", "/units/{id}", &self::edit_unit, true);
    add("DELETE", "/units/{id}", &self::remove_unit);
    add("GET", "/audit", &self::list_audit);
    add("POST", "/audit/verification", &self::verify_audit);
}

} // namespace motcua::staff_api
