#pragma once

#include <motcua/core/procedures/catalogue.hpp>
#include <motcua/core/understand/search.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::app {

// What the search sees of the catalogue: every record that may be answered that day and is not of
// another province. `aliases` are further folk names by code. A list that has none of the codes may
// have the procedure under another: the folk names of a missing code go to the records whose name
// is most like its official one.
std::vector<understand::search_document> make_search_documents(
    const procedures::catalogue& records,
    const std::map<std::string, std::vector<std::string>, std::less<>>& aliases,
    std::string_view own_province,
    procedures::date today,
    const std::map<std::string, std::string, std::less<>>& official_names = {});

} // namespace motcua::app
