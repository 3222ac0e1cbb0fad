#include "support/run_coroutine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/zalo/client.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/simulator/simulator.hpp>
#include <motcua/support/task_group.hpp>
#include <motcua/support/within.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace motcua::simulator {
namespace {

namespace beast = boost::beast;
using asio::ip::tcp;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);
constexpr auto secret = "test-secret";
constexpr auto access_token = "test-token";

struct reply
{
    unsigned status = 0; // 0 = the line was cut
    std::string text;
    std::map<std::string, std::string> fields;
    json body() const { return json::parse(text); }
};

asio::awaitable<reply> fetch(
    std::string base,
    std::string method,
    std::string target,
    std::string body,
    std::map<std::string, std::string> fields)
{
    beast::tcp_stream stream(co_await asio::this_coro::executor);
    const auto port = static_cast<std::uint16_t>(std::stoi(base.substr(base.rfind(':') + 1)));
    co_await stream.async_connect(
        tcp::endpoint(asio::ip::address_v4::loopback(), port), asio::use_awaitable);
    beast::http::request<beast::http::string_body> request;
    request.version(11);
    request.method_string(method);
    request.target(target);
    request.set(beast::http::field::host, "127.0.0.1");
    for (const auto& [name, value] : fields)
        request.set(name, value);
    request.body() = std::move(body);
    request.prepare_payload();
    co_await beast::http::async_write(stream, request, asio::use_awaitable);
    beast::flat_buffer buffer;
    beast::http::response<beast::http::string_body> response;
    auto [error, bytes] = co_await beast::http::async_read(stream, buffer, response, use_tuple);
    reply out;
    if (error)
        co_return out;
    out.status = response.result_int();
    out.text = response.body();
    for (const auto& field : response)
        out.fields[std::string(field.name_string())] = std::string(field.value());
    co_return out;
}

// The bot under test: keeps what comes and answers as told.
class SimulatorTest : public ::testing::Test
{
protected:
    SimulatorTest()
    {
        bot_ = http::make_server(
            context_.get_executor(), {}, [this](http::request got) { return on_event(got); });
        settings_.server = bot_->url();
        settings_.oa_secret_key = secret;
        settings_.access_token = access_token;
        settings_.retry_waits.assign(5, std::chrono::milliseconds(1));
        settings_.now = [this] { return now_ += std::chrono::milliseconds(1); };
        tasks_.spawn("bot", bot_->run());
    }

    void start()
    {
        simulator_ = make_simulator(context_.get_executor(), settings_);
        tasks_.spawn("simulator", simulator_->run());
    }

    void TearDown() override
    {
        asio::post(context_, [this] {
            simulator_->stop();
            bot_->stop(std::chrono::milliseconds(0));
        });
        EXPECT_TRUE(run_coroutine(context_, tasks_.join(std::chrono::seconds(4))))
            << "both stop cleanly";
    }

    asio::awaitable<http::response> on_event(http::request got)
    {
        http::response out;
        out.status = next_ < bot_answers.size() ? bot_answers[next_++] : 200;
        const auto event = json::parse(got.body, nullptr, false);
        const auto timestamp = event.is_object() ? event.value("timestamp", "") : std::string();
        signed_right.push_back(zalo::verify(
            got.field("x-zevent-signature"), settings_.app_id, got.body, timestamp, secret));
        retries.emplace_back(got.field("num_retry"));
        events.push_back(event);
        bodies.push_back(got.body);
        arrived_.cancel();
        if (bot_hangs)
            co_await sleep_for(std::chrono::hours(1));
        co_return out;
    }

    reply call(
        const std::string& method,
        const std::string& target,
        const json& body = nullptr,
        const std::map<std::string, std::string>& fields = {})
    {
        return run_coroutine(
            context_,
            fetch(
                simulator_->url(),
                method,
                target,
                body.is_null() ? std::string() : body.dump(),
                fields));
    }
    json get(const std::string& target) { return call("GET", target).body(); }
    json post(const std::string& target, const json& body)
    {
        return call("POST", target, body).body();
    }

    std::string new_citizen(const std::string& name = "An")
    {
        return post("/api/citizens", {{"name", name}})["id"].get<std::string>();
    }
    json act(const std::string& id, const std::string& what, const json& body = json::object())
    {
        return post("/api/citizens/" + id + "/" + what, body);
    }
    // A citizen who has written and so may be answered.
    std::string new_writer()
    {
        const auto id = new_citizen();
        act(id, "text", {{"text", "xin chào"}});
        return id;
    }

    reply send_as(
        const std::string& token, const json& body, const std::string& path = "/v3.0/oa/message/cs")
    {
        return call("POST", path, body, {{"access_token", token}});
    }
    int error_of(const json& message, const std::string& user)
    {
        const json body{{"recipient", {{"user_id", user}}}, {"message", message}};
        return send_as(access_token, body).body()["error"].get<int>();
    }

    void wait_for_events(std::size_t count)
    {
        run_coroutine(context_, until_events(count));
        ASSERT_GE(events.size(), count);
    }
    asio::awaitable<void> until_events(std::size_t count)
    {
        while (events.size() < count) {
            arrived_.expires_after(std::chrono::seconds(4));
            auto [error] = co_await arrived_.async_wait(use_tuple);
            if (!error)
                co_return; // in vain
        }
    }

    std::vector<std::string> names() const
    {
        std::vector<std::string> out;
        for (const auto& event : events)
            out.push_back(event.value("event_name", ""));
        return out;
    }

    asio::io_context context_{1};
    asio::steady_timer arrived_{context_};
    utc_time now_{std::chrono::milliseconds(1'795'140'000'000)};
    options settings_;
    std::unique_ptr<http::server> bot_;
    std::unique_ptr<simulator> simulator_;
    task_group tasks_{context_.get_executor()};

    std::vector<unsigned> bot_answers; // then 200
    bool bot_hangs = false;
    std::size_t next_ = 0;
    std::vector<json> events;
    std::vector<std::string> bodies;
    std::vector<bool> signed_right;
    std::vector<std::string> retries;
};

// --- webhooks ----------------------------------------------------------------------------------

TEST_F(SimulatorTest, ATextBecomesASignedEvent)
{
    start();
    const auto id = new_citizen();
    const auto sent = act(id, "text", {{"text", "lệ phí <b> bao nhiêu?\n\"ạ\""}});
    EXPECT_EQ(sent["status"], 200);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_THAT(signed_right, ElementsAre(true));
    const auto decoded = zalo::decode_event(bodies[0]);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->kind, dialogue::event_kind::text);
    EXPECT_EQ(decoded->user_id, id);
    EXPECT_EQ(decoded->oa_id, settings_.oa_id);
    EXPECT_EQ(decoded->app_id, settings_.app_id);
    EXPECT_EQ(decoded->text, "lệ phí <b> bao nhiêu?\n\"ạ\"");
    EXPECT_EQ(decoded->message_id, sent["message_id"]);
    EXPECT_EQ(decoded->timestamp, sent["timestamp"]);
}

TEST_F(SimulatorTest, EveryActionIsAnEventTheServerUnderstands)
{
    start();
    const auto id = new_citizen();
    act(id, "tap", {{"payload", "#phi:1"}, {"title", "Lệ phí"}});
    act(id, "image", {{"url", "https://a.example/x.jpg"}, {"text", "ổ gà"}});
    act(id, "location", {{"latitude", 11.310012}, {"longitude", 106.098317}});
    act(id, "unfollow");
    act(id, "follow");
    ASSERT_EQ(events.size(), 5U);
    std::vector<dialogue::inbound_event> decoded;
    for (const auto& body : bodies)
        decoded.push_back(zalo::decode_event(body).value());
    EXPECT_EQ(decoded[0].text, "#phi:1");
    EXPECT_EQ(decoded[1].kind, dialogue::event_kind::media);
    EXPECT_EQ(decoded[1].attachments.at(0).url, "https://a.example/x.jpg");
    EXPECT_EQ(decoded[1].text, "ổ gà");
    ASSERT_TRUE(decoded[2].where);
    EXPECT_DOUBLE_EQ(decoded[2].where->latitude, 11.310012);
    EXPECT_EQ(decoded[3].kind, dialogue::event_kind::unfollow);
    EXPECT_EQ(decoded[4].kind, dialogue::event_kind::follow);
    for (const auto& event : decoded)
        EXPECT_EQ(event.user_id, id);
    EXPECT_EQ(std::count(signed_right.begin(), signed_right.end(), true), 5);
}

TEST_F(SimulatorTest, AFailedWebhookClimbsTheLadderWithTheSameBody)
{
    bot_answers = {500, 503, 404};
    start();
    const auto sent = act(new_citizen(), "text", {{"text", "x"}});
    EXPECT_EQ(sent["status"], 500);
    wait_for_events(4);
    EXPECT_THAT(retries, ElementsAre("", "1", "2", "3"));
    for (const auto& body : bodies)
        EXPECT_EQ(body, bodies[0]);
    EXPECT_EQ(std::count(signed_right.begin(), signed_right.end(), true), 4);
    const auto counts = get("/api/deliveries");
    EXPECT_EQ(counts["sent"], 4);
    EXPECT_EQ(counts["failed"], 3);
    EXPECT_EQ(counts["acknowledged"], 1);
    EXPECT_EQ(counts["waiting"], 0);
}

TEST_F(SimulatorTest, TheLadderEnds)
{
    bot_answers.assign(100, 500);
    start();
    act(new_citizen(), "text", {{"text", "x"}});
    wait_for_events(6);
    // Each poll lets the simulator run; the last answer reaches it within a few.
    for (int i = 0; i < 100 && get("/api/deliveries")["waiting"] != 0; ++i) {
    }
    const auto counts = get("/api/deliveries");
    EXPECT_EQ(counts["given_up"], 1);
    EXPECT_EQ(counts["sent"], 6);
    EXPECT_EQ(counts["subscribed"], false);
}

TEST_F(SimulatorTest, WithTheLastRetryTheSubscriptionEnds)
{
    bot_answers.assign(6, 500);
    start();
    const auto id = new_citizen();
    act(id, "text", {{"text", "một"}});
    wait_for_events(6);
    for (int i = 0; i < 100 && get("/api/deliveries")["waiting"] != 0; ++i) {
    }
    EXPECT_EQ(act(id, "text", {{"text", "hai"}})["reason"], "not subscribed");
    EXPECT_EQ(get("/api/citizens/" + id + "/messages")["messages"][1]["status"], "failed");
    EXPECT_EQ(post("/api/deliveries/subscribe", json::object())["subscribed"], true);
    act(id, "text", {{"text", "ba"}});
    const auto counts = get("/api/deliveries");
    EXPECT_EQ(counts["dropped"], 1);
    EXPECT_EQ(counts["acknowledged"], 1);
}

TEST_F(SimulatorTest, TicksFollowTheDelivery)
{
    bot_answers = {500};
    settings_.retry_waits = {std::chrono::hours(1)};
    start();
    const auto id = new_citizen();
    act(id, "text", {{"text", "một"}});
    act(id, "text", {{"text", "hai"}});
    const auto messages = get("/api/citizens/" + id + "/messages")["messages"];
    EXPECT_EQ(messages[0]["status"], "failed");
    EXPECT_EQ(messages[1]["status"], "received");
}

TEST_F(SimulatorTest, ACitizensEventsArriveInOrder)
{
    start();
    const auto first = new_citizen();
    const auto second = new_citizen();
    for (int i = 0; i < 20; ++i) {
        act(first, "text", {{"text", std::to_string(i)}, {"wait", false}});
        act(second, "text", {{"text", std::to_string(i)}, {"wait", false}});
    }
    wait_for_events(40);
    std::map<std::string, std::vector<std::string>> texts;
    for (const auto& event : events)
        texts[event["sender"]["id"].get<std::string>()].push_back(
            event["message"]["text"].get<std::string>());
    for (const auto& [id, of_one] : texts)
        for (std::size_t i = 0; i < of_one.size(); ++i)
            EXPECT_EQ(of_one[i], std::to_string(i));
    EXPECT_EQ(texts.size(), 2U);
}

TEST_F(SimulatorTest, DuplicatesAreTheSameBytes)
{
    start();
    act(new_citizen(), "text", {{"text", "x"}, {"copies", 3}});
    wait_for_events(3);
    EXPECT_EQ(bodies[0], bodies[1]);
    EXPECT_EQ(bodies[0], bodies[2]);
    EXPECT_THAT(retries, ElementsAre("", "", ""));
}

TEST_F(SimulatorTest, HeldEventsCanLeaveReversed)
{
    start();
    const auto id = new_citizen();
    post("/api/deliveries/hold", json::object());
    for (const auto* text : {"1", "2", "3"})
        EXPECT_EQ(act(id, "text", {{"text", text}})["reason"], "held");
    EXPECT_EQ(get("/api/deliveries")["waiting"], 3);
    EXPECT_THAT(events, IsEmpty());
    post("/api/deliveries/release", {{"order", "reversed"}});
    wait_for_events(3);
    EXPECT_EQ(events[0]["message"]["text"], "3");
    EXPECT_EQ(events[2]["message"]["text"], "1");
}

TEST_F(SimulatorTest, AnEventCanBeOld)
{
    start();
    const auto before = now_;
    act(new_citizen(), "text", {{"text", "x"}, {"age_ms", 90'000'000}});
    const auto decoded = zalo::decode_event(bodies.at(0));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_LT(decoded->at, before - std::chrono::hours(24));
}

TEST_F(SimulatorTest, AnyBytesCanBeSentSignedOrNot)
{
    start();
    const auto raw = [this](const std::string& query, const std::string& body) {
        return run_coroutine(
                   context_, fetch(simulator_->url(), "POST", "/api/events" + query, body, {}))
            .body()["status"];
    };
    bot_answers = {200, 401, 401, 200};
    EXPECT_EQ(raw("", R"({"event_name":"x","timestamp":"5"})"), 200);
    EXPECT_EQ(raw("?signature=wrong", R"({"event_name":"x","timestamp":"5"})"), 401);
    EXPECT_EQ(raw("?signature=none&num_retry=2", R"({"timestamp":"5"})"), 401);
    EXPECT_EQ(raw("?signature=none", "{}"), 200);
    EXPECT_THAT(signed_right, ElementsAre(true, false, false, false));
    EXPECT_EQ(retries[2], "2");
    EXPECT_EQ(bodies[3], "{}");
}

// --- the message API ---------------------------------------------------------------------------

TEST_F(SimulatorTest, TheClientTalksToIt)
{
    start();
    const auto id = new_writer();
    zalo::client_options options;
    options.api_base = simulator_->url();
    options.tokens = zalo::make_fixed_token(access_token);
    const auto client = zalo::make_client(context_.get_executor(), options);
    dialogue::outgoing_message message;
    message.text = "Dạ\n1. Lệ phí";
    message.buttons = {
        {"Lệ phí", dialogue::button_kind::query, "#phi"},
        {"Cổng", dialogue::button_kind::open_url, "https://a.example/"},
        {"Gọi", dialogue::button_kind::open_phone, "842763822233"}};
    const auto end = run_coroutine(context_, client->send(id, message));
    EXPECT_EQ(end.end, app::send_result::kind::sent);

    dialogue::outgoing_message list;
    list.elements = {
        {"Hộ tịch", "Khai sinh", "", {"", dialogue::button_kind::query, "#1"}},
        {"Đất đai", "", "", {"", dialogue::button_kind::open_url, "https://a.example/"}}};
    EXPECT_EQ(run_coroutine(context_, client->send(id, list)).end, app::send_result::kind::sent);

    const auto chat = get("/api/citizens/" + id + "/messages?after=0");
    ASSERT_EQ(chat["messages"].size(), 3U);
    EXPECT_EQ(chat["messages"][1]["from"], "oa");
    EXPECT_EQ(chat["messages"][1]["id"], end.message_id);
    EXPECT_EQ(chat["messages"][1]["text"], "Dạ\n1. Lệ phí");
    EXPECT_EQ(chat["messages"][1]["buttons"].size(), 3U);
    EXPECT_EQ(chat["messages"][2]["elements"].size(), 2U);
    const auto log = get("/api/messages?citizen=" + id);
    EXPECT_EQ(log["messages"].size(), 2U);
    EXPECT_EQ(log["messages"][0]["message"]["text"], "Dạ\n1. Lệ phí");
}

TEST_F(SimulatorTest, EchoesAndReceiptsFollowAMessage)
{
    start();
    const auto id = new_writer();
    const json body{{"recipient", {{"user_id", id}}}, {"message", {{"text", "Dạ"}}}};
    const auto sent = send_as(access_token, body).body()["data"]["message_id"];
    wait_for_events(2);
    EXPECT_EQ(events[1]["event_name"], "oa_send_text");
    EXPECT_EQ(events[1]["message"]["msg_id"], sent);
    EXPECT_EQ(events[1]["message"]["text"], "Dạ");
    EXPECT_EQ(zalo::decode_event(bodies[1])->user_id, id);
    EXPECT_EQ(zalo::decode_event(bodies[1])->admin_id, "");

    get("/api/citizens/" + id + "/messages");
    get("/api/citizens/" + id + "/messages");
    wait_for_events(4);
    EXPECT_THAT(
        names(),
        ElementsAre(
            "user_send_text", "oa_send_text", "user_received_message", "user_seen_message"));
    EXPECT_EQ(zalo::decode_event(bodies[2])->receipt_ids.at(0), sent);
    EXPECT_EQ(zalo::decode_event(bodies[3])->receipt_ids.at(0), sent);
}

TEST_F(SimulatorTest, EchoesAndReceiptsCanBeSwitchedOff)
{
    start();
    const auto id = new_writer();
    post("/api/settings", {{"receipts", false}, {"echoes", false}});
    EXPECT_EQ(error_of({{"text", "Dạ"}}, id), 0);
    get("/api/citizens/" + id + "/messages");
    act(id, "text", {{"text", "dấu cuối"}});
    EXPECT_THAT(names(), ElementsAre("user_send_text", "user_send_text"));
}

TEST_F(SimulatorTest, AnAdminsReplyIsAnEchoWithTheAdminsId)
{
    start();
    const auto id = new_writer();
    post("/api/admin-reply", {{"citizen", id}, {"text", "Tôi là cán bộ"}});
    ASSERT_EQ(events.size(), 2U);
    const auto echo = zalo::decode_event(bodies[1]);
    EXPECT_EQ(echo->kind, dialogue::event_kind::echo);
    EXPECT_NE(echo->admin_id, "");
    EXPECT_EQ(echo->user_id, id);
    EXPECT_EQ(get("/api/citizens/" + id + "/messages")["messages"][1]["from"], "admin");
}

TEST_F(SimulatorTest, ChecksTheToken)
{
    start();
    const json body{{"recipient", {{"user_id", new_writer()}}}, {"message", {{"text", "x"}}}};
    EXPECT_EQ(send_as("other", body).body()["error"], -216);
    EXPECT_EQ(send_as("", body).body()["error"], -216);
    EXPECT_EQ(call("POST", "/v3.0/oa/message/cs", body).body()["error"], -216);
    EXPECT_EQ(send_as(access_token, body).body()["error"], 0);
    EXPECT_EQ(get("/api/messages")["refused"].size(), 3U);
}

std::string repeated(std::string_view part, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += part;
    return out;
}

json with_buttons(int count, const json& button)
{
    json buttons = json::array();
    for (int i = 0; i < count; ++i)
        buttons.push_back(button);
    const json payload{{"buttons", buttons}};
    return {{"text", "x"}, {"attachment", {{"type", "template"}, {"payload", payload}}}};
}

json list_of(int count, const json& element)
{
    json elements = json::array();
    for (int i = 0; i < count; ++i)
        elements.push_back(element);
    const json payload{{"template_type", "list"}, {"elements", elements}};
    return {{"attachment", {{"type", "template"}, {"payload", payload}}}};
}

TEST_F(SimulatorTest, ChecksShapeAndLimits)
{
    start();
    const auto id = new_writer();
    const json query{{"title", "A"}, {"type", "oa.query.hide"}, {"payload", "#a"}};
    const auto changed = [](json value, const char* key, const json& to) {
        value[key] = to;
        return value;
    };
    const std::vector<std::pair<json, int>> table{
        {{{"text", repeated("ệ", 2000)}}, 0},
        {{{"text", repeated("ệ", 2001)}}, -210},
        {{{"text", ""}}, -201},
        {{{"text", 5}}, -201},
        {json::object(), -201},
        {"x", -201},
        {with_buttons(5, query), 0},
        {with_buttons(6, query), -210},
        {with_buttons(0, query), -201},
        {with_buttons(1, changed(query, "title", "")), -201},
        {with_buttons(1, changed(query, "title", repeated("ệ", 100))), 0},
        {with_buttons(1, changed(query, "title", repeated("ệ", 101))), -210},
        {with_buttons(1, changed(query, "payload", repeated("p", 1001))), -210},
        {with_buttons(1, changed(query, "payload", json::object())), -201},
        {with_buttons(1, changed(query, "type", "oa.click")), -201},
        {with_buttons(1, {{"title", "A"}, {"type", "oa.open.url"}, {"payload", "https://a"}}),
         -201},
        {with_buttons(
             1, {{"title", "A"}, {"type", "oa.open.url"}, {"payload", {{"url", "https://a"}}}}),
         0},
        {with_buttons(
             1, {{"title", "A"}, {"type", "oa.open.phone"}, {"payload", {{"phone_code", "84"}}}}),
         0},
        {with_buttons(1, {{"title", "A"}, {"type", "oa.open.phone"}, {"payload", "84"}}), -201},
        {list_of(5, {{"title", "A"}, {"subtitle", "b"}}), 0},
        {list_of(1, {{"title", "A"}}), -201},
        {list_of(6, {{"title", "A"}}), -210},
        {list_of(0, {}), -201},
        {list_of(1, {{"title", repeated("ệ", 101)}}), -210},
        {list_of(1, {{"title", "A"}, {"subtitle", repeated("ệ", 501)}}), -210},
        {list_of(
             1,
             {{"title", "A"},
              {"subtitle", "b"},
              {"default_action", {{"type", "oa.open.url"}, {"url", "https://a"}}}}),
         0},
        {list_of(
             1,
             {{"title", "A"},
              {"subtitle", "b"},
              {"default_action", {{"type", "oa.open.url"}, {"payload", {{"url", "https://a"}}}}}}),
         -201},
        {{{"text", "x"}, {"attachment", {{"type", "file"}, {"payload", json::object()}}}}, -201},
        {{{"text", "x"}, {"attachment", {{"type", "template"}, {"payload", json::object()}}}},
         -201},
    };
    int accepted = 0;
    for (const auto& [message, want] : table) {
        EXPECT_EQ(error_of(message, id), want) << message.dump().substr(0, 200);
        accepted += want == 0 ? 1 : 0;
    }
    EXPECT_EQ(error_of({{"text", "x"}}, ""), -201);
    EXPECT_EQ(error_of({{"text", "x"}}, "6130000000000009999"), -213);
    EXPECT_EQ(get("/api/messages")["messages"].size(), static_cast<std::size_t>(accepted));
}

TEST_F(SimulatorTest, TheWindowIsSevenDays)
{
    start();
    const auto id = new_writer();
    now_ += std::chrono::hours(7 * 24) - std::chrono::minutes(1);
    EXPECT_EQ(error_of({{"text", "x"}}, id), 0);
    now_ += std::chrono::minutes(2);
    EXPECT_EQ(error_of({{"text", "x"}}, id), -230);
    act(id, "tap", {{"payload", "#a"}});
    EXPECT_EQ(error_of({{"text", "x"}}, id), 0);
    act(id, "unfollow");
    EXPECT_EQ(error_of({{"text", "x"}}, id), -213);
    EXPECT_EQ(error_of({{"text", "x"}}, new_citizen()), -232);
}

TEST_F(SimulatorTest, TheTypeOfOaDecidesThePath)
{
    settings_.type = oa_type::state_agency;
    start();
    const json body{{"recipient", {{"user_id", new_writer()}}}, {"message", {{"text", "x"}}}};
    EXPECT_EQ(send_as(access_token, body).body()["error"], -235);
    EXPECT_EQ(send_as(access_token, body, "/v2.0/oa/message").body()["error"], 0);
    post("/api/settings", {{"oa_type", "enterprise"}});
    EXPECT_EQ(send_as(access_token, body).body()["error"], 0);
    EXPECT_EQ(send_as(access_token, body, "/v2.0/oa/message").body()["error"], -240);
}

TEST_F(SimulatorTest, TheRateIsLimitedPerMinute)
{
    settings_.sends_per_minute = 3;
    start();
    const auto id = new_writer();
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(error_of({{"text", "x"}}, id), 0);
    EXPECT_EQ(error_of({{"text", "x"}}, id), -32);
    now_ += std::chrono::minutes(1);
    EXPECT_EQ(error_of({{"text", "x"}}, id), 0);
}

struct fault_case
{
    std::string kind;
    unsigned status;
    bool acts;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const fault_case& value, std::ostream* out)
{
    *out << value.kind;
}

class FaultTest : public SimulatorTest, public ::testing::WithParamInterface<fault_case>
{
};

TEST_P(FaultTest, StrikesAsOftenAsPlannedAndActsOrNot)
{
    start();
    const auto id = new_writer();
    const auto& want = GetParam();
    post("/api/faults", {{"kind", want.kind}, {"times", 2}, {"delay_ms", 20}});
    const json body{{"recipient", {{"user_id", id}}}, {"message", {{"text", "x"}}}};
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(send_as(access_token, body).status, want.status);
    EXPECT_EQ(get("/api/messages")["messages"].size(), want.acts ? 2U : 0U);
    EXPECT_EQ(send_as(access_token, body).body()["error"], 0) << "then all is well";
}

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    FaultTest,
    ::testing::Values(
        fault_case{"cut_before", 0, false},
        fault_case{"cut_after", 0, true},
        fault_case{"delay", 200, true},
        fault_case{"429", 429, false},
        fault_case{"500", 500, false},
        fault_case{"html", 200, false},
        fault_case{"half_json", 200, true},
        fault_case{"error:-211", 200, false}),
    [](const auto& one) {
        auto name = "Fault_" + one.param.kind;
        std::replace_if(
            name.begin(), name.end(), [](char c) { return c == ':' || c == '-'; }, '_');
        return name;
    });

TEST_F(SimulatorTest, APlannedErrorHasItsCode)
{
    start();
    const auto id = new_writer();
    post("/api/faults", {{"kind", "error:-211"}});
    EXPECT_EQ(error_of({{"text", "x"}}, id), -211);
    EXPECT_EQ(call("POST", "/api/faults", {{"kind", "flood"}}).status, 400U);
    post("/api/faults", {{"kind", "500"}, {"times", 9}});
    EXPECT_THAT(post("/api/faults", {{"kind", "none"}})["faults"], IsEmpty());
    EXPECT_EQ(error_of({{"text", "x"}}, id), 0);
}

TEST_F(SimulatorTest, FaultsByChanceAreTheSameForTheSameSeed)
{
    start();
    const auto id = new_writer();
    const json body{{"recipient", {{"user_id", id}}}, {"message", {{"text", "x"}}}};
    const auto strike = [&] {
        post(
            "/api/faults",
            {{"seed", 7}, {"rates", {{"500", 0.3}, {"cut_before", 0.2}, {"error:-200", 0.1}}}});
        std::vector<unsigned> statuses;
        for (int i = 0; i < 30; ++i)
            statuses.push_back(send_as(access_token, body).status);
        return statuses;
    };
    const auto first = strike();
    EXPECT_EQ(strike(), first);
    EXPECT_GT(std::count(first.begin(), first.end(), 500U), 0);
    EXPECT_GT(std::count(first.begin(), first.end(), 0U), 0);
    EXPECT_GT(std::count(first.begin(), first.end(), 200U), 5);
    post("/api/faults", {{"kind", "none"}});
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(error_of({{"text", "x"}}, id), 0);
    EXPECT_EQ(call("POST", "/api/faults", {{"rates", {{"500", 0.7}, {"429", 0.7}}}}).status, 400U);
    EXPECT_EQ(call("POST", "/api/faults", {{"rates", {{"flood", 0.1}}}}).status, 400U);
}

asio::awaitable<bool> is_refused(std::uint16_t port)
{
    tcp::socket socket(co_await asio::this_coro::executor);
    const tcp::endpoint there(asio::ip::address_v4::loopback(), port);
    auto [error] = co_await socket.async_connect(there, use_tuple);
    co_return error == asio::error::connection_refused;
}

TEST_F(SimulatorTest, ItCanRefuseConnectionsForAWhile)
{
    start();
    const auto id = new_writer();
    const auto url = simulator_->url();
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    post("/api/faults", {{"kind", "refuse"}, {"delay_ms", 50}});
    EXPECT_TRUE(run_coroutine(context_, is_refused(port)));
    bool back = false;
    for (int i = 0; i < 5000 && !back; ++i)
        back = !run_coroutine(context_, is_refused(port));
    EXPECT_TRUE(back);
    EXPECT_EQ(simulator_->url(), url);
    EXPECT_EQ(error_of({{"text", "x"}}, id), 0) << "and remembers its citizens";
}

TEST_F(SimulatorTest, TheClockCanBeMoved)
{
    start();
    const auto id = new_writer();
    constexpr std::int64_t week_ms = 7 * 24 * 3600 * 1000;
    post("/api/clock", {{"advance_ms", week_ms - 60'000}});
    EXPECT_EQ(error_of({{"text", "x"}}, id), 0);
    post("/api/clock", {{"advance_ms", 120'000}});
    EXPECT_EQ(error_of({{"text", "x"}}, id), -230);
}

TEST_F(SimulatorTest, AfterTwoDaysAMessageIsCharged)
{
    start();
    const auto id = new_writer();
    const json body{{"recipient", {{"user_id", id}}}, {"message", {{"text", "x"}}}};
    EXPECT_EQ(send_as(access_token, body).body()["data"]["quota"]["quota_type"], "reply");
    post("/api/clock", {{"advance_ms", 49 * 3600 * 1000}});
    EXPECT_FALSE(send_as(access_token, body).body()["data"].contains("quota"));
}

json attachment(const json& payload, const std::string& type = "template")
{
    return {{"attachment", {{"type", type}, {"payload", payload}}}};
}

TEST_F(SimulatorTest, ChecksMediaFilesAndInfoRequests)
{
    start();
    const auto id = new_writer();
    const auto media = [](const json& element) {
        return attachment({{"template_type", "media"}, {"elements", json::array({element})}});
    };
    const auto request = [](const json& element) {
        return attachment(
            {{"template_type", "request_user_info"}, {"elements", json::array({element})}});
    };
    const json asks{{"title", "A"}, {"subtitle", "b"}, {"image_url", "https://a/i.png"}};
    auto http = asks;
    http["image_url"] = "http://a/i.png";
    auto with_text = request(asks);
    with_text["text"] = "x";
    const std::vector<std::pair<json, int>> table{
        {media({{"media_type", "image"}, {"url", "https://a/i.png"}}), 0},
        {media({{"media_type", "image"}, {"url", "http://a/i.png"}}), -201},
        {media({{"media_type", "film"}, {"url", "https://a/i.png"}}), -201},
        {media({{"media_type", "image"}}), -201},
        {media({{"media_type", "image"}, {"attachment_id", "none"}}), -201},
        {attachment({{"token", "none"}}, "file"), -201},
        {request(asks), 0},
        {request(http), -201},
        {with_text, -201}};
    for (const auto& [message, want] : table)
        EXPECT_EQ(error_of(message, id), want) << message.dump();
}

TEST_F(SimulatorTest, UploadsAreKeptSevenDays)
{
    start();
    const auto id = new_writer();
    zalo::client_options options;
    options.api_base = simulator_->url();
    options.tokens = zalo::make_fixed_token(access_token);
    const auto client = zalo::make_client(context_.get_executor(), options);
    const auto image = run_coroutine(
        context_, client->upload(zalo::upload_kind::image, "a.png", "\x89PNG\r\n\x1A\nx"));
    ASSERT_EQ(image.end, app::send_result::kind::sent) << image.reason;
    const auto file =
        run_coroutine(context_, client->upload(zalo::upload_kind::file, "a.pdf", "%PDF-1.4"));
    ASSERT_EQ(file.end, app::send_result::kind::sent) << file.reason;
    dialogue::outgoing_message message;
    message.attached = {dialogue::media_kind::image, "", image.id};
    EXPECT_EQ(run_coroutine(context_, client->send(id, message)).reason, "");
    dialogue::outgoing_message form;
    form.attached = {dialogue::media_kind::file, "", file.id};
    EXPECT_EQ(run_coroutine(context_, client->send(id, form)).reason, "");
    wait_for_events(3);
    EXPECT_EQ(zalo::decode_event(bodies[1])->event_name, "oa_send_image");
    EXPECT_EQ(zalo::decode_event(bodies[2])->event_name, "oa_send_file");
    post("/api/clock", {{"advance_ms", 8LL * 24 * 3600 * 1000}});
    act(id, "text", {{"text", "còn đó không"}});
    EXPECT_EQ(error_of(attachment({{"token", file.id}}, "file"), id), -100);
    const auto wrong = call(
        "POST",
        "/v2.0/oa/upload/image",
        nullptr,
        {{"access_token", access_token}, {"Content-Type", "multipart/form-data; boundary=b"}});
    EXPECT_EQ(wrong.body()["error"], -201);
}

TEST_F(SimulatorTest, ABasicPackageSendsWordsOnly)
{
    settings_.package = oa_package::basic;
    start();
    const auto id = new_writer();
    const json query{{"title", "A"}, {"type", "oa.query.hide"}, {"payload", "#a"}};
    EXPECT_EQ(error_of(with_buttons(1, query), id), -224);
    EXPECT_EQ(error_of({{"text", "x"}}, id), 0);
    post("/api/settings", {{"package", "advanced"}});
    EXPECT_EQ(error_of(with_buttons(1, query), id), 0);
}

TEST_F(SimulatorTest, ApprovedTemplatesGoWithoutAWindow)
{
    start();
    const auto id = new_citizen();
    const auto send = [&](const json& body) {
        return send_as(access_token, body, "/v3.0/oa/message/template").body()["error"];
    };
    const json body{{"user_id", id}, {"template_id", "100001"}, {"template_data", {{"ma", "H12"}}}};
    EXPECT_EQ(error_of({{"text", "x"}}, id), -232);
    EXPECT_EQ(send(body), 0);
    auto other = body;
    other["template_id"] = "5";
    EXPECT_EQ(send(other), -201);
    other = body;
    other["template_data"] = "x";
    EXPECT_EQ(send(other), -201);
    other = body;
    other["user_id"] = "6130000000000009999";
    EXPECT_EQ(send(other), -213);
    wait_for_events(1);
    EXPECT_EQ(
        zalo::decode_event(bodies.at(0))->attachments.at(0).description, "Mẫu 100001\nma: H12");
}

TEST_F(SimulatorTest, TheConversationCanBeReadBack)
{
    start();
    const auto id = new_writer();
    for (int i = 0; i < 12; ++i)
        EXPECT_EQ(error_of({{"text", std::to_string(i)}}, id), 0);
    zalo::client_options options;
    options.api_base = simulator_->url();
    options.tokens = zalo::make_fixed_token(access_token);
    const auto client = zalo::make_client(context_.get_executor(), options);
    const auto first = run_coroutine(context_, client->read_back(id, 0));
    ASSERT_EQ(first.messages.size(), 10U);
    EXPECT_EQ(first.messages[0].trace, "11");
    EXPECT_TRUE(first.messages[0].by_oa);
    const auto second = run_coroutine(context_, client->read_back(id, 10));
    ASSERT_EQ(second.messages.size(), 3U);
    EXPECT_EQ(second.messages[2].trace, "xin chào");
    EXPECT_FALSE(second.messages[2].by_oa);
    const auto many = call(
        "GET",
        "/v2.0/oa/conversation?data=%7B%22user_id%22%3A%22" + id +
            "%22%2C%22offset%22%3A0%2C%22count%22%3A11%7D",
        nullptr,
        {{"access_token", access_token}});
    EXPECT_EQ(many.body()["error"], -210);
    EXPECT_EQ(call("GET", "/v2.0/oa/conversation?data=x").body()["error"], -216);
}

TEST_F(SimulatorTest, TellsAboutTheOaAndTheQuota)
{
    settings_.type = oa_type::state_agency;
    start();
    const auto id = new_writer();
    const std::map<std::string, std::string> token{{"access_token", access_token}};
    const auto info = call("GET", "/v2.0/oa/getoa", nullptr, token).body()["data"];
    EXPECT_EQ(info["oa_type"], 4);
    EXPECT_EQ(info["oa_id"], settings_.oa_id);
    const auto quota =
        call("POST", "/v3.0/oa/quota/message", {{"user_id", id}}, token).body()["data"];
    EXPECT_EQ(quota["cs_reply"]["remain"], 8);
    const auto nothing = call("GET", "/v2.0/oa/nothing", nullptr, token);
    EXPECT_EQ(nothing.status, 404U);
    EXPECT_EQ(nothing.fields.at("X-RateLimit-Limit"), "4000");
}

TEST_F(SimulatorTest, SharedInfoIsAnEvent)
{
    start();
    const auto id = new_citizen();
    act(id, "submit-info", {{"name", "An"}, {"phone", "84900000123"}, {"ward", "Phường Mẫu"}});
    const auto event = zalo::decode_event(bodies.at(0));
    ASSERT_TRUE(event && event->info);
    EXPECT_EQ(event->kind, dialogue::event_kind::submit_info);
    EXPECT_EQ(event->info->phone, "84900000123");
    EXPECT_EQ(event->info->address, "Phường Mẫu");
    EXPECT_EQ(event->user_id, id);
}

// --- chat --------------------------------------------------------------------------------------

TEST_F(SimulatorTest, APollEndsWithTheNextMessage)
{
    start();
    const auto id = new_writer();
    const auto last = get("/api/citizens/" + id + "/messages")["last"].get<int>();
    std::optional<reply> polled;
    struct poller
    {
        static asio::awaitable<void>
        run(std::string base, std::string target, std::optional<reply>& out)
        {
            out = co_await fetch(std::move(base), "GET", std::move(target), "", {});
        }
    };
    tasks_.spawn(
        "poll",
        poller::run(
            simulator_->url(),
            "/api/citizens/" + id + "/messages?after=" + std::to_string(last) + "&wait_ms=25000",
            polled));
    EXPECT_EQ(get("/api/citizens")["citizens"].size(), 1U);
    EXPECT_FALSE(polled);
    EXPECT_EQ(error_of({{"text", "đây"}}, id), 0);
    for (int i = 0; i < 100 && !polled; ++i)
        get("/api/citizens");
    ASSERT_TRUE(polled);
    EXPECT_EQ(polled->body()["messages"][0]["text"], "đây");
}

TEST_F(SimulatorTest, StopEndsWaitingPolls)
{
    start();
    const auto id = new_citizen();
    struct poller
    {
        static asio::awaitable<void> run(std::string base, std::string target)
        {
            co_await fetch(std::move(base), "GET", std::move(target), "", {});
        }
    };
    tasks_.spawn(
        "poll", poller::run(simulator_->url(), "/api/citizens/" + id + "/messages?wait_ms=25000"));
    get("/api/citizens"); // the poll is waiting; TearDown stops
}

TEST_F(SimulatorTest, StopDoesNotWaitForTheRetryOfADeliveryUnderWay)
{
    settings_.retry_waits.assign(1, std::chrono::hours(1));
    bot_hangs = true;
    start();
    act(new_citizen(), "text", {{"text", "xin chào"}, {"wait", false}});
    wait_for_events(1); // the bot has it and does not answer; TearDown stops
}

TEST_F(SimulatorTest, ThePageIsServedAndKeepsToItself)
{
    start();
    const auto page = call("GET", "/");
    EXPECT_EQ(page.status, 200U);
    EXPECT_THAT(page.fields.at("Content-Type"), HasSubstr("text/html"));
    EXPECT_THAT(page.fields.at("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(page.text, HasSubstr("Một Cửa"));
    EXPECT_THAT(page.text, ::testing::Not(HasSubstr("innerHTML")));
    EXPECT_THAT(page.text, ::testing::Not(HasSubstr("src=\"http")));
}

TEST_F(SimulatorTest, WhatCitizensDoBesidesWritingIsUnderstoodToo)
{
    using enum dialogue::event_kind;
    start();
    const auto id = new_citizen();
    act(id, "image", {{"url", {"https://a.example/1.jpg", "https://a.example/2.jpg"}}});
    act(id,
        "file",
        {{"url", "https://a.example/k"},
         {"name", "Tờ khai.pdf"},
         {"size", "1234"},
         {"type", "pdf"}});
    act(id, "audio", {{"url", "https://a.example/v.amr"}});
    act(id, "video", {{"url", "https://a.example/v.mp4"}, {"thumbnail", "https://a.example/t"}});
    act(id, "sticker", {{"url", "https://a.example/s"}, {"id", "s7"}});
    act(id, "business-card", {{"name", "An"}, {"phone", "84900000123"}});
    act(id, "submit-info", {{"name", "An"}, {"phone", "84900000123"}, {"ward", "Phường Mẫu"}});
    act(id, "react", {{"message_id", "m7"}, {"icon", "/-heart"}});
    act(id, "click-chat");
    act(id, "withdraw");
    std::vector<dialogue::inbound_event> decoded;
    for (const auto& body : bodies)
        decoded.push_back(zalo::decode_event(body).value());
    ASSERT_EQ(decoded.size(), 10U);
    for (const auto& event : decoded)
        EXPECT_EQ(event.user_id, id) << event.event_name;
    EXPECT_EQ(decoded[0].attachments.size(), 2U);
    EXPECT_EQ(decoded[1].attachments.at(0).name, "Tờ khai.pdf");
    EXPECT_EQ(decoded[1].attachments.at(0).size, 1234);
    EXPECT_EQ(decoded[2].attachments.at(0).type, "audio");
    EXPECT_EQ(decoded[3].attachments.at(0).thumbnail, "https://a.example/t");
    EXPECT_EQ(decoded[4].attachments.at(0).id, "s7");
    EXPECT_EQ(decoded[5].event_name, "user_send_business_card");
    EXPECT_NE(decoded[5].attachments.at(0).description.find("84900000123"), std::string::npos);
    EXPECT_EQ(decoded[6].kind, submit_info);
    ASSERT_TRUE(decoded[6].info);
    EXPECT_EQ(decoded[6].info->address, "Phường Mẫu");
    EXPECT_EQ(decoded[7].kind, reaction);
    EXPECT_EQ(decoded[7].quoted_message_id, "m7");
    EXPECT_EQ(decoded[8].kind, click_chat_now);
    EXPECT_EQ(decoded[9].kind, withdraw);
    const auto wrong = [&](const std::string& what) {
        return call("POST", "/api/citizens/" + id + "/" + what, json::object()).status;
    };
    for (const std::string what : {"image", "file", "audio", "location", "business-card", "react"})
        EXPECT_EQ(wrong(what), 400U) << what;
}

TEST_F(SimulatorTest, AnUploadedPictureCanBeFetched)
{
    start();
    const std::string bytes("\x89PNG\r\n\x1a\n\0x", 10);
    const auto stored = run_coroutine(
        context_,
        fetch(simulator_->url(), "POST", "/api/files", bytes, {{"Content-Type", "image/png"}}));
    ASSERT_EQ(stored.status, 201U);
    const auto url = stored.body()["url"].get<std::string>();
    const auto fetched = call("GET", url.substr(simulator_->url().size()));
    EXPECT_EQ(fetched.text, bytes);
    EXPECT_EQ(fetched.fields.at("Content-Type"), "image/png");
    const auto page = run_coroutine(
        context_,
        fetch(simulator_->url(), "POST", "/api/files", "<b>", {{"Content-Type", "text/html"}}));
    EXPECT_EQ(page.status, 415U);
}

TEST_F(SimulatorTest, WhatIsNotThereIsNotFound)
{
    start();
    EXPECT_EQ(call("GET", "/nothing").status, 404U);
    EXPECT_EQ(call("GET", "/api/nothing").status, 404U);
    EXPECT_EQ(call("POST", "/api/citizens/1/text", {{"text", "x"}}).status, 404U);
    EXPECT_EQ(
        call("POST", "/api/citizens/" + new_citizen() + "/dance", json::object()).status, 404U);
    EXPECT_EQ(call("GET", "/v3.0/oa/message/cs").status, 405U);
    EXPECT_EQ(call("POST", "/api/citizens/" + new_citizen() + "/text", json::array()).status, 400U);
    EXPECT_EQ(
        call("POST", "/api/citizens/" + new_citizen() + "/text", json::object()).status, 400U);
}

} // namespace
} // namespace motcua::simulator
