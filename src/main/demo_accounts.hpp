#pragma once

#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/staff_api/passwords.hpp>
#include <motcua/app/accounts.hpp>

#include <string_view>
#include <vector>

namespace motcua {

// Of every account of a demonstration. No secret protects anything there.
inline constexpr std::string_view demo_password = "motcua-trinh-dien";

// Adds the units and accounts if the database has no account yet; parents before their children.
// They sign in with demo_password, at once.
void add_demo_accounts(
    sqlite::database& store,
    const std::vector<app::unit>& units,
    const std::vector<app::staff_member>& staff,
    staff_api::password_hasher& passwords,
    utc_time now);

} // namespace motcua
