#pragma once

#include <motcua/core/dialogue/step.hpp>

namespace motcua::dialogue {

// After a turn that heard a text: notes in the outcome what those who widen the content should see
// of it, and in the conversation what its choices were offered for. `before` is the conversation
// before the turn.
void review(
    const conversation& before,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    step_outcome& outcome);

} // namespace motcua::dialogue
