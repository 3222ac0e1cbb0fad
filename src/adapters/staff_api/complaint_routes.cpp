#include "complaint_routes.hpp"

#include "complaint_access.hpp"
#include "complaint_export.hpp"
#include "complaint_filter.hpp"
#include "complaint_json.hpp"
#include "reading.hpp"

#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/support/run_on.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <utility>

namespace motcua::staff_api {
namespace {

constexpr std::size_t entries_at_once = 50;
constexpr std::size_t duplicates_shown = 20;
constexpr std::size_t exported_at_once = 500; // cases, so that other reads get between
constexpr int exports_at_once = 2;

// What a request reads with; made on the worker.
struct lookup
{
    app::reader* store;
    app::unit_tree units;
    app::complaint_sight sight;
    app::content used;

    app::complaint_queries& cases() const { return store->complaints(); }
    complaints::complaint visible(const call& asked) const
    {
        auto found = cases().find(asked.path.at("code"));
        if (!found || !may_see(asked.by, *found, units))
            throw problem("not_found");
        return std::move(*found);
    }
    complaint_view view(const call& asked) const
    {
        return {used.knowledge->complaints, asked.now, role_of(asked.by)};
    }
};

using answer_of = std::function<json(const call&, const lookup&, const directory&)>;

std::optional<std::int64_t> before_of(const call& asked)
{
    const auto given = asked.parameter("before");
    if (!given)
        return std::nullopt;
    std::int64_t id = 0;
    const auto* const end = given->data() + given->size();
    const auto [stopped, failure] = std::from_chars(given->data(), end, id);
    if (failure != std::errc() || stopped != end)
        throw invalid("before", "Không phải là mã số");
    return id;
}

template <class T, class Write>
json part_json(const app::latest<T>& part, Write write)
{
    json items = json::array();
    for (const auto& one : part.items)
        items.push_back(write(one));
    return {{"items", std::move(items)}, {"has_more", part.has_more}};
}

json get_complaint(const call& asked, const lookup& from, const directory&)
{
    const auto what = from.visible(asked);
    const auto found = from.cases().open(what.code, from.sight, asked.now);
    if (!found)
        throw problem("not_found");
    return complaint_json(*found, from.view(asked));
}

json list_messages(const call& asked, const lookup& from, const directory&)
{
    const auto what = from.visible(asked);
    return part_json(
        from.cases().messages(what.id, before_of(asked), entries_at_once), message_json);
}

json list_notes(const call& asked, const lookup& from, const directory&)
{
    const auto what = from.visible(asked);
    return part_json(from.cases().notes(what.id, before_of(asked), entries_at_once), note_json);
}

std::function<std::string(const std::string&)> name_finder(std::map<std::string, std::string> names)
{
    return [names = std::move(names)](const std::string& id) {
        const auto found = names.find(id);
        return found == names.end() ? id : found->second;
    };
}

json list_history(const call& asked, const lookup& from, const directory& known)
{
    const auto what = from.visible(asked);
    auto view = from.view(asked);
    view.name_of = name_finder(known.names(*from.store));
    return part_json(
        from.cases().history(what.id, before_of(asked), entries_at_once),
        [&view](const app::case_event& one) { return history_json(one, view); });
}

json list_duplicates(const call& asked, const lookup& from, const directory&)
{
    const auto what = from.visible(asked);
    const auto view = from.view(asked);
    json items = json::array();
    for (const auto& one : from.cases().duplicates(what.id, from.sight, duplicates_shown)) {
        const auto& other = one.complaint.what;
        items.push_back(
            {{"complaint", summary_json(one.complaint, view)},
             {"content", other.content},
             {"similarity", one.similarity},
             {"same_sender", !what.user_id.empty() && what.user_id == other.user_id}});
    }
    return {{"items", std::move(items)}};
}

json counts_json(const std::array<std::int64_t, app::complaint_tabs>& counts)
{
    using app::complaint_tab;
    const auto of = [&counts](complaint_tab tab) {
        return counts.at(static_cast<std::size_t>(tab));
    };
    return {
        {"mine", of(complaint_tab::mine)},
        {"unassigned", of(complaint_tab::unassigned)},
        {"open", of(complaint_tab::open)},
        {"due", of(complaint_tab::due)},
        {"all", of(complaint_tab::all)}};
}

json list_complaints(const call& asked, const lookup& from, const directory&)
{
    const auto view = from.view(asked);
    const auto filter = filter_of(asked, view.rules, from.sight, asked.now);
    const auto order = order_of(asked);
    const auto page = page_of(asked);
    const auto found = from.cases().search(filter, order, (page - 1) * page_size, page_size);
    json items = json::array();
    for (const auto& one : from.cases().listed(found.ids, from.sight))
        items.push_back(summary_json(one, view));
    json exact;
    if (!filter.search.exact_code.empty()) {
        const auto named = from.cases().find(filter.search.exact_code);
        if (named && may_see(asked.by, *named, from.units))
            exact = named->code;
    }
    return {
        {"items", std::move(items)},
        {"total", found.counts.at(static_cast<std::size_t>(order.tab))},
        {"page", page},
        {"page_size", page_size},
        {"counts", counts_json(found.counts)},
        {"exact_code", std::move(exact)}};
}

// Looking for a person by telephone is kept, as looking at the number would be.
asio::awaitable<void> audit_search(
    const call& asked, const staff_api_parts& parts, std::shared_ptr<const directory> known)
{
    const auto search = complaints::parse_search(asked.parameter("q").value_or(""));
    if (!search.phone)
        co_return;
    auto entry = audit_entry_of(asked, "search_phone", {}, "Tìm phản ánh theo số điện thoại");
    auto unit = [entry = std::move(entry), known = std::move(known)](app::transaction& store) {
        known->audit(store, entry);
    };
    const auto committed = co_await parts.store.commit(std::move(unit));
    if (!committed)
        throw problem("unavailable");
}

// Counts an export as long as it is under way.
class counted
{
public:
    explicit counted(int& running) : running_(running) { ++running_; }
    ~counted() { --running_; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;

private:
    int& running_;
};

// An export under way; each step is a job of its own on the worker.
struct export_work
{
    call asked;
    std::shared_ptr<const directory> known;
    app::content used;
    std::unique_ptr<complaint_export> file;
    std::unique_ptr<app::reader> store{};
    lookup from{};
    std::vector<std::int64_t> ids{};
    std::optional<complaint_view> view{};
    std::string content{};

    void begin(const staff_api_parts& parts)
    {
        store = parts.open_reader();
        from = {store.get(), {}, {}, used};
        from.units = known->units(*from.store);
        from.sight = sight_of(asked.by, from.units);
        view.emplace(from.view(asked));
        view->name_of = name_finder(known->names(*from.store));
        const auto filter = filter_of(asked, view->rules, from.sight, asked.now);
        ids = from.cases()
                  .search(filter, order_of(asked), 0, std::numeric_limits<std::size_t>::max())
                  .ids;
    }
    void add(std::size_t first)
    {
        const auto end = std::min(first + exported_at_once, ids.size());
        const std::vector<std::int64_t> part(
            ids.begin() + static_cast<std::ptrdiff_t>(first),
            ids.begin() + static_cast<std::ptrdiff_t>(end));
        for (const auto& one : from.cases().listed(part, from.sight))
            file->add(one, *view);
    }
};

http::response file_to_save(std::string content, bool is_csv, utc_time now, std::size_t rows)
{
    http::response out;
    out.status = 200;
    out.content_type = is_csv ? "text/csv; charset=utf-8"
                              : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    out.fields = {
        {"Content-Disposition",
         "attachment; filename=\"phan-anh-" + local_date(now) + (is_csv ? ".csv\"" : ".xlsx\"")},
        {"X-Row-Count", std::to_string(rows)},
        {"Cache-Control", "no-store"}};
    out.body = std::move(content);
    return out;
}

asio::awaitable<http::response> export_complaints(
    call asked,
    const staff_api_parts& parts,
    std::shared_ptr<const directory> known,
    std::shared_ptr<int> running)
{
    const auto format = asked.parameter("format").value_or("");
    if (format != "csv" && format != "xlsx")
        throw invalid("format", "xlsx hoặc csv");
    if (*running >= exports_at_once)
        throw problem("unavailable", "Đang có người khác xuất danh sách. Xin thử lại sau ít phút.");
    co_await audit_search(asked, parts, known);
    const bool is_csv = format == "csv";
    auto file = is_csv ? make_csv_export() : make_xlsx_export();
    const counted one(*running);
    const std::shared_ptr<export_work> work(
        new export_work{std::move(asked), known, parts.current_content(), std::move(file)});
    auto begin = [work, &parts] { return work->begin(parts), true; };
    co_await run_on(parts.workers, std::move(begin));
    for (std::size_t first = 0; first < work->ids.size(); first += exported_at_once) {
        auto add = [work, first] { return work->add(first), true; };
        co_await run_on(parts.workers, std::move(add));
    }
    auto finish = [work] { return work->content = work->file->finish(), true; };
    co_await run_on(parts.workers, std::move(finish));
    const auto rows = work->ids.size();
    auto entry = audit_entry_of(
        work->asked,
        "export",
        {},
        filter_for_audit(work->asked) + ": " + std::to_string(rows) + " dòng, " + format);
    auto unit = [entry = std::move(entry), known](app::transaction& store) {
        known->audit(store, entry);
    };
    const auto committed = co_await parts.store.commit(std::move(unit));
    if (!committed)
        throw problem("unavailable");
    co_return file_to_save(std::move(work->content), is_csv, work->asked.now, rows);
}

asio::awaitable<http::response> read(
    call asked,
    const staff_api_parts& parts,
    std::shared_ptr<reading> reader,
    std::shared_ptr<const directory> known,
    answer_of make)
{
    if (asked.path.empty()) // the list
        co_await audit_search(asked, parts, known);
    auto job = [&asked, &known, &make, used = parts.current_content()](app::reader& store) {
        lookup from{&store, known->units(store), {}, used};
        from.sight = sight_of(asked.by, from.units);
        return answer(200, make(asked, from, *known));
    };
    auto done = co_await reader->run(std::move(job));
    co_return done;
}

} // namespace

void add_complaint_routes(router& to, const staff_api_parts& parts, directory known)
{
    const auto shared = std::make_shared<const directory>(std::move(known));
    const auto reader = std::make_shared<reading>(parts);
    const auto add = [&to, &parts, &shared, &reader](std::string path, answer_of make) {
        route made{.method = "GET", .path = std::move(path), .roles = case_roles};
        made.handle = [&parts, reader, known = shared, make = std::move(make)](call asked) {
            return read(std::move(asked), parts, reader, known, make);
        };
        to.add(std::move(made));
    };
    const auto running = std::make_shared<int>(0);
    route exporting{.method = "GET", .path = "/complaints/export", .roles = case_roles};
    exporting.handle = [&parts, known = shared, running](call asked) {
        return export_complaints(std::move(asked), parts, known, running);
    };
    to.add(std::move(exporting));
    add("/complaints", list_complaints);
    add("/complaints/{code}", get_complaint);
    add("/complaints/{code}/messages", list_messages);
    add("/complaints/{code}/notes", list_notes);
    add("/complaints/{code}/history", list_history);
    add("/complaints/{code}/duplicates", list_duplicates);
}

} // namespace motcua::staff_api
