#include "dossier_talk.hpp"

#include <motcua/core/dialogue/dossier.hpp>
#include <motcua/core/text/slots.hpp>

#include <algorithm>
#include <array>

namespace motcua::dialogue {
namespace {

using kind = dossier_wish::kind;
using understand::decision;

// So long after a dossier was shown, "bao giờ xong?" is about it.
constexpr std::chrono::minutes talked_about_for{15};

bool has_phone(std::string_view nfc)
{
    const auto slots = text::find_slots(nfc);
    return std::ranges::any_of(
        slots, [](const text::slot& one) { return one.kind == text::slot_kind::phone; });
}

} // namespace

dossier_talk::dossier_talk(
    step_outcome& outcome,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    utc_time now)
    : outcome_(outcome), event_(event), heard_(heard), known_(known), now_(now)
{
}

bool dossier_talk::hear_text()
{
    if (!known_.dossiers.connected)
        return false;
    if (outcome_.next.at == stage::awaiting_dossier_code)
        return hear_awaited_code();
    if (outcome_.next.at == stage::awaiting_dossier_proof)
        return hear_awaited_proof();
    return false;
}

bool dossier_talk::hear_awaited_code()
{
    const auto code = dossiers::find_code(event_.text, true);
    outcome_.next.at = stage::idle;
    if (!code.empty()) {
        ask_about(code);
        return true;
    }
    if (asks_something_else())
        return false;
    outcome_.next.at = stage::awaiting_dossier_code;
    say_again("hs.code_unclear");
    return true;
}

bool dossier_talk::hear_awaited_proof()
{
    const auto awaited = outcome_.next.dossier;
    outcome_.next.at = stage::idle;
    const auto code = dossiers::find_code(event_.text, false);
    if (!code.empty() && code != awaited) {
        ask_about(code);
        return true;
    }
    auto proof = dossiers::typed_proof(event_.text, known_.dossiers.proof);
    if (!proof.empty()) {
        prove(awaited, std::move(proof));
        return true;
    }
    if (asks_something_else())
        return false;
    outcome_.next.at = stage::awaiting_dossier_proof;
    outcome_.forget_event = true; // may hold a telephone number all the same
    say_again(
        known_.dossiers.proof.is == dossiers::proof_rule::kind::phone ? "hs.phone_unclear"
                                                                      : "hs.tail_unclear");
    return true;
}

bool dossier_talk::asks_something_else() const
{
    if (heard_.intents.empty())
        return false;
    const auto& intent = heard_.intents.front().intent;
    if (intent == "emergency" && heard_.intent_verdict != decision::none)
        return true;
    const bool sure = heard_.intent_verdict == decision::answer && intent != "file_status" &&
                      intent != understand::out_of_scope && intent != "affirm";
    return sure || heard_.procedures.verdict == decision::answer;
}

bool dossier_talk::hear_code()
{
    if (!known_.dossiers.connected)
        return false;
    const auto code = dossiers::find_code(event_.text, false);
    if (code.empty())
        return false;
    outcome_.reached->intent = "file_status";
    ask_about(code);
    return true;
}

bool dossier_talk::hear_follow_up()
{
    constexpr std::array<std::string_view, 3> about_it{"file_status", "processing_time", "result"};
    const auto& proven = outcome_.next.proven;
    const bool talked_about =
        known_.dossiers.connected && !proven.code.empty() && now_ - proven.at < talked_about_for;
    if (!talked_about || heard_.intents.empty() || heard_.procedures.verdict == decision::answer ||
        heard_.intent_verdict == decision::none)
        return false;
    if (std::ranges::find(about_it, heard_.intents.front().intent) == about_it.end())
        return false;
    ask_about(proven.code);
    return true;
}

bool dossier_talk::answer(std::string_view intent)
{
    if (intent != "file_status" || !known_.dossiers.connected)
        return false;
    outcome_.next.failures = 0;
    const auto& proven = outcome_.next.proven;
    const bool tapped = event_.text.starts_with('#');
    if (!tapped && !proven.code.empty() && now_ - proven.at < dossier_remembered)
        ask_about(proven.code);
    else
        wish(kind::mine);
    return true;
}

void dossier_talk::act(std::string_view wanted)
{
    if (!known_.dossiers.connected) {
        reached_dossier(outcome_, reach::outcome::menu);
        return tell_now(outcome_, dossier_unavailable(known_));
    }
    const auto colon = std::min(wanted.find(':'), wanted.size());
    const auto verb = wanted.substr(0, colon);
    const auto code = dossiers::canonical_code(wanted.substr(std::min(colon + 1, wanted.size())));
    if (verb == "ask" && !code.empty())
        return ask_about(code);
    if (verb == "watch" && !code.empty())
        return wish(kind::watch, code);
    if (verb == "unwatch" && !code.empty())
        return wish(kind::unwatch, code);
    if (verb == "mine")
        return wish(kind::mine);
    ask_dossier_code(outcome_, known_);
}

// With the proof if the same message has it.
void dossier_talk::ask_about(const std::string& code)
{
    const bool national = !dossiers::find_code(event_.text, false).empty();
    if (!event_.text.starts_with('#') && (national || has_phone(event_.text))) {
        auto proof = dossiers::typed_proof(event_.text, known_.dossiers.proof);
        if (!proof.empty())
            return prove(code, std::move(proof));
    }
    wish(kind::ask, code);
}

void dossier_talk::prove(const std::string& code, std::string proof)
{
    wish(kind::prove, code);
    outcome_.dossier->proof = std::move(proof);
    outcome_.forget_event = true; // the second proof is kept nowhere
}

void dossier_talk::wish(kind what, const std::string& code)
{
    outcome_.next.failures = 0;
    outcome_.next.choices.clear();
    reached_dossier(outcome_, reach::outcome::answered);
    outcome_.dossier = dossier_wish{.what = what, .code = code, .proof = {}};
}

void dossier_talk::say_again(std::string_view phrase)
{
    reached_dossier(outcome_, reach::outcome::clarified);
    const auto digits = std::to_string(known_.dossiers.proof.digits);
    tell_now(
        outcome_,
        {fill(known_.say.pattern(phrase), {{"digits", digits}}),
         {{known_.say.say("hs.cancel"), "#cancel"}, {known_.say.say("agent_title"), "#agent"}}});
}

} // namespace motcua::dialogue
