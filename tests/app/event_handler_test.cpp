#include "memory_store.hpp"

#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/takeover.hpp>
#include <support/run_coroutine.hpp>

#include <memory>
#include <string>

namespace motcua::app {
namespace {

using namespace std::chrono_literals;

// A model small enough to train in a test.
std::shared_ptr<const understand::understander> sample_understander()
{
    static const std::string file = [] {
        std::vector<understand::example> examples;
        for (const std::string text :
             {"cảm ơn", "cảm ơn nhiều", "xin cảm ơn anh", "cám ơn ad", "thank you"})
            examples.push_back({text, "thanks"});
        for (const std::string text :
             {"tố cáo cán bộ nhận tiền",
              "tôi tố cáo",
              "đơn tố cáo",
              "muốn tố cáo người ta nhận tiền"})
            examples.push_back({text, "denunciation"});
        for (const std::string text :
             {"giá vàng hôm nay", "bóng đá tối nay", "trời mưa quá", "kể chuyện cười", "nấu phở"})
            examples.push_back({text, std::string(understand::out_of_scope)});
        return understand::train(examples, {}, {}).value();
    }();
    return std::make_shared<const understand::understander>(
        understand::language_model::load(file).value(),
        std::vector<understand::search_document>{},
        std::vector<understand::synonym>{});
}

std::shared_ptr<const dialogue::knowledge> sample_knowledge()
{
    auto known = std::make_shared<dialogue::knowledge>();
    known->answers["denunciation"] = {"Gửi nơi có thẩm quyền.", {}, "answered"};
    known->answers["thanks"] = {"Không có chi.", {}, "greeting"};
    known->main_menu = {{"Tra cứu", "#fields"}};
    known->version = "content-1";
    return known;
}

class EventHandler : public testing::Test
{
protected:
    result<handled> handle(dialogue::inbound_event event)
    {
        asio::io_context context(1); // outlives the workers, who resume coroutines on it
        asio::thread_pool workers(1);
        event_handler handler(
            {.store = store_,
             .workers = workers.get_executor(),
             .current_content = [this] { return content_; },
             .now = [this] { return now_; },
             .pseudonym = [](std::string_view id) { return "p-" + std::string(id); },
             .outgoing_added = [this] { ++woken_; },
             .attachments_changed = [this] { ++files_woken_; },
             .is_test_user = [](std::string_view id) { return id == "tester"; }});
        return run_coroutine(context, handler.handle(std::move(event), "raw"));
    }

    dialogue::inbound_event text_event(std::string text, std::string message_id = "m1")
    {
        dialogue::inbound_event event;
        event.kind = dialogue::event_kind::text;
        event.user_id = "u1";
        event.message_id = std::move(message_id);
        event.text = std::move(text);
        event.at = now_;
        return event;
    }

    memory_store store_;
    content content_{.understander = sample_understander(), .knowledge = sample_knowledge()};
    utc_time now_{std::chrono::hours(1000)};
    int woken_ = 0;
    int files_woken_ = 0;
};

TEST_F(EventHandler, StoresAnswersAndCountsInOneCommit)
{
    EXPECT_EQ(handle(text_event("#menu")).value(), handled::stored);
    EXPECT_EQ(store_.commits, 1);
    EXPECT_EQ(store_.kept.events.size(), 1U);
    ASSERT_EQ(store_.kept.outbox.size(), 1U);
    EXPECT_EQ(store_.kept.outbox[0].row.user_id, "u1");
    ASSERT_EQ(store_.kept.interactions.size(), 1U);
    const auto& row = store_.kept.interactions[0];
    EXPECT_EQ(row.pseudonym, "p-u1");
    EXPECT_EQ(row.outcome, reach::outcome::menu);
    EXPECT_EQ(row.at, now_);
    EXPECT_EQ(row.content_version, "content-1");
    EXPECT_EQ(row.model_version, content_.understander->model().version());
    EXPECT_FALSE(row.test);
    EXPECT_EQ(woken_, 1);
}

TEST_F(EventHandler, UnderstandsFreeText)
{
    EXPECT_EQ(handle(text_event("cảm ơn nhiều")).value(), handled::stored);
    ASSERT_EQ(store_.kept.interactions.size(), 1U);
    EXPECT_EQ(store_.kept.interactions[0].intent, "thanks");
}

TEST_F(EventHandler, ADuplicateChangesNothing)
{
    ASSERT_TRUE(handle(text_event("#menu")));
    EXPECT_EQ(handle(text_event("#menu")).value(), handled::duplicate);
    EXPECT_EQ(store_.kept.outbox.size(), 1U);
    EXPECT_EQ(store_.kept.interactions.size(), 1U);
    EXPECT_EQ(woken_, 1);
}

TEST_F(EventHandler, AnEventOlderThanADayIsKeptNotActedOn)
{
    auto event = text_event("#menu");
    event.at = now_ - 24h - 1ms;
    EXPECT_EQ(handle(event).value(), handled::stale);
    EXPECT_EQ(store_.kept.events.size(), 1U);
    EXPECT_TRUE(store_.kept.outbox.empty());
    EXPECT_TRUE(store_.kept.interactions.empty());
    event.at = now_ - 24h;
    event.message_id = "m2";
    EXPECT_EQ(handle(event).value(), handled::stored);
    EXPECT_EQ(store_.kept.outbox.size(), 1U);
}

TEST_F(EventHandler, ASilencedMachineTellsEachCitizenOnceAndKeepsCounting)
{
    store_.kept.settings["silence"] =
        std::to_string(now_.time_since_epoch().count()) + " truc trả lời sai";
    now_ += 1s;
    ASSERT_TRUE(handle(text_event("cảm ơn nhiều", "m1")));
    ASSERT_TRUE(handle(text_event("#menu", "m2")));
    auto other = text_event("#menu", "m3");
    other.user_id = "u2";
    ASSERT_TRUE(handle(other));
    ASSERT_EQ(store_.kept.outbox.size(), 2U);
    EXPECT_EQ(store_.kept.outbox[0].row.message.text, "silenced") << "the phrase's key";
    EXPECT_EQ(store_.kept.outbox[0].row.message.why, dialogue::purpose::notice);
    EXPECT_EQ(store_.kept.outbox[1].row.user_id, "u2");
    EXPECT_EQ(store_.kept.events.size(), 3U);
    ASSERT_EQ(store_.kept.interactions.size(), 3U);
    EXPECT_EQ(store_.kept.interactions[0].intent, "thanks");
    EXPECT_EQ(store_.kept.interactions[0].outcome, reach::outcome::silent);

    store_.kept.settings["silence"] = "";
    ASSERT_TRUE(handle(text_event("#menu", "m4")));
    ASSERT_EQ(store_.kept.outbox.size(), 3U);
    EXPECT_EQ(store_.kept.interactions[3].outcome, reach::outcome::menu);

    now_ += 1s;
    store_.kept.settings["silence"] =
        std::to_string(now_.time_since_epoch().count()) + " truc lần hai";
    ASSERT_TRUE(handle(text_event("#menu", "m5")));
    EXPECT_EQ(store_.kept.outbox.size(), 4U) << "another silence is told again";
}

TEST_F(EventHandler, ASilencedMachineStillQueuesWhoAsksForAPersonAndErases)
{
    store_.kept.settings["silence"] = "1 truc trả lời sai";
    ASSERT_TRUE(handle(text_event("#agent", "m1")));
    EXPECT_EQ(store_.kept.conversations["u1"].waiting_since, now_);
    EXPECT_EQ(store_.kept.interactions[0].outcome, reach::outcome::handed_over);
    auto withdrawn = text_event("", "m2");
    withdrawn.kind = dialogue::event_kind::withdraw;
    ASSERT_TRUE(handle(withdrawn));
    EXPECT_EQ(store_.kept.erased, std::vector<std::string>{"u1"});
}

TEST_F(EventHandler, WhilePersonAnswersASilenceIsNotTold)
{
    store_.kept.settings["silence"] = "1 truc trả lời sai";
    store_.kept.conversations["u1"].silent_until = now_ + 10min;
    ASSERT_TRUE(handle(text_event("#menu", "m1")));
    EXPECT_TRUE(store_.kept.outbox.empty());
}

TEST_F(EventHandler, ABusyOrFailingStoreIsSaidAndNothingIsKept)
{
    for (const auto failure : {errc::busy, errc::storage_failed}) {
        store_.refuse_with = failure;
        EXPECT_EQ(handle(text_event("#menu")).error(), failure);
    }
    EXPECT_TRUE(store_.kept.events.empty());
    EXPECT_EQ(woken_, 0);
}

TEST_F(EventHandler, WhatIsNotUnderstoodIsKeptInTheSameUnit)
{
    auto event = text_event("bóng đá tối nay 0912345678");
    event.user_id = "tester";
    ASSERT_TRUE(handle(event));
    EXPECT_EQ(store_.commits, 1);
    ASSERT_EQ(store_.kept.unknown.size(), 1U);
    EXPECT_EQ(store_.kept.unknown[0].text, "bóng đá tối nay <phone>");
    EXPECT_EQ(store_.kept.unknown[0].at, now_);
    EXPECT_TRUE(store_.kept.unknown[0].test);
    ASSERT_TRUE(handle(text_event("cảm ơn nhiều", "m2")));
    EXPECT_EQ(store_.kept.unknown.size(), 1U);
}

TEST_F(EventHandler, TestUsersAreMarked)
{
    auto event = text_event("#menu");
    event.user_id = "tester";
    ASSERT_TRUE(handle(event));
    EXPECT_TRUE(store_.kept.interactions.at(0).test);
}

TEST_F(EventHandler, ErasureForgetsTheCitizenAndSaysSo)
{
    ASSERT_TRUE(handle(text_event("#erase", "m1")));
    ASSERT_TRUE(handle(text_event("#confirm-erase", "m2")));
    EXPECT_EQ(store_.kept.erased, std::vector<std::string>{"u1"});
    EXPECT_FALSE(store_.kept.conversations.contains("u1"));
    EXPECT_EQ(store_.kept.outbox.size(), 2U);
    EXPECT_EQ(store_.kept.interactions.size(), 1U);
}

TEST_F(EventHandler, ReceiptsAndFollowsReachTheStore)
{
    auto follow = text_event("", "m9");
    follow.kind = dialogue::event_kind::follow;
    ASSERT_TRUE(handle(follow));
    EXPECT_TRUE(store_.kept.following.at("u1"));
    EXPECT_EQ(store_.kept.interactions.at(0).kind, reach::contact_kind::follow);
    EXPECT_EQ(store_.kept.outbox.size(), 1U);

    auto seen = text_event("", "");
    seen.kind = dialogue::event_kind::seen;
    seen.receipt_ids = {"m7", "m8"};
    ASSERT_TRUE(handle(seen));
    EXPECT_EQ(store_.kept.seen, (std::vector<std::string>{"m7", "m8"}));
    EXPECT_EQ(store_.kept.interactions.size(), 1U);

    auto gone = text_event("", "m10");
    gone.kind = dialogue::event_kind::unfollow;
    ASSERT_TRUE(handle(gone));
    EXPECT_FALSE(store_.kept.following.at("u1"));
    EXPECT_EQ(store_.kept.outbox.size(), 1U) << "quietly";
}

TEST_F(EventHandler, WhatIsToldOfAStrangerMakesNobodyKnown)
{
    using enum dialogue::event_kind;
    int number = 0;
    for (const auto kind : {received, seen, echo, reaction, unfollow, withdraw, other, unknown}) {
        auto event = text_event("", "s" + std::to_string(++number));
        event.kind = kind;
        ASSERT_TRUE(handle(event));
        EXPECT_TRUE(store_.kept.citizens.empty()) << dialogue::name(kind);
        EXPECT_TRUE(store_.kept.conversations.empty()) << dialogue::name(kind);
        EXPECT_TRUE(store_.kept.following.empty()) << dialogue::name(kind);
        EXPECT_TRUE(store_.kept.interactions.empty()) << dialogue::name(kind);
    }
    EXPECT_EQ(store_.kept.events.size(), 8U) << "each is stored once all the same";
    auto by_person = text_event("", "by-person");
    by_person.kind = echo;
    by_person.admin_id = "73";
    ASSERT_TRUE(handle(by_person));
    EXPECT_TRUE(store_.kept.citizens.contains("u1")) << "a person of the office wrote to them";
}

TEST_F(EventHandler, AWithdrawalIsHeededHoweverLate)
{
    ASSERT_TRUE(handle(text_event("#menu", "m1")));
    auto event = text_event("", "m2");
    event.kind = dialogue::event_kind::withdraw;
    event.at = now_ - 72h;
    ASSERT_TRUE(handle(event));
    EXPECT_EQ(store_.kept.erased, std::vector<std::string>{"u1"});
    EXPECT_EQ(files_woken_, 1) << "files have to go, too";
}

TEST_F(EventHandler, OfADenunciationNeitherWordsNorFilesAreKept)
{
    auto event = text_event("tôi tố cáo cán bộ nhận tiền");
    event.kind = dialogue::event_kind::media;
    event.attachments.push_back({.type = "image", .url = "https://photo.zdn.vn/image"});
    ASSERT_TRUE(handle(event));
    ASSERT_EQ(store_.kept.outbox.size(), 1U);
    EXPECT_EQ(store_.kept.forgotten, 1);
    EXPECT_TRUE(store_.kept.attachments.empty());
    EXPECT_EQ(files_woken_, 0);
}

TEST_F(EventHandler, FilesAndPlacesAreKeptWithTheirEvent)
{
    auto event = text_event("", "m1");
    event.kind = dialogue::event_kind::media;
    for (const std::string type : {"image", "sticker", "file", "link", "audio", "gif", "video"}) {
        auto& one = event.attachments.emplace_back();
        one.type = type;
        one.url = "https://photo.zdn.vn/" + type;
    }
    event.attachments[2].name = "../../tờ khai.pdf";
    ASSERT_TRUE(handle(event));
    std::vector<std::string> kinds;
    for (const auto& one : store_.kept.attachments)
        kinds.push_back(one.kind);
    EXPECT_EQ(kinds, (std::vector<std::string>{"image", "file", "audio", "gif", "video"}));
    EXPECT_EQ(store_.kept.attachments[0].user_id, "u1");
    EXPECT_EQ(store_.kept.attachments[0].url, "https://photo.zdn.vn/image");
    EXPECT_EQ(store_.kept.attachments[1].name, "tờ khai.pdf");
    EXPECT_EQ(files_woken_, 1);
    EXPECT_EQ(handle(event).value(), handled::duplicate);
    EXPECT_EQ(store_.kept.attachments.size(), 5U);

    auto place = text_event("", "m2");
    place.kind = dialogue::event_kind::location;
    place.where = dialogue::coordinates{11.3, 106.1};
    ASSERT_TRUE(handle(place));
    ASSERT_EQ(store_.kept.attachments.size(), 6U);
    EXPECT_DOUBLE_EQ(store_.kept.attachments[5].where->longitude, 106.1);
}

TEST_F(EventHandler, TheQueueOfThePersonsFollowsTheConversation)
{
    const auto last = [this] { return store_.kept.handovers.back(); };
    ASSERT_TRUE(handle(text_event("cảm ơn", "m0")));
    EXPECT_TRUE(store_.kept.handovers.empty());

    ASSERT_TRUE(handle(text_event("#agent", "m1")));
    EXPECT_EQ(last().by, dialogue::attention::waiting);
    EXPECT_EQ(last().user_id, "u1");

    auto officer = text_event("Chào anh", "m2");
    officer.kind = dialogue::event_kind::echo;
    officer.admin_id = "73";
    ASSERT_TRUE(handle(officer));
    EXPECT_EQ(last().by, dialogue::attention::person);
    EXPECT_EQ(last().who, "73");
    EXPECT_EQ(last().until, now_ + 30min);
    EXPECT_FALSE(last().citizen_spoke);

    const auto answers = store_.kept.outbox.size();
    ASSERT_TRUE(handle(text_event("cảm ơn", "m3")));
    EXPECT_EQ(store_.kept.outbox.size(), answers) << "silence";
    EXPECT_TRUE(last().citizen_spoke);
    EXPECT_EQ(store_.kept.interactions.back().outcome, reach::outcome::handed_over);

    const auto notes = store_.kept.handovers.size();
    auto seen = text_event("", "");
    seen.kind = dialogue::event_kind::seen;
    ASSERT_TRUE(handle(seen));
    EXPECT_EQ(store_.kept.handovers.size(), notes) << "a receipt changes nothing";

    now_ += 30min;
    ASSERT_TRUE(handle(text_event("cảm ơn", "m4")));
    EXPECT_EQ(store_.kept.outbox.size(), answers + 1);
    EXPECT_EQ(last().by, dialogue::attention::machine) << "the episode is closed";
}

TEST_F(EventHandler, TheDeskTakesOverAndHandsBack)
{
    takeover desk(store_, [this] { return now_; });
    EXPECT_EQ(run_coroutine(desk.take_over("u1", "lan", 15min)).error(), errc::not_found);
    ASSERT_TRUE(handle(text_event("cảm ơn", "m1")));
    ASSERT_TRUE(run_coroutine(desk.take_over("u1", "lan", 15min)));
    EXPECT_EQ(store_.kept.handovers.back().who, "lan");
    EXPECT_EQ(store_.kept.handovers.back().until, now_ + 15min);
    ASSERT_TRUE(handle(text_event("cảm ơn", "m2")));
    EXPECT_EQ(store_.kept.outbox.size(), 1U) << "silence";
    ASSERT_TRUE(run_coroutine(desk.hand_back("u1")));
    EXPECT_EQ(store_.kept.handovers.back().by, dialogue::attention::machine);
    const auto notes = store_.kept.handovers.size();
    ASSERT_TRUE(run_coroutine(desk.hand_back("u1")));
    EXPECT_EQ(store_.kept.handovers.size(), notes);
    ASSERT_TRUE(handle(text_event("cảm ơn", "m3")));
    EXPECT_EQ(store_.kept.outbox.size(), 2U);
    store_.refuse_with = errc::busy;
    EXPECT_EQ(run_coroutine(desk.take_over("u1", "lan", 15min)).error(), errc::busy);
    EXPECT_EQ(run_coroutine(desk.hand_back("u1")).error(), errc::busy);
}

TEST_F(EventHandler, AReactionIsFeedbackOnOurOwnMessagesOnly)
{
    ASSERT_TRUE(handle(text_event("#menu", "m1")));
    store_.kept.sent = {"z1"};
    auto event = text_event("", "");
    event.kind = dialogue::event_kind::reaction;
    event.reaction = "/-strong";
    for (const std::string about : {"z1", "z2"}) {
        event.quoted_message_id = about;
        event.message_id = "reaction to " + about;
        ASSERT_TRUE(handle(event));
        EXPECT_EQ(store_.kept.interactions.back().intent, about == "z1" ? "feedback" : "");
    }
}

TEST_F(EventHandler, AnEventOfNobodyIsKept)
{
    dialogue::inbound_event event;
    event.kind = dialogue::event_kind::unknown;
    event.at = now_;
    EXPECT_EQ(handle(event).value(), handled::stored);
    EXPECT_EQ(store_.kept.events.size(), 1U);
    EXPECT_TRUE(store_.kept.conversations.empty());
}

} // namespace
} // namespace motcua::app
