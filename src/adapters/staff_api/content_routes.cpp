#include "content_routes.hpp"

#include "accounts.hpp"
#include "complaint_access.hpp"
#include "reference_json.hpp"

#include <motcua/core/dialogue/reply_places.hpp>
#include <motcua/core/text/unicode.hpp>
#include <motcua/support/run_on.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace motcua::staff_api {
namespace {

using app::reply_template;
using app::saved_view;
using app::staff_role;

constexpr std::size_t template_title_limit = 100;
constexpr std::size_t template_text_limit = 2000;
constexpr std::size_t template_categories_limit = 30;
constexpr std::size_t id_limit = 64;
constexpr std::size_t view_title_limit = 60;
constexpr std::size_t view_query_limit = 2000;

// Throws not_found.
std::int64_t id_of(const call& asked)
{
    const std::string_view digits = asked.path.at("id");
    std::int64_t id = 0;
    const auto* const end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, id);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        throw problem("not_found");
    return id;
}

// By title, as Vietnamese lists are read: marks count last.
template <class T>
void sort_by_title(std::vector<T>& all)
{
    std::ranges::stable_sort(
        all, {}, [](const T& one) { return std::pair(text::fold(one.title), one.title); });
}

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

// One line that is not blank.
std::string title_in(body_reader& body, std::size_t most)
{
    auto title = body.text("title", 1, most);
    if (is_blank(title) || title.find_first_of("\n\t") != std::string::npos)
        throw invalid("title", "Tên phải là một dòng chữ");
    return title;
}

// --- templates

json template_json(const reply_template& one)
{
    return {
        {"id", std::to_string(one.id)},
        {"version", one.version},
        {"title", one.title},
        {"text", one.text},
        {"categories", one.categories},
        {"transition", optional_text(one.transition)},
        {"updated_at", instant(one.updated_at)},
        {"updated_by", optional_text(one.updated_by)}};
}

void check_categories(const std::vector<std::string>& ids, const complaints::category_tree& tree)
{
    for (const auto& id : ids)
        if (tree.find(id) == nullptr)
            throw invalid("categories", "Không có lĩnh vực này: " + id);
}

void check_transition(const std::string& id, const complaints::workflow& flow)
{
    const auto known = staff_transitions(flow);
    if (!id.empty() && std::ranges::find(known, id, &complaints::transition::id) == known.end())
        throw invalid("transition", "Không có bước chuyển này");
}

reply_template template_in(body_reader& body, const complaints::rules& rules)
{
    reply_template made;
    made.title = title_in(body, template_title_limit);
    made.text = body.text("text", 1, template_text_limit);
    if (is_blank(made.text))
        throw invalid("text", "Chưa có nội dung");
    if (const auto place = dialogue::unknown_place(made.text))
        throw invalid("text", "Không có chỗ điền {{" + *place + "}}");
    made.categories = body.texts("categories", template_categories_limit, id_limit, true);
    check_categories(made.categories, rules.categories);
    made.transition = body.optional_text("transition", id_limit).value_or("");
    check_transition(made.transition, rules.flow);
    return made;
}

std::string
words_of(const std::vector<std::string>& categories, const complaints::category_tree& tree)
{
    std::string out;
    for (const auto& id : categories) {
        const auto* const found = tree.find(id);
        out += (out.empty() ? "" : ", ") + (found == nullptr ? id : found->title);
    }
    return out;
}

std::string words_of(const std::string& transition, const complaints::workflow& flow)
{
    const auto* const found = flow.find_transition(transition);
    return found == nullptr ? transition : found->title;
}

json changes_json(
    const reply_template& before, const reply_template& after, const complaints::rules& rules)
{
    json changes = json::array();
    const auto compare = [&](std::string_view field,
                             std::string_view title,
                             const std::string& old_value,
                             const std::string& new_value) {
        if (old_value == new_value)
            return;
        changes.push_back(
            {{"field", field},
             {"title", title},
             {"old", optional_text(old_value)},
             {"new", optional_text(new_value)},
             {"staff_id", optional_text(after.updated_by)},
             {"at", instant(after.updated_at)}});
    };
    compare("title", "Tên", before.title, after.title);
    compare("text", "Nội dung", before.text, after.text);
    compare(
        "categories",
        "Lĩnh vực",
        words_of(before.categories, rules.categories),
        words_of(after.categories, rules.categories));
    compare(
        "transition",
        "Bước chuyển",
        words_of(before.transition, rules.flow),
        words_of(after.transition, rules.flow));
    return changes;
}

asio::awaitable<http::response> list_templates(const staff_api_parts& parts, call)
{
    auto read = [&parts] { return parts.open_reader()->desk_content().templates(); };
    auto found = co_await run_on(parts.workers, std::move(read));
    sort_by_title(found);
    json items = json::array();
    for (const auto& one : found)
        items.push_back(template_json(one));
    co_return answer(200, {{"items", std::move(items)}});
}

asio::awaitable<http::response> add_template(const staff_api_parts& parts, call asked)
{
    const auto used = parts.current_content();
    body_reader body(asked.body);
    auto made = template_in(body, used.knowledge->complaints);
    body.end();
    made.updated_at = asked.now;
    made.updated_by = asked.by.who.id;
    bool is_full = false;
    auto unit = [&made, &is_full, &asked](app::transaction& to) {
        auto& content = to.desk_content();
        is_full = content.count_templates() >= app::template_limit;
        if (is_full)
            return;
        made.id = content.add(made);
        to.audit().add(audit_entry_of(asked, "template", made.title, "Thêm"));
    };
    co_await commit(parts.store, std::move(unit));
    if (is_full)
        throw invalid("title", "Đã có quá nhiều mẫu; anh/chị xóa bớt mẫu cũ trước");
    co_return answer(201, template_json(made));
}

// How an attempt to change a template ended.
struct template_change
{
    reply_template wanted;
    std::int64_t expected = 0;
    std::optional<reply_template> current; // empty: there is none
    std::optional<reply_template> begun_from;
    bool is_done = false;

    void run(app::desk_content& content)
    {
        current = content.find_template(wanted.id);
        if (!current)
            return;
        if (current->version != expected) {
            begun_from = content.former_template(wanted.id, expected);
            return;
        }
        wanted.version = expected + 1;
        is_done = content.update(wanted);
    }
};

asio::awaitable<http::response> edit_template(const staff_api_parts& parts, call asked)
{
    const auto used = parts.current_content();
    const auto& rules = used.knowledge->complaints;
    body_reader body(asked.body);
    template_change change;
    change.wanted = template_in(body, rules);
    change.expected = body.integer("expected_version", 1, INT64_MAX);
    body.end();
    change.wanted.id = id_of(asked);
    change.wanted.updated_at = asked.now;
    change.wanted.updated_by = asked.by.who.id;
    auto unit = [&change, &asked](app::transaction& to) {
        change.run(to.desk_content());
        if (change.is_done)
            to.audit().add(audit_entry_of(asked, "template", change.wanted.title, "Sửa"));
    };
    co_await commit(parts.store, std::move(unit));
    if (!change.current)
        throw problem("not_found");
    if (change.is_done)
        co_return answer(200, template_json(change.wanted));
    problem stale("stale", "Anh/chị xem lại thay đổi rồi lưu lại.");
    stale.more["current"] = template_json(*change.current);
    stale.more["changes"] = change.begun_from
                                ? changes_json(*change.begun_from, *change.current, rules)
                                : json::array();
    throw stale;
}

asio::awaitable<http::response> remove_template(const staff_api_parts& parts, call asked)
{
    bool removed = false;
    auto unit = [id = id_of(asked), &removed, &asked](app::transaction& to) {
        const auto found = to.desk_content().find_template(id);
        removed = to.desk_content().remove_template(id);
        if (removed)
            to.audit().add(audit_entry_of(asked, "template", found->title, "Xóa"));
    };
    co_await commit(parts.store, std::move(unit));
    if (!removed)
        throw problem("not_found");
    co_return no_content();
}

// --- views

json view_json(const saved_view& one)
{
    return {
        {"id", std::to_string(one.id)},
        {"staff_id", one.staff_id},
        {"title", one.title},
        {"query", one.query},
        {"shared", one.shared}};
}

saved_view view_in(const call& asked)
{
    body_reader body(asked.body);
    saved_view made;
    made.staff_id = asked.by.who.id;
    made.title = title_in(body, view_title_limit);
    made.query = body.text("query", 0, view_query_limit);
    made.shared = body.boolean("shared");
    body.end();
    const auto is_bad = [](char letter) { return static_cast<unsigned char>(letter) <= ' '; };
    if (std::ranges::any_of(made.query, is_bad))
        throw invalid("query", "Bộ lọc không đọc được");
    if (made.shared && !asked.by.who.is(staff_role::coordinator))
        throw problem("forbidden", "Chỉ điều phối viên chia sẻ được bộ lọc.");
    return made;
}

asio::awaitable<http::response> list_views(const staff_api_parts& parts, call asked)
{
    auto read = [&parts, staff_id = asked.by.who.id] {
        return parts.open_reader()->desk_content().views(staff_id);
    };
    auto found = co_await run_on(parts.workers, std::move(read));
    sort_by_title(found);
    json items = json::array();
    for (const auto& one : found)
        items.push_back(view_json(one));
    co_return answer(200, {{"items", std::move(items)}});
}

asio::awaitable<http::response> add_view(const staff_api_parts& parts, call asked)
{
    auto made = view_in(asked);
    bool is_full = false;
    auto unit = [&made, &is_full, &asked](app::transaction& to) {
        auto& content = to.desk_content();
        is_full = content.count_views(made.staff_id) >= app::view_limit;
        if (is_full)
            return;
        made.id = content.add(made);
        to.audit().add(audit_entry_of(asked, "saved_view", made.title, "Thêm"));
    };
    co_await commit(parts.store, std::move(unit));
    if (is_full)
        throw invalid("title", "Đã có quá nhiều bộ lọc; anh/chị xóa bớt trước");
    co_return answer(201, view_json(made));
}

// Runs `what` on the caller's own view; another's is as good as none.
asio::awaitable<void> with_own_view(
    const staff_api_parts& parts,
    const call& asked, // outlives it
    std::string verb,  // Vietnamese
    std::function<void(app::desk_content&)> what)
{
    bool is_own = false;
    auto unit = [&what, &is_own, &verb, &asked, id = id_of(asked)](app::transaction& to) {
        const auto found = to.desk_content().find_view(id);
        is_own = found && found->staff_id == asked.by.who.id;
        if (!is_own)
            return;
        what(to.desk_content());
        to.audit().add(audit_entry_of(asked, "saved_view", found->title, verb));
    };
    co_await commit(parts.store, std::move(unit));
    if (!is_own)
        throw problem("not_found");
}

asio::awaitable<http::response> edit_view(const staff_api_parts& parts, call asked)
{
    auto made = view_in(asked);
    made.id = id_of(asked);
    auto what = [made](app::desk_content& content) { content.update(made); };
    co_await with_own_view(parts, asked, "Sửa", std::move(what));
    co_return answer(200, view_json(made));
}

asio::awaitable<http::response> remove_view(const staff_api_parts& parts, call asked)
{
    const auto id = id_of(asked);
    auto what = [id](app::desk_content& content) { content.remove_view(id); };
    co_await with_own_view(parts, asked, "Xóa", std::move(what));
    co_return no_content();
}

} // namespace

void add_content_routes(router& to, const staff_api_parts& parts)
{
    using handler = asio::awaitable<http::response> (*)(const staff_api_parts&, call);
    const auto add = [&to, &parts](
                         std::string method,
                         std::string path,
                         std::set<staff_role> roles,
                         handler handle) {
        const bool takes_body = method == "POST" || method == "PUT";
        to.add(
            {.method = std::move(method),
             .path = std::move(path),
             .roles = std::move(roles),
             .takes_body = takes_body,
             .handle = [&parts, handle](call asked) { return handle(parts, std::move(asked)); }});
    };
    using enum staff_role;
    add("GET", "/templates", {officer, coordinator, editor}, list_templates);
    add("POST", "/templates", {coordinator, editor}, add_template);
    add("PUT", "/templates/{id}", {coordinator, editor}, edit_template);
    add("DELETE", "/templates/{id}", {coordinator, editor}, remove_template);
    add("GET", "/views", {officer, coordinator}, list_views);
    add("POST", "/views", {officer, coordinator}, add_view);
    add("PUT", "/views/{id}", {officer, coordinator}, edit_view);
    add("DELETE", "/views/{id}", {officer, coordinator}, remove_view);
}

} // namespace motcua::staff_api
