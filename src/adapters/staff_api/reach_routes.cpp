#include "reach_routes.hpp"

#include <motcua/core/dialogue/payload.hpp>
#include <motcua/core/reach/measures.hpp>
#include <motcua/core/reach/row_query.hpp>

#include <charconv>
#include <optional>
#include <string>

namespace motcua::staff_api {
namespace {

using app::staff_role;
using reach::measure;

constexpr std::size_t rows_at_once = 50;
constexpr std::size_t last_offset = 100'000'000;
constexpr auto longest_period = std::chrono::days(3660);

// ---- what is asked for

std::chrono::year_month_day day_given(const call& asked, const char* name)
{
    const auto day = reach::day_from(asked.parameter(name).value_or(""));
    if (!day)
        throw invalid(name, "Ngày phải viết dạng NĂM-THÁNG-NGÀY");
    return *day;
}

reach::period period_given(const call& asked)
{
    const reach::period span{day_given(asked, "from"), day_given(asked, "to")};
    if (span.to < span.from)
        throw invalid("to", "Ngày cuối phải sau ngày đầu");
    if (std::chrono::sys_days(span.to) - std::chrono::sys_days(span.from) > longest_period)
        throw invalid("to", "Kỳ báo cáo dài nhất là mười năm");
    return span;
}

bool mask_small_of(const call& asked)
{
    const auto word = asked.parameter("mask_small").value_or("false");
    if (word != "true" && word != "false")
        throw invalid("mask_small", "true hoặc false");
    return word == "true";
}

std::size_t offset_of(const call& asked)
{
    const auto text = asked.parameter("offset").value_or("0");
    std::size_t offset = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, offset);
    if (parsed.ec != std::errc() || parsed.ptr != end || offset > last_offset)
        throw invalid("offset", "Phải là số");
    return offset;
}

// ---- answers

json period_json(const reach::period& span)
{
    return {{"from", reach::to_text(span.from)}, {"to", reach::to_text(span.to)}};
}

json activity_json(const reach::activity& one, const app::report_desk* desk)
{
    json products = json::array();
    for (const auto& product : one.products)
        products.push_back(
            {{"id", product.id},
             {"words", product.words},
             {"by_hand", optional_text(product.by_hand)}});
    json keywords = json::array();
    for (const auto& word : one.keywords)
        keywords.push_back(
            {{"code", word.code},
             {"title", word.title},
             {"page", desk == nullptr ? "" : desk->landing_page(word.code)},
             {"payload",
              dialogue::make_payload({.what = dialogue::action::keyword, .target = word.code})}});
    return {
        {"id", one.id},
        {"name", one.name},
        {"lead", one.lead},
        {"partners", one.partners},
        {"products", std::move(products)},
        {"keywords", std::move(keywords)}};
}

// In force today, else the newest.
const reach::plan*
current_plan(const std::vector<reach::plan>& plans, std::chrono::year_month_day today)
{
    const reach::plan* best = nullptr;
    for (const auto& one : plans) {
        if (one.head.period.from <= today && today <= one.head.period.to)
            return &one;
        if (best == nullptr || best->head.period.to < one.head.period.to)
            best = &one;
    }
    return best;
}

json day_json(const app::day_contacts& one)
{
    const auto count = [&one](measure what) { return one.of.count(what); };
    return {
        {"day", reach::to_text(one.day)},
        {"contacts", count(measure::contact)},
        {"sessions", count(measure::visit)},
        {"questions", count(measure::question)},
        {"answered", count(measure::answered)},
        {"clarified", count(measure::clarified)},
        {"not_understood", count(measure::not_understood)},
        {"handed_over", count(measure::handed_over)}};
}

// Whoever works with cases may know when somebody wrote; figures need the day only.
bool sees_moments(const app::staff_member& who)
{
    return who.is(staff_role::officer) || who.is(staff_role::coordinator) ||
           who.is(staff_role::admin);
}

json contact_json(
    const app::reach_reader::contact_row& row, const reach::row_query& query, bool moments)
{
    const auto& contact = row.contact;
    const bool link = (query.measures & bit(measure::link_opened)) != 0;
    const bool scan = (query.measures & bit(measure::scanned)) != 0;
    json made{
        {"day", reach::to_text(vietnam_date(row.at))},
        {"at", moments ? json(instant(row.at)) : json()},
        {"is",
         link   ? "link"
         : scan ? "scan"
                : reach::name(contact.kind)},
        {"outcome", link || scan ? json() : json(reach::name(contact.outcome))},
        {"procedure", optional_text(contact.procedure)},
        {"field", optional_text(contact.field)},
        {"aspect", optional_text(contact.aspect)},
        {"activity", optional_text(contact.activity)},
        {"credit", json()},
        {"keyword", optional_text(contact.keyword)},
        {"citizen", moments && row.citizen != 0 ? json(row.citizen) : json()},
        {"contacts", row.contacts}};
    if (contact.credit != reach::credit::none)
        made["credit"] = reach::name(contact.credit);
    return made;
}

json complaint_row_json(
    const complaints::complaint& one, const caller& by, const app::unit_tree& units)
{
    return {
        {"code", may_see(by, one, units) ? json(one.code) : json()},
        {"received", reach::to_text(vietnam_date(one.course.front().at))},
        {"category", one.category},
        {"state", one.state},
        {"unit_id", optional_text(one.unit)}};
}

std::string_view kind_name(reach::row_query::kind value)
{
    using kind = reach::row_query::kind;
    switch (value) {
    case kind::contacts:
        return "contacts";
    case kind::people:
        return "people";
    case kind::answers:
        return "answers";
    case kind::complaints:
        return "complaints";
    case kind::unknown:
        return "unknown";
    case kind::entries:
        break;
    }
    return "entries";
}

json rows_json(
    const app::figure_rows& found,
    const reach::row_query& query,
    const caller& by,
    const app::unit_tree& units)
{
    const bool moments = sees_moments(by.who);
    json made{
        {"kind", kind_name(query.of)},
        {"total", found.total},
        {"quantity", found.quantity},
        {"participants", found.participants},
        {"contacts", json::array()},
        {"answers", json::array()},
        {"complaints", json::array()},
        {"entries", json::array()},
        {"unknown", json::array()}};
    for (const auto& row : found.contacts)
        made["contacts"].push_back(contact_json(row, query, moments));
    for (const auto& row : found.answers)
        made["answers"].push_back(
            {{"day", reach::to_text(row.day)},
             {"seconds", std::chrono::duration<double>(row.took).count()}});
    for (const auto& one : found.complaints)
        made["complaints"].push_back(complaint_row_json(one, by, units));
    for (const auto& one : found.entries)
        made["entries"].push_back(plan_entry_json(one));
    for (const auto& one : found.unknown)
        made["unknown"].push_back({{"day", reach::to_text(one.day)}, {"text", one.text}});
    return made;
}

// ---- routes

class reach_routes
{
public:
    reach_routes(const staff_api_parts& parts, report_queue& reports, directory known)
        : parts_(parts), reports_(reports), known_(std::move(known))
    {
    }

    asio::awaitable<http::response> list_plans(call asked)
    {
        const auto content = parts_.current_content();
        const auto& plans = content.knowledge->plans;
        const auto today = vietnam_date(asked.now);
        json items = json::array();
        for (const auto& one : plans) {
            json activities = json::array();
            for (const auto& activity : one.activities)
                activities.push_back(activity_json(activity, parts_.reports.desk.get()));
            items.push_back(
                {{"id", one.head.id},
                 {"title", one.head.title},
                 {"number", one.head.number},
                 {"issuer", one.head.issuer},
                 {"period", period_json(one.head.period)},
                 {"activities", std::move(activities)}});
        }
        const auto* const current = current_plan(plans, today);
        co_return answer(
            200,
            {{"items", std::move(items)},
             {"current", current == nullptr ? json() : json(current->head.id)},
             {"today", reach::to_text(today)}});
    }

    asio::awaitable<http::response> show_report(call asked)
    {
        const auto wish = wish_of(asked);
        auto bytes = co_await make(wish, app::report_format::json);
        http::response out;
        out.content_type = "application/json";
        out.fields = {{"Cache-Control", "no-store"}};
        out.body = std::move(bytes);
        co_return out;
    }

    asio::awaitable<http::response> download_report(call asked)
    {
        const auto wish = wish_of(asked);
        const auto format = app::report_format_from(asked.parameter("format").value_or(""));
        if (!format)
            throw invalid("format", "docx, xlsx, csv hoặc json");
        auto bytes = co_await make(wish, *format);
        const auto span = reach::to_text(wish.period.from) + "-" + reach::to_text(wish.period.to);
        auto entry =
            audit_entry_of(asked, "report", wish.plan, span + ", " + std::string(name(*format)));
        auto note = [&entry](app::transaction& store) { store.audit().add(entry); };
        co_await commit(parts_.store, std::move(note));
        co_return file_to_save(std::move(bytes), name(*format), "bao-cao-" + span);
    }

    asio::awaitable<http::response> list_days(call asked)
    {
        const auto span = period_given(asked);
        auto read = [span](app::report_desk& desk) { return desk.days(span); };
        const auto days = co_await reports_.run(std::move(read));
        json items = json::array();
        for (const auto& one : days)
            items.push_back(day_json(one));
        co_return answer(200, {{"items", std::move(items)}});
    }

    asio::awaitable<http::response> list_rows(call asked)
    {
        const auto query = reach::row_query_from(asked.parameter("figure").value_or(""));
        if (!query)
            throw invalid("figure", "Không có số liệu này");
        const auto offset = offset_of(asked);
        const auto content = parts_.current_content();
        auto read = [&content, &query, offset](app::report_desk& desk) {
            return desk.rows(*content.knowledge, *query, offset, rows_at_once);
        };
        const auto found = co_await reports_.run(std::move(read));
        app::unit_tree units;
        if (!found.complaints.empty()) {
            auto look = [this] { return known_.units(*parts_.open_reader()); };
            units = co_await run_on(parts_.workers, std::move(look));
        }
        co_return answer(200, rows_json(found, *query, asked.by, units));
    }

    asio::awaitable<http::response> send_landing_code(call asked)
    {
        const auto content = parts_.current_content();
        const auto& plan = plan_in(*content.knowledge, asked.path.at("plan"));
        const auto code = asked.path.at("code");
        const auto has_code = [&code](const reach::activity& one) {
            return std::ranges::find(one.keywords, code, &reach::keyword::code) !=
                   one.keywords.end();
        };
        if (std::ranges::none_of(plan.activities, has_code))
            throw problem("not_found");
        const auto format = asked.parameter("format").value_or("");
        if (format != "png" && format != "svg")
            throw invalid("format", "png hoặc svg");
        if (!parts_.reports.desk)
            throw problem("unavailable");
        auto picture = parts_.reports.desk->landing_code(code, format == "svg");
        co_return file_to_save(std::move(picture), format, "qr-" + code);
    }

private:
    app::report_wish wish_of(const call& asked) const
    {
        const auto content = parts_.current_content();
        const auto& plan = plan_in(*content.knowledge, asked.path.at("plan"));
        return {
            .plan = plan.head.id,
            .period = period_given(asked),
            .mask_small = mask_small_of(asked)};
    }

    asio::awaitable<std::string> make(app::report_wish wish, app::report_format format)
    {
        const auto content = parts_.current_content();
        auto work = [&content, &wish, format](app::report_desk& desk) {
            return desk.make(*content.knowledge, wish, format);
        };
        auto bytes = co_await reports_.run(std::move(work));
        co_return bytes;
    }

    const staff_api_parts& parts_;
    report_queue& reports_;
    directory known_;
};

} // namespace

json plan_entry_json(const reach::plan_entry& one)
{
    json made{
        {"id", std::to_string(one.id)},
        {"plan", one.plan},
        {"sort", reach::name(one.of)},
        {"activity", one.activity},
        {"product", one.product},
        {"day", reach::to_text(one.day)},
        {"quantity", one.quantity},
        {"unit", one.unit},
        {"note", optional_text(one.note)},
        {"participants", json()},
        {"evidence_link", optional_text(one.evidence_link)},
        {"evidence_file", optional_text(one.evidence_file)},
        {"evidence_name", optional_text(one.evidence_name)},
        {"entered_by", one.entered_by},
        {"entered_at", instant(one.entered_at)},
        {"withdrawn_by", optional_text(one.withdrawn_by)},
        {"withdrawn_at", json()}};
    if (one.participants != 0)
        made["participants"] = one.participants;
    if (!one.withdrawn_by.empty())
        made["withdrawn_at"] = instant(one.withdrawn_at);
    return made;
}

void add_reach_routes(
    router& to, const staff_api_parts& parts, report_queue& reports, directory known)
{
    using self = reach_routes;
    const auto all = std::make_shared<self>(parts, reports, std::move(known));
    const auto add = [&to,
                      &all](std::string path, asio::awaitable<http::response> (self::*act)(call)) {
        to.add(
            {.method = "GET",
             .path = std::move(path),
             .roles = everybody,
             .handle = [all, act](call asked) { return (all.get()->*act)(std::move(asked)); }});
    };
    add("/plans", &self::list_plans);
    add("/plans/{plan}/report", &self::show_report);
    add("/plans/{plan}/report/file", &self::download_report);
    add("/plans/{plan}/keywords/{code}/qr", &self::send_landing_code);
    add("/reach/days", &self::list_days);
    add("/reach/rows", &self::list_rows);
}

} // namespace motcua::staff_api
