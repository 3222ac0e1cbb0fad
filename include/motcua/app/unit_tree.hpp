#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace motcua::app {

// Which unit is below which.
class unit_tree
{
public:
    unit_tree() = default;
    // Id of the parent by id; empty at the top. A unit that is below itself ends the way up.
    explicit unit_tree(std::map<std::string, std::string, std::less<>> parents)
        : parents_(std::move(parents))
    {
    }

    // True if `unit` is `top` or somewhere below it; never for an empty id.
    bool is_within(std::string_view unit, std::string_view top) const
    {
        for (std::size_t step = 0; !unit.empty() && step <= parents_.size(); ++step) {
            if (unit == top)
                return true;
            const auto found = parents_.find(unit);
            unit = found == parents_.end() ? std::string_view() : found->second;
        }
        return false;
    }

    // `top` and all units below it; none for an empty id.
    std::set<std::string> within(std::string_view top) const
    {
        std::set<std::string> found;
        if (!top.empty())
            found.emplace(top);
        for (const auto& [unit, parent] : parents_)
            if (is_within(unit, top))
                found.insert(unit);
        return found;
    }

private:
    std::map<std::string, std::string, std::less<>> parents_;
};

} // namespace motcua::app
