#include <motcua/app/storage.hpp>

namespace motcua::app {

std::string_view name(outbox_state state)
{
    switch (state) {
    case outbox_state::pending:
        return "pending";
    case outbox_state::sending:
        return "sending";
    case outbox_state::sent:
        return "sent";
    case outbox_state::delivered:
        return "delivered";
    case outbox_state::seen:
        return "seen";
    case outbox_state::retry:
        return "retry";
    case outbox_state::unknown:
        return "unknown";
    case outbox_state::waiting:
        return "waiting";
    case outbox_state::dead:
        return "dead";
    }
    return "pending";
}

std::string_view name(attachment_state state)
{
    switch (state) {
    case attachment_state::wanted:
        return "wanted";
    case attachment_state::fetching:
        return "fetching";
    case attachment_state::stored:
        return "stored";
    case attachment_state::failed:
        return "failed";
    case attachment_state::erased:
        return "erased";
    }
    return "wanted";
}

} // namespace motcua::app
