#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/dialogue/complaint_draft.hpp>

namespace motcua::dialogue {

utc_time after_quiet_hours(utc_time when, const complaints::intake_rules& rules)
{
    const auto local = when + vietnam_offset;
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    const auto time = local - midnight;
    const auto morning = utc_time{midnight + rules.quiet_to - vietnam_offset};
    if (rules.quiet_from > rules.quiet_to) { // over midnight
        if (time < rules.quiet_to)
            return morning;
        if (time >= rules.quiet_from)
            return morning + std::chrono::days{1};
    } else if (time >= rules.quiet_from && time < rules.quiet_to) {
        return morning;
    }
    return when;
}

std::optional<utc_time>
draft_due(const complaint_draft& draft, const complaints::intake_rules& rules)
{
    if (draft.at == draft_stage::none)
        return std::nullopt;
    if (!draft.reminded && draft.at != draft_stage::consent)
        return after_quiet_hours(draft.touched_at + rules.remind_after, rules);
    return draft.touched_at + rules.drop_after;
}

} // namespace motcua::dialogue
