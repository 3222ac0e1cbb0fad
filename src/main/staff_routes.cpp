#include "staff_routes.hpp"

#include "token_setup.hpp"

#include <motcua/support/run_on.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace motcua {
namespace {

// What the store is asked for.
struct stored_figures
{
    app::attachment_figures attachments;
    std::int64_t waiting = 0;
    std::int64_t answered_by_person = 0;
    std::chrono::seconds longest_wait{0};
    std::int64_t erasures = 0;
    app::outbox_figures outbox;
    app::dossier_figures dossiers;
};

constexpr std::size_t handovers_counted = 10'000;

stored_figures read_figures(app::reader& reader, utc_time now)
{
    stored_figures out;
    out.attachments = reader.attachments();
    out.erasures = reader.count("erasures");
    out.outbox = reader.outbox();
    out.dossiers = reader.dossiers();
    for (const auto& one : reader.open_handovers(now, handovers_counted)) {
        if (one.by == dialogue::attention::person) {
            ++out.answered_by_person;
            continue;
        }
        ++out.waiting;
        const auto wait = std::chrono::duration_cast<std::chrono::seconds>(now - one.since);
        out.longest_wait = std::max(out.longest_wait, wait);
    }
    return out;
}

nlohmann::json attachments_view(const app::attachment_figures& figures)
{
    nlohmann::json reasons = nlohmann::json::array();
    for (const auto& one : figures.reasons)
        reasons.push_back({{"reason", one.reason}, {"count", one.count}});
    return {
        {"wanted", figures.wanted},
        {"fetching", figures.fetching},
        {"stored", figures.stored},
        {"failed", figures.failed},
        {"erased", figures.erased},
        {"files_to_remove", figures.files_to_remove},
        {"reasons", std::move(reasons)}};
}

std::int64_t seconds_since(utc_time then, utc_time now)
{
    return std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
}

// By state, and why messages are held back or lost; how long the oldest has been waiting.
nlohmann::json outbox_view(const app::outbox_figures& figures, utc_time now)
{
    using app::outbox_state;
    nlohmann::json states = nlohmann::json::object();
    nlohmann::json reasons = nlohmann::json::array();
    std::int64_t oldest_unsent = 0;
    std::int64_t oldest_waiting = 0;
    for (const auto state :
         {outbox_state::pending,
          outbox_state::sending,
          outbox_state::sent,
          outbox_state::delivered,
          outbox_state::seen,
          outbox_state::retry,
          outbox_state::unknown,
          outbox_state::waiting,
          outbox_state::dead})
        states[std::string(name(state))] = 0;
    for (const auto& part : figures.parts) {
        states[part.state] = states.value(part.state, std::int64_t{0}) + part.count;
        if (!part.reason.empty())
            reasons.push_back(
                {{"state", part.state}, {"reason", part.reason}, {"count", part.count}});
        const auto is = [&part](outbox_state state) { return part.state == name(state); };
        const auto age = seconds_since(part.oldest, now);
        if (is(outbox_state::waiting))
            oldest_waiting = std::max(oldest_waiting, age);
        if (is(outbox_state::pending) || is(outbox_state::sending) || is(outbox_state::retry) ||
            is(outbox_state::unknown))
            oldest_unsent = std::max(oldest_unsent, age);
    }
    return {
        {"states", std::move(states)},
        {"reasons", std::move(reasons)},
        {"oldest_unsent_s", oldest_unsent},
        {"oldest_waiting_s", oldest_waiting}};
}

nlohmann::json dossiers_view(const app::dossier_figures& figures, utc_time now)
{
    nlohmann::json view = {
        {"dossiers", figures.dossiers},
        {"questions", figures.questions},
        {"guesses", figures.guesses},
        {"watches", figures.watches},
        {"last_import_s", nullptr}};
    if (figures.last_import)
        view["last_import_s"] = seconds_since(*figures.last_import, now);
    return view;
}

std::string status(const staff_parts& parts, const stored_figures& figures)
{
    const auto& seen = parts.deliveries;
    const nlohmann::json json = {
        {"attachments", attachments_view(figures.attachments)},
        {"handovers",
         {{"waiting", figures.waiting},
          {"longest_wait_s", figures.longest_wait.count()},
          {"answered_by_person", figures.answered_by_person}}},
        {"erasures", figures.erasures},
        {"outbox", outbox_view(figures.outbox, parts.now())},
        {"dossiers", dossiers_view(figures.dossiers, parts.now())},
        {"ready", parts.ready()},
        {"writer", {{"healthy", parts.store.healthy()}, {"waiting", parts.store.waiting()}}},
        {"token", token_json(parts.tokens())},
        {"deliveries",
         {{"stored", seen.stored},
          {"duplicates", seen.duplicates},
          {"stale", seen.stale},
          {"probes", seen.probes},
          {"bad_signatures", seen.bad_signatures},
          {"malformed", seen.malformed},
          {"refused_busy", seen.refused_busy},
          {"refused_overload", seen.refused_overload},
          {"unheard", seen.unheard},
          {"signed_with_header_time", seen.signed_with_header_time}}}};
    return json.dump();
}

http::asio::awaitable<http::response>
answer(std::shared_ptr<const staff_parts> kept, http::request request)
{
    const auto& parts = *kept;
    http::response reply;
    if (request.path() == "/healthz") {
        reply.body = "ok";
    } else if (request.path() == "/api/v1/status" && is_from_this_machine(request)) {
        reply.content_type = "application/json";
        reply.fields.emplace_back("Cache-Control", "no-store");
        auto read = [kept] { return read_figures(*kept->open_reader(), kept->now()); };
        const auto figures = co_await run_on(parts.workers, std::move(read));
        reply.body = status(parts, figures);
    } else if (request.path().starts_with("/api/v1/")) {
        reply = co_await parts.api(std::move(request));
        co_return reply;
    } else {
        reply.status = 404;
        reply.body = "not found";
        co_return reply;
    }
    if (request.method != "GET" && request.method != "HEAD") {
        reply = {};
        reply.status = 405;
        reply.fields.emplace_back("Allow", "GET, HEAD");
        reply.body = "method not allowed";
    }
    co_return reply;
}

} // namespace

bool is_from_this_machine(const http::request& request)
{
    return (request.peer.starts_with("127.") || request.peer == "::1") &&
           request.field("x-forwarded-for").empty() && request.field("forwarded").empty();
}

http::request_handler make_staff_routes(staff_parts parts)
{
    const auto kept = std::make_shared<const staff_parts>(std::move(parts));
    return [kept](http::request request) { return answer(kept, std::move(request)); };
}

} // namespace motcua
