#include "unknown_routes.hpp"

#include "complaint_access.hpp"
#include "message_words.hpp"

#include <motcua/app/unknown_review.hpp>
#include <motcua/core/dialogue/unknown.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace motcua::staff_api {
namespace {

using app::unknown_decision;
using app::unknown_verdict;

constexpr std::size_t groups_at_once = 25;
constexpr std::int64_t most_group_pages = 400;
constexpr std::size_t longest_sentence_search = 100;
constexpr std::size_t target_limit = 64;
constexpr std::chrono::days looked_back{180};

struct reviewed
{
    app::unknown_review review;
    std::vector<unknown_decision> decisions;
};

bool needs_target(unknown_verdict verdict)
{
    return verdict != unknown_verdict::out_of_scope && verdict != unknown_verdict::dropped;
}

// What a code or an intent is called; itself if it is not known.
std::string title_of_target(const dialogue::knowledge& known, const std::string& target)
{
    if (const auto* const record = known.procedures.find(target))
        return record->name;
    const auto found = known.titles.find(target);
    return found == known.titles.end() ? target : found->second;
}

json group_json(const dialogue::unknown_group& group, const dialogue::knowledge& known)
{
    json nearest = json::array();
    for (const auto& code : group.nearest)
        nearest.push_back({{"id", code}, {"title", title_of_target(known, code)}});
    json chosen = json::array();
    for (const auto& [what, count] : group.chosen)
        chosen.push_back({{"id", what}, {"title", title_of_target(known, what)}, {"count", count}});
    json listed_kinds = json::array();
    for (const auto& [kind, count] : group.kinds)
        listed_kinds.push_back({{"kind", name(kind)}, {"count", count}});
    return {
        {"text", group.text},
        {"count", group.count},
        {"first_at", instant(group.first)},
        {"last_at", instant(group.last)},
        {"others", group.others},
        {"nearest", std::move(nearest)},
        {"chosen", std::move(chosen)},
        {"kinds", std::move(listed_kinds)}};
}

json decision_json(
    const unknown_decision& one, std::size_t covered, const dialogue::knowledge& known)
{
    const bool undone = !one.undone_by.empty();
    return {
        {"id", std::to_string(one.id)},
        {"texts", one.texts},
        {"whole_group", one.whole_group},
        {"verdict", name(one.verdict)},
        {"target", optional_text(one.target)},
        {"target_title", one.target.empty() ? json() : json(title_of_target(known, one.target))},
        {"covered", covered},
        {"staff_id", one.staff_id},
        {"at", instant(one.at)},
        {"undone_by", optional_text(one.undone_by)},
        {"undone_at", undone ? json(instant(one.undone_at)) : json()}};
}

std::int64_t group_page_in(const call& asked)
{
    const auto given = asked.parameter("page").value_or("1");
    std::int64_t page = 0;
    const auto* const end = given.data() + given.size();
    const auto read = std::from_chars(given.data(), end, page);
    if (read.ec != std::errc() || read.ptr != end || page < 1 || page > most_group_pages)
        throw invalid("page", "Không có trang này");
    return page;
}

class unknown_routes
{
public:
    unknown_routes(const staff_api_parts& parts, reading& reader) : parts_(parts), reader_(reader)
    {
    }

    asio::awaitable<http::response> list(call asked)
    {
        const auto page = static_cast<std::size_t>(group_page_in(asked));
        const auto search = text::fold(asked.parameter("q").value_or(""));
        if (text::code_points(search) > longest_sentence_search)
            throw invalid("q", "Dài quá");
        auto found = co_await review(asked.now);
        auto& groups = found.review.open;
        std::erase_if(groups, [&search](const dialogue::unknown_group& one) {
            const auto says = [&search](const std::string& text) {
                return text::fold(text).find(search) != std::string::npos;
            };
            return !says(one.text) && std::ranges::none_of(one.others, says);
        });
        const auto content = parts_.current_content();
        json items = json::array();
        for (auto i = (page - 1) * groups_at_once;
             i < groups.size() && items.size() < groups_at_once;
             ++i)
            items.push_back(group_json(groups[i], *content.knowledge));
        json intents = json::array();
        for (const auto& [id, title] : content.knowledge->titles)
            intents.push_back({{"id", id}, {"title", title}});
        const json shown = {
            {"items", std::move(items)},
            {"page", page},
            {"total", groups.size()},
            {"messages", found.review.open_messages},
            {"decisions",
             std::ranges::count_if(
                 found.decisions,
                 [](const unknown_decision& one) { return one.undone_by.empty(); })},
            {"intents", std::move(intents)}};
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> list_decisions(call asked)
    {
        const auto found = co_await review(asked.now);
        const auto content = parts_.current_content();
        json items = json::array();
        for (std::size_t i = 0; i < found.decisions.size() && i < decisions_shown; ++i)
            items.push_back(
                decision_json(found.decisions[i], found.review.covered[i], *content.knowledge));
        const json shown = {{"items", std::move(items)}, {"total", found.decisions.size()}};
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> decide(call asked)
    {
        const auto content = parts_.current_content();
        auto made = decision_in(asked, *content.knowledge);
        bool is_full = false;
        auto unit = [&made, &is_full, &asked](app::transaction& to) {
            auto& all = to.unknown_decisions();
            is_full = all.count() >= app::unknown_decisions_limit;
            if (is_full)
                return;
            made.id = all.add(made);
            to.audit().add(audit_entry_of(
                asked,
                "unknown_decided",
                std::to_string(made.id),
                std::string(name(made.verdict)) + ' ' + made.target));
        };
        co_await commit(parts_.store, std::move(unit));
        if (is_full)
            throw invalid("texts", "Đã có quá nhiều quyết định; xuất và đưa vào nội dung trước đã");
        co_return answer(201, decision_json(made, 0, *content.knowledge));
    }

    asio::awaitable<http::response> undo(call asked)
    {
        const std::string_view digits = asked.path.at("id");
        std::int64_t id = 0;
        const auto* const end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, id);
        bool done = false;
        auto unit = [&done, &asked, id](app::transaction& to) {
            done = to.unknown_decisions().undo(id, asked.by.who.id, asked.now);
            if (done)
                to.audit().add(
                    audit_entry_of(asked, "unknown_decided", std::to_string(id), "Hoàn tác"));
        };
        if (read.ec == std::errc() && read.ptr == end)
            co_await commit(parts_.store, std::move(unit));
        if (!done)
            throw problem("not_found");
        co_return no_content();
    }

    asio::awaitable<http::response> download(call asked)
    {
        if (!parts_.operations.content_change)
            throw problem("unavailable");
        auto read = [this](app::reader& from) {
            std::optional<std::string> made;
            try {
                made = parts_.operations.content_change(from.unknown_decisions().all());
            } catch (const std::runtime_error&) {
                made.reset(); // the files of the content are not there
            }
            return made;
        };
        auto made = co_await reader_.run(std::move(read));
        if (!made)
            throw problem("unavailable", "Không đọc được các tệp nội dung trên máy chủ.");
        auto note = [&asked](app::transaction& to) {
            to.audit().add(audit_entry_of(asked, "unknown_exported", "", ""));
        };
        co_await commit(parts_.store, std::move(note));
        http::response out;
        out.content_type = "application/zip";
        out.fields = {
            {"Cache-Control", "no-store"},
            {"Content-Disposition", "attachment; filename=\"thay-doi-noi-dung.zip\""}};
        out.body = std::move(*made);
        co_return out;
    }

private:
    static constexpr std::size_t decisions_shown = 200;

    asio::awaitable<reviewed> review(utc_time now)
    {
        const auto content = parts_.current_content();
        auto read = [content, now](app::reader& from) {
            reviewed out;
            out.decisions = from.unknown_decisions().all();
            std::vector<dialogue::comparable_message> messages;
            for (auto& one : from.unknown_messages(now - looked_back)) {
                if (one.test || one.kind == dialogue::unknown_kind::chosen)
                    continue;
                auto words = words_of(content, one.text);
                messages.push_back({std::move(one), std::move(words)});
            }
            std::vector<app::comparable_decision> decisions;
            for (const auto& one : out.decisions) {
                app::comparable_decision made{one, {}};
                for (const auto& text : one.texts)
                    made.words.push_back(words_of(content, text));
                decisions.push_back(std::move(made));
            }
            out.review = app::review_unknown(std::move(messages), decisions);
            return out;
        };
        auto found = co_await reader_.run(std::move(read));
        co_return found;
    }

    static unknown_decision decision_in(const call& asked, const dialogue::knowledge& known)
    {
        body_reader body(asked.body);
        unknown_decision made;
        made.texts =
            body.texts("texts", app::unknown_texts_limit, dialogue::unknown_text_limit, true);
        made.whole_group = body.boolean("whole_group");
        const auto verdict = app::unknown_verdict_from(body.text("verdict", 1, target_limit));
        made.target = body.optional_text("target", target_limit).value_or("");
        body.end();
        if (made.texts.empty())
            throw invalid("texts", "Chưa chọn câu nào");
        for (const auto& text : made.texts)
            if (text.find_first_of("\n\r\t") != std::string::npos)
                throw invalid("texts", "Mỗi câu là một dòng");
        if (!verdict)
            throw invalid("verdict", "Không có cách xử lý này");
        made.verdict = *verdict;
        if (!needs_target(made.verdict) && !made.target.empty())
            throw invalid("target", "Cách xử lý này không cần chọn");
        const bool intent = made.verdict == unknown_verdict::example;
        if (intent && !known.titles.contains(made.target))
            throw invalid("target", "Anh/chị chọn ý định");
        if (needs_target(made.verdict) && !intent && known.procedures.find(made.target) == nullptr)
            throw invalid("target", "Anh/chị chọn thủ tục");
        made.staff_id = asked.by.who.id;
        made.at = asked.now;
        return made;
    }

    const staff_api_parts& parts_;
    reading& reader_;
};

} // namespace

void add_unknown_routes(router& to, const staff_api_parts& parts, reading& reader)
{
    using self = unknown_routes;
    const auto all = std::make_shared<self>(parts, reader);
    const auto add = [&to, &all](
                         std::string method,
                         std::string path,
                         asio::awaitable<http::response> (self::*act)(call)) {
        const bool takes_body = method == "POST";
        to.add(
            {.method = std::move(method),
             .path = std::move(path),
             .roles = {app::staff_role::editor},
             .takes_body = takes_body,
             .handle = [all, act](call asked) { return (all.get()->*act)(std::move(asked)); }});
    };
    add("GET", "/unknown-messages", &self::list);
    add("GET", "/unknown-messages/decisions", &self::list_decisions);
    add("POST", "/unknown-messages/decisions", &self::decide);
    add("DELETE", "/unknown-messages/decisions/{id}", &self::undo);
    add("GET", "/unknown-messages/export", &self::download);
}

} // namespace motcua::staff_api
