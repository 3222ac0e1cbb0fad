#pragma once

#include <motcua/core/finding.hpp>
#include <motcua/core/procedures/procedure.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::procedures {

// The records answers are given from, one per code: our own record before the national one, overlay
// applied. Immutable.
class catalogue
{
public:
    catalogue() = default;
    // Several records of one code: own before national, then the newer date. Overlay records are
    // applied to the one kept, older before newer; without such a record they are dropped.
    explicit catalogue(std::vector<procedure> records);

    // Null if there is none. The pointer lives as long as the catalogue.
    const procedure* find(std::string_view code) const;
    const std::vector<procedure>& all() const { return records_; }

private:
    std::vector<procedure> records_; // sorted by code
};

// What is wrong or doubtful in one record: lost time unit, fee 0 with a note, missing parts, odd
// code, empty papers. `file` and `line` are copied into the findings.
std::vector<finding> check(const procedure& record, std::string_view file, std::size_t line);

// What is doubtful among records: names shared by several codes.
std::vector<finding> check_names(const std::vector<procedure>& records);

} // namespace motcua::procedures
