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

struct interaction
{
    utc_time at;
    std::string pseudonym; // keyed hash of the Zalo user id; never the id
    contact_kind kind = contact_kind::message;
    std::string intent;    // empty if none
    std::string procedure; // code, empty if none
    std::string field;     // lĩnh vực of the procedure, empty if none
    std::string aspect;    // which aspect was answered, empty if none
    reach::outcome outcome = outcome::silent;
    std::string activity; // plan activity credited, empty if none
    std::string model_version;
    std::string content_version;
    bool test = false; // staff tests and simulator users never count as reach
};

} // namespace motcua::reach
