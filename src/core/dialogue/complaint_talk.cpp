#include "complaint_talk.hpp"

#include "composer.hpp"

#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/complaints/text_rules.hpp>
#include <motcua/core/dialogue/complaint_notice.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <map>

// What follows the intake: status, supplement, rating, objection, withdrawal.
namespace motcua::dialogue {
namespace {

using complaints::complaint;
using complaints::role;

constexpr std::size_t listed = 5;             // complaints of "phản ánh của tôi"
constexpr std::size_t listed_content = 40;    // code points
constexpr std::size_t status_content = 300;   // code points
constexpr std::size_t status_message = 900;   // code points
constexpr std::size_t shortest_objection = 4; // code points

std::string_view part(std::string_view text, std::size_t which)
{
    while (which-- > 0) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos)
            return {};
        text.remove_prefix(colon + 1);
    }
    return text.substr(0, text.find(':'));
}

bool is_short_number(std::string_view text)
{
    const auto begin = text.find_first_not_of(' ');
    const auto end = text.find_last_not_of(" .");
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
        return false;
    text = text.substr(begin, end - begin + 1);
    return text.size() <= 2 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

complaint_talk::complaint_talk(
    step_outcome& outcome,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    utc_time now,
    const std::vector<complaints::complaint>& filed)
    : outcome_(outcome), event_(event), heard_(heard), known_(known), now_(now), filed_(filed)
{
}

// ---- entries

bool complaint_talk::hear_text()
{
    // A number means a choice of the last list, or the wrong one.
    if (is_short_number(event_.text))
        return false;
    if (reply().at != reply_stage::none)
        return hear_reply();
    if (is_writing())
        return hear_draft();
    draft().pending.clear();
    return false;
}

bool complaint_talk::hear_code()
{
    if (const auto found = complaints::find_receipt_code(event_.text)) {
        show_status(found->code);
        return true;
    }
    const auto slip = complaints::find_mistyped_code(event_.text);
    if (!slip || !intake().open)
        return false;
    filed(*slip); // nobody's: the answer is that of an unknown code
    return true;
}

bool complaint_talk::answer(std::string_view intent)
{
    if (!intake().open || (intent != "complaint" && intent != "complaint_status"))
        return false;
    outcome_.next.failures = 0;
    if (intent == "complaint")
        begin(event_.text.starts_with('#') ? std::string_view() : event_.text);
    else
        show_mine();
    return true;
}

void complaint_talk::act(std::string_view wanted)
{
    using handler = void (complaint_talk::*)();
    using code_handler = void (complaint_talk::*)(std::string_view);
    static const std::map<std::string_view, handler> plain{
        {"agree", &complaint_talk::agree},
        {"disagree", &complaint_talk::disagree},
        {"resume", &complaint_talk::resume},
        {"later", &complaint_talk::put_aside},
        {"keep", &complaint_talk::keep_pending},
        {"mine", &complaint_talk::show_mine},
        {"send", &complaint_talk::send},
        {"drop", &complaint_talk::drop_draft}};
    static const std::map<std::string_view, code_handler> with_code{
        {"new", &complaint_talk::begin},
        {"category", &complaint_talk::choose_category},
        {"field", &complaint_talk::correct_chosen},
        {"status", &complaint_talk::show_status},
        {"supplement", &complaint_talk::ask_supplement},
        {"add-to", &complaint_talk::add_draft_to},
        {"object", &complaint_talk::ask_objection},
        {"withdraw", &complaint_talk::ask_withdrawal},
        {"withdraw-yes", &complaint_talk::withdraw}};
    outcome_.reached->intent = "complaint";
    if (!intake().open)
        return say_phrase("pa.none");
    const auto verb = part(wanted, 0);
    const auto target = part(wanted, 1);
    const auto is_at = [this](draft_stage at) { return draft().at == at; };
    if (const auto found = plain.find(verb); found != plain.end())
        return (this->*found->second)();
    if (const auto found = with_code.find(verb); found != with_code.end())
        return (this->*found->second)(target);
    if (verb == "rate")
        return rate(target, part(wanted, 2));
    if (verb == "withdraw-no")
        return stop_reply();
    if (verb == "done" && reply().at == reply_stage::supplement)
        return finish_supplement();
    if (verb == "done" && is_at(draft_stage::content))
        return finish_content();
    if (verb == "file-anyway" && is_at(draft_stage::duplicate))
        return after_content();
    if (verb == "guess-no" && is_at(draft_stage::category))
        return ask_category();
    if (verb == "place-skip" && is_at(draft_stage::place))
        return next_after(draft_stage::place);
    if (verb == "commune" && is_at(draft_stage::place)) {
        if (known_.places.by_code(target) != nullptr)
            draft().where.commune = target;
        return next_after(draft_stage::place);
    }
    if (verb == "anonymous" && intake().anonymous && is_at(draft_stage::contact))
        return ask(draft_stage::anonymous);
    if (verb == "anonymous-yes" && intake().anonymous && is_at(draft_stage::anonymous))
        return stay_anonymous();
    if (verb == "anonymous-no" && is_at(draft_stage::anonymous))
        return ask(draft_stage::contact);
    if (verb == "correct" && is_at(draft_stage::summary))
        return ask(draft_stage::correction);
    if (verb == "assured" && draft().at != draft_stage::none) {
        draft().assured = true;
        return resume();
    }
    ask(draft().at); // a tap on an old button: where we are
}

// ---- cases filed before

const complaint* complaint_talk::filed(std::string_view code)
{
    // Only the citizen's own are here: another's code reads like an unknown one.
    const auto found = std::ranges::find(filed_, code, &complaint::code);
    if (found != filed_.end())
        return &*found;
    reached(reach::outcome::not_understood);
    say(fill(known_.say.pattern("pa.unknown_code"), {{"code", std::string(code)}}),
        {button("pa.mine", "#pa:mine"), button("menu_title", "#menu")});
    return nullptr;
}

bool complaint_talk::may(const complaint& what, std::string_view transition) const
{
    const auto legal = complaints::legal_transitions(known_.complaints, what, role::citizen, now_);
    return std::ranges::any_of(
        legal, [transition](const auto* one) { return one->id == transition; });
}

void complaint_talk::show_mine()
{
    outcome_.reached->intent = "complaint_status";
    if (filed_.size() == 1)
        return show_status(filed_.front().code);
    reached(reach::outcome::answered);
    if (filed_.empty())
        return say_phrase("pa.none", {button("pa.new", "#pa:new"), button("menu_title", "#menu")});
    std::vector<choice> choices;
    for (const auto& one : filed_) {
        const auto* const state = known_.complaints.flow.find_state(one.state);
        if (choices.size() < listed)
            choices.push_back(
                {one.code + " · " + (state == nullptr ? one.state : state->title) + " · " +
                     beginning(one.content, listed_content),
                 "#pa:status:" + one.code});
    }
    choices.push_back(button("pa.new", "#pa:new"));
    say_phrase("pa.list", std::move(choices));
}

void complaint_talk::show_status(std::string_view code)
{
    outcome_.reached->intent = "complaint_status";
    const auto* const what = filed(code);
    if (what == nullptr)
        return;
    reached(reach::outcome::answered);
    outcome_.next.failures = 0;
    const auto& rules = known_.complaints;
    const auto* const state = rules.flow.find_state(what->state);
    const bool hidden = state != nullptr && state->is == complaints::state_class::hidden;
    auto places = facts_of(known_, *what);
    places.emplace_back("date", short_date(what->course.front().at));
    places.emplace_back("state", state == nullptr ? what->state : state->title);
    places.emplace_back("content", beginning(what->content, status_content));
    // Of a hidden case the citizen is told nothing: it reads as just received.
    if (const auto* first = rules.flow.find_state(rules.flow.all().initial);
        hidden && first != nullptr)
        places[places.size() - 2].second = first->title;
    std::string text = fill(known_.say.pattern("pa.status"), places);
    if (const auto due = complaints::due_date(rules, *what)) {
        const auto left = rules.calendar.left(now_, *due);
        std::string key = left.overdue ? "pa.overdue" : "pa.left";
        if (left.working_days == 0)
            key += "_today";
        places.emplace_back(
            "left", fill(known_.say.pattern(key), {{"days", std::to_string(left.working_days)}}));
        text += "\n" + fill(known_.say.pattern("pa.status_due"), places);
    }
    if (!what->unit.empty())
        text += "\n" + fill(known_.say.pattern("pa.status_unit"), places);
    if (!what->message.empty() && !hidden)
        text += "\n" + fill(
                           known_.say.pattern("pa.status_message"),
                           {{"message", std::string(text::prefix(what->message, status_message))}});
    if (what->rating > 0)
        text += "\n" + fill(
                           known_.say.pattern("pa.status_rating"),
                           {{"rating", std::to_string(what->rating)}});
    std::vector<choice> choices;
    const auto offer = [&](std::string_view transition, std::string_view key) {
        if (may(*what, transition))
            choices.push_back(button(key, "#pa:" + std::string(transition) + ":" + what->code));
    };
    offer("supplement", "pa.supplement");
    if (what->rating == 0 && complaints::may_rate(rules, *what, now_))
        choices.push_back(button("pa.rate", "#pa:rate:" + what->code));
    offer("object", "pa.object");
    offer("withdraw", "pa.withdraw");
    if (filed_.size() > 1)
        choices.push_back(button("pa.mine", "#pa:mine"));
    choices.push_back(button("menu_title", "#menu"));
    offer_to_continue(choices);
    say(text, std::move(choices));
}

void complaint_talk::not_now(std::string_view code)
{
    reached(reach::outcome::answered);
    say(fill(known_.say.pattern("pa.not_now"), {{"code", std::string(code)}}),
        {button("pa.see_status", "#pa:status:" + std::string(code)),
         button("menu_title", "#menu")});
}

void complaint_talk::ask_supplement(std::string_view code)
{
    const auto* const what = filed(code);
    if (what == nullptr)
        return;
    if (!may(*what, "supplement"))
        return not_now(code);
    if (reply().at != reply_stage::supplement || reply().code != code)
        reply() = {.at = reply_stage::supplement, .code = std::string(code), .content = {}};
    reply().touched_at = now_;
    draft().paused = draft().at != draft_stage::none;
    reached(reach::outcome::clarified);
    say(fill(known_.say.pattern("pa.ask_supplement"), facts_of(known_, *what)),
        {button("pa.done", "#pa:done"), button("pa.cancel", "#cancel")});
}

// What was being written as a new complaint becomes the supplement of an old one.
void complaint_talk::add_draft_to(std::string_view code)
{
    const auto* const what = filed(code);
    if (what == nullptr)
        return;
    if (draft().at != draft_stage::duplicate || !may(*what, "supplement"))
        return not_now(code);
    reply() = {
        .at = reply_stage::supplement,
        .code = std::string(code),
        .content = draft().content,
        .touched_at = now_};
    draft() = {};
    finish_supplement();
}

void complaint_talk::finish_supplement()
{
    const auto content = reply().content;
    const auto code = reply().code;
    if (content == written_parts{})
        return ask_supplement(code);
    const auto* const what = filed(code);
    reply() = {};
    if (what == nullptr)
        return;
    if (!may(*what, "supplement"))
        return not_now(code);
    complaints::change how{.transition = "supplement", .by = {role::citizen, event_.user_id}};
    for (const auto& text : content.texts)
        how.message += (how.message.empty() ? "" : "\n") + text;
    how.message = text::prefix(how.message, complaints::change_text_limit);
    outcome_.complaints.emplace_back(change_complaint{code, std::move(how), content.attachments});
    outcome_.next.choices.clear();
    reached(reach::outcome::answered);
}

void complaint_talk::ask_objection(std::string_view code)
{
    const auto* const what = filed(code);
    if (what == nullptr)
        return;
    if (!may(*what, "object"))
        return not_now(code);
    reply() = {
        .at = reply_stage::objection, .code = std::string(code), .content = {}, .touched_at = now_};
    draft().paused = draft().at != draft_stage::none;
    reached(reach::outcome::clarified);
    say(fill(known_.say.pattern("pa.ask_objection"), {{"code", what->code}}),
        {button("pa.cancel", "#cancel")});
}

void complaint_talk::ask_withdrawal(std::string_view code)
{
    const auto* const what = filed(code);
    if (what == nullptr)
        return;
    if (!may(*what, "withdraw"))
        return not_now(code);
    reply() = {
        .at = reply_stage::withdrawal,
        .code = std::string(code),
        .content = {},
        .touched_at = now_};
    reached(reach::outcome::clarified);
    say(fill(known_.say.pattern("pa.withdraw_confirm"), {{"code", what->code}}),
        {button("pa.withdraw_yes", "#pa:withdraw-yes:" + what->code),
         button("pa.withdraw_no", "#pa:withdraw-no:" + what->code)});
}

void complaint_talk::withdraw(std::string_view code)
{
    const bool asked = reply().at == reply_stage::withdrawal && reply().code == code;
    if (!asked)
        return ask_withdrawal(code);
    reply() = {};
    const auto* const what = filed(code);
    if (what == nullptr)
        return;
    if (!may(*what, "withdraw"))
        return not_now(code);
    complaints::change how{.transition = "withdraw", .by = {role::citizen, event_.user_id}};
    outcome_.complaints.emplace_back(change_complaint{std::string(code), std::move(how), {}});
    outcome_.next.choices.clear();
    reached(reach::outcome::answered);
}

void complaint_talk::rate(std::string_view code, std::string_view number)
{
    const auto* const what = filed(code);
    if (what == nullptr)
        return;
    if (!complaints::may_rate(known_.complaints, *what, now_))
        return not_now(code);
    if (number.empty()) {
        auto asked = notice_of_state(known_, *what, now_);
        reached(reach::outcome::clarified);
        return say(
            fill(known_.say.pattern("pa.ask_rating"), {{"code", what->code}}),
            asked ? std::move(asked->choices) : std::vector<choice>{});
    }
    if (number.size() != 1 || number[0] < '1' || number[0] > '5')
        return not_now(code);
    const int rating = number[0] - '0';
    outcome_.complaints.emplace_back(rate_complaint{std::string(code), rating});
    reached(reach::outcome::answered);
    const bool unhappy = rating <= 2 && may(*what, "object");
    std::vector<choice> choices;
    if (unhappy)
        choices.push_back(button("pa.object", "#pa:object:" + what->code));
    choices.push_back(unhappy ? button("pa.keep_closed", "#menu") : button("menu_title", "#menu"));
    say(fill(
            known_.say.pattern(unhappy ? "pa.rated_low" : "pa.rated"),
            {{"rating", std::string(number)}}),
        std::move(choices));
}

// Words about a case filed before. False if they are about something else.
bool complaint_talk::hear_reply()
{
    const bool old = now_ - reply().touched_at > intake().resume_after;
    const bool written = reply().content != written_parts{};
    if (old && (reply().at != reply_stage::supplement || !written)) {
        reply() = {};
        return false;
    }
    if (asks_about_procedure())
        return false;
    switch (reply().at) {
    case reply_stage::supplement: {
        if (is_done_word()) {
            finish_supplement();
            return true;
        }
        reply().touched_at = now_;
        ask_content(add_text(reply().content, int{complaints::change_text_limit}));
        return true;
    }
    case reply_stage::objection: {
        if (text::code_points(event_.text) < shortest_objection) {
            ask_objection(std::string(reply().code));
            return true;
        }
        const auto code = reply().code;
        reply() = {};
        const auto* const what = filed(code);
        if (what == nullptr)
            return true;
        if (!may(*what, "object")) {
            not_now(code);
            return true;
        }
        const auto why = complaints::mask_identity_numbers(event_.text);
        complaints::change how{.transition = "object", .by = {role::citizen, event_.user_id}};
        how.reason = text::prefix(why, complaints::change_text_limit);
        outcome_.complaints.emplace_back(change_complaint{code, std::move(how), {}});
        outcome_.next.choices.clear();
        reached(reach::outcome::answered);
        return true;
    }
    case reply_stage::withdrawal:
        stop_reply();
        return true;
    case reply_stage::none:
        break;
    }
    return false;
}

void complaint_talk::stop_reply()
{
    const auto code = reply().code;
    const bool withdrawal = reply().at == reply_stage::withdrawal;
    reply() = {};
    reached(reach::outcome::menu);
    std::vector<choice> choices{
        button("pa.see_status", "#pa:status:" + code), button("menu_title", "#menu")};
    offer_to_continue(choices);
    say(fill(
            known_.say.pattern(withdrawal ? "pa.withdraw_kept" : "pa.reply_cancelled"),
            {{"code", code}}),
        std::move(choices));
}

// ---- speaking

choice complaint_talk::button(std::string_view phrase, std::string payload) const
{
    return {known_.say.say(phrase), std::move(payload)};
}

void complaint_talk::say(std::string_view text, std::vector<choice> choices)
{
    if (outcome_.reached && outcome_.reached->intent.empty())
        outcome_.reached->intent = "complaint";
    outcome_.messages.push_back(compose(text, choices));
    outcome_.next.choices = std::move(choices);
}

void complaint_talk::say_phrase(std::string_view key, std::vector<choice> choices)
{
    say(known_.say.say(key), std::move(choices));
}

void complaint_talk::reached(reach::outcome result)
{
    outcome_.reached->outcome = result;
}

const std::vector<std::string_view>& complaint_keys()
{
    static const std::vector<std::string_view> keys{
        "pa.notice",
        "pa.agree",
        "pa.disagree",
        "pa.is_formal",
        "pa.is_denunciation",
        "pa.is_field",
        "pa.declined",
        "pa.ask_content",
        "pa.kept_first",
        "pa.content_added",
        "pa.attachment_added",
        "pa.too_many_attachments",
        "pa.too_long",
        "pa.masked",
        "pa.content_empty",
        "pa.media_only",
        "pa.done",
        "pa.skip",
        "pa.back",
        "pa.cancel",
        "pa.guessed",
        "pa.guess_yes",
        "pa.guess_no",
        "pa.ask_category",
        "pa.ask_category_below",
        "pa.category_again",
        "pa.ask_place",
        "pa.place_ambiguous",
        "pa.place_other",
        "pa.location_noted",
        "pa.ask_contact",
        "pa.ask_contact_anonymous",
        "pa.form_title",
        "pa.form_subtitle",
        "pa.anonymous",
        "pa.anonymous_warning",
        "pa.anonymous_yes",
        "pa.anonymous_no",
        "pa.ask_name",
        "pa.bad_name",
        "pa.ask_phone",
        "pa.bad_phone",
        "pa.ask_address",
        "pa.bad_address",
        "pa.summary",
        "pa.summary_hint",
        "pa.nothing",
        "pa.anonymous_sender",
        "pa.location_shared",
        "pa.send",
        "pa.correct",
        "pa.ask_field",
        "pa.field_content",
        "pa.field_category",
        "pa.field_attachments",
        "pa.field_place",
        "pa.field_contact",
        "pa.rewrite_content",
        "pa.resend_attachments",
        "pa.filed",
        "pa.filed_anonymous",
        "pa.too_many_today",
        "pa.likely_duplicate",
        "pa.see",
        "pa.file_anyway",
        "pa.add_to",
        "pa.drop",
        "pa.cancel_confirm",
        "pa.cancel_yes",
        "pa.continue",
        "pa.cancelled",
        "pa.resume",
        "pa.resume_empty",
        "pa.later",
        "pa.put_aside",
        "pa.remind",
        "pa.keep",
        "pa.still_complaint",
        "pa.no_draft",
        "pa.new",
        "pa.mine",
        "pa.none",
        "pa.list",
        "pa.unknown_code",
        "pa.status",
        "pa.status_due",
        "pa.left",
        "pa.left_today",
        "pa.overdue",
        "pa.overdue_today",
        "pa.status_unit",
        "pa.unit_unknown",
        "pa.status_message",
        "pa.status_rating",
        "pa.see_status",
        "pa.supplement",
        "pa.withdraw",
        "pa.object",
        "pa.rate",
        "pa.ask_rating",
        "pa.rating_1",
        "pa.rating_2",
        "pa.rating_3",
        "pa.rating_4",
        "pa.rating_5",
        "pa.rated",
        "pa.rated_low",
        "pa.keep_closed",
        "pa.not_now",
        "pa.ask_supplement",
        "pa.ask_objection",
        "pa.withdraw_confirm",
        "pa.withdraw_yes",
        "pa.withdraw_no",
        "pa.withdraw_kept",
        "pa.reply_cancelled",
        "pa.supplement_reminder",
        "pa.due_words",
        "pa.weekday_0",
        "pa.weekday_1",
        "pa.weekday_2",
        "pa.weekday_3",
        "pa.weekday_4",
        "pa.weekday_5",
        "pa.weekday_6"};
    return keys;
}

} // namespace motcua::dialogue
