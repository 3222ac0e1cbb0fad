#pragma once

#include <motcua/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What has become of a message to a citizen, in the terms of the staff. Pure.
namespace motcua::app {

enum class outbox_state : std::uint8_t;

// When a message may be sent.
enum class sending : std::uint8_t
{
    at_once,
    after_contact, // once the citizen has written again
};
std::string_view name(sending value);

// What has become of a reply that was held.
enum class reply_state : std::uint8_t
{
    held,  // can be undone
    given, // to the outbox
    stale, // its transition was no longer legal when its time came: nothing was sent
};
std::string_view name(reply_state value);

enum class delivery : std::uint8_t
{
    held,
    waiting_contact, // until the citizen writes
    queued,          // in the outbox
    sent,            // taken by the platform
    seen,
    failed,
};
std::string_view name(delivery value);

enum class failure : std::uint8_t
{
    window_closed,
    unfollowed,
    blocked,
    quota,
    stale,
    platform,
    unknown_outcome,
};
std::string_view name(failure value);

struct delivery_mark
{
    delivery is = delivery::queued;
    std::optional<failure> why;         // of failed
    std::string title;                  // of failed: Vietnamese
    bool resendable = false;            // of failed
    std::optional<utc_time> undo_until; // of held
};

// Of a message that was never given to the outbox.
delivery_mark mark_of_reply(reply_state state, utc_time undo_until);
// Of a row of the outbox; `reason` is its settlement's. `erased`: its citizen is.
delivery_mark mark_of_row(outbox_state state, std::string_view reason, bool erased);

} // namespace motcua::app
