#pragma once

#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::app {

// The storing port of complaints: a part of the transaction, with its rules (storage.hpp). Lists
// are bounded by `limit`.
class complaint_store
{
public:
    virtual ~complaint_store() = default;

    // The next number of that day, from 1. A rolled-back unit may leave a gap, or have its number
    // given out again; no two stored complaints ever have the same.
    virtual int next_number(std::chrono::year_month_day day) = 0;

    // Dates derived from the case and the calendar, kept beside it for sorting and waking.
    struct dates
    {
        std::optional<utc_time> due;  // the case is due
        std::optional<utc_time> wake; // the next reminder or automatic step
    };

    // Stores a new case with its attachments. Returns its id. The code must be new.
    virtual std::int64_t add(const complaints::complaint& value, const dates& derived) = 0;
    // Replaces the case of value.id, whose stored version must be `expected_version`; false, and
    // nothing done, if it is another (somebody was quicker) or there is no such case.
    virtual bool update(
        const complaints::complaint& value,
        std::int64_t expected_version,
        const dates& derived) = 0;
    virtual void set_dates(std::int64_t id, const dates& derived) = 0;

    virtual std::optional<complaints::complaint> find(std::string_view code) = 0;
    // The citizen's own, newest first.
    virtual std::vector<complaints::complaint>
    of_citizen(std::string_view user_id, std::size_t limit) = 0;
    // Those whose wake date has come, oldest date first.
    virtual std::vector<complaints::complaint> waking(utc_time now, std::size_t limit) = 0;
    // Those that have any derived date, by id, after `after`: to derive them anew.
    virtual std::vector<complaints::complaint> dated(std::int64_t after, std::size_t limit) = 0;

    virtual void add_history(std::int64_t id, const complaints::history_entry& entry) = 0;
    // Oldest first.
    virtual std::vector<complaints::history_entry> history(std::int64_t id, std::size_t limit) = 0;
    // Messages exchanged and internal notes. Returns the message's id.
    virtual std::int64_t add_message(std::int64_t id, const complaints::message& said) = 0;
    virtual std::vector<complaints::message> messages(std::int64_t id, std::size_t limit) = 0;

    // The draft itself lives in the conversation; here is when it wants attention. Empty: never.
    virtual void schedule_draft(std::string_view user_id, std::optional<utc_time> when) = 0;
    // Citizens whose draft wants attention by now.
    virtual std::vector<std::string> drafts_due(utc_time now, std::size_t limit) = 0;
};

} // namespace motcua::app
