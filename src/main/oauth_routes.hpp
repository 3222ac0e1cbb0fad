#pragma once

#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>

#include <string>

namespace motcua {

// GET /oauth/start?link=… sends whoever has the one-time link (motcua token consent) to the
// platform's consent page; GET /oauth/callback takes what comes back. Everything else goes to
// `others`. Both references must outlive the handler; `callback_url` may still change.
http::request_handler make_oauth_routes(
    zalo::token_keeper& tokens, const std::string& callback_url, http::request_handler others);

} // namespace motcua
