#include <motcua/core/dialogue/handover.hpp>

#include <algorithm>

namespace motcua::dialogue {

std::string_view name(attention value)
{
    switch (value) {
    case attention::machine:
        return "machine";
    case attention::waiting:
        return "waiting";
    case attention::person:
        return "person";
    }
    return "machine";
}

attention attended_by(const conversation& value, utc_time now)
{
    if (now < value.silent_until)
        return attention::person;
    const bool waits =
        value.waiting_since != utc_time{} && now - value.waiting_since < waiting_limit;
    return waits ? attention::waiting : attention::machine;
}

void take_over(conversation& value, utc_time until)
{
    value.silent_until = until;
    value.waiting_since = {};
    value.at = stage::idle;
    value.choices.clear();
}

void hand_back(conversation& value)
{
    value.silent_until = {};
    value.waiting_since = {};
}

void end_lapsed_handover(conversation& value, utc_time now)
{
    if (attended_by(value, now) == attention::machine)
        hand_back(value);
}

bool duty_hours::covers(utc_time when) const
{
    const auto local = when + vietnam_offset;
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    const auto today = std::chrono::weekday(midnight).iso_encoding();
    const auto clock = local - midnight;
    return std::ranges::any_of(spans, [&](const span& one) {
        const auto first = one.first.iso_encoding();
        const auto last = one.last.iso_encoding();
        const bool day =
            first <= last ? first <= today && today <= last : today >= first || today <= last;
        return day && one.from <= clock && clock < one.to;
    });
}

} // namespace motcua::dialogue
