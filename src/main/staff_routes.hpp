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
};

// The staff listener's routes: GET /healthz, and GET /api/v1/status with the figures an operator
// watches. No personal data.
http::request_handler make_staff_routes(staff_parts parts);

} // namespace motcua
