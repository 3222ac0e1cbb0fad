#pragma once

#include <motcua/adapters/http/server.hpp>
#include <motcua/app/accounts.hpp>
#include <motcua/core/time.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What every route of the staff API has in common (data/api/openapi.yaml): session, stage, roles,
// Origin and CSRF token, JSON in and out, problems. The I/O thread alone.
namespace motcua::staff_api {

namespace asio = boost::asio;
using nlohmann::json;

using stage = app::session_stage;

struct caller
{
    staff_api::stage stage = stage::signed_out;
    app::staff_member who; // empty when signed out
    bool totp_enrolled = false;
    std::string session_id;            // of SessionRow: not the secret; empty when signed out
    std::string csrf_token;            // empty when signed out
    std::optional<utc_time> idle_ends; // empty when signed out
    std::optional<utc_time> ends;
};

// Who asks. Implemented by the accounts.
class session_source
{
public:
    virtual ~session_source() = default;
    // The session of the cookie's value; signed out if there is none or it has ended.
    // `keeps_alive`: this request counts as use of the session.
    virtual asio::awaitable<caller>
    find(std::string cookie, std::string address, bool keeps_alive) = 0;
};

// The value of the session's cookie, empty if there is none.
std::string session_cookie_of(const http::request& asked);

// One request, checked. Lives until the answer is made.
struct call
{
    http::request request;
    caller by;
    std::map<std::string, std::string, std::less<>> path;   // {code} -> value, decoded
    std::vector<std::pair<std::string, std::string>> query; // decoded, in order
    json body;                                              // null unless the route takes one
    utc_time now{};

    // The first value of the query parameter.
    std::optional<std::string> parameter(std::string_view name) const;
    // All values: repeated, and not split at commas.
    std::vector<std::string> parameters(std::string_view name) const;
};

// The end of a request without success; thrown by handlers, answered as application/problem+json.
struct problem : std::runtime_error
{
    // `kind` is the type without the urn; its status and title are those of the contract.
    explicit problem(std::string kind, std::string what_next = {});

    std::string type;
    std::string detail;         // Vietnamese, what to do next
    json more = json::object(); // further members: errors, current, changes, retry_after_seconds
};
// 422 `invalid` for one field.
problem invalid(std::string field, std::string title);

http::response answer(unsigned status, const json& body);
http::response no_content();
http::response answer(const problem& what);

// "2026-11-22T07:30:00Z"
std::string instant(utc_time value);
json optional_instant(std::optional<utc_time> value);
// null if empty
json optional_text(std::string_view value);

// The members of a body, each taken once, with clear errors; unknown ones are refused by end().
class body_reader
{
public:
    explicit body_reader(const json& body); // `bad_request` unless an object
    std::string text(
        std::string_view field,
        std::size_t least,
        std::size_t most); // code points of NFC; NFC is made
    std::optional<std::string>
    optional_text(std::string_view field, std::size_t most); // empty if absent or null
    std::int64_t integer(std::string_view field, std::int64_t least, std::int64_t most);
    bool boolean(std::string_view field);
    bool has(std::string_view field) const;
    // Strings of an array, each at most `most` code points; empty if absent and not `required`.
    std::vector<std::string>
    texts(std::string_view field, std::size_t most_items, std::size_t most, bool required);
    const json* object(std::string_view field); // nullptr if absent or null
    void end() const;                           // `invalid` if a member was not asked for

private:
    const json* take(std::string_view field);
    const json& body_;
    std::set<std::string, std::less<>> taken_;
};

struct route
{
    std::string method;
    std::string path;                // of the contract: "/complaints/{code}"
    std::set<app::staff_role> roles; // who may call; empty: any session
    std::set<staff_api::stage> stages{stage::active};
    bool anonymous = false;  // needs no session at all
    bool takes_body = false; // JSON, at most 64 KiB
    bool keeps_alive = true;
    std::function<asio::awaitable<http::response>(call)> handle;
};

class router
{
public:
    // `sessions` must outlive it.
    router(session_source& sessions, std::function<utc_time()> now);

    void add(route one);
    const std::vector<route>& routes() const { return routes_; }

    // Any request below /api/v1.
    asio::awaitable<http::response> handle(http::request asked) const;

private:
    asio::awaitable<http::response> handle_checked(http::request asked) const;

    session_source& sessions_;
    std::function<utc_time()> now_;
    std::vector<route> routes_;
};

} // namespace motcua::staff_api
