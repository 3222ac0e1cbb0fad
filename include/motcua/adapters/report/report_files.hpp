#pragma once

#include <motcua/core/reach/report.hpp>

#include <filesystem>

// The report as files (reports.md section 4). They add form, no words of their own beyond the
// headings of the sheets that explain the figures, and no clock: the same report gives the same
// bytes. Each is written under a temporary name beside the target and renamed, mode 0600; throws
// std::runtime_error naming the file, and leaves nothing then.
namespace motcua::report {

// A sheet per table with real numbers, dates and spans; a sheet of definitions; a sheet that names
// for each figure its cell, its parts and the rows behind it. Text is never a formula.
void write_xlsx(const reach::report& value, const std::filesystem::path& target);

// An official document in the form of Nghị định 30/2020/NĐ-CP, filled into the template
// (docs/report.md), which staff may edit in Word: places like {{cơ quan}} are replaced wherever
// they stand, {{nội dung}} and {{phụ lục}} by the sections and annexes in the template's own
// styles. A place it does not know is an error.
void write_docx(
    const reach::report& value,
    const std::filesystem::path& report_template,
    const std::filesystem::path& target);

} // namespace motcua::report
