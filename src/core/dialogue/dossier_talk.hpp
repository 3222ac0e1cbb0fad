#pragma once

#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/dialogue/step.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace motcua::dialogue {

// Questions about dossiers within one turn: finds out which dossier, asks for the second proof,
// leaves the rest to a dossier_wish. Silent unless the service is connected.
//
// Payloads "#hs:…": new, mine, ask:CODE, watch:CODE, unwatch:CODE.
class dossier_talk
{
public:
    dossier_talk(
        step_outcome& outcome,
        const inbound_event& event,
        const understand::understood& heard,
        const knowledge& known,
        utc_time now);

    // Each is true if the message was about a dossier and has been taken care of.
    bool hear_text();      // a code or a proof was waited for
    bool hear_code();      // a code within the text
    bool hear_follow_up(); // "bao giờ xong?", just after a dossier was shown
    bool answer(std::string_view intent);
    void act(std::string_view wanted);

private:
    bool hear_awaited_code();
    bool hear_awaited_proof();
    bool asks_something_else() const;
    void ask_about(const std::string& code);
    void prove(const std::string& code, std::string proof);
    void wish(dossier_wish::kind what, const std::string& code = {});
    void say_again(std::string_view phrase);

    step_outcome& outcome_;
    const inbound_event& event_;
    const understand::understood& heard_;
    const knowledge& known_;
    utc_time now_;
};

// Phrases the talk and the answers use.
const std::vector<std::string_view>& dossier_keys();

} // namespace motcua::dialogue
