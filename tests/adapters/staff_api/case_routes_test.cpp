#include "bulk_routes.hpp"
#include "case_routes.hpp"
#include "complaint_routes.hpp"
#include "desk.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <motcua/core/text/unicode.hpp>

namespace motcua::staff_api {
namespace {

using app::staff_role;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr auto citizen = "1001";

class CaseRoutes : public Desk
{
protected:
    CaseRoutes()
    {
        write([this](app::transaction& t) {
            t.accounts().put_unit({.id = "so", .name = "Sở Tư pháp"});
            t.accounts().put_unit({.id = "phong", .name = "Phòng Hộ tịch", .parent = "so"});
            t.accounts().put_unit({.id = "xa", .name = "Xã Thử"});
            t.accounts().put_unit({.id = "cu", .name = "Đơn vị cũ", .active = false});
            put(t, "dieu", {staff_role::coordinator}, "so");
            put(t, "binh", {staff_role::officer}, "so");
            put(t, "chi", {staff_role::officer}, "so");
            put(t, "dung", {staff_role::officer}, "xa");
            put(t, "nghi", {staff_role::officer}, "so", false);
            put(t, "xem", {staff_role::viewer}, "so");
            t.note_contact(citizen, now, now);
        });
        add_complaint_routes(
            routes,
            parts,
            {[](app::reader& from) { return app::unit_tree_of(from.accounts()); },
             [](app::reader&) { return std::map<std::string, std::string>{}; }});
        add_case_routes(routes, parts, reader, work);
        add_bulk_routes(routes, reader, work);
        sign_in("binh", {staff_role::officer}, "so");
    }

    static void
    put(app::transaction& t,
        const std::string& id,
        std::set<staff_role> roles,
        const std::string& unit,
        bool active = true)
    {
        app::account made;
        made.who = {
            .id = id,
            .user_name = id,
            .name = "Cán bộ " + id,
            .unit = unit,
            .roles = {},
            .active = active};
        made.who.roles = std::move(roles);
        t.accounts().put(made);
    }
    void as_coordinator() { sign_in("dieu", {staff_role::coordinator}, "so"); }

    // A case of the unit in that state, as if it had come there by the usual way.
    complaints::complaint in_state(const std::string& state, const std::string& unit = "so")
    {
        auto made = filed("Nộp hồ sơ ba tuần chưa có kết quả", citizen);
        made.unit = unit;
        if (state != "submitted")
            for (const auto* const step : {"processing", "answered"})
                if (made.state != state)
                    enter(made, step);
        if (made.state != state)
            enter(made, state);
        made.id = add(made);
        return made;
    }
    void enter(complaints::complaint& made, const std::string& state) const
    {
        made.state = state;
        made.course.push_back({state == "answered" ? "answer" : "accept", state, now});
    }

    static std::string path(const std::string& code, const std::string& more = {})
    {
        return "/complaints/" + code + more;
    }
    std::string request_id()
    {
        return fmt::format("{:08}-0000-4000-8000-000000000000", ++requests);
    }
    json body_of(const http::response& got) { return json::parse(got.body); }
    json expect(unsigned status, const http::response& got)
    {
        EXPECT_EQ(got.status, status) << got.body;
        return got.body.empty() ? json() : json::parse(got.body);
    }
    void expect_problem(unsigned status, const std::string& type, const http::response& got)
    {
        EXPECT_EQ(expect(status, got).value("type", ""), "urn:motcua:problem:" + type) << got.body;
    }
    json
    reply_body(std::int64_t version, const std::string& text, const std::string& transition = {})
    {
        json body = {
            {"request_id", request_id()},
            {"expected_version", version},
            {"text", text},
            {"deliver", "now"}};
        if (!transition.empty())
            body["transition"] = transition;
        return body;
    }
    std::size_t apply()
    {
        std::size_t applied = 0;
        write([&](app::transaction& t) {
            applied = app::apply_due_replies(t, knowledge(), now, 100);
        });
        return applied;
    }
    // What is sent now, with how it ends.
    std::vector<std::string> sent(const app::settlement& end = {.message_id = "z"})
    {
        std::vector<std::string> texts;
        for (bool more = true; more;)
            write([&](app::transaction& t) {
                const auto batch = t.claim_due(now, 100);
                more = !batch.rows.empty();
                for (const auto& row : batch.rows) {
                    texts.push_back(row.message.text);
                    auto ended = end;
                    if (!ended.message_id.empty())
                        ended.message_id += std::to_string(row.id);
                    t.settle(row.id, ended, now);
                }
            });
        return texts;
    }
    json last_message(const std::string& code)
    {
        return get(path(code, "/messages")).at("items").back();
    }
    std::vector<std::string> history(const std::string& code)
    {
        std::vector<std::string> what;
        const auto got = get(path(code, "/history"));
        for (const auto& one : got.at("items"))
            what.push_back(one.at("what").get<std::string>());
        return what;
    }
    // A preview of the operation on the codes.
    json preview(const json& codes, json operation)
    {
        operation["codes"] = codes;
        return expect(201, send("POST", "/complaints/bulk-previews", operation));
    }
    http::response run(const json& previewed)
    {
        const auto id = previewed.at("id").get<std::string>();
        return send("POST", "/complaints/bulk-previews/" + id + "/run");
    }
    // Every row of every table.
    std::string all_rows()
    {
        const SQLite::Database file(folder.file().string());
        std::string rows;
        SQLite::Statement tables(
            file,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%words%'");
        while (tables.executeStep()) {
            SQLite::Statement all(file, "SELECT * FROM " + tables.getColumn(0).getString());
            rows += tables.getColumn(0).getString() + "\n";
            while (all.executeStep())
                for (int i = 0; i < all.getColumnCount(); ++i)
                    rows += all.getColumn(i).getString() + "|";
        }
        return rows;
    }
    std::vector<app::audit_row> audited(const std::string& action)
    {
        app::audit_filter wanted;
        wanted.action = action;
        return store->open_reader()->audit().rows(wanted);
    }

    int requests = 0;
    reading reader{parts};
    int held = 0;
    app::casework_parts work_parts{
        .store = store->writer(),
        .current_content = parts.current_content,
        .now = [this] { return now; },
        .outgoing_added = [] {},
        .reply_held = [this] { ++held; }};
    app::casework work{work_parts};
};

// ---- the workflow

TEST_F(CaseRoutes, LegalTransitionsWorkAndIllegalOnesChangeNothing)
{
    using complaints::input;
    using complaints::role;
    const auto other = in_state("submitted");
    const auto& flow = rules().flow.all();
    const auto inputs_of = [&other](const complaints::transition& how) {
        json inputs = json::object();
        for (const auto needed : how.needs)
            inputs[std::string(complaints::name(needed))] = needed == input::unit ? "so"
                                                            : needed == input::duplicate_of
                                                                ? other.code
                                                            : needed == input::refusal ? "unclear"
                                                                                       : "vì vậy";
        return inputs;
    };
    int legal_ones = 0;
    for (const auto& state : flow.states) {
        const auto untouched = in_state(state.id);
        const auto before = all_rows();
        std::vector<std::pair<const complaints::transition*, role>> legal;
        const auto ask = [&](const complaints::complaint& one, const auto& how, role as) {
            if (as == role::coordinator)
                as_coordinator();
            else
                sign_in("binh", {staff_role::officer}, "so");
            return send(
                "POST",
                path(one.code, "/transitions"),
                {{"expected_version", 1}, {"transition", how.id}, {"inputs", inputs_of(how)}});
        };
        for (const auto& how : flow.transitions)
            for (const auto as : {role::officer, role::coordinator}) {
                SCOPED_TRACE(state.id + " " + how.id + " " + std::string(name(as)));
                if (std::ranges::count(how.from, state.id) + std::ranges::count(how.by, as) == 2)
                    legal.emplace_back(&how, as);
                else
                    expect_problem(422, "illegal_transition", ask(untouched, how, as));
            }
        EXPECT_EQ(all_rows(), before) << state.id;
        for (const auto& [how, as] : legal) {
            SCOPED_TRACE(state.id + " " + how->id + " " + std::string(name(as)));
            const auto one = in_state(state.id);
            const auto now_is = expect(200, ask(one, *how, as));
            EXPECT_EQ(now_is.value("state", ""), how->to);
            EXPECT_EQ(now_is.value("version", 0), 2);
            EXPECT_EQ(history(one.code), std::vector{how->id});
            ++legal_ones;
        }
    }
    EXPECT_EQ(legal_ones, 46) << "of the table as shipped";
}

TEST_F(CaseRoutes, WhatATransitionNeedsIsAskedFor)
{
    const auto one = in_state("submitted");
    const auto before = all_rows();
    const auto objected = [&](const std::string& transition, const json& inputs) {
        const auto got = send(
            "POST",
            path(one.code, "/transitions"),
            {{"expected_version", 1}, {"transition", transition}, {"inputs", inputs}});
        return expect(422, got).at("errors").at(0).value("field", "");
    };
    EXPECT_EQ(objected("accept", json::object()), "inputs.unit");
    EXPECT_EQ(objected("accept", {{"unit", "không có"}}), "inputs.unit");
    EXPECT_EQ(objected("accept", {{"unit", "cu"}}), "inputs.unit") << "a closed unit";
    EXPECT_EQ(objected("refuse", {{"refusal", "lạ"}}), "inputs.refusal");
    EXPECT_EQ(objected("merge", {{"duplicate_of", one.code}}), "inputs.duplicate_of");
    EXPECT_EQ(objected("merge", {{"duplicate_of", "PA-261101-0001X"}}), "inputs.duplicate_of");
    EXPECT_EQ(objected("forward", {{"agency", "Công an"}}), "inputs.reason");
    EXPECT_EQ(objected("ask_more", {{"message", std::string(1950, 'a')}}), "inputs.message")
        << "does not fit with the words of the state";
    EXPECT_EQ(all_rows(), before);
}

TEST_F(CaseRoutes, TheCitizenReadsTheNameOfTheUnit)
{
    const auto one = in_state("submitted");
    send(
        "POST",
        path(one.code, "/transitions"),
        {{"expected_version", 1}, {"transition", "accept"}, {"inputs", {{"unit", "so"}}}});
    EXPECT_THAT(sent(), ElementsAre(HasSubstr("đang được Sở Tư pháp xử lý")));
    EXPECT_EQ(last_message(one.code)["from"], "bot");
    EXPECT_EQ(last_message(one.code)["delivery"], "sent");
}

// ---- category, labels, assignment

TEST_F(CaseRoutes, CategoryLabelsAndCodeAreChangedTogether)
{
    const auto one = in_state("processing");
    json body = {
        {"expected_version", 1}, {"category", "attitude"}, {"labels", json::array({"gấp", "đất"})}};
    EXPECT_EQ(expect(422, send("PATCH", path(one.code), body)).at("errors")[0]["field"], "reason");
    body["reason"] = "nói về thái độ";
    body["national_code"] = " QG-1 ";
    const auto now_is = expect(200, send("PATCH", path(one.code), body));
    EXPECT_EQ(now_is["category"], "attitude");
    EXPECT_EQ(now_is["labels"], json::array({"gấp", "đất"}));
    EXPECT_EQ(now_is["national_code"], "QG-1");
    EXPECT_EQ(now_is["version"], 2);
    EXPECT_THAT(history(one.code), ElementsAre("category", "label", "national_code"));
    body = {{"expected_version", 2}, {"category", "conduct"}, {"reason", "nhánh"}};
    EXPECT_EQ(send("PATCH", path(one.code), body).status, 422U) << "no leaf";
    body = {{"expected_version", 2}, {"labels", json::array({"a", "a"})}};
    EXPECT_EQ(send("PATCH", path(one.code), body).status, 422U) << "twice the same";
    body = {{"expected_version", 2}, {"national_code", nullptr}};
    EXPECT_EQ(expect(200, send("PATCH", path(one.code), body))["national_code"], nullptr);
    body = {{"expected_version", 3}};
    EXPECT_EQ(expect(200, send("PATCH", path(one.code), body))["version"], 3) << "nothing to do";
}

TEST_F(CaseRoutes, AnOfficerAssignsWithinTheOwnUnit)
{
    const auto one = in_state("processing");
    const auto assign = [&](json unit, json officer, const std::string& reason = {}) {
        const auto version = get(path(one.code))["version"];
        json body = {{"expected_version", version}, {"unit_id", unit}, {"officer_id", officer}};
        if (!reason.empty())
            body["reason"] = reason;
        return send("PUT", path(one.code, "/assignment"), body).status;
    };
    EXPECT_EQ(assign("so", "binh"), 200U) << "takes it";
    EXPECT_EQ(assign("so", "chi"), 200U) << "a colleague";
    EXPECT_EQ(assign("so", "dung"), 422U) << "of another unit";
    EXPECT_EQ(assign("so", "nghi"), 422U) << "disabled";
    EXPECT_EQ(assign("so", "xem"), 422U) << "does no casework";
    EXPECT_EQ(assign("so", "ai đó"), 422U);
    EXPECT_EQ(assign("xa", "dung", "đúng nơi"), 422U) << "that is the transition";
    EXPECT_EQ(assign("so", nullptr), 200U);
    as_coordinator();
    EXPECT_EQ(assign("xa", "dung"), 422U) << "no reason";
    EXPECT_EQ(assign("cu", nullptr, "đúng nơi"), 422U) << "closed";
    EXPECT_EQ(assign("xa", "dung", "đúng nơi"), 200U);
    EXPECT_EQ(assign("xa", "dieu"), 200U) << "coordinators work anywhere";
    EXPECT_EQ(assign(nullptr, "dung", "x"), 422U);
    EXPECT_EQ(assign(nullptr, nullptr, "chưa rõ nơi"), 200U);
    ASSERT_EQ(audited("assign").size(), 6U);
    EXPECT_EQ(audited("assign")[5].entry.detail, "Sở Tư pháp, Cán bộ binh") << "names, not ids";
    EXPECT_EQ(audited("assign")[0].entry.detail, "không đơn vị");
    EXPECT_TRUE(sent().empty()) << "the citizen is not told";
}

TEST_F(CaseRoutes, WhatIsOutOfSightIsNotThere)
{
    const auto one = in_state("processing", "xa");
    const auto before = all_rows();
    const json some = {{"expected_version", 1}};
    const auto with = [&some](json more) {
        json body = some;
        body.update(more);
        return body;
    };
    const std::vector<std::tuple<std::string, std::string, json>> calls{
        {"PATCH", "", with({{"labels", json::array({"x"})}})},
        {"PUT", "/assignment", with({{"unit_id", "so"}, {"officer_id", "binh"}})},
        {"POST", "/transitions", with({{"transition", "answer"}})},
        {"POST", "/notes", {{"request_id", request_id()}, {"text", "x"}}},
        {"POST", "/reply-previews", {{"text", "x"}}},
        {"POST", "/replies", reply_body(1, "x")},
        {"DELETE", "/replies/1", nullptr},
        {"POST", "/replies/1/resend", nullptr},
        {"POST", "/reveal", {{"reason", "cần gọi"}}},
        {"GET", "/moderation", nullptr},
        {"POST", "/moderation", with({{"message_id", nullptr}, {"text", "x"}, {"reason", "y"}})},
        {"GET", "/archive?format=json", nullptr},
        {"PUT", "/takeover", {{"minutes", 30}}},
        {"DELETE", "/takeover", nullptr}};
    for (const auto& [method, more, body] : calls) {
        SCOPED_TRACE(method + more);
        expect_problem(404, "not_found", send(method, path(one.code, more), body));
        expect_problem(404, "not_found", send(method, path("PA-261116-0999K", more), body));
    }
    EXPECT_EQ(all_rows(), before);
}

// ---- two people on one case

TEST_F(CaseRoutes, TheSecondOfTwoSeesWhatTheFirstDid)
{
    const auto one = in_state("processing");
    const auto first = send(
        "PUT",
        path(one.code, "/assignment"),
        {{"expected_version", 1}, {"unit_id", "so"}, {"officer_id", "chi"}});
    expect(200, first);
    now += std::chrono::minutes(1);
    expect(
        200,
        send("PATCH", path(one.code), {{"expected_version", 2}, {"labels", json::array({"gấp"})}}));
    sign_in("chi", {staff_role::officer}, "so");
    const auto before = all_rows();
    const auto refused = expect(
        409,
        send(
            "PATCH",
            path(one.code),
            {{"expected_version", 1}, {"category", "attitude"}, {"reason", "x"}}));
    EXPECT_EQ(refused["type"], "urn:motcua:problem:stale");
    EXPECT_EQ(refused["current"]["version"], 3);
    EXPECT_EQ(refused["current"]["officer_id"], "chi");
    ASSERT_EQ(refused["changes"].size(), 2U);
    const auto& officer = refused["changes"][0];
    EXPECT_EQ(officer["field"], "officer");
    EXPECT_EQ(officer["old"], nullptr);
    EXPECT_EQ(officer["new"], "Cán bộ chi") << "a name, not an id";
    EXPECT_EQ(officer["staff_id"], "binh");
    EXPECT_EQ(officer["at"], "2026-11-16T02:00:00Z");
    EXPECT_EQ(refused["changes"][1]["new"], "gấp");
    // Only what came after the version one began from.
    const auto later =
        expect(409, send("POST", path(one.code, "/replies"), reply_body(2, "Chào anh/chị")));
    EXPECT_EQ(later["changes"].size(), 1U);
    EXPECT_EQ(all_rows(), before);
}

TEST_F(CaseRoutes, AReplySaidMeanwhileIsSeenToo)
{
    const auto one = in_state("processing");
    expect(201, send("POST", path(one.code, "/replies"), reply_body(1, "Đang xem hồ sơ.")));
    now += app::undo_span;
    EXPECT_EQ(apply(), 1U);
    sign_in("chi", {staff_role::officer}, "so");
    const auto refused =
        expect(409, send("POST", path(one.code, "/replies"), reply_body(1, "Đang xem.")));
    ASSERT_EQ(refused["changes"].size(), 1U);
    EXPECT_EQ(refused["changes"][0]["field"], "reply");
    EXPECT_EQ(refused["changes"][0]["new"], "Đang xem hồ sơ.");
}

// ---- notes

TEST_F(CaseRoutes, ANoteIsWrittenOnce)
{
    const auto one = in_state("processing");
    const json body = {{"request_id", request_id()}, {"text", "đã gọi điện"}};
    const auto first = expect(201, send("POST", path(one.code, "/notes"), body));
    EXPECT_EQ(first["text"], "đã gọi điện");
    EXPECT_EQ(first["staff_id"], "binh");
    EXPECT_EQ(expect(201, send("POST", path(one.code, "/notes"), body)), first);
    EXPECT_EQ(get(path(one.code, "/notes"))["items"].size(), 1U);
    const auto other = in_state("processing");
    EXPECT_EQ(send("POST", path(other.code, "/notes"), body).status, 422U) << "another case";
    EXPECT_EQ(get(path(one.code))["version"], 1);
    EXPECT_TRUE(sent().empty());
    for (const auto* const bad : {"1", "gggggggg-0000-4000-8000-000000000000"})
        EXPECT_EQ(
            send("POST", path(one.code, "/notes"), {{"request_id", bad}, {"text", "x"}}).status,
            422U);
    EXPECT_EQ(
        send("POST", path(one.code, "/notes"), {{"request_id", request_id()}, {"text", " "}})
            .status,
        422U);
}

// ---- replies

TEST_F(CaseRoutes, APreviewIsWhatTheCitizenWouldRead)
{
    const auto one = in_state("processing");
    const auto preview = [&](json body) {
        return expect(200, send("POST", path(one.code, "/reply-previews"), body));
    };
    const auto plain = preview({{"text", "{{mã}} của {{ đơn vị }}, hạn {{hạn}}."}});
    EXPECT_THAT(plain["text"], HasSubstr(one.code + " của Sở Tư pháp, hạn thứ"));
    EXPECT_EQ(plain["characters"], text::code_points(plain["text"].get<std::string>()));
    const auto answer = preview({{"text", "Đã có kết quả."}, {"transition", "answer"}});
    EXPECT_THAT(answer["text"], HasSubstr("Trả lời phản ánh " + one.code + ":\nĐã có kết quả.\n"));
    EXPECT_THAT(answer["text"], HasSubstr("1. ")) << "the choices are read, too";
    const auto unknown =
        expect(422, send("POST", path(one.code, "/reply-previews"), {{"text", "{{tên lạ}}"}}));
    EXPECT_EQ(unknown["errors"][0]["field"], "text");
    EXPECT_THAT(unknown["errors"][0]["title"], HasSubstr("{{tên lạ}}"));
    EXPECT_EQ(
        send("POST", path(one.code, "/reply-previews"), {{"text", "tới {{cơ quan}}"}}).status, 422U)
        << "nothing to fill in";
    expect_problem(
        422,
        "illegal_transition",
        send(
            "POST", path(one.code, "/reply-previews"), {{"text", "x"}, {"transition", "publish"}}));
    const auto long_one = preview({{"text", std::string(1950, 'a')}, {"transition", "answer"}});
    EXPECT_GT(long_one["characters"], 2000);
    expect_problem(
        422,
        "invalid",
        send("POST", path(one.code, "/replies"), reply_body(1, std::string(1950, 'a'), "answer")));
}

TEST_F(CaseRoutes, AReplyIsHeldThenSaidWithItsTransition)
{
    const auto one = in_state("processing");
    const auto body = reply_body(1, "Kết quả của {{mã}} đã có.", "answer");
    const auto message = expect(201, send("POST", path(one.code, "/replies"), body));
    EXPECT_EQ(message["delivery"], "held");
    EXPECT_EQ(message["undo_until"], "2026-11-16T02:00:10Z");
    EXPECT_EQ(message["transition"], "answer");
    EXPECT_THAT(message["text"], HasSubstr("Kết quả của " + one.code + " đã có."));
    EXPECT_EQ(held, 1);
    EXPECT_EQ(expect(201, send("POST", path(one.code, "/replies"), body)), message) << "repeated";
    expect_problem(
        409, "reply_held", send("POST", path(one.code, "/replies"), reply_body(1, "thêm")));
    EXPECT_EQ(get(path(one.code))["state"], "processing");
    EXPECT_TRUE(sent().empty());

    now += app::undo_span - std::chrono::milliseconds(1);
    EXPECT_EQ(apply(), 0U);
    now += std::chrono::milliseconds(1);
    EXPECT_EQ(apply(), 1U);
    EXPECT_EQ(apply(), 0U);
    const auto after = get(path(one.code));
    EXPECT_EQ(after["state"], "answered");
    EXPECT_EQ(after["version"], 2);
    EXPECT_EQ(after["waiting_since"], nullptr);
    EXPECT_EQ(last_message(one.code)["delivery"], "queued");
    EXPECT_THAT(sent(), ElementsAre(HasSubstr("Kết quả của " + one.code)));
    EXPECT_EQ(last_message(one.code)["delivery"], "sent");
    write([this](app::transaction& t) { t.mark_seen({"z1"}, now); });
    EXPECT_EQ(last_message(one.code)["delivery"], "seen");
    EXPECT_THAT(history(one.code), ElementsAre("answer"));
    expect_problem(
        409,
        "too_late",
        send("DELETE", path(one.code, "/replies/" + message["id"].get<std::string>())));
}

TEST_F(CaseRoutes, AnUndoneReplyWasNeverSaid)
{
    const auto one = in_state("processing");
    const auto body = reply_body(1, "Hạn {{hạn}}", "answer");
    const auto message = expect(201, send("POST", path(one.code, "/replies"), body));
    const auto undo = path(one.code, "/replies/" + message["id"].get<std::string>());
    const auto draft = expect(200, send("DELETE", undo));
    EXPECT_EQ(draft, (json{{"text", "Hạn {{hạn}}"}, {"transition", "answer"}}));
    expect_problem(404, "not_found", send("DELETE", undo));
    now += app::undo_span;
    EXPECT_EQ(apply(), 0U);
    EXPECT_TRUE(get(path(one.code, "/messages"))["items"].empty());
    EXPECT_EQ(get(path(one.code))["state"], "processing");
    expect_problem(409, "too_late", send("POST", path(one.code, "/replies"), body));
    expect(201, send("POST", path(one.code, "/replies"), reply_body(1, "lần nữa")));
}

TEST_F(CaseRoutes, AReplyWhoseTransitionIsLegalNoMoreIsNotSent)
{
    const auto one = in_state("processing");
    expect(201, send("POST", path(one.code, "/replies"), reply_body(1, "Xong.", "answer")));
    write([&](app::transaction& t) {
        auto withdrawn = *t.complaints().find(one.code);
        withdrawn.state = "withdrawn";
        ++withdrawn.version;
        t.complaints().update(withdrawn, 1, {});
    });
    now += app::undo_span;
    EXPECT_EQ(apply(), 1U);
    EXPECT_TRUE(sent().empty());
    const auto message = last_message(one.code);
    EXPECT_EQ(message["delivery"], "failed");
    EXPECT_EQ(message["failure"]["reason"], "stale");
    EXPECT_EQ(message["failure"]["resendable"], false);
    EXPECT_EQ(get(path(one.code))["state"], "withdrawn");
    EXPECT_THAT(history(one.code), ElementsAre("reply_stale"));
    expect_problem(
        409,
        "too_late",
        send("POST", path(one.code, "/replies/" + message["id"].get<std::string>() + "/resend")));
}

TEST_F(CaseRoutes, ARestartInTheMiddleOfAHeldReplyLosesNothingAndSendsOnce)
{
    const auto one = in_state("processing");
    expect(201, send("POST", path(one.code, "/replies"), reply_body(1, "Xong.", "answer")));
    now += std::chrono::hours(1);
    app::reply_task first(context.get_executor(), work_parts);
    // What a crash before the commit leaves behind.
    EXPECT_THROW(
        write([this](app::transaction& t) {
            EXPECT_EQ(app::apply_due_replies(t, knowledge(), now, 100), 1U);
            throw std::runtime_error("killed");
        }),
        std::exception);
    EXPECT_EQ(last_message(one.code)["delivery"], "held");
    app::reply_task second(context.get_executor(), work_parts);
    const auto next = run_coroutine(context, second.tick());
    ASSERT_TRUE(next.has_value());
    EXPECT_FALSE(next.value());
    run_coroutine(context, second.tick());
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(get(path(one.code))["state"], "answered");
}

TEST_F(CaseRoutes, TheTaskKnowsWhenTheNextReplyIsDue)
{
    const auto one = in_state("processing");
    expect(201, send("POST", path(one.code, "/replies"), reply_body(1, "Chào anh/chị")));
    app::reply_task task(context.get_executor(), work_parts);
    const auto next = run_coroutine(context, task.tick());
    ASSERT_TRUE(next.has_value() && next.value());
    EXPECT_EQ(*next.value(), now + app::undo_span);
    EXPECT_TRUE(sent().empty());
}

TEST_F(CaseRoutes, AMessageMayWaitForTheCitizen)
{
    const auto one = in_state("processing");
    auto body = reply_body(1, "Xong.", "answer");
    body["deliver"] = "next_contact";
    const auto message = expect(201, send("POST", path(one.code, "/replies"), body));
    now += app::undo_span;
    EXPECT_EQ(apply(), 1U);
    EXPECT_EQ(get(path(one.code))["state"], "answered") << "all the same";
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(last_message(one.code)["delivery"], "waiting_contact");
    write([this](app::transaction& t) { t.note_contact(citizen, now, now); });
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(last_message(one.code)["delivery"], "sent");

    const auto other = in_state("processing");
    body = reply_body(1, "Xong rồi.", "answer");
    body["deliver"] = "next_contact";
    const auto waiting = expect(201, send("POST", path(other.code, "/replies"), body));
    now += app::undo_span;
    apply();
    const auto draft = expect(
        200, send("DELETE", path(other.code, "/replies/" + waiting["id"].get<std::string>())));
    EXPECT_EQ(draft, json({{"text", "Xong rồi."}})) << "the case has changed its state";
    write([this](app::transaction& t) { t.note_contact(citizen, now, now); });
    EXPECT_TRUE(sent().empty());
}

TEST_F(CaseRoutes, WhatFailedIsSentAgainUnlessItMayHaveArrived)
{
    const auto failing = [this](const std::string& reason) {
        const auto one = in_state("processing");
        expect(201, send("POST", path(one.code, "/replies"), reply_body(1, "Chào anh/chị")));
        now += app::undo_span;
        apply();
        sent({.state = app::outbox_state::dead, .message_id = {}, .reason = reason});
        return one.code;
    };
    const auto resend = [this](const std::string& code) {
        const auto id = last_message(code)["id"].get<std::string>();
        return send("POST", path(code, "/replies/" + id + "/resend"));
    };
    const auto refused = failing("-213 user does not follow the OA");
    const auto failure = last_message(refused)["failure"];
    EXPECT_EQ(failure["reason"], "unfollowed");
    EXPECT_EQ(failure["resendable"], true);
    EXPECT_EQ(expect(200, resend(refused))["delivery"], "queued");
    EXPECT_EQ(sent().size(), 1U);
    expect_problem(409, "too_late", resend(refused));
    EXPECT_EQ(get(path(refused, "/messages"))["items"].size(), 1U);

    const auto unknown = failing("unknown, not settled: http 502");
    EXPECT_EQ(last_message(unknown)["failure"]["reason"], "unknown_outcome");
    EXPECT_EQ(last_message(unknown)["failure"]["resendable"], false);
    expect_problem(409, "too_late", resend(unknown));
    EXPECT_TRUE(sent().empty());
}

TEST_F(CaseRoutes, NobodyIsAnsweredWhoIsNotThere)
{
    auto one = filed("Ở quầy", "");
    one.source = "counter";
    one.unit = "so";
    add(one);
    expect_problem(422, "invalid", send("POST", path(one.code, "/replies"), reply_body(1, "x")));
    expect_problem(422, "invalid", send("PUT", path(one.code, "/takeover"), {{"minutes", 30}}));
}

// ---- takeover, moderation, reveal, archive

TEST_F(CaseRoutes, APersonTakesOverAndHandsBack)
{
    const auto one = in_state("processing");
    const auto taken = expect(200, send("PUT", path(one.code, "/takeover"), {{"minutes", 20}}));
    EXPECT_EQ(taken["by"], "staff");
    EXPECT_EQ(taken["staff_id"], "binh");
    EXPECT_EQ(taken["until"], "2026-11-16T02:20:00Z");
    EXPECT_EQ(get(path(one.code))["takeover"], taken);
    write([this](app::transaction& t) {
        EXPECT_EQ(
            dialogue::attended_by(t.load_conversation(citizen), now), dialogue::attention::person);
    });
    sign_in("chi", {staff_role::officer}, "so");
    EXPECT_EQ(
        expect(200, send("PUT", path(one.code, "/takeover"), {{"minutes", 5}}))["staff_id"], "chi");
    EXPECT_EQ(expect(200, send("DELETE", path(one.code, "/takeover")))["by"], "bot");
    expect(200, send("DELETE", path(one.code, "/takeover")));
    EXPECT_THAT(history(one.code), ElementsAre("takeover", "takeover", "hand_back"));
    EXPECT_EQ(audited("takeover").size(), 2U);
    EXPECT_EQ(send("PUT", path(one.code, "/takeover"), {{"minutes", 4}}).status, 422U);
}

TEST_F(CaseRoutes, ModerationKeepsTheOriginal)
{
    const auto one = in_state("answered");
    const auto moderate = [&](int version, json message, const std::string& text) {
        return send(
            "POST",
            path(one.code, "/moderation"),
            {{"expected_version", version},
             {"message_id", message},
             {"text", text},
             {"reason", "có tên riêng"}});
    };
    auto after = expect(200, moderate(1, nullptr, "Nộp hồ sơ chưa có kết quả"));
    EXPECT_EQ(after["public_content"], "Nộp hồ sơ chưa có kết quả");
    EXPECT_EQ(after["content"], one.content);
    EXPECT_EQ(after["moderated_count"], 1);
    const auto stale = expect(409, moderate(1, nullptr, "khác"));
    EXPECT_EQ(stale["changes"][0]["field"], "public_content");
    EXPECT_EQ(stale["changes"][0]["old"], one.content);
    const auto kept = get(path(one.code, "/moderation"))["items"];
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0]["original"], one.content);
    EXPECT_EQ(kept[0]["message_id"], nullptr);
    EXPECT_EQ(kept[0]["staff_id"], "binh");
    after = expect(200, moderate(2, nullptr, one.content));
    EXPECT_EQ(after["public_content"], nullptr) << "taken back";

    std::string message;
    write([&](app::transaction& t) {
        message = std::to_string(t.complaints().add_message(
            one.id,
            {.at = now,
             .kind = complaints::message_kind::citizen,
             .by = {complaints::role::citizen, citizen},
             .text = "Tôi là Thử",
             .attachments = {}}));
    });
    expect(200, moderate(3, message, "Tôi là …"));
    EXPECT_EQ(last_message(one.code)["public_text"], "Tôi là …");
    EXPECT_EQ(last_message(one.code)["text"], "Tôi là Thử");
    EXPECT_EQ(moderate(4, "99999", "x").status, 422U);
    EXPECT_EQ(audited("moderate").size(), 3U);
}

TEST_F(CaseRoutes, ParticularsAreShownForAReasonThatIsKept)
{
    const auto one = in_state("processing");
    EXPECT_EQ(send("POST", path(one.code, "/reveal"), {{"reason", "vì  "}}).status, 422U);
    EXPECT_TRUE(audited("reveal").empty());
    const auto shown = send("POST", path(one.code, "/reveal"), {{"reason", "gọi hẹn ngày trả"}});
    EXPECT_EQ(
        expect(200, shown),
        (json{{"name", "Trần Thị Thử"}, {"phone", "0912345678"}, {"address", "khu phố 3"}}));
    EXPECT_THAT(
        shown.fields, Contains(std::pair<std::string, std::string>("Cache-Control", "no-store")));
    const auto rows = audited("reveal");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].entry.staff_id, "binh");
    EXPECT_EQ(rows[0].entry.subject, one.code);
    EXPECT_EQ(rows[0].entry.detail, "gọi hẹn ngày trả");
    EXPECT_THAT(history(one.code), ElementsAre("reveal"));
}

TEST_F(CaseRoutes, ParticularsAreNowhereElse)
{
    const auto one = in_state("processing");
    std::string all;
    const auto note_all = [&all](const http::response& got) { all += got.body; };
    note_all(
        send("PATCH", path(one.code), {{"expected_version", 1}, {"labels", json::array({"x"})}}));
    note_all(
        send("PATCH", path(one.code), {{"expected_version", 1}, {"labels", json::array({"y"})}}));
    note_all(send("POST", path(one.code, "/replies"), reply_body(2, "Chào anh/chị")));
    note_all(send("PUT", path(one.code, "/takeover"), {{"minutes", 5}}));
    note_all(send("GET", path(one.code)));
    note_all(send("GET", path(one.code, "/history")));
    note_all(send("GET", path(one.code, "/archive?format=json")));
    note_all(send("GET", path(one.code, "/archive?format=html")));
    EXPECT_GT(all.size(), 5000U);
    EXPECT_THAT(all, Not(HasSubstr("0912345678")));
    EXPECT_THAT(all, Not(HasSubstr("Trần Thị Thử")));
    EXPECT_THAT(all, Not(HasSubstr("khu phố 3")));
    EXPECT_THAT(all, Not(HasSubstr("\"1001\""))) << "the Zalo id";
}

TEST_F(CaseRoutes, AnArchiveIsOneFileWhereTextIsText)
{
    auto one = filed("<script>alert(1)</script> & \u202Eđảo \x01", citizen);
    one.unit = "so";
    add(one);
    expect(
        201,
        send(
            "POST",
            path(one.code, "/notes"),
            {{"request_id", request_id()}, {"text", "</pre><img src=x onerror=y>"}}));
    const auto as_json = send("GET", path(one.code, "/archive?format=json"));
    const auto archive = expect(200, as_json);
    EXPECT_EQ(archive["complaint"]["code"], one.code);
    EXPECT_EQ(archive["notes"].size(), 1U);
    EXPECT_EQ(archive["audit"].size(), 2U) << "the note, and this";
    EXPECT_EQ(archive["staff_id"], "binh");
    const auto as_html = send("GET", path(one.code, "/archive?format=html"));
    EXPECT_EQ(as_html.status, 200U);
    EXPECT_EQ(as_html.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(
        as_html.fields,
        Contains(std::pair<std::string, std::string>(
            "Content-Disposition", "attachment; filename=\"" + one.code + ".html\"")));
    const auto& html = as_html.body;
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("<img")));
    EXPECT_THAT(html, Not(HasSubstr("\x01")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"));
    EXPECT_THAT(html, Not(HasSubstr("http://")));
    EXPECT_THAT(html, Not(HasSubstr("https://")));
    EXPECT_THAT(html, HasSubstr("&quot;made_at&quot;"));
    EXPECT_EQ(send("GET", path(one.code, "/archive?format=pdf")).status, 422U);
    EXPECT_EQ(audited("archive").size(), 2U);
}

// Every change is in the audit, in the name of who did it.
TEST_F(CaseRoutes, ChangesAreAudited)
{
    const auto one = in_state("processing");
    const auto message =
        expect(201, send("POST", path(one.code, "/replies"), reply_body(1, "Xong.", "answer")));
    now += app::undo_span;
    apply();
    const auto rows = store->open_reader()->audit().rows({});
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].entry.action, "reply");
    EXPECT_EQ(rows[0].entry.action, "transition");
    for (const auto& row : rows) {
        EXPECT_EQ(row.entry.staff_id, "binh");
        EXPECT_EQ(row.entry.actor, "binh");
        EXPECT_EQ(row.entry.subject, one.code);
    }
}

// ---- many cases at once

TEST_F(CaseRoutes, ABulkPreviewSaysOfEachWhatWouldBeAndChangesNothing)
{
    const auto open = in_state("submitted");
    const auto answered = in_state("answered");
    const auto elsewhere = in_state("submitted", "xa");
    const auto before = all_rows();
    const auto got = preview(
        {open.code, answered.code, elsewhere.code, "PA-261116-0999K"},
        {{"operation", "transition"}, {"transition", "accept"}, {"inputs", {{"unit", "so"}}}});
    EXPECT_EQ(all_rows(), before);
    EXPECT_EQ(got["possible"], 1);
    EXPECT_EQ(got["expires_at"], "2026-11-16T02:10:00Z");
    ASSERT_EQ(got["items"].size(), 4U);
    const auto& may = got["items"][0];
    EXPECT_EQ(may["code"], open.code);
    EXPECT_EQ(may["possible"], true);
    EXPECT_EQ(may["version"], 1);
    EXPECT_EQ(may["objection"], nullptr);
    EXPECT_THAT(may["message"].get<std::string>(), HasSubstr("đang được Sở Tư pháp xử lý"));
    EXPECT_EQ(got["items"][1]["possible"], false);
    EXPECT_THAT(got["items"][1]["objection"].get<std::string>(), HasSubstr("Trạng thái hiện tại"));
    EXPECT_EQ(got["items"][1]["message"], nullptr);
    EXPECT_EQ(got["items"][2]["objection"], got["items"][3]["objection"])
        << "out of sight looks as if it were not there";
}

TEST_F(CaseRoutes, ABulkRunDoesToEachWhatTheSingleCommandDoes)
{
    const auto first = in_state("submitted");
    const auto second = in_state("submitted");
    const auto third = in_state("answered");
    const auto previewed = preview(
        {first.code, second.code, third.code},
        {{"operation", "transition"}, {"transition", "accept"}, {"inputs", {{"unit", "so"}}}});
    // Somebody is quicker.
    const json edit = {{"expected_version", 1}, {"labels", json::array({"gấp"})}};
    expect(200, send("PATCH", path(second.code), edit));
    const auto result = expect(200, run(previewed));
    EXPECT_EQ(result["done"], 1);
    ASSERT_EQ(result["items"].size(), 3U);
    EXPECT_EQ(result["items"][0]["done"], true);
    EXPECT_EQ(result["items"][1]["done"], false);
    EXPECT_THAT(result["items"][1]["objection"].get<std::string>(), HasSubstr("thay đổi"));
    EXPECT_EQ(result["items"][2]["done"], false);
    EXPECT_EQ(get(path(first.code))["state"], "processing");
    EXPECT_EQ(get(path(second.code))["state"], "submitted");
    EXPECT_THAT(history(first.code), ElementsAre("accept"));
    ASSERT_EQ(audited("transition").size(), 1U);
    EXPECT_EQ(audited("transition")[0].entry.staff_id, "binh");
    EXPECT_EQ(audited("transition")[0].entry.subject, first.code);
    EXPECT_THAT(sent(), ElementsAre(HasSubstr("đang được Sở Tư pháp xử lý")));
    // Asked again, because the answer was lost.
    const auto before = all_rows();
    EXPECT_EQ(expect(200, run(previewed)), result);
    EXPECT_EQ(all_rows(), before);
}

TEST_F(CaseRoutes, APreviewIsTheCallersAndEnds)
{
    const auto one = in_state("submitted");
    const json label = {{"operation", "label"}, {"add_labels", json::array({"gấp"})}};
    auto previewed = preview({one.code}, label);
    sign_in("chi", {staff_role::officer}, "so");
    expect_problem(410, "expired", run(previewed));
    sign_in("binh", {staff_role::officer}, "so");
    now += std::chrono::minutes(10);
    expect_problem(410, "expired", run(previewed));
    EXPECT_EQ(get(path(one.code))["labels"], json::array());
    // Only some are kept, the newest.
    previewed = preview({one.code}, label);
    for (int i = 0; i < 5; ++i)
        preview({one.code}, label);
    expect_problem(410, "expired", run(previewed));
    expect_problem(410, "expired", send("POST", "/complaints/bulk-previews/none/run"));
}

TEST_F(CaseRoutes, AssignmentCategoryAndLabelsOfMany)
{
    auto one = in_state("processing");
    auto other = in_state("processing");
    const json codes = {one.code, other.code};
    const json own = {{"expected_version", 1}, {"labels", json::array({"cũ", "gấp"})}};
    expect(200, send("PATCH", path(one.code), own));
    const auto labelled = expect(
        200,
        run(preview(
            codes,
            {{"operation", "label"},
             {"add_labels", json::array({"gấp", "mới"})},
             {"remove_labels", json::array({"cũ"})}})));
    EXPECT_EQ(labelled["done"], 2);
    EXPECT_EQ(get(path(one.code))["labels"], json::array({"gấp", "mới"}));
    EXPECT_EQ(get(path(other.code))["labels"], json::array({"gấp", "mới"}));
    run(preview(codes, {{"operation", "category"}, {"category", "attitude"}, {"reason", "đúng"}}));
    EXPECT_EQ(get(path(other.code))["category"], "attitude");
    run(preview(codes, {{"operation", "assign"}, {"unit_id", "so"}, {"officer_id", "chi"}}));
    EXPECT_EQ(get(path(one.code))["officer_id"], "chi");
    // The rules are those of the single command.
    const auto elsewhere =
        preview(codes, {{"operation", "assign"}, {"unit_id", "xa"}, {"reason", "đúng chức năng"}});
    EXPECT_EQ(elsewhere["possible"], 0) << "an officer passes on by the transition";
    EXPECT_EQ(expect(200, run(elsewhere))["done"], 0);
    const auto no_reason = preview(codes, {{"operation", "category"}, {"category", "delay"}});
    EXPECT_EQ(no_reason["items"][0]["objection"], "Đổi lĩnh vực phải nêu lý do");
    json many = json::array();
    for (int i = 0; i < 9; ++i)
        many.push_back("nhãn " + std::to_string(i));
    const auto full = preview(codes, {{"operation", "label"}, {"add_labels", many}});
    EXPECT_EQ(full["possible"], 0) << "more labels than a case may have";
    EXPECT_TRUE(sent().empty());
}

TEST_F(CaseRoutes, ATemplateIsSaidAsThePreviewShowedIt)
{
    const auto one = in_state("submitted");
    app::reply_template text{
        .title = "Hỏi thêm",
        .text = "Anh/chị gửi thêm ảnh cho {{mã}}.",
        .categories = {},
        .transition = "ask_more",
        .updated_by = {}};
    write([&text](app::transaction& t) { text.id = t.desk_content().add(text); });
    json operation = {
        {"operation", "transition"},
        {"transition", "ask_more"},
        {"template_id", std::to_string(text.id)}};
    const auto previewed = preview({one.code}, operation);
    const auto shown = previewed["items"][0]["message"].get<std::string>();
    EXPECT_THAT(shown, HasSubstr("Anh/chị gửi thêm ảnh cho " + one.code));
    text.version = 2;
    text.text = "Khác";
    write([&text](app::transaction& t) { t.desk_content().update(text); });
    EXPECT_EQ(expect(200, run(previewed))["done"], 1);
    EXPECT_THAT(sent(), ElementsAre(shown));
    operation["transition"] = "answer";
    operation["codes"] = {one.code};
    EXPECT_EQ(send("POST", "/complaints/bulk-previews", operation).status, 422U)
        << "a template of another transition";
}

TEST_F(CaseRoutes, WhatMakesNoBulkOperationIsRefused)
{
    const auto one = in_state("submitted");
    json too_many = json::array();
    for (int i = 0; i < 201; ++i)
        too_many.push_back(fmt::format("PA-261116-{:04}A", i));
    const json label = {{"operation", "label"}, {"add_labels", json::array({"x"})}};
    const auto with = [](json base, const std::string& field, json value) {
        base[field] = std::move(value);
        return base;
    };
    const json good = with(label, "codes", {one.code});
    expect(201, send("POST", "/complaints/bulk-previews", good));
    const std::vector<json> refused{
        with(label, "codes", json::array()),
        with(label, "codes", too_many),
        with(label, "codes", {one.code, one.code}),
        with(good, "transition", "accept"),
        with(good, "operation", "reply"),
        with(good, "add_labels", json::array()),
        with(good, "add_labels", json::array({std::string(31, 'a')})),
        {{"codes", {one.code}}, {"operation", "assign"}},
        {{"codes", {one.code}}, {"operation", "transition"}}};
    for (const auto& body : refused)
        EXPECT_EQ(send("POST", "/complaints/bulk-previews", body).status, 422U) << body;
}

} // namespace
} // namespace motcua::staff_api
