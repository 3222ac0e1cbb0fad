#pragma once

#include <motcua/core/dialogue/step.hpp>

#include <vector>

namespace motcua::dialogue {

// As step(), while the staff has silenced the machine (since `since`): nothing is answered and
// nothing is begun. Each citizen is told once how to reach a person, unless a person answers
// already; whoever asks for one is put into the queue. What the platform tells without expecting an
// answer, and an erasure it asks for, is taken as ever. Conversations go on where they were.
step_outcome silenced_step(
    conversation current,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    utc_time now,
    utc_time since,
    const std::vector<complaints::complaint>& filed = {});

} // namespace motcua::dialogue
