#pragma once

#include <optional>
#include <string_view>

namespace motcua::zalo {

// The `error` member of an API answer; empty if the body is none (zalo-oa-protocol 2.7).
std::optional<int> answer_code(std::string_view body);

} // namespace motcua::zalo
