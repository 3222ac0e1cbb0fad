#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace motcua::app {

// Something a screen of the staff shows that a committed unit changed; no personal data.
struct change
{
    enum class kind : std::uint8_t
    {
        complaint, // a case was filed or changed
        message,   // a message or note came, or its delivery changed
        reference, // what all screens share: units, staff, templates, views
    };
    kind is = kind::complaint;

    // Of complaint and message; as committed.
    std::string code;
    std::int64_t version = 0;
    std::string unit;
    std::string former_unit; // that had the case before this unit of work; empty: the same, or none

    std::string what; // of complaint: as history_entry::what, or "attachment", "change"

    std::int64_t message_id = 0; // of message
    std::string speaker;         // of message: citizen, staff, bot, note
    std::string delivery;        // of message: name of a delivery; empty: none

    std::string staff_id; // of reference: concerns that account only; empty: everybody

    bool operator==(const change&) const = default;
};
using change_list = std::vector<change>;

} // namespace motcua::app
