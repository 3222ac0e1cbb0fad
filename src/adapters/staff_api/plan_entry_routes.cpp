#include "plan_entry_routes.hpp"

#include "attachment_routes.hpp"
#include "limits.hpp"
#include "reach_routes.hpp"

#include <motcua/app/attachment_content.hpp>
#include <motcua/core/reach/row_query.hpp>
#include <motcua/support/run_on.hpp>

#include <optional>
#include <string>

namespace motcua::staff_api {
namespace {

using app::staff_role;
using entry_sort = reach::plan_entry::sort;

constexpr std::size_t unit_limit = 40;
constexpr std::size_t note_limit = 500;
constexpr std::size_t link_limit = 500;
constexpr std::size_t file_name_limit = 100;
constexpr std::size_t file_id_size = 64;
constexpr std::int64_t largest_number = 10'000'000;
constexpr auto unit_of_material = "cái";

bool lacks_words(std::string_view text)
{
    return text.find_first_not_of(" \t\n") == std::string_view::npos;
}

// An address that a browser opens, and nothing that runs.
bool is_link(std::string_view text)
{
    const auto is_bad = [](char letter) {
        return static_cast<unsigned char>(letter) <= ' ' || letter == '"' || letter == '<';
    };
    return text.starts_with("https://") && text.size() > std::string_view("https://").size() &&
           std::ranges::none_of(text, is_bad);
}

const reach::activity& activity_in(const reach::plan& plan, const std::string& id)
{
    const auto found = std::ranges::find(plan.activities, id, &reach::activity::id);
    if (found == plan.activities.end())
        throw invalid("activity", "Kế hoạch không có hoạt động này");
    return *found;
}

// What is entered counts in the unit that the plan uses, unless the entry says otherwise.
std::string unit_for(const reach::activity& of, entry_sort what, const std::string& product)
{
    if (what == entry_sort::handed_out) {
        if (std::ranges::find(of.keywords, product, &reach::keyword::code) == of.keywords.end())
            throw invalid("product", "Hoạt động không có từ khóa này");
        return unit_of_material;
    }
    const auto found = std::ranges::find(of.products, product, &reach::expected_product::id);
    if (found == of.products.end() || found->by_hand.empty())
        throw invalid("product", "Không nhập tay kết quả này");
    return found->by_hand;
}

reach::plan_entry entry_in(const call& asked, const reach::plan& plan)
{
    body_reader body(asked.body);
    reach::plan_entry made;
    made.plan = plan.head.id;
    const auto word = body.text("sort", 1, longest_id);
    if (word != "result" && word != "handed_out")
        throw invalid("sort", "result hoặc handed_out");
    made.of = word == "result" ? entry_sort::result : entry_sort::handed_out;
    made.activity = body.text("activity", 1, longest_id);
    made.product = body.text("product", 1, longest_id);
    const auto unit = unit_for(activity_in(plan, made.activity), made.of, made.product);
    const auto day = reach::day_from(body.text("day", 1, longest_id));
    if (!day)
        throw invalid("day", "Ngày phải viết dạng NĂM-THÁNG-NGÀY");
    if (*day > vietnam_date(asked.now))
        throw invalid("day", "Ngày chưa tới");
    made.day = *day;
    made.quantity = body.integer("quantity", 1, largest_number);
    made.unit = body.optional_text("unit", unit_limit).value_or("");
    if (lacks_words(made.unit))
        made.unit = unit;
    made.note = body.optional_text("note", note_limit).value_or("");
    const bool has_participants = body.has("participants") && !asked.body["participants"].is_null();
    made.participants = has_participants ? body.integer("participants", 0, largest_number) : 0;
    made.evidence_link = body.optional_text("evidence_link", link_limit).value_or("");
    if (!made.evidence_link.empty() && !is_link(made.evidence_link))
        throw invalid("evidence_link", "Liên kết phải bắt đầu bằng https://");
    made.evidence_file = body.optional_text("evidence_file", file_id_size).value_or("");
    made.evidence_name =
        app::safe_file_name(body.optional_text("evidence_name", file_name_limit).value_or(""));
    if (made.evidence_file.empty() != made.evidence_name.empty())
        throw invalid("evidence_name", "Tệp minh chứng và tên tệp đi cùng nhau");
    if (made.of == entry_sort::result && made.evidence_link.empty() && made.evidence_file.empty() &&
        lacks_words(made.note))
        throw invalid("note", "Ghi tài liệu kiểm chứng: liên kết, tệp hoặc ghi chú");
    if (!has_participants)
        body.optional_text("participants", 0); // null
    body.end();
    made.entered_by = asked.by.who.id;
    made.entered_at = asked.now;
    return made;
}

std::string entry_words(const reach::plan_entry& one)
{
    return one.product + ", " + reach::to_text(one.day) + ": " + std::to_string(one.quantity) +
           " " + one.unit;
}

problem evidence_gone()
{
    return invalid("evidence_file", "Không còn tệp này. Anh/chị chọn lại tệp.");
}

bool has_its_evidence(app::transaction& store, const reach::plan_entry& one)
{
    return one.evidence_file.empty() || store.reach().has_evidence(one.evidence_file);
}

std::string subject_of(const reach::plan_entry& one)
{
    return one.plan + "/" + one.activity;
}

class plan_entry_routes
{
public:
    plan_entry_routes(const staff_api_parts& parts, report_queue& reports)
        : parts_(parts), reports_(reports)
    {
    }

    asio::awaitable<http::response> list(call asked)
    {
        const auto plan = plan_of(asked).head.id;
        const auto entries = co_await read(plan);
        json items = json::array();
        for (const auto& one : entries)
            items.push_back(plan_entry_json(one));
        co_return answer(200, {{"items", std::move(items)}});
    }

    asio::awaitable<http::response> add(call asked)
    {
        auto made = entry_in(asked, plan_of(asked));
        bool done = false;
        auto unit = [&made, &asked, &done](app::transaction& store) {
            done = has_its_evidence(store, made);
            if (!done)
                return;
            made.id = store.reach().add_entry(made, asked.now);
            store.audit().add(
                audit_entry_of(asked, "plan_entry", subject_of(made), "Nhập " + entry_words(made)));
        };
        co_await commit(parts_.store, std::move(unit));
        if (!done)
            throw evidence_gone();
        co_return answer(201, plan_entry_json(made));
    }

    // Kept for the entry that will name it.
    asio::awaitable<http::response> keep_evidence(call asked)
    {
        static_cast<void>(plan_of(asked));
        const auto name = app::safe_file_name(asked.parameter("name").value_or(""));
        if (name.empty())
            throw invalid("name", "Tệp không có tên");
        const auto bytes = std::make_shared<const std::string>(std::move(asked.request.body));
        if (bytes->empty())
            throw invalid("name", "Tệp trống");
        const auto file = parts_.files.name_of(*bytes);
        auto unit = [file, now = asked.now](app::transaction& store) {
            store.reach().note_evidence(file, now);
        };
        co_await commit(parts_.store, std::move(unit));
        auto put = [this, bytes, file] {
            parts_.files.put(file, *bytes);
            return true;
        };
        co_await run_on(parts_.workers, std::move(put));
        co_return answer(201, {{"file", file}, {"name", name}, {"bytes", bytes->size()}});
    }

    asio::awaitable<http::response> send_evidence(call asked)
    {
        const auto plan = plan_of(asked).head.id;
        const auto one = co_await find(asked, plan);
        if (one.evidence_file.empty())
            throw problem("not_found");
        auto open = [this, file = one.evidence_file] { return open_kept(parts_.files, file); };
        auto what = co_await run_on(parts_.workers, std::move(open));
        co_return file_response(std::move(what), one.id, one.evidence_name, parts_.workers);
    }

    asio::awaitable<http::response> correct(call asked)
    {
        const auto plan = plan_of(asked);
        const auto former = co_await find(asked, plan.head.id);
        auto made = entry_in(asked, plan);
        bool done = false;
        bool has_file = false;
        auto unit = [&made, &former, &asked, &done, &has_file](app::transaction& store) {
            has_file = has_its_evidence(store, made);
            if (!has_file)
                return;
            done = store.reach().withdraw_entry(former.id, asked.by.who.id, asked.now);
            if (!done)
                return;
            made.id = store.reach().add_entry(made, asked.now);
            store.audit().add(audit_entry_of(
                asked,
                "plan_entry",
                subject_of(made),
                "Sửa " + entry_words(former) + " thành " + entry_words(made)));
        };
        co_await commit(parts_.store, std::move(unit));
        if (!has_file)
            throw evidence_gone();
        if (!done)
            throw withdrawn_already();
        co_return answer(200, plan_entry_json(made));
    }

    asio::awaitable<http::response> withdraw(call asked)
    {
        const auto plan = plan_of(asked).head.id;
        const auto former = co_await find(asked, plan);
        bool done = false;
        auto unit = [&former, &asked, &done](app::transaction& store) {
            done = store.reach().withdraw_entry(former.id, asked.by.who.id, asked.now);
            if (done)
                store.audit().add(audit_entry_of(
                    asked, "plan_entry", subject_of(former), "Rút " + entry_words(former)));
        };
        co_await commit(parts_.store, std::move(unit));
        if (!done)
            throw withdrawn_already();
        co_return no_content();
    }

private:
    static problem withdrawn_already()
    {
        return problem("stale", "Kết quả này đã được sửa hoặc rút. Xin tải lại trang.");
    }

    reach::plan plan_of(const call& asked) const
    {
        const auto content = parts_.current_content();
        return plan_in(*content.knowledge, asked.path.at("plan"));
    }

    asio::awaitable<std::vector<reach::plan_entry>> read(std::string plan)
    {
        auto job = [&plan](app::report_desk& desk) { return desk.entries(plan); };
        auto found = co_await reports_.run(std::move(job));
        co_return found;
    }

    // Of the path. Throws not_found.
    asio::awaitable<reach::plan_entry> find(const call& asked, std::string plan)
    {
        const auto entries = co_await read(std::move(plan));
        const auto found = std::ranges::find(
            entries, asked.path.at("id"), [](const auto& one) { return std::to_string(one.id); });
        if (found == entries.end())
            throw problem("not_found");
        co_return *found;
    }

    const staff_api_parts& parts_;
    report_queue& reports_;
};

} // namespace

void add_plan_entry_routes(router& to, const staff_api_parts& parts, report_queue& reports)
{
    using self = plan_entry_routes;
    using enum staff_role;
    const auto all = std::make_shared<self>(parts, reports);
    const auto add = [&to, &all](
                         std::string method,
                         std::string path,
                         std::set<staff_role> roles,
                         asio::awaitable<http::response> (self::*act)(call)) {
        const bool takes_body =
            (method == "POST" || method == "PUT") && !path.ends_with("/evidence");
        to.add(
            {.method = std::move(method),
             .path = std::move(path),
             .roles = std::move(roles),
             .takes_body = takes_body,
             .handle = [all, act](call asked) { return (all.get()->*act)(std::move(asked)); }});
    };
    add("GET", "/plans/{plan}/entries", everybody, &self::list);
    add("POST", "/plans/{plan}/entries", {coordinator, editor}, &self::add);
    add("GET", "/plans/{plan}/entries/{id}/evidence", everybody, &self::send_evidence);
    add("POST", "/plans/{plan}/evidence", {coordinator, editor}, &self::keep_evidence);
    add("PUT", "/plans/{plan}/entries/{id}", {coordinator, editor}, &self::correct);
    add("DELETE", "/plans/{plan}/entries/{id}", {coordinator, editor}, &self::withdraw);
}

} // namespace motcua::staff_api
