#pragma once

#include <motcua/core/time.hpp>

#include <string>

namespace motcua::app {

// One thing a member of staff did or looked at. Written in the transaction of the act itself. No
// personal data of citizens: the subject is a complaint's code, a user name or the like, the detail
// is fit for people.
struct audit_entry
{
    utc_time at{};
    std::string staff_id; // empty: the system or the command line
    std::string actor;    // user name at that time, "system", "command line"
    std::string action;   // one word: sign_in, reveal, transition, assign, export …
    std::string subject;  // may be empty
    std::string detail;   // Vietnamese, may be empty
    std::string address;  // of the caller, may be empty
};

// The part of the transaction that appends to the audit.
class audit_log
{
public:
    virtual ~audit_log() = default;
    virtual void add(const audit_entry& entry) = 0;
};

} // namespace motcua::app
