#include "reference_json.hpp"

#include "limits.hpp"

#include <motcua/core/dialogue/reply_places.hpp>

#include <algorithm>

namespace motcua::staff_api {
namespace {

constexpr int message_limit = 2000; // code points of NFC

json states_json(const complaints::workflow& flow)
{
    json out = json::array();
    for (const auto& one : flow.all().states)
        out.push_back({{"id", one.id}, {"title", one.title}, {"class", name(one.is)}});
    return out;
}

json transitions_json(const complaints::workflow& flow)
{
    json out = json::array();
    for (const auto* const one : staff_transitions(flow)) {
        json needs = json::array();
        for (const auto each : one->needs)
            needs.push_back(name(each));
        out.push_back(
            {{"id", one->id}, {"title", one->title}, {"to", one->to}, {"needs", std::move(needs)}});
    }
    return out;
}

json refusals_json(const complaints::workflow& flow)
{
    json out = json::array();
    for (const auto& one : flow.all().refusals)
        out.push_back({{"id", one.id}, {"title", one.title}, {"citizen", one.citizen}});
    return out;
}

json categories_json(const complaints::category_tree& tree)
{
    json out = json::array();
    for (const auto& one : tree.all())
        out.push_back(
            {{"id", one.id},
             {"title", one.title},
             {"parent", optional_text(one.parent)},
             {"about", name(one.about)}});
    return out;
}

json communes_json(const understand::gazetteer& places)
{
    json out = json::array();
    for (const auto& one : places.all())
        out.push_back({{"code", one.code}, {"name", one.name}});
    return out;
}

json activities_json(const std::vector<reach::plan>& plans)
{
    json out = json::array();
    for (const auto& plan : plans)
        for (const auto& one : plan.activities)
            out.push_back({{"id", reach::activity_key(plan, one)}, {"name", one.name}});
    return out;
}

json places_json()
{
    json out = json::array();
    for (const auto& one : dialogue::reply_places)
        out.push_back(
            {{"place", "{{" + std::string(one.name) + "}}"}, {"title", std::string(one.title)}});
    return out;
}

json units_json(const std::vector<app::unit>& units)
{
    json out = json::array();
    for (const auto& one : units)
        out.push_back(unit_json(one));
    return out;
}

json staff_json(const std::vector<app::account>& staff)
{
    json out = json::array();
    for (const auto& one : staff) {
        json roles = json::array();
        for (const auto role : one.who.roles)
            roles.push_back(app::name(role));
        out.push_back(
            {{"id", one.who.id},
             {"name", one.who.name},
             {"unit_id", optional_text(one.who.unit)},
             {"roles", std::move(roles)},
             {"active", one.who.active}});
    }
    return out;
}

} // namespace

json unit_json(const app::unit& one)
{
    return {
        {"id", one.id},
        {"version", one.version},
        {"name", one.name},
        {"parent_id", optional_text(one.parent)},
        {"commune", optional_text(one.commune)},
        {"active", one.active}};
}

std::vector<const complaints::transition*> staff_transitions(const complaints::workflow& flow)
{
    using complaints::role;
    std::vector<const complaints::transition*> out;
    for (const auto& one : flow.all().transitions) {
        const auto is_staff = [](role by) {
            return by == role::officer || by == role::coordinator;
        };
        if (std::ranges::any_of(one.by, is_staff))
            out.push_back(&one);
    }
    return out;
}

json reference_json(const dialogue::knowledge& known, const stored_reference& stored)
{
    const auto& flow = known.complaints.flow;
    return {
        {"province", known.province},
        {"states", states_json(flow)},
        {"transitions", transitions_json(flow)},
        {"refusals", refusals_json(flow)},
        {"categories", categories_json(known.complaints.categories)},
        {"communes", communes_json(known.places)},
        {"units", units_json(stored.units)},
        {"staff", staff_json(stored.staff)},
        {"activities", activities_json(known.plans)},
        {"labels", stored.labels},
        {"places", places_json()},
        {"message_limit", message_limit},
        {"takeover_minutes", known.silence_after_person.count()},
        {"soon_days", due_soon_days}};
}

} // namespace motcua::staff_api
