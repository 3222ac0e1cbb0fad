#include "operations_routes.hpp"

#include "complaint_access.hpp"

#include <fmt/format.h>
#include <motcua/app/silence.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace motcua::staff_api {
namespace {

constexpr std::size_t dead_letters_shown = 50;
constexpr std::size_t handovers_counted = 10'000;
constexpr std::size_t shortest_reason = 5;
constexpr std::size_t longest_silence_reason = 300;

std::string_view name_of(dialogue::purpose why)
{
    switch (why) {
    case dialogue::purpose::answer:
        return "answer";
    case dialogue::purpose::notice:
        return "notice";
    case dialogue::purpose::promotion:
        break;
    }
    return "promotion";
}

json silence_json(const std::optional<app::silence>& value)
{
    json shown;
    if (value)
        shown = {
            {"since", instant(value->since)},
            {"staff_id", value->staff_id},
            {"reason", value->reason}};
    return {{"silence", std::move(shown)}};
}

struct stored_figures
{
    app::outbox_figures outbox;
    std::optional<utc_time> last_event;
    std::int64_t waiting = 0; // citizens, for a person
    std::optional<utc_time> waiting_since;
    storage_figures storage;
};

json outbox_json(const app::outbox_figures& figures)
{
    json parts = json::array();
    for (const auto& one : figures.parts)
        parts.push_back(
            {{"state", one.state},
             {"reason", one.reason},
             {"count", one.count},
             {"oldest_at", instant(one.oldest)}});
    return parts;
}

json token_json(const token_figures& value)
{
    return {
        {"has_access", value.has_access},
        {"has_refresh", value.has_refresh},
        {"access_until", optional_instant(value.access_until)},
        {"refresh_until", optional_instant(value.refresh_until)},
        {"last_renewal", optional_instant(value.last_renewal)},
        {"last_error", value.last_error},
        {"alarm_since", optional_instant(value.alarm_since)},
        {"alarm", value.alarm}};
}

json deliveries_json(const delivery_figures& value)
{
    return {
        {"stored", value.stored},
        {"duplicates", value.duplicates},
        {"stale", value.stale},
        {"probes", value.probes},
        {"bad_signatures", value.bad_signatures},
        {"malformed", value.malformed},
        {"refused_busy", value.refused_busy}};
}

json content_json(const app::content& used, const content_figures& state)
{
    json newest;
    procedures::date latest{};
    const auto& records = used.knowledge->procedures.all();
    for (const auto& one : records)
        latest = std::max(latest, one.from.as_of);
    if (latest.ok())
        newest = fmt::format(
            "{:04}-{:02}-{:02}",
            static_cast<int>(latest.year()),
            static_cast<unsigned>(latest.month()),
            static_cast<unsigned>(latest.day()));
    return {
        {"model", used.understander ? std::string(used.understander->model().version()) : ""},
        {"version", used.knowledge->version},
        {"procedures", records.size()},
        {"newest_data_on", std::move(newest)},
        {"loaded_at", optional_instant(state.loaded)},
        {"loading", state.loading},
        {"failure", state.failure}};
}

std::optional<std::int64_t> number_in(std::string_view digits)
{
    std::int64_t value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return value;
}

class operations_routes
{
public:
    operations_routes(const staff_api_parts& parts, reading& reader)
        : parts_(parts), reader_(reader)
    {
    }

    asio::awaitable<http::response> get_silence(call)
    {
        auto read = [](app::reader& from) { return from.operations().silence(); };
        const auto found = co_await reader_.run(std::move(read));
        co_return answer(200, silence_json(found));
    }

    asio::awaitable<http::response> put_silence(call asked)
    {
        body_reader body(asked.body);
        const bool silenced = body.boolean("silenced");
        auto reason = body.text("reason", shortest_reason, longest_silence_reason);
        body.end();
        std::ranges::replace_if(
            reason, [](char one) { return one == '\n' || one == '\r' || one == '\t'; }, ' ');
        if (reason.find_first_not_of(' ') == std::string::npos)
            throw invalid("reason", "Chưa có lý do");
        std::optional<app::silence> wanted;
        if (silenced)
            wanted = {.since = asked.now, .staff_id = asked.by.who.id, .reason = reason};
        bool stands_already = false;
        auto unit = [&wanted, &stands_already, &asked, &reason](app::transaction& to) {
            stands_already = app::current_silence(to).has_value() == wanted.has_value();
            if (stands_already)
                return;
            app::put_silence(to, wanted);
            const auto* const act = wanted ? "silence_on" : "silence_off";
            to.audit().add(audit_entry_of(asked, act, "", reason));
        };
        co_await commit(parts_.store, std::move(unit));
        if (stands_already)
            throw invalid(
                "silenced",
                silenced ? "Trả lời tự động đã được tắt trước đó" : "Trả lời tự động đang bật");
        parts_.outgoing_added(); // the sender learns of it at its next look
        co_return answer(200, silence_json(wanted));
    }

    asio::awaitable<http::response> get_operations(call asked)
    {
        auto read = [this, now = asked.now](app::reader& from) { return read_figures(from, now); };
        const auto stored = co_await reader_.run(std::move(read));
        const auto server =
            parts_.operations.server ? parts_.operations.server() : server_figures();
        const bool started = server.started != utc_time();
        json shown = {
            {"ready", server.ready},
            {"started_at", started ? json(instant(server.started)) : json()},
            {"version", server.version},
            {"writer",
             {{"healthy", parts_.store.healthy()},
              {"waiting", parts_.store.waiting()},
              {"limit", app::writer_queue_limit}}},
            {"outbox", outbox_json(stored.outbox)},
            {"token", token_json(server.token)},
            {"deliveries", deliveries_json(server.deliveries)},
            {"last_event_at", optional_instant(stored.last_event)},
            {"handovers",
             {{"waiting", stored.waiting}, {"oldest_at", optional_instant(stored.waiting_since)}}},
            {"storage",
             {{"database_bytes", stored.storage.database_bytes},
              {"disk_free_bytes", stored.storage.disk_free_bytes},
              {"disk_bytes", stored.storage.disk_bytes},
              {"last_backup_at", optional_instant(stored.storage.last_backup)},
              {"checked_at", optional_instant(stored.storage.checked)},
              {"damaged", stored.storage.damaged}}},
            {"content", content_json(parts_.current_content(), server.content)}};
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> list_dead_letters(call asked)
    {
        const auto given = asked.parameter("before");
        const auto before = given ? number_in(*given) : std::nullopt;
        if (given && !before)
            throw invalid("before", "Không có tin này");
        auto read = [before](app::reader& from) {
            return from.operations().dead_letters(before, dead_letters_shown + 1);
        };
        auto found = co_await reader_.run(std::move(read));
        const bool has_more = found.size() > dead_letters_shown;
        if (has_more)
            found.pop_back();
        json items = json::array();
        for (const auto& one : found)
            items.push_back(
                {{"id", std::to_string(one.id)},
                 {"created_at", instant(one.created)},
                 {"ended_at", instant(one.ended)},
                 {"attempts", one.attempts},
                 {"reason", one.reason},
                 {"purpose", name_of(one.why)},
                 {"complaint", optional_text(one.complaint)},
                 {"may_retry", one.may_retry}});
        const json shown = {{"items", std::move(items)}, {"has_more", has_more}};
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> retry_dead_letter(call asked)
    {
        const auto id = number_in(asked.path.at("id"));
        if (!id)
            throw problem("not_found");
        bool done = false;
        auto unit = [&done, &asked, id = *id](app::transaction& to) {
            done = to.operations().retry(id, asked.now);
            if (done)
                to.audit().add(audit_entry_of(asked, "send_retried", std::to_string(id), ""));
        };
        co_await commit(parts_.store, std::move(unit));
        if (!done)
            throw problem("too_late", "Tin này không gửi lại được từ đây.");
        parts_.outgoing_added();
        co_return no_content();
    }

private:
    stored_figures read_figures(app::reader& from, utc_time now) const
    {
        stored_figures out;
        out.outbox = from.outbox();
        out.last_event = from.operations().last_event();
        for (const auto& one : from.open_handovers(now, handovers_counted)) {
            if (one.by != dialogue::attention::waiting)
                continue;
            ++out.waiting;
            out.waiting_since = std::min(out.waiting_since.value_or(one.since), one.since);
        }
        if (parts_.operations.storage)
            out.storage = parts_.operations.storage();
        return out;
    }

    const staff_api_parts& parts_;
    reading& reader_;
};

} // namespace

void add_operations_routes(router& to, const staff_api_parts& parts, reading& reader)
{
    using self = operations_routes;
    using app::staff_role;
    const auto all = std::make_shared<self>(parts, reader);
    const auto add = [&to, &all](
                         std::string method,
                         std::string path,
                         std::set<staff_role> roles,
                         asio::awaitable<http::response> (self::*act)(call),
                         bool takes_body = false,
                         bool keeps_alive = true) {
        to.add(
            {.method = std::move(method),
             .path = std::move(path),
             .roles = std::move(roles),
             .takes_body = takes_body,
             .keeps_alive = keeps_alive,
             .handle = [all, act](call asked) { return (all.get()->*act)(std::move(asked)); }});
    };
    using enum staff_role;
    add("GET", "/silence", {}, &self::get_silence, false, false);
    add("PUT", "/silence", {coordinator, admin}, &self::put_silence, true);
    add("GET", "/operations", {admin}, &self::get_operations);
    add("GET", "/operations/dead-letters", {admin}, &self::list_dead_letters);
    add("POST", "/operations/dead-letters/{id}/retry", {admin}, &self::retry_dead_letter);
}

} // namespace motcua::staff_api
