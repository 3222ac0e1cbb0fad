#include "attachment_routes.hpp"
#include "desk.hpp"
#include "live_routes.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace motcua::staff_api {
namespace {

using namespace std::chrono_literals;
using app::staff_role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class text_sink final : public http::body_sink
{
public:
    asio::awaitable<bool> write(std::string piece) override
    {
        text += piece;
        co_return true;
    }
    std::string text;
};

directory known_units()
{
    return {
        [](app::reader&) {
            return app::unit_tree({{"so", ""}, {"phong", "so"}, {"xa", ""}});
        },
        [](app::reader&) { return std::map<std::string, std::string>{}; },
        [](app::transaction& store, const app::audit_entry& entry) { store.audit().add(entry); }};
}

class LiveRoutes : public Desk
{
protected:
    LiveRoutes()
    {
        add_live_routes(routes, parts, sessions, known_units());
        add_attachment_routes(routes, parts, known_units());
    }
    ~LiveRoutes() override
    {
        end.emit(asio::cancellation_type::terminal);
        context.run();
    }

    // Opens a stream that is read as it comes.
    void listen()
    {
        answer_to_events = send("GET", "/events");
        ASSERT_EQ(answer_to_events.status, 200U) << answer_to_events.body;
        context.restart();
        asio::co_spawn(
            context,
            answer_to_events.stream(heard),
            asio::bind_cancellation_slot(end.slot(), [](const std::exception_ptr&) {}));
        hear();
    }
    void hear()
    {
        context.restart();
        while (context.poll() > 0)
            ;
    }
    // A case of the unit, filed as the chat does it.
    complaints::complaint file_one(const std::string& unit)
    {
        auto one = filed("Chậm trả kết quả");
        one.unit = unit;
        write([&](app::transaction& t) {
            one.id = t.complaints().add(one, {});
            t.complaints().add_history(one.id, {.at = now, .what = "file"});
        });
        hear();
        return one;
    }

    asio::cancellation_signal end;
    http::response answer_to_events;
    text_sink heard;
};

TEST_F(LiveRoutes, WhatTheChatFilesIsHeardByThoseWhoMaySeeIt)
{
    sign_in("binh", {staff_role::officer}, "so");
    listen();
    EXPECT_EQ(answer_to_events.content_type, "text/event-stream");
    const auto mine = file_one("phong");
    const auto other = file_one("xa");
    EXPECT_THAT(heard.text, HasSubstr("event: complaint\ndata: {\"code\":\"" + mine.code + "\""));
    EXPECT_THAT(heard.text, Not(HasSubstr(other.code)));
}

TEST_F(LiveRoutes, WhatWasRolledBackIsNotHeard)
{
    listen();
    EXPECT_THROW(
        write([this](app::transaction& t) {
            auto one = filed("Chậm trả kết quả");
            one.id = t.complaints().add(one, {});
            t.complaints().add_history(one.id, {.at = now, .what = "file"});
            throw std::runtime_error("undone");
        }),
        std::runtime_error);
    hear();
    EXPECT_THAT(heard.text, Not(HasSubstr("event:")));
}

TEST_F(LiveRoutes, ASessionHasFourStreamsAtMost)
{
    std::vector<text_sink> sinks(4);
    std::vector<http::response> answers;
    for (int i = 0; i < 4; ++i)
        answers.push_back(send("GET", "/events"));
    for (std::size_t i = 0; i < 4; ++i)
        asio::co_spawn(context, answers[i].stream(sinks[i]), [](const std::exception_ptr&) {});
    hear();
    const auto fifth = send("GET", "/events");
    EXPECT_EQ(fifth.status, 429U);
    EXPECT_EQ(json::parse(fifth.body)["type"], "urn:motcua:problem:too_many");
    sessions.by.session_id = "another";
    EXPECT_EQ(send("GET", "/events").status, 200U);
    context.stop();
}

TEST_F(LiveRoutes, PresenceIsToldToThoseWhoMaySeeTheCase)
{
    const auto one = file_one("phong");
    listen(); // a coordinator
    sign_in("binh", {staff_role::officer}, "so");
    const auto path = "/complaints/" + one.code + "/presence";
    const auto got = send("PUT", path, {{"composing", true}});
    EXPECT_EQ(got.status, 200U);
    EXPECT_EQ(
        json::parse(got.body),
        (json{{"code", one.code}, {"staff", {{{"staff_id", "binh"}, {"composing", true}}}}}));
    hear();
    EXPECT_THAT(heard.text, HasSubstr("event: presence\ndata: " + json::parse(got.body).dump()));
    EXPECT_EQ(send("DELETE", path).status, 204U);
    hear();
    EXPECT_THAT(heard.text, HasSubstr("\"staff\":[]"));

    EXPECT_EQ(send("PUT", path, {{"composing", 1}}).status, 422U);
    EXPECT_EQ(send("PUT", path, {{"composing", true}, {"more", 1}}).status, 422U);
    sign_in("cuc", {staff_role::officer}, "xa");
    EXPECT_EQ(send("PUT", path, {{"composing", true}}).status, 404U);
    EXPECT_EQ(send("DELETE", path).status, 404U);
    sign_in("cuc", {staff_role::editor});
    EXPECT_EQ(send("PUT", path, {{"composing", true}}).status, 403U);
}

TEST_F(LiveRoutes, ReferenceSaysWhatTheContentSays)
{
    auto labelled = filed("Chậm trả kết quả");
    labelled.labels = {"gấp"};
    add(labelled);
    sign_in("binh", {staff_role::viewer});
    const auto seen = get("/reference");
    EXPECT_EQ(seen["province"], knowledge().province);
    EXPECT_EQ(seen["states"].size(), rules().flow.all().states.size());
    EXPECT_EQ(
        seen["states"][0], (json{{"id", "submitted"}, {"title", "Mới gửi"}, {"class", "open"}}));
    std::vector<std::string> transitions;
    for (const auto& one : seen["transitions"])
        transitions.push_back(one["id"].get<std::string>());
    EXPECT_THAT(transitions, testing::Contains("accept"));
    EXPECT_THAT(transitions, testing::Contains("give_up_waiting")) << "a coordinator's, too";
    EXPECT_THAT(transitions, Not(testing::Contains("withdraw")));
    EXPECT_THAT(transitions, Not(testing::Contains("file")));
    EXPECT_EQ(seen["transitions"][0]["needs"], json::array({"unit"}));
    EXPECT_EQ(seen["refusals"].size(), rules().flow.all().refusals.size());
    std::set<std::string> before;
    for (const auto& one : seen["categories"]) {
        if (!one["parent"].is_null()) {
            EXPECT_TRUE(before.contains(one["parent"].get<std::string>())) << one;
        }
        before.insert(one["id"].get<std::string>());
    }
    EXPECT_EQ(seen["communes"].size(), 96U);
    EXPECT_EQ(seen["communes"][0], (json{{"code", "25459"}, {"name", "phường Tân Ninh"}}));
    EXPECT_EQ(seen["places"][0]["place"], "{{mã}}");
    EXPECT_EQ(seen["labels"], json::array({"gấp"}));
    ASSERT_FALSE(seen["activities"].empty());
    EXPECT_EQ(seen["activities"][0]["id"], "2020/II.1");
    EXPECT_EQ(seen["activities"].size(), knowledge().plans.at(0).activities.size());
    EXPECT_EQ(seen["message_limit"], 2000);
    EXPECT_EQ(seen["takeover_minutes"], 30);
    EXPECT_EQ(seen["soon_days"], 2);
}

TEST_F(LiveRoutes, TheContractIsServedToAnybodyAsItIs)
{
    sessions.by = {};
    const auto got = send("GET", "/openapi.yaml");
    EXPECT_EQ(got.status, 200U);
    EXPECT_EQ(got.content_type, "application/yaml");
    std::ifstream file(std::string(MOTCUA_SOURCE_DIR) + "/data/api/openapi.yaml");
    std::stringstream whole;
    whole << file.rdbuf();
    EXPECT_EQ(got.body, whole.str());
    EXPECT_EQ(status_of("/reference"), 401U);
    EXPECT_EQ(status_of("/events"), 401U);
}

// --- files

class Attachments : public LiveRoutes
{
protected:
    // A case of unit "phong" with one file of that content; returns the file's id.
    std::string received(const std::string& content, const std::string& name = "ảnh hồ sơ.jpg")
    {
        auto one = filed("Chậm trả kết quả");
        one.unit = "phong";
        one.attachments = {{"m1", 0, "image", name}};
        const auto file = files->name_of(content);
        files->put(file, content);
        write([&](app::transaction& t) {
            app::new_attachment photo;
            photo.user_id = one.user_id;
            photo.kind = "image";
            photo.url = "https://a/1";
            photo.name = name;
            photo.message_id = "m1";
            id = t.attachments().add(photo, now);
            t.complaints().add(one, {});
            t.attachments().claim(now, 9, {});
            EXPECT_TRUE(t.attachments().note_file(id, file));
            app::attachment_end stored;
            stored.bytes = static_cast<std::int64_t>(content.size());
            stored.type = "text/html"; // whatever it was taken for
            t.attachments().settle(id, stored, now);
        });
        code = one.code;
        return std::to_string(id);
    }
    std::string bytes_of(const http::response& got)
    {
        text_sink sink;
        auto all = [](http::body_producer from, text_sink& to) -> asio::awaitable<bool> {
            co_await from(to);
            co_return true;
        };
        run_coroutine(context, all(got.stream, sink));
        return sink.text;
    }
    static std::string field_of(const http::response& got, std::string_view name)
    {
        for (const auto& [key, value] : got.fields)
            if (key == name)
                return value;
        return {};
    }

    std::int64_t id = 0;
    std::string code;
};

TEST_F(Attachments, APictureIsShownInPlaceAndCannotRun)
{
    const auto content = "\xFF\xD8\xFF" + std::string(200'000, 'x');
    const auto got = send("GET", "/attachments/" + received(content));
    ASSERT_EQ(got.status, 200U) << got.body;
    EXPECT_EQ(got.content_type, "image/jpeg");
    EXPECT_EQ(field_of(got, "Content-Security-Policy"), "sandbox");
    EXPECT_EQ(field_of(got, "Cache-Control"), "no-store");
    EXPECT_EQ(
        field_of(got, "Content-Disposition"),
        "inline; filename=\"_nh_h_s_.jpg\"; "
        "filename*=UTF-8''%E1%BA%A3nh%20h%E1%BB%93%20s%C6%A1.jpg");
    EXPECT_EQ(bytes_of(got), content);
}

TEST_F(Attachments, OpeningIsAuditedOncePerSession)
{
    const auto path = "/attachments/" + received("\xFF\xD8\xFF");
    const auto lines = [this] {
        app::audit_filter wanted;
        wanted.action = "attachment";
        return store->open_reader()->audit().rows(wanted);
    };
    EXPECT_EQ(status_of("/attachments/99"), 404U);
    EXPECT_TRUE(lines().empty());
    EXPECT_EQ(status_of(path), 200U);
    EXPECT_EQ(status_of(path), 200U);
    ASSERT_EQ(lines().size(), 1U);
    EXPECT_EQ(lines()[0].entry.subject, code);
    EXPECT_EQ(lines()[0].entry.staff_id, "an");
    sessions.by.session_id = "another";
    EXPECT_EQ(status_of(path), 200U);
    EXPECT_EQ(lines().size(), 2U);
}

TEST_F(Attachments, AnythingElseIsAFileToSave)
{
    const auto got = send("GET", "/attachments/" + received("<script>alert(1)</script>", "a.html"));
    ASSERT_EQ(got.status, 200U);
    EXPECT_EQ(got.content_type, "application/octet-stream");
    EXPECT_THAT(field_of(got, "Content-Disposition"), testing::StartsWith("attachment; "));
    EXPECT_EQ(bytes_of(got), "<script>alert(1)</script>");
}

TEST_F(Attachments, OnlyThoseWhoSeeTheCaseSeeTheFile)
{
    const auto path = "/attachments/" + received("\xFF\xD8\xFF");
    sign_in("binh", {staff_role::officer}, "so");
    EXPECT_EQ(status_of(path), 200U);
    sign_in("binh", {staff_role::officer}, "xa");
    EXPECT_EQ(status_of(path), 404U);
    sign_in("binh", {staff_role::admin});
    EXPECT_EQ(status_of(path), 403U);
}

TEST_F(Attachments, WhatIsNotThereIsNotFound)
{
    const auto path = "/attachments/" + received("\xFF\xD8\xFF");
    for (const auto* wrong : {"0", "-1", "1x", "none-1", "99", "9999999999999999999999"})
        EXPECT_EQ(status_of("/attachments/" + std::string(wrong)), 404U) << wrong;
    write([](app::transaction& t) { t.erase("1001", "p1", "asked", {}); });
    EXPECT_EQ(status_of(path), 404U) << "erased";
}

TEST_F(Attachments, AFileThatIsGoneFromTheDiskIsNotFound)
{
    const auto path = "/attachments/" + received("\xFF\xD8\xFF");
    files->remove(files->name_of("\xFF\xD8\xFF"));
    EXPECT_EQ(status_of(path), 404U);
}

TEST_F(Attachments, TheCaseNamesTheFileAndItsState)
{
    const auto opened = received("\xFF\xD8\xFF");
    const app::complaint_sight all{.all = true};
    const auto shown = store->open_reader()->complaints().open(code, all, now)->attachments;
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].id, opened);
    EXPECT_EQ(shown[0].status, "stored");
    EXPECT_EQ(shown[0].size_bytes, 3);
    write([](app::transaction& t) { t.erase("1001", "p1", "asked", {}); });
    const auto erased = store->open_reader()->complaints().open(code, all, now)->attachments;
    ASSERT_EQ(erased.size(), 1U);
    EXPECT_EQ(erased[0].status, "failed");
    EXPECT_EQ(erased[0].size_bytes, std::nullopt);
}

TEST(FileName, IsOursIfTheSendersCannotBeUsed)
{
    EXPECT_EQ(file_name(17, "image/jpeg", "a/b\\giấy hẹn.pdf"), "giấy hẹn.pdf");
    EXPECT_EQ(file_name(17, "image/jpeg", "\u202E\n"), "tep-17.jpg");
    EXPECT_EQ(file_name(17, "application/octet-stream", ""), "tep-17.bin");
    EXPECT_EQ(
        content_disposition("application/pdf", "a\"b\r\n.pdf"),
        "attachment; filename=\"a_b_.pdf\"; filename*=UTF-8''a%22b%0D%0A.pdf");
}

} // namespace
} // namespace motcua::staff_api
