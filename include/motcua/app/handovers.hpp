#pragma once

#include <motcua/core/dialogue/handover.hpp>
#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The queue of citizens who wait for a person or are answered by one: what tells the staff.
namespace motcua::app {

struct handover_note
{
    std::string user_id;
    dialogue::attention by = dialogue::attention::machine; // machine closes what is open
    utc_time until{};                                      // of person
    std::string who; // staff member, or the platform's id of the person; empty = unchanged
    bool citizen_spoke = false;
};

// Part of a transaction: lives only inside the unit of work.
class handover_records
{
public:
    virtual ~handover_records() = default;
    // Opens, changes or closes the one open row of the citizen.
    virtual void note(const handover_note& value, utc_time now) = 0;
};

struct open_handover
{
    std::int64_t id = 0;
    std::string user_id;
    dialogue::attention by = dialogue::attention::waiting; // waiting or person
    std::string who;
    utc_time since{};          // asked, or taken over without having been asked
    utc_time until{};          // of person: the machine answers again
    std::int64_t messages = 0; // of the citizen since then
    utc_time last_message_at{};
};

// An event as received; the adapter that knows the platform decodes it.
struct stored_event
{
    utc_time received_at{};
    std::string event_name;
    std::string body;
};

} // namespace motcua::app
