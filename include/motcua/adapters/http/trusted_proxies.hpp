#pragma once

#include <motcua/adapters/http/server.hpp>

#include <string>
#include <vector>

namespace motcua::http {

// Requests from one of these addresses get the client the proxy names as their peer: the last entry
// of X-Forwarded-For. Whoever else sends the field is not believed. Without it the proxy's own
// address stands for everybody behind it, in the audit and where guessing is slowed down.
request_handler behind_proxies(std::vector<std::string> trusted, request_handler handler);

} // namespace motcua::http
