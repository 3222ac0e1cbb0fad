#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <motcua/adapters/http/server.hpp>
#include <motcua/app/changes.hpp>
#include <motcua/core/time.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

// Server-sent events for the desk (GET /events): what was committed, and who is looking at what.
// The I/O thread alone.
namespace motcua::staff_api {

namespace asio = boost::asio;

// Whose stream it is, and what may be said there.
struct listener
{
    bool active = false; // false: the session has ended
    std::string staff_id;
    bool sees_all = false;        // all cases
    std::set<std::string> units;  // else the cases of these
    std::optional<utc_time> ends; // of the session, if it is not used before
};

struct event_limits
{
    std::size_t kept = 1000; // events to come back to after a break
    std::size_t streams_per_session = 4;
    std::size_t cases_per_member = 20; // at once, in presence; the ones longest ago are forgotten
    std::chrono::milliseconds heartbeat{15'000}; // and how often a session is looked at again
    std::chrono::milliseconds presence{45'000};
    std::chrono::milliseconds session_notice{120'000};
};

class event_hub
{
public:
    using look = std::function<asio::awaitable<listener>()>;

    // Ids of events begin with the time, so that those of an earlier process are told apart.
    explicit event_hub(std::function<utc_time()> now, event_limits limits = {});
    event_hub(const event_hub&) = delete;
    event_hub& operator=(const event_hub&) = delete;

    void publish(const app::change_list& made);
    // The content in use was replaced.
    void publish_reference();

    // Somebody has the page of a case open; to be repeated within event_limits::presence. Returns
    // who is there, as the contract's Presence.
    nlohmann::json enter(
        const std::string& code,
        const std::string& unit,
        const std::string& staff_id,
        bool composing);
    void leave(const std::string& code, const std::string& staff_id);

    bool has_room(const std::string& session_id) const;
    // The body of an answer: events after `last_event_id`, or from now on if it is empty. `who` is
    // asked again and again; the stream ends when the session has. The hub must outlive it.
    http::body_producer
    stream(const std::string& last_event_id, std::string session_id, listener first, look who);

private:
    struct event
    {
        enum class audience : std::uint8_t
        {
            everybody,
            member,
            units // who see the cases of one of them
        };
        std::string_view name;
        std::string data; // one line of JSON
        audience to = audience::everybody;
        std::string staff_id;
        std::string unit;
        std::string former_unit;
    };
    struct open_page
    {
        bool composing = false;
        std::chrono::steady_clock::time_point until;
    };
    struct visited_case
    {
        std::string unit;
        std::map<std::string, open_page> by; // staff id
    };
    struct place // of a stream in the events
    {
        std::uint64_t next = 0;
        bool lost = false; // events were missed
    };
    class open_stream;

    static bool is_for(const event& what, const listener& who);
    void append(event what);
    place find_place(std::string_view last_event_id) const;
    // What comes next for the listener, written as it goes over the wire; a piece if it is much.
    std::string take(place& from, const listener& who) const;
    std::uint64_t oldest() const { return next_ - kept_.size(); }

    asio::awaitable<void>
    run(place at, std::string session_id, listener seen, look who, http::body_sink& sink);

    nlohmann::json presence_of(const std::string& code) const;
    void announce_presence(const std::string& code, const std::string& unit);
    void forget_absent();
    std::chrono::steady_clock::time_point first_absence() const;
    void bound_cases_of(const std::string& staff_id, const std::string& kept);

    std::function<utc_time()> now_;
    event_limits limits_;
    std::deque<event> kept_; // the last one has the id next_ - 1
    std::uint64_t next_;
    std::uint64_t recheck_ = 0; // grows when sessions are to be looked at again
    std::set<open_stream*> streams_;
    std::map<std::string, visited_case> visited_; // by code
};

} // namespace motcua::staff_api
