#pragma once

#include "complaint_json.hpp"

#include <memory>
#include <string>
#include <vector>

// The list as a file to save (data/api/openapi.yaml, /complaints/export): names masked, no
// telephone, no address. What a spreadsheet would take for a formula stays text.
namespace motcua::staff_api {

class complaint_export
{
public:
    virtual ~complaint_export() = default;
    virtual void add(const app::listed_complaint& one, const complaint_view& view) = 0;
    // The whole file; nothing may be added afterwards. Throws std::runtime_error if the disk of
    // temporary files fails.
    virtual std::string finish() = 0;
};

// UTF-8 with BOM, RFC 4180.
std::unique_ptr<complaint_export> make_csv_export();
// Throws std::runtime_error if a temporary file cannot be made.
std::unique_ptr<complaint_export> make_xlsx_export();

} // namespace motcua::staff_api
