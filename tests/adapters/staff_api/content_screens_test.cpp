#include "desk.hpp"
#include "operations_routes.hpp"
#include "procedure_routes.hpp"
#include "reading.hpp"
#include "unknown_routes.hpp"

#include <gmock/gmock.h>
#include <motcua/adapters/content/procedure_files.hpp>

#include <fstream>

namespace motcua::staff_api {
namespace {

using app::staff_role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto birth = "1.001193";

// The screens of operation and content, with the procedures of this repository and no model.
class ContentScreens : public Desk
{
protected:
    ContentScreens()
    {
        sign_in("an", {staff_role::admin, staff_role::editor});
        parts.current_content = [this] { return app::content{{}, known_}; };
        parts.outgoing_added = [this] { ++woken; };
        parts.operations.reload_content = [this] { ++reloads; };
        parts.operations.server = [this] {
            server_figures out;
            out.started = now - std::chrono::hours(1);
            out.content.loaded = loaded;
            out.token = {.has_access = true, .alarm = "ký lại"};
            out.deliveries.bad_signatures = 3;
            return out;
        };
        parts.operations.storage = [] {
            storage_figures out;
            out.database_bytes = 4096;
            return out;
        };
        parts.operations.content_change = [this](const std::vector<app::unknown_decision>& all) {
            exported = all;
            return std::string("PK zip");
        };
        parts.operations.read_procedures = [](const std::filesystem::path& file) {
            auto read = content::read_procedures(file);
            return app::procedure_reading{read.records, read.findings, read.skipped};
        };
        parts.operations.uploads = folder.file().parent_path() / "uploads";
        add_operations_routes(routes, parts, reader);
        add_unknown_routes(routes, parts, reader);
        add_procedure_routes(routes, parts, reader);
        reload();
    }

    // As the program does: answers come from what is stored.
    void reload()
    {
        auto made = std::make_shared<dialogue::knowledge>();
        made->province = knowledge().province;
        made->portal_url = knowledge().portal_url;
        made->titles = {{"fee", "Hỏi phí"}, {"greeting", "Chào"}};
        auto records =
            content::read_procedures(
                std::string(MOTCUA_SOURCE_DIR) + "/data/procedures/1.001193-dang-ky-khai-sinh.yml")
                .records;
        for (auto& one : store->open_reader()->all_procedures())
            records.push_back(std::move(one));
        made->procedures = procedures::catalogue(std::move(records));
        known_ = std::move(made);
        loaded = now;
    }
    void heard(const std::string& text, int times = 1, bool test = false)
    {
        write([&](app::transaction& t) {
            for (int i = 0; i < times; ++i) {
                dialogue::unknown_message one;
                one.at = now - std::chrono::hours(i + 1);
                one.text = text;
                one.nearest = {birth};
                one.test = test;
                t.add_unknown(one, 1000);
            }
        });
    }
    json decide(const json& body)
    {
        const auto got = send("POST", "/unknown-messages/decisions", body);
        EXPECT_EQ(got.status, 201U) << got.body;
        return json::parse(got.body);
    }
    http::response upload(const std::string& name, const std::string& bytes)
    {
        http::request asked;
        asked.method = "POST";
        asked.target = "/api/v1/procedures/import-previews?name=" + name;
        asked.fields = {
            {"host", "desk.example"},
            {"origin", "https://desk.example"},
            {"x-csrf-token", "csrf"},
            {"content-type", "application/octet-stream"}};
        asked.body = bytes;
        return run_coroutine(context, routes.handle(std::move(asked)));
    }
    static json overlay()
    {
        return {
            {"short_name", ""},
            {"aliases", {"khai sinh cho cục cưng"}},
            {"online", "fully"},
            {"postal_return", "yes"},
            {"fee_text", "Lệ phí 7.500 đồng mỗi trường hợp"},
            {"fee_resolution", "Nghị quyết số 05/2026/NQ-HĐND"},
            {"fee_date", "2026-10-01"},
            {"receiving_place", ""},
            {"hotline", "1022"},
            {"linked_codes", json::array()},
            {"source", "Nghị quyết của HĐND tỉnh"},
            {"reason", "mức thu mới"},
            {"expected_version", 0}};
    }
    static json with(json body, const std::string& field, const json& value)
    {
        body[field] = value;
        return body;
    }
    std::string answer_about(const std::string& aspect)
    {
        const auto shown = get(std::string("/procedures/") + birth);
        for (const auto& one : shown["answers"])
            if (one["aspect"] == aspect)
                return one["text"].get<std::string>();
        return {};
    }
    static std::string blamed(const http::response& of)
    {
        const auto body = json::parse(of.body);
        return body.contains("errors") ? body["errors"][0]["field"].get<std::string>() : "";
    }
    std::vector<std::string> audited()
    {
        app::audit_filter all;
        std::vector<std::string> out;
        for (const auto& row : store->open_reader()->audit().rows(all))
            out.push_back(row.entry.action);
        return out;
    }

    int woken = 0;
    int reloads = 0;
    utc_time loaded = now;
    std::vector<app::unknown_decision> exported;
    reading reader{parts};

private:
    std::shared_ptr<const dialogue::knowledge> known_;
};

// --- operation

TEST_F(ContentScreens, TheKillSwitchNeedsAReasonAndIsAudited)
{
    EXPECT_EQ(get("/silence")["silence"], nullptr);
    EXPECT_EQ(blamed(send("PUT", "/silence", {{"silenced", true}, {"reason", "a"}})), "reason");
    EXPECT_EQ(
        blamed(send("PUT", "/silence", {{"silenced", true}, {"reason", "      "}})), "reason");
    EXPECT_EQ(blamed(send("PUT", "/silence", {{"silenced", true}})), "reason");
    const json on = {{"silenced", true}, {"reason", "trả lời\nsai lệ phí"}};
    const auto got = send("PUT", "/silence", on);
    ASSERT_EQ(got.status, 200U) << got.body;
    EXPECT_EQ(json::parse(got.body), get("/silence"));
    EXPECT_EQ(get("/silence")["silence"]["reason"], "trả lời sai lệ phí");
    EXPECT_EQ(get("/silence")["silence"]["staff_id"], "an");
    EXPECT_EQ(get("/silence")["silence"]["since"], instant(now));
    EXPECT_EQ(blamed(send("PUT", "/silence", on)), "silenced") << "on already";
    const json off = {{"silenced", false}, {"reason", "đã sửa xong"}};
    EXPECT_EQ(send("PUT", "/silence", off).status, 200U);
    EXPECT_EQ(get("/silence")["silence"], nullptr);
    EXPECT_EQ(blamed(send("PUT", "/silence", off)), "silenced");
    EXPECT_THAT(audited(), ElementsAre("silence_off", "silence_on"));
    EXPECT_EQ(woken, 2);
    sign_in("canbo", {staff_role::officer}, "so");
    EXPECT_EQ(send("PUT", "/silence", on).status, 403U);
    EXPECT_EQ(status_of("/silence"), 200U) << "everybody sees the banner";
}

TEST_F(ContentScreens, AnOperatorSeesWhatStandsHow)
{
    write([this](app::transaction& t) {
        dialogue::inbound_event event;
        event.user_id = "1001";
        event.message_id = "m1";
        event.at = now;
        t.insert_event(event, "{}", now);
        dialogue::outgoing_message message;
        message.text = "thông báo";
        message.why = dialogue::purpose::notice;
        t.add_outgoing("1001", message, now);
    });
    const auto shown = get("/operations");
    EXPECT_EQ(shown["last_event_at"], instant(now));
    EXPECT_EQ(shown["outbox"].size(), 1U);
    EXPECT_EQ(shown["outbox"][0]["state"], "pending");
    EXPECT_EQ(shown["token"]["alarm"], "ký lại");
    EXPECT_EQ(shown["deliveries"]["bad_signatures"], 3);
    EXPECT_EQ(shown["storage"]["database_bytes"], 4096);
    EXPECT_EQ(shown["content"]["procedures"], 1);
    EXPECT_EQ(shown["content"]["loaded_at"], instant(now));
    EXPECT_TRUE(shown["writer"]["healthy"].get<bool>());
    sign_in("bien-tap", {staff_role::editor});
    EXPECT_EQ(status_of("/operations"), 403U);
}

TEST_F(ContentScreens, ADeadLetterIsRetriedOnce)
{
    write([this](app::transaction& t) {
        dialogue::outgoing_message message;
        message.text = "thông báo";
        message.why = dialogue::purpose::notice;
        const auto id = t.add_outgoing("1001", message, now);
        t.claim_due(now, 9);
        app::settlement end;
        end.state = app::outbox_state::dead;
        end.reason = "-201: lỗi";
        t.settle(id, end, now);
    });
    const auto listed = get("/operations/dead-letters");
    ASSERT_EQ(listed["items"].size(), 1U);
    EXPECT_FALSE(listed["has_more"].get<bool>());
    EXPECT_EQ(listed["items"][0]["reason"], "-201: lỗi");
    EXPECT_EQ(listed["items"][0]["purpose"], "notice");
    EXPECT_EQ(listed["items"][0]["complaint"], nullptr);
    const auto path =
        "/operations/dead-letters/" + listed["items"][0]["id"].get<std::string>() + "/retry";
    EXPECT_EQ(send("POST", path).status, 204U);
    EXPECT_EQ(woken, 1);
    EXPECT_EQ(send("POST", path).status, 409U);
    EXPECT_EQ(send("POST", "/operations/dead-letters/x/retry").status, 404U);
    EXPECT_THAT(get("/operations/dead-letters")["items"], IsEmpty());
    EXPECT_THAT(audited(), ElementsAre("send_retried"));
}

// --- sentences not understood

TEST_F(ContentScreens, SentencesAreGroupedWithTheirNearestProcedures)
{
    heard("làm giấy cho cục cưng", 3);
    heard("lam giay cho cuc cung");
    heard("mua vàng ở đâu");
    heard("thử máy", 2, true);
    const auto shown = get("/unknown-messages");
    EXPECT_EQ(shown["messages"], 5);
    ASSERT_EQ(shown["items"].size(), 2U);
    EXPECT_EQ(shown["items"][0]["text"], "làm giấy cho cục cưng");
    EXPECT_EQ(shown["items"][0]["count"], 4);
    EXPECT_THAT(shown["items"][0]["others"], ElementsAre("lam giay cho cuc cung"));
    EXPECT_EQ(shown["items"][0]["nearest"][0]["title"], "Đăng ký khai sinh");
    EXPECT_EQ(shown["items"][0]["last_at"], instant(now - std::chrono::hours(1)));
    EXPECT_EQ(shown["intents"].size(), 2U);
    EXPECT_EQ(get("/unknown-messages?q=VANG")["total"], 1);
    EXPECT_EQ(get("/unknown-messages?page=2")["items"].size(), 0U);
    EXPECT_EQ(status_of("/unknown-messages?page=0"), 422U);
}

TEST_F(ContentScreens, ADecisionTakesCareOfItsGroupUntilItIsTakenBack)
{
    heard("làm giấy cho cục cưng", 3);
    heard("lam giay cho cuc cung nha");
    const auto made = decide(
        {{"texts", {"làm giấy cho cục cưng"}},
         {"whole_group", true},
         {"verdict", "alias"},
         {"target", birth}});
    EXPECT_EQ(made["target_title"], "Đăng ký khai sinh");
    EXPECT_EQ(made["staff_id"], "an");
    EXPECT_EQ(get("/unknown-messages")["total"], 0);
    EXPECT_EQ(get("/unknown-messages")["decisions"], 1);
    EXPECT_EQ(get("/unknown-messages/decisions")["items"][0]["covered"], 4);
    heard("làm giấy cho cục cưng nhe");
    EXPECT_EQ(get("/unknown-messages")["total"], 0) << "alike, said later";

    const auto file = send("GET", "/unknown-messages/export");
    EXPECT_EQ(file.status, 200U);
    EXPECT_EQ(file.content_type, "application/zip");
    EXPECT_EQ(file.body, "PK zip");
    ASSERT_EQ(exported.size(), 1U);
    EXPECT_EQ(exported[0].target, birth);

    const auto path = "/unknown-messages/decisions/" + made["id"].get<std::string>();
    EXPECT_EQ(send("DELETE", path).status, 204U);
    EXPECT_EQ(send("DELETE", path).status, 404U);
    EXPECT_EQ(get("/unknown-messages")["total"], 1);
    EXPECT_EQ(get("/unknown-messages/decisions")["items"][0]["undone_by"], "an");
    EXPECT_THAT(audited(), ElementsAre("unknown_decided", "unknown_exported", "unknown_decided"));
}

TEST_F(ContentScreens, WhatIsNoDecisionIsRefusedAtItsField)
{
    const json good = {
        {"texts", {"một câu"}}, {"whole_group", false}, {"verdict", "example"}, {"target", "fee"}};
    const std::vector<std::pair<json, std::string>> refused{
        {with(good, "texts", json::array()), "texts"},
        {with(good, "texts", {"hai\ndòng"}), "texts"},
        {with(good, "texts", {std::string(301, 'x')}), "texts"},
        {with(good, "verdict", "perhaps"), "verdict"},
        {with(good, "target", "no_such"), "target"},
        {with(good, "target", nullptr), "target"},
        {with(with(good, "verdict", "alias"), "target", "9.999999"), "target"},
        {with(good, "verdict", "dropped"), "target"},
        {with(good, "other", 1), "other"}};
    for (const auto& [body, field] : refused) {
        const auto got = send("POST", "/unknown-messages/decisions", body);
        EXPECT_EQ(got.status, 422U) << body;
        EXPECT_EQ(blamed(got), field) << body;
    }
    EXPECT_EQ(get("/unknown-messages")["decisions"], 0);
    decide(good);
    sign_in("dieuphoi", {staff_role::coordinator});
    EXPECT_EQ(status_of("/unknown-messages"), 403U);
}

// --- procedures

TEST_F(ContentScreens, AProcedureIsFoundAndFiltered)
{
    const auto codes = [this](const std::string& query) {
        return get("/procedures" + query)["total"];
    };
    EXPECT_EQ(codes(""), 1);
    EXPECT_EQ(codes("?q=1.001193"), 1);
    EXPECT_EQ(codes("?q=1.001193.000.00.00.H44"), 1);
    EXPECT_EQ(codes("?q=khai%20sinh"), 1);
    EXPECT_EQ(codes("?q=mua%20v%C3%A0ng"), 0);
    EXPECT_EQ(codes("?level=commune"), 1);
    EXPECT_EQ(codes("?level=province"), 0);
    EXPECT_EQ(codes("?origin=national"), 0);
    EXPECT_EQ(codes("?state=edited"), 0);
    EXPECT_EQ(codes("?state=stale"), 0);
    now += std::chrono::days(800);
    EXPECT_EQ(codes("?state=stale"), 1) << "data grow old";
    EXPECT_EQ(get("/procedures")["items"][0]["out_of_date"], "stale");
}

TEST_F(ContentScreens, TheRecordStandsBesideWhatTheChatSays)
{
    const auto shown = get(std::string("/procedures/") + birth);
    EXPECT_EQ(shown["answers"].size(), 11U);
    EXPECT_THAT(answer_about("documents"), Not(IsEmpty()));
    EXPECT_EQ(shown["version"], 0);
    EXPECT_TRUE(shown["live"].get<bool>());
    EXPECT_FALSE(shown["facts"].empty());
    EXPECT_EQ(status_of("/procedures/9.999999"), 404U);
}

TEST_F(ContentScreens, AnEditGoesLiveWithTheNextReloadAndCanBeTakenBack)
{
    const auto path = std::string("/procedures/") + birth;
    EXPECT_THAT(answer_about("fee"), Not(HasSubstr("7.500")));
    const auto got = send("PUT", path + "/overlay", overlay());
    ASSERT_EQ(got.status, 200U) << got.body;
    EXPECT_EQ(reloads, 1);
    EXPECT_FALSE(json::parse(got.body)["live"].get<bool>()) << "not read anew yet";
    now += std::chrono::seconds(5);
    reload();
    EXPECT_TRUE(get(path)["live"].get<bool>());
    EXPECT_THAT(answer_about("fee"), HasSubstr("7.500"));
    EXPECT_THAT(answer_about("fee"), HasSubstr("05/2026/NQ-HĐND"));
    EXPECT_EQ(get("/procedures?state=edited")["total"], 1);

    auto back = overlay();
    back["fee_text"] = "";
    back["expected_version"] = 1;
    back["reason"] = "Khôi phục";
    ASSERT_EQ(send("PUT", path + "/overlay", back).status, 200U);
    now += std::chrono::seconds(5);
    reload();
    EXPECT_THAT(answer_about("fee"), Not(HasSubstr("7.500")));
    const auto edits = get(path)["edits"];
    ASSERT_EQ(edits.size(), 2U);
    EXPECT_EQ(edits[0]["version"], 2);
    EXPECT_EQ(edits[1]["overlay"]["fee_text"], overlay()["fee_text"]);
    EXPECT_EQ(edits[1]["reason"], "mức thu mới");
    EXPECT_THAT(audited(), ElementsAre("procedure_edited", "procedure_edited"));
}

TEST_F(ContentScreens, OfTwoEditorsTheSecondSeesWhatTheFirstChanged)
{
    const auto path = std::string("/procedures/") + birth + "/overlay";
    ASSERT_EQ(send("PUT", path, overlay()).status, 200U);
    sign_in("binh", {staff_role::editor});
    const auto got = send("PUT", path, with(overlay(), "hotline", "0900"));
    ASSERT_EQ(got.status, 409U);
    const auto shown = json::parse(got.body);
    EXPECT_EQ(shown["current"]["version"], 1);
    ASSERT_EQ(shown["changes"].size(), 1U);
    EXPECT_EQ(shown["changes"][0]["title"], "Đường dây nóng");
    EXPECT_EQ(shown["changes"][0]["new"], "1022");
    EXPECT_EQ(shown["changes"][0]["staff_id"], "an");
}

TEST_F(ContentScreens, AnEditThatMayNotBeSaidIsRefused)
{
    const auto path = std::string("/procedures/") + birth + "/overlay";
    const std::vector<std::pair<json, std::string>> refused{
        {with(overlay(), "fee_resolution", ""), "fee_resolution"},
        {with(overlay(), "fee_text", "Hoàn toàn miễn phí"), "fee_text"},
        {with(overlay(), "fee_date", "hôm nay"), "fee_date"},
        {with(overlay(), "online", "maybe"), "online"},
        {with(overlay(), "postal_return", "maybe"), "postal_return"},
        {with(overlay(), "linked_codes", {"9.999999"}), "linked_codes"},
        {with(overlay(), "source", ""), "source"},
        {with(overlay(), "reason", "a"), "reason"}};
    for (const auto& [body, field] : refused)
        EXPECT_EQ(blamed(send("PUT", path, body)), field) << body;
    EXPECT_EQ(send("PUT", "/procedures/9.999999/overlay", overlay()).status, 404U);
    EXPECT_EQ(reloads, 0);
}

TEST_F(ContentScreens, OlderDataNeverReplacesNewer)
{
    procedures::procedure newer;
    newer.code = birth;
    newer.from = {
        .from = procedures::origin::overlay,
        .name = "tương lai",
        .as_of = std::chrono::year(2027) / 1 / 1};
    write([&](app::transaction& t) { t.put_procedure(newer, now); });
    const auto path = std::string("/procedures/") + birth;
    EXPECT_EQ(blamed(send("PUT", path + "/overlay", overlay())), "source");
    EXPECT_EQ(get(path)["version"], 0);
}

constexpr auto one_overlay = "overlay_for: 1.001193\n"
                             "source: {name: Nghị quyết của HĐND tỉnh, as_of: 2026-11-01}\n"
                             "local:\n  hotline: \"1022\"\n";

TEST_F(ContentScreens, AnImportIsShownBeforeItIsStored)
{
    const auto got = upload("them.yml", one_overlay);
    ASSERT_EQ(got.status, 201U) << got.body;
    const auto shown = json::parse(got.body);
    EXPECT_EQ(shown["added"], 1);
    EXPECT_EQ(shown["items"][0]["fate"], "added");
    EXPECT_EQ(shown["items"][0]["origin"], "overlay");
    EXPECT_EQ(shown["items"][0]["as_of"], "2026-11-01");
    EXPECT_EQ(store->open_reader()->count("procedures"), 0) << "nothing is stored";
    const auto path = "/procedures/import-previews/" + shown["id"].get<std::string>() + "/run";
    const auto ran = send("POST", path);
    ASSERT_EQ(ran.status, 200U) << ran.body;
    EXPECT_EQ(json::parse(ran.body)["added"], 1);
    EXPECT_EQ(reloads, 1);
    EXPECT_EQ(store->open_reader()->count("procedures"), 1);
    EXPECT_EQ(send("POST", path).status, 410U) << "once only";
    EXPECT_TRUE(std::filesystem::is_empty(parts.operations.uploads));
    EXPECT_THAT(audited(), ElementsAre("procedures_imported"));

    EXPECT_EQ(json::parse(upload("them.yml", one_overlay).body)["unchanged"], 1);
    std::string older = one_overlay;
    older.replace(older.find("2026-11-01"), 10, "2026-10-01");
    EXPECT_EQ(json::parse(upload("them.yml", older).body)["older"], 1);
}

TEST_F(ContentScreens, WhatIsNoFileOfProceduresIsSaid)
{
    EXPECT_EQ(blamed(upload("a.exe", "MZ")), "name");
    EXPECT_EQ(blamed(upload("a.yml", "")), "name");
    const auto got = json::parse(upload("a.yml", "code: x\nname: y\n").body);
    EXPECT_EQ(got["added"], 0);
    EXPECT_GT(got["findings_total"], 0);
    now += std::chrono::minutes(31);
    const auto path = "/procedures/import-previews/" + got["id"].get<std::string>() + "/run";
    EXPECT_EQ(send("POST", path).status, 410U) << "too old";
}

} // namespace
} // namespace motcua::staff_api
