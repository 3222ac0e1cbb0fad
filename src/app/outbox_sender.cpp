#include <motcua/app/outbox_sender.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/within.hpp>

#include <algorithm>
#include <utility>

namespace motcua::app {
namespace {

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds storage_pause{1}; // before asking a busy or failing store again
constexpr std::chrono::minutes longest_wait{1}; // between looks at the outbox when nothing wakes us
constexpr std::chrono::minutes cleaning_every{1};

} // namespace

std::optional<std::chrono::milliseconds> next_wait(
    const retry_policy& policy, int attempts, std::chrono::seconds platform_wish, double jitter)
{
    if (attempts >= policy.attempts)
        return std::nullopt;
    auto wait = policy.first;
    for (int i = 1; i < attempts && wait < policy.longest; ++i)
        wait *= 2;
    wait = std::min(wait, policy.longest);
    const double share = 0.5 + 0.5 * std::clamp(jitter, 0.0, 1.0);
    const auto spread = std::chrono::milliseconds(
        static_cast<std::int64_t>(static_cast<double>(wait.count()) * share));
    return std::max<std::chrono::milliseconds>(spread, platform_wish);
}

outbox_sender::outbox_sender(const asio::any_io_executor& executor, outbox_sender_parts parts)
    : parts_(std::move(parts)), wake_(executor), calls_(executor)
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
    const auto room = parts_.concurrency - std::min(parts_.concurrency, under_way_);
    claimed batch;
    if (room > 0) {
        const auto now = parts_.now();
        const bool clean = now >= next_cleaning_;
        auto unit = [this, &batch, now, room, clean](transaction& store) {
            if (clean)
                store.give_up_unknown(now - parts_.unknown_for, now);
            batch = store.claim_due(now, room);
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (!committed) {
            co_await sleep_for(storage_pause);
            co_return;
        }
        if (clean)
            next_cleaning_ = now + cleaning_every;
    }
    for (auto& row : batch.rows) {
        ++under_way_;
        calls_.spawn("send", send_one(std::move(row)));
    }
    if (batch.rows.size() < room || under_way_ >= parts_.concurrency)
        co_await wait_for_work(batch.next_due);
}

asio::awaitable<void> outbox_sender::wait_for_work(std::optional<utc_time> next_due)
{
    if (woken_ || stopping_)
        co_return;
    std::chrono::milliseconds wait = longest_wait;
    if (next_due)
        wait = std::clamp(*next_due - parts_.now(), std::chrono::milliseconds(1), wait);
    wake_.expires_after(wait);
    co_await wake_.async_wait(use_tuple);
}

settlement outbox_sender::settlement_of(const outbox_row& row, const send_result& end) const
{
    switch (end.end) {
    case send_result::kind::sent:
        return {.state = outbox_state::sent, .message_id = end.message_id, .reason = {}};
    case send_result::kind::refused:
        return {.state = outbox_state::dead, .message_id = {}, .reason = end.reason};
    case send_result::kind::unknown:
        return {.state = outbox_state::unknown, .message_id = {}, .reason = end.reason};
    case send_result::kind::try_later:
        break;
    }
    const auto wait = next_wait(parts_.policy, row.attempts, end.retry_after, parts_.jitter());
    if (!wait)
        return {
            .state = outbox_state::dead,
            .message_id = {},
            .reason = "attempts used up: " + end.reason};
    return {
        .state = outbox_state::retry,
        .message_id = {},
        .due = parts_.now() + *wait,
        .reason = end.reason};
}

asio::awaitable<void> outbox_sender::send_one(outbox_row row)
{
    const auto end = co_await parts_.platform.send(row.user_id, row.message);
    const auto settled = settlement_of(row, end);
    if (settled.state != outbox_state::sent)
        log::warning(
            "message not sent",
            {{"outbox", row.id},
             {"state", name(settled.state)},
             {"attempts", row.attempts},
             {"reason", settled.reason}});
    // Not settling would leave the row in sending; a restart makes it unknown, never sent again.
    for (;;) {
        auto unit = [this, &row, &settled](transaction& store) {
            store.settle(row.id, settled, parts_.now());
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (committed || stopping_ || !parts_.store.healthy())
            break;
        co_await sleep_for(storage_pause);
    }
    --under_way_;
    wake();
}

} // namespace motcua::app
