#pragma once

#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/reach/complaint_figures.hpp>

#include <filesystem>
#include <functional>
#include <memory>

// The figures of complaints once more, from the lines of their histories alone, by code that shares
// nothing with core/reach/complaint_figures or the workflow: states, pauses and working days are
// reckoned anew. Whoever changes a case behind the history's back, or a line of the history, is
// found, because the report itself goes by the case.
namespace motcua::sqlite {

// A read-only connection of its own, as in reach.hpp. Of `by` only what the content says is used:
// classes of states, which steps start the clock, the answer limit, holidays. Throws
// std::runtime_error if there is no database of this version.
reach::complaint_figures recount_complaints(
    const std::filesystem::path& file, const complaints::rules& by, const reach::period& span);

} // namespace motcua::sqlite
