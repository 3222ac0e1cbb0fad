#include "deliveries.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/support/use_tuple.hpp>

#include <algorithm>
#include <utility>

namespace motcua::simulator {
namespace {

constexpr std::size_t worker_limit = 64;                 // posts at once
constexpr std::chrono::milliseconds answer_within{2000}; // zalo-oa-protocol 1.5
constexpr std::string_view webhook_path = "/webhook/zalo";

zalo::http_client_options client_options(const options& settings)
{
    zalo::http_client_options out;
    out.base = settings.server;
    out.ca_file = settings.ca_file;
    out.connect_deadline = answer_within;
    out.call_deadline = answer_within;
    out.idle_connections = worker_limit;
    return out;
}

} // namespace

deliveries::deliveries(const asio::any_io_executor& executor, const options& settings)
    : executor_(executor), app_id_(settings.app_id), secret_(settings.oa_secret_key),
      retry_waits_(settings.retry_waits),
      http_(zalo::make_http_client(executor, client_options(settings))),
      subscription_ends_(settings.subscription_ends), tasks_(executor)
{
}

std::shared_ptr<deliveries::ticket> deliveries::post(delivery event)
{
    auto fresh = std::make_shared<ticket>(executor_, std::move(event));
    ++counts_.events;
    if (stopped_) {
        settle(*fresh, {});
        return fresh;
    }
    if (!subscribed_) {
        ++counts_.dropped;
        settle(*fresh, {0, "not subscribed"});
        if (fresh->event_.on_attempt)
            fresh->event_.on_attempt(false);
        return fresh;
    }
    ++counts_.waiting;
    if (held_) {
        kept_.push_back(fresh);
        settle(*fresh, {0, "held"});
    } else {
        enqueue(fresh);
    }
    return fresh;
}

void deliveries::enqueue(std::shared_ptr<ticket> waiting)
{
    auto& queue = queues_[waiting->event_.queue];
    const bool idle = queue.empty();
    const auto name = waiting->event_.queue;
    queue.push_back(std::move(waiting));
    if (idle)
        ready_.push_back(name);
    if (idle && workers_ < worker_limit) {
        ++workers_;
        tasks_.spawn("delivery", work());
    }
}

void deliveries::release(release_order order)
{
    held_ = false;
    auto kept = std::exchange(kept_, {});
    if (order == release_order::reversed)
        std::reverse(kept.begin(), kept.end());
    for (auto& one : kept)
        enqueue(std::move(one));
}

asio::awaitable<attempt> deliveries::first_attempt(std::shared_ptr<ticket> waiting)
{
    if (!waiting->done_)
        co_await waiting->ready_.async_wait(use_tuple);
    co_return waiting->end_;
}

void deliveries::settle(ticket& of, const attempt& end) const
{
    of.end_ = end;
    of.done_ = true;
    of.ready_.cancel();
}

asio::awaitable<attempt>
deliveries::post_once(std::string body, std::string timestamp, signing how, int retry_number)
{
    zalo::http_fields fields;
    if (how == signing::right)
        fields.emplace_back("X-ZEvent-Signature", zalo::sign(app_id_, body, timestamp, secret_));
    if (how == signing::wrong)
        fields.emplace_back(
            "X-ZEvent-Signature", zalo::sign(app_id_, body, timestamp, secret_ + "?"));
    if (retry_number > 0)
        fields.emplace_back("num_retry", std::to_string(retry_number));
    ++counts_.attempts;
    const auto answer =
        co_await http_->post(std::string(webhook_path), std::move(fields), std::move(body));
    attempt end;
    if (answer.end == zalo::http_answer::kind::answered)
        end.status = answer.status;
    else
        end.reason = answer.reason;
    if (!end.acknowledged())
        ++counts_.failed;
    co_return end;
}

// Serves the queues that are ready, one event at a time, until none is left.
asio::awaitable<void> deliveries::work()
{
    co_await asio::post(executor_, asio::use_awaitable); // what posts goes on first
    while (!ready_.empty() && !stopped_) {
        const auto name = std::move(ready_.front());
        ready_.pop_front();
        const auto now = queues_[name].front();
        const auto end =
            co_await post_once(now->event_.body, now->event_.timestamp, signing::right, 0);
        if (end.acknowledged()) {
            ++counts_.acknowledged;
            --counts_.waiting;
        } else if (!stopped_) { // what stop() cut short is not tried again: nobody would cancel it
            tasks_.spawn("retry", retry(now));
        }
        settle(*now, end);
        if (now->event_.on_attempt)
            now->event_.on_attempt(end.acknowledged());
        auto& queue = queues_[name];
        queue.pop_front();
        if (queue.empty())
            queues_.erase(name);
        else
            ready_.push_back(name);
    }
    --workers_;
}

asio::awaitable<void> deliveries::retry(std::shared_ptr<ticket> failed)
{
    asio::steady_timer timer(executor_);
    int number = 0;
    for (const auto wait : retry_waits_) {
        timer.expires_after(wait);
        co_await timer.async_wait(asio::use_awaitable); // ends by cancellation
        ++number;
        const auto end = co_await post_once(
            failed->event_.body, failed->event_.timestamp, signing::right, number);
        if (failed->event_.on_attempt)
            failed->event_.on_attempt(end.acknowledged());
        if (end.acknowledged()) {
            ++counts_.acknowledged;
            --counts_.waiting;
            co_return;
        }
    }
    ++counts_.given_up;
    --counts_.waiting;
    if (subscription_ends_ && !retry_waits_.empty())
        subscribed_ = false;
}

delivery_counts deliveries::counts() const
{
    return counts_;
}

void deliveries::stop()
{
    stopped_ = true;
    for (auto& [name, queue] : queues_)
        for (auto& one : queue)
            settle(*one, {0, "stopped"});
    tasks_.cancel_all();
}

asio::awaitable<void> deliveries::join()
{
    return tasks_.join();
}

} // namespace motcua::simulator
