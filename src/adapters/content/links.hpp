#pragma once

#include <string_view>

namespace motcua::content {

// True for an https link in printable ASCII whose host is a full domain name (RFC 3986, 3.2.2);
// anything else is percent-encoded first.
bool is_https_link(std::string_view text);

} // namespace motcua::content
