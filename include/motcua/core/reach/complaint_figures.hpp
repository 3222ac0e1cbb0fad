#pragma once

#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/reach/figures.hpp>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Complaints as the report counts them (domain.md 7.2, staff-desk.md section 2). Pure.
namespace motcua::reach {

// What a complaint counts for in a period; several of these.
inline constexpr std::array<std::string_view, 24> complaint_figure_names{
    "carried", // open when the period began
    "new",     // submitted in it
    "back",    // ended before it, reopened in it
    // Exactly one of the next nine, the state at the end of the period, for each of those three.
    "answered_in_time",
    "answered_late",
    "refused",
    "forwarded",
    "open_in_time",
    "open_late",
    "other_ended", // withdrawn, duplicate, closed without an answer
    "hidden",
    "undated", // open, but the calendar knows no due date
    // Besides.
    "published",      // of the answered
    "rule",           // class of the new ones
    "conduct",        //
    "both",           //
    "done_in_time",   // answered, refused or forwarded within the limit
    "to_judge",       // the same, late ones and open late ones: what punctuality is judged by
    "reopened",       // in the period
    "rated",          // in the period
    "rated_well",     // 4 or 5
    "satisfied",      // answered, not disliked, not reopened, not late
    "answered",       // in time or late
    "first_answered", // got the first answer in the period
};

struct complaint_tally
{
    std::map<std::string, std::int64_t, std::less<>> counts; // by figure
    std::map<std::int64_t, std::int64_t> answer_minutes;     // submission to first answer

    std::int64_t count(std::string_view figure) const;
    bool operator==(const complaint_tally&) const = default;
};

// The figures the complaint counts for; none if it had ended before the period or came after it.
std::vector<std::string_view>
figures_of(const complaint_life& life, const complaints::rules& by, const period& span);

struct complaint_figures
{
    complaint_tally all;
    std::map<std::string, complaint_tally, std::less<>> by_category; // by id

    bool operator==(const complaint_figures&) const = default;
};
complaint_figures count_complaints(
    const std::vector<complaint_life>& lives, const complaints::rules& by, const period& span);

// The instants a period of days begins and ends with, half-open.
utc_time begin_of(const period& span);
utc_time end_of(const period& span);

} // namespace motcua::reach
