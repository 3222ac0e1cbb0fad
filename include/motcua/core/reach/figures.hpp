#pragma once

#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/reach/measures.hpp>
#include <motcua/core/reach/report.hpp>
#include <motcua/core/time.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What the figures of one period are made from: counted once from the roll-ups, once more from the
// raw rows by other code, and compared (reports.md section 5).
namespace motcua::reach {

struct tally
{
    std::map<measure_set, std::int64_t> contacts; // by what each counts as
    std::map<measure_set, std::int64_t> people;   // distinct, by what all their contacts count as

    std::int64_t count(measure one) const;
    // Distinct people who have every one of the measures, in whichever contacts.
    std::int64_t people_with(measure_set all) const;
    void add(const tally& other); // contacts only: people cannot be added

    bool operator==(const tally&) const = default;
};

// Fields (lĩnh vực) as the report groups them. A name in no group belongs to the last one.
struct field_group
{
    std::string id;                 // "dat-dai"
    std::string title;              // "Đất đai"
    std::vector<std::string> names; // of fields as the procedure records have them

    bool operator==(const field_group&) const = default;
};
using field_groups = std::vector<field_group>;
// The group the name belongs to; groups must not be empty.
const field_group& group_of(const field_groups& groups, std::string_view name);

struct figures
{
    reach::period period;
    tally all;
    tally credited;                                           // to any activity of the plan
    std::map<std::string, tally, std::less<>> activities;     // by activity key, of the plan
    std::map<std::string, tally, std::less<>> keywords;       // by plan id, '/', code
    std::map<std::string, tally, std::less<>> fields;         // by id of the group
    std::map<std::string, std::int64_t, std::less<>> lookups; // by code of procedure
    std::int64_t people_in_several = 0; // credited to two activities of the plan or more
    // Answers of the bot by their time, from the message to the call that sent the answer, in
    // tenths of a second.
    std::map<std::int64_t, std::int64_t> answer_tenths;

    bool operator==(const figures&) const = default;
};

// The value at or below which the part of the values lies (nearest rank); 0 < part <= 1. Empty
// gives zero.
std::int64_t quantile(const std::map<std::int64_t, std::int64_t>& values, double part);
std::int64_t mean(const std::map<std::int64_t, std::int64_t>& values); // rounded

// A result that the server cannot see, entered by staff (reports.md section 3).
struct plan_entry
{
    enum class sort : std::uint8_t
    {
        result,    // of an expected product
        handed_out // material that carries a keyword
    };

    std::int64_t id = 0;
    std::string plan;     // id
    std::string activity; // id: "II.5"
    sort of = sort::result;
    std::string product; // id of the expected product; of handed_out: the keyword's code
    std::chrono::year_month_day day; // when it took place
    std::int64_t quantity = 0;
    std::string unit;              // "buổi", "cái"
    std::string note;              // "Tập huấn tại …"
    std::int64_t participants = 0; // 0 = none told
    std::string evidence_link;     // https, or empty
    std::string evidence_file;     // SHA-256 of a kept file, or empty
    std::string evidence_name;     // as its owner called it: "bien-ban.pdf"
    std::string entered_by;        // staff id
    utc_time entered_at{};
    std::string withdrawn_by; // empty: it counts
    utc_time withdrawn_at{};

    bool operator==(const plan_entry&) const = default;
};
std::string_view name(plan_entry::sort value);

// A change to a month that had ended when it was made.
struct correction
{
    std::chrono::year_month month;
    std::chrono::year_month_day made;
    std::string cause; // "late_contact", "late_entry", "entry_withdrawn"
    std::int64_t count = 0;

    bool operator==(const correction&) const = default;
};

// The life of a complaint as far as figures need it: nobody is named.
struct complaint_life
{
    complaints::complaint value;                    // without content, contact and citizen
    std::vector<complaints::history_entry> history; // oldest first, without texts
};

} // namespace motcua::reach
