#pragma once

#include <motcua/core/dialogue/conversation.hpp>
#include <motcua/core/time.hpp>

#include <chrono>
#include <string>
#include <vector>

// Who answers a citizen: the machine, or a person of the office.
namespace motcua::dialogue {

enum class attention : std::uint8_t
{
    machine,
    waiting, // the citizen has asked for a person; the machine still answers what it is sure of
    person,  // a person answers; the machine keeps silent but for danger to life
};
std::string_view name(attention value);

attention attended_by(const conversation& value, utc_time now);

// A person answers from now until then; what the machine had asked is forgotten, so that a "1" said
// to the person chooses nothing.
void take_over(conversation& value, utc_time until);
// The machine answers again; nobody is waited for.
void hand_back(conversation& value);

// Forgets a silence that has passed and a wait that nobody may answer any more. Everything that
// reads a conversation does this first.
void end_lapsed_handover(conversation& value, utc_time now);
// Behind the citizen's last message the platform's window closes (zalo-oa-protocol 2.8).
inline constexpr std::chrono::hours waiting_limit{7 * 24};

// When a person watches the channel, in Vietnam's time.
struct duty_hours
{
    struct span
    {
        std::chrono::weekday first; // Monday … Sunday; a span may be of one day
        std::chrono::weekday last;
        std::chrono::minutes from{}; // since midnight
        std::chrono::minutes to{};   // exclusive
    };
    std::string words; // "thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00"
    std::vector<span> spans;

    bool is_known() const { return !spans.empty(); }
    bool covers(utc_time when) const;
};

} // namespace motcua::dialogue
