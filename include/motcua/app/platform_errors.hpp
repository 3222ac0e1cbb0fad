#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

// What the platform's error codes ask of the sender (zalo-oa-protocol 2.10): data/zalo_errors.yml.
namespace motcua::app {

enum class error_action : std::uint8_t
{
    slow_down,        // a rate limit: pause everything, send again
    retry,            // a passing fault of the platform: send again
    retry_in_an_hour, // a quota that fills up again
    by_day,           // send again at 06:00
    refresh_token,    // once, and send again
    other_endpoint,   // v3 <-> v2, and send again
    plain_text, // the account may not send this kind, or its attachment is gone: words instead
    wait_for_contact, // the window is closed: the citizen's next contact, or a template
    look,             // it may have arrived all the same: unknown, to be settled
    dead,             // this message will never be accepted
    stop,             // no message will, until somebody has done something
};
std::string_view name(error_action action);
std::optional<error_action> error_action_from(std::string_view name);

struct platform_error
{
    std::string meaning; // a few words for logs and operators
    error_action action = error_action::dead;
};

struct error_table
{
    std::map<int, platform_error> by_code;
    error_action otherwise = error_action::dead; // for codes nobody has told us about

    platform_error find(int code) const;
};

} // namespace motcua::app
