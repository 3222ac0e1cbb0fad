#include "complaint_access.hpp"

#include <utility>

namespace motcua::staff_api {

using app::staff_role;

bool may_see(const caller& by, const complaints::complaint& what, const app::unit_tree& units)
{
    return by.who.is(staff_role::coordinator) ||
           (by.who.is(staff_role::officer) && units.is_within(what.unit, by.who.unit));
}

app::complaint_sight sight_of(const caller& by, const app::unit_tree& units)
{
    app::complaint_sight sight;
    sight.all = by.who.is(staff_role::coordinator);
    if (!sight.all && by.who.is(staff_role::officer))
        sight.units = units.within(by.who.unit);
    return sight;
}

complaints::role role_of(const caller& by)
{
    return by.who.is(staff_role::coordinator) ? complaints::role::coordinator
                                              : complaints::role::officer;
}

app::audit_entry
audit_entry_of(const call& asked, std::string action, std::string subject, std::string detail)
{
    app::audit_entry entry;
    entry.at = asked.now;
    entry.staff_id = asked.by.who.id;
    entry.actor = asked.by.who.user_name;
    entry.action = std::move(action);
    entry.subject = std::move(subject);
    entry.detail = std::move(detail);
    entry.address = asked.request.peer;
    return entry;
}

} // namespace motcua::staff_api
