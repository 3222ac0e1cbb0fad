#include <motcua/app/staff.hpp>

#include <array>
#include <utility>

namespace motcua::app {
namespace {

constexpr std::array<std::pair<staff_role, std::string_view>, 5> role_names{{
    {staff_role::viewer, "viewer"},
    {staff_role::officer, "officer"},
    {staff_role::coordinator, "coordinator"},
    {staff_role::editor, "editor"},
    {staff_role::admin, "admin"},
}};

} // namespace

std::string_view name(staff_role value)
{
    for (const auto& [role, word] : role_names)
        if (role == value)
            return word;
    return "";
}

std::optional<staff_role> staff_role_from(std::string_view name)
{
    for (const auto& [role, word] : role_names)
        if (word == name)
            return role;
    return std::nullopt;
}

} // namespace motcua::app
