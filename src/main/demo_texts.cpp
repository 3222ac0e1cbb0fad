#include "demo_data.hpp"

#include <yaml-cpp/yaml.h>

#include <stdexcept>

namespace motcua {
namespace {

using texts = std::vector<std::string>;

// A list that must not be empty: one is drawn from it.
texts list_of(const YAML::Node& from, const std::string& key)
{
    auto out = from[key].as<texts>(texts());
    if (out.empty())
        throw std::runtime_error("the list " + key + " is missing or empty");
    return out;
}

std::string text_of(const YAML::Node& from, const std::string& key)
{
    return from[key].as<std::string>();
}

demo_texts read(const YAML::Node& from)
{
    demo_texts out;
    const auto people = from["people"];
    out.families = list_of(people, "families");
    out.middles = list_of(people, "middles");
    out.givens = list_of(people, "givens");
    for (const auto& one : from["units"])
        out.units.push_back(
            {text_of(one, "id"), text_of(one, "name"), one["parent"].as<std::string>("")});
    for (const auto& one : from["staff"])
        out.staff.push_back(
            {text_of(one, "id"),
             text_of(one, "user_name"),
             text_of(one, "name"),
             one["unit"].as<std::string>(""),
             list_of(one, "roles")});
    for (const auto& one : from["complaints"])
        out.categories.push_back(
            {text_of(one, "category"),
             text_of(one, "unit"),
             list_of(one, "texts"),
             list_of(one, "answers")});
    for (const auto& one : from["forwards"])
        out.forwards.push_back({text_of(one, "agency"), text_of(one, "reason")});
    out.procedures = list_of(from, "procedures");
    out.papers = list_of(from, "papers");
    out.weekdays = list_of(from, "weekdays");
    out.asks = list_of(from, "asks");
    out.supplements = list_of(from, "supplements");
    out.notes = list_of(from, "notes");
    out.replies = list_of(from, "replies");
    out.objections = list_of(from, "objections");
    out.refusals = list_of(from, "refusals");
    out.talks = from["talks"].as<std::vector<texts>>();
    out.refused_texts = list_of(from, "refused_texts");
    out.hidden_texts = list_of(from, "hidden_texts");
    out.hide_reasons = list_of(from, "hide_reasons");
    out.transfer_reasons = list_of(from, "transfer_reasons");
    if (out.categories.empty() || out.forwards.empty() || out.units.empty() || out.staff.empty())
        throw std::runtime_error("complaints, forwards, units or staff are missing");
    return out;
}

} // namespace

demo_texts read_demo_texts(const std::filesystem::path& file)
{
    try {
        return read(YAML::LoadFile(file.string()));
    } catch (const YAML::Exception& error) {
        throw std::runtime_error(
            file.string() + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(file.string() + ": " + error.what());
    }
}

} // namespace motcua
