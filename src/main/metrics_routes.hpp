#pragma once

#include "configuration.hpp"
#include "webhook.hpp"

#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/integrity.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/outbox_sender.hpp>

#include <functional>
#include <map>
#include <string>

namespace motcua {

// The moment a PEM certificate ends; empty for no file. Throws std::runtime_error.
std::optional<utc_time> certificate_end(const std::string& file);

struct metrics_parts
{
    const configuration& config;
    sqlite::database& store;
    const webhook& deliveries;
    const app::handling_metrics& handling;
    const app::outbox_sender& sender;
    std::map<std::string, std::function<const http::server*()>> listeners; // null: not yet there
    std::function<app::content()> current_content;
    std::function<zalo::token_status()> tokens;
    const sqlite::integrity_watch& integrity;
    std::function<bool()> ready;
    std::function<utc_time()> now;
    http::asio::any_io_executor workers; // the store is asked there
};

// GET /metrics of the staff listener in Prometheus' text format; everything else goes to `others`.
// With metrics.token configured whoever brings it may read, from anywhere; without one whoever asks
// from this machine without a proxy. Label values come from closed lists; nothing in them is of a
// citizen or of staff.
http::request_handler make_metrics_routes(metrics_parts parts, http::request_handler others);

} // namespace motcua
