#include <motcua/core/reach/catalogue.hpp>

#include <algorithm>

namespace motcua::reach {

const kpi* catalogue::find(std::string_view id) const
{
    const auto found = std::ranges::find(kpis, id, &kpi::id);
    return found == kpis.end() ? nullptr : &*found;
}

} // namespace motcua::reach
