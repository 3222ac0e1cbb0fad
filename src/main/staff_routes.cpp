#include "staff_routes.hpp"

#include "token_setup.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace motcua {
namespace {

std::string status(const staff_parts& parts)
{
    const auto& seen = parts.deliveries;
    const nlohmann::json json = {
        {"ready", parts.ready()},
        {"writer", {{"healthy", parts.store.healthy()}, {"waiting", parts.store.waiting()}}},
        {"token", token_json(parts.tokens())},
        {"deliveries",
         {{"stored", seen.stored},
          {"duplicates", seen.duplicates},
          {"stale", seen.stale},
          {"probes", seen.probes},
          {"bad_signatures", seen.bad_signatures},
          {"malformed", seen.malformed},
          {"refused_busy", seen.refused_busy},
          {"signed_with_header_time", seen.signed_with_header_time}}}};
    return json.dump();
}

http::asio::awaitable<http::response> answer(const staff_parts& parts, http::request request)
{
    http::response reply;
    if (request.path() == "/healthz") {
        reply.body = "ok";
    } else if (request.path() == "/api/v1/status") {
        reply.content_type = "application/json";
        reply.fields.emplace_back("Cache-Control", "no-store");
        reply.body = status(parts);
    } else {
        reply.status = 404;
        reply.body = "not found";
        co_return reply;
    }
    if (request.method != "GET" && request.method != "HEAD") {
        reply = {};
        reply.status = 405;
        reply.fields.emplace_back("Allow", "GET, HEAD");
        reply.body = "method not allowed";
    }
    co_return reply;
}

} // namespace

http::request_handler make_staff_routes(staff_parts parts)
{
    const auto kept = std::make_shared<const staff_parts>(std::move(parts));
    return [kept](http::request request) { return answer(*kept, std::move(request)); };
}

} // namespace motcua
