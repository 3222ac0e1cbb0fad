#include "event_hub.hpp"
#include "support/run_coroutine.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/support/within.hpp>

#include <string>
#include <utility>
#include <vector>

namespace motcua::staff_api {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const utc_time noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 5h;

// One event as the browser sees it.
struct heard
{
    std::string name;
    std::string data;
    std::string id;
};

// Reads a stream as the standard says (WHATWG HTML, 9.2.6).
class browser final : public http::body_sink
{
public:
    asio::awaitable<bool> write(std::string piece) override
    {
        text += piece;
        ++pieces;
        for (auto end = text.find("\n\n", read_); end != std::string::npos;
             end = text.find("\n\n", read_)) {
            take(text.substr(read_, end - read_ + 1));
            read_ = end + 2;
        }
        if (written)
            written();
        co_return !is_gone;
    }

    std::vector<std::string> names() const
    {
        std::vector<std::string> out;
        for (const auto& one : events)
            out.push_back(one.name);
        return out;
    }

    std::vector<heard> events;
    std::string last_id;
    std::string text;
    int pieces = 0;
    bool is_gone = false;
    std::function<void()> written;

private:
    void take(const std::string& block)
    {
        heard one;
        for (std::size_t at = 0; at < block.size();) {
            const auto end = block.find('\n', at);
            const auto line = block.substr(at, end - at);
            at = end + 1;
            if (line.starts_with("event: "))
                one.name = line.substr(7);
            else if (line.starts_with("data: "))
                one.data = line.substr(6);
            else if (line.starts_with("id: "))
                last_id = line.substr(4);
        }
        one.id = last_id;
        if (!one.data.empty())
            events.push_back(one);
    }

    std::size_t read_ = 0;
};

app::change complaint_change(std::string code, std::string unit, std::string former = {})
{
    app::change one;
    one.code = std::move(code);
    one.version = 3;
    one.unit = std::move(unit);
    one.former_unit = std::move(former);
    one.what = "accept";
    return one;
}

class EventHub : public testing::Test
{
protected:
    static listener officer(std::string unit)
    {
        listener who;
        who.active = true;
        who.staff_id = "an";
        who.units = {std::move(unit)};
        return who;
    }
    static listener coordinator()
    {
        listener who;
        who.active = true;
        who.staff_id = "ha";
        who.sees_all = true;
        return who;
    }
    event_hub::look asked()
    {
        return [this] { return answer(); };
    }
    asio::awaitable<listener> answer()
    {
        ++looks;
        co_return session;
    }

    // Opens a stream, lets it write what it has, runs `then`, lets it write again, and so on; ends
    // it. Empty steps: only what it begins with.
    void listen(
        event_hub& tested,
        browser& by,
        const std::string& last_event_id,
        const std::vector<std::function<void()>>& steps = {})
    {
        asio::io_context context(1);
        const auto producer = tested.stream(last_event_id, "s1", session, asked());
        asio::cancellation_signal end;
        bool ended = false;
        asio::co_spawn(
            context,
            producer(by),
            asio::bind_cancellation_slot(
                end.slot(), [&ended](const std::exception_ptr&) { ended = true; }));
        while (context.poll() > 0)
            ;
        for (const auto& step : steps) {
            step();
            while (context.poll() > 0)
                ;
        }
        has_ended = ended;
        end.emit(asio::cancellation_type::terminal);
        context.run();
        EXPECT_TRUE(ended);
    }
    // The same, until the browser has been told something by the clock.
    void listen_until(event_hub& tested, browser& by, const std::function<bool()>& enough)
    {
        asio::io_context context(1);
        const auto producer = tested.stream("", "s1", session, asked());
        asio::cancellation_signal end;
        by.written = [&] {
            if (enough())
                end.emit(asio::cancellation_type::terminal);
        };
        asio::co_spawn(
            context,
            producer(by),
            asio::bind_cancellation_slot(end.slot(), [](const std::exception_ptr&) {}));
        context.run_for(5s);
        EXPECT_TRUE(context.stopped()) << by.text;
        by.written = {};
    }

    utc_time now = noon;
    listener session = coordinator();
    int looks = 0;
    bool has_ended = false; // by itself
    event_hub hub{[this] { return now; }};
};

TEST_F(EventHub, WhatIsCommittedIsHeardWhileListening)
{
    browser by;
    hub.publish({complaint_change("PA-1", "u1")}); // before
    listen(hub, by, "", {[this] {
               auto message = complaint_change("PA-2", "u1");
               message.is = app::change::kind::message;
               message.message_id = 17;
               message.speaker = "citizen";
               app::change reference;
               reference.is = app::change::kind::reference;
               hub.publish({complaint_change("PA-2", "u1"), message, reference});
           }});
    ASSERT_THAT(by.names(), ElementsAre("complaint", "message", "reference"));
    EXPECT_EQ(
        json::parse(by.events[0].data),
        (json{{"code", "PA-2"}, {"version", 3}, {"what", "accept"}}));
    EXPECT_EQ(
        json::parse(by.events[1].data),
        (json{{"code", "PA-2"}, {"message_id", "17"}, {"kind", "citizen"}, {"delivery", nullptr}}));
    EXPECT_LT(std::stoull(by.events[0].id), std::stoull(by.events[1].id));
    EXPECT_THAT(by.text, testing::StartsWith("retry: "));
}

TEST_F(EventHub, AnOfficerHearsOfTheOwnUnitsCasesAndOfThoseThatLeave)
{
    browser by;
    session = officer("u1");
    listen(hub, by, "", {[this] {
               hub.publish(
                   {complaint_change("PA-1", "u1"),
                    complaint_change("PA-2", "u2"),
                    complaint_change("PA-3", ""),
                    complaint_change("PA-4", "u2", "u1")});
           }});
    ASSERT_THAT(by.names(), ElementsAre("complaint", "complaint"));
    EXPECT_THAT(by.events[0].data, HasSubstr("PA-1"));
    EXPECT_THAT(by.events[1].data, HasSubstr("PA-4"));
}

TEST_F(EventHub, APrivateViewIsToldToItsOwnerOnly)
{
    app::change mine;
    mine.is = app::change::kind::reference;
    mine.staff_id = "ha";
    auto theirs = mine;
    theirs.staff_id = "an";
    browser by;
    listen(hub, by, "", {[&] { hub.publish({theirs}); }, [&] { hub.publish({mine}); }});
    EXPECT_THAT(by.names(), ElementsAre("reference"));
}

TEST_F(EventHub, AfterABreakWhatWasMissedComes)
{
    browser by;
    listen(hub, by, "", {[this] { hub.publish({complaint_change("PA-1", "u1")}); }});
    hub.publish({complaint_change("PA-2", "u1"), complaint_change("PA-3", "u1")});
    browser again;
    listen(hub, again, by.last_id);
    ASSERT_THAT(again.names(), ElementsAre("complaint", "complaint"));
    EXPECT_THAT(again.events[0].data, HasSubstr("PA-2"));
    browser third;
    listen(hub, third, again.last_id);
    EXPECT_THAT(third.events, IsEmpty());
}

TEST_F(EventHub, ABreakWithoutAnEventIsRememberedToo)
{
    browser by;
    listen(hub, by, "");
    hub.publish({complaint_change("PA-1", "u1")});
    browser again;
    listen(hub, again, by.last_id);
    EXPECT_THAT(again.names(), ElementsAre("complaint"));
}

TEST_F(EventHub, WhatIsTooLongAgoOrOfAnotherProcessIsReset)
{
    browser by;
    listen(hub, by, "");
    const auto before = by.last_id;
    for (int i = 0; i < 1000; ++i)
        hub.publish({complaint_change("PA-1", "u1")});
    browser again;
    listen(hub, again, before);
    EXPECT_EQ(again.events.size(), 1000U) << "all are kept";
    hub.publish({complaint_change("PA-1", "u1")});
    browser late;
    listen(hub, late, before, {[this] { hub.publish({complaint_change("PA-9", "u1")}); }});
    EXPECT_THAT(late.names(), ElementsAre("reset", "complaint"));

    now += 1s;
    event_hub restarted([this] { return now; });
    for (const auto& id : {late.last_id, std::string("99999999999999999999"), std::string("x")}) {
        browser other;
        listen(restarted, other, id);
        EXPECT_THAT(other.names(), ElementsAre("reset")) << id;
        browser after;
        listen(restarted, after, other.last_id);
        EXPECT_THAT(after.events, IsEmpty()) << "reset once";
    }
}

TEST_F(EventHub, AReaderTooSlowForTheRingIsReset)
{
    event_hub small([this] { return now; }, {.kept = 3});
    browser by;
    listen(small, by, "", {[&] {
               for (int i = 0; i < 4; ++i)
                   small.publish({complaint_change("PA-1", "u1")});
           }});
    EXPECT_THAT(by.names(), ElementsAre("reset"));
}

TEST_F(EventHub, ALongListComesInPieces)
{
    browser by;
    listen(hub, by, "");
    for (int i = 0; i < 1000; ++i)
        hub.publish({complaint_change("PA-261122-" + std::string(80, '1'), "u1")});
    browser again;
    listen(hub, again, by.last_id);
    EXPECT_EQ(again.events.size(), 1000U);
    EXPECT_GT(again.pieces, 2);
}

TEST_F(EventHub, EndsWhenNobodyReads)
{
    browser by;
    by.is_gone = true;
    listen(hub, by, "");
    EXPECT_TRUE(has_ended);
}

TEST_F(EventHub, ACommentKeepsProxiesAwakeAndCarriesTheLastId)
{
    event_hub quick([this] { return now; }, {.heartbeat = 5ms});
    session = officer("u1");
    browser by;
    int beats = 0;
    listen_until(quick, by, [&] {
        if (by.pieces == 1)
            quick.publish({complaint_change("PA-1", "u2")}); // not for this one
        beats += by.text.ends_with("\n\n") && by.text.find("\n:\n") != std::string::npos ? 1 : 0;
        return beats == 3;
    });
    EXPECT_THAT(by.events, IsEmpty());
    EXPECT_GE(looks, 3) << "the session is looked at again";
    browser again;
    listen(quick, again, by.last_id);
    EXPECT_THAT(again.events, IsEmpty());
}

TEST_F(EventHub, TheEndOfTheSessionIsAnnouncedOnceAndEndsTheStream)
{
    session.ends = noon + 3min;
    browser by;
    const auto wake = [this] { hub.publish_reference(); };
    listen(
        hub,
        by,
        "",
        {wake,
         [&] {
             now = noon + 1min;
             wake();
         },
         [&] {
             now = noon + 2min;
             wake();
         },
         [&] {
             now = noon + 3min;
             wake();
         }});
    EXPECT_TRUE(has_ended);
    EXPECT_THAT(
        by.names(), ElementsAre("reference", "session", "reference", "reference", "session"));
    EXPECT_EQ(by.events[1].data, R"({"ends_at":"2026-11-22T05:03:00Z"})");
    EXPECT_EQ(by.events[4].data, R"({"ends_at":"2026-11-22T05:03:00Z"})");
    EXPECT_EQ(looks, 1) << "whether it was used meanwhile";
}

TEST_F(EventHub, ASessionUsedMeanwhileGoesOn)
{
    session.ends = noon + 3min;
    browser by;
    listen(hub, by, "", {[&] {
               session.ends = noon + 20min;
               now = noon + 3min;
               hub.publish_reference();
           }});
    EXPECT_FALSE(has_ended);
    EXPECT_THAT(by.names(), ElementsAre("reference"));
}

TEST_F(EventHub, AnEndedSessionHearsNothingMore)
{
    browser by;
    listen(hub, by, "", {[&] {
               session.active = false;
               app::change reference;
               reference.is = app::change::kind::reference;
               hub.publish({reference, complaint_change("PA-1", "u1")});
           }});
    EXPECT_TRUE(has_ended);
    EXPECT_THAT(by.names(), ElementsAre("session"));
    EXPECT_EQ(by.events[0].data, R"({"ends_at":"2026-11-22T05:00:00Z"})");
}

TEST_F(EventHub, ASessionHasFourStreamsAtMost)
{
    asio::io_context context(1);
    std::vector<browser> browsers(5);
    asio::cancellation_signal end;
    for (int i = 0; i < 4; ++i) {
        EXPECT_TRUE(hub.has_room("s1"));
        auto& by = browsers[static_cast<std::size_t>(i)];
        // The producer lives as long as its stream, as in a response.
        auto producer =
            std::make_shared<http::body_producer>(hub.stream("", "s1", session, asked()));
        const auto ended = [producer](const std::exception_ptr&) {};
        if (i == 0)
            asio::co_spawn(
                context, (*producer)(by), asio::bind_cancellation_slot(end.slot(), ended));
        else
            asio::co_spawn(context, (*producer)(by), ended);
    }
    context.poll();
    EXPECT_FALSE(hub.has_room("s1"));
    EXPECT_TRUE(hub.has_room("s2"));
    end.emit(asio::cancellation_type::terminal);
    context.poll();
    EXPECT_TRUE(hub.has_room("s1"));
}

// --- presence

json there(const std::string& id, bool composing)
{
    return {{"staff_id", id}, {"composing", composing}};
}

TEST_F(EventHub, WhoComesWritesAndLeavesIsTold)
{
    browser by;
    listen(hub, by, "", {[this] {
               EXPECT_EQ(
                   hub.enter("PA-1", "u1", "an", false),
                   (json{{"code", "PA-1"}, {"staff", {there("an", false)}}}));
               hub.enter("PA-1", "u1", "an", false); // nothing new
               hub.enter("PA-1", "u1", "ha", true);
               hub.enter("PA-1", "u1", "ha", false);
               hub.leave("PA-1", "an");
               hub.leave("PA-1", "an");
               hub.leave("PA-2", "an");
           }});
    ASSERT_THAT(by.names(), ElementsAre("presence", "presence", "presence", "presence"));
    EXPECT_EQ(
        json::parse(by.events[1].data)["staff"],
        json::array({there("an", false), there("ha", true)}));
    EXPECT_EQ(json::parse(by.events[3].data)["staff"], json::array({there("ha", false)}));
}

TEST_F(EventHub, PresenceIsForThoseWhoSeeTheCase)
{
    browser by;
    session = officer("u2");
    listen(hub, by, "", {[this] { hub.enter("PA-1", "u1", "an", false); }});
    EXPECT_THAT(by.events, IsEmpty());
}

TEST_F(EventHub, WhoIsSilentIsForgotten)
{
    event_hub quick([this] { return now; }, {.presence = 10ms});
    browser by;
    listen_until(quick, by, [&] {
        if (by.pieces == 1)
            quick.enter("PA-1", "u1", "an", false);
        return by.events.size() == 2;
    });
    ASSERT_THAT(by.names(), ElementsAre("presence", "presence"));
    EXPECT_EQ(by.events[1].data, R"({"code":"PA-1","staff":[]})");
}

TEST_F(EventHub, NobodyIsOnTooManyPages)
{
    event_hub small([this] { return now; }, {.cases_per_member = 2});
    small.enter("PA-1", "u1", "an", false);
    small.enter("PA-2", "u1", "an", false);
    small.enter("PA-1", "u1", "an", false); // the longest ago is now PA-2
    small.enter("PA-3", "u1", "an", false);
    EXPECT_EQ(small.enter("PA-1", "u1", "ha", false)["staff"].size(), 2U);
    EXPECT_EQ(small.enter("PA-2", "u1", "ha", false)["staff"].size(), 1U);
}

} // namespace
} // namespace motcua::staff_api
