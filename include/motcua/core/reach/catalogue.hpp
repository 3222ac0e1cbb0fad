#pragma once

#include <motcua/core/reach/figures.hpp>
#include <motcua/core/reach/measures.hpp>
#include <motcua/core/reach/report.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::reach {

// One figure of data/kpi.yml: what it is called everywhere, what it means, how it is counted.
struct kpi
{
    enum class source : std::uint8_t
    {
        contacts,          // that have all the measures
        people,            // who have all the measures
        share,             // of two other figures
        complaints,        // that count for `figure`
        answers,           // of the bot: median, mean or p90 of their times, as `figure` says
        complaint_answers, // of officers: the same
        none               // nothing that the server could count; `figure` says why
    };

    std::string id;
    std::string name;
    std::string unit;
    std::string definition;
    source from = source::none;
    measure_set measures = 0;
    std::string figure;
    std::string part; // ids, of a share
    std::string whole;

    bool operator==(const kpi&) const = default;
};

struct catalogue
{
    std::vector<kpi> kpis;
    field_groups fields;                 // the last one takes what is in no other
    std::vector<std::string> general;    // ids, of the table of general results
    std::vector<std::string> complaints; // ids, of the table of complaints
    std::string version;                 // hash of the file

    const kpi* find(std::string_view id) const;
};

} // namespace motcua::reach
