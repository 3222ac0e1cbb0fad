#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace motcua::complaints {
namespace {

template <class T>
const T* by_id(const std::vector<T>& all, std::string_view id)
{
    const auto found = std::ranges::find(all, id, &T::id);
    return found == all.end() ? nullptr : &*found;
}

bool contains(const auto& values, const auto& value)
{
    return std::ranges::find(values, value) != values.end();
}

state_class class_of(const rules& by, std::string_view id)
{
    const auto* const found = by.flow.find_state(id);
    return found == nullptr ? state_class::ended : found->is;
}

bool starts_clock(const rules& by, const moment& one)
{
    const auto* const how = by.flow.find_transition(one.transition);
    return how != nullptr && (how->restarts || how->from.empty());
}

// Index of the moment a limit is counted from; empty if there is none yet.
std::optional<std::size_t>
origin_of(const rules& by, const complaint& what, const time_limit& limit)
{
    using origin = time_limit::origin;
    const auto& course = what.course;
    if (course.empty())
        return std::nullopt;
    switch (limit.from) {
    case origin::submission:
        return 0;
    case origin::state:
        return course.size() - 1;
    case origin::clock:
        for (auto i = course.size(); i > 0; --i) {
            if (starts_clock(by, course[i - 1]))
                return i - 1;
        }
        return 0;
    case origin::answer:
        // The moment the case became answered, not the later ones of publishing or closing it.
        for (auto i = course.size(); i > 0; --i) {
            const bool is_answer = class_of(by, course[i - 1].state) == state_class::answered;
            const bool was_answer =
                i > 1 && class_of(by, course[i - 2].state) == state_class::answered;
            if (is_answer && !was_answer)
                return i - 1;
        }
        return std::nullopt;
    }
    return std::nullopt;
}

// Working days since the start on which the clock stood still: a pause counts the working days
// after the day it began, up to the day it ended.
int paused_days(const rules& by, const complaint& what, std::size_t start)
{
    int days = 0;
    for (auto i = start; i + 1 < what.course.size(); ++i) {
        if (class_of(by, what.course[i].state) == state_class::waiting)
            days += by.calendar.working_days_between(
                day_of(what.course[i].at), day_of(what.course[i + 1].at));
    }
    return days;
}

struct span_end
{
    std::size_t origin = 0; // index into the course
    local_day day;
};

std::optional<span_end> end_of(const rules& by, const complaint& what, const time_limit& limit)
{
    const auto origin = origin_of(by, what, limit);
    if (!origin)
        return std::nullopt;
    int days = limit.days;
    if (limit.from == time_limit::origin::clock) {
        if (class_of(by, what.state) == state_class::waiting)
            return std::nullopt;
        days += paused_days(by, what, *origin);
    }
    const auto from = day_of(what.course[*origin].at);
    return span_end{*origin, by.calendar.add_working_days(from, days)};
}

bool has(const change& wish, input what)
{
    switch (what) {
    case input::reason:
        return !wish.reason.empty();
    case input::message:
        return !wish.message.empty();
    case input::unit:
        return !wish.unit.empty();
    case input::agency:
        return !wish.agency.empty();
    case input::duplicate_of:
        return !wish.duplicate_of.empty();
    case input::refusal:
        return !wish.refusal.empty();
    }
    return false;
}

// Whether time allows it.
objection
timing(const rules& by, const complaint& what, const transition& how, role who, utc_time now)
{
    if (!how.within.empty()) {
        const auto end = deadline(by, what, how.within);
        if (!end || now > *end)
            return objection::too_late;
    }
    if (!how.after.empty() && who == role::system) {
        const auto end = deadline(by, what, how.after);
        if (!end || now < *end)
            return objection::too_early;
    }
    return objection::none;
}

bool is_too_long(const std::string& text)
{
    return text::code_points(text) > change_text_limit;
}

// What the history keeps of the inputs besides reason and message.
std::string value_of(const change& wish)
{
    for (const auto* one : {&wish.refusal, &wish.duplicate_of, &wish.agency, &wish.unit}) {
        if (!one->empty())
            return *one;
    }
    return {};
}

} // namespace

std::string_view name(role value)
{
    switch (value) {
    case role::citizen:
        return "citizen";
    case role::officer:
        return "officer";
    case role::coordinator:
        return "coordinator";
    case role::system:
        return "system";
    }
    return "system";
}

std::string_view name(message_kind value)
{
    switch (value) {
    case message_kind::citizen:
        return "citizen";
    case message_kind::staff:
        return "staff";
    case message_kind::note:
        return "note";
    }
    return "note";
}

std::string_view name(state_class value)
{
    switch (value) {
    case state_class::open:
        return "open";
    case state_class::waiting:
        return "waiting";
    case state_class::answered:
        return "answered";
    case state_class::ended:
        return "ended";
    case state_class::hidden:
        return "hidden";
    }
    return "ended";
}

std::string_view name(input value)
{
    switch (value) {
    case input::reason:
        return "reason";
    case input::message:
        return "message";
    case input::unit:
        return "unit";
    case input::agency:
        return "agency";
    case input::duplicate_of:
        return "duplicate_of";
    case input::refusal:
        return "refusal";
    }
    return "reason";
}

std::string_view name(reminder::audience value)
{
    switch (value) {
    case reminder::audience::owner:
        return "owner";
    case reminder::audience::superior:
        return "superior";
    case reminder::audience::citizen:
        return "citizen";
    }
    return "owner";
}

std::string_view name(objection value)
{
    switch (value) {
    case objection::none:
        return "none";
    case objection::unknown_transition:
        return "unknown_transition";
    case objection::wrong_state:
        return "wrong_state";
    case objection::wrong_role:
        return "wrong_role";
    case objection::missing_input:
        return "missing_input";
    case objection::unknown_refusal:
        return "unknown_refusal";
    case objection::own_duplicate:
        return "own_duplicate";
    case objection::too_late:
        return "too_late";
    case objection::too_early:
        return "too_early";
    case objection::too_long:
        return "too_long";
    }
    return "none";
}

const state* workflow::find_state(std::string_view id) const
{
    return by_id(all_.states, id);
}

const transition* workflow::find_transition(std::string_view id) const
{
    return by_id(all_.transitions, id);
}

const time_limit* workflow::find_limit(std::string_view id) const
{
    return by_id(all_.limits, id);
}

const refusal_reason* workflow::find_refusal(std::string_view id) const
{
    return by_id(all_.refusals, id);
}

std::optional<utc_time> deadline(const rules& by, const complaint& what, std::string_view limit)
{
    const auto* const found = by.flow.find_limit(limit);
    if (found == nullptr)
        return std::nullopt;
    const auto end = end_of(by, what, *found);
    if (!end)
        return std::nullopt;
    return by.calendar.closing(end->day);
}

std::optional<utc_time> due_date(const rules& by, const complaint& what)
{
    if (class_of(by, what.state) != state_class::open)
        return std::nullopt;
    return deadline(by, what, by.flow.all().answer_limit);
}

objection check(const rules& by, const complaint& what, const change& wish, utc_time now)
{
    const auto* const how = by.flow.find_transition(wish.transition);
    if (how == nullptr)
        return objection::unknown_transition;
    if (!contains(how->from, what.state))
        return objection::wrong_state;
    if (!contains(how->by, wish.by.role))
        return objection::wrong_role;
    for (const auto needed : how->needs) {
        if (!has(wish, needed))
            return objection::missing_input;
    }
    if (!wish.refusal.empty() && by.flow.find_refusal(wish.refusal) == nullptr)
        return objection::unknown_refusal;
    if (!wish.duplicate_of.empty() && wish.duplicate_of == what.code)
        return objection::own_duplicate;
    const auto when = timing(by, what, *how, wish.by.role, now);
    if (when != objection::none)
        return when;
    if (is_too_long(wish.reason) || is_too_long(wish.message) || is_too_long(wish.unit) ||
        is_too_long(wish.agency) || what.course.size() >= course_limit)
        return objection::too_long;
    return objection::none;
}

changed apply(const rules& by, complaint what, const change& wish, utc_time now)
{
    const auto* const how = by.flow.find_transition(wish.transition);
    assert(how != nullptr && check(by, what, wish, now) == objection::none);
    const auto limit = how->limit.empty() ? std::nullopt : deadline(by, what, how->limit);
    history_entry entry{
        .at = now,
        .by = wish.by,
        .what = how->id,
        .from = what.state,
        .to = how->to,
        .reason = wish.reason,
        .message = wish.message,
        .value = value_of(wish),
        .late = limit && now > *limit};
    const bool was_over = class_of(by, what.state) != state_class::open;
    what.state = how->to;
    what.course.push_back({how->id, how->to, now});
    ++what.version;
    what.updated_at = now;
    if (!wish.message.empty())
        what.message = wish.message;
    if (!wish.unit.empty()) {
        if (wish.unit != what.unit)
            what.officer.clear();
        what.unit = wish.unit;
    }
    if (how->restarts && was_over) {
        what.rating = 0;
        what.agency.clear();
        what.refusal.clear();
        what.duplicate_of.clear();
    }
    if (!wish.agency.empty())
        what.agency = wish.agency;
    if (!wish.refusal.empty())
        what.refusal = wish.refusal;
    if (!wish.duplicate_of.empty())
        what.duplicate_of = wish.duplicate_of;
    return {std::move(what), std::move(entry)};
}

std::vector<const transition*>
legal_transitions(const rules& by, const complaint& what, role who, utc_time now)
{
    std::vector<const transition*> legal;
    for (const auto& one : by.flow.all().transitions) {
        if (contains(one.from, what.state) && contains(one.by, who) &&
            timing(by, what, one, who, now) == objection::none)
            legal.push_back(&one);
    }
    return legal;
}

changed file(const rules& by, complaint content, std::string code, utc_time now)
{
    const auto& all = by.flow.all();
    const auto filing = std::ranges::find_if(
        all.transitions, [](const transition& one) { return one.from.empty(); });
    const std::string how = filing == all.transitions.end() ? "file" : filing->id;
    content.code = std::move(code);
    content.version = 1;
    content.state = all.initial;
    content.course = {{how, all.initial, now}};
    content.updated_at = now;
    history_entry entry{
        .at = now,
        .by = {role::citizen, content.user_id},
        .what = how,
        .from = {},
        .to = all.initial,
        .reason = {},
        .message = {},
        .value = content.category};
    return {std::move(content), std::move(entry)};
}

bool may_rate(const rules& by, const complaint& what, utc_time now)
{
    const auto is = class_of(by, what.state);
    if (is != state_class::answered && is != state_class::ended)
        return false;
    // The window of objecting is the window of rating.
    return std::ranges::any_of(by.flow.all().transitions, [&](const transition& one) {
        if (one.within.empty() || !contains(one.by, role::citizen) ||
            !contains(one.from, what.state))
            return false;
        const auto end = deadline(by, what, one.within);
        return end && now <= *end;
    });
}

std::vector<timer> timers(const rules& by, const complaint& what)
{
    std::vector<timer> to_come;
    for (const auto& one : by.flow.all().reminders) {
        const auto* const limit = by.flow.find_limit(one.limit);
        const auto end = limit == nullptr || !contains(one.in, what.state)
                             ? std::nullopt
                             : end_of(by, what, *limit);
        if (!end)
            continue;
        auto mark = one.id + "@" + std::to_string(end->origin);
        if (contains(what.reminded, mark))
            continue;
        const int offset = one.half ? limit->days / 2 - limit->days : one.offset;
        const auto day = by.calendar.add_working_days(end->day, offset);
        const auto at = offset == 0 ? by.calendar.closing(day) : by.calendar.opening(day);
        to_come.push_back({.at = at, .reminder = &one, .mark = std::move(mark)});
    }
    for (const auto& one : by.flow.all().transitions) {
        if (one.after.empty() || !contains(one.from, what.state))
            continue;
        if (const auto end = deadline(by, what, one.after))
            to_come.push_back({.at = *end, .automatic = &one, .mark = {}});
    }
    std::ranges::stable_sort(to_come, {}, &timer::at);
    return to_come;
}

} // namespace motcua::complaints
