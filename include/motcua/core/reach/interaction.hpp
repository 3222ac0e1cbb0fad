#pragma once

#include <motcua/core/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>

// One contact of a citizen, as the plan's report counts it (reports.md section 1, domain.md 7.2).
namespace motcua::reach {

enum class contact_kind : std::uint8_t
{
    message,
    tap,
    media,
    follow,
    unfollow,
    other
};

// A partition: every contact has exactly one outcome.
enum class outcome : std::uint8_t
{
    answered,       // from a record or content
    clarified,      // asked back which one is meant
    not_understood, // fallback
    handed_over,    // to a person
    menu,           // navigation: menu, back, more
    greeting,       // greeting, thanks, farewell
    silent,         // needs no answer: follow, reaction, message while a person is answering
};

std::string_view name(contact_kind kind);
std::string_view name(outcome value);
// The outcome of that name; an unknown word gives silent.
outcome outcome_from(std::string_view word);

// Why a contact counts for an activity of the plan (reports.md section 2).
enum class credit : std::uint8_t
{
    none,
    direct,    // it carried a code: keyword, button of a broadcast
    follow_on, // of the same citizen, within some days behind a direct one
};
std::string_view name(credit value);

struct interaction
{
    utc_time at;           // when the citizen did it, as the platform says
    utc_time recorded{};   // when it was written; later, if the event came late
    std::string pseudonym; // keyed hash of the Zalo user id; never the id
    contact_kind kind = contact_kind::message;
    std::string intent;    // empty if none
    std::string procedure; // code, empty if none
    std::string field;     // lĩnh vực of the procedure, empty if none
    std::string aspect;    // which aspect was answered, empty if none
    reach::outcome outcome = outcome::silent;
    std::string activity; // credited: plan id, '/', activity id ("2020/II.5"); empty if none
    reach::credit credit = reach::credit::none;
    std::string keyword; // code that a direct contact carried; else empty
    std::string model_version;
    std::string content_version;
    std::string procedure_version; // date of the record answered from, yyyy-mm-dd
    bool test = false;             // staff tests and simulator users never count as reach
};

} // namespace motcua::reach
