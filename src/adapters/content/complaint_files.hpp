#pragma once

#include "source_file.hpp"

#include <motcua/core/complaints/workflow.hpp>

// data/complaint-workflow.yml, data/calendar.yml and data/complaint-categories.yml. What is wrong
// becomes a finding of the file; what could be read is in `into`.
namespace motcua::content {

void read_complaint_workflow(source_file& file, const yaml_value& tree, complaints::rules& into);
void read_calendar(source_file& file, const yaml_value& tree, complaints::rules& into);
void read_complaint_categories(source_file& file, const yaml_value& tree, complaints::rules& into);

} // namespace motcua::content
