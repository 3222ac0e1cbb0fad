#include <motcua/adapters/http/public_routes.hpp>

#include <memory>

namespace motcua::http {

namespace {

constexpr std::string_view webhook_path = "/webhook/zalo";
constexpr std::string_view allowed_to_read = "GET, HEAD";
constexpr std::string_view allowed_to_post = "GET, HEAD, POST";

struct routes
{
    public_parts parts;
    std::string verifier_path; // empty without a token
    std::string home_page;
    std::string verifier_page;
};

std::string escaped(std::string_view text)
{
    std::string html;
    for (const char character : text) {
        switch (character) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        case '\'':
            html += "&#39;";
            break;
        default:
            html += character;
        }
    }
    return html;
}

// The tag of domain verification: zalo-oa-protocol 1.7.
std::string page(std::string_view organisation, std::string_view token, std::string_view text)
{
    std::string html = "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n";
    if (!token.empty())
        html += "<meta name=\"zalo-platform-site-verification\" content=\"" + escaped(token) +
                "\" />\n";
    html += "<title>" + escaped(organisation) + "</title>\n</head>\n<body>\n";
    html += "<h1>" + escaped(organisation) + "</h1>\n";
    if (!text.empty())
        html += "<p>" + escaped(text) + "</p>\n";
    html += "</body>\n</html>\n";
    return html;
}

response plain(unsigned status, std::string_view text)
{
    response reply;
    reply.status = status;
    reply.body = text;
    return reply;
}

response html(std::string_view text)
{
    response reply;
    reply.content_type = "text/html; charset=utf-8";
    reply.body = text;
    // These pages load nothing.
    reply.fields.emplace_back("Content-Security-Policy", "default-src 'none'");
    return reply;
}

response not_allowed(std::string_view allowed)
{
    response reply = plain(405, "method not allowed\n");
    reply.fields.emplace_back("Allow", allowed);
    return reply;
}

response answer_to(webhook_verdict verdict)
{
    switch (verdict) {
    case webhook_verdict::accepted:
        return plain(200, "ok\n");
    case webhook_verdict::bad_signature:
        return plain(401, "bad signature\n");
    case webhook_verdict::malformed:
        return plain(400, "malformed event\n");
    case webhook_verdict::busy:
        break;
    }
    response reply = plain(503, "busy\n");
    reply.fields.emplace_back("Retry-After", "5");
    return reply;
}

// The pages that are only read.
response read(const routes& known, std::string_view path, bool is_reading)
{
    const bool is_verifier = !known.verifier_path.empty() && path == known.verifier_path;
    if (path != "/" && path != "/healthz" && path != "/readyz" && !is_verifier)
        return plain(404, "not found\n");
    if (!is_reading)
        return not_allowed(allowed_to_read);
    if (path == "/")
        return html(known.home_page);
    if (is_verifier)
        return html(known.verifier_page);
    if (path == "/healthz")
        return plain(200, "ok\n" + known.parts.health_note);
    return known.parts.ready() ? plain(200, "ready\n") : plain(503, "not ready\n");
}

asio::awaitable<response> route(std::shared_ptr<const routes> known, request asked)
{
    const bool is_reading = asked.method == "GET" || asked.method == "HEAD";
    if (asked.path() != webhook_path)
        co_return read(*known, asked.path(), is_reading);
    if (is_reading) // the platform may look (zalo-oa-protocol 1.6)
        co_return plain(200, "ok\n");
    if (asked.method != "POST")
        co_return not_allowed(allowed_to_post);
    const webhook_verdict verdict = co_await known->parts.webhook(std::move(asked));
    co_return answer_to(verdict);
}

} // namespace

request_handler make_public_routes(public_parts parts)
{
    auto known = std::make_shared<routes>();
    const auto& token = parts.verifier_token;
    known->home_page = page(
        parts.organisation, token, "Kênh Zalo hỗ trợ thủ tục hành chính và tiếp nhận phản ánh.");
    if (!token.empty()) {
        known->verifier_path = "/zalo_verifier" + token + ".html";
        known->verifier_page = page(parts.organisation, token, "");
    }
    known->parts = std::move(parts);
    return [known = std::shared_ptr<const routes>(std::move(known))](request asked) {
        return route(known, std::move(asked));
    };
}

} // namespace motcua::http
