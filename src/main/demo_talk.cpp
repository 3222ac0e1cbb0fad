#include "demo_talk.hpp"

#include "demo_dice.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <fmt/format.h>
#include <motcua/adapters/zalo/webhook.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace motcua {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::uint64_t first_talker = 9'100'000'000'000'000'000U; // behind those who complain
constexpr std::string_view demo_oa = "9200000000000000000";
constexpr int share_of_known = 30; // of a hundred conversations, begun by somebody who was here
constexpr int liveliest_days = 40; // the last ones: half of all comes then
constexpr std::size_t answers_at_once = 1000;

class small_talk
{
public:
    small_talk(demo_talk_parts parts, const demo_texts& texts, const demo_wish& wish)
        : parts_(std::move(parts)), texts_(texts), wish_(wish), dice_(wish.seed + 1),
          handler_(
              {.store = parts_.store.writer(),
               .workers = parts_.io.get_executor(),
               .current_content = [this] { return parts_.used; },
               .now = [this] { return now_; },
               .pseudonym = parts_.pseudonym,
               .outgoing_added = [] {},
               .is_test_user = [](std::string_view) { return false; }})
    {
    }

    std::size_t run()
    {
        for (std::size_t i = 0; i < wish_.complaints; ++i)
            plan_conversation();
        while (!plans_.empty())
            live_through(plans_.begin()->first + days(1));
        return handled_;
    }

private:
    void plan_conversation()
    {
        const auto span = static_cast<int>(wish_.span.count());
        const auto first = dice_.chance(50) ? std::max(span - liveliest_days, 0) : 0;
        const auto day =
            complaints::day_of(wish_.now - wish_.span) + days(dice_.between(first, span));
        auto at = parts_.used.knowledge->complaints.calendar.opening(day) +
                  std::chrono::minutes(dice_.between(-60, 14 * 60)) +
                  std::chrono::seconds(dice_.between(0, 59));
        if (at >= wish_.now - 1h)
            at -= days(1);
        const bool is_known = talkers_ > 0 && dice_.chance(share_of_known);
        const auto who =
            std::to_string(first_talker + (is_known ? dice_.below(talkers_) : talkers_++));
        if (!is_known)
            plans_.emplace(at, follow_event(who, at));
        for (const auto& line : dice_.one_of(texts_.talks)) {
            at += std::chrono::seconds(dice_.between(8, 50));
            plans_.emplace(at, text_event(who, line, at));
        }
    }

    nlohmann::json event_of(std::string_view name, utc_time at) const
    {
        return {
            {"app_id", "demo"},
            {"event_name", name},
            {"timestamp", std::to_string(at.time_since_epoch() / 1ms)}};
    }
    nlohmann::json follow_event(const std::string& who, utc_time at) const
    {
        auto event = event_of("follow", at);
        event["oa_id"] = demo_oa;
        event["follower"] = {{"id", who}};
        return event;
    }
    nlohmann::json text_event(const std::string& who, const std::string& line, utc_time at)
    {
        auto event = event_of("user_send_text", at);
        event["sender"] = {{"id", who}};
        event["recipient"] = {{"id", demo_oa}};
        event["message"] = {{"msg_id", fmt::format("demo-talk-{}", ++messages_)}, {"text", line}};
        return event;
    }

    // What comes until then, in the order of time: the writer takes units in the order they come,
    // so that each finds what the one before has left.
    void live_through(utc_time end)
    {
        std::exception_ptr failure;
        const auto done = [&](std::exception_ptr thrown, const result<app::handled>& how) {
            if (!failure)
                failure = std::move(thrown);
            if (!how && !failure)
                failure = std::make_exception_ptr(
                    std::system_error(how.error(), "the demonstration's conversations"));
            ++handled_;
        };
        std::vector<utc_time> heard;
        parts_.io.restart();
        // Where all is stored before the next is heard, it would stop, and hear no more today.
        auto stays = boost::asio::make_work_guard(parts_.io);
        while (!plans_.empty() && plans_.begin()->first < end) {
            now_ = plans_.begin()->first;
            heard.push_back(now_);
            const auto raw = plans_.begin()->second.dump();
            plans_.erase(plans_.begin());
            auto event = zalo::decode_event(raw);
            if (!event)
                throw std::system_error(event.error(), "an event of the demonstration");
            boost::asio::co_spawn(parts_.io, handler_.handle(std::move(*event), raw), done);
            parts_.io.poll();
        }
        stays.reset();
        parts_.io.run();
        if (failure)
            std::rethrow_exception(failure);
        parts_.store.run_now([&heard](app::transaction& on) {
            for (const auto at : heard)
                deliver(on, at);
        });
    }

    // The answers to what was heard at that time go out a second or two later.
    static void deliver(app::transaction& on, utc_time at)
    {
        const auto seconds = at.time_since_epoch() / 1s;
        const auto sent = at + 700ms + 150ms * (seconds % 9);
        for (;;) {
            const auto batch = on.claim_due(sent, answers_at_once);
            if (batch.rows.empty())
                return;
            for (const auto& row : batch.rows) {
                const auto id = "demo-" + std::to_string(row.id);
                on.settle(row.id, {.message_id = id}, sent);
                on.mark_seen({id}, sent + 1min);
            }
        }
    }

    demo_talk_parts parts_;
    const demo_texts& texts_;
    const demo_wish& wish_;
    dice dice_;
    utc_time now_{};
    app::event_handler handler_;
    std::multimap<utc_time, nlohmann::json> plans_; // of one time: in the order they were made
    std::uint64_t talkers_ = 0;
    std::uint64_t messages_ = 0;
    std::size_t handled_ = 0;
};

} // namespace

std::size_t fill_demo_talk(demo_talk_parts parts, const demo_texts& texts, const demo_wish& wish)
{
    return small_talk(std::move(parts), texts, wish).run();
}

} // namespace motcua
