#include "review.hpp"

#include <algorithm>

namespace motcua::dialogue {
namespace {

bool offers(const std::vector<choice>& choices, const std::string& title)
{
    return std::ranges::find(choices, title, &choice::title) != choices.end();
}

std::vector<std::string> nearest_codes(const understand::understood& heard)
{
    std::vector<std::string> codes;
    for (const auto& hit : heard.procedures.hits)
        if (codes.size() < unknown_nearest_limit)
            codes.push_back(hit.code);
    return codes;
}

// Of the procedures offered; after an answer, the one answered comes first.
std::vector<std::string> offered_codes(const conversation& before)
{
    std::vector<std::string> codes;
    const auto add = [&codes](const std::string& code) {
        if (codes.size() < unknown_nearest_limit && std::ranges::find(codes, code) == codes.end())
            codes.push_back(code);
    };
    for (const auto& one : before.choices) {
        const auto leads = parse_payload(one.payload);
        if (leads && leads->what == action::procedure)
            add(leads->target);
    }
    for (const auto& code : before.alternatives)
        add(code);
    return codes;
}

// What the citizen did with the choices offered for `before.asked`.
std::optional<unknown_message>
choice_made(const conversation& before, const knowledge& known, const payload& taken)
{
    const auto found = std::ranges::find_if(before.choices, [&taken](const choice& one) {
        return parse_payload(one.payload) == taken;
    });
    if (before.asked.empty() || found == before.choices.end())
        return std::nullopt;
    unknown_message row{
        .at = {}, .text = before.asked, .nearest = offered_codes(before), .chosen = {}};
    if (found->title == known.say.say("not_this")) {
        row.kind = unknown_kind::wrong_answer;
        return row;
    }
    if (!offers(before.choices, known.say.say("none_of_these")))
        return std::nullopt; // goes on with the answer
    row.kind = unknown_kind::none_of_these;
    if (found->title == known.say.say("none_of_these"))
        return row;
    if (taken.target.empty())
        return std::nullopt;
    row.kind = unknown_kind::chosen;
    row.chosen = taken.target;
    return row;
}

} // namespace

void review(
    const conversation& before,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    step_outcome& outcome)
{
    outcome.next.asked.clear();
    if (!outcome.reached || outcome.erase)
        return;
    // The words of a complaint are for those who work it.
    if (outcome.next.draft != before.draft || outcome.next.reply != before.reply ||
        outcome.forget_event)
        return;
    if (outcome.taken) {
        outcome.unknown = choice_made(before, known, *outcome.taken);
        return;
    }
    // Asked for a commune, people give their address: nobody needs to see that.
    if (outcome.reached->outcome == reach::outcome::not_understood &&
        before.at != stage::awaiting_commune)
        outcome.unknown = unknown_message{
            .at = {},
            .kind = unknown_kind::not_understood,
            .text = mask_message(event.text),
            .nearest = nearest_codes(heard),
            .chosen = {}};
    const auto& choices = outcome.next.choices;
    if (choices == before.choices) // a number out of range, or a person is answering
        outcome.next.asked = before.asked;
    else if (
        offers(choices, known.say.say("none_of_these")) ||
        offers(choices, known.say.say("not_this")))
        outcome.next.asked = mask_message(event.text);
}

} // namespace motcua::dialogue
