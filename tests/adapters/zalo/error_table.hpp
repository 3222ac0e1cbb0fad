#pragma once

#include <motcua/app/platform_errors.hpp>

namespace motcua::zalo {

// As data/zalo_errors.yml has it; that file is tested with the content.
inline app::error_table error_table()
{
    using app::error_action;
    app::error_table out;
    out.by_code = {
        {-32, {"rate limit", error_action::slow_down}},
        {-200, {"send failed", error_action::look}},
        {-201, {"a parameter is invalid", error_action::dead}},
        {-204, {"OA deleted", error_action::stop}},
        {-211, {"quota of the feature used up", error_action::retry_in_an_hour}},
        {-216, {"access token invalid", error_action::refresh_token}},
        {-224, {"OA package too low", error_action::plain_text}},
        {-230, {"no interaction in 7 days", error_action::wait_for_contact}},
        {-234, {"not at night", error_action::by_day}},
        {-235, {"API not for this type of OA", error_action::other_endpoint}},
        {-240, {"v2 message API shut down", error_action::other_endpoint}}};
    return out;
}

} // namespace motcua::zalo
