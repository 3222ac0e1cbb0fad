#include "connection.hpp"
#include "statements.hpp"

#include <SQLiteCpp/Transaction.h>
#include <motcua/adapters/sqlite/complaint_recount.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace motcua::sqlite {
namespace {

using complaints::state_class;

constexpr std::int64_t ms_of_day = 86'400'000;
constexpr std::int64_t ms_of_minute = 60'000;
constexpr std::int64_t ms_ahead = 25'200'000; // Asia/Ho_Chi_Minh

struct history_line
{
    std::int64_t at = 0;
    std::string what;
    std::string from;
    std::string to;
    std::string value;
    bool late = false;

    bool moves() const { return from != to; }
};

struct case_history
{
    std::string category;
    std::string about;
    std::vector<history_line> lines;
};

std::int64_t day_at(std::int64_t at)
{
    return (at + ms_ahead) / ms_of_day; // nothing is from before 1970
}

// Days since 1970; the first was a Thursday.
class workdays
{
public:
    explicit workdays(const complaints::calendar_parts& parts) : parts_(parts) {}

    bool is_worked(std::int64_t day) const
    {
        const complaints::local_day key{std::chrono::days(day)};
        if (const auto special = parts_.special.find(key); special != parts_.special.end())
            return special->second.worked;
        constexpr std::int64_t thursday = 3;
        return (day + thursday) % 7 < 5;
    }
    std::int64_t between(std::int64_t after, std::int64_t up_to) const
    {
        std::int64_t worked = 0;
        for (auto day = up_to; day > after; --day)
            worked += is_worked(day) ? 1 : 0;
        return worked;
    }
    // The moment office ends on the n-th worked day after the day.
    std::int64_t end_of(std::int64_t day, std::int64_t count) const
    {
        while (count > 0)
            count -= is_worked(++day) ? 1 : 0;
        return day * ms_of_day + parts_.closes.count() * ms_of_minute - ms_ahead;
    }

private:
    const complaints::calendar_parts& parts_;
};

class recounting
{
public:
    recounting(const complaints::rules& by, const reach::period& span)
        : by_(by), workdays_(by.calendar.parts()),
          from_(std::chrono::sys_days(span.from).time_since_epoch().count() * ms_of_day - ms_ahead),
          to_((std::chrono::sys_days(span.to).time_since_epoch().count() + 1) * ms_of_day -
              ms_ahead)
    {
    }

    void count(const case_history& one)
    {
        if (one.lines.empty() || one.lines.front().at >= to_)
            return;
        one_ = &one;
        figures_.clear();
        const auto answered_after = count_happenings();
        if (arrives())
            count_end();
        if (figures_.empty())
            return;
        auto& category = found_.by_category[one.category];
        for (auto* tally : {&found_.all, &category}) {
            for (const auto* name : figures_)
                ++tally->counts[name];
            if (answered_after)
                ++tally->answer_minutes[*answered_after];
        }
    }

    reach::complaint_figures end() && { return std::move(found_); }

private:
    void is(const char* name) { figures_.push_back(name); }
    bool within(std::int64_t at) const { return at >= from_ && at < to_; }

    state_class class_of(const std::string& state) const
    {
        for (const auto& one : by_.flow.all().states)
            if (one.id == state)
                return one.is;
        return state_class::ended;
    }
    bool is_running(const std::string& state) const
    {
        return class_of(state) == state_class::open || class_of(state) == state_class::waiting;
    }
    std::string state_before(std::int64_t when) const
    {
        std::string state;
        for (const auto& one : one_->lines)
            if (one.at < when && one.moves())
                state = one.to;
        return state;
    }
    const history_line* last(std::string_view to) const
    {
        const history_line* found = nullptr;
        for (const auto& one : one_->lines)
            if (one.moves() && one.to == to && one.at < to_)
                found = &one;
        return found;
    }

    // What took place within the period. The minutes to the first answer, if it came in it.
    std::optional<std::int64_t> count_happenings()
    {
        const history_line* rated = nullptr;
        const history_line* answered = nullptr;
        bool reopened = false;
        for (const auto& one : one_->lines) {
            if (one.moves() && one.to == "answered" && answered == nullptr)
                answered = &one;
            if (within(one.at) && one.what == "rate")
                rated = &one;
            reopened = reopened || (within(one.at) && one.moves() && one.to == "reopened");
        }
        if (reopened)
            is("reopened");
        if (rated != nullptr)
            is("rated");
        if (rated != nullptr && rated->value >= "4")
            is("rated_well");
        if (answered == nullptr || !within(answered->at))
            return std::nullopt;
        is("first_answered");
        return (answered->at - one_->lines.front().at) / ms_of_minute;
    }

    bool arrives()
    {
        if (within(one_->lines.front().at)) {
            is("new");
            for (const auto* subject : {"rule", "conduct", "both"})
                if (one_->about == subject)
                    is(subject);
            return true;
        }
        if (is_running(state_before(from_))) {
            is("carried");
            return true;
        }
        for (const auto& one : one_->lines) {
            if (one.moves() && one.to == "reopened" && within(one.at)) {
                is("back");
                return true;
            }
        }
        return false;
    }

    void count_end()
    {
        const auto state = state_before(to_);
        switch (class_of(state)) {
        case state_class::hidden:
            return is("hidden");
        case state_class::waiting:
            return is("open_in_time");
        case state_class::open:
            return count_running();
        case state_class::answered:
            return count_answered(last("answered"));
        case state_class::ended:
            break;
        }
        if (state == "refused" || state == "forwarded") {
            is(state == "refused" ? "refused" : "forwarded");
            is("to_judge");
            if (!last(state)->late)
                is("done_in_time");
            return;
        }
        const auto* const answer = last("answered");
        if (state == "closed" && answer != nullptr)
            return count_answered(answer);
        is("other_ended");
    }

    void count_running()
    {
        const auto due = due_of();
        if (!due)
            return is("undated");
        is(*due < to_ ? "open_late" : "open_in_time");
        if (*due < to_)
            is("to_judge");
    }

    void count_answered(const history_line* answer)
    {
        const bool late = answer != nullptr && answer->late;
        is("answered");
        is(late ? "answered_late" : "answered_in_time");
        is("to_judge");
        if (!late)
            is("done_in_time");
        if (last("published") != nullptr)
            is("published");
        std::string rating;
        for (const auto& one : one_->lines)
            if (one.what == "rate" && one.at < to_)
                rating = one.value;
        if (!late && last("reopened") == nullptr && rating != "1" && rating != "2")
            is("satisfied");
    }

    bool starts_clock(const history_line& one) const
    {
        for (const auto& step : by_.flow.all().transitions)
            if (step.id == one.what)
                return step.restarts || step.from.empty();
        return false;
    }

    // When the case that runs at the end of the period has to be answered. Days on which the clock
    // stood still are given on top.
    std::optional<std::int64_t> due_of() const
    {
        const complaints::time_limit* limit = nullptr;
        for (const auto& one : by_.flow.all().limits)
            if (one.id == by_.flow.all().answer_limit)
                limit = &one;
        if (limit == nullptr)
            return std::nullopt;
        using origin = complaints::time_limit::origin;
        const history_line* begin = limit->from == origin::answer ? nullptr : &one_->lines.front();
        std::int64_t days = limit->days;
        const history_line* before = nullptr;
        for (const auto& one : one_->lines) {
            if (one.at >= to_ || (!one.moves() && !is_step(one)))
                continue;
            const bool was_answered =
                before != nullptr && class_of(before->to) == state_class::answered;
            const bool begins = (limit->from == origin::clock && starts_clock(one)) ||
                                limit->from == origin::state ||
                                (limit->from == origin::answer && !was_answered &&
                                 class_of(one.to) == state_class::answered);
            const bool paused = limit->from == origin::clock && before != nullptr &&
                                class_of(before->to) == state_class::waiting;
            if (begins) {
                begin = &one;
                days = limit->days;
            } else if (paused) {
                days += workdays_.between(day_at(before->at), day_at(one.at));
            }
            before = &one;
        }
        return begin == nullptr ? std::nullopt
                                : std::optional(workdays_.end_of(day_at(begin->at), days));
    }
    // A step that leads back to where it began, such as to another unit.
    bool is_step(const history_line& one) const
    {
        return std::ranges::any_of(by_.flow.all().transitions, [&one](const auto& step) {
            return step.id == one.what && step.to == one.to;
        });
    }

    const complaints::rules& by_;
    workdays workdays_;
    std::int64_t from_;
    std::int64_t to_;
    const case_history* one_ = nullptr;
    std::vector<const char*> figures_; // of that one
    reach::complaint_figures found_;
};

} // namespace

reach::complaint_figures recount_complaints(
    const std::filesystem::path& file, const complaints::rules& by, const reach::period& span)
{
    try {
        auto connection = open_reading_connection(file);
        if (schema_version(connection) != newest_schema_version())
            throw std::runtime_error(file.string() + ": not a database of this program's version");
        recounting now(by, span);
        statement rows(
            connection,
            "SELECT h.complaint_id, h.at_ms, h.what, h.from_state, h.to_state, h.value, h.late, "
            "c.category, json_extract(c.record, '$.about') "
            "FROM complaint_history AS h JOIN complaints AS c ON c.id = h.complaint_id "
            "WHERE c.test = 0 ORDER BY h.complaint_id, h.id");
        case_history one;
        std::int64_t of = 0;
        for (use row(rows); row.next();) {
            if (row.integer(0) != of) {
                now.count(one);
                of = row.integer(0);
                one = {.category = row.text(7), .about = row.text(8)};
            }
            one.lines.push_back(
                {.at = row.integer(1),
                 .what = row.text(2),
                 .from = row.text(3),
                 .to = row.text(4),
                 .value = row.text(5),
                 .late = row.integer(6) != 0});
        }
        now.count(one);
        return std::move(now).end();
    } catch (const SQLite::Exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
}

} // namespace motcua::sqlite
