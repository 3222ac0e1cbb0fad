#include "storage_pause.hpp"

#include <motcua/app/attachment_content.hpp>
#include <motcua/app/attachment_fetcher.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/run_on.hpp>
#include <motcua/support/use_tuple.hpp>
#include <motcua/support/within.hpp>

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

namespace motcua::app {
namespace {

constexpr std::chrono::minutes longest_fetch_wait{10};
constexpr std::size_t removals_at_once = 100;
// The list of hosts changes with a start, and a start makes everything due; until then only the
// attempts are used up.
constexpr std::chrono::hours unlisted_wait{48};

// Guards a name for as long as its file is written or removed.
class held_name
{
public:
    held_name(std::set<std::string>& names, std::string name)
        : names_(names), name_(std::move(name)), held_(names_.insert(name_).second)
    {
    }
    ~held_name()
    {
        if (held_)
            names_.erase(name_);
    }
    held_name(const held_name&) = delete;
    held_name& operator=(const held_name&) = delete;

    bool held() const { return held_; }

private:
    std::set<std::string>& names_;
    std::string name_;
    bool held_;
};

} // namespace

attachment_fetcher::attachment_fetcher(
    const asio::any_io_executor& executor, attachment_fetcher_parts parts)
    : parts_(std::move(parts)), wake_(executor), calls_(executor)
{
}

void attachment_fetcher::wake()
{
    woken_ = true;
    next_cleaning_ = {};
    wake_.cancel();
}

void attachment_fetcher::stop()
{
    stopping_ = true;
    wake_.cancel();
    calls_.cancel_all();
}

asio::awaitable<void> attachment_fetcher::run()
{
    co_await recover();
    while (!stopping_)
        co_await serve();
    co_await calls_.join();
}

asio::awaitable<void> attachment_fetcher::recover()
{
    while (!stopping_) {
        auto unit = [this](transaction& store) { store.attachments().recover(parts_.now()); };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (committed)
            co_return;
        co_await sleep_for(storage_pause);
    }
}

// One look: remove what must go, claim what is due, start the calls, wait for the next reason to
// look.
asio::awaitable<void> attachment_fetcher::serve()
{
    woken_ = false;
    const auto now = parts_.now();
    if (now >= next_cleaning_) {
        bool more = true;
        while (more && !stopping_)
            more = co_await remove_some_files();
        if (!woken_)
            next_cleaning_ = now + parts_.cleaning_every;
    }
    const auto room = parts_.concurrency - std::min(parts_.concurrency, under_way_);
    claimed_attachments batch;
    if (room > 0) {
        auto unit = [this, &batch, now, room](transaction& store) {
            batch = store.attachments().claim(now, room, parts_.allowance);
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (!committed) {
            co_await sleep_for(storage_pause);
            co_return;
        }
    }
    for (auto& row : batch.rows) {
        ++under_way_;
        calls_.spawn("attachment", fetch_one(std::move(row)));
    }
    co_await wait_for_work(batch.next_due);
}

asio::awaitable<void> attachment_fetcher::wait_for_work(std::optional<utc_time> next_due)
{
    if (woken_ || stopping_)
        co_return;
    std::chrono::milliseconds wait = longest_fetch_wait;
    if (next_due)
        wait = std::clamp(*next_due - parts_.now(), std::chrono::milliseconds(1), wait);
    wake_.expires_after(wait);
    co_await wake_.async_wait(use_tuple);
}

attachment_end
attachment_fetcher::again_or_failed(const wanted_attachment& row, std::string reason) const
{
    attachment_end end;
    end.reason = std::move(reason);
    end.state =
        row.attempts < parts_.attempts ? attachment_state::wanted : attachment_state::failed;
    end.due = parts_.now() + parts_.first_wait * (1U << std::min(row.attempts - 1, 16));
    return end;
}

asio::awaitable<void> attachment_fetcher::fetch_one(wanted_attachment row)
{
    // However it ends, also cancelled: there is room again.
    const auto leave = [](attachment_fetcher* self) {
        --self->under_way_;
        self->woken_ = true;
        self->wake_.cancel();
    };
    const std::unique_ptr<attachment_fetcher, decltype(leave)> leaving(this, leave);
    const auto end = co_await fetch(row);
    if (end.state != attachment_state::stored)
        log::warning(
            "attachment not fetched",
            {{"attachment", row.id},
             {"state", name(end.state)},
             {"attempts", row.attempts},
             {"reason", end.reason}});
    // Not settling would leave the row in fetching until the next start.
    while (!stopping_ && parts_.store.healthy()) {
        auto unit = [this, &row, &end](transaction& store) {
            store.attachments().settle(row.id, end, parts_.now());
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (committed)
            break;
        co_await sleep_for(storage_pause);
    }
}

asio::awaitable<attachment_end> attachment_fetcher::fetch(const wanted_attachment& row)
{
    auto answer = co_await parts_.platform.fetch(row.url);
    attachment_end end;
    switch (answer.end) {
    case media_answer::kind::fetched:
        end = co_await keep(row, std::move(answer.bytes));
        co_return end;
    case media_answer::kind::refused:
        end.state = attachment_state::failed;
        end.reason = std::move(answer.reason);
        co_return end;
    case media_answer::kind::unlisted:
        end = again_or_failed(row, std::move(answer.reason));
        end.due = parts_.now() + unlisted_wait;
        co_return end;
    case media_answer::kind::try_later:
        break;
    }
    co_return again_or_failed(row, std::move(answer.reason));
}

asio::awaitable<attachment_end>
attachment_fetcher::keep(const wanted_attachment& row, std::string bytes)
{
    const auto content = std::make_shared<const std::string>(std::move(bytes));
    const auto name = parts_.files.name_of(*content);
    const held_name hold(being_written_, name);
    if (!hold.held())
        co_return again_or_failed(row, "the file is being written or removed");
    bool wanted = false;
    auto unit = [&row, &name, &wanted](transaction& store) {
        wanted = store.attachments().note_file(row.id, name);
    };
    const auto committed = co_await parts_.store.commit(std::move(unit));
    if (!committed)
        co_return again_or_failed(row, "the store is busy");
    attachment_end end;
    end.bytes = static_cast<std::int64_t>(content->size());
    end.type = content_type_of(*content);
    if (!wanted)
        co_return end; // erased meanwhile: nothing is written
    auto write = [&files = parts_.files, name, content]() -> std::string {
        try {
            files.put(name, *content);
        } catch (const std::system_error& failure) {
            return "disk: " + failure.code().message();
        }
        return {};
    };
    const auto failure = co_await run_on(parts_.workers, std::move(write));
    if (!failure.empty())
        co_return again_or_failed(row, failure);
    co_return end;
}

// True if there may be more.
asio::awaitable<bool> attachment_fetcher::remove_some_files()
{
    bool all_gone = true;
    std::vector<std::string> names;
    auto look = [&names](transaction& store) {
        names = store.attachments().files_to_remove(removals_at_once);
    };
    const auto looked = co_await parts_.store.commit(std::move(look));
    if (!looked)
        co_return false;
    for (const auto& name : names) {
        const held_name hold(being_written_, name);
        if (!hold.held()) { // at the next look
            all_gone = false;
            continue;
        }
        // Another row may have come to need it.
        bool still = false;
        auto ask = [&name, &still](transaction& store) {
            const auto left = store.attachments().files_to_remove(removals_at_once);
            still = std::find(left.begin(), left.end(), name) != left.end();
        };
        const auto asked = co_await parts_.store.commit(std::move(ask));
        if (!asked || !still)
            continue;
        auto remove = [&files = parts_.files, name]() -> bool {
            try {
                files.remove(name);
            } catch (const std::system_error&) {
                return false;
            }
            return true;
        };
        const bool gone = co_await run_on(parts_.workers, std::move(remove));
        if (!gone) {
            log::error("a file of an erased citizen cannot be removed");
            all_gone = false;
            continue;
        }
        auto forget = [&name](transaction& store) { store.attachments().removed(name); };
        co_await parts_.store.commit(std::move(forget));
    }
    co_return all_gone&& names.size() == removals_at_once;
}

} // namespace motcua::app
