#include <motcua/app/event_handler.hpp>
#include <motcua/support/run_on.hpp>

#include <chrono>
#include <utility>

namespace motcua::app {
namespace {

// An event older than this is stored and acknowledged, not acted on (design.md section 3).
constexpr std::chrono::hours stale_after{24};

reach::interaction make_interaction(
    const dialogue::contact& reached,
    const content& used,
    std::string pseudonym,
    bool test,
    utc_time now)
{
    return {
        .at = now,
        .pseudonym = std::move(pseudonym),
        .kind = reached.kind,
        .intent = reached.intent,
        .procedure = reached.procedure,
        .field = reached.field,
        .aspect = reached.aspect,
        .outcome = reached.outcome,
        .activity = {},
        .model_version = std::string(used.understander->model().version()),
        .content_version = used.knowledge->version,
        .test = test};
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
    bool test = false;
    utc_time now{};
    handled end = handled::stored;
    bool answered = false;
    bool freed = false;
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
        return store.set_following(event.user_id, false, job.now);
    default:
        return;
    }
}

void event_handler::apply(transaction& store, work& job)
{
    if (!store.insert_event(job.event, job.raw, job.now)) {
        job.end = handled::duplicate;
        return;
    }
    settle_what_we_sent(store, job);
    if (job.event.at + stale_after < job.now) {
        job.end = handled::stale;
        return;
    }
    if (job.event.user_id.empty())
        return;
    auto before = store.load_conversation(job.event.user_id);
    auto outcome = dialogue::step(before, job.event, job.heard, *job.used.knowledge, job.now);
    if (outcome.erase)
        store.erase(job.event.user_id, job.pseudonym, job.now);
    else if (outcome.reached || outcome.next.silent_until != before.silent_until)
        store.save_conversation(job.event.user_id, outcome.next, job.now);
    for (const auto& message : outcome.messages)
        store.add_outgoing(job.event.user_id, message, job.now);
    if (outcome.reached && !outcome.erase)
        store.add_interaction(
            make_interaction(*outcome.reached, job.used, job.pseudonym, job.test, job.now));
    job.answered = !outcome.messages.empty();
}

asio::awaitable<result<handled>>
event_handler::handle(dialogue::inbound_event event, std::string raw)
{
    auto job = std::make_shared<work>();
    job->event = std::move(event);
    job->raw = std::move(raw);
    job->used = parts_.current_content();
    job->now = parts_.now();
    if (!job->event.user_id.empty()) {
        job->pseudonym = parts_.pseudonym(job->event.user_id);
        job->test = parts_.is_test_user(job->event.user_id);
    }
    if (dialogue::needs_understanding(job->event)) {
        auto understanding = [job] { return job->used.understander->understand(job->event.text); };
        job->heard = co_await run_on(parts_.workers, std::move(understanding));
    }
    auto unit = [job](transaction& store) { apply(store, *job); };
    auto committed = co_await parts_.store.commit(std::move(unit));
    if (!committed)
        co_return committed.error();
    // A contact or an echo may let waiting messages go, too.
    if (job->answered || job->freed)
        parts_.outgoing_added();
    co_return job->end;
}

} // namespace motcua::app
