#include "citizen_action.hpp"
#include "deliveries.hpp"
#include "faults.hpp"
#include "fields.hpp"
#include "oauth.hpp"
#include "page.hpp"
#include "platform.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/simulator/simulator.hpp>
#include <motcua/support/use_tuple.hpp>
#include <motcua/support/within.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

namespace motcua::simulator {
namespace {

using http::request;
using http::response;
using nlohmann::json;
using zalo::form_value;
using zalo::member;

constexpr std::chrono::milliseconds longest_poll{25000};
constexpr std::size_t file_bytes = 8UL * 1024 * 1024;
constexpr std::size_t upload_bytes = 6UL * 1024 * 1024; // more than the platform takes
constexpr std::size_t file_limit = 64;                  // the oldest is forgotten
constexpr std::size_t citizen_limit = 100'000;
constexpr std::int64_t copy_limit = 100;
constexpr auto stop_grace = std::chrono::milliseconds(500);

// --- small helpers -----------------------------------------------------------------------------

std::string dumped(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

response answer_json(const json& value, unsigned status = 200)
{
    response out;
    out.status = status;
    out.content_type = "application/json";
    out.body = dumped(value);
    return out;
}

response wrong(unsigned status, std::string_view why)
{
    return answer_json({{"error", why}}, status);
}

std::vector<std::string_view> parts_of(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto slash = std::min(path.find('/'), path.size());
        parts.push_back(path.substr(0, slash));
        path.remove_prefix(slash);
    }
    return parts;
}

std::uint64_t number_of(std::string_view digits)
{
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string millis(utc_time when)
{
    return std::to_string(when.time_since_epoch().count());
}

std::string_view name_of(chat_entry::author from)
{
    constexpr std::array names{"citizen", "oa", "admin"};
    return names.at(static_cast<std::size_t>(from));
}
std::string_view name_of(chat_entry::progress status)
{
    constexpr std::array names{"sending", "received", "failed"};
    return names.at(static_cast<std::size_t>(status));
}
std::string_view name_of(oa_package package)
{
    return package == oa_package::basic ? "basic" : "advanced";
}
std::string_view name_of(oa_type type)
{
    constexpr std::array names{"any", "enterprise", "state_agency"};
    return names.at(static_cast<std::size_t>(type));
}

json view_of(const chat_entry& entry)
{
    json out{
        {"id", entry.id},
        {"revision", entry.revision},
        {"from", name_of(entry.from)},
        {"at", entry.at.time_since_epoch().count()},
        {"text", entry.text},
        {"hidden", entry.hidden}};
    if (entry.from == chat_entry::author::citizen)
        out["status"] = name_of(entry.status);
    out.update(entry.parts);
    return out;
}

json view_of(const citizen& whose)
{
    json out{
        {"id", whose.id},
        {"name", whose.name},
        {"follows", whose.follows},
        {"revision", whose.revision}};
    if (!whose.entries.empty()) {
        const auto& last = whose.entries.back();
        out["last_text"] = last.text;
        out["last_at"] = last.at.time_since_epoch().count();
        out["last_from"] = name_of(last.from);
    }
    return out;
}

// What a request of a citizen's action may ask about its delivery.
struct delivery_wish
{
    std::int64_t copies = 1;          // the same event so many times
    std::chrono::milliseconds age{0}; // the event's timestamp lies so far in the past
    bool wait = true;                 // answer once the first attempt has ended
};

delivery_wish wish_of(const json& body)
{
    delivery_wish out;
    out.copies = std::clamp(integer_of(body, "copies", 1), std::int64_t{1}, copy_limit);
    out.age = std::chrono::milliseconds(std::max(integer_of(body, "age_ms", 0), std::int64_t{0}));
    out.wait = member(body, "wait") != false;
    return out;
}

// --- the simulator -----------------------------------------------------------------------------

class zalo_simulator final : public simulator
{
public:
    zalo_simulator(const asio::any_io_executor& executor, options settings)
        : executor_(executor), settings_(std::move(settings)), platform_(settings_),
          oauth_(settings_), deliveries_(executor, settings_), reopen_(executor)
    {
        platform_.judge_token = [this](std::string_view token, utc_time at) {
            return oauth_.judge_access(token, at);
        };
        open_server(settings_.port);
        port_ = server_->port();
        url_ = server_->url();
    }

    std::string url() const override { return url_; }

    asio::awaitable<void> run() override
    {
        co_await server_->run();
        while (!stopping_) { // closed for a while only
            reopen_.expires_after(closed_for_);
            co_await reopen_.async_wait(use_tuple);
            if (stopping_)
                break;
            open_server(port_);
            co_await server_->run();
        }
        co_await deliveries_.join();
    }

    void stop() override
    {
        stopping_ = true;
        wake();
        deliveries_.stop();
        reopen_.cancel();
        server_->stop(stop_grace);
    }

private:
    void open_server(std::uint16_t port)
    {
        server_ = http::make_server(
            executor_, server_options(port), [this](request r) { return handle(std::move(r)); });
    }

    http::server_options server_options(std::uint16_t port) const
    {
        http::server_options out;
        out.address = settings_.address;
        out.port = port;
        out.tls_certificate = settings_.tls_certificate;
        out.tls_key = settings_.tls_key;
        out.limits.body_bytes = upload_bytes;
        out.limits.handler_deadline = 4 * longest_poll; // long polls and planned delays
        return out;
    }

    utc_time now() const
    {
        const auto base =
            settings_.now
                ? settings_.now()
                : std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        return base + clock_ahead_;
    }

    // Something a poll may wait for has changed.
    void wake()
    {
        for (auto* poll : polls_)
            poll->cancel();
    }

    // --- routing ---

    asio::awaitable<response> handle(request received)
    {
        const auto path = received.path();
        const bool post = received.method == "POST";
        const bool get = received.method == "GET" || received.method == "HEAD";
        if (is_openapi_path(path))
            return openapi_call(std::move(received));
        if (path.starts_with("/v4/oa/"))
            return oauth_.handle(std::move(received), now());
        const auto parts = parts_of(path);
        if (parts.size() >= 2 && parts[0] == "api") {
            if (get)
                return read_api(received);
            if (post)
                return write_api(std::move(received));
            return ready(wrong(405, "GET or POST"));
        }
        if (get && path == "/")
            return ready(page());
        if (get && parts.size() == 2 && parts[0] == "files")
            return ready(stored_file(number_of(parts[1])));
        return ready(wrong(404, "no such path"));
    }

    static asio::awaitable<response> ready(response value) { co_return value; }

    asio::awaitable<response> read_api(const request& received)
    {
        const auto parts = parts_of(received.path());
        if (parts.size() == 2 && parts[1] == "citizens")
            return ready(list_citizens());
        if (parts.size() == 4 && parts[1] == "citizens" && parts[3] == "messages") {
            const auto query = received.query();
            const auto wait = std::chrono::milliseconds(std::min<std::uint64_t>(
                number_of(form_value(query, "wait_ms")),
                static_cast<std::uint64_t>(longest_poll.count())));
            return poll(std::string(parts[2]), number_of(form_value(query, "after")), wait);
        }
        if (parts.size() == 2 && parts[1] == "deliveries")
            return ready(answer_json(delivery_view()));
        if (parts.size() == 2 && parts[1] == "messages")
            return ready(list_messages(form_value(received.query(), "citizen")));
        if (parts.size() == 2 && parts[1] == "settings")
            return ready(answer_json(settings_view()));
        if (parts.size() == 2 && parts[1] == "oauth")
            return ready(oauth_.steer("state", {}, now()));
        return ready(wrong(404, "no such path"));
    }

    asio::awaitable<response> write_api(request received)
    {
        const auto parts = parts_of(received.path());
        const std::string what(parts[1]);
        if (what == "events" && parts.size() == 2)
            return send_raw(std::move(received));
        if (what == "files" && parts.size() == 2)
            return ready(store_file(received));

        auto body = zalo::parse_bounded(received.body.empty() ? "{}" : received.body);
        if (!body || !body->is_object())
            return ready(wrong(400, "the body must be a JSON object"));
        if (what == "citizens" && parts.size() == 2)
            return ready(add_citizen(*body));
        if (what == "citizens" && parts.size() == 4)
            return act(std::string(parts[2]), std::string(parts[3]), std::move(*body));
        if (what == "admin-reply" && parts.size() == 2)
            return admin_reply(std::move(*body));
        if (what == "faults" && parts.size() == 2)
            return ready(plan_fault(*body));
        if (what == "clock" && parts.size() == 2)
            return ready(move_clock(*body));
        if (what == "settings" && parts.size() == 2)
            return ready(change_settings(*body));
        if (what == "oauth" && parts.size() == 3)
            return ready(oauth_.steer(parts[2], *body, now()));
        if (what == "deliveries" && parts.size() == 3)
            return ready(steer_deliveries(parts[2], *body));
        return ready(wrong(404, "no such path"));
    }

    // --- page and files ---

    static response page()
    {
        response out;
        out.content_type = "text/html; charset=utf-8";
        out.body = chat_page;
        out.fields = {
            {"Content-Security-Policy",
             "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
             "img-src 'self' https: data: blob:; media-src 'self'; connect-src 'self'; base-uri "
             "'none'; "
             "form-action 'none'; frame-ancestors 'none'"},
            {"X-Content-Type-Options", "nosniff"},
            {"Cache-Control", "no-store"}};
        return out;
    }

    struct file
    {
        std::string type;
        std::string bytes;
    };

    response store_file(const request& received)
    {
        const std::string type(received.field("content-type"));
        if (!may_be_hosted(type))
            return wrong(415, "image, audio, video or application/pdf, octet-stream, …");
        if (received.body.empty())
            return wrong(400, "an empty file");
        const auto number = ++last_file_;
        files_[number] = file{type, received.body};
        if (files_.size() > file_limit)
            files_.erase(files_.begin());
        return answer_json({{"url", fmt::format("{}/files/{}", url(), number)}}, 201);
    }

    response stored_file(std::uint64_t number)
    {
        const auto found = files_.find(number);
        if (found == files_.end())
            return wrong(404, "no such file");
        response out;
        out.content_type = found->second.type;
        out.body = found->second.bytes;
        out.fields = {
            {"X-Content-Type-Options", "nosniff"},
            {"Content-Security-Policy", "default-src 'none'; sandbox"}};
        return out;
    }

    // --- citizens ---

    response list_citizens() const
    {
        json out = json::array();
        for (const auto& [id, whose] : platform_.citizens())
            out.push_back(view_of(whose));
        return answer_json({{"citizens", std::move(out)}});
    }

    response add_citizen(const json& body)
    {
        if (platform_.citizens().size() >= citizen_limit)
            return wrong(409, "too many citizens");
        auto name = text_of(body, "name");
        if (name.empty())
            name = fmt::format("Người dân {}", platform_.citizens().size() + 1);
        return answer_json(view_of(platform_.add_citizen(std::move(name))), 201);
    }

    asio::awaitable<response>
    poll(std::string id, std::uint64_t after, std::chrono::milliseconds wait)
    {
        const auto until = std::chrono::steady_clock::now() + wait;
        asio::steady_timer timer(co_await asio::this_coro::executor);
        while (!stopping_) {
            const auto* whose = platform_.find(id);
            if (whose == nullptr)
                co_return wrong(404, "no such citizen");
            if (whose->revision > after || std::chrono::steady_clock::now() >= until)
                break;
            timer.expires_at(until);
            polls_.insert(&timer);
            co_await timer.async_wait(use_tuple);
            polls_.erase(&timer);
        }
        json out = json::array();
        auto* whose = platform_.find(id);
        if (whose == nullptr)
            co_return wrong(404, "no such citizen");
        for (const auto& entry : whose->entries)
            if (entry.revision > after)
                out.push_back(view_of(entry));
        if (settings_.receipts)
            send_receipts(*whose);
        co_return answer_json({{"messages", std::move(out)}, {"last", whose->revision}});
    }

    // The phone has fetched the OA's messages, and its owner looks at them.
    void send_receipts(citizen& whose)
    {
        json seen = json::array();
        for (auto& entry : whose.entries) {
            if (entry.from == chat_entry::author::citizen || entry.receipt_sent)
                continue;
            entry.receipt_sent = true;
            seen.push_back(entry.id);
            post_event(whose, oa_event("user_received_message", whose, {{"msg_id", entry.id}}), {});
        }
        if (!seen.empty())
            post_event(whose, oa_event("user_seen_message", whose, {{"msg_ids", seen}}), {});
    }

    asio::awaitable<response> act(std::string id, std::string what, json body)
    {
        auto* whose = platform_.find(id);
        if (whose == nullptr)
            co_return wrong(404, "no such citizen");
        const auto wish = wish_of(body);
        const auto at = now() - wish.age;
        auto action = citizen_action_of(what, body);
        if (!action.error.empty())
            co_return wrong(action.is_known ? 400 : 404, action.error);

        json event;
        std::string entry_id;
        if (action.is_message) {
            chat_entry entry;
            entry.at = at;
            entry.text = action.shown;
            entry.hidden = action.hidden;
            if (action.message.contains("attachments"))
                entry.parts["attachments"] = action.message["attachments"];
            whose->follows = true; // who writes can be answered
            whose->last_interaction = at;
            entry_id = platform_.append(*whose, std::move(entry)).id;
            action.message["msg_id"] = entry_id;
            event = citizen_event(action.event_name, *whose, std::move(action.message), at);
            wake();
        } else {
            event = quiet_event(*whose, what, action, at);
        }
        auto waiting = post_event(*whose, event, entry_id);
        for (std::int64_t copy = 1; copy < wish.copies; ++copy)
            post_event(*whose, event, entry_id);
        json out{{"message_id", entry_id}, {"timestamp", event["timestamp"]}};
        if (wish.wait) {
            const auto end = co_await deliveries_.first_attempt(std::move(waiting));
            out["status"] = end.status;
            out["reason"] = end.reason;
        }
        co_return answer_json(out);
    }

    asio::awaitable<response> admin_reply(json body)
    {
        auto* whose = platform_.find(text_of(body, "citizen"));
        const auto text = text_of(body, "text");
        if (whose == nullptr || text.empty())
            co_return wrong(400, "citizen and text are needed");
        chat_entry entry;
        entry.from = chat_entry::author::admin;
        entry.at = now();
        entry.text = text;
        const auto id = platform_.append(*whose, std::move(entry)).id;
        wake();
        auto event = oa_event("oa_send_text", *whose, {{"text", text}, {"msg_id", id}});
        event["sender"]["admin_id"] = "7300000000000000001";
        auto waiting = post_event(*whose, event, {});
        const auto end = co_await deliveries_.first_attempt(std::move(waiting));
        co_return answer_json({{"message_id", id}, {"status", end.status}, {"reason", end.reason}});
    }

    // What a citizen does without writing.
    json quiet_event(citizen& whose, std::string_view what, citizen_action& action, utc_time at)
    {
        if (what == "follow" || what == "unfollow")
            whose.follows = what == "follow";
        if (what == "follow" || what == "click-chat")
            whose.last_interaction = at;
        if (!action.is_flat) {
            auto event = message_event(action.event_name, whose.id, settings_.oa_id);
            event["timestamp"] = millis(at);
            event.update(action.extra);
            return event;
        }
        auto event = flat_event(action.event_name, at);
        if (what == "follow" || what == "unfollow")
            event["follower"] = {{"id", whose.id}};
        else
            event["user_id"] = whose.id;
        event.update(action.extra);
        return event;
    }

    // --- events ---

    json flat_event(std::string_view name, utc_time at) const
    {
        return {
            {"app_id", settings_.app_id},
            {"oa_id", settings_.oa_id},
            {"event_name", name},
            {"timestamp", millis(at)}};
    }

    json
    message_event(std::string_view name, std::string_view sender, std::string_view recipient) const
    {
        return {
            {"app_id", settings_.app_id},
            {"sender", {{"id", sender}}},
            {"recipient", {{"id", recipient}}},
            {"event_name", name}};
    }

    json citizen_event(std::string_view name, const citizen& whose, json message, utc_time at) const
    {
        auto out = message_event(name, whose.id, settings_.oa_id);
        out["message"] = std::move(message);
        out["timestamp"] = millis(at);
        return out;
    }

    json oa_event(std::string_view name, const citizen& whose, json message) const
    {
        auto out = message_event(name, settings_.oa_id, whose.id);
        out["message"] = std::move(message);
        out["timestamp"] = millis(now());
        return out;
    }

    // `entry_id`: the chat line whose ticks show how the delivery ended; may be empty.
    std::shared_ptr<deliveries::ticket>
    post_event(const citizen& whose, const json& event, const std::string& entry_id)
    {
        delivery one;
        one.queue = whose.id;
        one.body = dumped(event);
        one.timestamp = text_of(event, "timestamp");
        if (!entry_id.empty()) {
            one.on_attempt = [this, id = whose.id, entry_id](bool acknowledged) {
                show_progress(id, entry_id, acknowledged);
            };
        }
        return deliveries_.post(std::move(one));
    }

    void show_progress(const std::string& id, const std::string& entry_id, bool acknowledged)
    {
        auto* whose = platform_.find(id);
        const auto status =
            acknowledged ? chat_entry::progress::received : chat_entry::progress::failed;
        for (auto& entry : whose->entries) {
            if (entry.id == entry_id && entry.status != status) {
                entry.status = status;
                platform_.changed(*whose, entry);
                wake();
            }
        }
    }

    asio::awaitable<response> send_raw(request received)
    {
        const auto wanted = form_value(received.query(), "signature");
        auto how = signing::right;
        if (wanted == "none")
            how = signing::none;
        else if (wanted == "wrong")
            how = signing::wrong;
        else if (!wanted.empty())
            co_return wrong(400, "signature is none or wrong");
        const auto event = zalo::parse_bounded(received.body);
        const auto timestamp = event ? zalo::token(member(*event, "timestamp")) : std::string();
        const int retry = static_cast<int>(
            std::min<std::uint64_t>(number_of(form_value(received.query(), "num_retry")), 100));
        const auto end =
            co_await deliveries_.post_once(std::move(received.body), timestamp, how, retry);
        co_return answer_json({{"status", end.status}, {"reason", end.reason}});
    }

    // --- steering and looking ---

    json delivery_view() const
    {
        const auto counts = deliveries_.counts();
        return {
            {"events", counts.events},
            {"sent", counts.attempts},
            {"acknowledged", counts.acknowledged},
            {"failed", counts.failed},
            {"given_up", counts.given_up},
            {"dropped", counts.dropped},
            {"subscribed", deliveries_.is_subscribed()},
            {"waiting", counts.waiting}};
    }

    response steer_deliveries(std::string_view what, const json& body)
    {
        const auto order = text_of(body, "order");
        if (what == "hold")
            deliveries_.hold();
        else if (what == "release" && order == "reversed")
            deliveries_.release(release_order::reversed);
        else if (what == "release" && (order.empty() || order == "sent"))
            deliveries_.release(release_order::as_sent);
        else if (what == "subscribe")
            deliveries_.subscribe();
        else
            return wrong(404, "hold, release with order sent or reversed, or subscribe");
        return answer_json(delivery_view());
    }

    response list_messages(std::string_view of_citizen) const
    {
        json accepted = json::array();
        json refused = json::array();
        for (const auto& call : platform_.calls()) {
            if (!of_citizen.empty() && call.user_id != of_citizen)
                continue;
            json one{
                {"user_id", call.user_id},
                {"at", call.at.time_since_epoch().count()},
                {"path", call.path},
                {"message", call.content}};
            if (call.error == 0) {
                one["message_id"] = call.message_id;
                accepted.push_back(std::move(one));
            } else {
                one["error"] = call.error;
                one["reason"] = call.message;
                refused.push_back(std::move(one));
            }
        }
        return answer_json({{"messages", std::move(accepted)}, {"refused", std::move(refused)}});
    }

    json settings_view() const
    {
        return {
            {"server", settings_.server},
            {"app_id", settings_.app_id},
            {"oa_id", settings_.oa_id},
            {"oa_type", name_of(platform_.type)},
            {"package", name_of(platform_.package)},
            {"templates", platform_.templates},
            {"receipts", settings_.receipts},
            {"echoes", settings_.echoes}};
    }

    response change_settings(const json& body)
    {
        const auto type = text_of(body, "oa_type");
        for (const auto known : {oa_type::any, oa_type::enterprise, oa_type::state_agency})
            if (type == name_of(known))
                platform_.type = known;
        const auto package = text_of(body, "package");
        for (const auto known : {oa_package::advanced, oa_package::basic})
            if (package == name_of(known))
                platform_.package = known;
        if (member(body, "templates").is_array()) {
            platform_.templates.clear();
            for (const auto& id : body["templates"])
                platform_.templates.push_back(zalo::token(id));
        }
        if (member(body, "receipts").is_boolean())
            settings_.receipts = body["receipts"].get<bool>();
        if (member(body, "echoes").is_boolean())
            settings_.echoes = body["echoes"].get<bool>();
        return answer_json(settings_view());
    }

    response plan_fault(const json& body)
    {
        if (text_of(body, "kind") == "refuse") {
            close_for(std::chrono::milliseconds(std::clamp(
                integer_of(body, "delay_ms", 3000), std::int64_t{0}, std::int64_t{600'000})));
            return answer_json(faults_.view());
        }
        if (!faults_.add(body))
            return wrong(400, "unknown kind, or rates that make no sense");
        return answer_json(faults_.view());
    }

    // Nobody listens for so long: what connects is refused by the system.
    void close_for(std::chrono::milliseconds span)
    {
        closed_for_ = span;
        server_->stop(stop_grace);
    }

    response move_clock(const json& body)
    {
        clock_ahead_ +=
            std::chrono::milliseconds(std::max(integer_of(body, "advance_ms", 0), std::int64_t{0}));
        return answer_json({{"now", now().time_since_epoch().count()}});
    }

    // --- the message API ---

    // Says whether the fault has decided the answer already; then nothing is acted upon.
    static std::optional<response> struck_before(const fault& by)
    {
        response out;
        if (by.kind == "cut_before") {
            out.status = http::no_response;
            return out;
        }
        if (by.kind == "429") {
            out = wrong(429, "too many requests");
            out.fields.emplace_back("Retry-After", "1");
            return out;
        }
        if (by.kind == "500")
            return wrong(500, "internal error");
        if (by.kind == "html") {
            out.content_type = "text/html; charset=utf-8";
            out.body = "<html><body>Hệ thống đang bảo trì</body></html>";
            return out;
        }
        if (by.kind == "error")
            return answer_json({{"error", by.code}, {"message", "planned fault"}});
        return std::nullopt;
    }

    static response struck_after(const fault& by, response out)
    {
        if (by.kind == "half_json")
            out.body.resize(out.body.size() / 2);
        if (by.kind == "cut_after")
            out.status = http::no_response;
        return out;
    }

    // Every call of the platform: a fault may strike it before or behind acting.
    asio::awaitable<response> openapi_call(request received)
    {
        const auto path = std::string(received.path());
        const auto by = faults_.take(is_message_path(path));
        if (auto out = struck_before(by))
            co_return std::move(*out);
        if (by.kind == "delay")
            co_await sleep_for(by.delay);
        auto out = is_message_path(path) ? message_call(received) : other_call(received);
        out.fields.emplace_back("X-RateLimit-Limit", std::to_string(settings_.sends_per_minute));
        out.fields.emplace_back("X-RateLimit-Remain", std::to_string(platform_.calls_left(now())));
        co_return struck_after(by, std::move(out));
    }

    static bool is_message_path(std::string_view path)
    {
        return path == v3_path || path == v2_path || path == template_path;
    }
    static bool is_openapi_path(std::string_view path)
    {
        return path.starts_with("/v2.0/oa/") || path.starts_with("/v3.0/oa/");
    }

    response message_call(const request& received)
    {
        if (received.method != "POST")
            return wrong(405, "POST only");
        const auto call =
            platform_.decide(received.path(), received.field("access_token"), received.body, now());
        if (call.error == 0) {
            wake();
            if (settings_.echoes)
                post_echo(call);
        }
        return answer_json(platform::answer(call));
    }

    response other_call(const request& received)
    {
        constexpr std::string_view uploads = "/v2.0/oa/upload/";
        const auto path = received.path();
        const bool post = received.method == "POST";
        if (auto refused = platform_.refuse_caller(received.field("access_token"), now()))
            return answer_json(*refused);
        if (post && path.starts_with(uploads))
            return answer_json(platform_.upload(
                path.substr(uploads.size()), received.field("content-type"), received.body, now()));
        if (!post && path == "/v2.0/oa/conversation")
            return answer_json(platform_.conversation(form_value(received.query(), "data")));
        if (!post && path == "/v2.0/oa/getoa") {
            auto info = platform_.oa_info();
            info["data"]["oa_id"] = settings_.oa_id;
            return answer_json(info);
        }
        if (post && path == "/v3.0/oa/quota/message")
            return answer_json(platform_.quota(received.body, now()));
        return wrong(404, "empty or invalid API");
    }

    // Template messages come back as text with the template's words (zalo-oa-protocol 1.3).
    void post_echo(const api_call& call)
    {
        const auto& whose = *platform_.find(call.user_id);
        const auto& attachment = member(call.content, "attachment");
        const auto& payload = member(attachment, "payload");
        const auto shape = text_of(payload, "template_type");
        json message{{"msg_id", call.message_id}};
        if (call.content.contains("text"))
            message["text"] = call.content["text"];
        std::string name = "oa_send_text";
        if (call.path == template_path) {
            const json shown{{"text", whose.entries.back().text}, {"link_url", ""}};
            message["attachments"] = {{{"type", "template"}, {"payload", shown}}};
        } else if (text_of(attachment, "type") == "file") {
            name = "oa_send_file";
            message["attachments"] = {{{"type", "file"}, {"payload", {{"name", "tep"}}}}};
        } else if (shape == "media") {
            name = "oa_send_image";
            const auto url = text_of(payload["elements"].front(), "url");
            message["attachments"] = {
                {{"type", "image"}, {"payload", {{"thumbnail", url}, {"url", url}}}}};
        } else if (payload.contains("elements")) {
            name = "oa_send_list";
            message["attachments"] = json::array();
            for (const auto& element : payload["elements"]) {
                json link{
                    {"title", text_of(element, "title")},
                    {"description", text_of(element, "subtitle")},
                    {"thumbnail", text_of(element, "image_url")},
                    {"url", text_of(member(element, "default_action"), "url")}};
                message["attachments"].push_back({{"type", "link"}, {"payload", std::move(link)}});
            }
        }
        post_event(whose, oa_event(name, whose, std::move(message)), {});
    }

    asio::any_io_executor executor_;
    options settings_;
    platform platform_;
    oauth_desk oauth_;
    deliveries deliveries_;
    fault_plan faults_;
    std::chrono::milliseconds clock_ahead_{0}; // moved by the API
    asio::steady_timer reopen_;
    std::chrono::milliseconds closed_for_{0};
    std::uint16_t port_ = 0;
    std::string url_;
    std::map<std::uint64_t, file> files_;
    std::uint64_t last_file_ = 0;
    std::set<asio::steady_timer*> polls_;
    bool stopping_ = false;
    std::unique_ptr<http::server> server_;
};

} // namespace

std::unique_ptr<simulator> make_simulator(const asio::any_io_executor& executor, options settings)
{
    return std::make_unique<zalo_simulator>(executor, std::move(settings));
}

} // namespace motcua::simulator
