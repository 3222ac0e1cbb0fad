#pragma once

#include <motcua/app/staff.hpp>
#include <motcua/core/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Accounts of staff, their sessions, and the units they belong to: the storing ports. What may be
// done to them is in staff_administration.hpp.
namespace motcua::app {

// A unit of the province. Units form a forest; reminders of late cases go up.
struct unit
{
    std::string id; // letters, digits, hyphen; never given out again
    std::int64_t version = 1;
    std::string name;
    std::string parent;  // id; empty = none
    std::string commune; // statistics code; empty = not one of a commune
    bool active = true;  // false: gets no new cases

    bool operator==(const unit&) const = default;
};

struct account
{
    staff_member who;
    std::int64_t version = 1;  // of what administrators edit
    std::string password_hash; // Argon2id with its parameters and salt
    bool password_temporary = false;
    std::string totp_secret;    // sealed; empty = no authenticator
    std::int64_t totp_step = 0; // the last time step whose code was used
    std::optional<utc_time> last_seen;
};

// Where a session stands; at any stage but `active` only routes that name it are open.
enum class session_stage : std::uint8_t
{
    signed_out,
    totp,
    password_change,
    totp_enrolment,
    active,
};
std::string_view name(session_stage value);
std::optional<session_stage> session_stage_from(std::string_view name);

// reliability.md, staff-desk.md section 5.
inline constexpr std::chrono::minutes session_idle_limit{30};
inline constexpr std::chrono::hours session_limit{8};

struct session
{
    std::string id;          // public: what lists show
    std::string secret_hash; // SHA-256 of the cookie's value
    std::string staff_id;
    session_stage stage = session_stage::totp;
    utc_time signed_in{};
    utc_time last_seen{}; // to the minute
    std::string address;
    std::string browser;  // family and system
    std::string new_totp; // sealed; offered, not yet confirmed

    utc_time idle_ends() const { return last_seen + session_idle_limit; }
    utc_time ends() const { return signed_in + session_limit; }
    // One that was used in the future is of a clock that was wrong: it would outlive its bounds.
    bool has_ended(utc_time now) const
    {
        return now >= idle_ends() || now >= ends() || last_seen - now > session_idle_limit;
    }
};

// The reader's part.
class account_reader
{
public:
    virtual ~account_reader() = default;
    virtual std::optional<account> find(std::string_view staff_id) = 0;
    virtual std::optional<account> find_by_user_name(std::string_view user_name) = 0;
    virtual std::vector<account> all() = 0; // by user name
    virtual std::optional<unit> find_unit(std::string_view id) = 0;
    virtual std::vector<unit> units() = 0; // by name
    // Of an account that is active; the caller looks at the time.
    virtual std::optional<session> find_session(std::string_view secret_hash) = 0;
    // Newest first.
    virtual std::vector<session> sessions_of(std::string_view staff_id) = 0;
    // Complaints in one of the states, by officer.
    virtual std::map<std::string, std::int64_t>
    cases_by_officer(const std::vector<std::string>& states) = 0;
};

// The transaction's part.
class account_store : public account_reader
{
public:
    // Add or replace, by id. The user name must belong to no other account.
    virtual void put(const account& value) = 0;
    virtual void put_unit(const unit& value) = 0;

    virtual void remove_unit(std::string_view id) = 0;
    // True if staff, complaints or other units belong to it.
    virtual bool is_used(std::string_view unit_id) = 0;

    virtual void put_session(const session& value) = 0;
    // The session and its account were used.
    virtual void touch(std::string_view session_id, utc_time now) = 0;
    virtual void remove_session(std::string_view session_id) = 0;
    // All of the account but one, or all if `kept` is empty.
    virtual void remove_sessions_of(std::string_view staff_id, std::string_view kept) = 0;
    virtual void remove_ended_sessions(utc_time now) = 0;
};

} // namespace motcua::app
