#pragma once

#include "back_off.hpp"
#include "reading.hpp"
#include "router.hpp"
#include "secrets.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>

#include <memory>
#include <string>
#include <utility>

namespace motcua::staff_api {

// Where a request comes from, for sessions and audit.
struct visitor
{
    std::string address;
    std::string browser; // family and system
};
visitor visitor_of(const http::request& asked);

// An entry of the caller, to be completed.
app::audit_entry act_of(const caller& by, const visitor& from, utc_time now);

// Signing in, stage by stage, and the sessions that come of it (staff-desk.md section 5). Failures
// are thrown as problems. The I/O thread alone.
class accounts final : public session_source
{
public:
    // `parts` and `reader` outlive it.
    accounts(const staff_api_parts& parts, reading& reader);

    asio::awaitable<caller>
    find(std::string cookie, std::string address, bool keeps_alive) override;

    // A session of a new id; the cookie's value is known to its owner alone.
    struct entered
    {
        std::string cookie;
        caller by;
    };
    asio::awaitable<entered> sign_in(std::string user_name, std::string password, visitor from);
    asio::awaitable<void> sign_out(caller by, visitor from);
    asio::awaitable<entered> give_totp_code(caller by, std::string code, visitor from);
    // The new secret, to be confirmed by confirm_totp.
    asio::awaitable<std::string> begin_totp(caller by, std::string password, visitor from);
    asio::awaitable<entered> confirm_totp(caller by, std::string code, visitor from);
    asio::awaitable<entered>
    change_password(caller by, std::string current, std::string wanted, visitor from);

    // Hashing, off the I/O thread. `unavailable` if too much waits already.
    asio::awaitable<std::string> hash(std::string password);

private:
    struct admission;

    asio::awaitable<bool> matches(std::string hash, std::string password);
    // 401 unless it is the caller's password; counted and audited.
    asio::awaitable<app::account>
    check_own_password(caller by, std::string password, visitor from, std::string_view act);
    void expect_patience(const std::string& user_name, const std::string& address, utc_time now);
    stage after_password(const app::account& of) const;
    stage after_totp(const app::account& of) const;

    const staff_api_parts& parts_;
    reading& reader_;
    secret_box box_;
    std::string nobodys_hash_;
    back_off names_;
    back_off addresses_;
    int hashing_ = 0; // under way or waiting
};

} // namespace motcua::staff_api
