#include "complaint_talk.hpp"
#include "complaint_words.hpp"

#include <motcua/core/complaints/text_rules.hpp>
#include <motcua/core/dialogue/complaint_notice.hpp>
#include <motcua/core/text/slots.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>

// The intake: from the notice to the summary.
namespace motcua::dialogue {
namespace {

using understand::decision;

constexpr std::size_t story_from = 40;     // code points: the first words already tell something
constexpr std::size_t excerpt_length = 80; // code points
constexpr std::size_t summary_content = 700;
constexpr std::size_t name_length = 80;
constexpr std::size_t address_length = 200;
constexpr std::size_t address_least = 5;
constexpr std::size_t place_length = 200;
constexpr std::size_t most_communes = 8;
constexpr std::size_t question_words = 14; // a longer message tells a story
constexpr std::size_t cry_words = 8;       // a longer one that merely sounds like danger is no cry
constexpr std::size_t file_name_length = 120;

constexpr std::array<std::string_view, 11> procedure_questions{
    "procedure_overview",
    "required_documents",
    "fee",
    "processing_time",
    "filing_place",
    "steps",
    "conditions",
    "legal_basis",
    "form",
    "result",
    "filing_guide"};

std::string joined(const std::vector<std::string>& texts)
{
    std::string all;
    for (const auto& one : texts)
        all += (all.empty() ? "" : "\n") + one;
    return all;
}

std::string trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n,;.:-");
    if (begin == std::string_view::npos)
        return {};
    return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n,;:-") - begin + 1));
}

bool is_attachable(const attachment& one)
{
    return one.type == "image" || one.type == "video" || one.type == "audio" ||
           one.type == "file" || one.type == "gif";
}

bool looks_like_name(std::string_view text)
{
    const auto length = text::code_points(text);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return length >= 2 && length <= name_length && std::ranges::none_of(text, is_digit) &&
           text.find('\n') == std::string_view::npos;
}

// Said in words, whatever the classifier thinks.
bool names_denunciation(std::string_view text)
{
    const auto lowered = text::lower(text);
    return lowered.find("tố cáo") != std::string::npos ||
           lowered.find("tố giác") != std::string::npos;
}

// Zalo adds this text of its own when its form is sent (zalo-oa-protocol 5, #30953002619).
bool is_echo_of_form(std::string_view text)
{
    const auto folded = text::fold(text);
    return folded.find("da goi thong tin cho oa") != std::string::npos ||
           folded.find("da gui thong tin cho oa") != std::string::npos;
}

std::optional<text::slot> phone_in(std::string_view text)
{
    for (auto& slot : text::find_slots(text)) {
        if (slot.kind == text::slot_kind::phone)
            return slot;
    }
    return std::nullopt;
}

draft_stage stage_before(draft_stage at)
{
    switch (at) {
    case draft_stage::duplicate:
    case draft_stage::category:
        return draft_stage::content;
    case draft_stage::place:
        return draft_stage::category;
    case draft_stage::contact:
        return draft_stage::place;
    case draft_stage::anonymous:
    case draft_stage::phone:
        return draft_stage::contact;
    case draft_stage::address:
        return draft_stage::phone;
    case draft_stage::summary:
        return draft_stage::contact;
    case draft_stage::correction:
        return draft_stage::summary;
    default:
        return draft_stage::none;
    }
}

} // namespace

// ---- what comes in

bool complaint_talk::hear_draft()
{
    const auto now_at = draft().at;
    if (now_ - draft().touched_at > intake().resume_after)
        return ask_to_resume();
    draft().touched_at = now_;
    if (is_echo_of_form(event_.text))
        return true;
    if (now_at == draft_stage::content && is_done_word()) {
        finish_content();
        return true;
    }
    if (divert())
        return true;
    if (asks_about_procedure()) {
        draft().paused = true;
        if (now_at == draft_stage::content)
            draft().pending = complaints::mask_identity_numbers(event_.text);
        return false; // answered as anywhere else, with a way back
    }
    switch (now_at) {
    case draft_stage::consent:
        draft() = {}; // something else is meant
        return false;
    case draft_stage::content: {
        const auto phrase = add_text(draft().content, intake().characters);
        ask_content(phrase);
        return true;
    }
    case draft_stage::category: {
        const auto* const guess = known_.complaints.categories.guess(text::fold(event_.text));
        if (guess == nullptr)
            ask_category("pa.category_again");
        else
            choose_category(guess->id);
        return true;
    }
    case draft_stage::place:
        take_place();
        return true;
    case draft_stage::anonymous:
        if (says_send(event_.text) || wants_no_name(event_.text))
            stay_anonymous();
        else
            take_contact();
        return true;
    case draft_stage::contact:
        if (intake().anonymous && wants_no_name(event_.text))
            ask(draft_stage::anonymous);
        else
            take_contact();
        return true;
    case draft_stage::phone:
        take_phone();
        return true;
    case draft_stage::address:
        take_address();
        return true;
    case draft_stage::summary:
        take_summary();
        return true;
    case draft_stage::correction:
        if (const auto part = part_named(event_.text); !part.empty())
            correct(part);
        else
            ask(now_at);
        return true;
    default:
        ask(now_at);
        return true;
    }
}

bool complaint_talk::hear_media()
{
    const bool supplements = reply().at == reply_stage::supplement;
    if (!supplements && !is_writing())
        return false;
    if (std::ranges::none_of(event_.attachments, is_attachable) && event_.text.empty())
        return false;
    auto& parts = supplements ? reply().content : draft().content;
    const bool wanted =
        supplements || draft().at == draft_stage::content || draft().at == draft_stage::summary;
    if (!wanted) {
        ask(draft().at);
        return true;
    }
    (supplements ? reply().touched_at : draft().touched_at) = now_;
    if (!supplements && !draft().assured && names_denunciation(event_.text)) {
        outcome_.forget_event = true;
        interrupt("denunciation", false);
        return true;
    }
    int added = 0;
    auto phrase = add_attachments(parts, added);
    if (!event_.text.empty())
        add_text(parts, supplements ? int{complaints::change_text_limit} : intake().characters);
    if (!supplements && draft().at == draft_stage::summary) {
        show_summary(false);
        return true;
    }
    if (phrase == "pa.too_many_attachments") {
        ask_content(phrase);
        return true;
    }
    reached(reach::outcome::clarified);
    say(fill(known_.say.pattern(phrase), {{"count", std::to_string(parts.attachments.size())}}),
        {button("pa.done", "#pa:done"), button("pa.cancel", "#cancel")});
    return true;
}

bool complaint_talk::hear_location()
{
    if (!is_writing() || !event_.where)
        return false;
    const auto& where = *event_.where;
    draft().where.coordinates =
        std::to_string(where.latitude) + "," + std::to_string(where.longitude);
    draft().touched_at = now_;
    reached(reach::outcome::clarified);
    if (draft().at == draft_stage::place)
        say_phrase(
            "pa.location_noted", {button("pa.skip", "#pa:place-skip"), button("pa.back", "#back")});
    else if (draft().at == draft_stage::content)
        ask_content("pa.content_added");
    else
        ask(draft().at);
    return true;
}

// The citizen shared name and telephone through Zalo's own form.
void complaint_talk::hear_info()
{
    const bool wanted =
        is_writing() &&
        (draft().at == draft_stage::contact || draft().at == draft_stage::anonymous ||
         draft().at == draft_stage::phone || draft().at == draft_stage::address);
    if (!wanted || !event_.info)
        return;
    auto& from = draft().from;
    from.anonymous = false;
    draft().touched_at = now_;
    if (const auto given = trimmed(event_.info->name); looks_like_name(given))
        from.name = given;
    if (const auto phone = phone_in(event_.info->phone))
        from.phone = phone->value;
    if (const auto given = trimmed(event_.info->address); !given.empty())
        from.address = complaints::mask_identity_numbers(text::prefix(given, address_length));
    next_after(draft_stage::contact);
}

// ---- what interrupts it

bool complaint_talk::ask_to_resume()
{
    if (draft().at == draft_stage::consent) {
        draft() = {};
        return false;
    }
    draft().paused = true;
    if (draft().at == draft_stage::content)
        draft().pending = complaints::mask_identity_numbers(event_.text);
    const auto& texts = draft().content.texts;
    reached(reach::outcome::clarified);
    say(texts.empty() ? known_.say.say("pa.resume_empty")
                      : fill(
                            known_.say.pattern("pa.resume"),
                            {{"content", beginning(texts.front(), excerpt_length)}}),
        {button("pa.continue", "#pa:resume"),
         button("pa.later", "#pa:later"),
         button("pa.cancel", "#cancel")});
    return true;
}

// Danger to life, khiếu nại and tố cáo are sent the right way at every step.
bool complaint_talk::divert()
{
    const auto& top = heard_.intents.front().intent;
    const bool sure = heard_.intent_verdict == decision::answer;
    const auto words = heard_.message.tokens.size();
    if (top == "emergency" &&
        (sure || (heard_.intent_verdict == decision::ask && words <= cry_words))) {
        interrupt(top, true);
        return true;
    }
    if (draft().assured)
        return false;
    if ((sure && top == "denunciation") || names_denunciation(event_.text)) {
        outcome_.forget_event = true;
        interrupt("denunciation", false);
        return true;
    }
    if ((sure && top == "formal_complaint") ||
        text::lower(event_.text).find("khiếu nại") != std::string::npos) {
        interrupt("formal_complaint", false);
        return true;
    }
    if (sure && top == "field_report" && draft().at == draft_stage::content &&
        draft().content.texts.empty()) {
        interrupt(top, true);
        return true;
    }
    return false;
}

void complaint_talk::interrupt(std::string_view intent, bool keeps_words)
{
    draft().paused = true;
    draft().pending.clear();
    if (keeps_words && draft().at == draft_stage::content)
        draft().pending = complaints::mask_identity_numbers(event_.text);
    outcome_.reached->intent = intent;
    reached(reach::outcome::answered);
    const auto found = known_.answers.find(intent);
    std::vector<choice> choices;
    if (!keeps_words)
        choices.push_back(button("pa.still_complaint", "#pa:assured"));
    else if (!draft().pending.empty())
        choices.push_back(button("pa.keep", "#pa:keep"));
    choices.push_back(button("pa.continue", "#pa:resume"));
    choices.push_back(button("pa.cancel", "#cancel"));
    if (!keeps_words)
        choices.erase(choices.begin() + 1);
    say(found == known_.answers.end() ? std::string(intent) : found->second.text,
        std::move(choices));
}

bool complaint_talk::asks_about_procedure() const
{
    return heard_.intent_verdict == decision::answer &&
           heard_.procedures.verdict == decision::answer &&
           heard_.message.tokens.size() <= question_words &&
           std::ranges::find(procedure_questions, heard_.intents.front().intent) !=
               procedure_questions.end();
}

void complaint_talk::offer_to_continue(std::vector<choice>& choices) const
{
    if (draft().at == draft_stage::none || !draft().paused)
        return;
    for (const auto& one : choices) {
        if (one.payload == "#confirm-erase" || one.payload == "#pa:resume")
            return;
    }
    if (!draft().pending.empty())
        choices.push_back(button("pa.keep", "#pa:keep"));
    choices.push_back(button("pa.continue", "#pa:resume"));
}

bool complaint_talk::intercept(const payload& wanted)
{
    if (wanted.what == action::complaint)
        return false;
    if (reply().at != reply_stage::none) {
        const bool stops = wanted.what == action::back || wanted.what == action::cancel;
        if (stops) {
            stop_reply();
            return true;
        }
        if (reply().at != reply_stage::supplement || reply().content == written_parts{})
            reply() = {};
        return false;
    }
    if (draft().at == draft_stage::none)
        return false;
    if (wanted.what == action::cancel) {
        confirm_cancel();
        return true;
    }
    if (!is_writing()) {
        draft().pending.clear();
        return false;
    }
    if (wanted.what == action::back) {
        go_back();
        return true;
    }
    if (draft().at == draft_stage::consent)
        draft() = {};
    draft().paused = draft().at != draft_stage::none;
    return false;
}

// ---- step by step

void complaint_talk::begin(std::string_view first_words)
{
    if (draft().at != draft_stage::none && draft().at != draft_stage::consent) {
        const auto words = std::string(first_words);
        ask_to_resume();
        draft().pending = words.empty() ? words : complaints::mask_identity_numbers(words);
        return;
    }
    draft() = {};
    reply() = {};
    draft().at = draft_stage::consent;
    draft().touched_at = now_;
    if (text::code_points(first_words) >= story_from)
        draft().pending = complaints::mask_identity_numbers(first_words);
    reached(reach::outcome::clarified);
    say(fill(known_.say.pattern("pa.notice"), {{"province", known_.province}}),
        {button("pa.agree", "#pa:agree"),
         button("pa.disagree", "#pa:disagree"),
         button("pa.is_formal", "#answer:formal_complaint"),
         button("pa.is_denunciation", "#answer:denunciation"),
         button("pa.is_field", "#answer:field_report")});
}

void complaint_talk::agree()
{
    if (draft().at != draft_stage::consent)
        return begin({});
    draft().consented_at = now_;
    draft().notice_version = intake().notice_version;
    draft().at = draft_stage::content;
    draft().touched_at = now_;
    std::string text;
    if (!draft().pending.empty()) {
        draft().content.texts.push_back(std::exchange(draft().pending, {}));
        text = fill(
                   known_.say.pattern("pa.kept_first"),
                   {{"content", beginning(draft().content.texts.front(), excerpt_length)}}) +
               "\n\n";
    }
    reached(reach::outcome::clarified);
    say(text + fill(
                   known_.say.pattern("pa.ask_content"),
                   {{"attachments", std::to_string(intake().attachments)}}),
        {button("pa.done", "#pa:done"), button("pa.cancel", "#cancel")});
}

void complaint_talk::disagree()
{
    if (draft().at == draft_stage::consent)
        draft() = {};
    reached(reach::outcome::answered);
    say_phrase("pa.declined", {button("menu_title", "#menu")});
}

void complaint_talk::ask(draft_stage at)
{
    draft().at = at;
    draft().paused = false;
    draft().touched_at = now_;
    reached(reach::outcome::clarified);
    const auto back = button("pa.back", "#back");
    switch (at) {
    case draft_stage::none:
        return say_phrase("pa.no_draft", {button("pa.new", "#pa:new")});
    case draft_stage::consent:
        return begin({});
    case draft_stage::content:
        return ask_content("pa.ask_content");
    case draft_stage::duplicate:
        return finish_content();
    case draft_stage::category:
        return ask_category();
    case draft_stage::place:
        return say_phrase("pa.ask_place", {button("pa.skip", "#pa:place-skip"), back});
    case draft_stage::contact:
        return ask_contact();
    case draft_stage::anonymous:
        return say_phrase(
            "pa.anonymous_warning",
            {button("pa.anonymous_yes", "#pa:anonymous-yes"),
             button("pa.anonymous_no", "#pa:anonymous-no")});
    case draft_stage::phone:
        return say_phrase("pa.ask_phone", {back});
    case draft_stage::address:
        return say_phrase("pa.ask_address", {back});
    case draft_stage::summary:
        return show_summary(false);
    case draft_stage::correction:
        return say_phrase(
            "pa.ask_field",
            {button("pa.field_content", "#pa:field:content"),
             button("pa.field_category", "#pa:field:category"),
             button("pa.field_attachments", "#pa:field:attachments"),
             button("pa.field_place", "#pa:field:place"),
             button("pa.field_contact", "#pa:field:contact")});
    case draft_stage::cancelling: // asked again, not taken for a yes
        draft().at = draft().before;
        return confirm_cancel();
    }
}

void complaint_talk::ask_content(std::string_view phrase)
{
    reached(reach::outcome::clarified);
    std::string text = fill(
        known_.say.pattern(phrase),
        {{"attachments", std::to_string(intake().attachments)},
         {"most", std::to_string(intake().attachments)}});
    if (phrase == "pa.content_added" && event_.kind == event_kind::text &&
        complaints::mask_identity_numbers(event_.text) != event_.text)
        text += "\n" + known_.say.say("pa.masked");
    say(text, {button("pa.done", "#pa:done"), button("pa.cancel", "#cancel")});
}

bool complaint_talk::is_done_word() const
{
    auto word = text::fold(event_.text);
    const auto last = word.find_last_not_of(" .!\n");
    word.resize(last == std::string::npos ? 0 : last + 1);
    return std::ranges::find(intake().done_words, word) != intake().done_words.end();
}

// Gives the phrase that says how it went.
std::string_view complaint_talk::add_text(written_parts& to, int limit) const
{
    auto text = complaints::mask_identity_numbers(event_.text);
    const auto used = text::code_points(joined(to.texts));
    if (std::ssize(to.texts) >= intake().messages ||
        used + text::code_points(text) + 1 > static_cast<std::size_t>(limit))
        return "pa.too_long";
    to.texts.push_back(std::move(text));
    return "pa.content_added";
}

std::string_view complaint_talk::add_attachments(written_parts& to, int& added) const
{
    int index = 0;
    for (const auto& one : event_.attachments) {
        const int place = index++;
        if (!is_attachable(one))
            continue;
        if (std::ssize(to.attachments) >= intake().attachments)
            return "pa.too_many_attachments";
        to.attachments.push_back(
            {event_.message_id,
             place,
             one.type,
             std::string(text::prefix(one.name, file_name_length))});
        ++added;
    }
    return "pa.attachment_added";
}

void complaint_talk::finish_content()
{
    if (draft().at != draft_stage::content && draft().at != draft_stage::duplicate)
        return ask(draft().at);
    draft().touched_at = now_;
    draft().paused = false;
    const auto& content = draft().content;
    if (content.texts.empty()) {
        draft().at = draft_stage::content;
        return ask_content(content.attachments.empty() ? "pa.content_empty" : "pa.media_only");
    }
    if (draft().correcting)
        return show_summary(false);
    const auto* const before = likely_duplicate();
    if (before == nullptr)
        return after_content();
    draft().at = draft_stage::duplicate;
    reached(reach::outcome::clarified);
    const auto* const state = known_.complaints.flow.find_state(before->state);
    std::vector<choice> choices;
    const auto with_code = [&](std::string_view key, std::string_view verb) {
        choices.push_back(
            {fill(known_.say.pattern(key), {{"code", before->code}}),
             "#pa:" + std::string(verb) + ":" + before->code});
    };
    if (may(*before, "supplement"))
        with_code("pa.add_to", "add-to");
    with_code("pa.see", "status");
    choices.push_back(button("pa.file_anyway", "#pa:file-anyway"));
    choices.push_back(button("pa.drop", "#pa:drop"));
    say(fill(
            known_.say.pattern("pa.likely_duplicate"),
            {{"code", before->code},
             {"date", short_date(before->course.front().at)},
             {"state", state == nullptr ? before->state : state->title}}),
        std::move(choices));
}

const complaints::complaint* complaint_talk::likely_duplicate() const
{
    const auto text = joined(draft().content.texts);
    const auto oldest = now_ - std::chrono::days(intake().duplicate_days);
    const complaints::complaint* best = nullptr;
    double closest = complaints::likely_duplicate_from;
    for (const auto& one : filed_) {
        if (one.course.empty() || one.course.front().at < oldest || one.state == "withdrawn")
            continue;
        const double alike = complaints::similarity(text, one.content);
        if (alike >= closest) {
            closest = alike;
            best = &one;
        }
    }
    return best;
}

void complaint_talk::after_content()
{
    draft().at = draft_stage::category;
    draft().category_top.clear();
    const auto* const guess =
        known_.complaints.categories.guess(text::fold(joined(draft().content.texts)));
    if (guess == nullptr)
        return ask_category();
    draft().category = guess->id;
    reached(reach::outcome::clarified);
    say(fill(known_.say.pattern("pa.guessed"), {{"category", guess->title}}),
        {button("pa.guess_yes", "#pa:category:" + guess->id),
         button("pa.guess_no", "#pa:guess-no")});
}

void complaint_talk::ask_category(std::string_view phrase)
{
    draft().at = draft_stage::category;
    std::vector<choice> choices;
    for (const auto* one : known_.complaints.categories.below(draft().category_top))
        choices.push_back({one->title, "#pa:category:" + one->id});
    choices.push_back(button("pa.back", "#back"));
    reached(reach::outcome::clarified);
    if (phrase.empty())
        phrase = draft().category_top.empty() ? "pa.ask_category" : "pa.ask_category_below";
    say_phrase(phrase, std::move(choices));
}

void complaint_talk::choose_category(std::string_view id)
{
    const auto& tree = known_.complaints.categories;
    if (draft().at != draft_stage::category || tree.find(id) == nullptr)
        return ask(draft().at);
    draft().touched_at = now_;
    if (!tree.is_leaf(id)) {
        draft().category_top = id;
        return ask_category();
    }
    draft().category = id;
    draft().category_top.clear();
    next_after(draft_stage::category);
}

void complaint_talk::take_place()
{
    const auto text = complaints::mask_identity_numbers(text::prefix(event_.text, place_length));
    draft().where.text = trimmed(text);
    draft().where.commune.clear();
    const auto communes = known_.places.find(heard_.message);
    if (communes.size() > 1) {
        std::vector<choice> choices;
        for (const auto* one : communes) {
            if (choices.size() < most_communes)
                choices.push_back({one->name, "#pa:commune:" + one->code});
        }
        choices.push_back(button("pa.place_other", "#pa:place-skip"));
        reached(reach::outcome::clarified);
        return say_phrase("pa.place_ambiguous", std::move(choices));
    }
    if (communes.size() == 1)
        draft().where.commune = communes.front()->code;
    next_after(draft_stage::place);
}

void complaint_talk::ask_contact()
{
    std::vector<choice> choices;
    if (intake().anonymous)
        choices.push_back(button("pa.anonymous", "#pa:anonymous"));
    choices.push_back(button("pa.back", "#back"));
    say_phrase(
        intake().anonymous ? "pa.ask_contact_anonymous" : "pa.ask_contact", std::move(choices));
    if (intake().contact_form_image.empty() || !draft().from.name.empty())
        return;
    // Behind the question, so that typing works even where the form is refused.
    auto& form = outcome_.messages.emplace_back();
    form.asks = {
        .title = known_.say.say("pa.form_title"),
        .subtitle = known_.say.say("pa.form_subtitle"),
        .image_url = intake().contact_form_image};
}

void complaint_talk::stay_anonymous()
{
    draft().from = {};
    draft().from.anonymous = true;
    show_summary(false);
}

// "Nguyễn Văn A 0912 345 678" gives both.
void complaint_talk::take_contact()
{
    std::string rest = event_.text;
    const auto phone = phone_in(rest);
    if (phone) {
        draft().from.phone = phone->value;
        rest.erase(phone->begin, phone->end - phone->begin);
    }
    const auto given = trimmed(rest);
    reached(reach::outcome::clarified);
    if (!looks_like_name(given))
        return say_phrase(phone ? "pa.ask_name" : "pa.bad_name", {button("pa.back", "#back")});
    draft().at = draft_stage::contact;
    draft().from.anonymous = false;
    draft().from.name = given;
    next_after(draft_stage::contact);
}

void complaint_talk::take_phone()
{
    if (takes_back_contact())
        return;
    const auto phone = phone_in(event_.text);
    if (!phone) {
        reached(reach::outcome::clarified);
        return say_phrase("pa.bad_phone", {button("pa.back", "#back")});
    }
    draft().from.phone = phone->value;
    next_after(draft_stage::phone);
}

// "sai số điện thoại rồi" is no address.
bool complaint_talk::takes_back_contact()
{
    const auto part = part_named(event_.text);
    if (!asks_for_change(event_.text) || (part != "name" && part != "phone"))
        return false;
    correct(part);
    return true;
}

void complaint_talk::take_address()
{
    if (takes_back_contact())
        return;
    const auto given = trimmed(event_.text);
    const auto length = text::code_points(given);
    if (length < address_least || length > address_length) {
        reached(reach::outcome::clarified);
        return say_phrase("pa.bad_address", {button("pa.back", "#back")});
    }
    draft().from.address = complaints::mask_identity_numbers(given);
    next_after(draft_stage::address);
}

void complaint_talk::next_after(draft_stage done)
{
    switch (done) {
    case draft_stage::category:
        return draft().correcting ? show_summary(false) : ask(draft_stage::place);
    case draft_stage::place:
        return draft().correcting ? show_summary(false) : ask(draft_stage::contact);
    default:
        break;
    }
    const auto& from = draft().from;
    if (!from.anonymous && from.name.empty())
        return ask(draft_stage::contact);
    if (!from.anonymous && from.phone.empty())
        return ask(draft_stage::phone);
    if (!from.anonymous && from.address.empty())
        return ask(draft_stage::address);
    show_summary(false);
}

places_to_fill complaint_talk::facts_of_draft() const
{
    const auto nothing = known_.say.say("pa.nothing");
    const auto* const category = known_.complaints.categories.find(draft().category);
    std::string where = draft().where.text;
    const auto add = [](std::string& to, const std::string& more) {
        if (!more.empty())
            to += (to.empty() ? "" : ", ") + more;
    };
    if (const auto* commune = known_.places.by_code(draft().where.commune);
        commune != nullptr && where != commune->name)
        where += (where.empty() ? "" : " (") + commune->name + (where.empty() ? "" : ")");
    if (!draft().where.coordinates.empty())
        add(where, known_.say.say("pa.location_shared"));
    std::string who;
    add(who, draft().from.name);
    add(who, draft().from.phone);
    add(who, draft().from.address);
    if (draft().from.anonymous)
        who = known_.say.say("pa.anonymous_sender");
    const auto files = draft().content.attachments.size();
    return {
        {"category", category == nullptr ? nothing : category->title},
        {"content",
         std::string(text::prefix(joined(draft().content.texts), summary_content)) +
             (text::code_points(joined(draft().content.texts)) > summary_content ? "…" : "")},
        {"attachments", files == 0 ? nothing : std::to_string(files)},
        {"place", where.empty() ? nothing : where},
        {"contact", who.empty() ? nothing : who}};
}

void complaint_talk::show_summary(bool again)
{
    draft().at = draft_stage::summary;
    draft().paused = false;
    draft().correcting = false;
    draft().touched_at = now_;
    reached(reach::outcome::clarified);
    auto text = fill(known_.say.pattern("pa.summary"), facts_of_draft());
    if (again)
        text += "\n\n" + known_.say.say("pa.summary_hint");
    say(text,
        {button("pa.send", "#pa:send"),
         button("pa.correct", "#pa:correct"),
         button("pa.back", "#back"),
         button("pa.cancel", "#cancel")});
}

void complaint_talk::correct_chosen(std::string_view field)
{
    if (draft().at != draft_stage::correction)
        return ask(draft().at);
    correct(field);
}

// Words instead of a button: "gửi", "sửa địa chỉ", or just the right telephone number.
void complaint_talk::take_summary()
{
    const auto part = part_named(event_.text);
    if (says_send(event_.text))
        return send();
    if (asks_for_change(event_.text))
        return part.empty() ? ask(draft_stage::correction) : correct(part);
    if (const auto phone = phone_in(event_.text); phone && !draft().from.anonymous) {
        draft().from.phone = phone->value;
        return show_summary(false);
    }
    show_summary(true);
}

void complaint_talk::correct(std::string_view field)
{
    draft().correcting =
        draft().at == draft_stage::correction || draft().at == draft_stage::summary;
    reached(reach::outcome::clarified);
    const std::vector<choice> writing{
        button("pa.done", "#pa:done"), button("pa.cancel", "#cancel")};
    if (field == "content" || field == "attachments") {
        const bool words = field == "content";
        draft().at = draft_stage::content;
        if (words)
            draft().content.texts.clear();
        else
            draft().content.attachments.clear();
        return say_phrase(words ? "pa.rewrite_content" : "pa.resend_attachments", writing);
    }
    if (field == "category") {
        draft().category_top.clear();
        return ask(draft_stage::category);
    }
    if (field == "place") {
        draft().where = {};
        return ask(draft_stage::place);
    }
    const bool is_named = !draft().from.anonymous;
    if (is_named && field == "phone")
        return ask(draft_stage::phone);
    if (is_named && field == "address")
        return ask(draft_stage::address);
    if (!is_named || field != "name")
        draft().from = {};
    ask(draft_stage::contact);
}

void complaint_talk::go_back()
{
    draft().touched_at = now_;
    if (draft().at == draft_stage::cancelling)
        return ask(draft().before);
    if (draft().correcting) {
        // What was to be written anew may be gone.
        if (draft().content.texts.empty())
            return ask_content("pa.content_empty");
        return next_after(draft_stage::contact);
    }
    if (draft().at == draft_stage::consent || draft().at == draft_stage::content)
        return confirm_cancel();
    if (draft().at == draft_stage::category && !draft().category_top.empty()) {
        draft().category_top.clear();
        return ask_category();
    }
    ask(stage_before(draft().at));
}

void complaint_talk::confirm_cancel()
{
    const bool nothing_written = draft().content == written_parts{};
    if (nothing_written || draft().at == draft_stage::cancelling)
        return drop_draft();
    draft().before = draft().at;
    draft().at = draft_stage::cancelling;
    draft().paused = false;
    draft().touched_at = now_;
    reached(reach::outcome::clarified);
    say_phrase(
        "pa.cancel_confirm",
        {button("pa.cancel_yes", "#pa:drop"), button("pa.continue", "#pa:resume")});
}

void complaint_talk::drop_draft()
{
    draft() = {};
    reached(reach::outcome::menu);
    say_phrase("pa.cancelled", {button("menu_title", "#menu")});
}

void complaint_talk::resume()
{
    if (draft().at == draft_stage::none)
        return ask(draft_stage::none);
    const auto at = draft().at == draft_stage::cancelling ? draft().before : draft().at;
    draft().before = draft_stage::none;
    if (at == draft_stage::content && !draft().pending.empty())
        return keep_pending();
    draft().pending.clear();
    ask(at);
}

void complaint_talk::keep_pending()
{
    auto text = std::exchange(draft().pending, {});
    if (draft().at != draft_stage::content || text.empty())
        return resume();
    draft().paused = false;
    draft().touched_at = now_;
    const auto used = text::code_points(joined(draft().content.texts));
    if (std::ssize(draft().content.texts) >= intake().messages ||
        used + text::code_points(text) + 1 > static_cast<std::size_t>(intake().characters))
        return ask_content("pa.too_long");
    draft().content.texts.push_back(std::move(text));
    ask_content("pa.content_added");
}

void complaint_talk::put_aside()
{
    draft().pending.clear();
    draft().paused = draft().at != draft_stage::none;
    reached(reach::outcome::menu);
    std::vector<choice> choices{button("menu_title", "#menu")};
    offer_to_continue(choices);
    say_phrase("pa.put_aside", std::move(choices));
}

void complaint_talk::send()
{
    if (draft().at != draft_stage::summary)
        return ask(draft().at);
    const auto today = vietnam_date(now_);
    const auto sent_today = std::ranges::count_if(filed_, [today](const auto& one) {
        return !one.course.empty() && vietnam_date(one.course.front().at) == today;
    });
    if (sent_today >= intake().per_day) {
        draft().paused = true;
        reached(reach::outcome::answered);
        return say(
            fill(
                known_.say.pattern("pa.too_many_today"),
                {{"most", std::to_string(intake().per_day)}}),
            {button("pa.mine", "#pa:mine"), button("menu_title", "#menu")});
    }
    const auto* const category = known_.complaints.categories.find(draft().category);
    complaints::complaint made;
    made.user_id = event_.user_id;
    made.source = "zalo";
    made.category = draft().category;
    made.about =
        complaints::name(category == nullptr ? complaints::subject::both : category->about);
    made.content = joined(draft().content.texts);
    made.attachments = draft().content.attachments;
    made.where = draft().where;
    made.from = draft().from;
    made.notice_version = draft().notice_version;
    made.consented_at = draft().consented_at;
    if (outcome_.reached)
        made.activity = outcome_.reached->activity;
    outcome_.complaints.emplace_back(file_complaint{std::move(made)});
    outcome_.next.choices.clear();
    draft() = {};
    reached(reach::outcome::answered);
}

} // namespace motcua::dialogue
