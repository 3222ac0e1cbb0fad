#pragma once

#include <motcua/adapters/http/server.hpp>

#include <functional>
#include <string>

// The public listener's routes (design.md section 5): the webhook, domain verification, health.
namespace motcua::http {

// What the webhook decided; the route turns it into a status.
enum class webhook_verdict
{
    accepted,
    bad_signature,
    malformed,
    busy
};

struct public_parts
{
    // Checks, decodes, stores and acts on one delivery. Values only, so that http knows no other
    // adapter.
    std::function<asio::awaitable<webhook_verdict>(request)> webhook;
    std::function<bool()> ready; // /readyz: 200 or 503
    std::string health_note{};   // further lines of /healthz; empty as a rule
    std::string
        verifier_token;       // of Zalo's domain verification; empty = no tag, and 404 for the file
    std::string organisation; // shown on "/"
};

// POST /webhook/zalo (GET answers 200 with any text: zalo-oa-protocol 1.6), GET
// /zalo_verifier<token>.html, GET /, GET /healthz, GET /readyz; HEAD where GET. Everything else
// 404, a known path with another method 405 with Allow.
request_handler make_public_routes(public_parts parts);

} // namespace motcua::http
