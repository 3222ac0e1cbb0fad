#include <gtest/gtest.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/core/dialogue/complaint_notice.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/dialogue/step.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

// Bounds and odd turns of the intake, with understanding given by hand; whole conversations are in
// tests/complaint_conversations.
namespace motcua::dialogue {
namespace {

using namespace std::chrono_literals;
using understand::decision;

// Monday 2 November 2026, 9:00 in Vietnam.
const utc_time morning = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 2h;

knowledge shipped_knowledge()
{
    const std::filesystem::path source = MOTCUA_SOURCE_DIR;
    return std::move(content::read_knowledge(source / "intents", source / "data").known);
}

const knowledge known = shipped_knowledge();

understand::understood heard_as(std::string intent, decision sure)
{
    understand::understood heard;
    heard.intents = {{std::move(intent), 0.95}};
    heard.intent_verdict = sure;
    return heard;
}

const auto unclear = heard_as("greeting", decision::none);

inbound_event event_of(event_kind kind, std::string text)
{
    inbound_event event;
    event.kind = kind;
    event.user_id = "u1";
    event.message_id = "m1";
    event.text = std::move(text);
    event.at = morning;
    return event;
}

step_outcome
say(const conversation& before,
    const std::string& text,
    const understand::understood& heard = unclear,
    const std::vector<complaints::complaint>& filed = {},
    const knowledge& with = known)
{
    return step(before, event_of(event_kind::text, text), heard, with, morning, filed);
}

conversation writing(draft_stage at)
{
    conversation now;
    now.draft.at = at;
    now.draft.touched_at = morning;
    now.draft.consented_at = morning;
    now.draft.notice_version = "1";
    now.draft.category = "delay";
    now.draft.from = {
        .anonymous = false, .name = "Lê Văn Mẫu", .phone = "0912345678", .address = "khu phố 3"};
    if (at != draft_stage::consent)
        now.draft.content.texts = {"Trễ hẹn hai tuần"};
    return now;
}

bool says(const step_outcome& outcome, std::string_view words)
{
    return std::ranges::any_of(outcome.messages, [words](const outgoing_message& one) {
        return one.text.find(words) != std::string::npos;
    });
}

complaints::complaint filed_case(const std::string& code, utc_time when = morning)
{
    complaints::complaint content;
    content.user_id = "u1";
    content.content = "Cán bộ hách dịch";
    return complaints::file(known.complaints, content, code, when).next;
}

TEST(ComplaintFlow, TheNumberOfMessagesIsBounded)
{
    auto now = writing(draft_stage::content);
    const auto most = static_cast<std::size_t>(known.complaints.intake.messages);
    for (std::size_t i = 0; i < most + 5; ++i)
        now = say(now, "thêm một ý " + std::to_string(i + 100)).next;
    EXPECT_EQ(now.draft.content.texts.size(), most);
    EXPECT_TRUE(says(say(now, "nữa"), "đủ dài"));
}

TEST(ComplaintFlow, TheLengthIsBounded)
{
    auto now = writing(draft_stage::content);
    for (int i = 0; i < 10; ++i)
        now = say(now, std::string(1900, 'a')).next;
    std::size_t length = 0;
    for (const auto& text : now.draft.content.texts)
        length += text::code_points(text);
    EXPECT_LE(length, static_cast<std::size_t>(known.complaints.intake.characters));
}

TEST(ComplaintFlow, AttachmentsAreBoundedAndKeepTheirPlaceInTheEvent)
{
    auto event = event_of(event_kind::media, "");
    event.attachments.resize(9);
    for (auto& one : event.attachments)
        one.type = "image";
    event.attachments[0].type = "sticker";
    const auto outcome = step(writing(draft_stage::content), event, {}, known, morning);
    const auto& kept = outcome.next.draft.content.attachments;
    ASSERT_EQ(kept.size(), static_cast<std::size_t>(known.complaints.intake.attachments));
    EXPECT_EQ(kept[0].index, 1);
    EXPECT_EQ(kept[0].message_id, "m1");
    EXPECT_TRUE(says(outcome, "nhiều nhất 5"));
}

TEST(ComplaintFlow, ZalosFormIsOfferedBesideTypingWhereTheAccountMayUseIt)
{
    auto with = shipped_knowledge();
    auto before = writing(draft_stage::place);
    before.draft.from = {};
    const auto plain = say(before, "xã Long Thành Bắc");
    ASSERT_EQ(plain.messages.size(), 1U) << "not configured";
    with.complaints.intake.contact_form_image = "https://image.example/form.png";
    const auto asked = say(before, "xã Long Thành Bắc", unclear, {}, with);
    ASSERT_EQ(asked.messages.size(), 2U);
    EXPECT_EQ(asked.messages[0], plain.messages[0]) << "typing is asked for all the same";
    ASSERT_TRUE(asked.messages[1].asks);
    EXPECT_EQ(fault_of(asked.messages[1]), "");

    auto shared = event_of(event_kind::submit_info, "");
    shared.info = {"Lê Văn Mẫu", "84912345678", "khu phố 3, phường Thử"};
    const auto filled = step(asked.next, shared, {}, with, morning);
    const auto& from = filled.next.draft.from;
    EXPECT_EQ(from.name, "Lê Văn Mẫu");
    EXPECT_EQ(from.phone, "0912345678");
    EXPECT_EQ(from.address, "khu phố 3, phường Thử");
    EXPECT_EQ(filled.next.draft.at, draft_stage::summary);

    shared.info = {"Lê Văn Mẫu", "", ""};
    const auto some = step(asked.next, shared, {}, with, morning);
    EXPECT_EQ(some.next.draft.at, draft_stage::phone) << "what is missing is asked for";
    const auto typed = say(asked.next, "Lê Văn Mẫu 0912345678", unclear, {}, with);
    EXPECT_EQ(typed.next.draft.at, draft_stage::address);
}

TEST(ComplaintFlow, TheComplaintIsCreditedAsTheContactThatSendsIt)
{
    auto with = shipped_knowledge();
    with.plans = {{.head = {.id = "2026"}, .follow_on_days = 7, .activities = {{.id = "II.5"}}}};
    auto before = writing(draft_stage::summary);
    const auto filed = [&with](const conversation& from) {
        const auto outcome = say(from, "#pa:send", unclear, {}, with);
        return std::get<file_complaint>(outcome.complaints.at(0)).content.activity;
    };
    EXPECT_EQ(filed(before), "");
    before.activity = "2026/II.5";
    before.credited_at = morning - std::chrono::days(6);
    EXPECT_EQ(filed(before), "2026/II.5");
    before.credited_at = morning - std::chrono::days(7);
    EXPECT_EQ(filed(before), "") << "too long ago";
}

TEST(ComplaintFlow, SendingGivesTheCommandWithEverything)
{
    const auto outcome = say(writing(draft_stage::summary), "#pa:send");
    ASSERT_EQ(outcome.complaints.size(), 1U);
    const auto* const filing = std::get_if<file_complaint>(&outcome.complaints[0]);
    ASSERT_NE(filing, nullptr);
    EXPECT_EQ(filing->content.content, "Trễ hẹn hai tuần");
    EXPECT_EQ(filing->content.about, "conduct");
    EXPECT_EQ(filing->content.from.name, "Lê Văn Mẫu");
    EXPECT_EQ(filing->content.consented_at, morning);
    EXPECT_EQ(filing->content.notice_version, "1");
    EXPECT_EQ(outcome.next.draft, complaint_draft{});
}

TEST(ComplaintFlow, TheDayHasItsMost)
{
    std::vector<complaints::complaint> filed;
    for (int i = 0; i < known.complaints.intake.per_day; ++i)
        filed.push_back(filed_case("PA-" + std::to_string(i)));
    const auto refused = say(writing(draft_stage::summary), "#pa:send", unclear, filed);
    EXPECT_TRUE(refused.complaints.empty());
    EXPECT_EQ(refused.next.draft.at, draft_stage::summary) << "the draft is kept";
    filed.front() = filed_case("PA-0", morning - 24h);
    EXPECT_EQ(say(writing(draft_stage::summary), "#pa:send", unclear, filed).complaints.size(), 1U);
}

TEST(ComplaintFlow, AnonymousOnlyIfAllowed)
{
    auto strict = shipped_knowledge();
    strict.complaints.intake.anonymous = false;
    auto before = writing(draft_stage::contact);
    before.draft.from = {};
    EXPECT_TRUE(says(say(before, "#pa:anonymous"), "không hứa trả lời"));
    const auto refused = say(before, "#pa:anonymous", unclear, {}, strict);
    EXPECT_FALSE(says(refused, "ẩn danh"));
    EXPECT_EQ(refused.next.draft.at, draft_stage::contact);
}

TEST(ComplaintFlow, ADenunciationIsKeptNowhere)
{
    for (const auto& heard : {heard_as("denunciation", decision::answer), unclear}) {
        const auto outcome =
            say(writing(draft_stage::content), "tôi tố cáo ông Kẻ Xấu nhận tiền", heard);
        EXPECT_TRUE(outcome.forget_event);
        EXPECT_EQ(outcome.next.draft.content.texts.size(), 1U);
        EXPECT_EQ(outcome.next.draft.pending, "");
        EXPECT_TRUE(says(outcome, "không nhận tố cáo"));
    }
    auto photo = event_of(event_kind::media, "tố cáo ông Kẻ Xấu");
    photo.attachments.emplace_back().type = "image";
    const auto outcome = step(writing(draft_stage::content), photo, {}, known, morning);
    EXPECT_TRUE(outcome.forget_event);
    EXPECT_TRUE(outcome.next.draft.content.attachments.empty());
    EXPECT_TRUE(
        say({}, "ông Kẻ Xấu nhận tiền", heard_as("denunciation", decision::answer)).forget_event);
}

TEST(ComplaintFlow, IdentityNumbersAreMaskedBeforeAnythingIsKept)
{
    auto now = say(writing(draft_stage::content), "căn cước 072090001234 nhé").next;
    EXPECT_EQ(now.draft.content.texts.back().find("072090001234"), std::string::npos);
    now = say(writing(draft_stage::address), "khu phố 3, căn cước 072090001234").next;
    EXPECT_EQ(now.draft.from.address.find("072090001234"), std::string::npos);
}

TEST(ComplaintFlow, FreeWordsDoNotConfirmACancellation)
{
    auto now = say(writing(draft_stage::content), "#cancel").next;
    EXPECT_EQ(now.draft.at, draft_stage::cancelling);
    now = say(now, "khoan đã").next;
    EXPECT_EQ(now.draft.content.texts.size(), 1U);
    now = say(now, "#pa:resume").next;
    EXPECT_EQ(now.draft.at, draft_stage::content);
}

TEST(ComplaintFlow, TheTextZaloAddsToItsFormIsNoAnswer)
{
    auto before = writing(draft_stage::address);
    before.draft.from.address.clear();
    const auto outcome = say(before, "Bạn đã gởi thông tin cho OA");
    EXPECT_EQ(outcome.next.draft.from.address, "");
    EXPECT_EQ(outcome.next.draft.at, draft_stage::address);
}

TEST(ComplaintFlow, EveryButtonAtEveryStageIsAnsweredWithinTheLimits)
{
    const auto answered = filed_case("PA-261102-0001X");
    const std::vector<std::string> payloads{
        "#pa:new",
        "#pa:agree",
        "#pa:disagree",
        "#pa:resume",
        "#pa:later",
        "#pa:keep",
        "#pa:mine",
        "#pa:send",
        "#pa:drop",
        "#pa:done",
        "#pa:file-anyway",
        "#pa:guess-no",
        "#pa:place-skip",
        "#pa:commune:25459",
        "#pa:commune:nowhere",
        "#pa:category:conduct",
        "#pa:category:nothing",
        "#pa:anonymous",
        "#pa:anonymous-yes",
        "#pa:anonymous-no",
        "#pa:correct",
        "#pa:field:content",
        "#pa:field:place",
        "#pa:field:nothing",
        "#pa:assured",
        "#pa:status:" + answered.code,
        "#pa:status:PA-1",
        "#pa:supplement:" + answered.code,
        "#pa:add-to:" + answered.code,
        "#pa:object:" + answered.code,
        "#pa:withdraw:" + answered.code,
        "#pa:withdraw-yes:" + answered.code,
        "#pa:withdraw-no:x",
        "#pa:rate:" + answered.code + ":5",
        "#pa:rate:" + answered.code + ":9",
        "#pa:nonsense",
        "#cancel",
        "#back",
        "#menu",
        "#agent"};
    for (int stage = 0; stage <= static_cast<int>(draft_stage::cancelling); ++stage) {
        for (const auto& payload : payloads) {
            auto before = writing(static_cast<draft_stage>(stage));
            if (before.draft.at == draft_stage::none)
                before = {};
            const auto outcome = say(before, payload, unclear, {answered});
            EXPECT_FALSE(outcome.messages.empty() && outcome.complaints.empty())
                << stage << " " << payload;
            for (const auto& message : outcome.messages) {
                EXPECT_LE(text::code_points(message.text), text_limit);
                EXPECT_EQ(message.text.find("pa."), std::string::npos) << message.text;
            }
            for (const auto& command : outcome.complaints) {
                if (const auto* change = std::get_if<change_complaint>(&command)) {
                    EXPECT_EQ(
                        complaints::check(known.complaints, answered, change->what, morning),
                        complaints::objection::none)
                        << payload;
                }
            }
            const auto again = say(before, payload, unclear, {answered});
            EXPECT_EQ(again.next, outcome.next);
            EXPECT_EQ(again.messages, outcome.messages);
        }
    }
}

TEST(ComplaintFlow, AWithdrawalIsAskedForFirst)
{
    const auto own = filed_case("PA-261102-0001X");
    const auto asked = say({}, "#pa:withdraw-yes:" + own.code, unclear, {own});
    EXPECT_TRUE(asked.complaints.empty());
    const auto done = say(asked.next, "#pa:withdraw-yes:" + own.code, unclear, {own});
    EXPECT_EQ(done.complaints.size(), 1U);
}

TEST(ComplaintFlow, AHiddenCaseReadsAsReceived)
{
    auto own = filed_case("PA-261102-0001X");
    own.state = "hidden";
    own.course.push_back({"hide", "hidden", morning});
    const auto shown = say({}, "#pa:status:" + own.code, unclear, {own});
    EXPECT_TRUE(says(shown, "Mới gửi"));
    EXPECT_FALSE(says(shown, "Ẩn"));
}

TEST(ComplaintFlow, AClosedIntakeOnlyExplains)
{
    auto closed = shipped_knowledge();
    closed.complaints.intake.open = false;
    const auto outcome =
        say({}, "tôi muốn phản ánh", heard_as("complaint", decision::answer), {}, closed);
    EXPECT_TRUE(says(outcome, "chưa mở nhận phản ánh"));
    EXPECT_EQ(outcome.next.draft.at, draft_stage::none);
}

struct quiet
{
    std::string name;
    std::chrono::minutes when; // since local midnight of 2 November
    std::chrono::minutes then;
};

class QuietHours : public testing::TestWithParam<quiet>
{
};

TEST_P(QuietHours, EndInTheMorning)
{
    const auto midnight = morning - 9h;
    EXPECT_EQ(
        after_quiet_hours(midnight + GetParam().when, known.complaints.intake),
        midnight + GetParam().then);
}

INSTANTIATE_TEST_SUITE_P(
    At,
    QuietHours,
    testing::Values(
        quiet{"noon", 12h, 12h},
        quiet{"just_before", 20h + 59min, 20h + 59min},
        quiet{"evening", 21h, 31h + 30min},
        quiet{"before_midnight", 23h + 59min, 31h + 30min},
        quiet{"night", 3h, 7h + 30min},
        quiet{"just_before_morning", 7h + 29min, 7h + 30min},
        quiet{"morning", 7h + 30min, 7h + 30min}),
    [](const auto& one) { return one.param.name; });

TEST(Draft, IsRemindedOfOnceAndThenDropped)
{
    auto draft = writing(draft_stage::content).draft;
    EXPECT_EQ(draft_due(draft, known.complaints.intake), morning + 2h);
    draft.reminded = true;
    EXPECT_EQ(draft_due(draft, known.complaints.intake), morning + 7 * 24h);
    EXPECT_EQ(draft_due({}, known.complaints.intake), std::nullopt);
    draft = writing(draft_stage::consent).draft;
    EXPECT_EQ(draft_due(draft, known.complaints.intake), morning + 7 * 24h)
        << "nobody is reminded of a notice";
}

} // namespace
} // namespace motcua::dialogue
