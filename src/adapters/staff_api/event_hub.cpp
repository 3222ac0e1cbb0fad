#include "event_hub.hpp"

#include "router.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <motcua/support/use_tuple.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace motcua::staff_api {
namespace {

using std::chrono::steady_clock;

constexpr std::uint64_t ids_per_millisecond = 1'000'000;
constexpr std::size_t event_piece_bytes = 64UL * 1024;

// The browser waits so long before it comes back after a break.
constexpr std::string_view greeting = "retry: 2000\n";

std::string written(std::string_view name, std::string_view data)
{
    std::string out = "event: ";
    out += name;
    out += "\ndata: ";
    out += data;
    out += '\n';
    return out;
}

// Ends an event, or moves the browser's Last-Event-ID without one.
std::string with_id(std::uint64_t id)
{
    return "id: " + std::to_string(id) + "\n\n";
}

std::string session_event(utc_time ends)
{
    return written("session", json{{"ends_at", instant(ends)}}.dump()) + "\n";
}

json text_or_null(const std::string& value)
{
    return value.empty() ? json() : json(value);
}

} // namespace

// One stream under way: counted by its session, woken by what happens.
class event_hub::open_stream
{
public:
    open_stream(event_hub& hub, std::string session_id, const asio::any_io_executor& executor)
        : session(std::move(session_id)), wake(executor), hub_(hub)
    {
        hub_.streams_.insert(this);
    }
    open_stream(const open_stream&) = delete;
    open_stream& operator=(const open_stream&) = delete;
    ~open_stream() { hub_.streams_.erase(this); }

    std::string session;
    asio::steady_timer wake;

private:
    event_hub& hub_;
};

event_hub::event_hub(std::function<utc_time()> now, event_limits limits)
    : now_(std::move(now)), limits_(limits),
      next_(
          static_cast<std::uint64_t>(std::max<std::int64_t>(now_().time_since_epoch().count(), 1)) *
          ids_per_millisecond)
{
}

// --- what happens

void event_hub::append(event what)
{
    kept_.push_back(std::move(what));
    ++next_;
    if (kept_.size() > limits_.kept)
        kept_.pop_front();
    for (auto* const each : streams_)
        each->wake.cancel();
}

void event_hub::publish(const app::change_list& made)
{
    using kind = app::change::kind;
    for (const auto& one : made) {
        if (one.is == kind::reference) {
            ++recheck_; // roles and units may have changed, too
            const bool of_one = !one.staff_id.empty();
            append(
                {.name = "reference",
                 .data = "{}",
                 .to = of_one ? event::audience::member : event::audience::everybody,
                 .staff_id = one.staff_id});
            continue;
        }
        const bool is_message = one.is == kind::message;
        json data = {{"code", one.code}};
        if (is_message) {
            data["message_id"] = std::to_string(one.message_id);
            data["kind"] = one.speaker;
            data["delivery"] = text_or_null(one.delivery);
        } else {
            data["version"] = one.version;
            data["what"] = one.what;
        }
        append(
            {.name = is_message ? "message" : "complaint",
             .data = data.dump(),
             .to = event::audience::units,
             .unit = one.unit,
             .former_unit = one.former_unit});
    }
}

void event_hub::publish_reference()
{
    append({.name = "reference", .data = "{}"});
}

bool event_hub::is_for(const event& what, const listener& who)
{
    switch (what.to) {
    case event::audience::everybody:
        return true;
    case event::audience::member:
        return what.staff_id == who.staff_id;
    case event::audience::units:
        return who.sees_all || who.units.contains(what.unit) ||
               (!what.former_unit.empty() && who.units.contains(what.former_unit));
    }
    return false;
}

// --- streams

bool event_hub::has_room(const std::string& session_id) const
{
    const auto open = std::ranges::count(streams_, session_id, &open_stream::session);
    return static_cast<std::size_t>(open) < limits_.streams_per_session;
}

event_hub::place event_hub::find_place(std::string_view last_event_id) const
{
    if (last_event_id.empty())
        return {.next = next_};
    std::uint64_t last = 0;
    const auto* const end = last_event_id.data() + last_event_id.size();
    const auto parsed = std::from_chars(last_event_id.data(), end, last);
    const bool is_ours = parsed.ec == std::errc() && parsed.ptr == end;
    if (!is_ours || last >= next_ || last + 1 < oldest())
        return {.next = next_, .lost = true};
    return {.next = last + 1};
}

std::string event_hub::take(place& from, const listener& who) const
{
    std::string out;
    if (from.next < oldest())
        from.lost = true;
    if (std::exchange(from.lost, false)) {
        from.next = next_;
        return written("reset", "{}") + with_id(next_ - 1);
    }
    for (; from.next < next_ && out.size() < event_piece_bytes; ++from.next) {
        const auto& one = kept_[static_cast<std::size_t>(from.next - oldest())];
        if (is_for(one, who))
            out += written(one.name, one.data) + with_id(from.next);
    }
    return out;
}

http::body_producer event_hub::stream(
    const std::string& last_event_id, std::string session_id, listener first, look who)
{
    const auto at = find_place(last_event_id);
    return
        [this, at, session = std::move(session_id), first = std::move(first), who = std::move(who)](
            http::body_sink& sink) { return run(at, session, first, who, sink); };
}

asio::awaitable<void>
event_hub::run(place at, std::string session_id, listener seen, look who, http::body_sink& sink)
{
    if (!has_room(session_id)) // several have asked at once
        co_return;
    open_stream self(*this, std::move(session_id), co_await asio::this_coro::executor);
    auto out = std::string(greeting) + with_id(at.lost ? next_ - 1 : at.next - 1);
    auto next_beat = steady_clock::now() + limits_.heartbeat;
    auto checked = recheck_;
    std::optional<utc_time> told; // the end of the session the listener was told of
    for (;;) {
        const bool is_over = seen.ends && now_() >= *seen.ends; // or it was used since
        if (steady_clock::now() >= next_beat || checked != recheck_ || is_over) {
            checked = recheck_;
            seen = co_await who();
            if (steady_clock::now() >= next_beat) {
                out += ":\n" + with_id(at.next - 1);
                next_beat = steady_clock::now() + limits_.heartbeat;
            }
        }
        const auto now = now_();
        if (!seen.active || (seen.ends && now >= *seen.ends)) {
            out += session_event(seen.ends ? std::min(*seen.ends, now) : now);
            co_await sink.write(std::move(out));
            co_return;
        }
        const bool ends_soon = seen.ends && now + limits_.session_notice >= *seen.ends;
        if (ends_soon && told != seen.ends) {
            told = seen.ends;
            out += session_event(*seen.ends);
        }
        forget_absent();
        out += take(at, seen);
        if (!out.empty()) {
            auto piece = std::exchange(out, {});
            const bool more = co_await sink.write(std::move(piece));
            if (!more)
                co_return;
            continue; // things may have happened meanwhile
        }
        auto until = std::min(next_beat, first_absence());
        if (seen.ends) {
            const auto notice = ends_soon ? std::chrono::milliseconds(0) : limits_.session_notice;
            until = std::min(until, steady_clock::now() + (*seen.ends - now - notice));
        }
        self.wake.expires_at(until);
        co_await self.wake.async_wait(use_tuple);
    }
}

// --- presence

json event_hub::presence_of(const std::string& code) const
{
    json staff = json::array();
    if (const auto found = visited_.find(code); found != visited_.end())
        for (const auto& [id, page] : found->second.by)
            staff.push_back({{"staff_id", id}, {"composing", page.composing}});
    return {{"code", code}, {"staff", std::move(staff)}};
}

void event_hub::announce_presence(const std::string& code, const std::string& unit)
{
    append(
        {.name = "presence",
         .data = presence_of(code).dump(),
         .to = event::audience::units,
         .unit = unit});
}

json event_hub::enter(
    const std::string& code, const std::string& unit, const std::string& staff_id, bool composing)
{
    forget_absent();
    bound_cases_of(staff_id, code);
    auto& visited = visited_[code];
    visited.unit = unit;
    const auto until = steady_clock::now() + limits_.presence;
    const auto [page, is_new] = visited.by.try_emplace(staff_id);
    const bool is_news = is_new || page->second.composing != composing;
    page->second = {.composing = composing, .until = until};
    if (is_news)
        announce_presence(code, unit);
    return presence_of(code);
}

void event_hub::leave(const std::string& code, const std::string& staff_id)
{
    const auto found = visited_.find(code);
    if (found == visited_.end() || found->second.by.erase(staff_id) == 0)
        return;
    const auto unit = found->second.unit;
    if (found->second.by.empty())
        visited_.erase(found);
    announce_presence(code, unit);
}

void event_hub::forget_absent()
{
    const auto now = steady_clock::now();
    std::vector<std::pair<std::string, std::string>> gone; // code, staff id
    for (const auto& [code, visited] : visited_)
        for (const auto& [id, page] : visited.by)
            if (page.until <= now)
                gone.emplace_back(code, id);
    for (const auto& [code, id] : gone)
        leave(code, id);
}

steady_clock::time_point event_hub::first_absence() const
{
    auto first = steady_clock::time_point::max();
    for (const auto& [code, visited] : visited_)
        for (const auto& [id, page] : visited.by)
            first = std::min(first, page.until);
    return first;
}

void event_hub::bound_cases_of(const std::string& staff_id, const std::string& kept)
{
    std::size_t count = 0;
    std::string oldest_code;
    auto oldest_until = steady_clock::time_point::max();
    for (const auto& [code, visited] : visited_) {
        const auto page = visited.by.find(staff_id);
        if (page == visited.by.end() || code == kept)
            continue;
        ++count;
        if (page->second.until < oldest_until) {
            oldest_until = page->second.until;
            oldest_code = code;
        }
    }
    if (count >= limits_.cases_per_member)
        leave(oldest_code, staff_id);
}

} // namespace motcua::staff_api
