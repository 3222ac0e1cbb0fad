#include <motcua/app/retention.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/use_tuple.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace motcua::app {
namespace {

constexpr std::size_t rows_at_once = 200; // a few milliseconds of the writer's time
constexpr std::chrono::minutes look_every{10};
constexpr int first_hour = 2; // in Vietnam
constexpr int last_hour = 5;
constexpr std::string_view last_night = "retention.night"; // key of settings
constexpr std::chrono::days trusted_ahead{2};              // of the platform's clock

// Rows of these only grow older: what a pass has done need not be looked at again.
bool is_remembered(kept_kind kind)
{
    return kind == kept_kind::events || kind == kept_kind::outgoing;
}

std::string key_of(kept_kind kind)
{
    return "retention." + std::string(name(kind));
}

std::string_view title(kept_kind kind)
{
    switch (kind) {
    case kept_kind::events:
        return "tin đến";
    case kept_kind::outgoing:
        return "tin đi";
    case kept_kind::conversations:
        return "hội thoại";
    case kept_kind::attachments:
        return "tệp";
    case kept_kind::handovers:
        return "lượt gặp cán bộ";
    case kept_kind::unknown:
        return "câu chưa hiểu";
    case kept_kind::citizens:
        return "người dân";
    }
    return {};
}

std::string day_of(utc_time now)
{
    const auto night = std::chrono::floor<std::chrono::days>(now + vietnam_offset);
    return std::to_string(night.time_since_epoch().count());
}

} // namespace

std::string_view name(kept_kind kind)
{
    switch (kind) {
    case kept_kind::events:
        return "events";
    case kept_kind::outgoing:
        return "outgoing";
    case kept_kind::conversations:
        return "conversations";
    case kept_kind::attachments:
        return "attachments";
    case kept_kind::handovers:
        return "handovers";
    case kept_kind::unknown:
        return "unknown";
    case kept_kind::citizens:
        return "citizens";
    }
    return {};
}

retention_pass::retention_pass(
    retention_part records, const retention_rules& rules, utc_time now, pseudonym_of pseudonym)
    : records_(std::move(records)), rules_(rules), now_(now), pseudonym_(std::move(pseudonym))
{
}

void retention_pass::step(transaction& store)
{
    const auto kind = kept_kinds.at(at_);
    const auto keep = rules_.of(kind);
    if (keep.count() == 0)
        return next_kind(store);
    if (!begun_) {
        begun_ = true;
        after_ = is_remembered(kind) ? store.setting(key_of(kind)).value_or("") : "";
        counts_.push_back({.kind = kind, .before = now_ - keep});
    }
    auto& count = counts_.back();
    auto done = records_(store).remove(kind, count.before, now_, after_, rows_at_once);
    for (const auto& citizen : done.citizens)
        store.erase(citizen, pseudonym_(citizen), "retention", now_);
    count.rows += done.removed;
    after_ = std::move(done.after);
    if (is_remembered(kind) && done.removed > 0)
        store.put_setting(key_of(kind), after_);
    if (done.done)
        next_kind(store);
}

void retention_pass::next_kind(transaction& store)
{
    begun_ = false;
    if (++at_ < kept_kinds.size())
        return;
    std::string detail;
    for (const auto& one : counts_)
        if (one.rows > 0)
            detail += (detail.empty() ? "" : ", ") + std::string(title(one.kind)) + ": " +
                      std::to_string(one.rows);
    if (detail.empty())
        return;
    store.audit().add(
        {.at = now_,
         .staff_id = {},
         .actor = "system",
         .action = "retention",
         .subject = {},
         .detail = "Xóa dữ liệu hết hạn lưu: " + detail,
         .address = {}});
}

retention_task::retention_task(const asio::any_io_executor& executor, retention_parts parts)
    : parts_(std::move(parts)), timer_(executor)
{
}

void retention_task::stop()
{
    stopping_ = true;
    timer_.cancel();
}

asio::awaitable<void> retention_task::run()
{
    while (!stopping_) {
        const bool due = co_await is_due();
        if (due) {
            const auto counts = co_await pass();
            if (!counts)
                log::warning("retention not finished", {{"reason", counts.error().message()}});
        }
        if (stopping_)
            break;
        timer_.expires_after(look_every);
        co_await timer_.async_wait(use_tuple);
    }
}

asio::awaitable<bool> retention_task::is_due()
{
    const auto now = parts_.now();
    const auto local = now + vietnam_offset;
    const auto hour = std::chrono::floor<std::chrono::hours>(
        local - std::chrono::floor<std::chrono::days>(local));
    if (hour.count() < first_hour || hour.count() >= last_hour)
        co_return false;
    auto last = std::make_shared<std::string>();
    auto unit = [last](transaction& store) { *last = store.setting(last_night).value_or(""); };
    const auto read = co_await parts_.store.commit(std::move(unit));
    co_return read&&* last != day_of(now);
}

asio::awaitable<result<std::vector<retention_count>>> retention_task::pass()
{
    const auto now = parts_.now();
    auto seen = std::make_shared<utc_time>(now);
    auto look = [seen, records = parts_.records](transaction& store) {
        *seen = records(store).platform_time().value_or(*seen);
    };
    const auto looked = co_await parts_.store.commit(std::move(look));
    if (!looked)
        co_return looked.error();
    const auto trusted = std::min(now, *seen + trusted_ahead);
    auto done =
        std::make_shared<retention_pass>(parts_.records, parts_.rules, trusted, parts_.pseudonym);
    while (!done->finished() && !stopping_) {
        // A copy, so that a piece that is rolled back has not happened here either.
        auto next = std::make_shared<retention_pass>(*done);
        auto unit = [next, now](transaction& store) {
            next->step(store);
            if (next->finished())
                store.put_setting(last_night, day_of(now));
        };
        const auto committed = co_await parts_.store.commit(std::move(unit));
        if (!committed)
            co_return committed.error();
        done = std::move(next);
    }
    for (const auto& one : done->counts())
        if (one.rows > 0)
            log::info("retention", {{"kind", name(one.kind)}, {"rows", one.rows}});
    parts_.files_to_remove();
    co_return done->counts();
}

} // namespace motcua::app
