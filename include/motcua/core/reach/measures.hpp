#pragma once

#include <motcua/core/reach/interaction.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

// What a contact counts as. Every figure of the report is a number of contacts, or of distinct
// people, with certain measures; so there is one place where a definition is written (domain.md
// 7.2). Pure.
namespace motcua::reach {

enum class measure : std::uint8_t
{
    contact,          // a message, tap, photo or follow reached the bot
    active,           // a message, tap or photo
    visit,            // begins a visit: no other of the same citizen in the half hour before
    follow,           //
    unfollow,         //
    question,         // asks something: exactly one of the next four
    answered,         //
    clarified,        //
    not_understood,   //
    handed_over,      //
    apart,            // active, but asks nothing: greeting, menu, silence
    complaint_talk,   // active, about a complaint: neither question nor apart
    lookup,           // answered from a procedure's record
    guided,           // filing guidance, down to the checklist
    dossier_lookup,   // asked where a dossier stands, answered
    asked_understood, // was asked whether it is understood
    understood,       // said so
    direct,           // carried a code of an activity
    follow_on,        //
    link_opened,      // opened a tracked link to the portal; no message
    scanned,          // opened an activity's landing page; nobody knows who
};
inline constexpr std::size_t measure_count = 21;

std::string_view name(measure value);
std::optional<measure> measure_from(std::string_view word);

// A set of measures, one bit each.
using measure_set = std::uint32_t;
constexpr measure_set bit(measure value)
{
    return measure_set{1} << static_cast<unsigned>(value);
}

// A gap of so long ends a visit.
inline constexpr std::chrono::minutes visit_gap{30};

// One rule of measures_of(). Rules look at the row and at what the rules before them said.
struct measure_rule
{
    measure gives;
    bool (*holds)(const interaction& row, measure_set so_far);
};
using measure_rules = std::array<measure_rule, 18>;
// The rules of an interaction: all measures but visit, link_opened and scanned, which need more
// than the row.
const measure_rules& interaction_rules();

// A test row has none.
measure_set measures_of(const interaction& row, const measure_rules& rules = interaction_rules());

// True if contacts of this kind make a visit.
bool makes_visits(contact_kind kind);

} // namespace motcua::reach
