#pragma once

#include <motcua/adapters/http/server.hpp>
#include <motcua/core/time.hpp>
#include <motcua/simulator/simulator.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

// The platform's OAuth v4 (zalo-oa-protocol section 3): consent page, exchange, refresh with
// single-use tokens.
namespace motcua::simulator {

class oauth_desk
{
public:
    explicit oauth_desk(const options& settings);

    // 0, or the message API's error for this access token: -216 invalid, -220 expired. A token of
    // an earlier run of the simulator is taken for good.
    int judge_access(std::string_view token, utc_time now) const;

    // GET /v4/oa/permission, POST /v4/oa/access_token; `now` is the platform's time.
    asio::awaitable<http::response> handle(http::request received, utc_time now);

    // /api/oauth/<what>: GET state; POST faults, revoke (both tokens, as an administrator can).
    http::response steer(std::string_view what, const nlohmann::json& body, utc_time now);

private:
    struct grant
    {
        std::string access;
        std::string refresh;
        std::uint64_t family = 0; // of one consent
        utc_time made{};
        bool access_dead = false;
        bool refresh_spent = false;
    };
    struct consent
    {
        std::string code;
        std::string challenge;
        utc_time made{};
        bool used = false;
    };
    struct fault
    {
        std::string kind;
        std::int64_t times = 1;
        bool acts = true;
        std::size_t bytes = 0;
        std::chrono::milliseconds delay{0};
    };

    nlohmann::json permission(std::string_view query, utc_time now, std::string& location);
    nlohmann::json token_call(const http::request& received, utc_time now);
    nlohmann::json exchange(std::string_view form, utc_time now);
    nlohmann::json refresh(const std::string& token, utc_time now);
    nlohmann::json issue(std::uint64_t family, utc_time now);
    void revoke(std::uint64_t family);
    bool is_of_earlier_run(std::string_view token) const;
    fault take_fault();
    http::response plan_fault(const nlohmann::json& body);

    const options& settings_;
    std::string run_;
    std::deque<grant> grants_; // the newest last
    std::deque<consent> consents_;
    std::deque<fault> faults_;
    std::uint64_t families_ = 0;
    std::uint64_t tokens_ = 0;
    std::uint64_t refreshes_ = 0;
    std::uint64_t exchanges_ = 0;
    std::uint64_t refusals_ = 0;
};

} // namespace motcua::simulator
