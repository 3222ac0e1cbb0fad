#include <motcua/core/reach/complaint_figures.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace motcua::reach {
namespace {

using complaints::history_entry;
using complaints::state_class;

utc_time midnight(std::chrono::sys_days day)
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(day) - vietnam_offset;
}

// The case as it stood just before `when`; empty if it was not there yet.
std::optional<complaints::complaint> as_of(const complaints::complaint& value, utc_time when)
{
    if (value.course.empty() || value.course.front().at >= when)
        return std::nullopt;
    auto then = value;
    std::erase_if(then.course, [when](const auto& moment) { return moment.at >= when; });
    then.state = then.course.back().state;
    return then;
}

state_class class_of(const complaints::rules& by, std::string_view state)
{
    const auto* const found = by.flow.find_state(state);
    return found == nullptr ? state_class::ended : found->is;
}

bool is_open(state_class is)
{
    return is == state_class::open || is == state_class::waiting;
}

// The last entry into the state before `when`.
const history_entry*
last_entry(const std::vector<history_entry>& history, std::string_view to, utc_time when)
{
    const history_entry* found = nullptr;
    for (const auto& one : history)
        if (one.to == to && one.from != one.to && one.at < when)
            found = &one;
    return found;
}

class life_judge
{
public:
    life_judge(const complaint_life& life, const complaints::rules& by, const period& span)
        : life_(life), by_(by), from_(begin_of(span)), to_(end_of(span)),
          now_(as_of(life.value, to_))
    {
    }

    std::vector<std::string_view> judge()
    {
        if (!now_ || life_.value.test)
            return {};
        happened();
        if (!arrives())
            return std::move(names_);
        ends();
        return std::move(names_);
    }

private:
    void add(std::string_view name) { names_.push_back(name); }
    bool in_period(utc_time at) const { return from_ <= at && at < to_; }

    // What took place in the period, whatever the case's state.
    void happened()
    {
        const history_entry* rating = nullptr;
        bool reopened = false;
        const history_entry* first_answer = nullptr;
        for (const auto& one : life_.history) {
            if (one.to == "answered" && one.from != "answered" && first_answer == nullptr)
                first_answer = &one;
            if (!in_period(one.at))
                continue;
            reopened = reopened || (one.to == "reopened" && one.from != "reopened");
            if (one.what == "rate")
                rating = &one;
        }
        if (reopened)
            add("reopened");
        if (first_answer != nullptr && in_period(first_answer->at))
            add("first_answered");
        if (rating != nullptr) {
            add("rated");
            if (rating->value == "4" || rating->value == "5")
                add("rated_well");
        }
    }

    // How it came into the period; false if it had ended before.
    bool arrives()
    {
        const auto before = as_of(life_.value, from_);
        if (!before) {
            add("new");
            if (const auto& about = life_.value.about;
                about == "rule" || about == "conduct" || about == "both")
                add(about == "rule" ? "rule" : about == "conduct" ? "conduct" : "both");
            return true;
        }
        if (is_open(class_of(by_, before->state))) {
            add("carried");
            return true;
        }
        const bool back = std::ranges::any_of(now_->course, [this](const auto& moment) {
            return moment.state == "reopened" && in_period(moment.at);
        });
        if (back)
            add("back");
        return back;
    }

    void ends()
    {
        const auto is = class_of(by_, now_->state);
        const auto* const answer = last_entry(life_.history, "answered", to_);
        if (is == state_class::hidden)
            return add("hidden");
        if (is_open(is))
            return ends_open();
        if (now_->state == "refused" || now_->state == "forwarded") {
            add(now_->state == "refused" ? "refused" : "forwarded");
            const auto* const entry = last_entry(life_.history, now_->state, to_);
            return judge_punctuality(entry != nullptr && entry->late);
        }
        if (is != state_class::answered && (now_->state != "closed" || answer == nullptr))
            return add("other_ended");
        ends_answered(answer != nullptr && answer->late);
    }

    void ends_open()
    {
        const auto due = due_date(by_, *now_);
        if (class_of(by_, now_->state) == state_class::waiting)
            return add("open_in_time"); // the clock stands still
        if (!due)
            return add("undated");
        const bool late = *due < to_;
        add(late ? "open_late" : "open_in_time");
        if (late)
            add("to_judge");
    }

    void ends_answered(bool late)
    {
        add("answered");
        add(late ? "answered_late" : "answered_in_time");
        judge_punctuality(late);
        if (std::ranges::any_of(
                now_->course, [](const auto& moment) { return moment.state == "published"; }))
            add("published");
        const bool reopened = std::ranges::any_of(
            now_->course, [](const auto& moment) { return moment.state == "reopened"; });
        bool disliked = false;
        for (const auto& one : life_.history)
            if (one.what == "rate" && one.at < to_)
                disliked = one.value == "1" || one.value == "2";
        if (!late && !reopened && !disliked)
            add("satisfied");
    }

    void judge_punctuality(bool late)
    {
        add("to_judge");
        if (!late)
            add("done_in_time");
    }

    const complaint_life& life_;
    const complaints::rules& by_;
    utc_time from_;
    utc_time to_;
    std::optional<complaints::complaint> now_; // at the end of the period
    std::vector<std::string_view> names_;
};

void count(complaint_tally& into, const std::vector<std::string_view>& names)
{
    for (const auto name : names)
        ++into.counts[std::string(name)];
}

} // namespace

utc_time begin_of(const period& span)
{
    return midnight(std::chrono::sys_days(span.from));
}

utc_time end_of(const period& span)
{
    return midnight(std::chrono::sys_days(span.to) + std::chrono::days(1));
}

std::int64_t complaint_tally::count(std::string_view figure) const
{
    const auto found = counts.find(figure);
    return found == counts.end() ? 0 : found->second;
}

std::vector<std::string_view>
figures_of(const complaint_life& life, const complaints::rules& by, const period& span)
{
    return life_judge(life, by, span).judge();
}

complaint_figures count_complaints(
    const std::vector<complaint_life>& lives, const complaints::rules& by, const period& span)
{
    complaint_figures all;
    for (const auto& life : lives) {
        const auto names = figures_of(life, by, span);
        if (names.empty())
            continue;
        auto& category = all.by_category[life.value.category];
        count(all.all, names);
        count(category, names);
        if (std::ranges::find(names, "first_answered") == names.end())
            continue;
        const auto answer = std::ranges::find_if(
            life.history, [](const auto& one) { return one.to == "answered"; });
        const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(
                                 answer->at - life.value.course.front().at)
                                 .count();
        ++all.all.answer_minutes[minutes];
        ++category.answer_minutes[minutes];
    }
    return all;
}

} // namespace motcua::reach
