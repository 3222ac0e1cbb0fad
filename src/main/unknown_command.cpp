#include "commands.hpp"
#include "procedure_source.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/core/dialogue/unknown.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace motcua {
namespace {

using json = nlohmann::ordered_json;
using dialogue::unknown_group;
using dialogue::unknown_kind;

// The first instant of the day in Vietnam.
utc_time start_of(const std::string& day)
{
    if (day.empty())
        return utc_time{};
    int year = 0;
    unsigned month = 0;
    unsigned number = 0;
    char rest = 0;
    const int read = std::sscanf(day.c_str(), "%4d-%2u-%2u%c", &year, &month, &number, &rest);
    const std::chrono::year_month_day date{
        std::chrono::year(year), std::chrono::month(month), std::chrono::day(number)};
    if (read != 3 || !date.ok())
        throw std::runtime_error("--since " + day + ": a date is written YYYY-MM-DD");
    return std::chrono::sys_days(date) - vietnam_offset;
}

std::string day_of(utc_time when)
{
    const auto date = vietnam_date(when);
    return fmt::format(
        "{:04}-{:02}-{:02}",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()));
}

// Folded words as the content's normaliser gives them, so that "hs" and "hồ sơ" are alike.
std::vector<dialogue::comparable_message>
comparable(std::vector<dialogue::unknown_message> messages, const configuration& config)
{
    const text::normaliser words(content::read_intents(config.content.intents).words);
    std::vector<dialogue::comparable_message> all;
    all.reserve(messages.size());
    for (auto& message : messages) {
        dialogue::comparable_message one{.message = std::move(message), .words = {}};
        for (const auto& token : words.normalise(one.message.text).tokens)
            one.words.push_back(token.folded);
        all.push_back(std::move(one));
    }
    return all;
}

class procedure_names
{
public:
    explicit procedure_names(app::reader& store) : records_(store.all_procedures()) {}

    std::string of(const std::string& code) const
    {
        const auto* const record = records_.find(code);
        return record == nullptr ? std::string() : record->name;
    }
    std::string with_code(const std::string& code) const
    {
        const auto name = of(code);
        return name.empty() ? code : code + " " + name;
    }

private:
    procedures::catalogue records_;
};

json json_of(const unknown_group& group, const procedure_names& names)
{
    json nearest = json::array();
    for (const auto& code : group.nearest)
        nearest.push_back({{"code", code}, {"name", names.of(code)}});
    json chosen = json::array();
    for (const auto& [what, count] : group.chosen)
        chosen.push_back({{"chosen", what}, {"name", names.of(what)}, {"count", count}});
    json kinds = json::object();
    for (const auto& [kind, count] : group.kinds)
        kinds[std::string(name(kind))] = count;
    return {
        {"text", group.text},
        {"count", group.count},
        {"first", day_of(group.first)},
        {"last", day_of(group.last)},
        {"others", group.others},
        {"kinds", std::move(kinds)},
        {"nearest", std::move(nearest)},
        {"chosen", std::move(chosen)}};
}

void print(const unknown_group& group, const procedure_names& names)
{
    std::cout << fmt::format(
        "{:>5}  {}  ({} – {})\n", group.count, group.text, day_of(group.first), day_of(group.last));
    for (const auto& other : group.others)
        std::cout << "       also: " << other << '\n';
    for (const auto& [kind, count] : group.kinds) {
        if (kind == unknown_kind::none_of_these || kind == unknown_kind::wrong_answer)
            std::cout << "       " << name(kind) << ": " << count << '\n';
    }
    for (const auto& [what, count] : group.chosen)
        std::cout << "       chosen " << count << ": " << names.with_code(what) << '\n';
    if (!group.chosen.empty())
        return;
    for (const auto& code : group.nearest)
        std::cout << "       near: " << names.with_code(code) << '\n';
}

} // namespace

int list_unknown(const configuration& config, const unknown_options& options)
{
    const auto since = start_of(options.since);
    const auto store = sqlite::open_reader(database_file(config));
    auto messages = store->unknown_messages(since);
    std::erase_if(messages, [&options](const dialogue::unknown_message& one) {
        return (one.kind == unknown_kind::chosen) != options.choices ||
               (one.test && !options.include_test);
    });
    const auto count = messages.size();
    auto groups = dialogue::group_alike(comparable(std::move(messages), config));
    const auto found = groups.size();
    groups.resize(std::min(groups.size(), options.limit));
    const procedure_names names(*store);

    if (options.json) {
        json list = json::array();
        for (const auto& group : groups)
            list.push_back(json_of(group, names));
        const json all = {
            {"messages", count}, {"groups_found", found}, {"groups", std::move(list)}};
        std::cout << all.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
        return 0;
    }
    for (const auto& group : groups)
        print(group, names);
    std::cout << count << " messages in " << found << " groups";
    if (found > groups.size())
        std::cout << ", " << groups.size() << " shown (--limit)";
    std::cout << '\n';
    return 0;
}

} // namespace motcua
