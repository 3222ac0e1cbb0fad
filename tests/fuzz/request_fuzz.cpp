#include <adapters/http/message.hpp>
#include <adapters/staff_api/complaint_filter.hpp>
#include <adapters/staff_api/router.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fuzz/targets.hpp>
#include <motcua/adapters/http/public_routes.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace motcua::fuzz {

namespace asio = boost::asio;

namespace {

const std::vector<std::string> single_fields{"x-zevent-signature", "x-zevent-timestamp"};

// What the listener makes of bytes that come in one piece.
std::optional<http::request> parsed(std::string_view bytes)
{
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto header = bytes.substr(0, end + 4);
    const http::limits bounds;
    if (http::guard_header(header, bounds, single_fields))
        return std::nullopt;
    http::request into;
    http::message_parser parser(into, bounds.body_bytes);
    boost::beast::error_code error;
    auto used = parser.put(asio::buffer(header), error);
    if (error || used != header.size())
        return std::nullopt;
    parser.eager(true);
    for (auto rest = bytes.substr(used); !parser.is_done() && !rest.empty();) {
        used = parser.put(asio::buffer(rest), error);
        rest.remove_prefix(used);
        if (error || used == 0)
            return std::nullopt;
    }
    if (!parser.is_done())
        return std::nullopt;
    expect(into.body.size() <= bounds.body_bytes && into.fields.size() <= bounds.header_fields);
    into.peer = "192.0.2.1";
    return into;
}

template <class Handle>
asio::awaitable<void>
answer_into(std::optional<http::response>& reply, Handle handle, http::request asked)
{
    // clang-tidy 14 sees the operand of co_await twice.
    reply = co_await handle(std::move(asked)); // NOLINT(bugprone-use-after-move)
}

template <class Handle>
http::response answered(Handle handle, http::request asked)
{
    std::optional<http::response> reply;
    asio::io_context context(1);
    std::exception_ptr failure;
    asio::co_spawn(
        context,
        answer_into(reply, std::move(handle), std::move(asked)),
        [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
    context.run();
    if (failure)
        std::rethrow_exception(failure); // would be answered 500: a bug
    expect(reply.has_value());
    std::string wire;
    http::append_response(
        wire,
        *reply,
        http::body_use::send,
        "Sun, 22 Nov 2026 00:00:00 GMT",
        http::connection_after::close);
    return *reply;
}

class everybody final : public staff_api::session_source
{
public:
    asio::awaitable<staff_api::caller> find(std::string cookie, std::string, bool) override
    {
        staff_api::caller by;
        by.stage = cookie.empty() ? staff_api::stage::signed_out : staff_api::stage::active;
        by.who.roles = {app::staff_role::coordinator};
        by.csrf_token = "token";
        co_return by;
    }
};

asio::awaitable<http::response> list(staff_api::call asked)
{
    const complaints::rules rules;
    const auto filter = staff_api::filter_of(asked, rules, {.all = true}, asked.now);
    static_cast<void>(staff_api::order_of(asked));
    static_cast<void>(staff_api::page_of(asked));
    const auto noted = staff_api::filter_for_audit(asked);
    static_cast<void>(filter);
    co_return staff_api::answer(200, {{"filter", noted}});
}

asio::awaitable<http::response> change(staff_api::call asked)
{
    staff_api::body_reader body(asked.body);
    body.text("note", 1, 100);
    body.integer("version", 0, 1000);
    body.texts("labels", 5, 20, false);
    body.end();
    co_return staff_api::no_content();
}

} // namespace

void guard(std::string_view bytes)
{
    const http::limits bounds;
    if (http::guard_header(bytes, bounds, single_fields))
        return;
    expect(bytes.size() <= bounds.header_bytes && bytes.ends_with("\r\n\r\n"));
    expect(bytes.find('\0') == std::string_view::npos);
    expect(std::ranges::count(bytes, '\n') == std::ranges::count(bytes, '\r'));
    for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1))
        expect(at > 0 && bytes[at - 1] == '\r');
    http::request into;
    http::message_parser parser(into, bounds.body_bytes);
    boost::beast::error_code error;
    const auto used = parser.put(asio::buffer(bytes), error);
    expect(used <= bytes.size());
}

void public_request(std::string_view bytes)
{
    auto asked = parsed(bytes);
    if (!asked)
        return;
    static const auto routes = http::make_public_routes(
        {.webhook = [](http::request) -> asio::awaitable<http::webhook_verdict> {
             co_return http::webhook_verdict::bad_signature;
         },
         .ready = [] { return true; },
         .verifier_token = "abc",
         .organisation = "Một Cửa"});
    const auto reply = answered(routes, std::move(*asked));
    expect(reply.status >= 200 && reply.status < 500);
}

void staff_request(std::string_view bytes)
{
    auto asked = parsed(bytes);
    if (!asked)
        return;
    static everybody sessions;
    static const auto routes = [] {
        staff_api::router made(sessions, [] { return utc_time(); });
        made.add({.method = "GET", .path = "/complaints", .handle = list});
        made.add(
            {.method = "POST", .path = "/complaints/{code}", .takes_body = true, .handle = change});
        return made;
    }();
    const bool with_token = asked->field("x-csrf-token") == "token";
    const bool with_cookie = !staff_api::session_cookie_of(*asked).empty();
    const bool changes = asked->method == "POST";
    auto handle = [](http::request one) { return routes.handle(std::move(one)); };
    const auto reply = answered(handle, std::move(*asked));
    expect(reply.status >= 200 && reply.status < 500);
    expect(reply.status >= 300 || with_cookie);
    expect(reply.status >= 300 || !changes || with_token);
}

} // namespace motcua::fuzz
