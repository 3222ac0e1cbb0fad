#include <motcua/app/attachment_content.hpp>
#include <motcua/app/complaint_desk.hpp>
#include <motcua/app/dossier_desk.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/silence.hpp>
#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/dialogue/payload.hpp>
#include <motcua/core/dialogue/silence.hpp>
#include <motcua/core/text/unicode.hpp>
#include <motcua/support/run_on.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace motcua::app {
namespace {

// An event older than this is stored and acknowledged, not acted on (design.md section 3).
constexpr std::chrono::hours stale_after{24};

constexpr std::size_t link_token_length = 20; // hex digits

constexpr std::size_t complaints_read = 30; // of one citizen, newest first

// The citizen's own complaints: the newest, and the one whose code the message names. Another
// person's is not among them, so that its code reads like an unknown one.
std::vector<complaints::complaint>
complaints_of(complaint_store& store, const dialogue::inbound_event& event)
{
    using enum dialogue::event_kind;
    const bool may_matter = event.kind == text || event.kind == media || event.kind == location ||
                            event.kind == submit_info;
    if (!may_matter)
        return {};
    auto filed = store.of_citizen(event.user_id, complaints_read);
    const auto named = complaints::find_receipt_code(event.text);
    if (!named || filed.size() < complaints_read)
        return filed;
    auto found = store.find(named->code);
    if (found && found->user_id == event.user_id)
        filed.push_back(std::move(*found));
    return filed;
}

reach::interaction make_interaction(
    const dialogue::contact& reached,
    const content& used,
    std::string pseudonym,
    bool test,
    utc_time at,
    utc_time now)
{
    return {
        .at = std::min(at, now), // the platform's clock may be ahead of ours
        .recorded = now,
        .pseudonym = std::move(pseudonym),
        .kind = reached.kind,
        .intent = reached.intent,
        .procedure = reached.procedure,
        .field = reached.field,
        .aspect = reached.aspect,
        .outcome = reached.outcome,
        .activity = reached.activity,
        .credit = reached.credit,
        .keyword = reached.keyword,
        .model_version = std::string(used.understander->model().version()),
        .content_version = used.knowledge->version,
        .procedure_version = reached.procedure_version,
        .test = test};
}

// Of a contact that nobody answers.
reach::contact_kind kind_of(const dialogue::inbound_event& event)
{
    using enum dialogue::event_kind;
    switch (event.kind) {
    case text:
        return dialogue::parse_payload(event.text) ? reach::contact_kind::tap
                                                   : reach::contact_kind::message;
    case media:
    case location:
        return reach::contact_kind::media;
    case follow:
        return reach::contact_kind::follow;
    default:
        return reach::contact_kind::other;
    }
}

// What the platform tells of a citizen without their doing, or at their leaving. Of somebody we
// keep nothing of, such as a citizen erased a moment ago, it makes nobody known: the event is
// stored without the person.
bool makes_nobody_known(const dialogue::inbound_event& event)
{
    using enum dialogue::event_kind;
    switch (event.kind) {
    case received:
    case seen:
    case reaction:
    case unfollow:
    case withdraw:
    case other:
    case unknown:
        return true;
    case echo:
        return event.admin_id.empty();
    default:
        return false;
    }
}

bool insert_nameless(
    transaction& store, dialogue::inbound_event event, std::string_view raw, utc_time now)
{
    event.user_id.clear();
    return store.insert_event(event, raw, now);
}

bool handover_changed(const dialogue::conversation& before, const dialogue::conversation& after)
{
    return before.silent_until != after.silent_until || before.waiting_since != after.waiting_since;
}

} // namespace

// Everything one unit of work needs; kept alive until the commit has ended.
struct event_handler::work
{
    dialogue::inbound_event event;
    std::string raw;
    understand::understood heard;
    content used;
    std::string pseudonym;
    std::string public_url;
    bool test = false;
    utc_time now{};
    handled end = handled::stored;
    bool answered = false;
    bool attachments_changed = false;
    bool freed = false;
    bool dossier_asked = false;
    handling how = handling::full;
    std::optional<reach::outcome> outcome; // of the contact stored
    keyed_hash hash;
    guess_limits guesses;
};

event_handler::event_handler(event_handler_parts parts) : parts_(std::move(parts)) {}

void event_handler::settle_what_we_sent(transaction& store, work& job)
{
    const auto& event = job.event;
    if (!event.user_id.empty() && dialogue::opens_window(event.kind)) {
        store.note_contact(event.user_id, event.at, job.now);
        job.freed = true;
    }
    switch (event.kind) {
    case dialogue::event_kind::received:
        return store.mark_received(event.receipt_ids, job.now);
    case dialogue::event_kind::seen:
        return store.mark_seen(event.receipt_ids, job.now);
    case dialogue::event_kind::echo:
        if (event.admin_id.empty())
            job.freed = store.settle_unknown_by_echo(
                event.user_id, dialogue::trace_of(event), event.message_id, job.now);
        return;
    case dialogue::event_kind::follow:
        return store.set_following(event.user_id, true, job.now);
    case dialogue::event_kind::unfollow:
        if (store.knows(event.user_id))
            store.set_following(event.user_id, false, job.now);
        return;
    default:
        return;
    }
}

void event_handler::note_handover(
    transaction& store,
    const work& job,
    const dialogue::conversation& before,
    const dialogue::step_outcome& outcome)
{
    handover_note note;
    note.by = dialogue::attended_by(outcome.next, job.now);
    const auto kind = outcome.reached ? outcome.reached->kind : reach::contact_kind::other;
    note.citizen_spoke = kind == reach::contact_kind::message || kind == reach::contact_kind::media;
    const bool listened_to = note.citizen_spoke && note.by != dialogue::attention::machine;
    if (!listened_to && !handover_changed(before, outcome.next))
        return;
    note.user_id = job.event.user_id;
    note.until = outcome.next.silent_until;
    note.who = job.event.admin_id;
    store.handovers().note(note, job.now);
}

// The link to the portal becomes one of ours that leads there and counts it. Left as it is where
// the message would grow too long.
void event_handler::track_filing_link(
    transaction& store, const work& job, dialogue::step_outcome& outcome)
{
    if (job.public_url.empty() || !outcome.reached || outcome.reached->filing_link.empty())
        return;
    const auto& reached = *outcome.reached;
    tracked_link link;
    // One per message, so that a link tells of the contact it was given in.
    link.token = job.hash("link " + job.event.user_id + " " + job.event.message_id)
                     .substr(0, link_token_length);
    link.target = reached.filing_link;
    link.pseudonym = job.pseudonym;
    link.procedure = reached.procedure;
    link.field = reached.field;
    link.activity = reached.activity;
    link.test = job.test;
    const auto ours = job.public_url + "/d/" + link.token;
    for (auto& message : outcome.messages) {
        const auto place = message.text.find(link.target);
        if (place == std::string::npos)
            continue;
        auto text = message.text;
        text.replace(place, link.target.size(), ours);
        if (text::code_points(text) > dialogue::text_limit)
            continue;
        message.text = std::move(text);
        store.reach().put_link(link, job.now);
        return;
    }
}

void event_handler::keep_attachments(transaction& store, work& job)
{
    for (const auto& one : attachments_of(job.event)) {
        store.attachments().add(one, job.now);
        job.attachments_changed = true;
    }
}

void event_handler::apply(transaction& store, work& job)
{
    const auto& event = job.event;
    const bool stranger =
        event.user_id.empty() || (makes_nobody_known(event) && !store.knows(event.user_id));
    const bool fresh = stranger ? insert_nameless(store, event, job.raw, job.now)
                                : store.insert_event(event, job.raw, job.now);
    if (!fresh) {
        job.end = handled::duplicate;
        return;
    }
    settle_what_we_sent(store, job);
    const bool withdraws = event.kind == dialogue::event_kind::withdraw;
    // What was asked of us by right is done however late it comes.
    if (event.at + stale_after < job.now && !withdraws) {
        job.end = handled::stale;
        return;
    }
    if (event.user_id.empty() || (stranger && !withdraws))
        return;
    if (job.how == handling::store_only) {
        dialogue::contact reached;
        reached.kind = kind_of(event);
        store.add_interaction(
            make_interaction(reached, job.used, job.pseudonym, job.test, event.at, job.now));
        job.outcome = reached.outcome;
        job.end = handled::unheard;
        return;
    }
    const auto before = store.load_conversation(event.user_id);
    auto filed = complaints_of(store.complaints(), event);
    for (auto& one : filed)
        one = with_unit_name(store, std::move(one));
    const auto silenced = current_silence(store);
    auto outcome =
        silenced
            ? dialogue::silenced_step(
                  before, event, job.heard, *job.used.knowledge, job.now, silenced->since, filed)
            : dialogue::step(before, event, job.heard, *job.used.knowledge, job.now, filed);
    if (outcome.forget_event)
        store.forget_event();
    if (!outcome.complaints.empty())
        complaint_unit(store, *job.used.knowledge, job.now)
            .carry_out(outcome, event.user_id, job.test);
    if (outcome.dossier)
        job.dossier_asked = carry_out_dossier_wish(
            store, outcome, event.user_id, *job.used.knowledge, job.hash, job.guesses, job.now);
    if (outcome.erase) {
        store.erase(event.user_id, job.pseudonym, withdraws ? "withdrawn" : "asked", job.now);
        job.attachments_changed = true;
    } else {
        if (outcome.next.draft != before.draft)
            store.complaints().schedule_draft(
                event.user_id,
                dialogue::draft_due(outcome.next.draft, job.used.knowledge->complaints.intake));
        if (outcome.reached || handover_changed(before, outcome.next))
            store.save_conversation(event.user_id, outcome.next, job.now);
        note_handover(store, job, before, outcome);
        if (!outcome.forget_event)
            keep_attachments(store, job);
    }
    track_filing_link(store, job, outcome);
    if (event.kind == dialogue::event_kind::reaction && outcome.reached &&
        !store.has_sent(event.user_id, event.quoted_message_id))
        outcome.reached->intent.clear(); // of a message of somebody else: no feedback on ours
    if (outcome.reached && !outcome.erase) {
        store.add_interaction(make_interaction(
            *outcome.reached, job.used, job.pseudonym, job.test, event.at, job.now));
        job.outcome = outcome.reached->outcome;
    }
    for (const auto& message : outcome.messages)
        store.add_outgoing(event.user_id, message, job.now);
    if (outcome.unknown) {
        outcome.unknown->test = job.test;
        store.add_unknown(*outcome.unknown, dialogue::unknown_messages_kept);
    }
    job.answered = !outcome.messages.empty();
}

asio::awaitable<result<handled>>
event_handler::handle(dialogue::inbound_event event, std::string raw, handling how)
{
    auto job = std::make_shared<work>();
    job->event = std::move(event);
    job->raw = std::move(raw);
    job->how = how;
    job->used = parts_.current_content();
    job->now = parts_.now();
    job->hash = parts_.pseudonym;
    job->guesses = parts_.dossier_guesses;
    // Receipts, the most of what comes, are no contact.
    const bool is_receipt = job->event.kind == dialogue::event_kind::received ||
                            job->event.kind == dialogue::event_kind::seen;
    if (!job->event.user_id.empty() && !is_receipt) {
        job->pseudonym = parts_.pseudonym(job->event.user_id);
        job->public_url = parts_.public_url;
        job->test = parts_.is_test_user(job->event.user_id);
    }
    if (how == handling::full && dialogue::needs_understanding(job->event)) {
        auto understanding = [job, figures = parts_.metrics] {
            const auto begun = std::chrono::steady_clock::now();
            auto heard = job->used.understander->understand(job->event.text);
            if (figures != nullptr)
                figures->understanding_seconds.record(std::chrono::steady_clock::now() - begun);
            return heard;
        };
        job->heard = co_await run_on(parts_.workers, std::move(understanding));
    }
    auto unit = [job](transaction& store) { apply(store, *job); };
    auto committed = co_await parts_.store.commit(std::move(unit));
    if (!committed)
        co_return committed.error();
    if (job->outcome && parts_.metrics != nullptr)
        parts_.metrics->contacts.at(static_cast<std::size_t>(*job->outcome)).add();
    // A contact or an echo may let waiting messages go, too.
    if (job->answered || job->freed)
        parts_.outgoing_added();
    if (job->attachments_changed && parts_.attachments_changed)
        parts_.attachments_changed();
    if (job->dossier_asked && parts_.dossier_asked)
        parts_.dossier_asked();
    co_return job->end;
}

} // namespace motcua::app
