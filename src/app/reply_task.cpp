#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <motcua/app/casework.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/use_tuple.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace motcua::app {
namespace {

constexpr std::size_t replies_at_once = 50; // replies in one unit of work
constexpr std::chrono::milliseconds longest_reply_wait = std::chrono::minutes(1);
constexpr std::chrono::milliseconds pause_after_failure = std::chrono::seconds(1);

} // namespace

reply_task::reply_task(const asio::any_io_executor& executor, casework_parts parts)
    : parts_(std::move(parts)), timer_(executor)
{
}

void reply_task::stop()
{
    stopping_ = true;
    timer_.cancel();
}

void reply_task::wake()
{
    woken_ = true;
    timer_.cancel();
}

asio::awaitable<void> reply_task::run()
{
    while (!stopping_) {
        woken_ = false;
        const auto next = co_await tick();
        auto wait = longest_reply_wait;
        if (!next) {
            log::warning("held replies not applied", {{"reason", next.error().message()}});
            wait = pause_after_failure;
        } else if (next.value()) {
            const auto left = *next.value() - parts_.now();
            wait = std::clamp(left, std::chrono::milliseconds(1), longest_reply_wait);
        }
        if (stopping_ || woken_)
            continue;
        timer_.expires_after(wait);
        co_await timer_.async_wait(use_tuple);
    }
}

asio::awaitable<result<std::optional<utc_time>>> reply_task::tick()
{
    struct look
    {
        content used;
        utc_time now{};
        std::size_t applied = 0;
        std::optional<utc_time> next;
    };
    auto job = std::make_shared<look>();
    do {
        job->used = parts_.current_content();
        job->now = parts_.now();
        auto unit = [job](transaction& store) {
            job->applied =
                apply_due_replies(store, *job->used.knowledge, job->now, replies_at_once);
            job->next = store.casework().next_reply();
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (!committed)
            co_return committed.error();
        if (job->applied > 0)
            parts_.outgoing_added();
    } while (job->applied == replies_at_once && !stopping_);
    co_return job->next;
}

} // namespace motcua::app
