#include "live_routes.hpp"

#include "complaint_access.hpp"
#include "contract.hpp"
#include "event_hub.hpp"
#include "reference_json.hpp"

#include <boost/asio/post.hpp>
#include <motcua/support/run_on.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace motcua::staff_api {
namespace {

using app::staff_role;

constexpr std::size_t labels_shown = 200;
constexpr int seconds_until_room = 30; // a stream of another tab may have ended by then

class live
{
public:
    live(const staff_api_parts& parts, session_source& sessions, directory known)
        : parts_(parts), sessions_(sessions), directory_(std::move(known)), hub_(parts.now),
          known_(parts.current_content().knowledge)
    {
    }

    void publish(const app::change_list& made) { hub_.publish(made); }

    static asio::awaitable<http::response> events(std::shared_ptr<live> self, call asked)
    {
        const auto first = co_await self->listener_of(asked.by);
        if (!self->hub_.has_room(asked.by.session_id)) {
            problem full("too_many", "Anh/chị đang mở quá nhiều cửa sổ.");
            full.more["retry_after_seconds"] = seconds_until_room;
            throw full;
        }
        http::response out;
        out.content_type = "text/event-stream";
        out.fields = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
        const auto look =
            [self, cookie = session_cookie_of(asked.request), address = asked.request.peer] {
                return look_again(self, cookie, address);
            };
        out.stream = self->hub_.stream(
            std::string(asked.request.field("last-event-id")), asked.by.session_id, first, look);
        co_return out;
    }

    static asio::awaitable<http::response> be_present(std::shared_ptr<live> self, call asked)
    {
        body_reader body(asked.body);
        const bool composing = body.boolean("composing");
        body.end();
        const auto& code = asked.path.at("code");
        const auto unit = co_await self->unit_of_visible(asked.by, code);
        co_return answer(200, self->hub_.enter(code, unit, asked.by.who.id, composing));
    }

    // Whoever is not there, or may not see the case, has left all the same.
    static asio::awaitable<http::response> leave(std::shared_ptr<live> self, call asked)
    {
        co_await self->unit_of_visible(asked.by, asked.path.at("code"));
        self->hub_.leave(asked.path.at("code"), asked.by.who.id);
        co_return no_content();
    }

    static asio::awaitable<http::response> reference(std::shared_ptr<live> self, call)
    {
        auto read = [self] {
            const auto store = self->parts_.open_reader();
            return stored_reference{
                .labels = store->complaints().labels(labels_shown),
                .units = store->accounts().units(),
                .staff = store->accounts().all()};
        };
        const auto stored = co_await run_on(self->parts_.workers, std::move(read));
        co_return answer(200, reference_json(*self->parts_.current_content().knowledge, stored));
    }

private:
    static asio::awaitable<listener>
    look_again(std::shared_ptr<live> self, std::string cookie, std::string address)
    {
        self->notice_new_content();
        const auto by = co_await self->sessions_.find(cookie, address, false);
        auto who = co_await self->listener_of(by);
        co_return who;
    }

    // Nobody tells when the content is replaced; streams ask often enough.
    void notice_new_content()
    {
        auto now = parts_.current_content().knowledge;
        if (std::exchange(known_, now) != now)
            hub_.publish_reference();
    }

    asio::awaitable<listener> listener_of(caller by)
    {
        listener who;
        who.active = by.stage == stage::active;
        who.staff_id = by.who.id;
        if (by.idle_ends && by.ends)
            who.ends = std::min(*by.idle_ends, *by.ends);
        auto read = [this, by] {
            app::unit_tree units;
            if (by.who.is(staff_role::officer)) {
                const auto store = parts_.open_reader();
                units = directory_.units(*store);
            }
            return sight_of(by, units);
        };
        auto sight = co_await run_on(parts_.workers, std::move(read));
        who.sees_all = sight.all;
        who.units = std::move(sight.units);
        co_return who;
    }

    // The unit of the case, which may be empty. Throws not_found.
    asio::awaitable<std::string> unit_of_visible(caller by, std::string code)
    {
        auto read = [this, by, code] {
            const auto store = parts_.open_reader();
            const auto found = store->complaints().find(code);
            if (!found || !may_see(by, *found, directory_.units(*store)))
                throw problem("not_found");
            return found->unit;
        };
        auto unit = co_await run_on(parts_.workers, std::move(read));
        co_return unit;
    }

    const staff_api_parts& parts_;
    session_source& sessions_;
    directory directory_;
    event_hub hub_;
    std::shared_ptr<const dialogue::knowledge> known_; // when the streams asked last
};

asio::awaitable<http::response> send_contract(call)
{
    http::response out;
    out.content_type = "application/yaml";
    out.fields = {{"Cache-Control", "no-cache"}};
    out.body = contract();
    co_return out;
}

} // namespace

void add_live_routes(
    router& to, const staff_api_parts& parts, session_source& sessions, directory known)
{
    const auto self = std::make_shared<live>(parts, sessions, std::move(known));
    parts.store.on_commit(
        [executor = parts.executor, kept = std::weak_ptr(self)](app::change_list made) {
            asio::post(executor, [kept, made = std::move(made)] {
                if (const auto here = kept.lock())
                    here->publish(made);
            });
        });
    to.add({.method = "GET", .path = "/openapi.yaml", .anonymous = true, .handle = send_contract});
    to.add({.method = "GET", .path = "/reference", .handle = [self](call asked) {
                return live::reference(self, std::move(asked));
            }});
    to.add({.method = "GET", .path = "/events", .keeps_alive = false, .handle = [self](call asked) {
                return live::events(self, std::move(asked));
            }});
    to.add(
        {.method = "PUT",
         .path = "/complaints/{code}/presence",
         .roles = {staff_role::officer, staff_role::coordinator},
         .takes_body = true,
         .keeps_alive = false,
         .handle = [self](call asked) { return live::be_present(self, std::move(asked)); }});
    to.add(
        {.method = "DELETE",
         .path = "/complaints/{code}/presence",
         .roles = {staff_role::officer, staff_role::coordinator},
         .keeps_alive = false,
         .handle = [self](call asked) { return live::leave(self, std::move(asked)); }});
}

} // namespace motcua::staff_api
