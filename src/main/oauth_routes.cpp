#include "oauth_routes.hpp"

#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/support/within.hpp>

#include <memory>
#include <utility>

namespace motcua {
namespace {

// Shorter than the listener's own deadline. The exchange goes on without us.
constexpr std::chrono::seconds patience{8};

struct oauth_routes
{
    zalo::token_keeper& tokens;
    const std::string& callback_url;
    http::request_handler others;
};

http::response page(unsigned status, std::string_view title, std::string_view text)
{
    http::response out;
    out.status = status;
    out.content_type = "text/html; charset=utf-8";
    out.fields = {
        {"Cache-Control", "no-store"},
        {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"}};
    out.body = "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
    out.body += title;
    out.body += "</title>\n</head>\n<body>\n<h1>";
    out.body += title;
    out.body += "</h1>\n<p>";
    out.body += text;
    out.body += "</p>\n</body>\n</html>\n";
    return out;
}

// For an attribute; the URL's own escapes leave nothing else to do.
std::string escaped_url(std::string_view url)
{
    std::string out;
    for (const char c : url) {
        if (c == '&')
            out += "&amp;";
        else
            out += c;
    }
    return out;
}

constexpr std::string_view begin_again =
    " Hãy chạy lại lệnh <code>motcua token consent</code> trên máy chủ để lấy liên kết mới.";

http::response start(const oauth_routes& routes, const http::request& asked)
{
    const auto link = zalo::form_value(asked.query(), "link");
    auto target = routes.tokens.begin_consent(link, routes.callback_url);
    if (!target)
        return page(
            403,
            "Liên kết không dùng được",
            "Liên kết sai, đã dùng hoặc đã quá 15 phút." + std::string(begin_again));
    auto out = page(
        303,
        "Chuyển tới Zalo",
        "Nếu trình duyệt không tự chuyển, hãy mở <a href=\"" + escaped_url(*target) +
            "\">trang cấp quyền của Zalo</a>.");
    out.fields.emplace_back("Location", std::move(*target));
    return out;
}

http::response answer_to(const std::optional<zalo::consent_end>& end)
{
    const std::string again(begin_again);
    if (!end)
        return page(
            202,
            "Đang chờ Zalo trả lời",
            "Kết quả sẽ có trong <code>motcua token</code> sau ít phút.");
    switch (*end) {
    case zalo::consent_end::stored:
        return page(
            200, "Đã cấp quyền", "Kênh Zalo đã có khóa truy cập mới. Có thể đóng trang này.");
    case zalo::consent_end::stale:
        return page(
            400,
            "Yêu cầu không còn hiệu lực",
            "Lần cấp quyền này đã dùng hoặc đã quá 15 phút." + again);
    case zalo::consent_end::other_oa:
        return page(
            400,
            "Không đúng Official Account",
            "Quyền vừa cấp thuộc về Official Account khác với cấu hình." + again);
    case zalo::consent_end::refused:
        return page(
            502,
            "Zalo từ chối",
            "Zalo không đổi mã cấp quyền lấy khóa truy cập. Xem lý do bằng <code>motcua "
            "token</code>." +
                again);
    case zalo::consent_end::lost:
        return page(502, "Không nhận được trả lời", "Đường truyền tới Zalo bị ngắt." + again);
    case zalo::consent_end::failed:
        break;
    }
    return page(
        503,
        "Chưa làm được",
        "Máy chủ không ghi được khóa truy cập hoặc không kết nối được tới Zalo. Xem nhật ký." +
            again);
}

http::asio::awaitable<http::response> finish(const oauth_routes& routes, http::request asked)
{
    auto code = zalo::form_value(asked.query(), "code");
    auto state = zalo::form_value(asked.query(), "state");
    auto oa_id = zalo::form_value(asked.query(), "oa_id");
    const auto end = co_await within(
        patience,
        routes.tokens.finish_consent(std::move(code), std::move(state), std::move(oa_id)));
    co_return answer_to(end);
}

http::asio::awaitable<http::response>
route(std::shared_ptr<const oauth_routes> routes, http::request asked)
{
    const bool is_start = asked.path() == "/oauth/start";
    if (!is_start && asked.path() != "/oauth/callback") {
        auto other = co_await routes->others(std::move(asked));
        co_return other;
    }
    if (asked.method != "GET") {
        auto out = page(405, "Không hỗ trợ", "Chỉ nhận GET.");
        out.fields.emplace_back("Allow", "GET");
        co_return out;
    }
    if (is_start)
        co_return start(*routes, asked);
    auto done = co_await finish(*routes, std::move(asked));
    co_return done;
}

} // namespace

http::request_handler make_oauth_routes(
    zalo::token_keeper& tokens, const std::string& callback_url, http::request_handler others)
{
    const auto routes = std::make_shared<const oauth_routes>(
        oauth_routes{.tokens = tokens, .callback_url = callback_url, .others = std::move(others)});
    return [routes](http::request asked) { return route(routes, std::move(asked)); };
}

} // namespace motcua
