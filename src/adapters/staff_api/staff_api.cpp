#include "account_routes.hpp"
#include "assembly.hpp"
#include "case_routes.hpp"

#include <memory>
#include <utility>

namespace motcua::staff_api {

assembly::assembly(staff_api_parts given)
    : parts_(std::move(given)), reader_(parts_), sessions_(parts_, reader_),
      casework_(
          {.store = parts_.store,
           .current_content = parts_.current_content,
           .now = parts_.now,
           .outgoing_added = parts_.outgoing_added,
           .reply_held = parts_.reply_held}),
      routes_(sessions_, parts_.now)
{
    add_account_routes(routes_, parts_, sessions_, reader_);
    add_case_routes(routes_, parts_, reader_, casework_);
}

http::request_handler make_staff_api(staff_api_parts parts)
{
    const auto all = std::make_shared<assembly>(std::move(parts));
    return [all](http::request asked) { return all->routes().handle(std::move(asked)); };
}

} // namespace motcua::staff_api
