#include "storage_pause.hpp"

#include <motcua/app/outbox_sender.hpp>
#include <motcua/app/silence.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/use_tuple.hpp>
#include <motcua/support/within.hpp>

#include <algorithm>
#include <utility>

namespace motcua::app {
namespace {

using send_end = send_result::kind;

constexpr std::chrono::minutes longest_outbox_wait{
    1}; // between looks at the outbox when nothing wakes us
constexpr std::chrono::minutes cleaning_every{1};
constexpr std::chrono::minutes clock_difference{5}; // between the platform and us, at most
constexpr std::size_t pages_at_most = 10;           // of the read-back
constexpr int unknowns_at_most = 5;                 // of one message
constexpr std::size_t ends_counted = 100;
constexpr std::size_t code_length = 6; // "-1234"

// The platform's code that a reason begins with (adapters/zalo/answer.cpp).
std::string reason_code(std::string_view reason)
{
    if (reason.empty())
        return "0";
    if (reason.starts_with("http "))
        return "http";
    const auto code = reason.substr(0, reason.find(' '));
    const auto digits = code.starts_with('-') ? code.substr(1) : code;
    const bool is_code = !digits.empty() && code.size() < code_length &&
                         digits.find_first_not_of("0123456789") == std::string_view::npos;
    return is_code ? std::string(code) : "other";
}

} // namespace

outbox_sender::outbox_sender(const asio::any_io_executor& executor, outbox_sender_parts parts)
    : parts_(std::move(parts)), breaker_(parts_.breaker), wake_(executor), calls_(executor)
{
}

void outbox_sender::wake()
{
    woken_ = true;
    wake_.cancel();
}

void outbox_sender::stop()
{
    stopping_ = true;
    wake();
}

asio::awaitable<void> outbox_sender::run()
{
    co_await recover();
    while (!stopping_)
        co_await serve();
    co_await calls_.join();
}

asio::awaitable<void> outbox_sender::recover()
{
    while (!stopping_) {
        std::size_t unknown = 0;
        auto unit = [this, &unknown](transaction& store) {
            unknown = store.recover_outbox(parts_.now());
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (committed) {
            if (unknown > 0)
                log::warning("sends interrupted by the last stop", {{"unknown", unknown}});
            co_return;
        }
        co_await sleep_for(storage_pause);
    }
}

// One look at the outbox: claim what is due, start the calls, wait for the next reason to look.
asio::awaitable<void> outbox_sender::serve()
{
    woken_ = false;
    const auto now = parts_.now();
    const auto free = parts_.concurrency - std::min(parts_.concurrency, under_way_);
    const auto room = breaker_.room(free, under_way_, now);
    claimed batch;
    if (room > 0) {
        const bool clean = now >= next_cleaning_;
        auto unit = [this, &batch, now, room, clean](transaction& store) {
            if (clean)
                store.give_up_waiting(now - parts_.rules.other_worth, now);
            batch = store.claim_due(now, room);
            silenced_ = current_silence(store).has_value();
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (!committed) {
            co_await sleep_for(storage_pause);
            co_return;
        }
        if (clean)
            next_cleaning_ = now + cleaning_every;
    }
    const bool more = room > 0 && batch.rows.size() == room;
    for (auto& row : batch.rows) {
        ++under_way_;
        calls_.spawn("send", handle(std::move(row)));
    }
    if (more && breaker_.room(1, under_way_, now) > 0 && under_way_ < parts_.concurrency)
        co_return;
    auto next = batch.next_due;
    if (const auto open = breaker_.open_until(parts_.now()))
        next = open;
    co_await wait_for_work(next);
}

asio::awaitable<void> outbox_sender::wait_for_work(std::optional<utc_time> next)
{
    if (woken_ || stopping_)
        co_return;
    const auto now = parts_.now();
    std::chrono::milliseconds wait = longest_outbox_wait;
    if (next)
        wait = std::clamp(*next - now, std::chrono::milliseconds(1), wait);
    sleeping_until_ = now + wait;
    wake_.expires_after(wait);
    co_await wake_.async_wait(use_tuple);
    sleeping_until_.reset();
}

asio::awaitable<void> outbox_sender::handle(outbox_row row)
{
    settlement end;
    std::vector<std::string> found;
    if (row.state == outbox_state::unknown)
        end = co_await look_for(row, found);
    else
        end = co_await send_one(row);
    co_await store_end(std::move(row), std::move(end), std::move(found));
    --under_way_;
    wake();
}

asio::awaitable<settlement> outbox_sender::send_one(outbox_row row)
{
    if (silenced_ && row.message.why == dialogue::purpose::answer)
        co_return settlement{
            .state = outbox_state::dead, .message_id = {}, .reason = "silenced by the staff"};
    const auto judged = judge(row, parts_.rules, parts_.now());
    settlement end{.state = outbox_state::dead, .message_id = {}, .reason = judged.reason};
    switch (judged.what) {
    case verdict::kind::drop:
        co_return end;
    case verdict::kind::wait_for_contact:
        end.state = outbox_state::waiting;
        co_return end;
    case verdict::kind::send_later:
        end.state = outbox_state::retry;
        end.due = judged.at;
        co_return end;
    case verdict::kind::send:
    case verdict::kind::send_by_template:
        break;
    }
    auto by_template = template_of(row.message, parts_.rules);
    send_result called;
    if (judged.what == verdict::kind::send) {
        called = co_await parts_.platform.send(row.user_id, row.message);
        tell_breaker(called);
    }
    const bool closed = called.end == send_end::wait_for_contact;
    if (!by_template.empty() && (judged.what == verdict::kind::send_by_template || closed)) {
        called = co_await parts_.platform.send_by_template(
            row.user_id, std::move(by_template), *row.message.by_template);
        tell_breaker(called);
    }
    co_return settlement_of(row, called);
}

void outbox_sender::tell_breaker(const send_result& end)
{
    const auto now = parts_.now();
    switch (end.end) {
    case send_end::failed:
    case send_end::unknown:
        if (breaker_.failed(now, end.retry_after, parts_.jitter()))
            log::warning("the platform fails; sending pauses", {{"reason", end.reason}});
        break;
    case send_end::slow_down:
        if (breaker_.slow_down(now, end.retry_after, parts_.jitter()))
            log::warning(
                "the platform wants fewer calls; sending pauses", {{"reason", end.reason}});
        break;
    case send_end::stop:
        breaker_.stopped(now);
        log::error("nothing can be sent until this is repaired", {{"reason", end.reason}});
        break;
    default:
        breaker_.succeeded(now); // it answers
        break;
    }
}

settlement outbox_sender::settlement_of(const outbox_row& row, const send_result& end) const
{
    const auto now = parts_.now();
    settlement out{
        .state = outbox_state::retry, .message_id = end.message_id, .reason = end.reason};
    switch (end.end) {
    case send_end::sent:
        out.state = outbox_state::sent;
        break;
    case send_end::refused:
        out.state = outbox_state::dead;
        break;
    case send_end::wait_for_contact:
        out.state = outbox_state::waiting;
        break;
    case send_end::by_day:
        out.due = next_daytime(now);
        if (out.due == now) // the platform's clock is another
            out.due = now + std::chrono::hours(1);
        break;
    case send_end::unknown:
        out.state = outbox_state::unknown;
        out.due = now + parts_.first_look;
        break;
    case send_end::failed:
    case send_end::slow_down:
    case send_end::later:
    case send_end::stop:
        // Bounded by the message's age, not by attempts: an outage of hours must not kill what is
        // still worth sending.
        out.due = now + next_wait(parts_.retry, row.attempts, end.retry_after, parts_.jitter());
        break;
    }
    return out;
}

// Still unknown: look again, unless it has been for too long.
settlement outbox_sender::look_again(const outbox_row& row, std::string reason) const
{
    const auto now = parts_.now();
    if (now >= row.last_call + parts_.unknown_for || is_stale(row, parts_.rules, now))
        return {
            .state = outbox_state::dead,
            .message_id = {},
            .reason = "unknown, not settled: " + std::move(reason)};
    const auto settled_at = row.last_call + parts_.settle_after;
    const auto wait = next_wait(parts_.retry, 4, std::chrono::seconds(0), parts_.jitter());
    return {
        .state = outbox_state::unknown,
        .message_id = {},
        .due = std::max(settled_at, now + wait),
        .reason = std::move(reason)};
}

// Looks for an unknown row in the conversation. It has not arrived if the conversation was read
// back to before the first call and does not show it, late enough for no call to be under way any
// more.
asio::awaitable<settlement> outbox_sender::look_for(outbox_row row, std::vector<std::string>& found)
{
    const auto since = row.first_call - clock_difference;
    const bool by_template = !template_of(row.message, parts_.rules).empty();
    const bool wordless = row.message.text.empty();
    bool complete = false;
    bool doubtful = false;
    const auto asked_at = parts_.now();
    for (std::size_t page = 0; page < pages_at_most && !complete; ++page) {
        auto read = co_await parts_.platform.read_back(row.user_id, page * read_back_limit);
        send_result as_call{.end = read.end, .message_id = {}, .reason = read.reason};
        as_call.retry_after = read.retry_after;
        tell_breaker(as_call);
        if (read.end == send_end::failed || read.end == send_end::slow_down ||
            read.end == send_end::stop || read.end == send_end::later ||
            read.end == send_end::unknown) {
            // Not asked in truth: the time to settle it starts when the platform answers again.
            settlement out{.state = outbox_state::unknown, .message_id = {}, .reason = read.reason};
            out.due = parts_.now() + next_wait(parts_.retry, 4, read.retry_after, parts_.jitter());
            if (is_stale(row, parts_.rules, parts_.now()))
                out = look_again(row, read.reason);
            co_return out;
        }
        if (read.end != send_end::sent)
            co_return look_again(row, read.reason);
        for (const auto& one : read.messages) {
            if (one.at < since) {
                complete = true;
                break;
            }
            if (!one.by_oa)
                continue;
            const bool looks_like_it = dialogue::leaves_trace(row.message, one.trace);
            if (looks_like_it && !one.message_id.empty())
                found.insert(found.begin(), one.message_id);
            // A template has the platform's words, and what has no words cannot be told apart.
            doubtful = doubtful || (looks_like_it && one.message_id.empty()) ||
                       (!looks_like_it && (by_template || (wordless && one.trace.empty())));
        }
        complete = complete || read.messages.size() < read_back_limit;
    }
    if (!complete || doubtful)
        co_return look_again(row, "the conversation does not tell");
    if (asked_at < row.last_call + parts_.settle_after)
        co_return look_again(row, "not there yet");
    if (row.unknowns >= unknowns_at_most)
        co_return settlement{
            .state = outbox_state::dead,
            .message_id = {},
            .reason = "unknown " + std::to_string(row.unknowns) + " times and not arrived"};
    co_return settlement{
        .state = outbox_state::retry,
        .message_id = {},
        .due = parts_.now(),
        .reason = "has not arrived"};
}

void outbox_sender::count(const settlement& end)
{
    end_of_send which{end.state, reason_code(end.reason)};
    if (ends_.size() >= ends_counted && !ends_.contains(which))
        which.code = "other";
    ++ends_[which];
}

asio::awaitable<void>
outbox_sender::store_end(outbox_row row, settlement end, std::vector<std::string> found)
{
    if (end.state != outbox_state::sent && found.empty())
        log::warning(
            "message not sent",
            {{"outbox", row.id},
             {"state", name(end.state)},
             {"attempts", row.attempts},
             {"reason", end.reason}});
    count(end);
    // Not settling would leave the row in sending; a restart makes it unknown, never sent again
    // without being looked for.
    for (;;) {
        auto unit = [this, &row, &end, &found](transaction& store) {
            store.settle(row.id, end, parts_.now(), found);
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (committed || stopping_ || !parts_.store.healthy())
            break;
        co_await sleep_for(storage_pause);
    }
}

} // namespace motcua::app
