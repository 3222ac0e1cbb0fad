#pragma once

#include <motcua/core/reach/figures.hpp>
#include <motcua/core/reach/interaction.hpp>
#include <motcua/core/reach/row_query.hpp>
#include <motcua/core/time.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Storing and reading what the plan's report counts, beside the interactions themselves.
namespace motcua::app {

// A link of ours that leads a citizen to a fixed target and counts that.
struct tracked_link
{
    std::string token;  // of the path /d/{token}; keyed hash, so that it cannot be guessed
    std::string target; // https
    std::string pseudonym;
    std::string procedure;
    std::string field;
    std::string activity; // credited, see reach::interaction
    bool test = false;
};

// A part of the transaction, with its rules (storage.hpp).
class reach_records
{
public:
    virtual ~reach_records() = default;

    // A token known already is left as it is.
    virtual void put_link(const tracked_link& link, utc_time now) = 0;
    // The target of the link, whose opening is counted; empty if there is no such token.
    virtual std::optional<std::string> open_link(std::string_view token, utc_time now) = 0;
    // Somebody has opened the landing page of a keyword.
    virtual void
    count_scan(std::string_view activity_key, std::string_view keyword, utc_time now) = 0;

    // A file that an entry will name as its evidence; to be called before the file gets its name,
    // so that no file is there that no row knows. Those that no entry has named after a day, and
    // all beyond the newest 100, are given up.
    virtual void note_evidence(std::string_view file, utc_time now) = 0;
    // Whether that file was noted, or is named by an entry.
    virtual bool has_evidence(std::string_view file) = 0;
    // Returns its id. id, entered_at and withdrawal of the argument are ignored.
    virtual std::int64_t add_entry(const reach::plan_entry& entry, utc_time now) = 0;
    // The entry stays, and counts no more. False if there is none, or it is withdrawn already.
    virtual bool withdraw_entry(std::int64_t id, std::string_view staff, utc_time now) = 0;
};

struct figure_request
{
    reach::period period;
    std::string plan; // id
    reach::field_groups fields;
};

// Told how much of the work is done, 0..1.
using progress_teller = std::function<void(double)>;

// Reads committed data; use it from one thread at a time, off the I/O thread.
class figure_source
{
public:
    virtual ~figure_source() = default;
    virtual reach::figures read(const figure_request& wanted) = 0;
};

// What makes up a report besides the figures.
class reach_reader
{
public:
    virtual ~reach_reader() = default;
    // Of the plan, or of all if it is empty; oldest day first, withdrawn ones too.
    virtual std::vector<reach::plan_entry> entries(std::string_view plan) = 0;
    // Of months that lie within the period, even in part.
    virtual std::vector<reach::correction> corrections(const reach::period& span) = 0;
    // Every complaint that is no test, by id.
    virtual std::vector<reach::complaint_life> complaints() = 0;

    // The rows behind a cell, oldest first: contacts (or openings of links and landing pages) and
    // people. Other kinds of query give none; complaints and entries are listed from the above.
    struct contact_row
    {
        std::int64_t id = 0;
        utc_time at{};
        reach::interaction contact; // without a pseudonym; of people: their first that counts
        std::int64_t citizen = 0;   // a number that means nothing elsewhere; 0: nobody knows who
        std::int64_t contacts = 1;  // of people: those that count
    };
    struct row_page
    {
        std::int64_t total = 0; // all there are
        std::vector<contact_row> rows;
    };
    virtual row_page rows(
        const reach::row_query& query,
        const reach::field_groups& fields,
        std::size_t offset,
        std::size_t limit) = 0;
};

} // namespace motcua::app
