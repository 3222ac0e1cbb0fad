#include "router.hpp"

#include <boost/url/parse.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <motcua/core/text/unicode.hpp>
#include <motcua/support/logging.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::staff_api {
namespace {

constexpr std::string_view root = "/api/v1";
constexpr std::string_view session_cookie = "__Host-motcua_session=";
constexpr std::size_t body_bytes = 64UL * 1024;
constexpr int body_depth = 8;

struct problem_kind
{
    std::string_view type;
    unsigned status;
    std::string_view title;
};
constexpr std::array<problem_kind, 15> kinds{{
    {"bad_request", 400, "Yêu cầu không đọc được"},
    {"signed_out", 401, "Anh/chị chưa đăng nhập hoặc phiên đã hết"},
    {"wrong_credentials", 401, "Thông tin đăng nhập không đúng"},
    {"forbidden", 403, "Anh/chị không có quyền làm việc này"},
    {"not_found", 404, "Không tìm thấy"},
    {"method_not_allowed", 405, "Không làm được như vậy"},
    {"stale", 409, "Người khác vừa thay đổi"},
    {"reply_held", 409, "Còn một trả lời đang chờ gửi"},
    {"too_late", 409, "Đã quá muộn"},
    {"expired", 410, "Bản xem trước đã hết hạn hoặc đã dùng"},
    {"too_large", 413, "Nội dung quá dài"},
    {"invalid", 422, "Có chỗ chưa đúng"},
    {"illegal_transition", 422, "Không thể chuyển sang trạng thái này"},
    {"too_many", 429, "Thử quá nhiều lần"},
    {"unavailable", 503, "Máy chủ đang bận"},
}};

const problem_kind& kind_of(std::string_view type)
{
    const auto* const found = std::ranges::find(kinds, type, &problem_kind::type);
    if (found == kinds.end())
        throw std::logic_error("no such problem: " + std::string(type));
    return *found;
}

bool changes_something(std::string_view method)
{
    return method != "GET" && method != "HEAD";
}

// "http://desk.example" for Host "desk.example", either scheme: TLS may end in front of us.
bool is_own_origin(const http::request& asked)
{
    auto origin = asked.field("origin");
    if (origin.starts_with("https://"))
        origin.remove_prefix(8);
    else if (origin.starts_with("http://"))
        origin.remove_prefix(7);
    else
        return false;
    return !origin.empty() && origin == asked.field("host");
}

// Same time wherever they differ.
bool equal(std::string_view left, std::string_view right)
{
    unsigned difference = left.size() == right.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
        difference |= static_cast<unsigned>(static_cast<unsigned char>(left[i])) ^
                      static_cast<unsigned char>(right[i]);
    return difference == 0;
}

std::vector<std::string_view> pieces(std::string_view path)
{
    std::vector<std::string_view> out;
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        out.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return out;
}

bool is_place(std::string_view piece)
{
    return piece.starts_with('{');
}

using path_values = std::map<std::string, std::string, std::less<>>;

std::optional<path_values> match(std::string_view pattern, const std::vector<std::string>& segments)
{
    const auto wanted = pieces(pattern);
    if (wanted.size() != segments.size())
        return std::nullopt;
    path_values out;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (is_place(wanted[i]))
            out.emplace(wanted[i].substr(1, wanted[i].size() - 2), segments[i]);
        else if (wanted[i] != segments[i])
            return std::nullopt;
    }
    return out;
}

json parse_body(const http::request& asked)
{
    if (asked.body.size() > body_bytes)
        throw problem("too_large");
    if (!asked.field("content-type").starts_with("application/json"))
        throw problem("bad_request", "Nội dung phải là JSON.");
    bool too_deep = false;
    const auto shallow = [&too_deep](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > body_depth;
        return !too_deep;
    };
    auto body = json::parse(asked.body, shallow, false);
    if (too_deep || body.is_discarded())
        throw problem("bad_request", "Nội dung không phải là JSON hợp lệ.");
    return body;
}

void check_stage_and_roles(const route& one, const caller& by)
{
    if (one.anonymous)
        return;
    if (by.stage == stage::signed_out)
        throw problem("signed_out", "Xin đăng nhập.");
    if (!one.stages.contains(by.stage))
        throw problem("forbidden", "Xin hoàn tất đăng nhập trước.");
    if (one.roles.empty())
        return;
    const auto held = [&by](app::staff_role role) { return by.who.is(role); };
    if (std::ranges::none_of(one.roles, held))
        throw problem("forbidden");
}

} // namespace

std::string session_cookie_of(const http::request& asked)
{
    auto all = asked.field("cookie");
    while (!all.empty()) {
        const auto end = std::min(all.find(';'), all.size());
        auto one = all.substr(0, end);
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        if (one.starts_with(session_cookie))
            return std::string(one.substr(session_cookie.size()));
        all.remove_prefix(std::min(end + 1, all.size()));
    }
    return {};
}

std::optional<std::string> call::parameter(std::string_view name) const
{
    for (const auto& [key, value] : query)
        if (key == name)
            return value;
    return std::nullopt;
}

std::vector<std::string> call::parameters(std::string_view name) const
{
    std::vector<std::string> out;
    for (const auto& [key, value] : query)
        if (key == name)
            out.push_back(value);
    return out;
}

problem::problem(std::string kind, std::string what_next)
    : std::runtime_error(kind), type(std::move(kind)), detail(std::move(what_next))
{
}

problem invalid(std::string field, std::string title)
{
    problem out("invalid");
    out.more["errors"] = json::array({{{"field", std::move(field)}, {"title", std::move(title)}}});
    return out;
}

http::response answer(unsigned status, const json& body)
{
    http::response out;
    out.status = status;
    out.content_type = "application/json";
    out.fields = {{"Cache-Control", "no-store"}};
    out.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return out;
}

http::response no_content()
{
    http::response out;
    out.status = 204;
    out.fields = {{"Cache-Control", "no-store"}};
    return out;
}

http::response answer(const problem& what)
{
    const auto& kind = kind_of(what.type);
    json body = what.more;
    body["type"] = "urn:motcua:problem:" + what.type;
    body["title"] = kind.title;
    body["status"] = kind.status;
    if (!what.detail.empty())
        body["detail"] = what.detail;
    auto out = answer(kind.status, body);
    out.content_type = "application/problem+json";
    const auto wait = body.find("retry_after_seconds");
    if (wait != body.end())
        out.fields.emplace_back("Retry-After", wait->dump());
    return out;
}

std::string instant(utc_time value)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(value);
    const auto rest = (value - seconds).count();
    const auto whole = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(seconds));
    return rest == 0 ? whole + "Z" : fmt::format("{}.{:03}Z", whole, rest);
}

json optional_instant(std::optional<utc_time> value)
{
    return value ? json(instant(*value)) : json();
}

json optional_text(std::string_view value)
{
    return value.empty() ? json() : json(value);
}

body_reader::body_reader(const json& body) : body_(body)
{
    if (!body.is_object())
        throw problem("bad_request", "Nội dung phải là một đối tượng JSON.");
}

const json* body_reader::take(std::string_view field)
{
    const auto found = body_.find(field);
    taken_.emplace(field);
    return found == body_.end() || found->is_null() ? nullptr : &*found;
}

bool body_reader::has(std::string_view field) const
{
    return body_.contains(field);
}

std::string body_reader::text(std::string_view field, std::size_t least, std::size_t most)
{
    auto given = optional_text(field, most);
    if (!given)
        throw invalid(std::string(field), "Chưa có nội dung");
    if (text::code_points(*given) < least)
        throw invalid(std::string(field), least == 1 ? "Chưa có nội dung" : "Quá ngắn");
    return std::move(*given);
}

std::optional<std::string> body_reader::optional_text(std::string_view field, std::size_t most)
{
    const auto* given = take(field);
    if (given == nullptr)
        return std::nullopt;
    if (!given->is_string())
        throw invalid(std::string(field), "Phải là chữ");
    auto text = text::to_nfc(given->get_ref<const std::string&>());
    if (text::code_points(text) > most)
        throw invalid(std::string(field), fmt::format("Dài quá {} ký tự", most));
    return text;
}

std::int64_t body_reader::integer(std::string_view field, std::int64_t least, std::int64_t most)
{
    const auto* given = take(field);
    // An unsigned number beyond the signed range would wrap.
    if (given == nullptr || !given->is_number_integer() ||
        (given->is_number_unsigned() &&
         given->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)))
        throw invalid(std::string(field), "Phải là số nguyên");
    const auto value = given->get<std::int64_t>();
    if (value < least || value > most)
        throw invalid(std::string(field), fmt::format("Phải từ {} đến {}", least, most));
    return value;
}

bool body_reader::boolean(std::string_view field)
{
    const auto* given = take(field);
    if (given == nullptr || !given->is_boolean())
        throw invalid(std::string(field), "Phải là đúng hoặc sai");
    return given->get<bool>();
}

std::vector<std::string>
body_reader::texts(std::string_view field, std::size_t most_items, std::size_t most, bool required)
{
    const auto* given = take(field);
    if (given == nullptr && !required)
        return {};
    if (given == nullptr || !given->is_array())
        throw invalid(std::string(field), "Phải là một danh sách");
    if (given->size() > most_items)
        throw invalid(std::string(field), fmt::format("Nhiều hơn {} mục", most_items));
    std::vector<std::string> out;
    for (const auto& one : *given) {
        if (!one.is_string())
            throw invalid(std::string(field), "Phải là chữ");
        out.push_back(text::to_nfc(one.get_ref<const std::string&>()));
        if (out.back().empty() || text::code_points(out.back()) > most)
            throw invalid(std::string(field), fmt::format("Mỗi mục từ 1 đến {} ký tự", most));
    }
    return out;
}

const json* body_reader::object(std::string_view field)
{
    const auto* given = take(field);
    if (given != nullptr && !given->is_object())
        throw invalid(std::string(field), "Phải là một đối tượng");
    return given;
}

void body_reader::end() const
{
    for (const auto& [field, value] : body_.items())
        if (!taken_.contains(field))
            throw invalid(field, "Không có mục này");
}

router::router(session_source& sessions, std::function<utc_time()> now)
    : sessions_(sessions), now_(std::move(now))
{
}

void router::add(route one)
{
    routes_.push_back(std::move(one));
}

asio::awaitable<http::response> router::handle(http::request asked) const
{
    const bool head = asked.method == "HEAD";
    std::optional<problem> failed; // no co_await inside a handler of exceptions
    try {
        auto done = co_await handle_checked(std::move(asked));
        if (head)
            done.body.clear();
        co_return done;
    } catch (const problem& thrown) {
        failed = thrown;
    }
    co_return answer(*failed);
}

asio::awaitable<http::response> router::handle_checked(http::request asked) const
{
    const auto target = boost::urls::parse_origin_form(asked.target);
    if (!target || !asked.path().starts_with(root))
        throw problem("not_found");
    std::vector<std::string> segments;
    for (const auto& segment : target->segments())
        segments.emplace_back(segment);
    const auto depth = pieces(root).size();
    if (segments.size() <= depth)
        throw problem("not_found");
    segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(depth));

    const auto method = asked.method == "HEAD" ? std::string("GET") : asked.method;
    const route* chosen = nullptr;
    bool path_known = false;
    call made;
    std::size_t fewest_places = 0;
    for (const auto& one : routes_) {
        auto values = match(one.path, segments);
        if (!values)
            continue;
        path_known = true;
        // "/complaints/export" goes before "/complaints/{code}".
        if (one.method != method || (chosen != nullptr && values->size() >= fewest_places))
            continue;
        chosen = &one;
        fewest_places = values->size();
        made.path = std::move(*values);
    }
    if (chosen == nullptr)
        throw problem(path_known ? "method_not_allowed" : "not_found");
    for (const auto& parameter : target->params())
        made.query.emplace_back(parameter.key, parameter.value);

    if (changes_something(asked.method) && !is_own_origin(asked))
        throw problem("forbidden", "Yêu cầu không đến từ trang của máy chủ này.");
    made.by = co_await sessions_.find(session_cookie_of(asked), asked.peer, chosen->keeps_alive);
    check_stage_and_roles(*chosen, made.by);
    if (changes_something(asked.method) && !chosen->anonymous &&
        !equal(asked.field("x-csrf-token"), made.by.csrf_token))
        throw problem("forbidden", "Mã chống giả mạo không đúng. Xin tải lại trang.");
    if (chosen->takes_body)
        made.body = parse_body(asked);
    made.request = std::move(asked);
    made.now = now_();
    co_return co_await chosen->handle(std::move(made));
}

} // namespace motcua::staff_api
