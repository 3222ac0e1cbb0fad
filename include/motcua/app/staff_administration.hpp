#pragma once

#include <motcua/app/accounts.hpp>
#include <motcua/app/audit.hpp>
#include <motcua/app/storage.hpp>

#include <cstdint>
#include <string>
#include <string_view>

// What administrators do to accounts and units, on the desk and on the command line: the rules,
// and the audit that goes with each act. All run inside one unit of work; with an objection nothing
// is done. `act` says who does it; action, subject and detail are filled in here.
namespace motcua::app {

enum class objection : std::uint8_t
{
    none,
    not_found,
    stale, // somebody else was quicker
    bad_user_name,
    user_name_taken,
    too_many, // staff_limit or unit_limit
    no_role,
    officer_without_unit, // officers see the cases of their unit
    unknown_unit,
    closed_unit,
    last_admin, // somebody must be able to let others in
    unit_circle,
    unit_in_use,
};
// In Vietnamese, fit for people.
std::string_view explanation(objection why);

inline constexpr std::size_t staff_limit = 2000;
inline constexpr std::size_t unit_limit = 2000;

// ^[a-z0-9][a-z0-9._-]{1,63}$
bool is_user_name(std::string_view text);

// `fresh` has an id, a hash and no version yet.
objection add_account(transaction& store, const account& fresh, audit_entry act);
// Name, unit, roles, active. Sessions end if the account is disabled or its roles or unit change.
objection change_account(
    transaction& store, const staff_member& wanted, std::int64_t expected_version, audit_entry act);
// A password to be changed at the next sign-in; all sessions end.
objection
reset_password(transaction& store, std::string_view staff_id, std::string hash, audit_entry act);
// Forgets the authenticator; all sessions end.
objection reset_totp(transaction& store, std::string_view staff_id, audit_entry act);

objection add_unit(transaction& store, const unit& fresh, audit_entry act);
// `wanted.version` is the one it was made from.
objection change_unit(transaction& store, const unit& wanted, audit_entry act);
// Only what nobody and nothing belongs to.
objection remove_unit(transaction& store, std::string_view id, audit_entry act);

} // namespace motcua::app
