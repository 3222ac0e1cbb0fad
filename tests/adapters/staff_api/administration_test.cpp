#include "audit_titles.hpp"
#include "staff_office.hpp"

#include <motcua/support/logging.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace motcua::staff_api {
namespace {

using app::staff_role;

class Administration : public StaffOffice
{
protected:
    Administration()
    {
        open(false);
        add_unit("u-1");
        add_unit("u-2", "u-1");
        add_account("chi", {staff_role::admin});
        admin = signed_in("chi");
    }

    static json member(
        const std::string& name,
        const std::vector<std::string>& roles,
        const json& unit = nullptr,
        bool active = true)
    {
        return {{"name", name}, {"unit_id", unit}, {"roles", roles}, {"active", active}};
    }
    static json with(json body, const std::string& key, const json& value)
    {
        body[key] = value;
        return body;
    }
    std::string error_field(const http::response& of)
    {
        const auto problem = body(of);
        return problem.contains("errors") ? problem["errors"][0]["field"].get<std::string>() : "";
    }

    browser admin;
};

TEST_F(Administration, ANewAccountSignsInWithTheTemporaryPassword)
{
    const auto got =
        send(admin, "POST", "/staff", with(member("Lan", {"officer"}, "u-2"), "user_name", "lan"));
    ASSERT_EQ(got.status, 201U) << got.body;
    EXPECT_EQ(field(got, "Cache-Control"), "no-store");
    const auto made = body(got);
    EXPECT_EQ(made["staff_member"]["version"], 1);
    EXPECT_EQ(last_action(), "staff_added");
    EXPECT_EQ(
        body(send(admin, "GET", "/audit?action=staff_added"))["items"][0]["detail"],
        "Vai trò: Cán bộ xử lý; đơn vị: Đơn vị u-2");
    browser lan;
    const auto in = sign_in(lan, "lan", made["temporary_password"].get<std::string>());
    EXPECT_EQ(body(in)["stage"], "password_change");
    const auto listed = body(send(admin, "GET", "/staff"))["items"];
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(listed[1]["user_name"], "lan");
    EXPECT_EQ(listed[1]["unit_id"], "u-2");
    EXPECT_EQ(listed[1]["open_cases"], 0);
}

TEST_F(Administration, WhatMakesNoAccountIsRefusedAtItsField)
{
    const std::vector<std::pair<json, std::string>> refused{
        {with(member("Lan", {"officer"}), "user_name", "lan"), "unit_id"},
        {with(member("Lan", {"officer"}, "u-9"), "user_name", "lan"), "unit_id"},
        {with(member("Lan", {}, "u-1"), "user_name", "lan"), "roles"},
        {with(member("Lan", {"king"}, "u-1"), "user_name", "lan"), "roles"},
        {with(member("Lan", {"viewer"}), "user_name", "Lan"), "user_name"},
        {with(member("Lan", {"viewer"}), "user_name", "x"), "user_name"},
        {with(member("Lan", {"viewer"}), "user_name", "chi"), "user_name"},
        {with(member("", {"viewer"}), "user_name", "lan"), "name"},
        {with(with(member("Lan", {"viewer"}), "user_name", "lan"), "password", "x"), "password"}};
    for (const auto& [given, blamed] : refused) {
        const auto got = send(admin, "POST", "/staff", given);
        EXPECT_EQ(got.status, 422U) << given;
        EXPECT_EQ(error_field(got), blamed) << given;
    }
    EXPECT_EQ(body(send(admin, "GET", "/staff"))["items"].size(), 1U);
}

TEST_F(Administration, AnEditEndsTheSessionsOfChangedRolesAndTheDisabled)
{
    add_account("lan", {staff_role::viewer});
    auto lan = signed_in("lan");
    const auto edit = [this](json wanted, int version) {
        return send(
            admin, "PUT", "/staff/s-lan", with(std::move(wanted), "expected_version", version));
    };
    EXPECT_EQ(edit(member("Lan Mới", {"viewer"}), 1).status, 200U);
    EXPECT_EQ(stage_of(lan), "active") << "a new name is no reason";
    EXPECT_EQ(edit(member("Lan Mới", {"editor"}), 2).status, 200U);
    EXPECT_EQ(stage_of(lan), "signed_out");
    lan = signed_in("lan");
    EXPECT_EQ(edit(member("Lan Mới", {"editor"}, nullptr, false), 3).status, 200U);
    EXPECT_EQ(stage_of(lan), "signed_out");
    EXPECT_EQ(sign_in(lan, "lan", good_password).status, 401U);
    EXPECT_EQ(
        send(admin, "PUT", "/staff/s-none", with(member("X", {"viewer"}), "expected_version", 1))
            .status,
        404U);
}

TEST_F(Administration, AStaleEditShowsWhoChangedWhat)
{
    add_account("lan", {staff_role::viewer});
    const auto first = with(member("Lan Một", {"viewer"}), "expected_version", 1);
    const auto second = with(member("Lan Hai", {"viewer"}), "expected_version", 1);
    pass(std::chrono::minutes(1));
    EXPECT_EQ(send(admin, "PUT", "/staff/s-lan", first).status, 200U);
    const auto got = send(admin, "PUT", "/staff/s-lan", second);
    EXPECT_EQ(got.status, 409U);
    const auto shown = body(got);
    EXPECT_EQ(shown["type"], "urn:motcua:problem:stale");
    EXPECT_EQ(shown["current"]["name"], "Lan Một");
    ASSERT_EQ(shown["changes"].size(), 1U) << shown;
    EXPECT_EQ(shown["changes"][0]["field"], "name");
    EXPECT_EQ(shown["changes"][0]["new"], "Lan Một");
    EXPECT_EQ(shown["changes"][0]["staff_id"], "s-chi");
    EXPECT_EQ(shown["changes"][0]["at"], "2026-11-16T02:01:00Z");
    EXPECT_EQ(account("lan").who.name, "Lan Một");
}

TEST_F(Administration, TheLastActiveAdminStays)
{
    const auto edit = [this](const std::string& whose, json wanted, int version) {
        return send(
                   admin,
                   "PUT",
                   "/staff/" + whose,
                   with(std::move(wanted), "expected_version", version))
            .status;
    };
    EXPECT_EQ(edit("s-chi", member("Chi", {"viewer"}), 1), 422U);
    EXPECT_EQ(edit("s-chi", member("Chi", {"admin"}, nullptr, false), 1), 422U);
    add_account("mai", {staff_role::admin});
    EXPECT_EQ(edit("s-mai", member("Mai", {"admin"}, nullptr, false), 1), 200U);
    EXPECT_EQ(edit("s-chi", member("Chi", {"viewer"}), 1), 422U) << "mai is disabled";
    EXPECT_EQ(edit("s-mai", member("Mai", {"admin"}), 2), 200U);
    EXPECT_EQ(edit("s-chi", member("Chi", {"viewer"}), 1), 200U);
}

TEST_F(Administration, AResetPasswordIsTemporaryAndEndsSessions)
{
    add_account("lan", {staff_role::viewer});
    auto lan = signed_in("lan");
    const auto got = send(admin, "POST", "/staff/s-lan/password-reset");
    ASSERT_EQ(got.status, 200U) << got.body;
    EXPECT_EQ(stage_of(lan), "signed_out");
    const auto in = sign_in(lan, "lan", body(got)["temporary_password"].get<std::string>());
    EXPECT_EQ(body(in)["stage"], "password_change");
    EXPECT_EQ(send(admin, "POST", "/staff/s-none/password-reset").status, 404U);
}

TEST_F(Administration, AForgottenAuthenticatorIsEnrolledAnew)
{
    add_account("lan", {staff_role::viewer});
    enrol("lan");
    EXPECT_EQ(send(admin, "DELETE", "/staff/s-lan/totp").status, 204U);
    EXPECT_EQ(last_action(), "totp_reset");
    open(true);
    browser lan;
    EXPECT_EQ(body(sign_in(lan, "lan", good_password))["stage"], "totp_enrolment");
}

TEST_F(Administration, UnitsAreATree)
{
    const auto unit = [](const std::string& name, const json& parent, bool active = true) {
        return json{
            {"name", name}, {"parent_id", parent}, {"commune", nullptr}, {"active", active}};
    };
    const auto added = send(admin, "POST", "/units", unit("Phòng Thử", "u-2"));
    ASSERT_EQ(added.status, 201U) << added.body;
    const auto id = body(added)["id"].get<std::string>();
    EXPECT_EQ(error_field(send(admin, "POST", "/units", unit("X", "u-9"))), "parent_id");
    const auto move = [&](const std::string& whose, const json& parent, int version) {
        return send(
            admin,
            "PUT",
            "/units/" + whose,
            with(unit("Tên", parent), "expected_version", version));
    };
    EXPECT_EQ(error_field(move("u-1", "u-1", 1)), "parent_id") << "itself";
    EXPECT_EQ(error_field(move("u-1", id, 1)), "parent_id") << "below itself";
    EXPECT_EQ(move(id, "u-1", 1).status, 200U);
    EXPECT_EQ(last_action(), "unit_changed");
    const auto stale = move(id, nullptr, 1);
    EXPECT_EQ(stale.status, 409U);
    EXPECT_EQ(body(stale)["changes"][0]["field"], "parent_id");
    EXPECT_EQ(body(stale)["current"]["version"], 2);
}

TEST_F(Administration, OnlyAnEmptyUnitIsRemoved)
{
    EXPECT_EQ(send(admin, "DELETE", "/units/u-1").status, 422U) << "a unit below";
    add_account("lan", {staff_role::officer}, "u-2");
    EXPECT_EQ(send(admin, "DELETE", "/units/u-2").status, 422U) << "staff";
    add_unit("u-3");
    write([this](app::transaction& t) {
        complaints::complaint one;
        one.code = "PA-261116-0001A";
        one.unit = "u-3";
        one.state = "submitted";
        one.updated_at = now_;
        one.course.push_back({"file", "submitted", now_});
        t.complaints().add(one, {});
    });
    EXPECT_EQ(send(admin, "DELETE", "/units/u-3").status, 422U) << "a case";
    add_unit("u-4");
    EXPECT_EQ(send(admin, "DELETE", "/units/u-4").status, 204U);
    EXPECT_EQ(send(admin, "DELETE", "/units/u-4").status, 404U);
}

TEST_F(Administration, AClosedUnitTakesNobodyIn)
{
    const json closed = {
        {"name", "Đơn vị"},
        {"parent_id", "u-1"},
        {"commune", nullptr},
        {"active", false},
        {"expected_version", 1}};
    add_account("lan", {staff_role::officer}, "u-2");
    EXPECT_EQ(send(admin, "PUT", "/units/u-2", closed).status, 200U);
    const auto mai = with(member("Mai", {"officer"}, "u-2"), "user_name", "mai");
    EXPECT_EQ(error_field(send(admin, "POST", "/staff", mai)), "unit_id");
    const auto lan = with(member("Lan", {"officer"}, "u-2"), "expected_version", 1);
    EXPECT_EQ(send(admin, "PUT", "/staff/s-lan", lan).status, 200U) << "is there already";
}

TEST_F(Administration, TheAuditIsFilteredPagedAndVerified)
{
    for (int i = 0; i < 60; ++i) {
        pass(std::chrono::hours(1));
        write([this, i](app::transaction& t) {
            t.audit().add(
                {.at = now_,
                 .staff_id = "s-lan",
                 .actor = "lan",
                 .action = i % 2 == 0 ? "reveal" : "export",
                 .subject = i % 3 == 0 ? "PA-261116-0001A" : "",
                 .detail = "lý do"});
        });
    }
    admin = signed_in("chi");
    const auto ask = [this](const std::string& query) {
        return body(send(admin, "GET", "/audit" + query));
    };
    const auto first = ask("?staff_id=s-lan");
    EXPECT_EQ(first["items"].size(), 50U);
    EXPECT_TRUE(first["has_more"].get<bool>());
    const auto last = first["items"][49]["number"].get<int>();
    const auto rest = ask("?staff_id=s-lan&before=" + std::to_string(last));
    EXPECT_EQ(rest["items"].size(), 10U);
    EXPECT_FALSE(rest["has_more"].get<bool>());
    EXPECT_EQ(ask("?action=reveal")["items"].size(), 30U);
    EXPECT_EQ(ask("?action=reveal")["items"][0]["title"], "Hiện thông tin người gửi");
    EXPECT_EQ(ask("?subject=PA-261116-0001A")["items"].size(), 20U);
    EXPECT_EQ(ask("?subject=PA-261116-0001A&action=reveal")["items"].size(), 10U);
    // From 09:00 on the 16th every hour, in Vietnam.
    EXPECT_EQ(ask("?staff_id=s-lan&from=2026-11-17&to=2026-11-17")["items"].size(), 24U);
    EXPECT_EQ(send(admin, "GET", "/audit?from=today").status, 422U);
    EXPECT_EQ(send(admin, "GET", "/audit?before=0").status, 422U);
    const auto verdict = body(send(admin, "POST", "/audit/verification"));
    EXPECT_TRUE(verdict["intact"].get<bool>());
    EXPECT_TRUE(verdict["first_bad_row"].is_null());
    EXPECT_EQ(last_action(), "audit_verified");
}

// --- titles of actions

// The words between quotes that follow `before` in the sources.
std::set<std::string> actions_after(const std::string& sources, const std::string& before)
{
    std::set<std::string> found;
    for (auto at = sources.find(before); at != std::string::npos; at = sources.find(before, at)) {
        at += before.size();
        const auto end = sources.find('"', at);
        found.insert(sources.substr(at, end - at));
    }
    return found;
}

TEST(AuditTitles, AreThoseOfTheActionsThatAreWritten)
{
    std::string sources;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(MOTCUA_SOURCE_DIR) + "/src"))
        if (entry.path().extension() == ".cpp") {
            std::ifstream file(entry.path());
            // As on one line: calls are broken by the formatter.
            for (std::string line; std::getline(file, line);) {
                line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
                sources += line.ends_with('(') || line.ends_with(',') ? line : line + '\n';
                if (line.ends_with(','))
                    sources += ' ';
            }
        }
    // Those that are chosen where they are written, and that of the chain itself.
    std::set<std::string> written{
        "edit", "category", "label", "silence_on", "silence_off", "audit_forget"};
    for (const auto* const before :
         {"entry.action = \"",
          "act.action = \"",
          "\naudit(\"",
          "audit_entry_of(asked, \"",
          "audit_entry_of(work->asked, \"",
          "note(store, act, \""})
        written.merge(actions_after(sources, before));
    std::set<std::string> titled;
    for (const auto& one : audit_titles)
        titled.emplace(one.action);
    EXPECT_EQ(written, titled);
}

// --- the contract

struct operation
{
    std::string method;
    std::string path;
    std::set<std::string> roles;
    std::set<std::string> stages;
    bool takes_body = false;

    std::string name() const { return method + " " + path; }
};

std::set<std::string> words(const YAML::Node& list)
{
    std::set<std::string> out;
    for (const auto& word : list)
        out.insert(word.as<std::string>());
    return out;
}

std::vector<operation> contract()
{
    std::vector<operation> out;
    const auto all = YAML::LoadFile(std::string(MOTCUA_SOURCE_DIR) + "/data/api/openapi.yaml");
    for (const auto& path : all["paths"]) {
        for (const auto& one : path.second) {
            auto method = one.first.as<std::string>();
            if (method == "parameters")
                continue;
            std::ranges::transform(
                method, method.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            out.push_back(
                {.method = method,
                 .path = path.first.as<std::string>(),
                 .roles = words(one.second["x-roles"]),
                 .stages = one.second["x-stages"] ? words(one.second["x-stages"])
                                                  : std::set<std::string>{"active"},
                 .takes_body =
                     one.second["requestBody"] &&
                     one.second["requestBody"]["content"]["application/json"].IsDefined()});
        }
    }
    return out;
}

// What is not served yet. Nothing else may be missing.
const std::set<std::string> not_yet{};

class Contract : public StaffOffice
{
protected:
    const route* find(const operation& wanted) const
    {
        for (const auto& one : api_->routes().routes())
            if (one.method == wanted.method && one.path == wanted.path)
                return &one;
        return nullptr;
    }
    // A session at that stage, or none.
    browser at_stage(const std::string& user_name, stage wanted)
    {
        browser out;
        if (wanted == stage::signed_out)
            return out;
        sign_in(out, user_name, good_password);
        write([&](app::transaction& t) {
            auto one = t.accounts().find_session(sha256(out.cookie)).value();
            one.stage = wanted;
            t.accounts().put_session(one);
        });
        return out;
    }
    static std::string filled(std::string path)
    {
        for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
            path.replace(open, path.find('}') - open + 1, "none");
        return path;
    }
};

TEST_F(Contract, EveryOperationIsServedAsItSays)
{
    const auto all = contract();
    EXPECT_EQ(all.size(), 87U) << "a new operation needs a rule here and there";
    std::set<std::string> known;
    for (const auto& one : all) {
        known.insert(one.name());
        const auto* const served = find(one);
        EXPECT_EQ(served == nullptr, not_yet.contains(one.name())) << one.name();
        if (served == nullptr)
            continue;
        EXPECT_EQ(served->anonymous, one.roles.contains("anonymous")) << one.name();
        std::set<std::string> roles;
        for (const auto role : served->roles)
            roles.emplace(app::name(role));
        auto wanted = one.roles;
        wanted.erase("anonymous");
        wanted.erase("session");
        EXPECT_EQ(roles, wanted) << one.name();
        EXPECT_EQ(served->takes_body, one.takes_body) << one.name();
        std::set<std::string> stages;
        for (const auto stage : served->stages)
            stages.emplace(name(stage));
        if (one.name() == "DELETE /session") // open at any stage: Session.stage says so
            stages = {"active"};
        EXPECT_EQ(stages, one.stages) << one.name();
    }
    for (const auto& one : api_->routes().routes())
        EXPECT_TRUE(known.contains(one.method + " " + one.path)) << one.method << ' ' << one.path;
}

// Asks every operation as everybody: who may not is refused before anything is looked at, who may
// is not.
TEST_F(Contract, RolesAndStagesAreKeptOnEveryRoute)
{
    add_unit("u-1");
    const std::map<std::string, staff_role> people{
        {"viewer", staff_role::viewer},
        {"officer", staff_role::officer},
        {"coordinator", staff_role::coordinator},
        {"editor", staff_role::editor},
        {"admin", staff_role::admin}};
    for (const auto& [name, role] : people)
        add_account(name, {role}, "u-1");
    const std::vector<stage> stages{
        stage::signed_out,
        stage::totp,
        stage::password_change,
        stage::totp_enrolment,
        stage::active};
    std::map<std::pair<std::string, stage>, browser> browsers;
    for (const auto& [name, role] : people)
        for (const auto at : stages)
            browsers[{name, at}] = at_stage(name, at);
    for (const auto& one : contract()) {
        if (find(one) == nullptr || one.path == "/session" || one.path == "/events")
            continue; // /session has tests of its own
        for (const auto& [who, role] : people) {
            for (const auto at : stages) {
                auto from = browsers[{who, at}];
                const auto got = send(from, one.method, filled(one.path), json::object());
                const auto told =
                    one.name() + " as " + who + " at " + std::string(name(at)) + ": " + got.body;
                const bool anonymous = one.roles.contains("anonymous");
                const bool may =
                    anonymous || ((one.roles.contains("session") || one.roles.contains(who)) &&
                                  one.stages.contains(std::string(name(at))));
                if (may)
                    EXPECT_TRUE(got.status != 401 && got.status != 403) << told;
                else if (at == stage::signed_out)
                    EXPECT_EQ(got.status, 401U) << told;
                else
                    EXPECT_EQ(got.status, 403U) << told;
                // Nor without the token, nor from elsewhere.
                if (!may || anonymous || one.method == "GET")
                    continue;
                auto forged = browsers[{who, at}];
                forged.csrf += "x";
                EXPECT_EQ(send(forged, one.method, filled(one.path), json::object()).status, 403U)
                    << told;
                auto foreign = browsers[{who, at}];
                foreign.origin = "https://evil.example";
                EXPECT_EQ(send(foreign, one.method, filled(one.path), json::object()).status, 403U)
                    << told;
            }
        }
    }
}

// Every name that a body has anywhere in the contract.
void collect_names(const YAML::Node& from, std::set<std::string>& names)
{
    if (!from.IsMap() && !from.IsSequence())
        return;
    for (const auto& one : from) {
        const YAML::Node inner = from.IsMap() ? one.second : YAML::Node(one);
        if (from.IsMap() && one.first.as<std::string>() == "properties")
            for (const auto& property : inner)
                names.insert(property.first.as<std::string>());
        collect_names(inner, names);
    }
}

// Words and numbers of citizens, and secrets of staff, come in at every place of every operation:
// none may come out in the log, whatever fails over them.
TEST_F(Contract, NothingAskedOfAnyRouteIsLogged)
{
    const std::string canary = "canary-5d1f-0912345678";
    std::set<std::string> names;
    collect_names(YAML::LoadFile(std::string(MOTCUA_SOURCE_DIR) + "/data/api/openapi.yaml"), names);
    ASSERT_GE(names.size(), 100U);
    json strings;
    json lists;
    for (const auto& name : names) {
        strings[name] = canary;
        lists[name] = json::array({canary, {{"name", canary}}});
    }
    const std::vector<json> bodies{strings, lists, json::array({canary}), canary};
    add_unit("u-1");
    add_account(
        "chi",
        {staff_role::viewer,
         staff_role::officer,
         staff_role::coordinator,
         staff_role::editor,
         staff_role::admin},
        "u-1");
    log::set_level(log::level::debug);
    testing::internal::CaptureStderr();
    std::string thrown; // what the listener would log
    std::size_t asked = 0;
    for (const auto& one : contract()) {
        if (one.path == "/events")
            continue; // never ends
        auto path = filled(one.path);
        for (auto at = path.find("none"); at != std::string::npos; at = path.find("none", at))
            path.replace(at, 4, canary);
        path += "?q=" + canary + "&from=" + canary + "&page=" + canary + "&reason=" + canary;
        for (const auto& body : bodies) {
            auto from = at_stage("chi", stage::active);
            from.address = "198.51.100.7"; // where failed sign-ins make nobody else wait
            try {
                send(from, one.method, path, one.method == "GET" ? json() : body);
            } catch (const std::exception& failure) {
                thrown += failure.what();
            }
            ++asked;
            if (one.method == "GET")
                break;
        }
    }
    const auto logged = testing::internal::GetCapturedStderr();
    log::set_level(log::level::info);
    EXPECT_GT(asked, 150U);
    EXPECT_EQ(thrown, "") << "a 500 is a bug";
    for (const auto* part : {"canary", "5d1f", "0912345678"})
        EXPECT_EQ(logged.find(part), std::string::npos) << logged;
}

} // namespace
} // namespace motcua::staff_api
