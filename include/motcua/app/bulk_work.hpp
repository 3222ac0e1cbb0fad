#pragma once

#include <motcua/app/casework.hpp>

#include <string>
#include <utility>
#include <vector>

// One command on many cases: each is what the single command would have been, with its checks, its
// history, its audit and its message to the citizen.
namespace motcua::app {

struct bulk_operation
{
    enum class kind : std::uint8_t
    {
        assign,
        category,
        label,
        transition,
    };

    kind what = kind::assign;
    std::string unit;    // of assign; empty: none
    std::string officer; // of assign; empty: none
    std::string category;
    std::vector<std::string> add_labels;
    std::vector<std::string> remove_labels;
    std::string transition;
    transition_inputs inputs; // of transition
    std::string reason;       // of assign and category
};

// Does it to one case; a case_unit that rehearses only says whether it could.
case_outcome carry_out(
    case_unit& on, const bulk_operation& what, const std::string& code, std::int64_t expected);

// What it would do to each case, in the order of the codes. Changes nothing. Some cases to a unit
// of work, so that others get between.
asio::awaitable<result<std::vector<case_outcome>>>
rehearse(casework& work, case_worker by, bulk_operation what, std::vector<std::string> codes);

} // namespace motcua::app
