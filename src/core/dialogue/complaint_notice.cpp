#include "composer.hpp"

#include <motcua/core/dialogue/complaint_notice.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>

namespace motcua::dialogue {
namespace {

constexpr int best_rating = 5;
constexpr std::size_t draft_excerpt = 80; // code points

std::string trimmed_end(std::string text)
{
    const auto last = text.find_last_not_of(" \n");
    text.resize(last == std::string::npos ? 0 : last + 1);
    return text;
}

std::string two_digits(unsigned value)
{
    return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

bool may(
    const knowledge& known, const complaints::complaint& what, std::string_view how, utc_time now)
{
    const auto legal =
        complaints::legal_transitions(known.complaints, what, complaints::role::citizen, now);
    return std::ranges::any_of(legal, [how](const auto* one) { return one->id == how; });
}

// News of a complaint is worth having days later: it waits for the window, and outlives an outage.
outgoing_message message_of(const notice& what)
{
    auto message = compose(what.text, what.choices);
    message.why = purpose::notice;
    return message;
}

} // namespace

std::string beginning(std::string_view text, std::size_t code_points)
{
    const auto start = text::prefix(text, code_points);
    std::string line(start);
    std::ranges::replace(line, '\n', ' ');
    return start.size() < text.size() ? line + "…" : line;
}

std::string short_date(utc_time when)
{
    const auto date = vietnam_date(when);
    return two_digits(static_cast<unsigned>(date.day())) + "/" +
           two_digits(static_cast<unsigned>(date.month())) + "/" +
           std::to_string(static_cast<int>(date.year()));
}

std::string date_in_words(const knowledge& known, utc_time when)
{
    const auto date = vietnam_date(when);
    const std::chrono::weekday weekday{std::chrono::sys_days{date}};
    const auto key = "pa.weekday_" + std::to_string(weekday.c_encoding());
    return fill(
        known.say.pattern("pa.due_words"),
        {{"weekday", known.say.say(key)},
         {"day", two_digits(static_cast<unsigned>(date.day()))},
         {"month", two_digits(static_cast<unsigned>(date.month()))},
         {"year", std::to_string(static_cast<int>(date.year()))}});
}

places_to_fill facts_of(const knowledge& known, const complaints::complaint& what)
{
    const auto& rules = known.complaints;
    const auto date = [&known](const std::optional<utc_time>& when) {
        return when ? date_in_words(known, *when) : std::string();
    };
    const auto* const refusal = rules.flow.find_refusal(what.refusal);
    return {
        {"code", what.code},
        {"due", date(complaints::due_date(rules, what))},
        {"unit", what.unit.empty() ? known.say.say("pa.unit_unknown") : what.unit},
        {"agency", what.agency},
        {"message", what.message},
        {"refusal", refusal == nullptr ? std::string() : refusal->citizen},
        {"duplicate_of", what.duplicate_of},
        {"supplement_by", date(complaints::deadline(rules, what, "supplement"))},
        {"reopen_by", date(complaints::deadline(rules, what, "reopen"))}};
}

std::optional<notice>
notice_of_state(const knowledge& known, const complaints::complaint& what, utc_time now)
{
    const auto* const state = known.complaints.flow.find_state(what.state);
    if (state == nullptr || state->citizen.empty())
        return std::nullopt;
    notice made{trimmed_end(fill(state->citizen, facts_of(known, what))), {}};
    if (state->is == complaints::state_class::answered && what.rating == 0 &&
        complaints::may_rate(known.complaints, what, now)) {
        for (int rating = 1; rating <= best_rating; ++rating)
            made.choices.push_back(
                {known.say.say("pa.rating_" + std::to_string(rating)),
                 "#pa:rate:" + what.code + ":" + std::to_string(rating)});
        made.choices.push_back({known.say.say("pa.object"), "#pa:object:" + what.code});
        return made;
    }
    if (may(known, what, "supplement", now)) {
        made.choices.push_back({known.say.say("pa.supplement"), "#pa:supplement:" + what.code});
        made.choices.push_back({known.say.say("pa.withdraw"), "#pa:withdraw:" + what.code});
    }
    made.choices.push_back({known.say.say("pa.see_status"), "#pa:status:" + what.code});
    return made;
}

std::optional<notice> notice_of_change(
    const knowledge& known,
    const complaints::complaint& what,
    const std::string& words,
    utc_time now)
{
    auto made = notice_of_state(known, what, now);
    if (!made || words.empty())
        return made;
    const auto* const state = known.complaints.flow.find_state(what.state);
    if (state->citizen.find("{{message}}") == std::string::npos)
        made->text = words + "\n\n" + made->text;
    return made;
}

notice notice_of_reply(const knowledge& known, const complaints::complaint& what, std::string words)
{
    return {std::move(words), {{known.say.say("pa.see_status"), "#pa:status:" + what.code}}};
}

notice receipt(const knowledge& known, const complaints::complaint& what)
{
    const auto* const key = what.from.anonymous ? "pa.filed_anonymous" : "pa.filed";
    return {
        fill(known.say.pattern(key), facts_of(known, what)),
        {{known.say.say("pa.see_status"), "#pa:status:" + what.code},
         {known.say.say("menu_title"), "#menu"}}};
}

notice supplement_reminder(const knowledge& known, const complaints::complaint& what)
{
    return {
        fill(known.say.pattern("pa.supplement_reminder"), facts_of(known, what)),
        {{known.say.say("pa.supplement"), "#pa:supplement:" + what.code},
         {known.say.say("pa.see_status"), "#pa:status:" + what.code}}};
}

notice draft_reminder(const knowledge& known, const complaint_draft& draft)
{
    const auto& texts = draft.content.texts;
    const auto until = draft.touched_at + known.complaints.intake.drop_after;
    return {
        fill(
            known.say.pattern("pa.remind"),
            {{"content", texts.empty() ? "…" : beginning(texts.front(), draft_excerpt)},
             {"until", date_in_words(known, until)}}),
        {{known.say.say("pa.continue"), "#pa:resume"}, {known.say.say("pa.cancel"), "#cancel"}}};
}

void tell(step_outcome& outcome, const notice& what)
{
    outcome.messages.push_back(message_of(what));
    outcome.next.choices = what.choices;
}

outgoing_message tell(conversation& with, const notice& what)
{
    const bool writing = with.draft.at != draft_stage::none && !with.draft.paused;
    const bool busy = writing || with.reply.at != reply_stage::none || with.at != stage::idle;
    if (!busy)
        with.choices = what.choices;
    return message_of(what);
}

} // namespace motcua::dialogue
