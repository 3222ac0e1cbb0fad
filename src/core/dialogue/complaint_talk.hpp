#pragma once

#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/dialogue/payload.hpp>
#include <motcua/core/dialogue/step.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::dialogue {

// Complaints within one turn of the conversation: the intake (complaint_flow.cpp) and what follows
// it (complaint_talk.cpp). Reads and changes the outcome of the turn; keeps nothing of its own.
//
// Payloads "#pa:…": new, mine, status:CODE, supplement:CODE, object:CODE, withdraw:CODE,
// withdraw-yes:CODE, withdraw-no:CODE, rate:CODE[:1-5]; and the buttons of the draft.
class complaint_talk
{
public:
    complaint_talk(
        step_outcome& outcome,
        const inbound_event& event,
        const understand::understood& heard,
        const knowledge& known,
        utc_time now,
        const std::vector<complaints::complaint>& filed);

    // Each is true if the event was for the complaint being written and has been answered.
    bool hear_text();
    bool hear_media();
    bool hear_location();
    void hear_info();
    // A receipt code within the text: its status.
    bool hear_code();
    // The intents complaint and complaint_status, if the intake is open.
    bool answer(std::string_view intent);
    // Back and cancel while something is being written; anything else sets the draft aside.
    bool intercept(const payload& wanted);
    void act(std::string_view wanted);
    // A way back to a draft set aside, among the choices of another answer.
    void offer_to_continue(std::vector<choice>& choices) const;

private:
    // The draft.
    void begin(std::string_view first_words);
    void agree();
    void disagree();
    void ask(draft_stage at);
    void ask_content(std::string_view phrase);
    void ask_category(std::string_view phrase = {}); // empty: the usual one
    void ask_contact();
    void show_summary(bool again);
    void resume();
    void put_aside();
    void keep_pending();
    bool hear_draft();
    bool ask_to_resume();
    bool divert();
    void interrupt(std::string_view intent, bool keeps_words);
    bool asks_about_procedure() const;
    bool is_done_word() const;
    std::string_view add_text(written_parts& to, int limit) const;
    std::string_view add_attachments(written_parts& to, int& added) const;
    void finish_content();
    void after_content();
    const complaints::complaint* likely_duplicate() const;
    void choose_category(std::string_view id);
    void take_place();
    void stay_anonymous();
    void take_contact();
    void take_phone();
    void take_address();
    bool takes_back_contact();
    void take_summary();
    void next_after(draft_stage done);
    void correct_chosen(std::string_view field); // of the menu
    void correct(std::string_view field);
    void go_back();
    void confirm_cancel();
    void drop_draft();
    void send();
    places_to_fill facts_of_draft() const;

    // Cases filed before.
    const complaints::complaint* filed(std::string_view code);
    bool may(const complaints::complaint& what, std::string_view transition) const;
    void show_mine();
    void show_status(std::string_view code);
    void ask_supplement(std::string_view code);
    void finish_supplement();
    void add_draft_to(std::string_view code);
    void ask_objection(std::string_view code);
    void ask_withdrawal(std::string_view code);
    void withdraw(std::string_view code);
    void rate(std::string_view code, std::string_view number);
    bool hear_reply();
    void wish(complaints::change what, std::vector<complaints::attachment_reference> attachments);
    void stop_reply();
    void not_now(std::string_view code);

    // Speaking.
    choice button(std::string_view phrase, std::string payload) const;
    void say(std::string_view text, std::vector<choice> choices = {});
    void say_phrase(std::string_view key, std::vector<choice> choices = {});
    void reached(reach::outcome result);

    complaint_draft& draft() const { return outcome_.next.draft; }
    complaint_reply& reply() const { return outcome_.next.reply; }
    bool is_writing() const { return draft().at != draft_stage::none && !draft().paused; }
    const complaints::intake_rules& intake() const { return known_.complaints.intake; }

    step_outcome& outcome_;
    const inbound_event& event_;
    const understand::understood& heard_;
    const knowledge& known_;
    utc_time now_;
    const std::vector<complaints::complaint>& filed_;
};

// Phrases the talk uses.
const std::vector<std::string_view>& complaint_keys();

} // namespace motcua::dialogue
