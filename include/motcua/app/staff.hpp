#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace motcua::app {

// What an account may do (staff-desk.md section 4).
enum class staff_role : std::uint8_t
{
    viewer,      // figures only
    officer,     // the own unit's cases
    coordinator, // all cases, assignment
    editor,      // content
    admin,       // accounts, units, audit
};
std::string_view name(staff_role value);
std::string_view title(staff_role value); // for staff, as the desk shows it
std::optional<staff_role> staff_role_from(std::string_view name);

// An account as every part of the desk needs it; secrets are elsewhere.
struct staff_member
{
    std::string id;        // letters, digits, hyphen; never given out again
    std::string user_name; // lower case
    std::string name;
    std::string unit; // id; empty = none
    std::set<staff_role> roles;
    bool active = true;

    bool is(staff_role wanted) const { return roles.contains(wanted); }
};

} // namespace motcua::app
