#include <motcua/core/reach/measures.hpp>

#include <algorithm>

namespace motcua::reach {
namespace {

constexpr std::array<std::string_view, measure_count> names{
    "contact",        "active",      "visit",          "follow",
    "unfollow",       "question",    "answered",       "clarified",
    "not_understood", "handed_over", "apart",          "complaint_talk",
    "lookup",         "guided",      "dossier_lookup", "asked_understood",
    "understood",     "direct",      "follow_on",      "link_opened",
    "scanned"};

bool has(measure_set set, measure one)
{
    return (set & bit(one)) != 0;
}

bool asks(const interaction& row)
{
    return row.outcome == outcome::answered || row.outcome == outcome::clarified ||
           row.outcome == outcome::not_understood || row.outcome == outcome::handed_over;
}

bool is_about_complaint(const interaction& row)
{
    return row.intent == "complaint" || row.intent == "complaint_status";
}

bool is_answer_asked(const interaction& row, measure_set so_far)
{
    return has(so_far, measure::guided) ||
           (has(so_far, measure::answered) && row.intent == "keyword");
}

template <outcome Wanted>
bool ends_as(const interaction& row, measure_set so_far)
{
    return has(so_far, measure::question) && row.outcome == Wanted;
}

} // namespace

std::string_view name(measure value)
{
    return names[static_cast<std::size_t>(value)];
}

std::optional<measure> measure_from(std::string_view word)
{
    const auto* const found = std::ranges::find(names, word);
    if (found == names.end())
        return std::nullopt;
    return static_cast<measure>(found - names.begin());
}

bool makes_visits(contact_kind kind)
{
    return kind == contact_kind::message || kind == contact_kind::tap ||
           kind == contact_kind::media;
}

const measure_rules& interaction_rules()
{
    using row_of = const interaction&;
    using set_of = measure_set;
    static constexpr measure_rules rules{{
        {measure::active, [](row_of row, set_of) { return makes_visits(row.kind); }},
        {measure::follow, [](row_of row, set_of) { return row.kind == contact_kind::follow; }},
        {measure::unfollow, [](row_of row, set_of) { return row.kind == contact_kind::unfollow; }},
        {measure::contact,
         [](row_of, set_of so_far) {
             return has(so_far, measure::active) || has(so_far, measure::follow);
         }},
        {measure::complaint_talk,
         [](row_of row, set_of so_far) {
             return has(so_far, measure::active) && is_about_complaint(row);
         }},
        {measure::understood,
         [](row_of row, set_of so_far) {
             return has(so_far, measure::active) && row.intent == "understood";
         }},
        {measure::question,
         [](row_of row, set_of so_far) {
             return has(so_far, measure::active) && asks(row) &&
                    !has(so_far, measure::complaint_talk);
         }},
        {measure::apart,
         [](row_of, set_of so_far) {
             return has(so_far, measure::active) && !has(so_far, measure::question) &&
                    !has(so_far, measure::complaint_talk);
         }},
        {measure::answered, ends_as<outcome::answered>},
        {measure::clarified, ends_as<outcome::clarified>},
        {measure::not_understood, ends_as<outcome::not_understood>},
        {measure::handed_over, ends_as<outcome::handed_over>},
        {measure::lookup,
         [](row_of row, set_of so_far) {
             return has(so_far, measure::answered) && !row.procedure.empty();
         }},
        {measure::guided,
         [](row_of row, set_of so_far) {
             return has(so_far, measure::lookup) && row.aspect == "filing";
         }},
        {measure::dossier_lookup,
         [](row_of row, set_of so_far) {
             return has(so_far, measure::answered) && row.intent == "file_status";
         }},
        {measure::asked_understood, is_answer_asked},
        {measure::direct,
         [](row_of row, set_of so_far) {
             return has(so_far, measure::contact) && row.credit == credit::direct;
         }},
        {measure::follow_on,
         [](row_of row, set_of so_far) {
             return has(so_far, measure::contact) && row.credit == credit::follow_on;
         }},
    }};
    return rules;
}

measure_set measures_of(const interaction& row, const measure_rules& rules)
{
    measure_set set = 0;
    if (row.test)
        return set;
    for (const auto& rule : rules)
        if (rule.holds(row, set))
            set |= bit(rule.gives);
    return set;
}

} // namespace motcua::reach
