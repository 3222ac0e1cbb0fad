#pragma once

#include <motcua/adapters/http/server.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/storage.hpp>

#include <functional>
#include <memory>
#include <string>

namespace motcua {

struct landing_parts
{
    app::writer& store;
    std::function<app::content()> current_content; // its plans have the keywords
    std::function<utc_time()> now;
    std::function<std::string()> public_url; // that QR codes lead to
    std::string oa_id;
    // Whether a token is that of a link: called on `workers`. Inventions are turned away without a
    // turn of the writer.
    std::function<bool(const std::string&)> knows_token;
    http::asio::any_io_executor workers;
};

// GET /d/{token}: counts, then leads to the stored target, nowhere else; 404 for an unknown token.
// GET /q/{code}: the landing page of a keyword, counted; no script, nothing from elsewhere.
// GET /q/{code}.png and .svg: the QR code that leads to the page. HEAD counts nothing. Everything
// else goes to `others`.
http::request_handler make_landing_routes(landing_parts parts, http::request_handler others);

} // namespace motcua
