#include "demo_accounts.hpp"

#include <motcua/app/staff_administration.hpp>

#include <stdexcept>
#include <string>

namespace motcua {
namespace {

void expect(app::objection why, const std::string& id)
{
    if (why != app::objection::none)
        throw std::runtime_error(
            "demonstration: " + id + ": " + std::string(app::explanation(why)));
}

} // namespace

void add_demo_accounts(
    sqlite::database& store,
    const std::vector<app::unit>& units,
    const std::vector<app::staff_member>& staff,
    staff_api::password_hasher& passwords,
    utc_time now)
{
    if (!store.open_reader()->accounts().all().empty())
        return;
    const auto hash = passwords.hash(std::string(demo_password));
    app::audit_entry act;
    act.at = now;
    act.actor = "system";
    store.run_now([&](app::transaction& to) {
        for (const auto& one : units)
            if (!to.accounts().find_unit(one.id))
                expect(app::add_unit(to, one, act), one.id);
        for (const auto& one : staff) {
            app::account fresh;
            fresh.who = one;
            fresh.password_hash = hash;
            expect(app::add_account(to, fresh, act), one.id);
        }
    });
}

} // namespace motcua
