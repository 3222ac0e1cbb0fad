#include <gtest/gtest.h>
#include <motcua/core/dialogue/step.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <string>
#include <vector>

// The rules of the conversation with understanding given by hand; whole conversations with the real
// understanding are in tests/conversations.
namespace motcua::dialogue {
namespace {

using namespace std::chrono_literals;
using reach::contact_kind;
using understand::decision;

const utc_time noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 5h;

procedures::procedure record(std::string code, std::string name)
{
    procedures::procedure made;
    made.code = std::move(code);
    made.name = std::move(name);
    made.field = "Hộ tịch";
    made.from.name = "Cổng Dịch vụ công quốc gia";
    made.from.as_of = std::chrono::year{2026} / 7 / 18;
    made.documents.push_back({.group = {}, .name = "Giấy chứng sinh", .originals = 1});
    return made;
}

knowledge sample_knowledge()
{
    std::map<std::string, std::string, std::less<>> sentences;
    for (const auto key : phrases::required_keys())
        sentences[std::string(key)] = "<" + std::string(key) + ">";
    sentences["ask_procedure"] = "<ask_procedure> {{aspect}}";
    knowledge known;
    known.say = phrases(std::move(sentences));
    known.province = "Tây Ninh";
    known.main_menu = {{"Tra cứu", "#fields"}, {"Gặp cán bộ", "#agent"}};
    known.commands = {
        {"menu", {"menu", "#menu"}},
        {"quay lai", {"quay lại", "#back"}},
        {"huy", {"hủy", "#cancel"}},
        {"dung", {"dừng", "#cancel"}},
        {"xem tiep", {"xem tiếp", "#more"}}};
    known.answers["thanks"] = {"Không có chi.", {}, "greeting"};
    known.answers["complaint"] = {
        "Gửi tại Cổng.", {{"Cổng", "https://dichvucong.gov.vn"}}, "answered"};
    known.answers["emergency"] = {"Gọi 113, 114, 115.", {}, "answered"};
    known.titles = {{"complaint", "Gửi phản ánh"}, {"thanks", "Cảm ơn"}};
    known.fields = {{"ho-tich", "Hộ tịch", {"1.001193", "1.000894"}}};
    auto gone = record("1.009999", "Thủ tục đã bỏ");
    gone.in_catalogue = false;
    known.procedures = procedures::catalogue(
        {record("1.001193", "Đăng ký khai sinh"), record("1.000894", "Đăng ký kết hôn"), gone});
    understand::commune here;
    here.code = "25630";
    here.name = "xã Hòa Thành";
    here.centre.name = "Trung tâm xã Hòa Thành";
    known.places = understand::gazetteer({here});
    return known;
}

const knowledge known = sample_knowledge();

understand::understood heard_as(
    std::string intent,
    decision sure,
    std::vector<std::string> codes = {},
    decision found = decision::none)
{
    understand::understood heard;
    heard.intents = {{std::move(intent), sure == decision::answer ? 0.95 : 0.5}};
    heard.intent_verdict = sure;
    for (auto& code : codes)
        heard.procedures.hits.push_back({std::move(code), "", 0.8});
    heard.procedures.verdict = found;
    return heard;
}

inbound_event text_event(std::string text)
{
    inbound_event event;
    event.kind = event_kind::text;
    event.user_id = "u1";
    event.text = std::move(text);
    event.at = noon;
    return event;
}

step_outcome tap(conversation before, std::string payload)
{
    return step(std::move(before), text_event(std::move(payload)), {}, known, noon);
}

bool says(const step_outcome& outcome, std::string_view words)
{
    return std::ranges::any_of(outcome.messages, [words](const outgoing_message& one) {
        return one.text.find(words) != std::string::npos;
    });
}

TEST(Step, ABareProcedureNameGivesItsOverview)
{
    const auto outcome = step(
        {},
        text_event("đăng ký khai sinh"),
        heard_as("procedure_overview", decision::answer, {"1.001193"}, decision::answer),
        known,
        noon);
    EXPECT_TRUE(says(outcome, "1.001193"));
    EXPECT_EQ(outcome.next.procedure, "1.001193");
    ASSERT_TRUE(outcome.reached);
    EXPECT_EQ(outcome.reached->outcome, reach::outcome::answered);
    EXPECT_EQ(outcome.reached->procedure, "1.001193");
    EXPECT_EQ(outcome.reached->field, "Hộ tịch");
}

TEST(Step, ABareAspectMeansTheProcedureOfTheConversation)
{
    conversation before;
    before.procedure = "1.001193";
    const auto outcome = step(
        before,
        text_event("giấy tờ?"),
        heard_as("required_documents", decision::answer),
        known,
        noon);
    EXPECT_TRUE(says(outcome, "Giấy chứng sinh"));
    EXPECT_EQ(outcome.reached->aspect, "documents");
}

TEST(Step, ABareAspectWithoutProcedureAsksWhich)
{
    const auto asked =
        step({}, text_event("lệ phí?"), heard_as("fee", decision::answer), known, noon);
    EXPECT_TRUE(says(asked, "<ask_procedure> <aspect.fee>"));
    EXPECT_EQ(asked.reached->outcome, reach::outcome::clarified);
    const auto answered = step(
        asked.next,
        text_event("khai sinh"),
        heard_as("procedure_overview", decision::ask, {"1.001193"}, decision::answer),
        known,
        noon);
    EXPECT_EQ(answered.reached->aspect, "fee");
    EXPECT_EQ(answered.reached->procedure, "1.001193");
}

TEST(Step, TwoCandidatesAreAskedBackAndTheNumberChooses)
{
    const auto asked = step(
        {},
        text_event("đăng ký"),
        heard_as("required_documents", decision::answer, {"1.001193", "1.000894"}, decision::ask),
        known,
        noon);
    EXPECT_TRUE(says(asked, "<ask_which>"));
    EXPECT_EQ(asked.reached->outcome, reach::outcome::clarified);
    for (const std::string typed : {"2", "số 2", "chọn 2.", "Đăng ký kết hôn", "dang ky ket hon"}) {
        const auto chosen =
            step(asked.next, text_event(typed), heard_as("fee", decision::none), known, noon);
        EXPECT_EQ(chosen.next.procedure, "1.000894") << typed;
        EXPECT_EQ(chosen.reached->aspect, "documents") << typed;
        EXPECT_EQ(chosen.reached->kind, contact_kind::tap) << typed;
    }
}

TEST(Step, ANumberBeyondTheChoicesIsRefusedAndTheChoicesStay)
{
    const auto asked = tap({}, "#menu");
    const auto wrong =
        step(asked.next, text_event("9"), heard_as("fee", decision::none), known, noon);
    EXPECT_TRUE(says(wrong, "<number_out_of_range>"));
    EXPECT_EQ(wrong.next.choices, asked.next.choices);
}

TEST(Step, ATapOnAnOldButtonStillWorks)
{
    const auto outcome = tap({}, "#procedure:1.000894:documents");
    EXPECT_TRUE(says(outcome, "1.000894"));
    EXPECT_EQ(outcome.reached->aspect, "documents");
}

TEST(Step, TheSameProcedureAtTheProvinceIsMentioned)
{
    auto twice = sample_knowledge();
    auto commune = record("1.014064", "Cấp lại thẻ căn cước");
    commune.at = procedures::level::commune;
    auto province = record("2.001194", "Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)");
    province.at = procedures::level::province;
    twice.procedures = procedures::catalogue({commune, province});
    const auto heard = heard_as(
        "procedure_overview", decision::answer, {"1.014064", "2.001194"}, decision::answer);
    const auto outcome = step({}, text_event("làm lại căn cước"), heard, twice, noon);
    EXPECT_EQ(outcome.reached->procedure, "1.014064");
    EXPECT_TRUE(says(outcome, "<twin>"));
    const auto alone = step(
        {},
        text_event("khai sinh"),
        heard_as(
            "procedure_overview", decision::answer, {"1.001193", "1.000894"}, decision::answer),
        known,
        noon);
    EXPECT_FALSE(says(alone, "<twin>"));
}

TEST(Step, SomethingForeignIsNeverAnsweredAsCertain)
{
    const auto outcome = step(
        {},
        text_event("giá vàng khai sinh"),
        heard_as(
            std::string(understand::out_of_scope),
            decision::answer,
            {"1.001193"},
            decision::answer),
        known,
        noon);
    EXPECT_EQ(outcome.reached->outcome, reach::outcome::clarified);
    EXPECT_TRUE(outcome.next.procedure.empty());
}

TEST(Step, KeysHitAtRandomAreNotUnderstoodRatherThanOutOfScope)
{
    auto heard = heard_as(std::string(understand::out_of_scope), decision::none);
    heard.intents.front().confidence = 0.9;
    EXPECT_TRUE(says(step({}, text_event("giá vàng"), heard, known, noon), "<out_of_scope>"));
    heard.message.legible_share = 0.3;
    EXPECT_TRUE(says(step({}, text_event("asdkjh qwe zxc"), heard, known, noon), "<fallback>"));
}

TEST(Step, NothingWithinReachOffersMenuThenAPerson)
{
    const auto first = step({}, text_event("xyz"), heard_as("fee", decision::none), known, noon);
    EXPECT_TRUE(says(first, "<fallback>"));
    EXPECT_EQ(first.reached->outcome, reach::outcome::not_understood);
    const auto second =
        step(first.next, text_event("xyz"), heard_as("fee", decision::none), known, noon);
    EXPECT_TRUE(says(second, "<fallback_again>"));
    EXPECT_EQ(second.next.choices.front().payload, "#agent");
    const auto understood =
        step(second.next, text_event("cảm ơn"), heard_as("thanks", decision::answer), known, noon);
    EXPECT_EQ(understood.next.failures, 0);
}

TEST(Step, AGreetingDoesNotHideTheQuestion)
{
    const auto outcome = step(
        {},
        text_event("cảm ơn, khai sinh"),
        heard_as("thanks", decision::answer, {"1.001193"}, decision::answer),
        known,
        noon);
    EXPECT_EQ(outcome.reached->procedure, "1.001193");
}

TEST(Step, DangerComesFirstEvenWhenUnsure)
{
    const auto outcome = step(
        {},
        text_event("cháy"),
        heard_as("emergency", decision::ask, {"1.001193"}, decision::answer),
        known,
        noon);
    EXPECT_TRUE(says(outcome, "113"));
}

TEST(Step, AMiddlingIntentIsAskedBack)
{
    const auto outcome = step(
        {},
        text_event("phan nan"),
        heard_as("complaint", decision::ask, {"1.000894"}, decision::ask),
        known,
        noon);
    EXPECT_EQ(outcome.reached->outcome, reach::outcome::clarified);
    EXPECT_TRUE(says(outcome, "1. Gửi phản ánh"));
    EXPECT_TRUE(says(outcome, "2. Đăng ký kết hôn"));
}

TEST(Step, ANumberOfALinkGivesTheLink)
{
    const auto shown =
        step({}, text_event("phản ánh"), heard_as("complaint", decision::answer), known, noon);
    const auto chosen =
        step(shown.next, text_event("1"), heard_as("fee", decision::none), known, noon);
    EXPECT_TRUE(says(chosen, "https://dichvucong.gov.vn"));
}

TEST(Step, GoesBackToWhatWasShownBefore)
{
    auto now = tap({}, "#field:ho-tich");
    now = tap(now.next, "#procedure:1.001193");
    now = tap(now.next, "#procedure:1.001193:fee");
    now = step(now.next, text_event("quay lại"), {}, known, noon);
    EXPECT_EQ(now.reached->aspect, "overview");
    now = step(now.next, text_event("quay lại"), {}, known, noon);
    EXPECT_TRUE(says(now, "<field>"));
    now = step(now.next, text_event("quay lại"), {}, known, noon);
    EXPECT_TRUE(says(now, "<menu>"));
    now = step(now.next, text_event("quay lại"), {}, known, noon);
    EXPECT_TRUE(says(now, "<menu>"));
}

TEST(Step, TheTrailIsBounded)
{
    conversation now;
    for (int i = 0; i < 50; ++i) {
        const auto* const what = i % 2 == 0 ? "#procedure:1.001193" : "#procedure:1.000894";
        now = tap(now, what).next;
    }
    EXPECT_LE(now.trail.size(), trail_limit);
}

TEST(Step, AProcedureGoneFromTheCatalogueIsNotAnswered)
{
    const auto gone = tap({}, "#procedure:1.009999");
    EXPECT_TRUE(says(gone, "<procedure_expired>"));
    EXPECT_EQ(gone.reached->outcome, reach::outcome::not_understood);
    EXPECT_TRUE(says(tap({}, "#procedure:9.999999"), "<procedure_unknown>"));
}

TEST(Step, ErasureNeedsAConfirmation)
{
    conversation before;
    before.procedure = "1.001193";
    const auto unasked = tap(before, "#confirm-erase");
    EXPECT_FALSE(unasked.erase);
    const auto asked = tap(before, "#erase");
    EXPECT_FALSE(asked.erase);
    const auto confirmed = tap(asked.next, "#confirm-erase");
    EXPECT_TRUE(confirmed.erase);
    EXPECT_EQ(confirmed.next.procedure, "");
    EXPECT_TRUE(says(confirmed, "<erased>"));
    const auto other_words =
        step(asked.next, text_event("để nghĩ lại"), heard_as("fee", decision::none), known, noon);
    EXPECT_FALSE(other_words.erase);
    EXPECT_TRUE(says(other_words, "<erase_kept>"));
    EXPECT_EQ(other_words.next.at, stage::idle);
}

TEST(Step, AnEchoOfTheBotItselfChangesNothing)
{
    inbound_event echo;
    echo.kind = event_kind::echo;
    echo.user_id = "u1";
    const auto outcome = step({}, echo, {}, known, noon);
    EXPECT_FALSE(outcome.reached);
    EXPECT_EQ(outcome.next.silent_until, utc_time{});
}

TEST(Step, EveryEventKindIsAccepted)
{
    for (int kind = 0; kind <= static_cast<int>(event_kind::unknown); ++kind) {
        inbound_event event;
        event.kind = static_cast<event_kind>(kind);
        event.user_id = "u1";
        const auto outcome = step({}, event, heard_as("fee", decision::none), known, noon);
        for (const auto& message : outcome.messages)
            EXPECT_LE(text::code_points(message.text), text_limit);
    }
}

TEST(Step, WithdrawalErasesWithoutAWord)
{
    inbound_event event;
    event.kind = event_kind::withdraw;
    event.user_id = "u1";
    const auto outcome = step({}, event, {}, known, noon);
    EXPECT_TRUE(outcome.erase);
    EXPECT_TRUE(outcome.messages.empty());
}

TEST(Step, TheCommuneIsRemembered)
{
    const auto shown = tap({}, "#commune:25630");
    EXPECT_TRUE(says(shown, "Trung tâm xã Hòa Thành"));
    EXPECT_TRUE(says(shown, "<centre_no_address>"));
    EXPECT_EQ(shown.next.commune, "25630");
    EXPECT_TRUE(says(tap(shown.next, "#centre"), "Trung tâm xã Hòa Thành"));
    EXPECT_TRUE(says(tap({}, "#centre"), "<ask_commune>"));
}

TEST(Step, SameArgumentsSameOutcome)
{
    const auto heard =
        heard_as("procedure_overview", decision::answer, {"1.001193"}, decision::answer);
    const auto one = step({}, text_event("khai sinh"), heard, known, noon);
    const auto two = step({}, text_event("khai sinh"), heard, known, noon);
    EXPECT_EQ(one.next, two.next);
    EXPECT_EQ(one.messages, two.messages);
    EXPECT_EQ(one.reached, two.reached);
}

} // namespace
} // namespace motcua::dialogue
