#pragma once

#include <motcua/core/dialogue/complaint_notice.hpp>
#include <motcua/core/dialogue/conversation.hpp>
#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/dialogue/step.hpp>
#include <motcua/core/dossiers/dossier.hpp>

#include <optional>
#include <string>
#include <vector>

// What is said about dossiers. Pure.
namespace motcua::dialogue {

// ---- within the turn: messages of its outcome

void ask_dossier_code(step_outcome& outcome, const knowledge& known);
void ask_dossier_proof(step_outcome& outcome, const knowledge& known, const std::string& code);
// Which of them?
void list_dossiers(
    step_outcome& outcome, const knowledge& known, const std::vector<std::string>& codes);
// The proof was wrong too often, or too many ask at once.
void refuse_more_guesses(step_outcome& outcome, const knowledge& known);
void dossier_not_watched(step_outcome& outcome, const knowledge& known, const std::string& code);

void reached_dossier(step_outcome& outcome, reach::outcome result);
void tell_now(step_outcome& outcome, const notice& what);

// ---- later, once the source has answered

// State, dates, what to do next.
notice
dossier_answer(const knowledge& known, const dossiers::dossier& what, bool watched, utc_time now);
// No such code, or another proof: never says which.
notice dossier_refused(const knowledge& known);
notice dossier_unavailable(const knowledge& known);
notice dossier_watched(const knowledge& known, const dossiers::dossier& what);
// The citizen is told of as many as may be.
notice dossier_watches_full(const knowledge& known, const std::vector<std::string>& codes);

// An answer to what was asked a moment ago. Its choices become those of the conversation unless the
// citizen is busy with something else meanwhile.
outgoing_message say_later(conversation& with, const notice& what);
// News nobody asked for just now: waits for the window, or goes by the template "dossier" with the
// values code and status.
outgoing_message dossier_news(
    conversation& with, const knowledge& known, const dossiers::dossier& what, utc_time now);

} // namespace motcua::dialogue
