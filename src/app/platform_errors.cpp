#include <motcua/app/platform_errors.hpp>

#include <array>
#include <utility>

namespace motcua::app {
namespace {

constexpr std::array<std::string_view, 11> names{
    "slow_down",
    "retry",
    "retry_in_an_hour",
    "by_day",
    "refresh_token",
    "other_endpoint",
    "plain_text",
    "wait_for_contact",
    "look",
    "dead",
    "stop"};

} // namespace

std::string_view name(error_action action)
{
    return names.at(static_cast<std::size_t>(action));
}

std::optional<error_action> error_action_from(std::string_view name)
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names.at(i) == name)
            return static_cast<error_action>(i);
    }
    return std::nullopt;
}

platform_error error_table::find(int code) const
{
    const auto found = by_code.find(code);
    if (found != by_code.end())
        return found->second;
    return {"unknown error code", otherwise};
}

} // namespace motcua::app
