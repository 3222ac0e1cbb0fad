#include "own_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace motcua::complaints {
namespace {

constexpr std::array all_roles{role::citizen, role::officer, role::coordinator, role::system};

// The table of the specification, by hand: from, to, and the transition that may do it.
struct arrow
{
    std::string from;
    std::string to;
    std::string how;
    std::set<role> by;
};

const std::vector<arrow>& specified()
{
    using enum role;
    static const std::set<role> staff{officer, coordinator};
    static const std::vector<arrow> arrows{
        {"submitted", "processing", "accept", staff},
        {"submitted", "needs_more", "ask_more", staff},
        {"submitted", "forwarded", "forward", staff},
        {"submitted", "refused", "refuse", staff},
        {"submitted", "duplicate", "merge", staff},
        {"submitted", "hidden", "hide", staff},
        {"submitted", "withdrawn", "withdraw", {citizen}},
        {"needs_more", "supplemented", "supplement", {citizen}},
        {"needs_more", "closed", "give_up_waiting", {coordinator, system}},
        {"needs_more", "withdrawn", "withdraw", {citizen}},
        {"supplemented", "processing", "accept", staff},
        {"supplemented", "refused", "refuse", staff},
        {"supplemented", "forwarded", "forward", staff},
        {"supplemented", "withdrawn", "withdraw", {citizen}},
        {"processing", "answered", "answer", staff},
        {"processing", "needs_more", "ask_more_later", staff},
        {"processing", "forwarded", "forward_later", staff},
        {"processing", "processing", "transfer", staff},
        {"processing", "withdrawn", "withdraw", {citizen}},
        {"forwarded", "reopened", "reopen", {coordinator}},
        {"answered", "published", "publish", staff},
        {"answered", "reopened", "object", {citizen}},
        {"answered", "reopened", "reopen", {coordinator}},
        {"answered", "closed", "close", {coordinator, system}},
        {"published", "closed", "close", {coordinator, system}},
        {"published", "reopened", "object", {citizen}},
        {"published", "reopened", "reopen", {coordinator}},
        {"reopened", "answered", "answer", staff},
        {"reopened", "needs_more", "ask_more_later", staff},
        {"reopened", "forwarded", "forward_later", staff},
        {"reopened", "processing", "transfer", staff},
        {"reopened", "withdrawn", "withdraw", {citizen}},
        {"refused", "reopened", "reopen", {coordinator}},
        {"duplicate", "reopened", "reopen", {coordinator}},
        {"hidden", "reopened", "reopen", {coordinator}},
        {"closed", "reopened", "object", {citizen}},
        {"closed", "reopened", "reopen_closed", {coordinator}}};
    return arrows;
}

// A case in that state, which it entered on Monday 2 November 2026.
complaint in_state(const std::string& state, utc_time since = local(2026, 11, 2))
{
    auto made = file(own_rules(), {}, "PA-261102-0001X", since).next;
    made.unit = "Sở Tư pháp";
    const auto enter = [&](const std::string& how, const std::string& to) {
        made.course.push_back({how, to, since});
        made.state = to;
    };
    if (state == "closed" || state == "published")
        enter("answer", "answered");
    if (state != "submitted")
        enter("test", state);
    return made;
}

change full_wish(std::string how, role by)
{
    return {
        .transition = std::move(how),
        .by = {by, "somebody"},
        .reason = "vì sao",
        .message = "lời nhắn",
        .unit = "Sở Nội vụ",
        .agency = "Bộ Tư pháp",
        .duplicate_of = "PA-261101-0001X",
        .refusal = "unclear"};
}

const utc_time soon = local(2026, 11, 2, 10);

// A moment at which time stands in the way of nothing but the window.
utc_time moment_for(const transition& how, role by)
{
    return !how.after.empty() && by == role::system ? local(2026, 12, 31) : soon;
}

TEST(Workflow, EveryTransitionStateAndRoleIsAsSpecified)
{
    const auto& all = own_rules().flow.all();
    std::size_t legal = 0;
    for (const auto& how : all.transitions) {
        for (const auto& state : all.states) {
            for (const auto by : all_roles) {
                const auto now = moment_for(how, by);
                auto what = in_state(state.id);
                const auto end = check(own_rules(), what, full_wish(how.id, by), now);
                const auto found = std::ranges::find_if(specified(), [&](const arrow& one) {
                    return one.from == state.id && one.how == how.id;
                });
                const bool leads = found != specified().end() && found->to == how.to;
                const bool wanted = leads && found->by.contains(by);
                EXPECT_EQ(end == objection::none, wanted)
                    << how.id << " from " << state.id << " by " << name(by) << ": " << name(end);
                if (!wanted) {
                    EXPECT_EQ(end, leads ? objection::wrong_role : objection::wrong_state);
                    continue;
                }
                const auto made = apply(own_rules(), what, full_wish(how.id, by), now);
                EXPECT_EQ(made.next.state, how.to);
                ++legal;
            }
        }
    }
    std::size_t expected = 0;
    for (const auto& one : specified())
        expected += one.by.size();
    EXPECT_EQ(legal, expected);
}

TEST(Workflow, EveryArrowOfTheSpecificationHasATransition)
{
    for (const auto& one : specified()) {
        const auto* const how = own_rules().flow.find_transition(one.how);
        ASSERT_NE(how, nullptr) << one.how;
        EXPECT_EQ(how->to, one.to);
        EXPECT_NE(std::ranges::find(how->from, one.from), how->from.end()) << one.how;
    }
}

TEST(Workflow, EachNeededInputIsMissed)
{
    const auto without = [](change wish, input what) {
        switch (what) {
        case input::reason:
            wish.reason.clear();
            break;
        case input::message:
            wish.message.clear();
            break;
        case input::unit:
            wish.unit.clear();
            break;
        case input::agency:
            wish.agency.clear();
            break;
        case input::duplicate_of:
            wish.duplicate_of.clear();
            break;
        case input::refusal:
            wish.refusal.clear();
            break;
        }
        return wish;
    };
    for (const auto& how : own_rules().flow.all().transitions) {
        if (how.from.empty())
            continue;
        const auto what = in_state(how.from.front());
        const auto by = how.by.front();
        for (const auto needed : how.needs)
            EXPECT_EQ(
                check(
                    own_rules(), what, without(full_wish(how.id, by), needed), moment_for(how, by)),
                objection::missing_input)
                << how.id;
    }
}

TEST(Workflow, OtherWishesAreRefused)
{
    const auto what = in_state("submitted");
    const auto objects = [&](const change& wish) { return check(own_rules(), what, wish, soon); };
    EXPECT_EQ(objects(full_wish("nothing", role::officer)), objection::unknown_transition);
    auto wish = full_wish("refuse", role::officer);
    wish.refusal = "because";
    EXPECT_EQ(objects(wish), objection::unknown_refusal);
    wish = full_wish("merge", role::officer);
    wish.duplicate_of = what.code;
    EXPECT_EQ(objects(wish), objection::own_duplicate);
    wish = full_wish("accept", role::officer);
    wish.message = std::string(change_text_limit + 1, 'a');
    EXPECT_EQ(objects(wish), objection::too_long);
    auto endless = in_state("processing");
    while (endless.course.size() < course_limit)
        endless.course.push_back({"transfer", "processing", soon});
    EXPECT_EQ(
        check(own_rules(), endless, full_wish("transfer", role::officer), soon),
        objection::too_long);
}

TEST(Workflow, AChangeIsWrittenIntoCaseAndHistory)
{
    const auto before = in_state("submitted");
    auto wish = full_wish("accept", role::officer);
    wish.unit = "Sở Tư pháp";
    const auto [next, entry] = apply(own_rules(), before, wish, soon);
    EXPECT_EQ(next.state, "processing");
    EXPECT_EQ(next.unit, "Sở Tư pháp");
    EXPECT_EQ(next.version, before.version + 1);
    EXPECT_EQ(next.course.back(), (moment{"accept", "processing", soon}));
    EXPECT_EQ(entry.what, "accept");
    EXPECT_EQ(entry.from, "submitted");
    EXPECT_EQ(entry.to, "processing");
    EXPECT_EQ(entry.by.id, "somebody");
    EXPECT_FALSE(entry.late);
}

TEST(Workflow, AnotherUnitMeansAnotherOfficer)
{
    auto what = in_state("processing");
    what.officer = "an";
    EXPECT_EQ(
        apply(own_rules(), what, full_wish("transfer", role::officer), soon).next.officer, "");
}

// ---- limits

TEST(Limits, FifteenWorkingDaysFromSending)
{
    // Monday 2 November: day 1 is the 3rd, day 15 Monday the 23rd.
    const auto what = in_state("submitted");
    EXPECT_EQ(due_date(own_rules(), what), local(2026, 11, 23, 17));
    EXPECT_EQ(deadline(own_rules(), what, "accept"), local(2026, 11, 4, 17));
    EXPECT_EQ(deadline(own_rules(), what, "ask"), local(2026, 11, 9, 17));
    EXPECT_EQ(deadline(own_rules(), what, "nothing"), std::nullopt);
    EXPECT_EQ(deadline(own_rules(), what, "reopen"), std::nullopt) << "not answered yet";
}

TEST(Limits, FiledBeforeTetTheCaseIsDueAfterIt)
{
    // Wednesday 11 February 2026: 12, 13 | Tết | 23–27 | 2–6 | 9, 10, 11 March.
    EXPECT_EQ(
        due_date(own_rules(), in_state("submitted", local(2026, 2, 11))), local(2026, 3, 11, 17));
}

TEST(Limits, TheClockStandsStillWhileTheCitizenIsAsked)
{
    auto what = in_state("submitted");
    const auto step = [&](const char* how, role by, utc_time when) {
        ASSERT_EQ(check(own_rules(), what, full_wish(how, by), when), objection::none) << how;
        what = apply(own_rules(), what, full_wish(how, by), when).next;
    };
    step("ask_more", role::officer, local(2026, 11, 4, 15));
    EXPECT_EQ(due_date(own_rules(), what), std::nullopt);
    // Asked on Wednesday, answered on Tuesday: Thu, Fri, Mon, Tue do not count.
    step("supplement", role::citizen, local(2026, 11, 10, 8));
    EXPECT_EQ(due_date(own_rules(), what), local(2026, 11, 27, 17));
    // Asked and answered on one day: nothing moves.
    step("accept", role::officer, local(2026, 11, 11, 8));
    step("ask_more_later", role::officer, local(2026, 11, 11, 9));
    step("supplement", role::citizen, local(2026, 11, 11, 16));
    EXPECT_EQ(due_date(own_rules(), what), local(2026, 11, 27, 17));
}

TEST(Limits, ReopeningStartsTheClockAnew)
{
    auto what = in_state("processing");
    what = apply(own_rules(), what, full_wish("answer", role::officer), local(2026, 11, 10)).next;
    EXPECT_EQ(due_date(own_rules(), what), std::nullopt);
    what.rating = 2;
    what = apply(own_rules(), what, full_wish("object", role::citizen), local(2026, 11, 12)).next;
    // Thursday 12 November: Fri 13 is day 1, Thursday 3 December day 15.
    EXPECT_EQ(due_date(own_rules(), what), local(2026, 12, 3, 17));
    EXPECT_EQ(what.rating, 0);
}

TEST(Limits, TransferToAnotherUnitDoesNotMoveTheDueDate)
{
    auto what = in_state("processing");
    const auto due = due_date(own_rules(), what);
    what = apply(own_rules(), what, full_wish("transfer", role::officer), local(2026, 11, 12)).next;
    EXPECT_EQ(due_date(own_rules(), what), due);
}

TEST(Limits, LateIsLegalAndNoted)
{
    const auto what = in_state("submitted");
    const auto in_time = full_wish("refuse", role::officer);
    EXPECT_FALSE(apply(own_rules(), what, in_time, local(2026, 11, 4, 16)).entry.late);
    EXPECT_TRUE(apply(own_rules(), what, in_time, local(2026, 11, 4, 18)).entry.late);
}

TEST(Limits, AChangedCalendarMovesOpenCases)
{
    auto rules = own_rules();
    auto parts = rules.calendar.parts();
    parts.special[local_day{std::chrono::year{2026} / 11 / 10}] = {
        .worked = false, .name = "Nghỉ", .source = "Thông báo mới"};
    rules.calendar = working_calendar(parts);
    EXPECT_EQ(due_date(rules, in_state("submitted")), local(2026, 11, 24, 17));
}

TEST(Windows, ReopeningEndsWithTheFifthWorkingDay)
{
    for (const std::string state : {"answered", "published", "closed"}) {
        const auto what = in_state(state);
        const auto wish = full_wish("object", role::citizen);
        EXPECT_EQ(check(own_rules(), what, wish, local(2026, 11, 9, 17)), objection::none) << state;
        EXPECT_EQ(check(own_rules(), what, wish, local(2026, 11, 9, 17, 1)), objection::too_late);
        EXPECT_TRUE(may_rate(own_rules(), what, local(2026, 11, 9, 16)));
        EXPECT_FALSE(may_rate(own_rules(), what, local(2026, 11, 9, 18)));
    }
    EXPECT_FALSE(may_rate(own_rules(), in_state("processing"), soon));
    EXPECT_FALSE(may_rate(own_rules(), in_state("refused"), soon));
}

TEST(Windows, PublishingDoesNotLengthenTheWindow)
{
    auto what = in_state("answered");
    what = apply(own_rules(), what, full_wish("publish", role::officer), local(2026, 11, 6)).next;
    EXPECT_EQ(deadline(own_rules(), what, "reopen"), local(2026, 11, 9, 17));
}

TEST(Windows, SupplementsEndWithTheTenthWorkingDayAndThenTheSystemCloses)
{
    const auto what = in_state("needs_more");
    const auto citizen = full_wish("supplement", role::citizen);
    const auto machine = full_wish("give_up_waiting", role::system);
    EXPECT_EQ(check(own_rules(), what, citizen, local(2026, 11, 16, 17)), objection::none);
    EXPECT_EQ(check(own_rules(), what, citizen, local(2026, 11, 16, 18)), objection::too_late);
    EXPECT_EQ(check(own_rules(), what, machine, local(2026, 11, 16, 16)), objection::too_early);
    EXPECT_EQ(check(own_rules(), what, machine, local(2026, 11, 16, 17)), objection::none);
}

TEST(Buttons, AreTheLegalTransitions)
{
    const auto ids = [](const std::string& state, role who) {
        std::set<std::string> found;
        for (const auto* one : legal_transitions(own_rules(), in_state(state), who, soon))
            found.insert(one->id);
        return found;
    };
    EXPECT_EQ(
        ids("submitted", role::officer),
        (std::set<std::string>{"accept", "ask_more", "forward", "refuse", "merge", "hide"}));
    EXPECT_EQ(ids("needs_more", role::citizen), (std::set<std::string>{"supplement", "withdraw"}));
    EXPECT_EQ(ids("withdrawn", role::coordinator), std::set<std::string>{});
}

// ---- reminders

TEST(Timers, RemindAtAcceptanceHalfBeforeLateAndThenTheSuperior)
{
    auto what = in_state("submitted");
    std::map<std::string, utc_time> at;
    std::map<std::string, reminder::audience> to;
    for (const auto& one : timers(own_rules(), what)) {
        ASSERT_NE(one.reminder, nullptr);
        at[one.reminder->id] = one.at;
        to[one.reminder->id] = one.reminder->to;
    }
    EXPECT_EQ(at.size(), 5U);
    EXPECT_EQ(at["acceptance"], local(2026, 11, 3, 7, 30));
    EXPECT_EQ(at["half"], local(2026, 11, 11, 7, 30)); // day 7 of 15
    EXPECT_EQ(at["day_before"], local(2026, 11, 20, 7, 30));
    EXPECT_EQ(at["late"], local(2026, 11, 23, 17));
    EXPECT_EQ(at["escalation"], local(2026, 11, 24, 7, 30));
    EXPECT_EQ(to["escalation"], reminder::audience::superior);
    EXPECT_EQ(to["late"], reminder::audience::owner);
}

TEST(Timers, WhatWasGivenIsNotGivenAgainUntilTheClockStartsAnew)
{
    auto what = in_state("processing");
    const auto has_half = [](const complaint& one) {
        const auto all = timers(own_rules(), one);
        return std::ranges::any_of(all, [](const timer& each) {
            return each.reminder != nullptr && each.reminder->id == "half";
        });
    };
    for (const auto& one : timers(own_rules(), what))
        what.reminded.push_back(one.mark);
    EXPECT_TRUE(timers(own_rules(), what).empty());
    EXPECT_FALSE(has_half(what));
    what = apply(own_rules(), what, full_wish("answer", role::officer), local(2026, 11, 10)).next;
    what = apply(own_rules(), what, full_wish("object", role::citizen), local(2026, 11, 11)).next;
    EXPECT_TRUE(has_half(what));
}

TEST(Timers, TheSystemClosesWhatNobodyObjectsTo)
{
    const auto all = timers(own_rules(), in_state("answered"));
    ASSERT_EQ(all.size(), 1U);
    ASSERT_NE(all[0].automatic, nullptr);
    EXPECT_EQ(all[0].automatic->id, "close");
    EXPECT_EQ(all[0].at, local(2026, 11, 9, 17));
    EXPECT_TRUE(timers(own_rules(), in_state("closed")).empty());
    EXPECT_TRUE(timers(own_rules(), in_state("withdrawn")).empty());
}

TEST(Timers, TheCitizenIsRemindedBeforeTheSupplementWindowCloses)
{
    const auto all = timers(own_rules(), in_state("needs_more"));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].reminder->to, reminder::audience::citizen);
    EXPECT_EQ(all[0].at, local(2026, 11, 12, 7, 30));
    EXPECT_EQ(all[1].automatic->id, "give_up_waiting");
}

TEST(Refusals, AreTheReasonsOfTheDecree)
{
    EXPECT_EQ(own_rules().flow.all().refusals.size(), 8U);
    for (const auto& one : own_rules().flow.all().refusals)
        EXPECT_FALSE(one.citizen.empty()) << one.id;
}

} // namespace
} // namespace motcua::complaints
