#pragma once

#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
    // Zalo id of the citizen that subject or detail tell something of; usually empty. When the
    // citizen is erased, subject and detail go and the row stays.
    std::string citizen{};
};

// The part of the transaction that appends to the audit. Rows are chained by a keyed hash, so that
// any later change is found (architecture.md, decision "The audit is a chain").
class audit_log
{
public:
    virtual ~audit_log() = default;
    virtual void add(const audit_entry& entry) = 0;
};

struct audit_row
{
    std::int64_t number = 0; // from 1, without gaps
    audit_entry entry;       // without the citizen
    bool erased = false;     // subject and detail went with a citizen
};

struct audit_filter
{
    std::string staff_id; // empty = any, as the others
    std::string action;
    std::string subject;
    std::optional<utc_time> from;       // included
    std::optional<utc_time> until;      // excluded
    std::optional<std::int64_t> before; // numbers below this one
    std::size_t limit = 50;
};

struct audit_verdict
{
    bool intact = true;
    std::int64_t rows = 0;
    std::optional<std::int64_t> first_bad_row; // empty if no single row is to blame
    std::string problem;                       // for operators; empty if intact
    std::string head;                          // "NUMBER HEX": to be noted elsewhere
};

// The reader's part.
class audit_reader
{
public:
    virtual ~audit_reader() = default;
    // Newest first.
    virtual std::vector<audit_row> rows(const audit_filter& wanted) = 0;
    // Computes the whole chain anew, some seconds for a million rows. `noted` is a head written
    // down earlier; empty = none. Finds what was changed, removed, put in, moved or cut off.
    virtual audit_verdict verify(const std::string& noted) = 0;
};

} // namespace motcua::app
