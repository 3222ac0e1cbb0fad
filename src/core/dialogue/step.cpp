#include "review.hpp"
#include "turn.hpp"

#include <motcua/core/dialogue/payload.hpp>
#include <motcua/core/dialogue/step.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>

namespace motcua::dialogue {
namespace {

bool is_decoration(const attachment& one)
{
    return one.type == "sticker" || one.type == "gif";
}

void hear_media(turn& now_turn, const inbound_event& event)
{
    now_turn.reached(reach::contact_kind::media, reach::outcome::silent);
    if (now_turn.take_media())
        return;
    if (std::ranges::all_of(event.attachments, is_decoration) && event.text.empty())
        return;
    now_turn.hear_media();
}

// A contact's name comes as the text of the card (zalo-oa-protocol 1.3).
bool has_caption(const inbound_event& event)
{
    return event.kind == event_kind::media && !event.text.empty() &&
           event.event_name != "user_send_business_card";
}

void hear(turn& now_turn, const inbound_event& event)
{
    using reach::contact_kind;
    using reach::outcome;
    switch (event.kind) {
    case event_kind::text:
        return now_turn.hear_text();
    case event_kind::media:
        return hear_media(now_turn, event);
    case event_kind::location:
        if (now_turn.take_location())
            return;
        return now_turn.hear_location();
    case event_kind::follow:
        return now_turn.welcome(contact_kind::follow);
    case event_kind::click_chat_now:
        return now_turn.welcome(contact_kind::other);
    case event_kind::unfollow:
        return now_turn.reached(contact_kind::unfollow, outcome::silent);
    case event_kind::reaction:
        return now_turn.keep_feedback();
    case event_kind::submit_info:
        return now_turn.take_info();
    case event_kind::withdraw:
        return now_turn.erase_quietly();
    case event_kind::echo:
        if (!event.admin_id.empty())
            now_turn.give_way_to_person();
        return;
    case event_kind::received:
    case event_kind::seen:
    case event_kind::other:
    case event_kind::unknown:
        return;
    }
}

} // namespace

bool needs_understanding(const inbound_event& event)
{
    return (event.kind == event_kind::text && !parse_payload(event.text)) || has_caption(event);
}

step_outcome step(
    conversation current,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    utc_time now,
    const std::vector<complaints::complaint>& filed)
{
    const bool is_text = event.kind == event_kind::text;
    const auto before = is_text ? current : conversation{};
    turn this_turn(std::move(current), event, heard, known, now, filed);
    hear(this_turn, event);
    auto outcome = std::move(this_turn).end();
    if (is_text)
        review(before, event, heard, known, outcome);
    if (outcome.unknown)
        outcome.unknown->at = now;
    return outcome;
}

} // namespace motcua::dialogue
