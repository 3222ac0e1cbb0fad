#pragma once

#include <motcua/adapters/http/server.hpp>

#include <string>
#include <vector>

namespace motcua::http {

// Who asks, behind reverse proxies: of the addresses in X-Forwarded-For the last that is no trusted
// proxy; the peer itself unless that is one. Each proxy appends who it was called by, so what
// stands before the first stranger is hearsay.
std::string client_address(const request& asked, const std::vector<std::string>& trusted_proxies);

} // namespace motcua::http
