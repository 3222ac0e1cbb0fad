#include "landing_routes.hpp"

#include "qr_code.hpp"

#include <motcua/core/text/unicode.hpp>
#include <motcua/support/run_on.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace motcua {
namespace {

namespace asio = boost::asio;

constexpr std::size_t code_limit = 40; // bytes of a token or keyword in a path

std::string escaped(std::string_view text)
{
    std::string html;
    for (const char letter : text) {
        if (letter == '&')
            html += "&amp;";
        else if (letter == '<')
            html += "&lt;";
        else if (letter == '"')
            html += "&quot;";
        else
            html += letter;
    }
    return html;
}

http::response not_found()
{
    http::response reply;
    reply.status = 404;
    reply.body = "not found\n";
    return reply;
}

http::response unavailable()
{
    http::response reply;
    reply.status = 503;
    reply.body = "busy\n";
    reply.fields.emplace_back("Retry-After", "5");
    return reply;
}

bool is_plain(std::string_view code)
{
    return !code.empty() && code.size() <= code_limit && std::ranges::all_of(code, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

http::response page(const reach::keyword_match& found, const std::string& oa_id)
{
    const auto& word = *found.keyword;
    http::response reply;
    reply.content_type = "text/html; charset=utf-8";
    reply.body = "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
                 escaped(word.title) + "</title>\n</head>\n<body>\n<h1>" +
                 escaped(found.plan->head.issuer) + "</h1>\n<p>" + escaped(found.activity->name) +
                 "</p>\n<p>Mời anh/chị mở kênh Zalo và nhắn từ khóa:</p>\n<h2>" +
                 escaped(word.code) + "</h2>\n";
    if (!oa_id.empty())
        reply.body += "<p><a rel=\"noreferrer\" href=\"https://zalo.me/" + escaped(oa_id) +
                      "\">Mở kênh Zalo</a></p>\n";
    reply.body += "</body>\n</html>\n";
    reply.fields.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    reply.fields.emplace_back("Cache-Control", "no-store");
    return reply;
}

asio::awaitable<http::response>
open_link(std::shared_ptr<const landing_parts> parts, std::string token, bool counts)
{
    if (!is_plain(token))
        co_return not_found();
    auto look = [parts, token] { return parts->knows_token(token); };
    const bool known = co_await run_on(parts->workers, std::move(look));
    if (!known)
        co_return not_found();
    if (!counts)
        co_return http::response{};
    auto target = std::make_shared<std::optional<std::string>>();
    auto unit = [target, token, now = parts->now()](app::transaction& store) {
        *target = store.reach().open_link(token, now);
    };
    const auto stored = co_await parts->store.commit(std::move(unit));
    if (!stored)
        co_return unavailable();
    if (!target->has_value())
        co_return not_found();
    http::response reply;
    reply.status = 302;
    reply.fields.emplace_back("Location", **target);
    reply.fields.emplace_back("Referrer-Policy", "no-referrer");
    reply.fields.emplace_back("Cache-Control", "no-store");
    co_return reply;
}

asio::awaitable<http::response>
show_keyword(std::shared_ptr<const landing_parts> parts, std::string code, bool counts)
{
    std::string picture;
    for (const std::string ending : {".png", ".svg"}) {
        if (code.ends_with(ending)) {
            picture = ending;
            code.resize(code.size() - ending.size());
        }
    }
    if (!is_plain(code))
        co_return not_found();
    const auto now = parts->now();
    const auto content = parts->current_content();
    const auto found =
        reach::find_keyword(content.knowledge->plans, text::fold(code), vietnam_date(now));
    if (found.keyword == nullptr)
        co_return not_found();
    if (!picture.empty()) {
        const auto link = parts->public_url() + "/q/" + found.keyword->code;
        http::response reply;
        reply.content_type = picture == ".png" ? "image/png" : "image/svg+xml";
        reply.body = picture == ".png" ? qr_png(link) : qr_svg(link);
        reply.fields.emplace_back("Content-Security-Policy", "default-src 'none'");
        co_return reply;
    }
    if (counts) {
        auto unit = [key = activity_key(*found.plan, *found.activity),
                     word = found.keyword->code,
                     now](app::transaction& store) { store.reach().count_scan(key, word, now); };
        const auto stored = co_await parts->store.commit(std::move(unit));
        if (!stored)
            co_return unavailable();
    }
    co_return page(found, parts->oa_id);
}

asio::awaitable<http::response> route(
    std::shared_ptr<const landing_parts> parts,
    std::shared_ptr<const http::request_handler> others,
    http::request asked)
{
    const std::string path(asked.path());
    const bool is_link = path.starts_with("/d/");
    if (!is_link && !path.starts_with("/q/")) {
        auto reply = co_await (*others)(std::move(asked));
        co_return reply;
    }
    if (asked.method != "GET" && asked.method != "HEAD") {
        http::response reply;
        reply.status = 405;
        reply.body = "method not allowed\n";
        reply.fields.emplace_back("Allow", "GET, HEAD");
        co_return reply;
    }
    const bool counts = asked.method == "GET";
    auto code = path.substr(3);
    if (is_link) {
        auto reply = co_await open_link(std::move(parts), std::move(code), counts);
        co_return reply;
    }
    auto reply = co_await show_keyword(std::move(parts), std::move(code), counts);
    co_return reply;
}

} // namespace

http::request_handler make_landing_routes(landing_parts parts, http::request_handler others)
{
    auto known = std::make_shared<const landing_parts>(std::move(parts));
    auto rest = std::make_shared<const http::request_handler>(std::move(others));
    return [known, rest](http::request asked) { return route(known, rest, std::move(asked)); };
}

} // namespace motcua
