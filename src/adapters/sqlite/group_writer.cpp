#include "group_writer.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace motcua::sqlite {

namespace {

template <class Handler>
class waiting_handler final : public group_writer::waiter
{
public:
    waiting_handler(Handler handler, const asio::any_io_executor& executor)
        : handler_(std::move(handler)), work_(executor)
    {
    }

    asio::any_io_executor executor() const override { return work_.get_executor(); }

    void resume(result<void> end) override
    {
        auto handler = std::move(handler_);
        work_.reset();
        std::move(handler)(end);
    }

private:
    Handler handler_;
    asio::executor_work_guard<asio::any_io_executor> work_;
};

using waiters = std::vector<std::unique_ptr<group_writer::waiter>>;

// Resumes everybody who waits on one executor in one go: a post each would cost more than the rows.
class resume_all
{
public:
    explicit resume_all(waiters who) : who_(std::move(who)) {}

    void operator()()
    {
        for (auto& each : who_) {
            const auto done = std::move(each);
            done->resume(done->failure ? result<void>(errc::storage_failed) : result<void>());
        }
    }

private:
    waiters who_;
};

void resume_on_their_executors(waiters group)
{
    while (!group.empty()) {
        const auto executor = group.front()->executor();
        waiters here;
        waiters elsewhere;
        for (auto& each : group) {
            auto& side = each->executor() == executor ? here : elsewhere;
            side.push_back(std::move(each));
        }
        asio::post(executor, resume_all(std::move(here)));
        group = std::move(elsewhere);
    }
}

} // namespace

group_writer::group_writer(
    SQLite::Database& connection,
    audit_chain& chain,
    std::size_t queue_limit,
    std::chrono::minutes visit_gap)
    : runner_(connection, chain, visit_gap), queue_limit_(queue_limit), thread_([this] { work(); })
{
}

group_writer::~group_writer()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

asio::awaitable<result<void>> group_writer::commit(std::function<void(app::transaction&)> unit)
{
    auto initiate = [this, work = std::move(unit)](auto handler) mutable {
        using handler_type = decltype(handler);
        const asio::any_io_executor executor = asio::get_associated_executor(handler);
        auto who = std::make_unique<waiting_handler<handler_type>>(std::move(handler), executor);
        who->unit = std::move(work);
        enter(std::move(who));
    };
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(result<void>)>(
        std::move(initiate), asio::use_awaitable);
}

void group_writer::enter(std::unique_ptr<waiter> who)
{
    std::unique_lock lock(mutex_);
    if (queue_.size() < queue_limit_) {
        const bool first = queue_.empty();
        queue_.push_back(std::move(who));
        lock.unlock();
        if (first)
            arrived_.notify_one();
        return;
    }
    lock.unlock();
    figures_.refused.add();
    const auto executor = who->executor();
    asio::post(executor, [refused = std::move(who)]() mutable { refused->resume(errc::busy); });
}

std::size_t group_writer::waiting() const
{
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

// Empty when it is time to stop.
waiters group_writer::take()
{
    std::unique_lock lock(mutex_);
    for (bool more = true; more && queue_.empty() && !stopping_;) {
        lock.unlock();
        {
            const std::lock_guard alone(runner_mutex_);
            more = runner_.tidy();
        }
        lock.lock();
    }
    arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    return std::exchange(queue_, {});
}

void group_writer::run_group(std::span<job* const> group)
{
    const auto begun = std::chrono::steady_clock::now();
    runner_.run(group);
    figures_.commit_seconds.record(std::chrono::steady_clock::now() - begun);
    figures_.commit_units.record(static_cast<double>(group.size()));
    const auto failed =
        std::ranges::count_if(group, [](const job* each) { return each->failure != nullptr; });
    if (failed > 0)
        figures_.failed.add(static_cast<std::uint64_t>(failed));
}

void group_writer::work()
{
    std::vector<job*> group;
    for (auto taken = take(); !taken.empty(); taken = take()) {
        group.clear();
        for (const auto& each : taken)
            group.push_back(each.get());
        const std::lock_guard alone(runner_mutex_);
        run_group(group);
        resume_on_their_executors(std::move(taken));
        runner_.checkpoint_if_long();
    }
    const std::lock_guard alone(runner_mutex_);
    while (runner_.tidy()) {
    }
}

void group_writer::on_commit(std::function<void(app::change_list)> told)
{
    const std::lock_guard alone(runner_mutex_);
    runner_.on_commit(std::move(told));
}

void group_writer::run_now(const std::function<void(app::transaction&)>& unit)
{
    job only{.unit = unit, .failure = {}};
    const std::array<job*, 1> group{&only};
    {
        const std::lock_guard alone(runner_mutex_);
        run_group(group);
        runner_.checkpoint_if_long();
    }
    if (only.failure)
        std::rethrow_exception(only.failure);
}

} // namespace motcua::sqlite
