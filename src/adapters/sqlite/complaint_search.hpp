#pragma once

#include "statements.hpp"

#include <SQLiteCpp/Database.h>
#include <motcua/app/complaint_queries.hpp>

#include <string>
#include <vector>

namespace motcua::sqlite {

// "The unit is one of those within sight", with parameters from a number on.
class sight_condition
{
public:
    // `sight` outlives it.
    explicit sight_condition(const app::complaint_sight& sight) : sight_(sight) {}

    std::string sql(const std::string& column, int first) const
    {
        if (sight_.all)
            return "TRUE";
        std::string list;
        for (std::size_t i = 0; i < sight_.units.size(); ++i)
            list += (i == 0 ? "?" : ", ?") + std::to_string(first + static_cast<int>(i));
        return column + " IN (" + list + ')';
    }
    void bind(statement& to, int first) const
    {
        if (sight_.all)
            return;
        for (const auto& unit : sight_.units)
            to.bindNoCopy(first++, unit);
    }

private:
    const app::complaint_sight& sight_;
};

// One pass over complaint_list: the counts of all tabs, and the part of one of them.
app::found_complaints search_complaints(
    const SQLite::Database& connection,
    const app::complaint_filter& filter,
    const app::complaint_order& order,
    std::size_t first,
    std::size_t limit);

} // namespace motcua::sqlite
