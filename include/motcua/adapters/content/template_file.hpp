#pragma once

#include <motcua/app/desk_content.hpp>
#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/finding.hpp>

#include <filesystem>
#include <vector>

namespace motcua::content {

struct template_file
{
    std::vector<app::reply_template> templates;
    std::vector<finding> findings;
};

// data/templates.yml: the texts staff begin with. Nothing throws for bad content: it is reported
// with file and line. Checked: lengths, places, categories and transitions exist.
template_file read_templates(const std::filesystem::path& file, const complaints::rules& rules);

} // namespace motcua::content
