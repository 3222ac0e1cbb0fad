#include "source_file.hpp"

#include <motcua/adapters/content/template_file.hpp>
#include <motcua/core/dialogue/reply_places.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace motcua::content {
namespace {

constexpr std::size_t title_limit = 100; // code points, as in the contract
constexpr std::size_t text_limit = 2000;

bool is_of_staff(const complaints::transition& one)
{
    using complaints::role;
    return std::ranges::any_of(
        one.by, [](role by) { return by == role::officer || by == role::coordinator; });
}

void read_entry(
    source_file& file,
    const yaml_value& item,
    const complaints::rules& rules,
    std::vector<app::reply_template>& into)
{
    map_reader entry(file, item, "the template", {"title", "text", "categories", "transition"});
    if (!entry)
        return;
    auto title = entry.required_text("title");
    auto text = entry.required_text("text");
    if (!title || !text)
        return;
    app::reply_template made;
    made.title = std::move(*title);
    made.text = std::move(*text);
    made.transition = entry.optional_text("transition");
    if (text::code_points(made.title) > title_limit)
        file.error(entry.line("title"), "a title has 100 characters at most");
    if (text::code_points(made.text) > text_limit)
        file.error(entry.line("text"), "a text has 2000 characters at most");
    if (const auto place = dialogue::unknown_place(made.text))
        file.error(entry.line("text"), "unknown place '{{" + *place + "}}'");
    for (auto& [id, line] : entry.texts("categories")) {
        if (rules.categories.find(id) == nullptr)
            file.error(line, "unknown category '" + id + "'");
        made.categories.push_back(std::move(id));
    }
    const auto* const transition = rules.flow.find_transition(made.transition);
    if (!made.transition.empty() && (transition == nullptr || !is_of_staff(*transition)))
        file.error(
            entry.line("transition"), "no transition of the staff: '" + made.transition + "'");
    into.push_back(std::move(made));
}

} // namespace

template_file read_templates(const std::filesystem::path& file_name, const complaints::rules& rules)
{
    template_file out;
    source_file file(file_name, {out.findings, out.findings});
    const auto bytes = file.bytes();
    const auto tree = bytes ? file.tree(*bytes) : std::nullopt;
    if (!tree)
        return out;
    map_reader map(file, *tree, "templates.yml", {"templates"});
    if (!map)
        return out;
    for (const auto& item : map.required_list("templates"))
        read_entry(file, item, rules, out.templates);
    if (out.templates.size() > app::template_limit)
        file.error(tree->line, "more than 500 templates");
    return out;
}

} // namespace motcua::content
