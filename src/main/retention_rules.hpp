#pragma once

#include "configuration.hpp"

#include <motcua/app/retention.hpp>

namespace motcua {

app::retention_rules retention_rules_of(const configuration& config);

} // namespace motcua
