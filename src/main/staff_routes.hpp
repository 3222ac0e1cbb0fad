#pragma once

#include "webhook.hpp"

#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>
#include <motcua/app/storage.hpp>

#include <functional>
#include <memory>

namespace motcua {

struct staff_parts
{
    app::writer& store;
    const webhook_counters& deliveries;
    std::function<std::unique_ptr<app::reader>()> open_reader; // called on `workers`
    http::asio::any_io_executor workers;
    std::function<utc_time()> now;
    std::function<zalo::token_status()> tokens;
    std::function<bool()> ready;
    http::request_handler api; // whatever else is below /api/v1
};

// True for what came over the loopback without a proxy.
bool is_from_this_machine(const http::request& request);

// The staff listener's routes: GET /healthz for anybody, the staff API, and GET /api/v1/status with
// the figures an operator watches. The status needs no session, because it must tell when nobody
// can sign in: it holds no personal data and is told to the machine itself only, not to what comes
// through a proxy.
http::request_handler make_staff_routes(staff_parts parts);

} // namespace motcua
