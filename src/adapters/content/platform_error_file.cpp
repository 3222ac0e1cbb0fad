#include "source_file.hpp"

#include <motcua/adapters/content/platform_error_file.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace motcua::content {
namespace {

using app::error_action;

struct required_action
{
    int code;
    error_action action;
};
// zalo-oa-protocol 2.10.
constexpr std::array required_actions{
    required_action{-32, error_action::slow_down},
    required_action{-216, error_action::refresh_token},
    required_action{-220, error_action::refresh_token},
    required_action{-224, error_action::plain_text},
    required_action{-230, error_action::wait_for_contact},
    required_action{-232, error_action::wait_for_contact},
    required_action{-235, error_action::other_endpoint},
    required_action{-240, error_action::other_endpoint}};

std::optional<int> code_from(const std::string& digits)
{
    int code = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, code);
    if (parsed.ec != std::errc() || parsed.ptr != end || code >= 0)
        return std::nullopt;
    return code;
}

std::optional<error_action> action_of(source_file& file, const std::string& name, std::size_t line)
{
    auto action = app::error_action_from(name);
    if (!action)
        file.error(line, "unknown action '" + name + "'");
    return action;
}

void read_entry(source_file& file, const yaml_value& item, app::error_table& table)
{
    map_reader entry(file, item, "the error", {"code", "meaning", "action"});
    if (!entry)
        return;
    const auto digits = entry.required_text("code");
    auto meaning = entry.required_text("meaning");
    const auto action_name = entry.required_text("action");
    if (!digits || !meaning || !action_name)
        return;
    const auto code = code_from(*digits);
    if (!code)
        return file.error(entry.line("code"), "a code is a number below zero");
    const auto action = action_of(file, *action_name, entry.line("action"));
    if (!action)
        return;
    if (*action == error_action::other_endpoint && *code != -235 && *code != -240)
        return file.error(
            entry.line("action"), "other_endpoint is for -235 and -240 only: it might send twice");
    if (!table.by_code.emplace(*code, app::platform_error{std::move(*meaning), *action}).second)
        file.error(entry.line("code"), "code " + *digits + " is listed twice");
}

void check_required(source_file& file, std::size_t line, const app::error_table& table)
{
    for (const auto& [code, action] : required_actions) {
        const auto found = table.by_code.find(code);
        if (found == table.by_code.end() || found->second.action != action)
            file.error(
                line,
                "code " + std::to_string(code) + " must have the action " +
                    std::string(app::name(action)));
    }
}

} // namespace

platform_error_file read_platform_errors(const std::filesystem::path& file_name)
{
    platform_error_file out;
    source_file file(file_name, {out.findings, out.findings});
    const auto bytes = file.bytes();
    const auto tree = bytes ? file.tree(*bytes) : std::nullopt;
    if (!tree)
        return out;
    map_reader map(file, *tree, "zalo_errors.yml", {"otherwise", "errors"});
    if (!map)
        return out;
    for (const auto& item : map.required_list("errors"))
        read_entry(file, item, out.table);
    if (const auto otherwise = map.required_text("otherwise")) {
        if (const auto action = action_of(file, *otherwise, map.line("otherwise")))
            out.table.otherwise = *action;
        if (out.table.otherwise != error_action::dead && out.table.otherwise != error_action::look)
            file.error(map.line("otherwise"), "otherwise is dead or look: it may have been sent");
    }
    check_required(file, tree->line, out.table);
    return out;
}

} // namespace motcua::content
