#include <motcua/app/accounts.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace motcua::app {
namespace {

struct role_words
{
    staff_role role;
    std::string_view name;
    std::string_view title;
};
constexpr std::array<role_words, 5> all_roles{{
    {staff_role::viewer, "viewer", "Xem số liệu"},
    {staff_role::officer, "officer", "Cán bộ xử lý"},
    {staff_role::coordinator, "coordinator", "Điều phối"},
    {staff_role::editor, "editor", "Biên tập nội dung"},
    {staff_role::admin, "admin", "Quản trị"},
}};

const role_words& words_of(staff_role value)
{
    return all_roles.at(static_cast<std::size_t>(value));
}
static_assert(
    std::ranges::is_sorted(all_roles, {}, &role_words::role) &&
    all_roles.back().role == staff_role::admin);

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
    return words_of(value).name;
}

std::string_view title(staff_role value)
{
    return words_of(value).title;
}

std::optional<staff_role> staff_role_from(std::string_view name)
{
    const auto* const found = std::ranges::find(all_roles, name, &role_words::name);
    return found == all_roles.end() ? std::nullopt : std::optional(found->role);
}

} // namespace motcua::app
