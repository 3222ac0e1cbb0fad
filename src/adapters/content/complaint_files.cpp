#include "complaint_files.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

namespace motcua::content {
namespace {

using complaints::input;
using complaints::role;
using complaints::state_class;

// A word that stands for an enumerator.
template <class Enum, std::size_t Size>
std::optional<Enum> one_of(
    const std::array<Enum, Size>& values,
    source_file& file,
    std::size_t line,
    std::string_view word,
    std::string_view what)
{
    const auto found =
        std::ranges::find_if(values, [word](Enum value) { return name(value) == word; });
    if (found != values.end())
        return *found;
    std::string known;
    for (const auto value : values)
        known += (known.empty() ? "" : ", ") + std::string(name(value));
    file.error(
        line, "unknown " + std::string(what) + " '" + std::string(word) + "'; one of " + known);
    return std::nullopt;
}

constexpr std::array classes{
    state_class::open,
    state_class::waiting,
    state_class::answered,
    state_class::ended,
    state_class::hidden};
constexpr std::array roles{role::citizen, role::officer, role::coordinator, role::system};
constexpr std::array inputs{
    input::reason, input::message, input::unit, input::agency, input::duplicate_of, input::refusal};
constexpr std::array audiences{
    complaints::reminder::audience::owner,
    complaints::reminder::audience::superior,
    complaints::reminder::audience::citizen};
constexpr std::array subjects{
    complaints::subject::conduct, complaints::subject::rule, complaints::subject::both};

std::optional<int>
whole_number(source_file& file, map_reader& map, std::string_view key, int least, int most)
{
    const auto number = map.optional_number(key);
    if (!number)
        return std::nullopt;
    if (*number >= least && *number <= most && *number == std::floor(*number))
        return static_cast<int>(*number);
    file.error(
        map.line(key),
        "'" + std::string(key) + "' must be a whole number within " + std::to_string(least) +
            " and " + std::to_string(most));
    return std::nullopt;
}

std::optional<int> digits(std::string_view text)
{
    int value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size())
        return std::nullopt;
    return value;
}

// "07:30" -> minutes of the day.
std::optional<std::chrono::minutes>
time_of_day(source_file& file, map_reader& map, std::string_view key)
{
    const auto text = map.required_text(key);
    if (!text)
        return std::nullopt;
    const auto hours = text->size() == 5 ? digits(text->substr(0, 2)) : std::nullopt;
    const auto minutes = text->size() == 5 ? digits(text->substr(3)) : std::nullopt;
    if (hours && minutes && (*text)[2] == ':' && *hours >= 0 && *hours < 24 && *minutes >= 0 &&
        *minutes < 60)
        return std::chrono::minutes(*hours * 60 + *minutes);
    file.error(map.line(key), "'" + std::string(key) + "' must be a time of day like \"07:30\"");
    return std::nullopt;
}

std::optional<complaints::local_day>
day_from(source_file& file, std::size_t line, const std::string& text)
{
    const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
    const auto year = shaped ? digits(text.substr(0, 4)) : std::nullopt;
    const auto month = shaped ? digits(text.substr(5, 2)) : std::nullopt;
    const auto day = shaped ? digits(text.substr(8)) : std::nullopt;
    if (year && month && day && *month > 0 && *day > 0) {
        const std::chrono::year_month_day date{
            std::chrono::year{*year},
            std::chrono::month{static_cast<unsigned>(*month)},
            std::chrono::day{static_cast<unsigned>(*day)}};
        if (date.ok())
            return complaints::local_day{date};
    }
    file.error(line, "'" + text + "' is no day; write yyyy-mm-dd");
    return std::nullopt;
}

class workflow_reader
{
public:
    workflow_reader(source_file& file, complaints::rules& into) : file_(file), into_(into) {}

    void read(const yaml_value& tree)
    {
        map_reader map(
            file_,
            tree,
            "complaint-workflow.yml",
            {"initial",
             "answer_limit",
             "states",
             "limits",
             "transitions",
             "reminders",
             "refusals",
             "intake"});
        if (!map)
            return;
        for (const auto& item : map.required_list("states"))
            read_state(item);
        for (const auto& item : map.required_list("limits"))
            read_limit(item);
        for (const auto& item : map.required_list("transitions"))
            read_transition(item);
        for (const auto& item : map.list("reminders"))
            read_reminder(item);
        for (const auto& item : map.list("refusals"))
            read_refusal(item);
        all_.initial = map.required_text("initial").value_or("");
        all_.answer_limit = map.required_text("answer_limit").value_or("");
        expect_state(all_.initial, map.line("initial"));
        expect_limit(all_.answer_limit, map.line("answer_limit"));
        expect_citizen_transitions(tree.line);
        if (const auto* intake = map.find("intake"))
            read_intake(*intake);
        into_.flow = complaints::workflow(std::move(all_));
    }

private:
    template <class T>
    bool is_new(const std::vector<T>& others, const std::string& id, std::size_t line)
    {
        if (std::ranges::find(others, id, &T::id) == others.end())
            return true;
        file_.error(line, "'" + id + "' is repeated");
        return false;
    }

    void expect_state(const std::string& id, std::size_t line)
    {
        if (!id.empty() &&
            std::ranges::find(all_.states, id, &complaints::state::id) == all_.states.end())
            file_.error(line, "unknown state '" + id + "'");
    }

    void expect_limit(const std::string& id, std::size_t line)
    {
        if (!id.empty() &&
            std::ranges::find(all_.limits, id, &complaints::time_limit::id) == all_.limits.end())
            file_.error(line, "unknown limit '" + id + "'");
    }

    // The chat offers these by name.
    void expect_citizen_transitions(std::size_t line)
    {
        for (const std::string_view id : {"supplement", "object", "withdraw"}) {
            const auto found = std::ranges::find(all_.transitions, id, &complaints::transition::id);
            if (found == all_.transitions.end() ||
                std::ranges::find(found->by, role::citizen) == found->by.end())
                file_.error(line, "a transition '" + std::string(id) + "' by citizen is needed");
        }
    }

    void read_state(const yaml_value& item)
    {
        map_reader map(file_, item, "the state", {"id", "title", "class", "citizen"});
        if (!map)
            return;
        const auto id = map.required_text("id");
        const auto title = map.required_text("title");
        const auto word = map.required_text("class");
        if (!id || !title || !word || !is_new(all_.states, *id, map.line("id")))
            return;
        const auto is = one_of(classes, file_, map.line("class"), *word, "class");
        complaints::state made{
            *id, *title, map.optional_text("citizen"), is.value_or(state_class::open)};
        if (made.citizen.empty() != (made.is == state_class::hidden))
            file_.error(map.line(), "a state has 'citizen' unless it is hidden");
        all_.states.push_back(std::move(made));
    }

    void read_limit(const yaml_value& item)
    {
        using origin = complaints::time_limit::origin;
        map_reader map(file_, item, "the limit", {"id", "days", "from"});
        if (!map)
            return;
        const auto id = map.required_text("id");
        const auto days = whole_number(file_, map, "days", 0, 365);
        const auto from = map.required_text("from");
        if (!id || !from || !is_new(all_.limits, *id, map.line("id")))
            return;
        if (!days)
            return file_.error(map.line(), "a limit needs 'days'");
        constexpr std::array<std::pair<std::string_view, origin>, 4> origins{{
            {"submission", origin::submission},
            {"clock", origin::clock},
            {"state", origin::state},
            {"answer", origin::answer},
        }};
        for (const auto& [word, value] : origins) {
            if (word == *from)
                return all_.limits.push_back({*id, *days, value});
        }
        file_.error(map.line("from"), "'from' is one of submission, clock, state, answer");
    }

    void read_transition(const yaml_value& item)
    {
        map_reader map(
            file_,
            item,
            "the transition",
            {"id", "title", "from", "to", "by", "needs", "limit", "within", "after", "restarts"});
        if (!map)
            return;
        complaints::transition made;
        const auto id = map.required_text("id");
        made.title = map.required_text("title").value_or("");
        made.to = map.required_text("to").value_or("");
        if (!id || !is_new(all_.transitions, *id, map.line("id")))
            return;
        made.id = *id;
        expect_state(made.to, map.line("to"));
        for (auto& state : map.texts("from")) {
            expect_state(state.text, state.line);
            made.from.push_back(std::move(state.text));
        }
        for (const auto& word : map.texts("by")) {
            if (const auto who = one_of(roles, file_, word.line, word.text, "role"))
                made.by.push_back(*who);
        }
        if (made.by.empty())
            file_.error(map.line(), "nobody may do '" + made.id + "'");
        for (const auto& word : map.texts("needs")) {
            if (const auto what = one_of(inputs, file_, word.line, word.text, "input"))
                made.needs.push_back(*what);
        }
        for (const auto& [key, place] :
             {std::pair{"limit", &made.limit},
              std::pair{"within", &made.within},
              std::pair{"after", &made.after}}) {
            *place = map.optional_text(key);
            expect_limit(*place, map.line(key));
        }
        made.restarts = map.optional_flag("restarts");
        all_.transitions.push_back(std::move(made));
    }

    void read_reminder(const yaml_value& item)
    {
        map_reader map(file_, item, "the reminder", {"id", "limit", "in", "half", "offset", "to"});
        if (!map)
            return;
        complaints::reminder made;
        const auto id = map.required_text("id");
        made.limit = map.required_text("limit").value_or("");
        expect_limit(made.limit, map.line("limit"));
        for (auto& state : map.texts("in")) {
            expect_state(state.text, state.line);
            made.in.push_back(std::move(state.text));
        }
        made.half = map.optional_flag("half");
        made.offset = whole_number(file_, map, "offset", -60, 60).value_or(0);
        const auto word = map.required_text("to");
        if (!id || !word || !is_new(all_.reminders, *id, map.line("id")))
            return;
        made.id = *id;
        if (const auto to = one_of(audiences, file_, map.line("to"), *word, "audience"))
            made.to = *to;
        all_.reminders.push_back(std::move(made));
    }

    void read_refusal(const yaml_value& item)
    {
        map_reader map(file_, item, "the refusal reason", {"id", "title", "citizen"});
        if (!map)
            return;
        const auto id = map.required_text("id");
        const auto title = map.required_text("title");
        const auto citizen = map.required_text("citizen");
        if (id && title && citizen && is_new(all_.refusals, *id, map.line("id")))
            all_.refusals.push_back({*id, *title, *citizen});
    }

    void read_intake(const yaml_value& value)
    {
        map_reader map(
            file_,
            value,
            "'intake'",
            {"open",
             "notice_version",
             "anonymous",
             "contact_form_image",
             "messages",
             "characters",
             "attachments",
             "per_day",
             "duplicate_days",
             "resume_after_minutes",
             "remind_after_minutes",
             "drop_after_hours",
             "quiet_from",
             "quiet_to",
             "done_words"});
        if (!map)
            return;
        auto& intake = into_.intake;
        intake.open = map.optional_flag("open");
        intake.anonymous = map.optional_flag("anonymous");
        intake.contact_form_image = map.optional_text("contact_form_image");
        if (!intake.contact_form_image.empty() &&
            !intake.contact_form_image.starts_with("https://"))
            file_.error(map.line("contact_form_image"), "'contact_form_image' is not https");
        intake.notice_version = map.required_text("notice_version").value_or("");
        const auto number = [&](std::string_view key, int least, int most, int& into) {
            into = whole_number(file_, map, key, least, most).value_or(into);
        };
        number("messages", 1, 100, intake.messages);
        number("characters", 200, 20'000, intake.characters);
        number("attachments", 0, 20, intake.attachments);
        number("per_day", 1, 20, intake.per_day);
        number("duplicate_days", 0, 3650, intake.duplicate_days);
        const auto span = [&](std::string_view key, int most, auto& into) {
            if (const auto read = whole_number(file_, map, key, 1, most))
                into = std::decay_t<decltype(into)>(*read);
        };
        span("resume_after_minutes", 7 * 24 * 60, intake.resume_after);
        span("remind_after_minutes", 7 * 24 * 60, intake.remind_after);
        span("drop_after_hours", 365 * 24, intake.drop_after);
        intake.quiet_from = time_of_day(file_, map, "quiet_from").value_or(intake.quiet_from);
        intake.quiet_to = time_of_day(file_, map, "quiet_to").value_or(intake.quiet_to);
        for (const auto& word : map.texts("done_words"))
            intake.done_words.push_back(text::fold(word.text));
    }

    source_file& file_;
    complaints::rules& into_;
    complaints::workflow::parts all_;
};

void read_days(source_file& file, map_reader& map, complaints::calendar_parts& parts)
{
    for (const auto& item : map.required_list("days")) {
        map_reader row(file, item, "the day", {"day", "worked", "name", "source", "announced"});
        if (!row)
            continue;
        const auto written = row.required_text("day");
        const auto title = row.required_text("name");
        const auto source = row.required_text("source");
        const bool announced = row.find("announced") == nullptr || row.optional_flag("announced");
        const auto day = written ? day_from(file, row.line("day"), *written) : std::nullopt;
        if (!day || !title || !source)
            continue;
        const bool worked = row.optional_flag("worked");
        const std::chrono::weekday weekday{*day};
        const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
        if (worked != weekend)
            file.error(
                row.line("day"),
                worked ? "only a Saturday or Sunday can be worked in exchange"
                       : "a Saturday or Sunday is free anyway");
        if (*day < parts.covered_from || *day > parts.covered_to)
            file.error(row.line("day"), "outside of 'covers'");
        if (!parts.special
                 .emplace(*day, complaints::special_day{worked, *title, *source, announced})
                 .second)
            file.error(row.line("day"), "the day is repeated");
    }
}

void read_categories_below(
    source_file& file,
    const std::vector<yaml_value>& items,
    const std::string& parent,
    std::vector<complaints::category>& into)
{
    for (const auto& item : items) {
        map_reader map(file, item, "the category", {"id", "title", "about", "words", "children"});
        if (!map)
            continue;
        const auto id = map.required_text("id");
        const auto title = map.required_text("title");
        const auto word = map.required_text("about");
        if (!id || !title || !word)
            continue;
        if (std::ranges::find(into, *id, &complaints::category::id) != into.end() ||
            id->find(':') != std::string::npos)
            file.error(map.line("id"), "category '" + *id + "' is repeated or holds a colon");
        const auto about = one_of(subjects, file, map.line("about"), *word, "class of complaints");
        complaints::category made{
            *id, *title, about.value_or(complaints::subject::both), {}, parent};
        for (const auto& hint : map.texts("words"))
            made.words.push_back(text::fold(hint.text));
        into.push_back(std::move(made));
        read_categories_below(file, map.list("children"), *id, into);
    }
}

} // namespace

void read_complaint_workflow(source_file& file, const yaml_value& tree, complaints::rules& into)
{
    workflow_reader(file, into).read(tree);
}

void read_calendar(source_file& file, const yaml_value& tree, complaints::rules& into)
{
    map_reader map(file, tree, "calendar.yml", {"opens", "closes", "covers", "days"});
    if (!map)
        return;
    complaints::calendar_parts parts;
    parts.opens = time_of_day(file, map, "opens").value_or(parts.opens);
    parts.closes = time_of_day(file, map, "closes").value_or(parts.closes);
    if (parts.closes <= parts.opens)
        file.error(map.line("closes"), "'closes' must be after 'opens'");
    if (const auto* covers = map.find("covers")) {
        map_reader span(file, *covers, "'covers'", {"from", "to"});
        const auto from = span ? span.required_text("from") : std::nullopt;
        const auto to = span ? span.required_text("to") : std::nullopt;
        if (from)
            parts.covered_from = day_from(file, covers->line, *from).value_or(parts.covered_from);
        if (to)
            parts.covered_to = day_from(file, covers->line, *to).value_or(parts.covered_to);
    } else {
        file.error(tree.line, "missing key 'covers' in calendar.yml");
    }
    read_days(file, map, parts);
    into.calendar = complaints::working_calendar(std::move(parts));
}

void read_complaint_categories(source_file& file, const yaml_value& tree, complaints::rules& into)
{
    map_reader map(file, tree, "complaint-categories.yml", {"categories"});
    if (!map)
        return;
    std::vector<complaints::category> all;
    read_categories_below(file, map.required_list("categories"), {}, all);
    into.categories = complaints::category_tree(std::move(all));
}

} // namespace motcua::content
