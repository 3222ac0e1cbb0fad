#include "retention_rules.hpp"

namespace motcua {

app::retention_rules retention_rules_of(const configuration& config)
{
    using app::kept_kind;
    const auto& given = config.retention;
    app::retention_rules rules;
    const auto set = [&rules](kept_kind kind, int days) {
        rules.keep.at(static_cast<std::size_t>(kind)) = std::chrono::days(days);
    };
    set(kept_kind::events, given.messages_days);
    set(kept_kind::outgoing, given.messages_days);
    set(kept_kind::conversations, given.conversations_days);
    set(kept_kind::attachments, given.attachments_days);
    set(kept_kind::handovers, given.handovers_days);
    set(kept_kind::unknown, given.unknown_days);
    set(kept_kind::citizens, given.citizens_days);
    return rules;
}

} // namespace motcua
