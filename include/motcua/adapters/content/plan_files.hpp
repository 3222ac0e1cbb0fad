#pragma once

#include <motcua/core/finding.hpp>
#include <motcua/core/reach/catalogue.hpp>
#include <motcua/core/reach/plan.hpp>

#include <filesystem>
#include <vector>

// data/kpi.yml and data/plans/*.yml. What is wrong becomes a finding with file and line; what could
// be read is returned.
namespace motcua::content {

struct kpi_file
{
    reach::catalogue catalogue;
    std::vector<finding> findings;
};
kpi_file read_kpis(const std::filesystem::path& file);

struct plan_files
{
    std::vector<reach::plan> plans; // by file name
    std::vector<finding> findings;
};
// Figures that a plan names must be in the catalogue.
plan_files read_plans(const std::filesystem::path& directory, const reach::catalogue& kpis);
plan_files read_plan(const std::filesystem::path& file, const reach::catalogue& kpis);

} // namespace motcua::content
