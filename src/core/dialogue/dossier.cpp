#include "composer.hpp"
#include "dossier_talk.hpp"

#include <motcua/core/dialogue/dossier.hpp>

#include <algorithm>

namespace motcua::dialogue {
namespace {

using dossiers::dossier;

choice labelled(const knowledge& known, std::string_view phrase, std::string payload)
{
    return {known.say.say(phrase), std::move(payload)};
}

std::string day_in_words(const knowledge& known, dossiers::local_day day)
{
    return date_in_words(known, utc_time(day) - vietnam_offset);
}

std::string state_key(std::string_view prefix, dossiers::status at)
{
    return std::string(prefix) + std::string(name(at));
}

std::string describe(const knowledge& known, const dossier& what, utc_time now)
{
    const auto day = [&known](const std::optional<dossiers::local_day>& when) {
        return when ? day_in_words(known, *when) : std::string();
    };
    const places_to_fill facts{
        {"code", what.code},
        {"procedure", what.procedure},
        {"unit", what.unit},
        {"status", known.say.say(state_key("hs.status_", what.at))},
        {"received", day(what.received)},
        {"due", day(what.due)},
        {"finished", day(what.finished)},
        {"note", what.note}};
    std::string text;
    const auto line = [&](std::string_view key, bool there = true) {
        if (there)
            text += (text.empty() ? "" : "\n") + fill(known.say.pattern(key), facts);
    };
    const bool over = dossiers::is_final(what.at);
    line("hs.head");
    line("hs.procedure", !what.procedure.empty());
    line("hs.state");
    line("hs.note", !what.note.empty());
    line("hs.received", what.received.has_value());
    line("hs.due", what.due && !over && what.at != dossiers::status::done);
    line("hs.finished", what.finished.has_value());
    line("hs.unit", !what.unit.empty());
    line("hs.late", dossiers::is_late(what, now));
    text += "\n" + fill(known.say.pattern(state_key("hs.next_", what.at)), facts);
    return text;
}

std::vector<choice>
choices_of(const knowledge& known, const dossier& what, bool watched, utc_time now)
{
    std::vector<choice> choices;
    if (watched)
        choices.push_back(labelled(known, "hs.unwatch", "#hs:unwatch:" + what.code));
    else if (!dossiers::is_final(what.at))
        choices.push_back(labelled(known, "hs.watch", "#hs:watch:" + what.code));
    if (dossiers::is_late(what, now))
        choices.push_back(labelled(known, "hs.late_title", "#answer:topic_rights"));
    choices.push_back(labelled(known, "hs.other", "#hs:new"));
    choices.push_back(labelled(known, "agent_title", "#agent"));
    return choices;
}

} // namespace

void reached_dossier(step_outcome& outcome, reach::outcome result)
{
    if (!outcome.reached)
        outcome.reached.emplace();
    outcome.reached->outcome = result;
    outcome.reached->intent = "file_status";
}

void tell_now(step_outcome& outcome, const notice& what)
{
    outcome.messages.push_back(compose(what.text, what.choices));
    outcome.next.choices = what.choices;
}

void ask_dossier_code(step_outcome& outcome, const knowledge& known)
{
    outcome.next.at = stage::awaiting_dossier_code;
    reached_dossier(outcome, reach::outcome::clarified);
    tell_now(
        outcome,
        {known.say.say("hs.ask_code"),
         {labelled(known, "hs.cancel", "#cancel"), labelled(known, "agent_title", "#agent")}});
}

void ask_dossier_proof(step_outcome& outcome, const knowledge& known, const std::string& code)
{
    outcome.next.at = stage::awaiting_dossier_proof;
    outcome.next.dossier = code;
    reached_dossier(outcome, reach::outcome::clarified);
    const bool whole = known.dossiers.proof.is == dossiers::proof_rule::kind::phone;
    tell_now(
        outcome,
        {fill(
             known.say.pattern(whole ? "hs.ask_phone" : "hs.ask_tail"),
             {{"code", code}, {"digits", std::to_string(known.dossiers.proof.digits)}}),
         {labelled(known, "hs.cancel", "#cancel")}});
}

void list_dossiers(
    step_outcome& outcome, const knowledge& known, const std::vector<std::string>& codes)
{
    reached_dossier(outcome, reach::outcome::clarified);
    notice what{known.say.say("hs.list"), {}};
    for (const auto& code : codes)
        what.choices.push_back({code, "#hs:ask:" + code});
    what.choices.push_back(labelled(known, "hs.other", "#hs:new"));
    tell_now(outcome, what);
}

void refuse_more_guesses(step_outcome& outcome, const knowledge& known)
{
    reached_dossier(outcome, reach::outcome::answered);
    tell_now(
        outcome,
        {known.say.say("hs.locked"),
         {labelled(known, "menu_title", "#menu"), labelled(known, "agent_title", "#agent")}});
}

void dossier_not_watched(step_outcome& outcome, const knowledge& known, const std::string& code)
{
    reached_dossier(outcome, reach::outcome::answered);
    tell_now(
        outcome,
        {fill(known.say.pattern("hs.unwatched"), {{"code", code}}),
         {labelled(known, "menu_title", "#menu")}});
}

notice dossier_answer(const knowledge& known, const dossier& what, bool watched, utc_time now)
{
    return {describe(known, what, now), choices_of(known, what, watched, now)};
}

notice dossier_refused(const knowledge& known)
{
    return {
        known.say.say("hs.refused"),
        {labelled(known, "hs.again", "#hs:new"),
         labelled(known, "hs.where", "#centre"),
         labelled(known, "agent_title", "#agent")}};
}

notice dossier_unavailable(const knowledge& known)
{
    return {
        known.say.say("hs.unavailable"),
        {labelled(known, "menu_title", "#menu"), labelled(known, "agent_title", "#agent")}};
}

notice dossier_watched(const knowledge& known, const dossier& what)
{
    return {
        fill(known.say.pattern("hs.watched"), {{"code", what.code}}),
        {labelled(known, "hs.unwatch", "#hs:unwatch:" + what.code),
         labelled(known, "menu_title", "#menu")}};
}

notice dossier_watches_full(const knowledge& known, const std::vector<std::string>& codes)
{
    notice what{known.say.say("hs.watches_full"), {}};
    for (const auto& code : codes)
        what.choices.push_back(
            {fill(known.say.pattern("hs.unwatch_code"), {{"code", code}}), "#hs:unwatch:" + code});
    return what;
}

outgoing_message say_later(conversation& with, const notice& what)
{
    auto message = tell(with, what);
    message.why = purpose::answer;
    return message;
}

outgoing_message
dossier_news(conversation& with, const knowledge& known, const dossier& what, utc_time now)
{
    notice news = dossier_answer(known, what, true, now);
    news.text = fill(known.say.pattern("hs.changed"), {{"code", what.code}}) + "\n" + news.text;
    auto message = tell(with, news);
    message.by_template = template_use{
        "dossier",
        {{"code", what.code}, {"status", known.say.say(state_key("hs.status_", what.at))}}};
    return message;
}

const std::vector<std::string_view>& dossier_keys()
{
    static const std::vector<std::string_view> keys{
        "hs.ask_code",
        "hs.code_unclear",
        "hs.ask_phone",
        "hs.ask_tail",
        "hs.phone_unclear",
        "hs.tail_unclear",
        "hs.cancel",
        "hs.list",
        "hs.locked",
        "hs.refused",
        "hs.again",
        "hs.where",
        "hs.unavailable",
        "hs.other",
        "hs.watch",
        "hs.watched",
        "hs.watches_full",
        "hs.unwatch",
        "hs.unwatch_code",
        "hs.unwatched",
        "hs.changed",
        "hs.late",
        "hs.late_title",
        "hs.head",
        "hs.procedure",
        "hs.state",
        "hs.note",
        "hs.received",
        "hs.due",
        "hs.finished",
        "hs.unit",
        "hs.status_registered",
        "hs.status_accepted",
        "hs.status_refused",
        "hs.status_processing",
        "hs.status_needs_papers",
        "hs.status_needs_payment",
        "hs.status_withdrawn",
        "hs.status_stopped",
        "hs.status_done",
        "hs.status_returned",
        "hs.next_registered",
        "hs.next_accepted",
        "hs.next_refused",
        "hs.next_processing",
        "hs.next_needs_papers",
        "hs.next_needs_payment",
        "hs.next_withdrawn",
        "hs.next_stopped",
        "hs.next_done",
        "hs.next_returned"};
    return keys;
}

} // namespace motcua::dialogue
