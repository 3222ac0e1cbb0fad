#pragma once

#include <motcua/app/staff.hpp>
#include <motcua/app/unit_tree.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace motcua::app {

// Who works where, as a unit of work sees it.
class staff_directory
{
public:
    virtual ~staff_directory() = default;

    struct office
    {
        std::string id;
        std::string name;
        bool active = true; // false: gets no new cases
    };
    virtual std::optional<office> unit(std::string_view id) = 0;
    virtual unit_tree tree() = 0;
    // Disabled accounts, too.
    virtual std::optional<staff_member> member(std::string_view id) = 0;
};

} // namespace motcua::app
