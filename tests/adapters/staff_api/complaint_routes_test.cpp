#include "complaint_access.hpp"
#include "complaint_json.hpp"
#include "complaint_routes.hpp"
#include "desk.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace motcua::staff_api {
namespace {

using app::staff_role;
using testing::ElementsAre;

const app::unit_tree units({{"so", ""}, {"phong", "so"}, {"xa", ""}});

class ComplaintRoutes : public Desk
{
protected:
    ComplaintRoutes()
    {
        add_complaint_routes(
            routes,
            parts,
            {[](app::reader&) { return units; },
             [](app::reader&) {
                 return std::map<std::string, std::string>{{"so", "Sở Tư pháp"}, {"an", "Chị An"}};
             },
             [this](app::transaction&, const app::audit_entry& entry) { kept.push_back(entry); }});
    }
    std::vector<app::audit_entry> kept;

    std::vector<std::string> codes(const std::string& query)
    {
        const auto found = get("/complaints?" + query);
        std::vector<std::string> out;
        for (const auto& item : found["items"])
            out.push_back(item["code"].get<std::string>());
        return out;
    }
};

TEST(ComplaintAccess, AnOfficerSeesTheOwnUnitAndThoseBelow)
{
    caller by;
    by.who.roles = {staff_role::officer};
    by.who.unit = "so";
    const auto sees = [&by](std::string unit) {
        complaints::complaint what;
        what.unit = std::move(unit);
        return may_see(by, what, units);
    };
    EXPECT_TRUE(sees("so"));
    EXPECT_TRUE(sees("phong"));
    EXPECT_FALSE(sees("xa"));
    EXPECT_FALSE(sees(""));
    EXPECT_THAT(sight_of(by, units).units, ElementsAre("phong", "so"));
    by.who.unit.clear();
    EXPECT_FALSE(sees(""));
    EXPECT_TRUE(sight_of(by, units).units.empty());
    by.who.roles = {staff_role::admin};
    by.who.unit = "so";
    EXPECT_FALSE(sees("so"));
    EXPECT_TRUE(sight_of(by, units).units.empty());
    by.who.roles = {staff_role::coordinator};
    EXPECT_TRUE(sees("") && sees("xa"));
    EXPECT_TRUE(sight_of(by, units).all);
}

TEST(UnitTree, ACircleEnds)
{
    const app::unit_tree round({{"a", "b"}, {"b", "a"}});
    EXPECT_TRUE(round.is_within("a", "b"));
    EXPECT_FALSE(round.is_within("a", "c"));
}

TEST(Masks, SayLittle)
{
    EXPECT_EQ(masked_name("Nguyễn Văn Ân"), "Nguyễn V. Â.");
    EXPECT_EQ(masked_name("  Ân "), "Â.");
    EXPECT_EQ(masked_name(""), "");
    EXPECT_EQ(masked_phone("0912345678"), "09xx xxx x78");
    EXPECT_EQ(masked_phone("113"), "•••");
    EXPECT_EQ(masked_phone(""), "");
    EXPECT_EQ(excerpt(" một\n\n hai"), "một hai");
    const auto word = [](std::size_t length) { return std::string(length, 'a'); };
    EXPECT_EQ(excerpt(word(39) + " " + word(40)), word(39) + " " + word(40)) << "80 characters";
    EXPECT_EQ(excerpt(word(39) + " " + word(41)), word(39) + "…");
    EXPECT_EQ(excerpt(word(50) + ". " + word(40)), word(50) + "…");
    EXPECT_EQ(excerpt(word(81)), word(79) + "…");
}

TEST_F(ComplaintRoutes, ACaseIsShownWithoutThePersonsParticulars)
{
    auto one = filed("Nộp hồ sơ đất đã ba tuần\nchưa có kết quả");
    one.where = {.commune = "25459", .text = "bộ phận một cửa", .coordinates = "11.31,106.1"};
    one.attachments = {{"m1", 0, "image", ""}, {"m1", 1, "file", "giấy hẹn.pdf"}};
    add(one);
    add(filed("Chuyện khác hẳn"));
    const auto got = send("GET", "/complaints/" + one.code);
    ASSERT_EQ(got.status, 200U);
    for (const auto* secret : {"0912345678", "Thị Thử", "khu phố 3", "1001"})
        EXPECT_EQ(got.body.find(secret), std::string::npos) << secret;
    const auto seen = json::parse(got.body);
    EXPECT_EQ(seen["content"], one.content);
    EXPECT_EQ(seen["excerpt"], "Nộp hồ sơ đất đã ba tuần chưa có kết quả");
    EXPECT_EQ(seen["sender"]["name"], "Trần T. T.");
    EXPECT_EQ(seen["sender"]["phone"], "09xx xxx x78");
    EXPECT_EQ(seen["place"]["latitude"], 11.31);
    EXPECT_EQ(seen["photo_count"], 1);
    EXPECT_EQ(seen["attachment_count"], 2);
    EXPECT_EQ(seen["attachments"].size(), 2U);
    EXPECT_EQ(seen["signal"], "act");
    EXPECT_EQ(seen["due_on"], "2026-12-07");
    EXPECT_EQ(seen["working_days_left"], 15);
    EXPECT_EQ(seen["waiting_since"], instant(now));
    EXPECT_EQ(seen["last_message"]["from"], "citizen");
    EXPECT_EQ(seen["others_of_sender_total"], 1);
    EXPECT_EQ(seen["others_of_sender"][0]["excerpt"], "Chuyện khác hẳn");
    EXPECT_EQ(seen["takeover"]["by"], "bot");
    EXPECT_EQ(seen["due_history"].size(), 1U);
    EXPECT_TRUE(seen["may_reply"]);
    EXPECT_EQ(seen["duplicate_count"], 0);
}

TEST_F(ComplaintRoutes, ACaseOutOfSightDoesNotExist)
{
    auto one = filed("Chậm trả kết quả");
    one.unit = "xa";
    add(one);
    sign_in("binh", {staff_role::officer}, "so");
    for (const auto* part : {"", "/messages", "/notes", "/history", "/duplicates"})
        EXPECT_EQ(status_of("/complaints/" + one.code + part), 404U) << part;
    sign_in("binh", {staff_role::officer}, "xa");
    for (const auto* part : {"", "/messages", "/notes", "/history", "/duplicates"})
        EXPECT_EQ(status_of("/complaints/" + one.code + part), 200U) << part;
    EXPECT_EQ(status_of("/complaints/PA-261122-0001A"), 404U);
}

TEST_F(ComplaintRoutes, MessagesAndNotesAreReadFromTheEnd)
{
    const auto one = filed("Chậm trả kết quả");
    const auto id = add(one);
    write([&](app::transaction& t) {
        for (int i = 0; i < 52; ++i)
            t.complaints().add_message(
                id,
                {.at = now + std::chrono::seconds(i),
                 .kind =
                     i == 50 ? complaints::message_kind::note : complaints::message_kind::citizen,
                 .by = {complaints::role::citizen, "1001"},
                 .text = std::to_string(i),
                 .attachments = {}});
    });
    const auto last = get("/complaints/" + one.code + "/messages");
    ASSERT_EQ(last["items"].size(), 50U);
    EXPECT_TRUE(last["has_more"]);
    EXPECT_EQ(last["items"][0]["text"], "1");
    EXPECT_EQ(last["items"][49]["text"], "51");
    EXPECT_EQ(last["items"][49]["from"], "citizen");
    EXPECT_TRUE(last["items"][49]["staff_id"].is_null());
    const auto first =
        get("/complaints/" + one.code +
            "/messages?before=" + last["items"][0]["id"].get<std::string>());
    ASSERT_EQ(first["items"].size(), 1U);
    EXPECT_FALSE(first["has_more"]);
    EXPECT_EQ(get("/complaints/" + one.code + "/notes")["items"][0]["text"], "50");
    EXPECT_EQ(status_of("/complaints/" + one.code + "/notes?before=x"), 422U);
}

TEST_F(ComplaintRoutes, TheHistoryIsFitForPeople)
{
    const auto one = filed("Chậm trả kết quả");
    const auto id = add(one);
    write([&](app::transaction& t) {
        complaints::history_entry entry{
            .at = now,
            .by = {complaints::role::officer, "an"},
            .what = "assign",
            .from = "submitted",
            .to = "submitted",
            .reason = {},
            .message = {},
            .value = "so/an"};
        t.complaints().add_history(id, entry);
        entry.what = "category";
        entry.value = "delay -> attitude";
        t.complaints().add_history(id, entry);
        entry.what = "accept";
        entry.value = "so";
        t.complaints().add_history(id, entry);
        entry.what = "file";
        entry.value = "delay";
        t.complaints().add_history(id, entry);
        entry.what = "reminder:escalation";
        entry.value = "superior";
        t.complaints().add_history(id, entry);
    });
    const auto items = get("/complaints/" + one.code + "/history")["items"];
    ASSERT_EQ(items.size(), 5U);
    EXPECT_EQ(items[0]["title"], "Phân công");
    EXPECT_EQ(items[0]["value"], "Sở Tư pháp · Chị An");
    EXPECT_EQ(items[0]["staff_id"], "an");
    EXPECT_EQ(items[1]["value"], "Trễ hẹn, chậm giải quyết → Thái độ phục vụ, ứng xử");
    EXPECT_EQ(items[2]["title"], "Tiếp nhận xử lý");
    EXPECT_EQ(items[2]["value"], "Sở Tư pháp");
    EXPECT_EQ(items[3]["value"], "Trễ hẹn, chậm giải quyết");
    EXPECT_EQ(items[4]["value"], "cấp trên: quá hạn 1 ngày làm việc");
}

TEST_F(ComplaintRoutes, LikelyDuplicatesComeMostAlikeFirst)
{
    const auto first = filed("Nộp hồ sơ đất ở xã đã ba tuần chưa có kết quả", "1001");
    const auto same = filed("Nộp hồ sơ đất ở xã đã ba tuần chưa có kết quả", "1001");
    auto alike = filed("Tôi nộp hồ sơ đất ở xã đã ba tuần mà chưa có kết quả", "1002");
    alike.unit = "xa";
    add(first);
    add(alike);
    add(same);
    add(filed("Cán bộ lớn tiếng với người già", "1003"));
    const auto got = get("/complaints/" + first.code + "/duplicates")["items"];
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0]["complaint"]["code"], same.code);
    EXPECT_EQ(got[0]["similarity"], 1.0);
    EXPECT_TRUE(got[0]["same_sender"]);
    EXPECT_EQ(got[1]["complaint"]["code"], alike.code);
    EXPECT_FALSE(got[1]["same_sender"]);
    EXPECT_EQ(get("/complaints/" + first.code)["duplicate_count"], 2);
    sign_in("binh", {staff_role::officer}, "xa");
    EXPECT_EQ(get("/complaints/" + alike.code)["duplicate_count"], 0) << "the others are not seen";
    EXPECT_EQ(get("/complaints/" + alike.code + "/duplicates")["items"].size(), 0U);
}

TEST_F(ComplaintRoutes, TheListHasTabsWithTrueCounts)
{
    for (int i = 0; i < 30; ++i)
        add(filed("Trễ hẹn lần " + std::to_string(i)));
    auto mine = filed("Của tôi");
    mine.officer = "an";
    add(mine);
    auto done = filed("Đã xong");
    done.state = "closed";
    add(done);
    auto hidden = filed("Tin rác");
    hidden.state = "hidden";
    add(hidden);
    auto trial = filed("Thử");
    trial.test = true;
    add(trial);
    const auto all = get("/complaints?tab=all&page=2");
    EXPECT_EQ(all["items"].size(), 7U);
    EXPECT_EQ(all["total"], 32);
    EXPECT_EQ(all["page"], 2);
    EXPECT_EQ(all["page_size"], 25);
    EXPECT_EQ(
        all["counts"],
        (json{{"mine", 1}, {"unassigned", 30}, {"open", 31}, {"due", 0}, {"all", 32}}));
    EXPECT_TRUE(all["exact_code"].is_null());
    EXPECT_THAT(codes(""), ElementsAre(mine.code)) << "mine is the first tab";
    EXPECT_THAT(codes("tab=all&state=hidden"), ElementsAre(hidden.code));
    EXPECT_THAT(codes("tab=all&test=true"), ElementsAre(trial.code));
    EXPECT_THAT(codes("tab=all&officer=me"), ElementsAre(mine.code));
    EXPECT_THAT(codes("tab=all&officer=me&officer=none&state=closed"), ElementsAre(done.code));
}

TEST_F(ComplaintRoutes, DeadlinesAreWorkingDays)
{
    const auto one = filed("Chậm trả kết quả"); // due on Monday, 7 December
    add(one);
    const auto counts_at = [this](int month, int day, int hour) {
        now = std::chrono::sys_days(std::chrono::year(2026) / month / day) +
              std::chrono::hours(hour - 7);
        return get("/complaints?tab=due")["counts"]["due"].get<int>();
    };
    EXPECT_EQ(counts_at(12, 2, 23), 0) << "three working days left";
    EXPECT_EQ(counts_at(12, 3, 0), 1);
    EXPECT_THAT(codes("tab=all&deadline=soon"), ElementsAre(one.code));
    EXPECT_EQ(counts_at(12, 7, 16), 1);
    EXPECT_THAT(codes("tab=all&deadline=overdue"), ElementsAre());
    EXPECT_EQ(get("/complaints?tab=all")["items"][0]["working_days_left"], 0);
    EXPECT_EQ(counts_at(12, 9, 9), 1);
    EXPECT_THAT(codes("tab=all&deadline=overdue"), ElementsAre(one.code));
    EXPECT_THAT(codes("tab=all&deadline=soon&deadline=later&deadline=none"), ElementsAre());
    const auto late = get("/complaints?tab=all")["items"][0];
    EXPECT_EQ(late["working_days_left"], -2);
    EXPECT_EQ(late["signal"], "overdue");
}

TEST_F(ComplaintRoutes, FiltersOfDaysAndBranches)
{
    const auto one = filed("Chậm trả kết quả");
    add(one);
    EXPECT_THAT(codes("tab=all&category=handling"), ElementsAre(one.code));
    EXPECT_THAT(codes("tab=all&category=conduct"), ElementsAre());
    EXPECT_THAT(codes("tab=all&received_from=2026-11-16"), ElementsAre(one.code));
    EXPECT_THAT(codes("tab=all&received_to=2026-11-16"), ElementsAre(one.code));
    EXPECT_THAT(codes("tab=all&received_from=2026-11-17"), ElementsAre());
    EXPECT_THAT(codes("tab=all&received_to=2026-11-15"), ElementsAre());
    EXPECT_THAT(codes("tab=all&commune=none&unit=none"), ElementsAre(one.code));
    for (const auto* wrong :
         {"tab=x",
          "sort=x",
          "order=up",
          "page=0",
          "page=100001",
          "page=1x",
          "deadline=x",
          "received_from=2026-02-30",
          "received_to=x",
          "rating_maximum=6",
          "reopened=1"})
        EXPECT_EQ(status_of(std::string("/complaints?") + wrong), 422U) << wrong;
    EXPECT_EQ(status_of("/complaints?q=" + std::string(201, 'a')), 422U);
}

TEST_F(ComplaintRoutes, AnExactCodeIsFoundWhateverTheFiltersButNotOutOfSight)
{
    auto one = filed("Chậm trả kết quả");
    one.unit = "xa";
    add(one);
    EXPECT_EQ(get("/complaints?state=closed&q=" + one.code)["exact_code"], one.code);
    EXPECT_THAT(codes("tab=all&q=" + one.code), ElementsAre(one.code));
    sign_in("binh", {staff_role::officer}, "so");
    EXPECT_TRUE(get("/complaints?q=" + one.code)["exact_code"].is_null());
    EXPECT_EQ(get("/complaints?tab=all")["total"], 0);
}

TEST_F(ComplaintRoutes, LookingForATelephoneIsKept)
{
    const auto one = filed("Chậm trả kết quả");
    add(one);
    EXPECT_THAT(codes("tab=all&q=ch%E1%BA%ADm"), ElementsAre(one.code));
    EXPECT_TRUE(kept.empty());
    EXPECT_THAT(codes("tab=all&q=sdt:0912345678"), ElementsAre(one.code));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].action, "search_phone");
    EXPECT_EQ(kept[0].staff_id, "an");
    EXPECT_EQ(kept[0].detail.find("0912"), std::string::npos);
}

TEST_F(ComplaintRoutes, TheExportHasAllRowsOfTheFilterAndIsKept)
{
    for (int i = 0; i < 30; ++i)
        add(filed("=HYPERLINK(\"x\") vụ " + std::to_string(i)));
    auto out_of_sight = filed("Ở nơi khác");
    out_of_sight.unit = "xa";
    add(out_of_sight);
    const auto got = send("GET", "/complaints/export?format=csv&tab=all&unit=none&q=vu");
    ASSERT_EQ(got.status, 200U);
    EXPECT_TRUE(got.body.starts_with("\xEF\xBB\xBFMã,"));
    EXPECT_EQ(std::ranges::count(got.body, '\n'), 31);
    EXPECT_NE(got.body.find("\"'=HYPERLINK"), std::string::npos);
    EXPECT_EQ(got.body.find(",=HYPERLINK"), std::string::npos);
    for (const auto* secret : {"0912345678", "Thị Thử", "khu phố 3", "1001"})
        EXPECT_EQ(got.body.find(secret), std::string::npos) << secret;
    const auto field = [&got](const std::string& name) {
        for (const auto& [key, value] : got.fields)
            if (key == name)
                return value;
        return std::string();
    };
    EXPECT_EQ(field("X-Row-Count"), "30");
    EXPECT_EQ(field("Content-Disposition"), "attachment; filename=\"phan-anh-2026-11-16.csv\"");
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].action, "export");
    EXPECT_EQ(kept[0].detail, "tab=all unit=none và từ tìm: 30 dòng, csv");
    const auto book = send("GET", "/complaints/export?format=xlsx&tab=all");
    ASSERT_EQ(book.status, 200U);
    EXPECT_TRUE(book.body.starts_with("PK"));
    sign_in("binh", {staff_role::officer}, "so");
    EXPECT_EQ(
        std::ranges::count(send("GET", "/complaints/export?format=csv&tab=all").body, '\n'), 1);
    EXPECT_EQ(status_of("/complaints/export"), 422U);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(status_of("/complaints/export?format=csv&page=x&tab=wrong"), 422U)
            << "one that fails is not under way for ever";
}

} // namespace
} // namespace motcua::staff_api
