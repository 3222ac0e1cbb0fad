#include <gtest/gtest.h>
#include <motcua/core/dialogue/handover.hpp>
#include <motcua/core/dialogue/step.hpp>

#include <algorithm>
#include <string>
#include <vector>

// Who answers: the machine, a person, or nobody yet; and what else comes in besides text.
namespace motcua::dialogue {
namespace {

using namespace std::chrono_literals;
using reach::contact_kind;
using understand::decision;

// A Monday, 10:00 in Vietnam.
const utc_time monday = std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + 3h;

knowledge sample_knowledge()
{
    std::map<std::string, std::string, std::less<>> sentences;
    for (const auto key : phrases::required_keys())
        sentences[std::string(key)] = "<" + std::string(key) + ">";
    sentences["agent_closed"] = "<agent_closed> {{hours}}";
    sentences["media_received"] = "<media_received> {{what}}";
    knowledge known;
    known.say = phrases(std::move(sentences));
    known.main_menu = {{"Tra cứu", "#fields"}, {"Gặp cán bộ", "#agent"}};
    known.commands = {
        {"menu", {"menu", "#menu"}},
        {"gap can bo", {"gặp cán bộ", "#agent"}},
        {"thoi", {"thôi", "#cancel"}},
        {"xoa du lieu cua toi", {"xóa dữ liệu của tôi", "#erase"}}};
    known.answers["emergency"] = {"Gọi 113, 114, 115.", {}, "answered"};
    known.answers["thanks"] = {"Không có chi.", {}, "greeting"};
    known.duty.words = "sáng thứ Hai đến thứ Sáu";
    known.duty.spans = {{std::chrono::Monday, std::chrono::Friday, 7h + 30min, 11h + 30min}};
    return known;
}

const knowledge known = sample_knowledge();

understand::understood heard_as(std::string intent, decision sure)
{
    understand::understood heard;
    heard.intents = {{std::move(intent), sure == decision::answer ? 0.95 : 0.5}};
    heard.intent_verdict = sure;
    return heard;
}
const auto nothing = heard_as(std::string(understand::out_of_scope), decision::none);

inbound_event event_of(event_kind kind, std::string text = {}, utc_time at = monday)
{
    inbound_event event;
    event.kind = kind;
    event.user_id = "u1";
    event.text = std::move(text);
    event.at = at;
    return event;
}

step_outcome says(
    conversation before,
    std::string text,
    const understand::understood& heard = nothing,
    utc_time now = monday)
{
    return step(
        std::move(before), event_of(event_kind::text, std::move(text), now), heard, known, now);
}

step_outcome officer_writes(conversation before, utc_time at = monday, utc_time now = monday)
{
    auto echo = event_of(event_kind::echo, "Chào anh", at);
    echo.admin_id = "7300000000000000001";
    return step(std::move(before), echo, {}, known, now);
}

bool heard_words(const step_outcome& outcome, std::string_view words)
{
    return std::ranges::any_of(outcome.messages, [words](const outgoing_message& one) {
        return one.text.find(words) != std::string::npos;
    });
}

// --- a person answers

TEST(Handover, APersonWhoWroteSilencesTheMachine)
{
    const auto taken = officer_writes({});
    EXPECT_FALSE(taken.reached);
    EXPECT_TRUE(taken.messages.empty());
    EXPECT_EQ(attended_by(taken.next, monday), attention::person);
    const auto thanks = heard_as("thanks", decision::answer);
    const auto during = says(taken.next, "cảm ơn", thanks, monday + 29min);
    EXPECT_TRUE(during.messages.empty());
    EXPECT_EQ(during.reached->outcome, reach::outcome::handed_over);
    const auto after = says(taken.next, "cảm ơn", thanks, monday + 30min);
    EXPECT_TRUE(heard_words(after, "Không có chi"));
    EXPECT_EQ(after.next.silent_until, utc_time{});
}

TEST(Handover, EveryMessageOfThePersonProlongsTheSilence)
{
    auto now = officer_writes({});
    now = officer_writes(now.next, monday + 20min, monday + 20min);
    EXPECT_EQ(attended_by(now.next, monday + 49min), attention::person);
    now = officer_writes(now.next, monday + 10min, monday + 21min);
    EXPECT_EQ(now.next.silent_until, monday + 50min) << "an echo that comes late shortens nothing";
}

TEST(Handover, AnEchoThatComesTooLateSilencesNothing)
{
    const auto late = officer_writes({}, monday, monday + 31min);
    EXPECT_EQ(attended_by(late.next, monday + 31min), attention::machine);
}

TEST(Handover, NumbersAndShortWordsAreMeantForThePerson)
{
    const auto menu = says({}, "menu");
    ASSERT_FALSE(menu.next.choices.empty());
    const auto taken = officer_writes(menu.next);
    for (const std::string text : {"1", "số 1", "thôi", "Gặp cán bộ", "không"}) {
        const auto outcome = says(taken.next, text);
        EXPECT_TRUE(outcome.messages.empty()) << text;
        EXPECT_EQ(outcome.reached->outcome, reach::outcome::handed_over) << text;
    }
}

TEST(Handover, AButtonIsAnsweredAndThePersonStays)
{
    const auto taken = officer_writes({});
    const auto tapped = says(taken.next, "#answer:thanks");
    EXPECT_TRUE(heard_words(tapped, "Không có chi"));
    EXPECT_EQ(attended_by(tapped.next, monday), attention::person);
}

TEST(Handover, TheMenuBringsTheMachineBack)
{
    const auto taken = officer_writes({});
    for (const std::string text : {"menu", "#menu"}) {
        const auto back = says(taken.next, text);
        EXPECT_TRUE(heard_words(back, "<menu>")) << text;
        EXPECT_EQ(attended_by(back.next, monday), attention::machine) << text;
    }
}

TEST(Handover, DangerToLifeIsAnsweredEvenThen)
{
    const auto taken = officer_writes({});
    for (const auto sure : {decision::answer, decision::ask}) {
        const auto outcome = says(taken.next, "cháy nhà", heard_as("emergency", sure));
        EXPECT_TRUE(heard_words(outcome, "113"));
        EXPECT_EQ(attended_by(outcome.next, monday), attention::person);
    }
    EXPECT_TRUE(says(taken.next, "cháy", heard_as("emergency", decision::none)).messages.empty());
}

TEST(Handover, ErasureIsHeardAndConfirmedEvenThen)
{
    const auto taken = officer_writes({});
    const auto asked = says(taken.next, "xóa dữ liệu của tôi");
    EXPECT_TRUE(heard_words(asked, "<erase_confirm>"));
    EXPECT_TRUE(says(asked.next, "1").erase);
    EXPECT_FALSE(says(officer_writes(asked.next).next, "1").erase)
        << "what the machine asked is forgotten once the person speaks";
    const auto other_words = says(asked.next, "em chờ nhé");
    EXPECT_FALSE(says(other_words.next, "1").erase);
}

TEST(Handover, PhotosAndPlacesAreForThePerson)
{
    const auto taken = officer_writes({});
    for (const auto kind : {event_kind::media, event_kind::location}) {
        auto event = event_of(kind);
        event.attachments.emplace_back().type = "image";
        const auto outcome = step(taken.next, event, {}, known, monday);
        EXPECT_TRUE(outcome.messages.empty());
        EXPECT_EQ(outcome.reached->outcome, reach::outcome::handed_over);
    }
}

TEST(Handover, TheDeskTakesOverAndHandsBack)
{
    conversation now = says({}, "menu").next;
    take_over(now, monday + 2h);
    EXPECT_EQ(attended_by(now, monday + 119min), attention::person);
    EXPECT_TRUE(now.choices.empty());
    hand_back(now);
    EXPECT_EQ(attended_by(now, monday), attention::machine);
}

// --- a person is waited for

TEST(Handover, WhoAsksForAPersonWaitsAndMayAskTheMachine)
{
    const auto asked = says({}, "gặp cán bộ");
    EXPECT_TRUE(heard_words(asked, "<agent>"));
    EXPECT_EQ(asked.reached->outcome, reach::outcome::handed_over);
    EXPECT_EQ(attended_by(asked.next, monday), attention::waiting);
    const auto known_question = says(asked.next, "cảm ơn", heard_as("thanks", decision::answer));
    EXPECT_TRUE(heard_words(known_question, "Không có chi"));
    EXPECT_EQ(attended_by(known_question.next, monday), attention::waiting);
}

TEST(Handover, WhatTheMachineDoesNotUnderstandIsNotedForThePerson)
{
    const auto asked = says({}, "gặp cán bộ");
    const auto first = says(asked.next, "nhà tôi ở cạnh con kênh");
    EXPECT_TRUE(heard_words(first, "<agent_noted>"));
    EXPECT_EQ(first.reached->outcome, reach::outcome::handed_over);
    const auto second = says(first.next, "họ lấp mất rồi");
    EXPECT_TRUE(second.messages.empty()) << "thanked for once";
    EXPECT_EQ(second.reached->outcome, reach::outcome::handed_over);
}

TEST(Handover, OutsideTheHoursOfDutyTheHoursAreSaid)
{
    const auto night = monday + 12h;
    const auto asked = says({}, "gặp cán bộ", nothing, night);
    EXPECT_TRUE(heard_words(asked, "<agent_closed> sáng thứ Hai đến thứ Sáu"));
    EXPECT_EQ(attended_by(asked.next, night), attention::waiting);
    auto unknown_hours = sample_knowledge();
    unknown_hours.duty = {};
    const auto other =
        step({}, event_of(event_kind::text, "#agent", night), {}, unknown_hours, night);
    EXPECT_TRUE(heard_words(other, "<agent>"));
}

TEST(Handover, TheAnswerOfThePersonEndsTheWait)
{
    const auto answered = officer_writes(says({}, "gặp cán bộ").next);
    EXPECT_EQ(answered.next.waiting_since, utc_time{});
    EXPECT_EQ(attended_by(answered.next, monday + 31min), attention::machine);
}

TEST(Handover, TheWaitEndsByWordOrWithTheWindow)
{
    const auto asked = says({}, "gặp cán bộ");
    EXPECT_EQ(attended_by(says(asked.next, "thôi").next, monday), attention::machine);
    const auto later = says(asked.next, "menu", nothing, monday + waiting_limit);
    EXPECT_EQ(later.next.waiting_since, utc_time{});
}

struct duty_case
{
    std::string name;
    int day; // of November 2026; 22 is a Sunday
    std::chrono::minutes clock;
    bool covered;
};

class DutyHours : public testing::TestWithParam<duty_case>
{
};

TEST_P(DutyHours, AreVietnamsTime)
{
    const auto& [name, day, clock, covered] = GetParam();
    duty_hours hours;
    hours.spans = {
        {std::chrono::Monday, std::chrono::Friday, 7h + 30min, 11h + 30min},
        {std::chrono::Saturday, std::chrono::Sunday, 8h, 9h}};
    const utc_time local = std::chrono::sys_days{std::chrono::year{2026} / 11 / day} + clock;
    EXPECT_EQ(hours.covers(local - vietnam_offset), covered);
}

INSTANTIATE_TEST_SUITE_P(
    Cases,
    DutyHours,
    testing::Values(
        duty_case{"BeforeTheFirst", 23, 7h + 29min, false},
        duty_case{"AtTheFirst", 23, 7h + 30min, true},
        duty_case{"BeforeTheEnd", 27, 11h + 29min, true},
        duty_case{"AtTheEnd", 27, 11h + 30min, false},
        duty_case{"OnSaturday", 28, 8h, true},
        duty_case{"OnSunday", 22, 8h + 59min, true},
        duty_case{"OnSundayLater", 22, 10h, false},
        duty_case{"AtMidnight", 24, 0h, false}),
    [](const testing::TestParamInfo<duty_case>& one) { return one.param.name; });

// --- what comes in besides text

TEST(Media, AStickerNeedsNoAnswerAPhotoIsAskedAbout)
{
    auto event = event_of(event_kind::media);
    event.attachments.emplace_back().type = "sticker";
    EXPECT_TRUE(step({}, event, {}, known, monday).messages.empty());
    event.attachments.front().type = "image";
    const auto asked = step({}, event, {}, known, monday);
    EXPECT_TRUE(heard_words(asked, "<media_received> <media.image>"));
    EXPECT_TRUE(heard_words(asked, "<complaint_title>"));
    event.attachments.front().type = "audio";
    EXPECT_TRUE(heard_words(step({}, event, {}, known, monday), "<media.audio>"));
    event.attachments.front().type = "link";
    EXPECT_TRUE(heard_words(step({}, event, {}, known, monday), "<media.other>"));
}

TEST(Media, AnAlbumIsAskedAboutOnce)
{
    auto event = event_of(event_kind::media);
    event.attachments.emplace_back().type = "image";
    const auto first = step({}, event, {}, known, monday);
    const auto second = step(first.next, event, {}, known, monday + 2s);
    EXPECT_TRUE(second.messages.empty());
    EXPECT_EQ(second.reached->kind, contact_kind::media);
    EXPECT_FALSE(step(second.next, event, {}, known, monday + 5min).messages.empty());
}

TEST(Media, ACaptionThatAsksIsAnswered)
{
    auto event = event_of(event_kind::media, "cảm ơn nhé");
    event.attachments.emplace_back().type = "image";
    EXPECT_TRUE(needs_understanding(event));
    const auto outcome = step({}, event, heard_as("thanks", decision::answer), known, monday);
    EXPECT_TRUE(heard_words(outcome, "Không có chi"));
    EXPECT_EQ(outcome.reached->kind, contact_kind::media);
    EXPECT_TRUE(heard_words(step({}, event, nothing, known, monday), "<media_received>"));
    event.event_name = "user_send_business_card";
    EXPECT_FALSE(needs_understanding(event)) << "a name is no question";
}

TEST(Follow, IsWelcomedOnceWithTheMenu)
{
    const auto follow = event_of(event_kind::follow);
    const auto first = step({}, follow, {}, known, monday);
    EXPECT_TRUE(heard_words(first, "<welcome>"));
    EXPECT_FALSE(first.next.choices.empty());
    EXPECT_EQ(first.reached->kind, contact_kind::follow);
    const auto gone = step(first.next, event_of(event_kind::unfollow), {}, known, monday + 1min);
    EXPECT_TRUE(gone.messages.empty());
    for (const auto kind : {event_kind::follow, event_kind::click_chat_now}) {
        const auto again = step(gone.next, event_of(kind), {}, known, monday + 2min);
        EXPECT_TRUE(again.messages.empty());
        EXPECT_EQ(again.reached->outcome, reach::outcome::silent);
    }
    EXPECT_FALSE(step(gone.next, follow, {}, known, monday + 10min).messages.empty());
}

TEST(Follow, TheChatButtonIsWelcomedToo)
{
    const auto outcome = step({}, event_of(event_kind::click_chat_now), {}, known, monday);
    EXPECT_TRUE(heard_words(outcome, "<welcome>"));
}

TEST(SubmittedInfo, IsNotKeptIfNoFormWaitsForIt)
{
    auto event = event_of(event_kind::submit_info);
    event.info = submitted_info{"Nguyễn Văn An", "84900000123", "Phường Mẫu"};
    const auto heard = step({}, event, {}, known, monday);
    EXPECT_TRUE(heard.messages.empty());
    conversation untouched;
    untouched.last_at = heard.next.last_at;
    EXPECT_EQ(heard.next, untouched);
    const auto notice = says(heard.next, "Bạn đã gởi thông tin cho OA");
    EXPECT_TRUE(notice.messages.empty()) << "Zalo's own words beside the form";
}

TEST(Reaction, IsFeedback)
{
    auto event = event_of(event_kind::reaction);
    event.reaction = "/-heart";
    const auto kept = step({}, event, {}, known, monday);
    EXPECT_TRUE(kept.messages.empty());
    EXPECT_EQ(kept.reached->intent, "feedback");
    EXPECT_EQ(kept.reached->aspect, "/-heart");
    event.reaction = "<script>";
    EXPECT_EQ(step({}, event, {}, known, monday).reached->aspect, "other");
}

} // namespace
} // namespace motcua::dialogue
