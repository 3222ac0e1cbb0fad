#include "content_routes.hpp"
#include "desk.hpp"

#include <gmock/gmock.h>

namespace motcua::staff_api {
namespace {

using app::staff_role;
using testing::ElementsAre;
using testing::IsEmpty;

class ContentRoutes : public Desk
{
protected:
    ContentRoutes() { add_content_routes(routes, parts); }

    static json sample_template(const std::string& title = "Đã nhận")
    {
        return {
            {"title", title},
            {"text", "Đã nhận phản ánh {{mã}}, hạn {{ hạn }}."},
            {"categories", {"delay"}},
            {"transition", "answer"}};
    }
    static json with(json body, std::string_view field, json value)
    {
        body[std::string(field)] = std::move(value);
        return body;
    }
    json added(const std::string& path, const json& body)
    {
        const auto got = send("POST", path, body);
        EXPECT_EQ(got.status, 201U) << got.body;
        return json::parse(got.body);
    }
    std::vector<std::string> titles(const std::string& path)
    {
        std::vector<std::string> out;
        const auto list = get(path);
        for (const auto& one : list["items"])
            out.push_back(one["title"].get<std::string>());
        return out;
    }
};

TEST_F(ContentRoutes, ATemplateIsStoredAndListedByTitle)
{
    const auto first = added("/templates", sample_template("Ở lại"));
    added("/templates", sample_template("Đã nhận"));
    added("/templates", sample_template("Ăn"));
    EXPECT_EQ(first["version"], 1);
    EXPECT_EQ(first["updated_at"], instant(now));
    EXPECT_EQ(first["updated_by"], "an");
    EXPECT_EQ(first["transition"], "answer");
    EXPECT_THAT(titles("/templates"), ElementsAre("Ăn", "Đã nhận", "Ở lại"));
    EXPECT_EQ(get("/templates")["items"][2], first);
}

TEST_F(ContentRoutes, AnEditNamesTheVersionItBeganFrom)
{
    const auto id = added("/templates", sample_template())["id"].get<std::string>();
    sign_in("binh", {staff_role::editor});
    now += std::chrono::minutes(1);
    auto body = with(sample_template("Mới"), "expected_version", 1);
    body["categories"] = json::array();
    const auto got = send("PUT", "/templates/" + id, body);
    EXPECT_EQ(got.status, 200U) << got.body;
    EXPECT_EQ(json::parse(got.body)["version"], 2);

    const auto stale = send("PUT", "/templates/" + id, body);
    ASSERT_EQ(stale.status, 409U);
    const auto problem = json::parse(stale.body);
    EXPECT_EQ(problem["type"], "urn:motcua:problem:stale");
    EXPECT_EQ(problem["current"], json::parse(got.body));
    ASSERT_EQ(problem["changes"].size(), 2U) << problem["changes"];
    EXPECT_EQ(problem["changes"][0]["field"], "title");
    EXPECT_EQ(problem["changes"][0]["old"], "Đã nhận");
    EXPECT_EQ(problem["changes"][0]["new"], "Mới");
    EXPECT_EQ(problem["changes"][0]["staff_id"], "binh");
    EXPECT_EQ(problem["changes"][0]["at"], instant(now));
    EXPECT_EQ(problem["changes"][1]["field"], "categories");
    EXPECT_EQ(problem["changes"][1]["old"], rules().categories.find("delay")->title);
    EXPECT_EQ(problem["changes"][1]["new"], nullptr);
    EXPECT_THAT(titles("/templates"), ElementsAre("Mới"));
    EXPECT_EQ(send("PUT", "/templates/999", body).status, 404U);
    EXPECT_EQ(send("PUT", "/templates/x", body).status, 404U);
}

TEST_F(ContentRoutes, ARemovedTemplateIsGone)
{
    const auto id = added("/templates", sample_template())["id"].get<std::string>();
    EXPECT_EQ(send("DELETE", "/templates/" + id).status, 204U);
    EXPECT_EQ(send("DELETE", "/templates/" + id).status, 404U);
    EXPECT_THAT(titles("/templates"), IsEmpty());
}

TEST_F(ContentRoutes, WhatCannotBeUsedIsRefusedByField)
{
    const std::vector<std::pair<std::string, json>> bad{
        {"text", "Gửi {{mã}} {{tên người dân}}"},
        {"text", "Gửi {{}}"},
        {"text", " \n"},
        {"text", std::string(2001, 'x')},
        {"title", ""},
        {"title", "hai\ndòng"},
        {"title", std::string(101, 'x')},
        {"categories", {"delay", "no_such"}},
        {"categories", nullptr},
        {"transition", "withdraw"}, // the citizen's
        {"transition", "no_such"},
        {"other", 1}};
    for (const auto& [field, value] : bad) {
        const auto got = send("POST", "/templates", with(sample_template(), field, value));
        EXPECT_EQ(got.status, 422U) << field << value;
        EXPECT_EQ(json::parse(got.body)["errors"][0]["field"], field) << value;
    }
    EXPECT_THAT(titles("/templates"), IsEmpty());
    added("/templates", with(sample_template(), "transition", nullptr));
    added("/templates", with(sample_template(), "text", "Chưa đóng {{mã"));
}

TEST_F(ContentRoutes, ThereIsAnEndToTemplates)
{
    write([](app::transaction& t) {
        for (std::size_t i = 0; i < app::template_limit; ++i)
            t.desk_content().add(app::reply_template{.title = "a", .text = "b"});
    });
    EXPECT_EQ(send("POST", "/templates", sample_template()).status, 422U);
}

TEST_F(ContentRoutes, OfficersUseTemplatesAndDoNotWriteThem)
{
    const auto id = added("/templates", sample_template())["id"].get<std::string>();
    sign_in("binh", {staff_role::officer}, "so");
    EXPECT_EQ(status_of("/templates"), 200U);
    EXPECT_EQ(send("POST", "/templates", sample_template()).status, 403U);
    EXPECT_EQ(send("DELETE", "/templates/" + id).status, 403U);
    sign_in("binh", {staff_role::viewer});
    EXPECT_EQ(status_of("/templates"), 403U);
}

json sample_view(const std::string& title, bool shared)
{
    return {{"title", title}, {"query", "tab=due&q=%23g%E1%BA%A5p"}, {"shared", shared}};
}

TEST_F(ContentRoutes, ViewsAreOnesOwnAndTheSharedOnes)
{
    const auto shared = added("/views", sample_view("Quá hạn", true));
    added("/views", sample_view("Riêng", false));
    EXPECT_EQ(shared["staff_id"], "an");
    EXPECT_EQ(shared["query"], "tab=due&q=%23g%E1%BA%A5p");
    sign_in("binh", {staff_role::officer}, "so");
    added("/views", sample_view("Của Bình", false));
    EXPECT_THAT(titles("/views"), ElementsAre("Của Bình", "Quá hạn"));

    const auto path = "/views/" + shared["id"].get<std::string>();
    EXPECT_EQ(send("PUT", path, sample_view("Khác", false)).status, 404U) << "not one's own";
    EXPECT_EQ(send("DELETE", path).status, 404U);
    EXPECT_EQ(send("POST", "/views", sample_view("Chung", true)).status, 403U);
    sign_in("an", {staff_role::coordinator});
    EXPECT_EQ(send("PUT", path, sample_view("Khác", false)).status, 200U);
    EXPECT_THAT(titles("/views"), ElementsAre("Khác", "Riêng"));
    EXPECT_EQ(send("DELETE", path).status, 204U);
    EXPECT_EQ(send("DELETE", path).status, 404U);
    EXPECT_THAT(titles("/views"), ElementsAre("Riêng"));
}

TEST_F(ContentRoutes, AViewIsOneLineOfBoundedLength)
{
    EXPECT_EQ(send("POST", "/views", sample_view("", false)).status, 422U);
    EXPECT_EQ(send("POST", "/views", sample_view(std::string(61, 'x'), false)).status, 422U);
    auto bad = sample_view("a", false);
    bad["query"] = "a b";
    EXPECT_EQ(send("POST", "/views", bad).status, 422U);
    bad["query"] = std::string(2001, 'x');
    EXPECT_EQ(send("POST", "/views", bad).status, 422U);
    bad["query"] = "";
    EXPECT_EQ(send("POST", "/views", bad).status, 201U);
    write([](app::transaction& t) {
        for (std::size_t i = 1; i < app::view_limit; ++i)
            t.desk_content().add(app::saved_view{.staff_id = "an", .title = "v"});
    });
    EXPECT_EQ(send("POST", "/views", bad).status, 422U) << "too many";
}

} // namespace
} // namespace motcua::staff_api
