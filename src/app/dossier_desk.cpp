#include "storage_pause.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <motcua/app/dossier_desk.hpp>
#include <motcua/core/dialogue/complaint_draft.hpp>
#include <motcua/core/dialogue/dossier.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/run_on.hpp>
#include <motcua/support/use_tuple.hpp>
#include <motcua/support/within.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

namespace motcua::app {
namespace {

using dialogue::dossier_wish;
using wish_kind = dossier_wish::kind;

constexpr std::chrono::seconds longest_notice_wait{30};
constexpr std::chrono::milliseconds longest_nap{100}; // until stop() is noticed
constexpr std::size_t watches_at_once = 200;

// The sealed proof of what the citizen has proved before, lately or when asking to be told of
// changes. Empty if there is none.
std::string proof_given_before(
    const dialogue::conversation& with,
    const std::vector<dossier_watch>& watched,
    const std::string& code,
    utc_time now)
{
    const auto& proven = with.proven;
    if (proven.code == code && now - proven.at < dialogue::dossier_remembered)
        return proven.proof;
    const auto found = std::ranges::find(watched, code, &dossier_watch::code);
    return found == watched.end() ? std::string() : found->proof;
}

// An answer to the question, in the unit that removes it.
struct answering
{
    dossier_question question;
    found_dossier found;
    content used;
    utc_time now{};
    bool said = false;

    bool proved() const
    {
        return found.available && found.what &&
               dossiers::same_seal(found.what->proof, question.proof);
    }
};

dialogue::notice watch_for(transaction& store, const answering& job, const dossiers::dossier& what)
{
    const dossier_watch watch{
        .user_id = job.question.user_id,
        .code = what.code,
        .proof = what.proof,
        .told = dossiers::change_mark(what)};
    if (store.dossiers().watch(watch, job.now))
        return dialogue::dossier_watched(*job.used.knowledge, what);
    std::vector<std::string> codes;
    for (const auto& one : store.dossiers().watches_of(job.question.user_id))
        codes.push_back(one.code);
    return dialogue::dossier_watches_full(*job.used.knowledge, codes);
}

dialogue::notice notice_of(transaction& store, const answering& job, dialogue::conversation& with)
{
    const auto& known = *job.used.knowledge;
    auto& records = store.dossiers();
    // Of what is not known nothing was learned.
    if (job.question.guess != 0 && (job.proved() || !job.found.available))
        records.take_back_guess(job.question.guess);
    if (!job.found.available)
        return dialogue::dossier_unavailable(known);
    if (!job.proved()) {
        // What was proved once and is not true any more: another telephone number, or gone.
        if (with.proven.code == job.question.code)
            with.proven = {};
        if (job.question.guess == 0)
            records.unwatch(job.question.user_id, job.question.code);
        return dialogue::dossier_refused(known);
    }
    const auto& what = *job.found.what;
    with.proven = {.code = what.code, .proof = what.proof, .at = job.now};
    if (job.question.watch)
        return watch_for(store, job, what);
    const auto watched = records.watches_of(job.question.user_id);
    const auto watch = std::ranges::find(watched, what.code, &dossier_watch::code);
    if (watch != watched.end())
        records.set_told(watch->id, dossiers::change_mark(what));
    return dialogue::dossier_answer(known, what, watch != watched.end(), job.now);
}

void say(transaction& store, answering& job)
{
    if (!store.dossiers().drop_question(job.question.id))
        return;
    const auto& user_id = job.question.user_id;
    auto with = store.load_conversation(user_id);
    const auto message = dialogue::say_later(with, notice_of(store, job, with));
    store.add_outgoing(user_id, message, job.now);
    store.save_conversation(user_id, with, job.now);
    job.said = true;
}

} // namespace

bool carry_out_dossier_wish(
    transaction& store,
    dialogue::step_outcome& outcome,
    const std::string& user_id,
    const dialogue::knowledge& known,
    const keyed_hash& hash,
    const guess_limits& most,
    utc_time now)
{
    if (!outcome.dossier)
        return false;
    const auto wish = *outcome.dossier;
    auto& records = store.dossiers();
    dossier_question question{.user_id = user_id, .code = wish.code, .proof = {}, .at = now};
    if (wish.what == wish_kind::unwatch) {
        records.unwatch(user_id, wish.code);
        dialogue::dossier_not_watched(outcome, known, wish.code);
        return false;
    }
    if (wish.what == wish_kind::prove) {
        const auto guess = records.admit_guess(
            hash("dossier-guess-by|" + user_id), hash("dossier-guess-of|" + wish.code), most, now);
        if (!guess) {
            dialogue::refuse_more_guesses(outcome, known);
            return false;
        }
        question.guess = *guess;
        question.proof = hash(dossiers::to_be_sealed(wish.code, wish.proof, known.dossiers.proof));
    } else {
        const auto watched = records.watches_of(user_id);
        if (wish.what == wish_kind::mine && watched.size() != 1) {
            std::vector<std::string> codes;
            codes.reserve(watched.size());
            for (const auto& one : watched)
                codes.push_back(one.code);
            if (codes.empty())
                dialogue::ask_dossier_code(outcome, known);
            else
                dialogue::list_dossiers(outcome, known, codes);
            return false;
        }
        if (wish.what == wish_kind::mine)
            question.code = watched.front().code;
        question.watch = wish.what == wish_kind::watch;
        question.proof = proof_given_before(outcome.next, watched, question.code, now);
        if (question.proof.empty()) {
            dialogue::ask_dossier_proof(outcome, known, question.code);
            return false;
        }
    }
    outcome.reached->aspect = "lookup";
    records.ask(question);
    return true;
}

dossier_desk::dossier_desk(const asio::any_io_executor& executor, dossier_desk_parts parts)
    : parts_(std::move(parts)), wake_(executor), look_(executor), answering_(executor)
{
}

void dossier_desk::stop()
{
    stopping_ = true;
    wake_.cancel();
    look_.cancel();
    // Nothing is cancelled: Boost 1.81 may reach into a job of run_on that has just ended. Whoever
    // answers sees the flag; the questions are kept.
}

void dossier_desk::asked()
{
    woken_ = true;
    wake_.cancel();
}

void dossier_desk::changed()
{
    changed_ = true;
    look_.cancel();
}

asio::awaitable<void> dossier_desk::run()
{
    answering_.spawn("watched dossiers", look_often());
    while (!stopping_) {
        woken_ = false;
        co_await answer_questions();
        if (woken_ || stopping_)
            continue;
        wake_.expires_after(longest_notice_wait);
        co_await wake_.async_wait(use_tuple);
    }
    co_await answering_.join();
}

asio::awaitable<void> dossier_desk::answer_questions()
{
    if (under_way_ == parts_.concurrency)
        co_return; // whoever ends wakes us
    const auto open = std::make_shared<std::vector<dossier_question>>();
    const auto limit = parts_.concurrency; // those under way are among them
    auto unit = [open, limit](transaction& store) { *open = store.dossiers().questions(limit); };
    const auto committed = co_await parts_.store.commit(std::move(unit));
    if (!committed) {
        woken_ = true;
        co_await sleep_for(storage_pause);
        co_return;
    }
    for (auto& question : *open) {
        const bool is_held = std::ranges::find(held_, question.id) != held_.end();
        if (is_held || under_way_ == parts_.concurrency)
            continue;
        ++under_way_;
        held_.push_back(question.id);
        answering_.spawn("dossier question", answer(std::move(question)));
    }
}

asio::awaitable<void> dossier_desk::answer(dossier_question question)
{
    const auto leave = [id = question.id](dossier_desk* self) {
        --self->under_way_;
        std::erase(self->held_, id);
        self->asked();
    };
    const std::unique_ptr<dossier_desk, decltype(leave)> leaving(this, leave);
    const auto job = std::make_shared<answering>();
    job->question = std::move(question);
    job->found = co_await parts_.source.find(job->question.code);
    if (job->found.available && !job->proved()) {
        const auto took = std::max(parts_.now() - job->question.at, std::chrono::milliseconds(0));
        const auto steps = took / parts_.refusal_step + 1;
        const auto until = std::chrono::steady_clock::now() + (steps * parts_.refusal_step - took);
        while (!stopping_ && std::chrono::steady_clock::now() < until)
            co_await sleep_for(std::min<std::chrono::steady_clock::duration>(
                until - std::chrono::steady_clock::now(), longest_nap));
    }
    while (!stopping_ && parts_.store.healthy()) {
        job->used = parts_.current_content();
        job->now = parts_.now();
        auto unit = [job](transaction& store) { say(store, *job); };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (committed)
            break;
        co_await sleep_for(storage_pause);
    }
    if (job->said)
        parts_.outgoing_added();
}

asio::awaitable<void> dossier_desk::look_often()
{
    while (!stopping_) {
        // News of a dossier wakes nobody up at night.
        const auto now = parts_.now();
        const auto morning =
            dialogue::after_quiet_hours(now, parts_.current_content().knowledge->complaints.intake);
        std::chrono::milliseconds wait = parts_.look_every;
        if (morning > now) {
            wait = morning - now;
        } else {
            changed_ = false;
            try {
                const auto told = co_await look_at_watched();
                if (told > 0)
                    log::info("citizens told of their dossiers", {{"citizens", told}});
            } catch (const std::exception& failure) {
                // The store: looked at again next time.
                log::error("watched dossiers not looked at", {{"reason", failure.what()}});
            }
            if (changed_)
                continue;
        }
        if (stopping_)
            break;
        look_.expires_after(wait);
        co_await look_.async_wait(use_tuple);
    }
}

asio::awaitable<std::size_t> dossier_desk::look_at_watched()
{
    std::size_t told = 0;
    std::int64_t after = 0;
    while (!stopping_) {
        auto read = [&open = parts_.open_reader, after] {
            return open()->dossier_watches(after, watches_at_once);
        };
        const auto page = co_await run_on(parts_.workers, std::move(read));
        for (const auto& watch : page) {
            after = watch.id;
            if (stopping_)
                break;
            const bool said = co_await compare(watch);
            told += said ? 1U : 0U;
        }
        if (page.size() < watches_at_once)
            break;
    }
    co_return told;
}

// True if the citizen was told of a change.
asio::awaitable<bool> dossier_desk::compare(dossier_watch watch)
{
    const auto found = co_await parts_.source.find(watch.code);
    if (!found.available || !found.what || !dossiers::same_seal(found.what->proof, watch.proof))
        co_return false; // not there, or of another telephone number: nothing may be said
    const auto mark = dossiers::change_mark(*found.what);
    if (mark == watch.told)
        co_return false;
    const auto said = std::make_shared<bool>(false);
    auto unit = [said,
                 watch,
                 what = *found.what,
                 mark,
                 used = parts_.current_content(),
                 now = parts_.now()](transaction& store) {
        if (!store.dossiers().set_told(watch.id, mark))
            return;
        auto with = store.load_conversation(watch.user_id);
        store.add_outgoing(
            watch.user_id, dialogue::dossier_news(with, *used.knowledge, what, now), now);
        store.save_conversation(watch.user_id, with, now);
        // Of what has ended nothing more will be told.
        if (dossiers::is_final(what.at))
            store.dossiers().unwatch(watch.user_id, watch.code);
        *said = true;
    };
    const auto committed = co_await parts_.store.commit(std::move(unit));
    if (!committed || !*said)
        co_return false;
    parts_.outgoing_added();
    co_return true;
}

} // namespace motcua::app
