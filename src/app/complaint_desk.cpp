#include <motcua/app/complaint_desk.hpp>
#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>

namespace motcua::app {
namespace {

using complaints::changed;
using complaints::complaint;
using complaints::history_entry;
using complaints::objection;
using complaints::role;

desk_outcome refused(objection why, complaint now)
{
    return {desk_end::refused, why, std::move(now)};
}

bool is_text(const std::string& text)
{
    return !text.empty() && text::code_points(text) <= complaints::change_text_limit;
}

history_entry entry_of(
    const complaint& what, complaints::actor by, std::string verb, std::string value, utc_time now)
{
    return {
        .at = now,
        .by = std::move(by),
        .what = std::move(verb),
        .from = what.state,
        .to = what.state,
        .reason = {},
        .message = {},
        .value = std::move(value)};
}

} // namespace

complaint with_unit_name(transaction& store, complaint what)
{
    if (what.unit.empty())
        return what;
    if (auto known = store.accounts().find_unit(what.unit))
        what.unit = std::move(known->name);
    return what;
}

complaint_unit::complaint_unit(transaction& store, const dialogue::knowledge& known, utc_time now)
    : store_(store), known_(known), now_(now)
{
}

complaint_store::dates complaint_unit::dates_of(const complaint& what) const
{
    const auto to_come = complaints::timers(known_.complaints, what);
    complaint_store::dates derived{.due = complaints::due_date(known_.complaints, what)};
    if (!to_come.empty())
        derived.wake = to_come.front().at;
    return derived;
}

desk_outcome complaint_unit::load(std::string_view code, version expected)
{
    auto found = store_.complaints().find(code);
    if (!found)
        return {.end = desk_end::not_found, .now = {}};
    const bool stale = expected && *expected != found->version;
    return {.end = stale ? desk_end::stale : desk_end::done, .now = std::move(found)};
}

void complaint_unit::store(changed made, std::int64_t expected)
{
    auto& cases = store_.complaints();
    if (made.next.version != expected) {
        const auto before = cases.find(made.next.code);
        auto different = complaints::differences(before.value_or(complaint{}), made.next);
        made.entry.version = made.next.version;
        std::ranges::move(different, std::back_inserter(made.entry.changes));
    }
    if (!cases.update(made.next, expected, dates_of(made.next)))
        throw std::logic_error("a complaint changed within its own transaction");
    cases.add_history(made.next.id, made.entry);
}

complaint complaint_unit::save(complaint next, std::vector<history_entry> entries)
{
    auto& cases = store_.complaints();
    const auto before = cases.find(next.code);
    if (!before || entries.empty())
        throw std::logic_error("no such complaint, or nothing done to it");
    next.version = before->version + 1;
    next.updated_at = now_;
    auto& first = entries.front();
    first.version = next.version;
    std::ranges::move(complaints::differences(*before, next), std::back_inserter(first.changes));
    cases.update(next, before->version, dates_of(next));
    for (const auto& entry : entries)
        cases.add_history(next.id, entry);
    return next;
}

void complaint_unit::tell(
    const complaint& about,
    const dialogue::notice& what,
    const complaints::actor& by,
    const std::string& transition)
{
    if (about.user_id.empty())
        return;
    auto conversation = store_.load_conversation(about.user_id);
    const auto message = dialogue::tell(conversation, what);
    store_.save_conversation(about.user_id, conversation, now_);
    const auto row = store_.add_outgoing(about.user_id, message, now_);
    store_.complaints().add_message(
        about.id,
        {.at = now_,
         .kind = complaints::message_kind::staff,
         .by = by,
         .text = what.text,
         .attachments = {},
         .transition = transition,
         .outbox_id = row});
    has_spoken_ = true;
}

desk_outcome
complaint_unit::change(std::string_view code, const complaints::change& what, version expected)
{
    auto found = load(code, expected);
    if (found.end != desk_end::done)
        return found;
    const auto& rules = known_.complaints;
    if (const auto why = complaints::check(rules, *found.now, what, now_); why != objection::none)
        return refused(why, std::move(*found.now));
    if (!what.duplicate_of.empty() && !store_.complaints().find(what.duplicate_of))
        return refused(objection::own_duplicate, std::move(*found.now));
    const auto before = found.now->version;
    const auto made = complaints::apply(rules, std::move(*found.now), what, now_);
    store(made, before);
    if (const auto notice = dialogue::notice_of_change(
            known_, with_unit_name(store_, made.next), what.message, now_)) {
        const complaints::actor machine{role::system, {}};
        tell(made.next, *notice, what.message.empty() ? machine : what.by, what.transition);
    }
    return {.now = made.next};
}

desk_outcome complaint_unit::assign(
    std::string_view code,
    const complaints::actor& by,
    std::string unit,
    std::string officer,
    version expected)
{
    auto found = load(code, expected);
    if (found.end != desk_end::done)
        return found;
    if (text::code_points(unit + officer) > complaints::change_text_limit)
        return refused(objection::too_long, std::move(*found.now));
    const auto entry = entry_of(*found.now, by, "assign", unit + "/" + officer, now_);
    const auto before = found.now->version++;
    found.now->unit = std::move(unit);
    found.now->officer = std::move(officer);
    found.now->updated_at = now_;
    store({*found.now, entry}, before);
    return found;
}

desk_outcome complaint_unit::categorise(
    std::string_view code,
    const complaints::actor& by,
    std::string category,
    std::string reason,
    version expected)
{
    auto found = load(code, expected);
    if (found.end != desk_end::done)
        return found;
    const auto& tree = known_.complaints.categories;
    if (!tree.is_leaf(category) || !is_text(reason))
        return refused(objection::missing_input, std::move(*found.now));
    auto entry =
        entry_of(*found.now, by, "category", found.now->category + " -> " + category, now_);
    entry.reason = std::move(reason);
    const auto before = found.now->version++;
    found.now->about = complaints::name(tree.find(category)->about);
    found.now->category = std::move(category);
    found.now->updated_at = now_;
    store({*found.now, entry}, before);
    return found;
}

desk_outcome
complaint_unit::add_note(std::string_view code, const complaints::actor& by, std::string text)
{
    auto found = load(code, {});
    if (found.end != desk_end::done)
        return found;
    if (!is_text(text))
        return refused(
            text.empty() ? objection::missing_input : objection::too_long, std::move(*found.now));
    store_.complaints().add_message(
        found.now->id,
        {.at = now_,
         .kind = complaints::message_kind::note,
         .by = by,
         .text = std::move(text),
         .attachments = {}});
    store_.complaints().add_history(found.now->id, entry_of(*found.now, by, "note", {}, now_));
    return found;
}

desk_outcome
complaint_unit::reply(std::string_view code, const complaints::actor& by, std::string text)
{
    auto found = load(code, {});
    if (found.end != desk_end::done)
        return found;
    if (!is_text(text))
        return refused(
            text.empty() ? objection::missing_input : objection::too_long, std::move(*found.now));
    auto entry = entry_of(*found.now, by, "reply", {}, now_);
    entry.message = text;
    store_.complaints().add_history(found.now->id, entry);
    tell(*found.now, dialogue::notice_of_reply(known_, *found.now, std::move(text)), by, {});
    return found;
}

// ---- what the citizen does

void complaint_unit::carry_out(
    dialogue::step_outcome& outcome, const std::string& user_id, bool is_test)
{
    for (auto& command : outcome.complaints) {
        if (auto* const filing = std::get_if<dialogue::file_complaint>(&command))
            file(outcome, std::move(filing->content), is_test);
        else if (const auto* wanted = std::get_if<dialogue::change_complaint>(&command))
            change_by_citizen(outcome, user_id, *wanted);
        else if (const auto* rating = std::get_if<dialogue::rate_complaint>(&command))
            rate(user_id, *rating);
    }
}

void complaint_unit::file(dialogue::step_outcome& outcome, complaint content, bool is_test)
{
    content.test = is_test;
    const auto today = vietnam_date(now_);
    const auto number = store_.complaints().next_number(today);
    if (number > complaints::highest_number_of_day)
        throw std::runtime_error("no more receipt codes today");
    auto code = complaints::make_receipt_code(today, number);
    auto made = complaints::file(known_.complaints, std::move(content), std::move(code), now_);
    made.next.id = store_.complaints().add(made.next, dates_of(made.next));
    store_.complaints().add_history(made.next.id, made.entry);
    dialogue::tell(outcome, dialogue::receipt(known_, made.next));
}

void complaint_unit::change_by_citizen(
    dialogue::step_outcome& outcome,
    const std::string& user_id,
    const dialogue::change_complaint& wanted)
{
    auto found = store_.complaints().find(wanted.code);
    const auto& rules = known_.complaints;
    if (!found || found->user_id != user_id ||
        complaints::check(rules, *found, wanted.what, now_) != objection::none)
        return dialogue::tell(
            outcome,
            {dialogue::fill(known_.say.pattern("pa.not_now"), {{"code", wanted.code}}),
             {{known_.say.say("pa.see_status"), "#pa:status:" + wanted.code}}});
    const auto before = found->version;
    auto kept = found->message; // the last words to the citizen stay theirs
    auto made = complaints::apply(rules, std::move(*found), wanted.what, now_);
    made.next.message = std::move(kept);
    store(made, before);
    const auto& said = wanted.what.message.empty() ? wanted.what.reason : wanted.what.message;
    if (!said.empty() || !wanted.attachments.empty())
        store_.complaints().add_message(
            made.next.id,
            {.at = now_,
             .kind = complaints::message_kind::citizen,
             .by = wanted.what.by,
             .text = said,
             .attachments = wanted.attachments});
    if (const auto notice =
            dialogue::notice_of_state(known_, with_unit_name(store_, made.next), now_))
        dialogue::tell(outcome, *notice);
}

void complaint_unit::rate(const std::string& user_id, const dialogue::rate_complaint& wanted)
{
    auto found = store_.complaints().find(wanted.code);
    if (!found || found->user_id != user_id)
        return;
    const auto entry =
        entry_of(*found, {role::citizen, user_id}, "rate", std::to_string(wanted.rating), now_);
    const auto before = found->version++;
    found->rating = wanted.rating;
    found->updated_at = now_;
    store({*found, entry}, before);
}

// ---- what time does

std::size_t complaint_unit::wake(std::size_t limit)
{
    auto found = store_.complaints().waking(now_, limit);
    for (auto& one : found)
        wake(std::move(one));
    return found.size();
}

void complaint_unit::wake(complaint one)
{
    using audience = complaints::reminder::audience;
    const auto& rules = known_.complaints;
    const auto morning = dialogue::after_quiet_hours(now_, rules.intake);
    for (auto& due : complaints::timers(rules, one)) {
        if (due.at > now_)
            break;
        const bool speaks = due.automatic != nullptr || due.reminder->to == audience::citizen;
        if (speaks && morning != now_) {
            auto later = dates_of(one);
            later.wake = morning;
            store_.complaints().set_dates(one.id, later);
            return;
        }
        if (due.automatic != nullptr) {
            complaints::change what{.transition = due.automatic->id, .by = {role::system, "timer"}};
            if (change(one.code, what).end == desk_end::done)
                return;
            continue;
        }
        auto entry = entry_of(
            one,
            {role::system, "timer"},
            "reminder:" + due.reminder->id,
            std::string(complaints::name(due.reminder->to)),
            now_);
        one.reminded.push_back(std::move(due.mark));
        store({one, entry}, one.version); // no change of the case: the version stays
        if (speaks)
            tell(
                one,
                dialogue::supplement_reminder(known_, with_unit_name(store_, one)),
                {role::system, "timer"},
                {});
    }
    auto next = dates_of(one);
    if (next.wake && *next.wake <= now_)
        next.wake = now_ + std::chrono::hours(1); // a step refused just now: not at once again
    store_.complaints().set_dates(one.id, next);
}

std::size_t complaint_unit::tend_drafts(std::size_t limit)
{
    const auto& intake = known_.complaints.intake;
    const auto citizens = store_.complaints().drafts_due(now_, limit);
    for (const auto& user_id : citizens) {
        auto conversation = store_.load_conversation(user_id);
        auto& draft = conversation.draft;
        auto next = dialogue::draft_due(draft, intake);
        if (next && *next <= now_) {
            const bool reminds = !draft.reminded && draft.at != dialogue::draft_stage::consent;
            const auto morning = dialogue::after_quiet_hours(now_, intake);
            if (reminds && morning != now_) {
                next = morning;
            } else if (reminds) {
                draft.reminded = true;
                next = dialogue::draft_due(draft, intake);
                const auto reminder = dialogue::draft_reminder(known_, draft);
                auto message = dialogue::tell(conversation, reminder);
                message.why = dialogue::purpose::answer; // days later nobody wants to be reminded
                conversation.choices = reminder.choices; // it is what the citizen was busy with
                store_.save_conversation(user_id, conversation, now_);
                store_.add_outgoing(user_id, message, now_);
                has_spoken_ = true;
            } else {
                draft = {};
                next.reset();
                store_.save_conversation(user_id, conversation, now_);
            }
        }
        store_.complaints().schedule_draft(user_id, next);
    }
    return citizens.size();
}

std::optional<std::int64_t> complaint_unit::derive_dates(std::int64_t after, std::size_t limit)
{
    const auto found = store_.complaints().dated(after, limit);
    for (const auto& one : found)
        store_.complaints().set_dates(one.id, dates_of(one));
    if (found.size() < limit)
        return std::nullopt;
    return found.back().id;
}

// ---- the desk

complaint_desk::complaint_desk(complaint_desk_parts parts) : parts_(std::move(parts)) {}

asio::awaitable<result<desk_outcome>> complaint_desk::run(command what)
{
    struct work
    {
        command what;
        content used;
        utc_time now{};
        desk_outcome end;
        bool has_spoken = false;
    };
    auto job = std::make_shared<work>();
    job->what = std::move(what);
    job->used = parts_.current_content();
    job->now = parts_.now();
    auto unit = [job](transaction& store) {
        complaint_unit on(store, *job->used.knowledge, job->now);
        job->end = job->what(on);
        job->has_spoken = on.has_spoken();
    };
    const auto committed = co_await parts_.store.commit(std::move(unit));
    if (!committed)
        co_return committed.error();
    if (job->has_spoken)
        parts_.outgoing_added();
    co_return std::move(job->end);
}

asio::awaitable<result<desk_outcome>> complaint_desk::change(
    std::string code, complaints::change what, std::optional<std::int64_t> expected_version)
{
    command wanted = [code = std::move(code), what = std::move(what), expected_version](
                         complaint_unit& on) { return on.change(code, what, expected_version); };
    auto end = co_await run(std::move(wanted));
    co_return end;
}

} // namespace motcua::app
