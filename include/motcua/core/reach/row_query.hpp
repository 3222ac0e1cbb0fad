#pragma once

#include <motcua/core/reach/measures.hpp>
#include <motcua/core/reach/report.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace motcua::reach {

// The rows behind a cell, in words that fit into a URL:
// "people?from=2026-01-01&to=2026-01-31&measures=lookup,understood&activity=2020/II.5".
struct row_query
{
    enum class kind : std::uint8_t
    {
        contacts,   // each that has all the measures
        people,     // each who has all the measures, in whichever contacts
        answers,    // of the bot, with their times
        complaints, // each that counts for `figure`
        entries,    // entered by hand, for `activity` and `product`, or as `figure` says
        unknown     // sentences not understood, of the key `figure`
    };

    kind of = kind::contacts;
    reach::period period;
    measure_set measures = 0;
    std::string plan;      // of people credited to any activity
    std::string activity;  // key
    std::string keyword;   // plan id, '/', code
    std::string field;     // id of a field_group
    std::string procedure; // code
    std::string figure;    // of complaints: id, see complaint_figures.hpp; or one of those below
    std::string category;  // of complaints
    std::string product;   // of entries: id of the product, or keyword's code
    // Of a correction: contacts that came late, or entries, that day. The period is the month.
    std::optional<std::chrono::year_month_day> made;

    bool operator==(const row_query&) const = default;
};

// Figures of people and entries. Of entries, an id is a figure as well: that one.
inline constexpr std::string_view in_several = "several"; // credited to two activities or more
inline constexpr std::string_view late_entry = "late_entry";
inline constexpr std::string_view entry_withdrawn = "entry_withdrawn";

std::string to_text(const row_query& query);
// Empty if the text is no query. Total.
std::optional<row_query> row_query_from(std::string_view text);

// "yyyy-mm-dd", and back; empty if it is no day.
std::string to_text(std::chrono::year_month_day day);
std::optional<std::chrono::year_month_day> day_from(std::string_view text);

} // namespace motcua::reach
