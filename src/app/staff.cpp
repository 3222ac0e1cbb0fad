#include <motcua/app/accounts.hpp>

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

constexpr std::array<std::pair<session_stage, std::string_view>, 5> stage_names{{
    {session_stage::signed_out, "signed_out"},
    {session_stage::totp, "totp"},
    {session_stage::password_change, "password_change"},
    {session_stage::totp_enrolment, "totp_enrolment"},
    {session_stage::active, "active"},
}};

} // namespace

std::string_view name(session_stage value)
{
    for (const auto& [stage, word] : stage_names)
        if (stage == value)
            return word;
    return "";
}

std::optional<session_stage> session_stage_from(std::string_view name)
{
    for (const auto& [stage, word] : stage_names)
        if (word == name)
            return stage;
    return std::nullopt;
}

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
