#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

// What a citizen can do in the app, as the platform's events tell it (zalo-oa-protocol 1.3).
namespace motcua::simulator {

struct citizen_action
{
    bool is_known = true; // the action exists
    std::string error;    // what is wrong with the request; empty = nothing
    std::string event_name;
    bool is_message = true;                            // appears in the chat
    bool is_flat = false;                              // names no sender and recipient
    nlohmann::json message = nlohmann::json::object(); // of a message, without its id
    nlohmann::json extra = nlohmann::json::object();   // further members of other events
    std::string shown;                                 // in the chat
    bool hidden = false;                               // the citizen does not see it
};

// `what` is the last part of the path, `body` the request.
citizen_action citizen_action_of(std::string_view what, const nlohmann::json& body);

// Types of files the simulator keeps for its citizens.
bool may_be_hosted(std::string_view type);

} // namespace motcua::simulator
