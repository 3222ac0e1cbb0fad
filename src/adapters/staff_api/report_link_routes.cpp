#include "report_link_routes.hpp"

#include "back_off.hpp"
#include "secrets.hpp"

#include <motcua/core/reach/row_query.hpp>

#include <string>
#include <unordered_map>

namespace motcua::staff_api {
namespace {

using app::staff_role;

constexpr auto setting_key = "report_links";
constexpr std::size_t links_at_most = 50;
constexpr std::size_t token_bytes = 32;
constexpr std::size_t id_bytes = 9;
constexpr std::size_t name_limit = 100;
constexpr std::size_t word_limit = 64;
constexpr int pulls_a_minute = 6;

// ---- keeping
// Few and rarely changed: one setting holds them all, as ReportLink of the contract with `hash`,
// SHA-256 of the token in base64url, beside.

json links_in(app::transaction& store)
{
    const auto kept = store.setting(setting_key);
    return kept ? json::parse(*kept) : json::array();
}

void keep(app::transaction& store, const json& links)
{
    store.put_setting(setting_key, links.dump());
}

std::string member_of(const json& link, const char* member)
{
    return link.at(member).get<std::string>();
}

json* link_with(json& links, const char* member, const std::string& value)
{
    for (auto& one : links)
        if (member_of(one, member) == value)
            return &one;
    return nullptr;
}

json shown(json link)
{
    link.erase("hash");
    return link;
}

// ---- days

std::chrono::year_month month_of(std::chrono::year_month_day day)
{
    return day.year() / day.month();
}

reach::period months(std::chrono::year_month first, int count)
{
    return {
        first / std::chrono::day(1), (first + std::chrono::months(count - 1)) / std::chrono::last};
}

std::chrono::year_month quarter_of(std::chrono::year_month_day day)
{
    const auto month = static_cast<unsigned>(day.month());
    return day.year() / std::chrono::month((month - 1) / 3 * 3 + 1);
}

class report_link_routes
{
public:
    report_link_routes(const staff_api_parts& parts, report_queue& reports)
        : parts_(parts), reports_(reports)
    {
    }

    asio::awaitable<http::response> list(call)
    {
        json links;
        auto unit = [&links](app::transaction& store) { links = links_in(store); };
        co_await commit(parts_.store, std::move(unit));
        json items = json::array();
        for (auto& one : links)
            items.push_back(shown(std::move(one)));
        co_return answer(200, {{"items", std::move(items)}});
    }

    asio::awaitable<http::response> add(call asked)
    {
        const auto token = base64url(random_bytes(token_bytes));
        const auto link = link_in(asked, token);
        bool is_full = false;
        auto unit = [&link, &is_full, &asked](app::transaction& store) {
            auto links = links_in(store);
            is_full = links.size() >= links_at_most;
            if (is_full)
                return;
            links.push_back(link);
            keep(store, links);
            store.audit().add(
                audit_entry_of(asked, "report_link", member_of(link, "name"), "Thêm"));
        };
        co_await commit(parts_.store, std::move(unit));
        if (is_full)
            throw invalid("name", "Đã có quá nhiều liên kết; anh/chị thu hồi bớt trước");
        auto out = answer(
            201, {{"link", shown(link)}, {"path", "/api/v1/report-links/" + token + "/report"}});
        out.fields.emplace_back("Cache-Control", "no-store");
        co_return out;
    }

    asio::awaitable<http::response> remove(call asked)
    {
        bool removed = false;
        auto unit = [&removed, &asked](app::transaction& store) {
            auto links = links_in(store);
            const auto* const found = link_with(links, "id", asked.path.at("id"));
            removed = found != nullptr;
            if (!removed)
                return;
            const auto name = member_of(*found, "name");
            links.erase(links.begin() + (found - &links.front()));
            keep(store, links);
            store.audit().add(audit_entry_of(asked, "report_link", name, "Thu hồi"));
        };
        co_await commit(parts_.store, std::move(unit));
        if (!removed)
            throw problem("not_found");
        co_return no_content();
    }

    asio::awaitable<http::response> pull(call asked)
    {
        const auto format = app::report_format_from(asked.parameter("format").value_or("json"));
        if (!format)
            throw invalid("format", "docx, xlsx, csv hoặc json");
        const auto& address = asked.request.peer;
        if (const auto wait = wrong_tokens_.wait(address, asked.now); wait.count() != 0)
            throw too_many(wait);
        wrong_tokens_.attempt(address, asked.now);
        json link;
        std::chrono::seconds wait{0};
        auto unit = [this, &link, &wait, &asked, format](app::transaction& store) {
            use(store, asked, *format, link, wait);
        };
        co_await commit(parts_.store, std::move(unit));
        if (link.is_null())
            throw problem("not_found");
        wrong_tokens_.take_back(address);
        if (wait.count() != 0)
            throw too_many(wait);
        const auto content = parts_.current_content();
        const auto& plan = plan_in(*content.knowledge, member_of(link, "plan"));
        const auto span = span_of(member_of(link, "span"), plan, vietnam_date(asked.now));
        if (!span)
            throw problem("not_found");
        const app::report_wish wish{
            .plan = plan.head.id, .period = *span, .mask_small = link.at("mask_small").get<bool>()};
        auto work = [&content, &wish, format](app::report_desk& desk) {
            return desk.make(*content.knowledge, wish, *format);
        };
        auto bytes = co_await reports_.run(std::move(work));
        co_return file_to_save(
            std::move(bytes),
            name(*format),
            "bao-cao-" + reach::to_text(span->from) + "-" + reach::to_text(span->to));
    }

private:
    static problem too_many(std::chrono::seconds wait)
    {
        problem out("too_many", "Xin chờ rồi lấy lại.");
        out.more["retry_after_seconds"] = wait.count();
        return out;
    }

    json link_in(const call& asked, const std::string& token) const
    {
        body_reader body(asked.body);
        const auto name = body.text("name", 1, name_limit);
        if (name.find_first_not_of(' ') == std::string::npos ||
            name.find_first_of("\n\t") != std::string::npos)
            throw invalid("name", "Tên phải là một dòng chữ");
        const auto plan = body.text("plan", 1, word_limit);
        const auto span = body.text("span", 1, word_limit);
        const bool mask_small = body.boolean("mask_small");
        body.end();
        const auto content = parts_.current_content();
        const auto& plans = content.knowledge->plans;
        const auto known =
            std::ranges::find(plans, plan, [](const reach::plan& one) { return one.head.id; });
        if (known == plans.end())
            throw invalid("plan", "Không có kế hoạch này");
        if (!span_of(span, *known, vietnam_date(asked.now)))
            throw invalid("span", "Không có kỳ báo cáo này");
        return {
            {"id", base64url(random_bytes(id_bytes))},
            {"name", name},
            {"plan", plan},
            {"span", span},
            {"mask_small", mask_small},
            {"made_by", asked.by.who.id},
            {"made_at", instant(asked.now)},
            {"used_at", json()},
            {"uses", 0},
            {"hash", base64url(sha256(token))}};
    }

    // Finds and counts the pull; `link` stays null for a wrong token, `wait` says when to come
    // back.
    void
    use(app::transaction& store,
        const call& asked,
        app::report_format format,
        json& link,
        std::chrono::seconds& wait)
    {
        auto links = links_in(store);
        auto* const found = link_with(links, "hash", base64url(sha256(asked.path.at("token"))));
        if (found == nullptr)
            return;
        wait = wait_for(member_of(*found, "id"), asked.now);
        if (wait.count() == 0) {
            (*found)["used_at"] = instant(asked.now);
            (*found)["uses"] = (*found)["uses"].get<std::int64_t>() + 1;
            keep(store, links);
            auto entry = audit_entry_of(
                asked, "report_pulled", member_of(*found, "name"), std::string(name(format)));
            entry.actor = "link";
            store.audit().add(entry);
        }
        link = *found;
    }

    // Counts a pull of the link; zero = it may be made. On the writer's thread alone.
    std::chrono::seconds wait_for(const std::string& id, utc_time now)
    {
        const auto minute = std::chrono::floor<std::chrono::minutes>(now);
        if (minute != minute_) {
            minute_ = minute;
            pulls_.clear();
        }
        if (++pulls_[id] <= pulls_a_minute)
            return std::chrono::seconds(0);
        return std::chrono::ceil<std::chrono::seconds>(minute + std::chrono::minutes(1) - now);
    }

    const staff_api_parts& parts_;
    report_queue& reports_;
    back_off wrong_tokens_{
        {.free_attempts = 10, .longest_wait = std::chrono::minutes(15), .entries = 10'000}};
    std::chrono::sys_time<std::chrono::minutes> minute_{};
    std::unordered_map<std::string, int> pulls_; // of the minute, by link
};

} // namespace

std::optional<reach::period>
span_of(std::string_view word, const reach::plan& plan, std::chrono::year_month_day today)
{
    const auto year = today.year() / std::chrono::January;
    if (word == "plan")
        return plan.head.period;
    if (word == "this_month")
        return months(month_of(today), 1);
    if (word == "last_month")
        return months(month_of(today) - std::chrono::months(1), 1);
    if (word == "this_quarter")
        return months(quarter_of(today), 3);
    if (word == "last_quarter")
        return months(quarter_of(today) - std::chrono::months(3), 3);
    if (word == "this_year")
        return months(year, 12);
    if (word == "last_year")
        return months(year - std::chrono::years(1), 12);
    return std::nullopt;
}

void add_report_link_routes(router& to, const staff_api_parts& parts, report_queue& reports)
{
    using self = report_link_routes;
    const auto all = std::make_shared<self>(parts, reports);
    const auto add = [&to, &all](
                         std::string method,
                         std::string path,
                         asio::awaitable<http::response> (self::*act)(call)) {
        route made{.method = std::move(method), .path = std::move(path)};
        made.anonymous = act == &self::pull;
        if (!made.anonymous)
            made.roles = {staff_role::coordinator, staff_role::admin};
        made.takes_body = made.method == "POST";
        made.handle = [all, act](call asked) { return (all.get()->*act)(std::move(asked)); };
        to.add(std::move(made));
    };
    add("GET", "/report-links", &self::list);
    add("POST", "/report-links", &self::add);
    add("DELETE", "/report-links/{id}", &self::remove);
    add("GET", "/report-links/{token}/report", &self::pull);
}

} // namespace motcua::staff_api
