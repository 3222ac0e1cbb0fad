#pragma once

#include "accounts.hpp"
#include "report_queue.hpp"
#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>
#include <motcua/app/casework.hpp>

namespace motcua::staff_api {

// Everything behind the handler: parts first, routes last.
class assembly
{
public:
    explicit assembly(staff_api_parts given);
    assembly(const assembly&) = delete;
    assembly& operator=(const assembly&) = delete;

    const router& routes() const { return routes_; }
    accounts& sessions() { return sessions_; }

private:
    const staff_api_parts parts_;
    reading reader_;
    accounts sessions_;
    app::casework casework_;
    report_queue reports_;
    router routes_;
};

} // namespace motcua::staff_api
