#include "links.hpp"
#include "source_file.hpp"

#include <motcua/adapters/content/plan_files.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/dialogue/payload.hpp>
#include <motcua/core/reach/complaint_figures.hpp>
#include <motcua/core/reach/row_query.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace motcua::content {
namespace {

using reach::kpi;

std::string hash_of(std::string_view bytes)
{
    std::uint64_t state = 0xcbf29ce484222325U;
    for (const char c : bytes) {
        state ^= static_cast<unsigned char>(c);
        state *= 0x100000001b3U;
    }
    std::string text(16, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, state >>= 4U)
        *digit = "0123456789abcdef"[state & 0xfU];
    return text;
}

bool is_id(std::string_view text)
{
    constexpr std::size_t longest = 60;
    return !text.empty() && text.size() <= longest && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '-' || c == '_';
    });
}

std::string id_of(source_file& file, map_reader& row, std::string_view key)
{
    auto id = row.required_text(key).value_or(std::string());
    if (!id.empty() && !is_id(id))
        file.error(row.line(key), "an id is made of letters without marks, digits, '.', '-', '_'");
    return id;
}

// ---- figures

class kpi_reader
{
public:
    explicit kpi_reader(source_file& file) : file_(file) {}

    void read(const yaml_value& tree, reach::catalogue& into)
    {
        map_reader map(file_, tree, "kpi.yml", {"fields", "kpis", "general", "complaints"});
        if (!map)
            return;
        read_fields(map, into);
        for (const auto& item : map.required_list("kpis"))
            read_kpi(item, into);
        for (const auto& [id, line] : named_)
            if (into.find(id) == nullptr)
                file_.error(line, "no figure '" + id + "'");
        read_order(map, "general", into, into.general);
        read_order(map, "complaints", into, into.complaints);
    }

private:
    void read_fields(map_reader& map, reach::catalogue& into)
    {
        std::set<std::string> seen;
        for (const auto& item : map.required_list("fields")) {
            map_reader row(file_, item, "the field", {"id", "title", "names"});
            if (!row)
                continue;
            reach::field_group group;
            group.id = id_of(file_, row, "id");
            group.title = row.required_text("title").value_or(std::string());
            for (auto& one : row.texts("names")) {
                if (!seen.insert(one.text).second)
                    file_.error(one.line, "'" + one.text + "' is in two groups");
                group.names.push_back(std::move(one.text));
            }
            into.fields.push_back(std::move(group));
        }
        if (into.fields.empty())
            file_.error(map.line("fields"), "at least one field is needed");
    }

    void read_kpi(const yaml_value& item, reach::catalogue& into)
    {
        map_reader row(
            file_,
            item,
            "the figure",
            {"id",
             "name",
             "unit",
             "definition",
             "contacts",
             "people",
             "share",
             "complaints",
             "answers",
             "answer_of_complaints",
             "none"});
        if (!row)
            return;
        kpi one;
        one.id = id_of(file_, row, "id");
        one.name = row.required_text("name").value_or(std::string());
        one.unit = row.required_text("unit").value_or(std::string());
        one.definition = row.required_text("definition").value_or(std::string());
        int sources = 0;
        for (const auto& [key, from] : source_names) {
            if (row.find(key) == nullptr)
                continue;
            ++sources;
            one.from = from;
            read_source(row, key, one);
        }
        if (sources != 1)
            file_.error(row.line(), "a figure has exactly one of contacts, people, share, …");
        if (into.find(one.id) != nullptr)
            file_.error(row.line("id"), "figure '" + one.id + "' is repeated");
        else
            into.kpis.push_back(std::move(one));
    }

    void read_source(map_reader& row, std::string_view key, kpi& one)
    {
        using enum kpi::source;
        switch (one.from) {
        case contacts:
        case people:
            for (const auto& word : row.texts(key)) {
                if (const auto what = reach::measure_from(word.text))
                    one.measures |= bit(*what);
                else
                    file_.error(word.line, "no measure '" + word.text + "'");
            }
            if (one.measures == 0)
                file_.error(row.line(key), "no measures");
            return;
        case share:
            return read_share(*row.find(key), one);
        default:
            one.figure = row.required_text(key).value_or(std::string());
        }
        const auto known = [&one](const auto& names) {
            return std::ranges::find(names, one.figure) != names.end();
        };
        constexpr std::array<std::string_view, 3> statistics{"median", "mean", "p90"};
        const bool fits =
            one.from == none ||
            (one.from == complaints ? known(reach::complaint_figure_names) : known(statistics));
        if (!fits)
            file_.error(row.line(key), "unknown '" + one.figure + "'");
    }

    void read_share(const yaml_value& value, kpi& one)
    {
        map_reader map(file_, value, "'share'", {"part", "whole"});
        if (!map)
            return;
        one.part = map.required_text("part").value_or(std::string());
        one.whole = map.required_text("whole").value_or(std::string());
        named_.emplace_back(one.part, map.line("part"));
        named_.emplace_back(one.whole, map.line("whole"));
    }

    void read_order(
        map_reader& map,
        std::string_view key,
        const reach::catalogue& all,
        std::vector<std::string>& into)
    {
        for (auto& one : map.texts(key)) {
            if (all.find(one.text) == nullptr)
                file_.error(one.line, "no figure '" + one.text + "'");
            else
                into.push_back(std::move(one.text));
        }
    }

    static constexpr std::array<std::pair<std::string_view, kpi::source>, 7> source_names{
        {{"contacts", kpi::source::contacts},
         {"people", kpi::source::people},
         {"share", kpi::source::share},
         {"complaints", kpi::source::complaints},
         {"answers", kpi::source::answers},
         {"answer_of_complaints", kpi::source::complaint_answers},
         {"none", kpi::source::none}}};

    source_file& file_;
    std::vector<std::pair<std::string, std::size_t>> named_;
};

// ---- plans

class plan_reader
{
public:
    plan_reader(source_file& file, const reach::catalogue& kpis) : file_(file), kpis_(kpis) {}

    std::optional<reach::plan> read(const yaml_value& tree)
    {
        map_reader map(
            file_,
            tree,
            "the plan",
            {"id",
             "title",
             "number",
             "issuer",
             "from",
             "to",
             "follow_on_days",
             "form",
             "activities"});
        if (!map)
            return std::nullopt;
        reach::plan plan;
        plan.head.id = id_of(file_, map, "id");
        plan.head.title = map.required_text("title").value_or(std::string());
        plan.head.number = map.optional_text("number");
        plan.head.issuer = map.required_text("issuer").value_or(std::string());
        plan.head.period.from = day_of(map, "from");
        plan.head.period.to = day_of(map, "to");
        if (plan.head.period.to < plan.head.period.from)
            file_.error(map.line("to"), "'to' is before 'from'");
        if (const auto days = map.optional_number("follow_on_days")) {
            constexpr double most_days = 90;
            if (*days < 0 || *days > most_days || *days != std::floor(*days))
                file_.error(
                    map.line("follow_on_days"),
                    "'follow_on_days' is a whole number within 0 and 90");
            else
                plan.follow_on_days = static_cast<int>(*days);
        }
        read_form(map, plan.form);
        for (const auto& item : map.required_list("activities"))
            read_activity(item, plan);
        return plan;
    }

private:
    std::chrono::year_month_day day_of(map_reader& map, std::string_view key)
    {
        const auto text = map.required_text(key);
        const auto day = text ? reach::day_from(*text) : std::nullopt;
        if (text && !day)
            file_.error(map.line(key), "'" + *text + "' is no day, written yyyy-mm-dd");
        constexpr std::chrono::year_month_day none{
            std::chrono::year(2000), std::chrono::month(1), std::chrono::day(1)};
        return day.value_or(none);
    }

    void read_form(map_reader& map, reach::letterhead& form)
    {
        const auto* value = map.find("form");
        if (value == nullptr)
            return file_.error(map.line(), "missing key 'form' in the plan");
        map_reader row(
            file_,
            *value,
            "'form'",
            {"parent",
             "issuer",
             "place",
             "symbol",
             "signer_capacity",
             "signer_title",
             "recipients"});
        if (!row)
            return;
        form.parent = row.optional_text("parent");
        form.issuer = row.required_text("issuer").value_or(std::string());
        form.place = row.required_text("place").value_or(std::string());
        form.symbol = row.optional_text("symbol");
        form.signer_capacity = row.optional_text("signer_capacity");
        form.signer_title = row.optional_text("signer_title");
        for (auto& one : row.texts("recipients"))
            form.recipients.push_back(std::move(one.text));
    }

    void read_activity(const yaml_value& item, reach::plan& plan)
    {
        map_reader row(
            file_,
            item,
            "the activity",
            {"id", "name", "lead", "partners", "products", "keywords"});
        if (!row)
            return;
        reach::activity one;
        one.id = id_of(file_, row, "id");
        one.name = row.required_text("name").value_or(std::string());
        one.lead = row.required_text("lead").value_or(std::string());
        one.partners = row.optional_text("partners");
        if (!ids_.insert(one.id).second)
            file_.error(row.line("id"), "activity '" + one.id + "' is repeated");
        for (const auto& product : row.required_list("products"))
            read_product(product, one);
        for (const auto& keyword : row.list("keywords"))
            read_keyword(keyword, one);
        plan.activities.push_back(std::move(one));
    }

    void read_product(const yaml_value& item, reach::activity& into)
    {
        map_reader row(file_, item, "the product", {"id", "words", "kpis", "by_hand"});
        if (!row)
            return;
        reach::expected_product one;
        one.id = id_of(file_, row, "id");
        one.words = row.required_text("words").value_or(std::string());
        one.by_hand = row.optional_text("by_hand");
        if (!ids_.insert(one.id).second)
            file_.error(row.line("id"), "product '" + one.id + "' is repeated");
        for (auto& id : row.texts("kpis")) {
            const auto* const known = kpis_.find(id.text);
            if (known == nullptr)
                file_.error(id.line, "no figure '" + id.text + "' in kpi.yml");
            else
                one.kpis.push_back(std::move(id.text));
        }
        if (one.kpis.empty() && one.by_hand.empty())
            file_.error(row.line(), "nothing answers the product: name 'kpis' or 'by_hand'");
        into.products.push_back(std::move(one));
    }

    void read_keyword(const yaml_value& item, reach::activity& into)
    {
        map_reader row(file_, item, "the keyword", {"code", "title", "text", "buttons"});
        if (!row)
            return;
        reach::keyword one;
        one.code = row.required_text("code").value_or(std::string());
        constexpr std::size_t shortest = 5;
        constexpr std::size_t longest = 20;
        const bool is_code = std::ranges::all_of(
            one.code, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
        if (!is_code || one.code.size() < shortest || one.code.size() > longest)
            file_.error(
                row.line("code"), "a keyword is 5 to 20 capital letters without marks, or digits");
        one.folded = text::fold(one.code);
        if (!keywords_.insert(one.folded).second)
            file_.error(row.line("code"), "keyword '" + one.code + "' is repeated");
        one.title = row.required_text("title").value_or(std::string());
        one.text = row.required_text("text").value_or(std::string());
        constexpr std::size_t text_limit = 1200;
        if (text::code_points(one.text) > text_limit)
            file_.error(row.line("text"), "'text' is longer than 1,200 characters");
        for (const auto& button : row.list("buttons"))
            read_button(button, one);
        if (one.buttons.size() >= dialogue::button_limit)
            file_.error(row.line("buttons"), "more than 4 buttons");
        into.keywords.push_back(std::move(one));
    }

    void read_button(const yaml_value& item, reach::keyword& into)
    {
        map_reader row(file_, item, "the button", {"title", "payload"});
        if (!row)
            return;
        auto title = row.required_text("title");
        auto payload = row.required_text("payload");
        if (!title || !payload)
            return;
        if (!dialogue::parse_payload(*payload) && !is_https_link(*payload))
            file_.error(row.line("payload"), "'" + *payload + "' is neither a payload nor a link");
        into.buttons.push_back({std::move(*title), std::move(*payload)});
    }

    source_file& file_;
    const reach::catalogue& kpis_;
    std::set<std::string> ids_;
    std::set<std::string> keywords_;
};

void read_one(const std::filesystem::path& name, const reach::catalogue& kpis, plan_files& into)
{
    source_file file(name, {into.findings, into.findings});
    const auto bytes = file.bytes();
    const auto tree = bytes ? file.tree(*bytes) : std::nullopt;
    if (!tree)
        return;
    auto plan = plan_reader(file, kpis).read(*tree);
    if (!plan)
        return;
    plan->version = hash_of(*bytes);
    if (std::ranges::any_of(into.plans, [&plan](const reach::plan& other) {
            return other.head.id == plan->head.id;
        }))
        file.error(tree->line, "plan '" + plan->head.id + "' is in another file, too");
    else
        into.plans.push_back(std::move(*plan));
}

// A keyword of two plans in force at once is credited to the one that began later: whoever wrote
// them should know.
void warn_of_shared_keywords(const std::filesystem::path& directory, plan_files& into)
{
    for (std::size_t i = 1; i < into.plans.size(); ++i) {
        for (std::size_t other = 0; other < i; ++other) {
            const auto& one = into.plans[i].head;
            const auto& before = into.plans[other].head;
            if (one.period.to < before.period.from || before.period.to < one.period.from)
                continue;
            for (const auto& part : into.plans[i].activities)
                for (const auto& word : part.keywords) {
                    const auto found =
                        reach::find_keyword({into.plans[other]}, word.folded, one.period.from);
                    if (found.keyword != nullptr)
                        into.findings.push_back(
                            {directory.string(),
                             0,
                             finding::grade::warning,
                             "plans '" + before.id + "' and '" + one.id +
                                 "' overlap and both have the keyword " + word.code +
                                 ": it is credited to the one that begins later"});
                }
        }
    }
}

} // namespace

kpi_file read_kpis(const std::filesystem::path& name)
{
    kpi_file out;
    source_file file(name, {out.findings, out.findings});
    const auto bytes = file.bytes();
    const auto tree = bytes ? file.tree(*bytes) : std::nullopt;
    if (!tree)
        return out;
    kpi_reader(file).read(*tree, out.catalogue);
    out.catalogue.version = hash_of(*bytes);
    return out;
}

plan_files read_plan(const std::filesystem::path& file, const reach::catalogue& kpis)
{
    plan_files out;
    read_one(file, kpis, out);
    return out;
}

plan_files read_plans(const std::filesystem::path& directory, const reach::catalogue& kpis)
{
    plan_files out;
    if (!std::filesystem::is_directory(directory))
        return out;
    for (const auto& name : files_of(directory, {".yml", ".yaml"}, out.findings))
        read_one(name, kpis, out);
    warn_of_shared_keywords(directory, out);
    return out;
}

} // namespace motcua::content
