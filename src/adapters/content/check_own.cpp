#include "links.hpp"

#include <motcua/adapters/content/content.hpp>
#include <motcua/core/dialogue/payload.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>
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

// What is wrong with a payload; empty if nothing.
std::string objection_to_payload(
    const std::string& text,
    const dialogue::knowledge& known,
    const procedures::catalogue& procedures)
{
    if (text.starts_with("https:"))
        return is_https_link(text) ? "" : "malformed https link";
    const auto payload = dialogue::parse_payload(text);
    if (!payload)
        return "neither a payload of ours nor an https link";
    const std::string& target = payload->target;
    const auto unless = [&target](bool exists, const std::string& objection) {
        return exists ? std::string() : objection + " '" + target + "'";
    };
    switch (payload->what) {
    case dialogue::action::menu:
    case dialogue::action::back:
    case dialogue::action::cancel:
    case dialogue::action::agent:
    case dialogue::action::erase:
    case dialogue::action::fields:
    case dialogue::action::centre:
    case dialogue::action::complaint:
    case dialogue::action::dossier:
    case dialogue::action::understood:
        return {};
    case dialogue::action::keyword:
        return unless(
            std::any_of(
                known.plans.begin(),
                known.plans.end(),
                [&target](const reach::plan& plan) {
                    return std::any_of(
                        plan.activities.begin(),
                        plan.activities.end(),
                        [&target](const reach::activity& one) {
                            return std::any_of(
                                one.keywords.begin(),
                                one.keywords.end(),
                                [&target](const reach::keyword& word) {
                                    return word.code == target;
                                });
                        });
                }),
            "unknown keyword");
    case dialogue::action::field:
        return unless(
            std::any_of(
                known.fields.begin(),
                known.fields.end(),
                [&target](const dialogue::field& field) { return field.id == target; }),
            "unknown field");
    case dialogue::action::procedure:
        return unless(procedures.find(target) != nullptr, "unknown procedure code");
    case dialogue::action::commune:
        return unless(known.places.by_code(target) != nullptr, "unknown commune");
    case dialogue::action::answer:
        return unless(known.answers.contains(target), "no answer to");
    case dialogue::action::more:
    case dialogue::action::confirm_erase:
    case dialogue::action::filing_case:
    case dialogue::action::not_this:
        break;
    }
    return "has a meaning only within a conversation";
}

} // namespace

std::vector<finding> check_own(
    const intents& read, const knowledge_files& known, const procedures::catalogue& procedures)
{
    std::vector<finding> findings = read.own_findings;
    const auto object = [&findings](const reference& where, std::string message) {
        findings.push_back({where.file, where.line, finding::grade::error, std::move(message)});
    };
    // Without the national export at hand, a well-formed code may be one of it.
    const bool knows_national = std::any_of(
        procedures.all().begin(), procedures.all().end(), [](const procedures::procedure& one) {
            return one.from.from == procedures::origin::national;
        });
    const auto check_code = [&](const reference& named) {
        if (named.of != reference::kind::procedure || procedures.find(named.name) != nullptr)
            return;
        if (knows_national || procedures::canonical_code(named.name) != named.name)
            object(named, "unknown procedure code '" + named.name + "'");
    };

    std::set<std::string_view> declared;
    for (const reference& named : read.references) {
        check_code(named);
        if (named.of != reference::kind::intent || !declared.insert(named.name).second)
            continue;
        if (named.name != understand::out_of_scope &&
            std::find(intents_with_a_flow.begin(), intents_with_a_flow.end(), named.name) ==
                intents_with_a_flow.end() &&
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
