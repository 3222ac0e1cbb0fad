#pragma once

#include <motcua/core/procedures/rendering.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motcua::dialogue {

// What a button, or the number standing for it, does. Written "#verb:target:…"; the prefix is ours
// (zalo-oa-protocol 2.3). A payload carries all it needs, so that a tap on an old button still
// works; it is no proof of a tap.
enum class action : std::uint8_t
{
    menu,          // #menu
    back,          // #back
    cancel,        // #cancel
    more,          // #more: the next page of the last answer
    agent,         // #agent: a person
    erase,         // #erase: asks for confirmation
    confirm_erase, // #confirm-erase
    fields,        // #fields: browse
    field,         // #field:<id>
    procedure,     // #procedure:<code>[:<aspect>[:<page>]]
    filing_case,   // #case:<code>:<n>:<aspect>   n from 1, 0 = all cases
    centre,        // #centre: which commune?
    commune,       // #commune:<statistics code>
    answer,        // #answer:<intent>
    not_this,      // #not-this: the procedure answered was not meant
    keyword,       // #keyword:<code>: of the plan, on a button of a broadcast
    understood,    // #understood: what was answered is clear
    complaint,     // #pa:<what>[:<detail>…]: complaint_talk.hpp
    dossier,       // #hs:<what>[:<code>]: dossier_talk.hpp
};

struct payload
{
    action what = action::menu;
    std::string target = {}; // code, id or intent, as the action needs
    procedures::aspect aspect = procedures::aspect::overview;
    int number = 1; // page of procedure, case of filing_case

    bool operator==(const payload&) const = default;
};

// Empty if the text is no payload of ours. Total.
std::optional<payload> parse_payload(std::string_view text);

// The text that parses back to the same payload.
std::string make_payload(const payload& value);

} // namespace motcua::dialogue
