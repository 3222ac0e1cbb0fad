#include <motcua/core/dialogue/conversation.hpp>
#include <motcua/core/dialogue/inbound.hpp>

namespace motcua::dialogue {

std::string_view name(event_kind kind)
{
    switch (kind) {
    case event_kind::text:
        return "text";
    case event_kind::media:
        return "media";
    case event_kind::location:
        return "location";
    case event_kind::received:
        return "received";
    case event_kind::seen:
        return "seen";
    case event_kind::reaction:
        return "reaction";
    case event_kind::follow:
        return "follow";
    case event_kind::unfollow:
        return "unfollow";
    case event_kind::click_chat_now:
        return "click_chat_now";
    case event_kind::submit_info:
        return "submit_info";
    case event_kind::withdraw:
        return "withdraw";
    case event_kind::echo:
        return "echo";
    case event_kind::other:
        return "other";
    case event_kind::unknown:
        return "unknown";
    }
    return "unknown";
}

bool opens_window(event_kind kind)
{
    using enum event_kind;
    return kind == text || kind == media || kind == location || kind == follow ||
           kind == click_chat_now || kind == submit_info;
}

std::string_view name(stage value)
{
    switch (value) {
    case stage::idle:
        return "idle";
    case stage::awaiting_procedure:
        return "awaiting_procedure";
    case stage::awaiting_commune:
        return "awaiting_commune";
    case stage::confirming_erasure:
        return "confirming_erasure";
    case stage::awaiting_dossier_code:
        return "awaiting_dossier_code";
    case stage::awaiting_dossier_proof:
        return "awaiting_dossier_proof";
    }
    return "idle";
}

} // namespace motcua::dialogue
