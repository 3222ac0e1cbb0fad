#pragma once

#include <string_view>

namespace motcua::staff_api {

// data/api/openapi.yaml as it was when the program was built.
std::string_view contract();

} // namespace motcua::staff_api
