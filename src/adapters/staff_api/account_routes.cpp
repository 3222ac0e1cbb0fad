#include "account_routes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace motcua::staff_api {
namespace {

constexpr std::size_t longest_user_name = 64;
constexpr std::size_t code_digits = 6;
constexpr std::string_view cookie_name = "__Host-motcua_session";

json me_json(const caller& by)
{
    json roles = json::array();
    for (const auto role : by.who.roles)
        roles.push_back(app::name(role));
    return {
        {"id", by.who.id},
        {"user_name", by.who.user_name},
        {"name", by.who.name},
        {"unit_id", optional_text(by.who.unit)},
        {"roles", std::move(roles)},
        {"totp_enrolled", by.totp_enrolled}};
}

json session_json(const caller& by)
{
    const bool known = by.stage != stage::signed_out && by.stage != stage::totp;
    return {
        {"stage", name(by.stage)},
        {"csrf_token", optional_text(by.csrf_token)},
        {"staff_member", known ? me_json(by) : json()},
        {"idle_ends_at", optional_instant(by.idle_ends)},
        {"ends_at", optional_instant(by.ends)}};
}

void set_cookie(http::response& to, std::string_view value)
{
    to.fields.emplace_back(
        "Set-Cookie",
        fmt::format(
            "{}={}; Path=/; Secure; HttpOnly; SameSite=Strict{}",
            cookie_name,
            value,
            value.empty() ? "; Max-Age=0" : ""));
}

http::response answer_to(const accounts::entered& in)
{
    auto out = answer(200, session_json(in.by));
    set_cookie(out, in.cookie);
    return out;
}

std::string secret_text(body_reader& body, std::string_view field)
{
    return body.text(field, 1, longest_password);
}

std::string totp_code_of(const json& given)
{
    body_reader body(given);
    auto code = body.text("totp_code", code_digits, code_digits);
    body.end();
    if (code.find_first_not_of("0123456789") != std::string::npos)
        throw invalid("totp_code", "Mã gồm 6 chữ số");
    return code;
}

} // namespace

class account_routes
{
public:
    account_routes(const staff_api_parts& parts, accounts& sessions, reading& reader)
        : parts_(parts), sessions_(sessions), reader_(reader)
    {
    }

    static asio::awaitable<http::response> show(call asked)
    {
        co_return answer(200, session_json(asked.by));
    }

    asio::awaitable<http::response> sign_in(call asked)
    {
        body_reader body(asked.body);
        auto user_name = body.text("user_name", 1, longest_user_name);
        auto password = secret_text(body, "password");
        body.end();
        const auto from = visitor_of(asked.request);
        const auto in = co_await sessions_.sign_in(std::move(user_name), std::move(password), from);
        // The session it came with has nothing to do with the new one.
        if (asked.by.stage != stage::signed_out)
            co_await sessions_.sign_out(asked.by, from);
        co_return answer_to(in);
    }

    asio::awaitable<http::response> sign_out(call asked)
    {
        co_await sessions_.sign_out(asked.by, visitor_of(asked.request));
        auto out = no_content();
        set_cookie(out, "");
        co_return out;
    }

    asio::awaitable<http::response> give_totp_code(call asked)
    {
        auto code = totp_code_of(asked.body);
        const auto in =
            co_await sessions_.give_totp_code(asked.by, std::move(code), visitor_of(asked.request));
        co_return answer_to(in);
    }

    asio::awaitable<http::response> begin_totp(call asked)
    {
        body_reader body(asked.body);
        auto password = secret_text(body, "current_password");
        body.end();
        const auto secret =
            co_await sessions_.begin_totp(asked.by, std::move(password), visitor_of(asked.request));
        const auto text = base32(secret);
        // https://github.com/google/google-authenticator/wiki/Key-Uri-Format
        const auto uri = fmt::format(
            "otpauth://totp/Mot%20Cua:{0}?secret={1}&issuer=Mot%20Cua",
            asked.by.who.user_name,
            text);
        const json shown = {{"secret", text}, {"otpauth_uri", uri}};
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> confirm_totp(call asked)
    {
        auto code = totp_code_of(asked.body);
        const auto in =
            co_await sessions_.confirm_totp(asked.by, std::move(code), visitor_of(asked.request));
        co_return answer_to(in);
    }

    asio::awaitable<http::response> change_password(call asked)
    {
        body_reader body(asked.body);
        auto current = secret_text(body, "current_password");
        auto wanted = secret_text(body, "new_password");
        body.end();
        const auto in = co_await sessions_.change_password(
            asked.by, std::move(current), std::move(wanted), visitor_of(asked.request));
        co_return answer_to(in);
    }

    asio::awaitable<http::response> list(call asked)
    {
        auto whose = asked.parameter("staff_id").value_or(asked.by.who.id);
        if (whose != asked.by.who.id && !asked.by.who.is(app::staff_role::admin))
            throw problem("forbidden");
        auto look = [&whose](app::reader& from) { return from.accounts().sessions_of(whose); };
        const auto found = co_await reader_.run(std::move(look));
        json items = json::array();
        for (const auto& one : found)
            if (!one.has_ended(asked.now))
                items.push_back(row_json(one, asked.by.session_id));
        const json page = {{"items", std::move(items)}};
        co_return answer(200, page);
    }

    asio::awaitable<http::response> end(call asked)
    {
        const auto& id = asked.path.at("id");
        bool ended = false;
        auto unit = [&](app::transaction& store) {
            const auto whose = owner_of(store, asked.by, id);
            if (!whose)
                return;
            ended = true;
            store.accounts().remove_session(id);
            auto entry = act_of(asked.by, visitor_of(asked.request), asked.now);
            entry.action = "session_ended";
            entry.subject = *whose;
            store.audit().add(entry);
        };
        co_await commit(parts_.store, std::move(unit));
        if (!ended)
            throw problem("not_found");
        co_return no_content();
    }

private:
    static json row_json(const app::session& one, std::string_view current)
    {
        return {
            {"id", one.id},
            {"created_at", instant(one.signed_in)},
            {"last_seen_at", instant(one.last_seen)},
            {"ends_at", instant(std::min(one.ends(), one.idle_ends()))},
            {"address", one.address},
            {"browser", one.browser},
            {"current", one.id == current}};
    }

    // User name of the session's account, if the caller may end it.
    static std::optional<std::string>
    owner_of(app::transaction& store, const caller& by, std::string_view session_id)
    {
        for (const auto& account : store.accounts().all()) {
            if (account.who.id != by.who.id && !by.who.is(app::staff_role::admin))
                continue;
            for (const auto& one : store.accounts().sessions_of(account.who.id))
                if (one.id == session_id)
                    return account.who.user_name;
        }
        return std::nullopt;
    }

    const staff_api_parts& parts_;
    accounts& sessions_;
    reading& reader_;
};

void add_account_routes(
    router& routes, const staff_api_parts& parts, accounts& sessions, reading& reader)
{
    const auto all = std::make_shared<account_routes>(parts, sessions, reader);
    const auto add = [&routes](route one) { routes.add(std::move(one)); };
    add({.method = "GET", .path = "/session", .anonymous = true, .handle = [](call asked) {
             return account_routes::show(std::move(asked));
         }});
    add(
        {.method = "POST",
         .path = "/session",
         .anonymous = true,
         .takes_body = true,
         .handle = [all](call asked) { return all->sign_in(std::move(asked)); }});
    add(
        {.method = "DELETE",
         .path = "/session",
         .stages = {stage::totp, stage::password_change, stage::totp_enrolment, stage::active},
         .handle = [all](call asked) { return all->sign_out(std::move(asked)); }});
    add(
        {.method = "POST",
         .path = "/session/totp",
         .stages = {stage::totp},
         .takes_body = true,
         .handle = [all](call asked) { return all->give_totp_code(std::move(asked)); }});
    add(
        {.method = "POST",
         .path = "/session/totp-enrolment",
         .stages = {stage::totp_enrolment, stage::active},
         .takes_body = true,
         .handle = [all](call asked) { return all->begin_totp(std::move(asked)); }});
    add(
        {.method = "PUT",
         .path = "/session/totp-enrolment",
         .stages = {stage::totp_enrolment, stage::active},
         .takes_body = true,
         .handle = [all](call asked) { return all->confirm_totp(std::move(asked)); }});
    add(
        {.method = "PUT",
         .path = "/session/password",
         .stages = {stage::password_change, stage::active},
         .takes_body = true,
         .handle = [all](call asked) { return all->change_password(std::move(asked)); }});
    add({.method = "GET", .path = "/sessions", .handle = [all](call asked) {
             return all->list(std::move(asked));
         }});
    add({.method = "DELETE", .path = "/sessions/{id}", .handle = [all](call asked) {
             return all->end(std::move(asked));
         }});
}

} // namespace motcua::staff_api
