#pragma once

#include <motcua/app/casework_store.hpp>
#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/complaints/search.hpp>
#include <motcua/core/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What the staff desk reads of complaints: a part of the reader, with its rules (storage.hpp).
namespace motcua::app {

// Which complaints somebody may see: those of `units`, unless all. What has no unit yet is seen by
// those who see all.
struct complaint_sight
{
    bool all = false;
    std::set<std::string> units;
};

enum class speaker : std::uint8_t
{
    citizen,
    staff,
    bot,
};

struct last_word
{
    speaker from = speaker::citizen;
    utc_time at{};
};

// A case, and what is derived beside it in the transaction that changes it.
struct listed_complaint
{
    complaints::complaint what;
    std::optional<utc_time> due;
    std::optional<last_word> last_message;
    std::optional<utc_time> waiting_since; // since when the citizen waits for us
    std::optional<utc_time> last_contact;  // of the citizen, by whatever means: opens the window
    int photos = 0;
    int attachments = 0; // photos and files, of the complaint and its messages
    int reopened = 0;
    int duplicates = 0; // likely ones, within sight
};

struct case_attachment
{
    std::string id;
    std::string kind; // image, video, audio, file, gif
    std::string name;
    std::string media_type; // empty if not known yet
    std::optional<std::int64_t> size_bytes;
    std::string status; // stored, fetching, failed
};

struct related_complaint
{
    std::string code;
    std::string state;
    std::string content;
    utc_time received_at{};
};

// All of the case page that belongs to no tab.
struct opened_complaint
{
    listed_complaint now;
    std::optional<std::string> public_content; // if it was altered
    int moderated = 0;
    std::string answered_by; // staff id of who answers the citizen instead of the machine; or empty
    std::optional<utc_time> answered_until;
    std::vector<case_attachment> attachments; // of the complaint itself
    std::vector<related_complaint> others;    // of the sender, within sight, newest first, some
    std::int64_t others_total = 0;
};

struct case_message
{
    complaints::message said;
    std::vector<case_attachment> attachments;
    message_fate fate;
};

struct case_event
{
    std::int64_t id = 0;
    complaints::history_entry entry;
};

// A part of a list that is read from its end.
template <class T>
struct latest
{
    std::vector<T> items;  // oldest first
    bool has_more = false; // there are older ones
};

// The filters of the list: those of different members by AND, values of one by OR; empty = any.
struct complaint_filter
{
    complaint_sight sight;
    std::vector<std::string> states;
    std::vector<std::string> left_out; // states
    std::vector<std::string> categories;
    std::vector<std::string> units;    // "" = none
    std::vector<std::string> officers; // "" = nobody
    std::vector<std::string> communes; // "" = not told
    std::vector<std::string> activities;
    std::vector<std::string> labels;
    std::vector<std::string> sources;
    std::optional<utc_time> received_from;   // included
    std::optional<utc_time> received_before; // not included
    bool overdue = false;                    // deadlines wanted; none of the four = any
    bool soon = false;
    bool later = false;
    bool without_due = false;
    std::optional<bool> reopened;
    std::optional<bool> has_attachment;
    std::optional<int> rating_maximum;
    bool test = false; // test cases only, or none
    complaints::search_terms search;

    std::string me;                       // of the tab `mine`
    std::vector<std::string> open_states; // of the tabs `open` and `unassigned`
    utc_time now{};
    utc_time soon_before{}; // what is due before it is due soon, or overdue
};

enum class complaint_tab : std::uint8_t
{
    mine,       // assigned to me
    unassigned, // open, and nobody's
    open,
    due, // overdue or soon
    all,
};
inline constexpr std::size_t complaint_tabs = 5;

enum class complaint_sort : std::uint8_t
{
    due,
    code,
    received,
    updated,
    waiting, // how long the citizen has waited
};

struct complaint_order
{
    complaint_tab tab = complaint_tab::all;
    complaint_sort by = complaint_sort::due; // what has no such date comes last either way
    bool descending = false;                 // ties by code, ascending
};

struct found_complaints
{
    std::vector<std::int64_t> ids;                     // in order: the part asked for
    std::array<std::int64_t, complaint_tabs> counts{}; // of each tab under the filter
};

struct likely_duplicate
{
    listed_complaint complaint;
    double similarity = 0; // from likely_duplicate_from to 1
};

class complaint_queries
{
public:
    virtual ~complaint_queries() = default;

    virtual std::optional<complaints::complaint> find(std::string_view code) = 0;
    virtual std::optional<opened_complaint>
    open(std::string_view code, const complaint_sight& sight, utc_time now) = 0;
    // What is kept beside the cases, in the order given; those that do not exist are passed over.
    virtual std::vector<listed_complaint>
    listed(const std::vector<std::int64_t>& ids, const complaint_sight& sight) = 0;
    virtual found_complaints search(
        const complaint_filter& filter,
        const complaint_order& order,
        std::size_t first,
        std::size_t limit) = 0;

    // The latest before the entry of that id, or the very latest. What was said, notes aside.
    virtual latest<case_message>
    messages(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit) = 0;
    virtual latest<complaints::message>
    notes(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit) = 0;
    virtual latest<case_event>
    history(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit) = 0;
    // Most alike first.
    virtual std::vector<likely_duplicate>
    duplicates(std::int64_t id, const complaint_sight& sight, std::size_t limit) = 0;
    // Labels in use, most used first.
    virtual std::vector<std::string> labels(std::size_t limit) = 0;
};

} // namespace motcua::app
