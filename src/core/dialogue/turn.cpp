#include "turn.hpp"

#include "composer.hpp"
#include "differing.hpp"
#include "typed_words.hpp"

#include <motcua/core/reach/row_query.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <iterator>
#include <set>

namespace motcua::dialogue {
namespace {

using procedures::aspect;
using reach::contact_kind;
using understand::decision;

struct aspect_intent
{
    std::string_view intent;
    aspect what;
};

// Intents whose answer is an aspect of a procedure record.
constexpr std::array<aspect_intent, 11> aspect_intents{{
    {"procedure_overview", aspect::overview},
    {"required_documents", aspect::documents},
    {"fee", aspect::fee},
    {"processing_time", aspect::time},
    {"filing_place", aspect::place},
    {"steps", aspect::steps},
    {"conditions", aspect::requirements},
    {"legal_basis", aspect::legal_basis},
    {"form", aspect::forms},
    {"result", aspect::result},
    {"filing_guide", aspect::filing},
}};

// What is offered below an answer, the most asked first.
constexpr std::array<aspect, 6> offered_aspects{
    aspect::documents, aspect::fee, aspect::time, aspect::place, aspect::filing, aspect::forms};

constexpr std::size_t most_choices = 5;
// A search score below this does not turn a question about an aspect away from the procedure talked
// about.
constexpr double faint_hit = 0.55;
// Who says so much beside the question may well mean something else, even if it is not found:
// "quán nhậu nhỏ có cần giấy phép an toàn thực phẩm không".
constexpr double words_of_a_topic = 3;
// From this confidence on small talk is answered as such.
constexpr double small_talk_from = 0.6;
// From this confidence on the message is about something else than administration.
constexpr double foreign_from = 0.6;
// Below this share of legible words it is about nothing: keys hit at random, another alphabet.
constexpr double legible_from = 0.5;
// A second welcome within this time would only disturb.
constexpr std::chrono::minutes welcome_again_after{10};
// Photos of one album come as messages of their own.
constexpr std::chrono::minutes album_span{1};
constexpr std::size_t choice_title_length = 90;
constexpr std::size_t case_title_length = 100;
constexpr int case_limit = 8;
constexpr std::string_view all_cases =
    "*"; // conversation::case_group once the citizen wants every case

std::optional<aspect> aspect_of(std::string_view intent)
{
    const auto* const found = std::ranges::find(aspect_intents, intent, &aspect_intent::intent);
    if (found == aspect_intents.end())
        return std::nullopt;
    return found->what;
}

// The number in "2", "so 2", "chon 2", "muc 2".
std::optional<std::size_t> typed_number(std::string_view plain)
{
    for (const std::string_view word : {"so ", "chon so ", "chon ", "muc "}) {
        if (plain.starts_with(word)) {
            plain.remove_prefix(word.size());
            break;
        }
    }
    std::size_t number = 0;
    const auto [stop, error] = std::from_chars(plain.data(), plain.data() + plain.size(), number);
    if (plain.empty() || plain.size() > 2 || error != std::errc{} ||
        stop != plain.data() + plain.size())
        return std::nullopt;
    return number;
}

// "đổi" for "Đổi (hết hạn, cũ)", "cấp lại" for "Làm lại, cấp lại (bị mất)".
bool is_part_of_title(const typed_words& typed, std::string_view title)
{
    title = title.substr(0, title.find('('));
    while (!title.empty()) {
        const std::size_t end = std::min(title.find(','), title.size());
        if (typed.are(title.substr(0, end)))
            return true;
        title.remove_prefix(std::min(end + 1, title.size()));
    }
    return false;
}

// The name without "(thực hiện tại cấp tỉnh)".
std::string base_name(const procedures::procedure& record)
{
    return typed_words(std::string_view(record.name).substr(0, record.name.find('('))).folded();
}

// What Zalo itself writes in the citizen's name beside user_submit_info (zalo-oa-protocol 5).
bool is_form_notice(std::string_view said)
{
    const typed_words typed(said);
    const std::string_view plain = typed.folded();
    return plain.starts_with("ban da goi thong tin cho") ||
           plain.starts_with("ban da gui thong tin cho");
}

// "tôi ở …", "nhà em ở …": where the citizen lives, not where something is asked about.
bool tells_home(std::string_view said)
{
    constexpr std::array<std::string_view, 5> verbs{
        " o ", " dang o ", " song o ", " thuong tru o ", " tam tru o "};
    constexpr std::array<std::string_view, 7> persons{
        " toi", " em", " minh", " tui", " con", " chau", " nha"};
    const auto plain = ' ' + typed_words(said).folded() + ' ';
    for (const auto verb : verbs)
        for (auto at = plain.find(verb); at != std::string::npos; at = plain.find(verb, at + 1)) {
            const auto before = std::string_view(plain).substr(0, at);
            if (std::ranges::any_of(
                    persons, [before](std::string_view who) { return before.ends_with(who); }))
                return true;
        }
    return false;
}

bool has_slot(const understand::understood& heard, text::slot_kind kind)
{
    return std::ranges::any_of(
        heard.message.slots, [kind](const text::slot& one) { return one.kind == kind; });
}

} // namespace

turn::turn(
    conversation current,
    const inbound_event& event,
    const understand::understood& heard,
    const knowledge& known,
    utc_time now,
    const std::vector<complaints::complaint>& filed)
    : event_(event), heard_(heard), known_(known), now_(now), filed_(filed)
{
    outcome_.next = std::move(current);
    outcome_.next.last_at = now;
    end_lapsed_handover(outcome_.next, now);
}

step_outcome turn::end() &&
{
    return std::move(outcome_);
}

void turn::reached(contact_kind kind, reach::outcome result)
{
    if (!outcome_.reached)
        outcome_.reached.emplace();
    outcome_.reached->kind = kind;
    outcome_.reached->outcome = result;
}

// ---- what was said
// ---------------------------------------------------------------------------------------------------

void turn::hear_text()
{
    reached(contact_kind::message, reach::outcome::silent);
    if (is_form_notice(event_.text))
        return;
    const auto wanted = payload_of_text();
    credit(wanted);
    if (attended() == attention::person)
        return hear_beside_person(wanted);
    if (wanted) {
        outcome_.reached->kind = contact_kind::tap;
        outcome_.taken = wanted;
        return act(*wanted);
    }
    if (complaint().hear_text())
        return;
    if (outcome_.messages.empty() && !dossier().hear_text() && !continue_stage())
        understand_text();
}

complaint_talk turn::complaint()
{
    return {outcome_, event_, heard_, known_, now_, filed_};
}

dossier_talk turn::dossier()
{
    return {outcome_, event_, heard_, known_, now_};
}

bool turn::take_media()
{
    return attended() != attention::person && complaint().hear_media();
}

bool turn::take_location()
{
    reached(contact_kind::media, reach::outcome::clarified);
    return attended() != attention::person && complaint().hear_location();
}

// Only a form that is waiting takes what is shared; nobody else needs it.
void turn::take_info()
{
    reached(contact_kind::other, reach::outcome::silent);
    if (attended() != attention::person)
        complaint().hear_info();
}

attention turn::attended() const
{
    return attended_by(outcome_.next, now_);
}

// A number or a "no" is meant for the person. Only what is surely meant for the machine is
// answered: a button, the way back to the menu, the words about erasure; and danger to life.
void turn::hear_beside_person(const std::optional<payload>& wanted)
{
    auto& next = outcome_.next;
    const bool for_machine =
        wanted && (parse_payload(event_.text) || wanted->what == action::menu ||
                   wanted->what == action::erase || next.at == stage::confirming_erasure);
    if (for_machine) {
        outcome_.reached->kind = contact_kind::tap;
        if (wanted->what == action::menu)
            hand_back(next);
        return act(*wanted);
    }
    next.at = stage::idle;
    next.choices.clear();
    reached(contact_kind::message, reach::outcome::handed_over);
    if (is_emergency())
        answer_intent("emergency");
}

// Several lines in a row are thanked for once.
void turn::note_for_person()
{
    reached(outcome_.reached->kind, reach::outcome::handed_over);
    if (++outcome_.next.failures == 1)
        say(known_.say.say("agent_noted"), {{known_.say.say("menu_title"), "#menu"}});
}

bool turn::is_emergency() const
{
    return !heard_.intents.empty() && heard_.intents.front().intent == "emergency" &&
           heard_.intent_verdict != decision::none;
}

std::optional<payload> turn::payload_of_text() const
{
    if (auto exact = parse_payload(event_.text))
        return exact;
    const typed_words typed(event_.text);
    const auto& choices = outcome_.next.choices;
    if (const auto number = typed_number(typed.folded());
        number && *number >= 1 && *number <= choices.size())
        return parse_payload(choices[*number - 1].payload);
    for (const auto& one : choices) {
        if (typed.are(one.title) || is_part_of_title(typed, one.title))
            return parse_payload(one.payload);
    }
    if (const auto found = known_.commands.find(typed.folded());
        found != known_.commands.end() && typed.are(found->second.words))
        return parse_payload(found->second.payload);
    if (const auto named = keyword_of_text(true); named.keyword != nullptr)
        return payload{.what = action::keyword, .target = named.keyword->code};
    return std::nullopt;
}

// The keyword of the plan that the text is ("bình nước", "BINHNUOC") or, unless it must be the
// whole, that stands in it as one word: "cho em hỏi BINHNUOC". No sentence is taken for one.
reach::keyword_match turn::keyword_of_text(bool whole) const
{
    const typed_words typed(event_.text);
    const std::string_view plain = typed.folded();
    const auto today = vietnam_date(now_);
    if (whole) {
        std::string joined;
        std::ranges::copy_if(plain, std::back_inserter(joined), [](char c) { return c != ' '; });
        return reach::find_keyword(known_.plans, joined, today);
    }
    for (std::string_view rest = plain; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        if (const auto found = reach::find_keyword(known_.plans, rest.substr(0, end), today);
            found.keyword != nullptr)
            return found;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

// A contact that carries a code is credited to its activity; those of some days after it follow on
// from it (reports.md section 2).
void turn::credit(const std::optional<payload>& wanted)
{
    auto found =
        wanted && wanted->what == action::keyword
            ? reach::find_keyword(known_.plans, text::fold(wanted->target), vietnam_date(now_))
            : reach::keyword_match{};
    if (!wanted)
        found = keyword_of_text(false);
    auto& next = outcome_.next;
    auto& reached = *outcome_.reached;
    if (found.keyword != nullptr) {
        reached.activity = activity_key(*found.plan, *found.activity);
        reached.credit = reach::credit::direct;
        reached.keyword = found.keyword->code;
        next.activity = reached.activity;
        next.credited_at = event_.at;
        return;
    }
    const auto* const plan = reach::plan_of(known_.plans, next.activity);
    if (plan != nullptr && event_.at < next.credited_at + std::chrono::days(plan->follow_on_days)) {
        reached.activity = next.activity;
        reached.credit = reach::credit::follow_on;
    }
}

void turn::act(const payload& wanted)
{
    if (wanted.what != action::confirm_erase)
        outcome_.next.at = stage::idle;
    if (complaint().intercept(wanted))
        return;
    switch (wanted.what) {
    case action::menu:
        return show_menu();
    case action::back:
        return go_back();
    case action::cancel:
        reached(outcome_.reached->kind, reach::outcome::menu);
        outcome_.next.aspect.clear();
        outcome_.next.waiting_since = {};
        return say(known_.say.say("cancelled"), {{known_.say.say("menu_title"), "#menu"}});
    case action::more:
        return show_more();
    case action::agent:
        return show_agent();
    case action::erase:
        return ask_erasure();
    case action::confirm_erase:
        if (outcome_.next.at != stage::confirming_erasure)
            return ask_erasure();
        outcome_.next = {};
        outcome_.erase = true;
        reached(outcome_.reached->kind, reach::outcome::answered);
        return say(known_.say.say("erased"));
    case action::fields:
        return show_fields();
    case action::field:
        return show_field(wanted.target);
    case action::procedure:
        return show_procedure(wanted.target, wanted.aspect, wanted.number);
    case action::filing_case: {
        const auto* const record = answerable(wanted.target);
        const auto groups = record == nullptr ? std::vector<std::string>{} : cases_to_ask(*record);
        outcome_.next.procedure = wanted.target;
        outcome_.next.case_group.clear();
        if (wanted.number >= 1 && static_cast<std::size_t>(wanted.number) <= groups.size())
            outcome_.next.case_group = groups[static_cast<std::size_t>(wanted.number) - 1];
        else
            outcome_.next.case_group = all_cases;
        return show_procedure(wanted.target, wanted.aspect, 1);
    }
    case action::centre:
        if (!outcome_.next.commune.empty())
            return show_commune(outcome_.next.commune);
        reached(outcome_.reached->kind, reach::outcome::clarified);
        return ask_commune("ask_commune");
    case action::commune:
        return show_commune(wanted.target);
    case action::answer:
        return answer_intent(wanted.target);
    case action::not_this:
        return offer_alternatives();
    case action::keyword:
        return show_keyword(wanted.target);
    case action::understood:
        return thank_for_understanding();
    case action::complaint:
        return complaint().act(wanted.target);
    case action::dossier:
        return dossier().act(wanted.target);
    }
}

// True if the message continued what was asked before it.
bool turn::continue_stage()
{
    const auto number = typed_number(typed_words(event_.text).folded());
    if (number && !outcome_.next.choices.empty()) {
        reached(contact_kind::message, reach::outcome::clarified);
        if (*number >= 1 && *number <= outcome_.next.choices.size()) {
            const auto link = outcome_.next.choices[*number - 1];
            auto choices = outcome_.next.choices;
            say(link.title + ": " + link.payload, std::move(choices));
            return true;
        }
        const auto most = std::to_string(outcome_.next.choices.size());
        auto choices = outcome_.next.choices;
        say(known_.say.say("number_out_of_range", {{"most", most}}), std::move(choices));
        return true;
    }
    if (outcome_.next.at == stage::confirming_erasure) {
        outcome_.next.at = stage::idle;
        reached(contact_kind::message, reach::outcome::menu);
        say(known_.say.say("erase_kept"), {{known_.say.say("menu_title"), "#menu"}});
        return true;
    }
    if (outcome_.next.at == stage::awaiting_commune) {
        const auto places = known_.places.find(heard_.message);
        if (!places.empty()) {
            outcome_.next.at = stage::idle;
            show_places(places);
            return true;
        }
        outcome_.next.at = stage::idle;
        if (heard_.intent_verdict == decision::none &&
            heard_.procedures.verdict == decision::none) {
            reached(contact_kind::message, reach::outcome::not_understood);
            ask_commune("commune_unknown");
            return true;
        }
    }
    return false;
}

void turn::understand_text()
{
    outcome_.reached->intent = heard_.intents.front().intent;
    if (complaint().hear_code())
        return;
    if (dossier().hear_code())
        return;
    if (has_slot(heard_, text::slot_kind::dossier_code) && known_.answers.contains("file_status"))
        return answer_intent("file_status");
    // Danger to life comes before everything, even when the classifier is not sure.
    if (is_emergency())
        return answer_intent("emergency");
    if (hear_home() || dossier().hear_follow_up())
        return;
    follow_intent();
}

// Where somebody lives is remembered whatever else the message asks, and answered if it asks
// nothing.
bool turn::hear_home()
{
    if (!tells_home(event_.text))
        return false;
    const auto places = known_.places.find(heard_.message);
    if (places.empty())
        return false;
    if (places.size() == 1)
        outcome_.next.commune = places.front()->code;
    constexpr std::size_t words_of_a_place = 8; // "nhà em ở thị xã Hòa Thành ạ"
    const bool asks = heard_.procedures.verdict == decision::answer ||
                      heard_.intent_verdict == decision::answer ||
                      heard_.message.tokens.size() > words_of_a_place;
    if (asks)
        return false;
    show_places(places);
    return true;
}

// One commune, or the choice among several of the name.
void turn::show_places(const std::vector<const understand::commune*>& places)
{
    if (places.size() == 1)
        return show_commune(places.front()->code);
    std::vector<choice> choices;
    for (const auto* place : places) {
        if (choices.size() < most_choices + most_choices)
            choices.push_back({place->name, "#commune:" + place->code});
    }
    reached(contact_kind::message, reach::outcome::clarified);
    say(known_.say.say("commune_ambiguous"), std::move(choices));
}

// A small word before a real question ("chào ad, làm khai sinh ở đâu") must not hide the question.
bool turn::may_mean(const std::string& intent) const
{
    const auto found = known_.answers.find(intent);
    return found != known_.answers.end() && found->second.outcome == "greeting" &&
           heard_.procedures.verdict == decision::answer;
}

void turn::follow_intent()
{
    const auto& intent = heard_.intents.front().intent;
    const bool heard_something = heard_.intent_verdict != decision::none;
    const bool sure = heard_.intent_verdict == decision::answer;
    const auto wanted = aspect_of(intent);
    const bool awaited = outcome_.next.at == stage::awaiting_procedure;
    if (awaited) {
        outcome_.next.at = stage::idle;
        const auto before = procedures::aspect_from(outcome_.next.aspect);
        const bool new_aspect = sure && wanted && *wanted != aspect::overview;
        if (heard_.procedures.verdict != decision::none)
            return look_up(new_aspect ? *wanted : before, true);
    }
    if (has_slot(heard_, text::slot_kind::procedure_code) &&
        (wanted || heard_.procedures.verdict != decision::none))
        return look_up(wanted && heard_something ? *wanted : aspect::overview, true);
    if (heard_something && wanted)
        return look_up(*wanted, sure);
    if (intent == understand::out_of_scope || !heard_something) {
        const bool foreign = intent == understand::out_of_scope &&
                             heard_.intents.front().confidence >= foreign_from &&
                             heard_.message.legible_share >= legible_from;
        // What sounds foreign is never answered as certain, only offered.
        if (heard_.procedures.verdict == decision::answer && !foreign)
            return look_up(aspect::overview, false);
        if (heard_.procedures.verdict != decision::none)
            return ask_which(aspect::overview, "ask_which");
        return not_understood(foreign ? "out_of_scope" : "fallback");
    }
    if (may_mean(intent))
        return look_up(aspect::overview, false);
    if (sure || (intent == "centre" && !known_.places.find(heard_.message).empty()))
        return answer_intent(intent);
    return ask_which_meant();
}

// The procedure of the message, else the one talked about, else ask for it.
void turn::look_up(aspect wanted, bool aspect_is_sure)
{
    const auto& found = heard_.procedures;
    const auto& remembered = outcome_.next.procedure;
    const bool remembered_is_near = std::ranges::any_of(
        found.hits, [&](const understand::hit& one) { return one.code == remembered; });
    from_search_ = true;
    if (found.verdict == decision::answer) {
        from_search_ = !has_slot(heard_, text::slot_kind::procedure_code);
        outcome_.next.alternatives.clear();
        for (std::size_t i = 1; i < found.hits.size(); ++i)
            outcome_.next.alternatives.push_back(found.hits[i].code);
        return show_procedure(found.hits.front().code, wanted, 1);
    }
    const bool asks = found.verdict == decision::ask;
    const bool is_far = asks && !remembered_is_near && found.hits.front().score >= faint_hit;
    if (!remembered.empty() && wanted != aspect::overview && aspect_is_sure && !is_far) {
        if (found.said >= words_of_a_topic &&
            (found.hits.empty() || found.hits.front().code != remembered))
            return ask_which(wanted, "ask_which", remembered);
        from_search_ = false;
        return show_procedure(remembered, wanted, 1);
    }
    if (asks)
        return ask_which(wanted, "ask_which");
    if (wanted == aspect::overview)
        return not_understood("procedure_not_found");
    ask_procedure(wanted);
}

void turn::answer_intent(const std::string& intent)
{
    outcome_.reached->intent = intent;
    if (intent == "menu")
        return show_menu();
    if (intent == "agent")
        return show_agent();
    if (intent == "erase_data")
        return ask_erasure();
    if (intent == "centre") {
        const auto places = known_.places.find(heard_.message);
        if (!places.empty())
            return show_places(places);
        if (!outcome_.next.commune.empty())
            return show_commune(outcome_.next.commune);
        reached(outcome_.reached->kind, reach::outcome::clarified);
        return ask_commune("ask_commune");
    }
    if (const auto what = aspect_of(intent))
        return look_up(*what, true);
    if (complaint().answer(intent) || dossier().answer(intent))
        return;
    const auto found = known_.answers.find(intent);
    if (found == known_.answers.end())
        return not_understood("fallback");
    // What somebody is accused of is told to no channel that may not take it.
    outcome_.forget_event = intent == "denunciation" && !event_.text.starts_with('#');
    reached(outcome_.reached->kind, reach::outcome_from(found->second.outcome));
    outcome_.next.failures = 0;
    screen_ = "#answer:" + intent;
    std::vector<choice> choices;
    for (const auto& entry : found->second.buttons)
        choices.push_back({entry.title, entry.payload});
    say(found->second.text, std::move(choices));
}

// ---- what is answered
// ------------------------------------------------------------------------------------------------

// Once, not again for every follow and unfollow in between.
void turn::welcome(contact_kind kind)
{
    auto& next = outcome_.next;
    const bool just_welcomed =
        next.welcomed_at != utc_time{} && now_ - next.welcomed_at < welcome_again_after;
    if (just_welcomed || attended() == attention::person)
        return reached(kind, reach::outcome::silent);
    reached(kind, reach::outcome::greeting);
    next.welcomed_at = now_;
    next.at = stage::idle;
    std::vector<choice> choices;
    for (const auto& entry : known_.main_menu)
        choices.push_back({entry.title, entry.payload});
    say(known_.say.say("welcome", {{"province", known_.province}}), std::move(choices));
}

void turn::show_menu()
{
    reached(outcome_.reached->kind, reach::outcome::menu);
    outcome_.next.failures = 0;
    screen_ = "#menu";
    std::vector<choice> choices;
    for (const auto& entry : known_.main_menu)
        choices.push_back({entry.title, entry.payload});
    say(known_.say.say("menu"), std::move(choices));
}

void turn::show_fields()
{
    reached(outcome_.reached->kind, reach::outcome::menu);
    screen_ = "#fields";
    std::vector<choice> choices;
    for (const auto& one : known_.fields)
        choices.push_back({one.title, "#field:" + one.id});
    say(known_.say.say("fields"), std::move(choices));
}

void turn::show_field(std::string_view id)
{
    reached(outcome_.reached->kind, reach::outcome::menu);
    const auto found = std::ranges::find(known_.fields, id, &field::id);
    if (found == known_.fields.end())
        return show_fields();
    screen_ = "#field:" + found->id;
    std::vector<choice> choices;
    for (const auto& code : found->codes) {
        if (const auto* record = answerable(code))
            choices.push_back(
                {procedures::display_name(*record, choice_title_length), "#procedure:" + code});
    }
    say(known_.say.say("field", {{"field", found->title}}), std::move(choices));
}

const procedures::procedure* turn::answerable(std::string_view code) const
{
    const auto* const record = known_.procedures.find(code);
    if (record == nullptr ||
        !procedures::is_answerable(*record, vietnam_date(now_), known_.province))
        return nullptr;
    return record;
}

std::string turn::counter_name() const
{
    const auto* const place = known_.places.by_code(outcome_.next.commune);
    return place == nullptr ? std::string{} : place->centre.name;
}

procedures::rendering_context turn::rendering(const procedures::procedure& record) const
{
    const auto& chosen = outcome_.next.case_group;
    bool is_group = false;
    if (!chosen.empty()) {
        const auto groups = cases_to_ask(record);
        is_group = std::ranges::find(groups, chosen) != groups.end();
    }
    return {
        .today = vietnam_date(now_),
        .portal_url = known_.portal_url,
        .counter_name = counter_name(),
        .chosen_group = is_group ? chosen : std::string{}};
}

// Police procedures of one name exist per level: the other one is mentioned (domain.md section 3).
std::string turn::twin_note(const procedures::procedure& record) const
{
    for (const auto& code : outcome_.next.alternatives) {
        const auto* const other = answerable(code);
        if (other != nullptr && other->at != record.at &&
            other->at == procedures::level::province && base_name(*other) == base_name(record))
            return "\n" + known_.say.say("twin", {{"code", code}});
    }
    return {};
}

std::vector<choice> turn::aspects_to_offer(const procedures::procedure& record, aspect what) const
{
    std::vector<choice> choices;
    const std::size_t most = from_search_ ? most_choices - 1 : most_choices;
    const bool has_contents = procedures::has_contents(record);
    if (!has_contents)
        choices.push_back({known_.say.say("agent_title"), "#agent"});
    for (const auto one : offered_aspects) {
        const bool is_known = has_contents || one == aspect::place;
        if (one != what && is_known && choices.size() < most)
            choices.push_back(
                {known_.say.say("aspect." + std::string(procedures::name(one))),
                 make_payload({.what = action::procedure, .target = record.code, .aspect = one})});
    }
    if (from_search_)
        choices.push_back({known_.say.say("not_this"), "#not-this"});
    return choices;
}

void turn::show_procedure(std::string_view code, aspect what, int page)
{
    const auto* const record = answerable(code);
    if (record == nullptr) {
        reached(outcome_.reached->kind, reach::outcome::not_understood);
        outcome_.reached->procedure = code;
        const bool known = known_.procedures.find(code) != nullptr;
        return say(
            known_.say.say(known ? "procedure_expired" : "procedure_unknown", {{"code", code}}),
            {{known_.say.say("menu_title"), "#menu"}, {known_.say.say("agent_title"), "#agent"}});
    }
    if (outcome_.next.procedure != code)
        outcome_.next.case_group.clear();
    outcome_.next.procedure = code;
    outcome_.next.failures = 0;
    outcome_.reached->procedure = record->code;
    outcome_.reached->field = record->field;
    outcome_.reached->aspect = procedures::name(what);

    const auto context = rendering(*record);
    auto choices = aspects_to_offer(*record, what);
    auto body = procedures::render(*record, what, context);
    if (what == aspect::overview || what == aspect::place || what == aspect::filing)
        body += twin_note(*record);
    const auto footer = procedures::source_line(*record, context);
    const auto room = text_limit - choices_length(choices) - choice_title_length;
    const auto pages = procedures::paginate(body, footer, known_.say.say("more_hint"), room);
    const bool depends_on_case =
        what == aspect::filing || (what == aspect::documents && pages.size() > 1);
    if (depends_on_case && outcome_.next.case_group.empty() && cases_to_ask(*record).size() > 1)
        return ask_case(*record, what);

    // Who reads on asks nothing anew.
    reached(outcome_.reached->kind, page > 1 ? reach::outcome::menu : reach::outcome::answered);
    if (record->from.as_of.ok() && record->from.as_of.year() > std::chrono::year(0))
        outcome_.reached->procedure_version = reach::to_text(record->from.as_of);
    if (what == aspect::filing) {
        outcome_.reached->filing_link = procedures::portal_link(*record, context);
        if (!from_search_) // nobody has yet said that it is the right procedure
            choices.back() = {known_.say.say("understood_title"), "#understood"};
    }
    const auto shown = std::min(static_cast<std::size_t>(page), pages.size());
    screen_ = make_payload({.what = action::procedure, .target = record->code, .aspect = what});
    if (shown < pages.size()) {
        const bool last_stays = from_search_ || what == aspect::filing;
        if (choices.size() == most_choices)
            choices.erase(choices.end() - (last_stays ? 2 : 1));
        choices.insert(
            choices.begin(),
            {known_.say.say("more"),
             make_payload(
                 {.what = action::procedure,
                  .target = record->code,
                  .aspect = what,
                  .number = static_cast<int>(shown) + 1})});
    }
    say(pages[shown - 1], std::move(choices));
}

void turn::show_commune(std::string_view code)
{
    const auto* const place = known_.places.by_code(code);
    if (place == nullptr) {
        reached(outcome_.reached->kind, reach::outcome::clarified);
        return ask_commune("commune_unknown");
    }
    outcome_.next.commune = place->code;
    outcome_.next.failures = 0;
    reached(outcome_.reached->kind, reach::outcome::answered);
    outcome_.reached->intent = "centre";
    screen_ = "#commune:" + place->code;

    const auto describe = [this](const understand::service_centre& centre) {
        std::string lines = centre.name;
        if (centre.address.empty())
            lines += "\n" + known_.say.say("centre_no_address");
        else
            lines += "\n" + known_.say.say("centre_address", {{"address", centre.address}});
        if (!centre.hours.empty())
            lines += "\n" + known_.say.say("centre_hours", {{"hours", centre.hours}});
        if (!centre.phone.empty())
            lines += "\n" + known_.say.say("centre_phone", {{"phone", centre.phone}});
        if (!centre.source.empty())
            lines += "\n" + known_.say.say("centre_source", {{"source", centre.source}});
        return lines;
    };
    std::string text = known_.say.say("centre_intro", {{"commune", place->name}});
    if (!place->former.empty()) {
        std::string former;
        for (const auto& one : place->former)
            former += (former.empty() ? "" : ", ") + one.name;
        text += "\n" + known_.say.say("centre_former", {{"former", former}});
    }
    text += "\n\n" + describe(place->centre) + "\n\n" + describe(known_.provincial_centre) +
            "\n\n" + known_.say.say("centre_any", {{"province", known_.province}});
    std::vector<choice> choices;
    if (const auto* record = answerable(outcome_.next.procedure))
        choices.push_back(
            {known_.say.say("continue_filing"),
             make_payload(
                 {.what = action::procedure, .target = record->code, .aspect = aspect::filing})});
    choices.push_back({known_.say.say("menu_title"), "#menu"});
    say(text, std::move(choices));
}

void turn::show_agent()
{
    auto& next = outcome_.next;
    reached(outcome_.reached->kind, reach::outcome::handed_over);
    outcome_.reached->intent = "agent";
    if (attended() == attention::person)
        return; // is there already
    next.failures = 0;
    if (attended() == attention::machine)
        next.waiting_since = now_;
    const choice menu{known_.say.say("menu_title"), "#menu"};
    if (known_.duty.is_known() && !known_.duty.covers(now_))
        return say(known_.say.say("agent_closed", {{"hours", known_.duty.words}}), {menu});
    say(known_.say.say("agent"), {menu});
}

void turn::show_keyword(std::string_view code)
{
    const auto found = reach::find_keyword(known_.plans, text::fold(code), vietnam_date(now_));
    if (found.keyword == nullptr)
        return show_menu();
    reached(outcome_.reached->kind, reach::outcome::answered);
    outcome_.reached->intent = "keyword";
    outcome_.next.failures = 0;
    screen_ = make_payload({.what = action::keyword, .target = found.keyword->code});
    std::vector<choice> choices;
    for (const auto& one : found.keyword->buttons)
        choices.push_back({one.title, one.payload});
    choices.push_back({known_.say.say("understood_title"), "#understood"});
    say(found.keyword->text, std::move(choices));
}

void turn::thank_for_understanding()
{
    reached(outcome_.reached->kind, reach::outcome::menu);
    outcome_.reached->intent = "understood";
    say(known_.say.say("understood"), {{known_.say.say("menu_title"), "#menu"}});
}

void turn::ask_commune(std::string_view phrase)
{
    outcome_.next.at = stage::awaiting_commune;
    say(known_.say.say(phrase));
}

// Near procedures that may be answered, as choices for the wanted aspect.
std::vector<choice>
turn::near_procedures(aspect wanted, std::size_t most, const std::string& first) const
{
    std::vector<choice> choices;
    std::set<std::string> titles;
    const auto offer = [&](const std::string& code) {
        const auto* const record = answerable(code);
        if (record == nullptr || choices.size() == most)
            return;
        auto title = procedures::display_name(*record, choice_title_length);
        if (!titles.insert(title).second)
            title += " (" + record->code + ")";
        choices.push_back(
            {std::move(title),
             make_payload({.what = action::procedure, .target = code, .aspect = wanted})});
    };
    if (!first.empty())
        offer(first);
    // Beside another procedure, what is out of reach is not worth offering.
    if (first.empty() || heard_.procedures.verdict != decision::none)
        for (const auto& one : heard_.procedures.hits)
            if (one.code != first)
                offer(one.code);
    return choices;
}

// If the two nearest procedures differ in one thing alone, asks for that. False if they do not.
bool turn::ask_attribute(aspect wanted)
{
    std::vector<const procedures::procedure*> records;
    for (const auto& one : heard_.procedures.hits)
        if (const auto* const record = answerable(one.code))
            records.push_back(record);
    const auto question = differing_attribute(records);
    if (!question)
        return false;
    std::vector<choice> choices;
    const auto offer = [&](std::string title, const procedures::procedure& record) {
        if (choices.size() + 1 < most_choices)
            choices.push_back(
                {std::move(title),
                 make_payload(
                     {.what = action::procedure, .target = record.code, .aspect = wanted})});
    };
    for (const auto& one : question->values)
        offer(known_.say.say(one.phrase, {{"age", one.number}}), *one.record);
    outcome_.next.alternatives.clear();
    for (const auto* record : records) {
        outcome_.next.alternatives.push_back(record->code);
        if (std::ranges::find(question->values, record, &attribute_value::record) ==
            question->values.end())
            offer(procedures::display_name(*record, choice_title_length), *record);
    }
    choices.push_back({known_.say.say("none_of_these"), "#not-this"});
    reached(outcome_.reached->kind, reach::outcome::clarified);
    say(known_.say.say(
            question->phrase, {{"procedure", procedures::display_name(*records.front())}}),
        std::move(choices));
    return true;
}

void turn::ask_which(aspect wanted, std::string_view phrase, const std::string& first)
{
    if (first.empty() && ask_attribute(wanted))
        return;
    auto choices = near_procedures(wanted, most_choices - 1, first);
    if (choices.empty())
        return not_understood("fallback");
    reached(outcome_.reached->kind, reach::outcome::clarified);
    choices.push_back({known_.say.say("none_of_these"), "#not-this"});
    outcome_.next.alternatives.clear();
    say(known_.say.say(phrase), std::move(choices));
}

// The intent is middling: offer the two likeliest readings and the nearest procedures. Small talk
// (intents without a title) is no reading to choose.
void turn::ask_which_meant()
{
    const auto& likeliest = heard_.intents.front();
    if (!known_.titles.contains(likeliest.intent) && known_.answers.contains(likeliest.intent) &&
        (likeliest.confidence >= small_talk_from || heard_.procedures.verdict == decision::none))
        return answer_intent(likeliest.intent);
    std::vector<choice> choices;
    for (const auto& one : heard_.intents) {
        const auto title = known_.titles.find(one.intent);
        if (choices.size() < 2 && title != known_.titles.end() && !aspect_of(one.intent) &&
            one.intent != understand::out_of_scope)
            choices.push_back({title->second, "#answer:" + one.intent});
    }
    if (heard_.procedures.verdict != decision::none) {
        for (auto& one : near_procedures(aspect::overview, most_choices - 1 - choices.size()))
            choices.push_back(std::move(one));
    }
    if (choices.empty())
        return not_understood("fallback");
    reached(outcome_.reached->kind, reach::outcome::clarified);
    choices.push_back({known_.say.say("none_of_these"), "#menu"});
    say(known_.say.say("ask_which"), std::move(choices));
}

void turn::ask_procedure(aspect wanted)
{
    reached(outcome_.reached->kind, reach::outcome::clarified);
    outcome_.next.at = stage::awaiting_procedure;
    outcome_.next.aspect = procedures::name(wanted);
    const auto title = text::lower(known_.say.say("aspect." + outcome_.next.aspect));
    say(known_.say.say("ask_procedure", {{"aspect", title}}),
        {{known_.say.say("fields_title"), "#fields"}});
}

void turn::ask_case(const procedures::procedure& record, aspect what)
{
    reached(outcome_.reached->kind, reach::outcome::clarified);
    const auto groups = cases_to_ask(record);
    std::vector<choice> choices;
    const auto add = [&](std::string title, int number) {
        choices.push_back(
            {std::move(title),
             make_payload(
                 {.what = action::filing_case,
                  .target = record.code,
                  .aspect = what,
                  .number = number})});
    };
    for (int number = 1; number <= case_limit && number <= std::ssize(groups); ++number)
        add(std::string(
                text::prefix(groups[static_cast<std::size_t>(number) - 1], case_title_length)),
            number);
    add(known_.say.say("all_cases"), 0);
    say(known_.say.say("ask_case", {{"procedure", procedures::display_name(record)}}),
        std::move(choices));
}

void turn::offer_alternatives()
{
    reached(outcome_.reached->kind, reach::outcome::clarified);
    std::vector<choice> choices;
    for (const auto& code : outcome_.next.alternatives) {
        const auto* const record = answerable(code);
        if (record != nullptr && choices.size() < most_choices - 2)
            choices.push_back(
                {procedures::display_name(*record, choice_title_length), "#procedure:" + code});
    }
    const auto phrase = choices.empty() ? "no_alternatives" : "alternatives";
    choices.push_back({known_.say.say("fields_title"), "#fields"});
    choices.push_back({known_.say.say("agent_title"), "#agent"});
    outcome_.next.alternatives.clear();
    outcome_.next.procedure.clear();
    outcome_.next.case_group.clear();
    say(known_.say.say(phrase), std::move(choices));
}

void turn::ask_erasure()
{
    reached(outcome_.reached->kind, reach::outcome::clarified);
    outcome_.reached->intent = "erase_data";
    outcome_.next.at = stage::confirming_erasure;
    say(known_.say.say("erase_confirm"),
        {{known_.say.say("erase_yes"), "#confirm-erase"}, {known_.say.say("erase_no"), "#cancel"}});
}

void turn::go_back()
{
    auto& trail = outcome_.next.trail;
    if (!trail.empty())
        trail.pop_back();
    if (trail.empty())
        return show_menu();
    const auto earlier = parse_payload(trail.back());
    trail.pop_back();
    if (!earlier)
        return show_menu();
    act(*earlier);
}

void turn::show_more()
{
    for (const auto& one : outcome_.next.choices) {
        const auto wanted = parse_payload(one.payload);
        if (wanted && wanted->what == action::procedure && wanted->number > 1)
            return act(*wanted);
    }
    reached(outcome_.reached->kind, reach::outcome::menu);
    say(known_.say.say("no_more"), {{known_.say.say("menu_title"), "#menu"}});
}

void turn::not_understood(std::string_view phrase)
{
    if (attended() == attention::waiting)
        return note_for_person();
    if (const auto& code = outcome_.reached->keyword; !code.empty())
        return show_keyword(std::string(code));
    reached(outcome_.reached->kind, reach::outcome::not_understood);
    const bool again = ++outcome_.next.failures > 1;
    auto choices = near_procedures(aspect::overview, 3);
    const auto agent = choice{known_.say.say("agent_title"), "#agent"};
    if (again)
        choices.insert(choices.begin(), agent);
    choices.push_back({known_.say.say("menu_title"), "#menu"});
    if (!again)
        choices.push_back(agent);
    std::string text = known_.say.say(again ? "fallback_again" : phrase);
    if (choices.size() > 2)
        text += "\n" + known_.say.say("nearest");
    say(text, std::move(choices));
}

void turn::hear_media()
{
    auto& next = outcome_.next;
    const bool one_of_several = next.media_at != utc_time{} && now_ - next.media_at < album_span;
    next.media_at = now_;
    if (attended() == attention::person) {
        reached(contact_kind::media, reach::outcome::handed_over);
        if (is_emergency())
            answer_intent("emergency");
        return;
    }
    // A caption that asks something is answered as a question.
    const bool asks = !heard_.intents.empty() && heard_.intent_verdict == decision::answer &&
                      heard_.intents.front().intent != understand::out_of_scope;
    if (asks || is_emergency())
        return understand_text();
    if (attended() == attention::waiting)
        return note_for_person();
    if (!one_of_several)
        explain_media();
}

void turn::explain_media()
{
    reached(contact_kind::media, reach::outcome::clarified);
    std::string key = "media.other";
    for (const auto& one : event_.attachments) {
        if (known_.say.has("media." + one.type))
            key = "media." + one.type;
    }
    say(known_.say.say("media_received", {{"what", known_.say.say(key)}}),
        {{known_.say.say("menu_title"), "#menu"},
         {known_.say.say("complaint_title"), "#answer:complaint"},
         {known_.say.say("agent_title"), "#agent"}});
}

void turn::hear_location()
{
    if (attended() == attention::person)
        return reached(contact_kind::media, reach::outcome::handed_over);
    reached(contact_kind::media, reach::outcome::clarified);
    ask_commune("location_received");
}

// What a citizen thinks of one of our messages, in the platform's icon (zalo-oa-protocol 2.2).
void turn::keep_feedback()
{
    constexpr std::array<std::string_view, 8> icons{
        "/-strong", "/-heart", ":>", ":o", ":-((", ":-h", "--b", "/-remove"};
    reached(contact_kind::other, reach::outcome::silent);
    outcome_.reached->intent = "feedback";
    const bool is_known = std::ranges::find(icons, event_.reaction) != icons.end();
    outcome_.reached->aspect = is_known ? event_.reaction : "other";
}

void turn::erase_quietly()
{
    outcome_.next = {};
    outcome_.erase = true;
}

// Counted from when the person wrote: an echo may come late.
void turn::give_way_to_person()
{
    auto& next = outcome_.next;
    const auto until = std::max(next.silent_until, event_.at + known_.silence_after_person);
    if (until > now_)
        take_over(next, until);
}

void turn::say(std::string_view text, std::vector<choice> choices)
{
    complaint().offer_to_continue(choices);
    outcome_.messages.push_back(compose(text, choices));
    outcome_.next.choices = std::move(choices);
    if (!screen_.empty()) {
        auto& trail = outcome_.next.trail;
        if (trail.empty() || trail.back() != screen_)
            trail.push_back(screen_);
        if (trail.size() > trail_limit)
            trail.erase(trail.begin());
    }
}

namespace {

std::vector<std::string_view> turn_keys()
{
    return {
        "welcome",
        "menu",
        "menu_title",
        "agent",
        "agent_closed",
        "agent_noted",
        "silenced",
        "agent_title",
        "understood",
        "understood_title",
        "fields",
        "fields_title",
        "field",
        "cancelled",
        "more",
        "more_hint",
        "no_more",
        "not_this",
        "none_of_these",
        "ask_which",
        "ask_procedure",
        "ask_case",
        "ask_attribute.action",
        "ask_attribute.foreign",
        "ask_attribute.age",
        "ask_attribute.level",
        "attribute.first",
        "attribute.reissue",
        "attribute.exchange",
        "attribute.renew",
        "attribute.amend",
        "attribute.remove",
        "attribute.terminate",
        "attribute.suspend",
        "attribute.foreign",
        "attribute.domestic",
        "attribute.under",
        "attribute.over",
        "attribute.commune",
        "attribute.province",
        "attribute.ministry",
        "all_cases",
        "alternatives",
        "no_alternatives",
        "twin",
        "procedure_unknown",
        "procedure_expired",
        "procedure_not_found",
        "fallback",
        "fallback_again",
        "out_of_scope",
        "nearest",
        "number_out_of_range",
        "ask_commune",
        "commune_ambiguous",
        "commune_unknown",
        "location_received",
        "media_received",
        "media.image",
        "media.file",
        "media.audio",
        "media.video",
        "media.other",
        "complaint_title",
        "centre_intro",
        "centre_former",
        "centre_address",
        "centre_no_address",
        "centre_hours",
        "centre_phone",
        "centre_source",
        "centre_any",
        "continue_filing",
        "erase_confirm",
        "erase_yes",
        "erase_no",
        "erase_kept",
        "erased",
        "aspect.overview",
        "aspect.documents",
        "aspect.fee",
        "aspect.time",
        "aspect.place",
        "aspect.steps",
        "aspect.requirements",
        "aspect.legal_basis",
        "aspect.forms",
        "aspect.result",
        "aspect.filing"};
}

} // namespace

const std::vector<std::string_view>& phrases::required_keys()
{
    static const auto keys = [] {
        auto all = turn_keys();
        for (const auto* more : {&complaint_keys(), &dossier_keys()})
            all.insert(all.end(), more->begin(), more->end());
        return all;
    }();
    return keys;
}

} // namespace motcua::dialogue
