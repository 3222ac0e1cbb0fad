#include "account_routes.hpp"
#include "assembly.hpp"

#include <memory>
#include <utility>

namespace motcua::staff_api {

assembly::assembly(staff_api_parts given)
    : parts_(std::move(given)), reader_(parts_), sessions_(parts_, reader_),
      routes_(sessions_, parts_.now)
{
    add_account_routes(routes_, parts_, sessions_, reader_);
}

http::request_handler make_staff_api(staff_api_parts parts)
{
    const auto all = std::make_shared<assembly>(std::move(parts));
    return [all](http::request asked) { return all->routes().handle(std::move(asked)); };
}

} // namespace motcua::staff_api
