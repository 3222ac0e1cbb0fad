#pragma once

#include "router.hpp"

#include <string>

namespace motcua::staff_api {

// A whole case as one HTML file: nothing is fetched, nothing runs, what people wrote is text. The
// JSON is in it, too. `archive` is the contract's Archive; `titles` gives words for ids.
struct archive_titles
{
    std::function<std::string(const std::string&)> state;
    std::function<std::string(const std::string&)> category;
    std::function<std::string(const std::string&)> name; // of a unit or a member of staff
};
std::string archive_html(const json& archive, const archive_titles& titles);

} // namespace motcua::staff_api
