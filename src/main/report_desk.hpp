#pragma once

#include "configuration.hpp"

#include <motcua/app/report_desk.hpp>

#include <functional>
#include <memory>
#include <string>

namespace motcua {

// Reports for the staff's screens, from the database of the configuration, whose folder also takes
// the files while they are made. `public_url`: of the citizens' listener, without a slash at its
// end. Failures are std::runtime_error.
std::shared_ptr<app::report_desk>
make_report_desk(configuration config, std::function<std::string()> public_url);

} // namespace motcua
