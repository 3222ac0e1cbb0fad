#include "links.hpp"

#include <motcua/adapters/content/content.hpp>
#include <motcua/core/procedures/rendering.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

namespace motcua::content {
namespace {

// Answered by the flows of core/dialogue; an entry in `answers` is not needed.
constexpr std::array<std::string_view, 15> intents_with_a_flow{
    "procedure_overview",
    "required_documents",
    "fee",
    "processing_time",
    "filing_place",
    "steps",
    "conditions",
    "legal_basis",
    "form",
    "result",
    "filing_guide",
    "centre",
    "agent",
    "menu",
    "erase_data"};

constexpr std::array<std::string_view, 8> plain_payloads{
    "#menu", "#back", "#cancel", "#agent", "#erase", "#fields", "#centre", "#file-status"};

template <class Range>
bool contains(const Range& range, std::string_view value)
{
    return std::find(range.begin(), range.end(), value) != range.end();
}

// What follows the first separator; empty if there is none.
std::string_view after(std::string_view text, char separator)
{
    const auto at = text.find(separator);
    return at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
}

bool is_page(std::string_view text)
{
    return !text.empty() && text.size() <= 3 && text.front() != '0' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What is wrong with "<code>[:<aspect>[:<page>]]"; empty if nothing.
std::string objection_to_procedure(std::string_view target, const procedures::catalogue& procedures)
{
    const auto code = target.substr(0, target.find(':'));
    if (procedures.find(code) == nullptr)
        return "unknown procedure code '" + std::string(code) + "'";
    if (code.size() == target.size())
        return {};
    const auto rest = after(target, ':');
    const auto aspect = rest.substr(0, rest.find(':'));
    if (procedures::name(procedures::aspect_from(aspect)) != aspect)
        return "unknown aspect '" + std::string(aspect) + "'";
    if (aspect.size() != rest.size() && !is_page(after(rest, ':')))
        return "the page must be a number from 1";
    return {};
}

std::string objection_to_payload(
    const std::string& payload,
    const dialogue::knowledge& known,
    const procedures::catalogue& procedures)
{
    if (contains(plain_payloads, payload))
        return {};
    const auto target = after(payload, ':');
    if (payload.starts_with("#field:"))
        return std::any_of(
                   known.fields.begin(),
                   known.fields.end(),
                   [target](const dialogue::field& field) { return field.id == target; })
                   ? ""
                   : "unknown field '" + std::string(target) + "'";
    if (payload.starts_with("#procedure:"))
        return objection_to_procedure(target, procedures);
    if (payload.starts_with("#commune:"))
        return known.places.by_code(target) != nullptr
                   ? ""
                   : "unknown commune '" + std::string(target) + "'";
    if (payload.starts_with("#answer:"))
        return known.answers.contains(target) ? "" : "no answer to '" + std::string(target) + "'";
    if (payload.starts_with("https:"))
        return is_https_link(payload) ? "" : "malformed https link";
    return "no such place; see the payloads in docs";
}

} // namespace

std::vector<finding> check_own(
    const intents& read, const knowledge_files& known, const procedures::catalogue& procedures)
{
    std::vector<finding> findings = read.own_findings;
    const auto object = [&findings](const reference& where, std::string message) {
        findings.push_back({where.file, where.line, finding::grade::error, std::move(message)});
    };
    const auto check_code = [&](const reference& named) {
        if (named.of == reference::kind::procedure && procedures.find(named.name) == nullptr)
            object(named, "unknown procedure code '" + named.name + "'");
    };

    std::set<std::string_view> declared;
    for (const reference& named : read.references) {
        check_code(named);
        if (named.of != reference::kind::intent || !declared.insert(named.name).second)
            continue;
        if (named.name != understand::out_of_scope && !contains(intents_with_a_flow, named.name) &&
            !known.known.answers.contains(named.name))
            object(named, "intent '" + named.name + "' has no answer in say/");
    }
    for (const reference& named : known.references) {
        check_code(named);
        if (named.of == reference::kind::intent && !declared.contains(named.name))
            object(named, "answer to unknown intent '" + named.name + "'");
        if (named.of == reference::kind::payload) {
            const auto objection = objection_to_payload(named.name, known.known, procedures);
            if (!objection.empty())
                object(named, "payload '" + named.name + "' leads nowhere: " + objection);
        }
    }
    std::stable_sort(findings.begin(), findings.end(), [](const finding& a, const finding& b) {
        return std::tie(a.file, a.line) < std::tie(b.file, b.line);
    });
    return findings;
}

} // namespace motcua::content
