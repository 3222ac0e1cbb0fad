#pragma once

#include "webhook.hpp"

#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>
#include <motcua/app/storage.hpp>

#include <functional>

namespace motcua {

struct staff_parts
{
    app::writer& store;
    const webhook_counters& deliveries;
    std::function<zalo::token_status()> tokens;
    std::function<bool()> ready;
};

// The staff listener's routes: GET /healthz, and GET /api/v1/status with the figures an operator
// watches. No personal data.
http::request_handler make_staff_routes(staff_parts parts);

} // namespace motcua
