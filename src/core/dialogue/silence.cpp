#include <motcua/core/dialogue/silence.hpp>

#include <utility>

namespace motcua::dialogue {
namespace {

// The contact counts, without an answer.
contact unanswered(contact reached)
{
    if (reached.outcome != reach::outcome::handed_over)
        reached.outcome = reach::outcome::silent;
    reached.procedure.clear();
    reached.field.clear();
    reached.aspect.clear();
    reached.procedure_version.clear();
    reached.filing_link.clear();
    return reached;
}

bool wants_no_answer(event_kind kind)
{
    return !opens_window(kind) || kind == event_kind::reaction || kind == event_kind::unfollow ||
           kind == event_kind::withdraw;
}

} // namespace

step_outcome silenced_step(
    conversation current,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    utc_time now,
    utc_time since,
    const std::vector<complaints::complaint>& filed)
{
    end_lapsed_handover(current, now);
    auto would = step(current, event, heard, known, now, filed);
    if (wants_no_answer(event.kind)) {
        would.messages.clear();
        return would;
    }
    step_outcome quiet;
    quiet.forget_event = would.forget_event;
    if (would.reached)
        quiet.reached = unanswered(std::move(*would.reached));
    const bool by_person = attended_by(current, now) == attention::person;
    quiet.next = std::move(current);
    quiet.next.waiting_since = would.next.waiting_since;
    quiet.next.activity = std::move(would.next.activity);
    quiet.next.credited_at = would.next.credited_at;
    if (by_person || quiet.next.silence_told_at >= since)
        return quiet;
    quiet.next.silence_told_at = now;
    outgoing_message notice;
    notice.text = known.say.say("silenced");
    notice.why = purpose::notice; // answers are not sent now
    quiet.messages.push_back(std::move(notice));
    return quiet;
}

} // namespace motcua::dialogue
