#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <motcua/app/complaint_timers.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/use_tuple.hpp>

#include <memory>
#include <utility>

namespace motcua::app {
namespace {

constexpr std::size_t cases_at_once = 50; // cases and drafts in one unit of work
constexpr std::size_t derived_at_once = 200;
constexpr std::string_view derived_with = "complaint_dates_content"; // key of settings

struct look
{
    content used;
    utc_time now{};
    std::size_t looked_at = 0;
    bool has_spoken = false;
};

} // namespace

complaint_timers::complaint_timers(
    const asio::any_io_executor& executor,
    complaint_desk_parts parts,
    std::chrono::milliseconds period)
    : parts_(std::move(parts)), timer_(executor), period_(period)
{
}

void complaint_timers::stop()
{
    stopping_ = true;
    timer_.cancel();
}

asio::awaitable<void> complaint_timers::run()
{
    while (!stopping_) {
        auto derived = co_await derive_dates();
        if (derived) {
            const auto looked = co_await tick();
            if (!looked)
                log::warning("complaints not tended", {{"reason", looked.error().message()}});
        }
        if (stopping_)
            break;
        timer_.expires_after(period_);
        co_await timer_.async_wait(use_tuple);
    }
}

asio::awaitable<result<std::size_t>> complaint_timers::tick()
{
    std::size_t all = 0;
    for (;;) {
        auto job = std::make_shared<look>();
        job->used = parts_.current_content();
        job->now = parts_.now();
        auto unit = [job](transaction& store) {
            complaint_unit on(store, *job->used.knowledge, job->now);
            job->looked_at = on.wake(cases_at_once) + on.tend_drafts(cases_at_once);
            job->has_spoken = on.has_spoken();
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (!committed)
            co_return committed.error();
        if (job->has_spoken)
            parts_.outgoing_added();
        all += job->looked_at;
        if (job->looked_at < cases_at_once || stopping_)
            co_return all;
    }
}

asio::awaitable<result<void>> complaint_timers::derive_dates()
{
    struct batch
    {
        content used;
        utc_time now{};
        std::optional<std::int64_t> after = 0;
        bool current = false;
    };
    auto job = std::make_shared<batch>();
    job->used = parts_.current_content();
    job->now = parts_.now();
    while (job->after && !stopping_) {
        auto unit = [job](transaction& store) {
            const auto& version = job->used.knowledge->version;
            job->current = store.setting(derived_with) == version;
            if (job->current)
                return;
            complaint_unit on(store, *job->used.knowledge, job->now);
            job->after = on.derive_dates(*job->after, derived_at_once);
            if (!job->after)
                store.put_setting(derived_with, version);
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (!committed)
            co_return committed.error();
        if (job->current)
            break;
    }
    co_return result<void>();
}

} // namespace motcua::app
