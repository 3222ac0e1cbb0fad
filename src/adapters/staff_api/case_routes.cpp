#include "case_routes.hpp"

#include "archive.hpp"
#include "audit_titles.hpp"
#include "case_json.hpp"
#include "complaint_access.hpp"
#include "complaint_json.hpp"
#include "limits.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::staff_api {
namespace {

using app::case_end;
using app::case_outcome;
using app::case_unit;
using app::staff_role;

constexpr std::size_t longest_public = 6000; // code points, as all below
constexpr std::size_t longest_reason = 500;  // of reveal and moderation
constexpr std::size_t longest_national_code = 40;
constexpr std::size_t shortest_reveal_reason = 5;
constexpr int longest_takeover_minutes = 240;
constexpr int shortest_takeover_minutes = 5;
constexpr std::size_t changes_shown = 100;
constexpr std::size_t moderations_shown = 200;
constexpr std::size_t archived_at_most = 10'000; // of each kind

std::int64_t message_id_of(const call& asked)
{
    const auto id = row_number(asked.path.at("message_id"));
    if (!id)
        throw problem("not_found");
    return *id;
}

std::int64_t expected_version(body_reader& body)
{
    return body.integer("expected_version", 1, std::numeric_limits<std::int64_t>::max());
}

// RFC 9562, in lower or upper case.
std::string request_id_from(body_reader& body)
{
    constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    auto id = body.text("request_id", shape.size(), shape.size());
    const auto fits = [](char given, char wanted) {
        const bool digit = (given >= '0' && given <= '9') || (given >= 'a' && given <= 'f') ||
                           (given >= 'A' && given <= 'F');
        return wanted == 'x' ? digit : given == wanted;
    };
    if (!std::ranges::equal(id, shape, fits))
        throw invalid("request_id", "Không phải là UUID");
    return id;
}

std::string reason_from(body_reader& body, std::size_t least)
{
    auto reason = trimmed(body.text("reason", least, longest_reason));
    if (text::code_points(reason) < least)
        throw invalid("reason", "Chưa nêu lý do, hoặc quá ngắn");
    return reason;
}

void throw_unless_done(const case_outcome& end)
{
    switch (end.end) {
    case case_end::done:
    case case_end::stale: // answered with what changed
        return;
    case case_end::not_found:
        throw problem("not_found");
    case case_end::illegal:
        throw problem("illegal_transition", title_of(end.why));
    case case_end::invalid:
        throw invalid(end.field, end.title);
    case case_end::reply_held:
        throw problem("reply_held", "Xin đợi vài giây, hoặc hoàn tác trả lời đang chờ.");
    case case_end::too_late:
        throw problem("too_late", "Tin này đã được gửi hoặc đã thu lại.");
    }
}

names_by_id names_of(app::reader& from)
{
    names_by_id names;
    for (auto& unit : from.accounts().units())
        names.emplace(std::move(unit.id), std::move(unit.name));
    for (auto& account : from.accounts().all())
        names.emplace(std::move(account.who.id), std::move(account.who.name));
    return names;
}

// What an answer is made from, on the worker.
struct look
{
    app::reader& from;
    const call& asked;
    const complaints::rules& rules;
    const case_outcome& end;

    app::complaint_sight sight() const
    {
        return sight_of(asked.by, app::unit_tree_of(from.accounts()));
    }
    complaint_view view() const { return {rules, asked.now, role_of(asked.by)}; }
    app::opened_complaint opened() const
    {
        auto found = from.complaints().open(end.now->code, sight(), asked.now);
        if (!found)
            throw problem("not_found");
        return std::move(*found);
    }
};
using answer_maker = std::function<json(const look&)>;

json complaint_answer(const look& at)
{
    return complaint_json(at.opened(), at.view());
}

json message_answer(const look& at)
{
    const auto found = at.from.complaints().messages(at.end.now->id, at.end.message_id + 1, 1);
    if (found.items.empty() || found.items.front().said.id != at.end.message_id)
        throw problem("too_late"); // undone meanwhile
    return message_json(found.items.front());
}

json note_answer(const look& at)
{
    const auto found = at.from.complaints().notes(at.end.now->id, at.end.message_id + 1, 1);
    if (found.items.empty() || found.items.front().id != at.end.message_id)
        throw problem("not_found");
    return note_json(found.items.front());
}

json takeover_answer(const look& at)
{
    return complaint_answer(at).at("takeover");
}

json preview_answer(const look& at)
{
    return {{"text", at.end.words}, {"characters", at.end.characters}};
}

json undone_answer(const look& at)
{
    return draft_json(at.end.draft);
}

json contact_answer(const look& at)
{
    const auto& from = at.end.now->from;
    return {
        {"name", optional_text(from.name)},
        {"phone", optional_text(from.phone)},
        {"address", optional_text(from.address)}};
}

json stale_answer(const look& at, std::int64_t expected)
{
    const auto since = at.from.casework().changes_since(at.end.now->id, expected, changes_shown);
    return {
        {"current", complaint_answer(at)},
        {"changes", changes_json(since, at.rules, names_of(at.from))}};
}

json moderations_json(app::reader& from, std::int64_t complaint_id)
{
    json items = json::array();
    for (const auto& one : from.casework().moderations(complaint_id, moderations_shown))
        items.push_back(moderation_json(one));
    return items;
}

json audit_of(const look& at)
{
    app::audit_filter wanted;
    wanted.subject = at.end.now->code;
    wanted.limit = archived_at_most;
    auto rows = at.from.audit().rows(wanted);
    std::ranges::reverse(rows);
    json out = json::array();
    for (const auto& row : rows)
        out.push_back(
            {{"number", row.number},
             {"at", instant(row.entry.at)},
             {"staff_id", optional_text(row.entry.staff_id)},
             {"actor", row.entry.actor},
             {"action", row.entry.action},
             {"title", title_of(row.entry.action)},
             {"subject", optional_text(row.entry.subject)},
             {"detail", optional_text(row.entry.detail)},
             {"address", optional_text(row.entry.address)}});
    return out;
}

json archive_answer(const look& at, const names_by_id& names)
{
    auto view = at.view();
    view.name_of = [&names](const std::string& id) {
        const auto found = names.find(id);
        return found == names.end() ? id : found->second;
    };
    const auto id = at.end.now->id;
    json messages = json::array();
    for (const auto& one : at.from.complaints().messages(id, {}, archived_at_most).items)
        messages.push_back(message_json(one));
    json notes = json::array();
    for (const auto& one : at.from.complaints().notes(id, {}, archived_at_most).items)
        notes.push_back(note_json(one));
    json history = json::array();
    for (const auto& one : at.from.complaints().history(id, {}, archived_at_most).items)
        history.push_back(history_json(one, view));
    return {
        {"complaint", complaint_json(at.opened(), view)},
        {"messages", std::move(messages)},
        {"notes", std::move(notes)},
        {"history", std::move(history)},
        {"moderation", moderations_json(at.from, id)},
        {"audit", audit_of(at)},
        {"made_at", instant(at.asked.now)},
        {"staff_id", at.asked.by.who.id}};
}

http::response file_of(const json& archive, const look& at, const names_by_id& names, bool as_html)
{
    auto out = answer(200, archive);
    const auto& code = at.end.now->code;
    out.fields.emplace_back(
        "Content-Disposition",
        "attachment; filename=\"" + code + (as_html ? ".html\"" : ".json\""));
    if (!as_html)
        return out;
    const auto title = [](const auto* found, const std::string& id) {
        return found == nullptr ? id : found->title;
    };
    out.body = archive_html(
        archive,
        {.state = [&](const std::string& id) { return title(at.rules.flow.find_state(id), id); },
         .category = [&](const std::string& id) { return title(at.rules.categories.find(id), id); },
         .name =
             [&names](const std::string& id) {
                 const auto found = names.find(id);
                 return found == names.end() ? id : found->second;
             }});
    out.content_type = "text/html; charset=utf-8";
    out.fields.emplace_back(
        "Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'");
    return out;
}

class case_api
{
public:
    case_api(const staff_api_parts& parts, reading& reader, app::casework& work)
        : parts_(parts), reader_(reader), work_(work)
    {
    }

    // Runs the command; `make` writes the answer. `expected` is the version it was made from.
    asio::awaitable<http::response>
    act(call asked,
        app::casework::command what,
        answer_maker make,
        unsigned status = 200,
        std::int64_t expected = 0)
    {
        const auto used = parts_.current_content();
        auto end = co_await run(asked, std::move(what));
        const bool stale = end.end == case_end::stale;
        auto job = [&](app::reader& from) {
            const look at{from, asked, used.knowledge->complaints, end};
            return stale ? stale_answer(at, expected) : make(at);
        };
        auto body = co_await reader_.run(std::move(job));
        if (stale) {
            problem out("stale", "Xin xem thay đổi rồi làm lại.");
            out.more = std::move(body);
            throw out;
        }
        co_return answer(status, body);
    }

    asio::awaitable<http::response> archive(call asked, bool as_html)
    {
        const auto used = parts_.current_content();
        const auto code = asked.path.at("code");
        app::casework::command what = [code](case_unit& on) { return on.archive(code); };
        auto end = co_await run(asked, std::move(what));
        auto job = [&](app::reader& from) {
            const look at{from, asked, used.knowledge->complaints, end};
            const auto names = names_of(from);
            return file_of(archive_answer(at, names), at, names, as_html);
        };
        auto file = co_await reader_.run(std::move(job));
        co_return file;
    }

    asio::awaitable<http::response> moderations(call asked)
    {
        auto job = [&](app::reader& from) {
            const auto found = from.complaints().find(asked.path.at("code"));
            if (!found || !may_see(asked.by, *found, app::unit_tree_of(from.accounts())))
                throw problem("not_found");
            return json{{"items", moderations_json(from, found->id)}};
        };
        auto body = co_await reader_.run(std::move(job));
        co_return answer(200, body);
    }

private:
    asio::awaitable<case_outcome> run(const call& asked, app::casework::command what)
    {
        auto ended = co_await work_.run(worker_of(asked), std::move(what));
        if (!ended)
            throw problem("unavailable", "Chưa lưu được. Xin thử lại sau ít phút.");
        throw_unless_done(*ended);
        co_return std::move(*ended);
    }

    const staff_api_parts& parts_;
    reading& reader_;
    app::casework& work_;
};
using shared_api = std::shared_ptr<case_api>;

// ---- one function a route: what is asked becomes a command

asio::awaitable<http::response> edit(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    const auto expected = expected_version(body);
    app::case_edit wanted;
    wanted.category = body.optional_text("category", longest_id);
    wanted.reason = trimmed(body.optional_text("reason", longest_text).value_or(""));
    if (body.has("labels"))
        wanted.labels = labels_from(body, "labels", true);
    if (body.has("national_code"))
        wanted.national_code =
            trimmed(body.optional_text("national_code", longest_national_code).value_or(""));
    body.end();
    app::casework::command what = [code = asked.path.at("code"), wanted, expected](case_unit& on) {
        return on.edit(code, wanted, expected);
    };
    return api->act(std::move(asked), std::move(what), complaint_answer, 200, expected);
}

asio::awaitable<http::response> assign(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    const auto expected = expected_version(body);
    for (const auto* const field : {"unit_id", "officer_id"})
        if (!body.has(field))
            throw invalid(field, "Phải có, null nếu không có ai");
    auto unit = body.optional_text("unit_id", longest_id).value_or("");
    auto officer = body.optional_text("officer_id", longest_id).value_or("");
    auto reason = trimmed(body.optional_text("reason", longest_text).value_or(""));
    body.end();
    app::casework::command what =
        [code = asked.path.at("code"), unit, officer, reason, expected](case_unit& on) {
            return on.assign(code, unit, officer, reason, expected);
        };
    return api->act(std::move(asked), std::move(what), complaint_answer, 200, expected);
}

asio::awaitable<http::response> change(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    const auto expected = expected_version(body);
    auto transition = body.text("transition", 1, longest_id);
    auto inputs = inputs_from(body.object("inputs"));
    body.end();
    app::casework::command what =
        [code = asked.path.at("code"), transition, inputs, expected](case_unit& on) {
            return on.change(code, transition, inputs, expected);
        };
    return api->act(std::move(asked), std::move(what), complaint_answer, 200, expected);
}

asio::awaitable<http::response> note(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    const auto request = request_id_from(body);
    auto text = body.text("text", 1, longest_text);
    body.end();
    if (trimmed(text).empty())
        throw invalid("text", "Chưa có nội dung");
    app::casework::command what = [code = asked.path.at("code"), request, text](case_unit& on) {
        return on.note(code, request, text);
    };
    return api->act(std::move(asked), std::move(what), note_answer, 201);
}

asio::awaitable<http::response> preview(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    auto draft = draft_from(body);
    body.end();
    app::casework::command what = [code = asked.path.at("code"), draft](case_unit& on) {
        return on.preview(code, draft);
    };
    return api->act(std::move(asked), std::move(what), preview_answer);
}

asio::awaitable<http::response> reply(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    const auto expected = expected_version(body);
    const auto request = request_id_from(body);
    auto draft = draft_from(body);
    const auto deliver = body.text("deliver", 1, longest_id);
    body.end();
    if (deliver != name(app::sending::at_once) && deliver != name(app::sending::after_contact))
        throw invalid("deliver", "Phải là now hoặc next_contact");
    const auto when = deliver == name(app::sending::at_once) ? app::sending::at_once
                                                             : app::sending::after_contact;
    app::casework::command what =
        [code = asked.path.at("code"), request, draft, when, expected](case_unit& on) {
            return on.hold(code, request, draft, when, expected);
        };
    return api->act(std::move(asked), std::move(what), message_answer, 201, expected);
}

asio::awaitable<http::response> undo(const shared_api& api, call asked)
{
    app::casework::command what = [code = asked.path.at("code"), id = message_id_of(asked)](
                                      case_unit& on) { return on.undo(code, id); };
    return api->act(std::move(asked), std::move(what), undone_answer);
}

asio::awaitable<http::response> resend(const shared_api& api, call asked)
{
    app::casework::command what = [code = asked.path.at("code"), id = message_id_of(asked)](
                                      case_unit& on) { return on.resend(code, id); };
    return api->act(std::move(asked), std::move(what), message_answer);
}

asio::awaitable<http::response> reveal(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    const auto reason = reason_from(body, shortest_reveal_reason);
    body.end();
    app::casework::command what = [code = asked.path.at("code"), reason](case_unit& on) {
        return on.reveal(code, reason);
    };
    return api->act(std::move(asked), std::move(what), contact_answer);
}

asio::awaitable<http::response> moderate(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    const auto expected = expected_version(body);
    if (!body.has("message_id"))
        throw invalid("message_id", "Phải có, null là nội dung phản ánh");
    std::int64_t message = 0;
    if (const auto given = body.optional_text("message_id", longest_id)) {
        const auto id = row_number(*given);
        if (!id)
            throw invalid("message_id", "Không có tin nhắn này");
        message = *id;
    }
    auto text = body.text("text", 0, longest_public);
    const auto reason = reason_from(body, 1);
    body.end();
    app::casework::command what =
        [code = asked.path.at("code"), message, text, reason, expected](case_unit& on) {
            return on.moderate(code, message, text, reason, expected);
        };
    return api->act(std::move(asked), std::move(what), complaint_answer, 200, expected);
}

asio::awaitable<http::response> moderations(const shared_api& api, call asked)
{
    return api->moderations(std::move(asked));
}

asio::awaitable<http::response> archive(const shared_api& api, call asked)
{
    const auto format = asked.parameter("format");
    if (format != "html" && format != "json")
        throw invalid("format", "Phải là html hoặc json");
    return api->archive(std::move(asked), format == "html");
}

asio::awaitable<http::response> take_over(const shared_api& api, call asked)
{
    body_reader body(asked.body);
    const auto minutes =
        body.integer("minutes", shortest_takeover_minutes, longest_takeover_minutes);
    body.end();
    app::casework::command what = [code = asked.path.at("code"), minutes](case_unit& on) {
        return on.take_over(code, std::chrono::minutes(minutes));
    };
    return api->act(std::move(asked), std::move(what), takeover_answer);
}

asio::awaitable<http::response> hand_back(const shared_api& api, call asked)
{
    app::casework::command what = [code = asked.path.at("code")](case_unit& on) {
        return on.hand_back(code);
    };
    return api->act(std::move(asked), std::move(what), takeover_answer);
}

} // namespace

void add_case_routes(router& to, const staff_api_parts& parts, reading& reader, app::casework& work)
{
    const auto api = std::make_shared<case_api>(parts, reader, work);
    using handler = asio::awaitable<http::response> (*)(const shared_api&, call);
    const auto add = [&to, &api](std::string method, std::string_view path, handler handle) {
        const bool takes_body = method != "GET" && method != "DELETE" && !path.ends_with("/resend");
        to.add(
            {.method = std::move(method),
             .path = std::string("/complaints/{code}").append(path),
             .roles = {staff_role::officer, staff_role::coordinator},
             .takes_body = takes_body,
             .handle = [api, handle](call asked) { return handle(api, std::move(asked)); }});
    };
    add("PATCH", "", edit);
    add("PUT", "/assignment", assign);
    add("POST", "/transitions", change);
    add("POST", "/notes", note);
    add("POST", "/reply-previews", preview);
    add("POST", "/replies", reply);
    add("DELETE", "/replies/{message_id}", undo);
    add("POST", "/replies/{message_id}/resend", resend);
    add("POST", "/reveal", reveal);
    add("GET", "/moderation", moderations);
    add("POST", "/moderation", moderate);
    add("GET", "/archive", archive);
    add("PUT", "/takeover", take_over);
    add("DELETE", "/takeover", hand_back);
}

} // namespace motcua::staff_api
