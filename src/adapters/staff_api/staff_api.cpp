#include "account_routes.hpp"
#include "administration_routes.hpp"
#include "assembly.hpp"
#include "attachment_routes.hpp"
#include "bulk_routes.hpp"
#include "case_routes.hpp"
#include "complaint_routes.hpp"
#include "content_routes.hpp"
#include "live_routes.hpp"
#include "operations_routes.hpp"
#include "plan_entry_routes.hpp"
#include "procedure_routes.hpp"
#include "reach_routes.hpp"
#include "report_link_routes.hpp"
#include "unknown_routes.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace motcua::staff_api {

namespace {

app::unit_tree units_in(app::reader& store)
{
    return app::unit_tree_of(store.accounts());
}

std::map<std::string, std::string> names_in(app::reader& store)
{
    std::map<std::string, std::string> names;
    for (const auto& one : store.accounts().units())
        names.emplace(one.id, one.name);
    for (const auto& one : store.accounts().all())
        names.emplace(one.who.id, one.who.name);
    return names;
}

void note(app::transaction& store, const app::audit_entry& entry)
{
    store.audit().add(entry);
}

} // namespace

assembly::assembly(staff_api_parts given)
    : parts_(std::move(given)), reader_(parts_), sessions_(parts_, reader_),
      casework_(
          {.store = parts_.store,
           .current_content = parts_.current_content,
           .now = parts_.now,
           .outgoing_added = parts_.outgoing_added,
           .reply_held = parts_.reply_held}),
      reports_(parts_), routes_(sessions_, parts_.now)
{
    const directory known{.units = units_in, .names = names_in, .audit = note};
    add_account_routes(routes_, parts_, sessions_, reader_);
    add_case_routes(routes_, parts_, reader_, casework_);
    add_bulk_routes(routes_, reader_, casework_);
    add_administration_routes(routes_, parts_, sessions_, reader_);
    add_complaint_routes(routes_, parts_, known);
    add_attachment_routes(routes_, parts_, known);
    add_content_routes(routes_, parts_);
    add_live_routes(routes_, parts_, sessions_, known);
    add_operations_routes(routes_, parts_, reader_);
    add_unknown_routes(routes_, parts_, reader_);
    add_procedure_routes(routes_, parts_, reader_);
    add_reach_routes(routes_, parts_, reports_, known);
    add_plan_entry_routes(routes_, parts_, reports_);
    add_report_link_routes(routes_, parts_, reports_);
}

http::request_handler make_staff_api(staff_api_parts parts)
{
    const auto all = std::make_shared<assembly>(std::move(parts));
    return [all](http::request asked) { return all->routes().handle(std::move(asked)); };
}

} // namespace motcua::staff_api
