#pragma once

#include "complaint_talk.hpp"
#include "dossier_talk.hpp"

#include <motcua/core/dialogue/handover.hpp>
#include <motcua/core/dialogue/payload.hpp>
#include <motcua/core/dialogue/step.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::dialogue {

// One turn of a conversation: what step() knows and what it has decided so far.
class turn
{
public:
    turn(
        conversation current,
        const inbound_event& event,
        const understand::understood& heard,
        const knowledge& known,
        utc_time now,
        const std::vector<complaints::complaint>& filed);

    void hear_text();
    // True if the complaint being written took it.
    bool take_media();
    bool take_location();
    void take_info();
    void hear_media();
    void hear_location();
    void welcome(reach::contact_kind kind);
    void keep_feedback();
    void erase_quietly();
    void give_way_to_person();
    void reached(reach::contact_kind kind, reach::outcome result);

    step_outcome end() &&;

private:
    // Exact layer: payloads, numbers, commands.
    std::optional<payload> payload_of_text() const;
    void act(const payload& wanted);

    // While a person answers, or is waited for.
    attention attended() const;
    void hear_beside_person(const std::optional<payload>& wanted);
    void note_for_person();
    bool is_emergency() const;

    // Free text.
    bool continue_stage();
    void understand_text();
    bool hear_home();
    void show_places(const std::vector<const understand::commune*>& places);
    void follow_intent();
    void look_up(procedures::aspect wanted, bool aspect_is_sure);
    void answer_intent(const std::string& intent);

    // Answers.
    void show_menu();
    void show_fields();
    void show_field(std::string_view id);
    void show_procedure(std::string_view code, procedures::aspect what, int page);
    void show_commune(std::string_view code);
    void show_agent();
    reach::keyword_match keyword_of_text(bool whole) const;
    void credit(const std::optional<payload>& wanted);
    void show_keyword(std::string_view code);
    void thank_for_understanding();
    void ask_commune(std::string_view phrase);
    void explain_media();
    void
    ask_which(procedures::aspect wanted, std::string_view phrase, const std::string& first = {});
    void ask_which_meant();
    bool ask_attribute(procedures::aspect wanted);
    void ask_procedure(procedures::aspect wanted);
    void ask_case(const procedures::procedure& record, procedures::aspect what);
    void offer_alternatives();
    void ask_erasure();
    void go_back();
    void show_more();
    complaint_talk complaint();
    dossier_talk dossier();
    void not_understood(std::string_view phrase);

    void say(std::string_view text, std::vector<choice> choices = {});
    std::vector<choice>
    aspects_to_offer(const procedures::procedure& record, procedures::aspect what) const;
    std::vector<choice> near_procedures(
        procedures::aspect wanted, std::size_t most, const std::string& first = {}) const;
    const procedures::procedure* answerable(std::string_view code) const;
    std::string twin_note(const procedures::procedure& record) const;
    std::string counter_name() const;
    procedures::rendering_context rendering(const procedures::procedure& record) const;
    bool may_mean(const std::string& intent) const;

    const inbound_event& event_;
    const understand::understood& heard_;
    const knowledge& known_;
    utc_time now_;
    const std::vector<complaints::complaint>& filed_;
    bool from_search_ = false; // the procedure shown was found by search, not chosen
    std::string screen_;       // payload that shows again what this turn shows, for "back"
    step_outcome outcome_;
};

} // namespace motcua::dialogue
