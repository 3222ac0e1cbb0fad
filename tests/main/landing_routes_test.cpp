#include "landing_routes.hpp"

#include <adapters/sqlite/temporary_store.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/link_lookup.hpp>
#include <motcua/adapters/sqlite/reach.hpp>
#include <motcua/core/text/unicode.hpp>
#include <support/run_coroutine.hpp>

#include <algorithm>
#include <memory>

namespace motcua {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const utc_time monday = std::chrono::sys_days{2026y / 11 / 16} + 3h;
const reach::period that_day{2026y / 11 / 16, 2026y / 11 / 16};
constexpr auto token = "0123456789abcdef0123";

reach::keyword keyword_of(std::string code)
{
    reach::keyword made;
    made.folded = text::fold(code);
    made.code = std::move(code);
    made.title = "Bình <nước> & \"quà\"";
    return made;
}

reach::plan plan_of(std::string id, std::chrono::year year, std::string activity)
{
    reach::plan made;
    made.head.id = std::move(id);
    made.head.issuer = "Văn phòng <b>tỉnh</b>";
    made.head.period = {year / 1 / 1, year / 12 / 31};
    made.activities.push_back({.id = "II.1", .name = std::move(activity), .keywords = {}});
    made.activities[0].keywords.push_back(keyword_of("BINHNUOC"));
    return made;
}

app::content two_years()
{
    dialogue::knowledge known;
    known.plans = {
        plan_of("2026", 2026y, "Tặng quà năm nay"), plan_of("2027", 2027y, "Tặng quà năm sau")};
    return {
        .understander = nullptr,
        .knowledge = std::make_shared<const dialogue::knowledge>(std::move(known))};
}

// A store that never takes anything.
class full_writer : public app::writer
{
public:
    http::asio::awaitable<result<void>> commit(std::function<void(app::transaction&)>) override
    {
        ++asked;
        co_return errc::busy;
    }
    bool healthy() const override { return true; }
    void on_commit(std::function<void(app::change_list)>) override {}
    std::size_t waiting() const override { return 0; }

    int asked = 0;
};

class LandingRoutes : public testing::Test
{
protected:
    LandingRoutes()
    {
        database_->run_now([](app::transaction& store) {
            app::tracked_link link;
            link.token = token;
            link.target = "https://dichvucong.gov.vn/p/home";
            link.pseudonym = "B";
            store.reach().put_link(link, monday);
        });
    }

    http::response ask(const std::string& target, const std::string& method = "GET")
    {
        const auto routes = make_landing_routes(
            {.store = to_ == nullptr ? database_->writer() : *to_,
             .current_content = [] { return two_years(); },
             .now = [this] { return now_; },
             .public_url = [] { return std::string("https://kenh.example"); },
             .oa_id = oa_,
             .knows_token = [this](const std::string& one) { return links_.knows(one); },
             .workers = context_.get_executor()},
            [](http::request) { return another(); });
        http::request asked{.method = method, .target = target};
        return run_coroutine(context_, routes(std::move(asked)));
    }
    static http::asio::awaitable<http::response> another()
    {
        http::response reply;
        reply.status = 418;
        co_return reply;
    }
    static std::string field(const http::response& reply, std::string_view name)
    {
        const auto found = std::ranges::find_if(
            reply.fields, [name](const auto& one) { return one.first == name; });
        return found == reply.fields.end() ? std::string() : found->second;
    }
    std::int64_t counted(reach::measure what)
    {
        return sqlite::open_reach_reader(folder_.file())
            ->rows({.period = that_day, .measures = reach::bit(what)}, {}, 0, 100)
            .total;
    }

    boost::asio::io_context context_;
    sqlite::temporary_folder folder_;
    std::unique_ptr<sqlite::database> database_ = sqlite::open_database({.file = folder_.file()});
    sqlite::link_lookup links_{folder_.file()};
    app::writer* to_ = nullptr; // null: the database
    utc_time now_ = monday;
    std::string oa_ = "28";
};

TEST_F(LandingRoutes, APageShowsTheKeywordAndOpensTheChannel)
{
    const auto reply = ask("/q/BINHNUOC");
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(reply.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(reply.body, HasSubstr("<h2>BINHNUOC</h2>"));
    EXPECT_THAT(reply.body, HasSubstr("Tặng quà năm nay"));
    EXPECT_THAT(reply.body, HasSubstr("href=\"https://zalo.me/28\""));
    EXPECT_THAT(reply.body, HasSubstr("Bình &lt;nước> &amp; &quot;quà&quot;"));
    EXPECT_THAT(reply.body, Not(HasSubstr("<b>")));
    EXPECT_THAT(field(reply, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_EQ(field(reply, "Cache-Control"), "no-store");
    oa_.clear(); // not known yet: nowhere to lead
    EXPECT_THAT(ask("/q/BINHNUOC").body, Not(HasSubstr("zalo.me")));
}

TEST_F(LandingRoutes, AKeywordOfTwoPlansIsThatOfTheYear)
{
    now_ = monday + 24h * 365;
    EXPECT_THAT(ask("/q/BINHNUOC").body, HasSubstr("Tặng quà năm sau"));
}

TEST_F(LandingRoutes, OnlyOpeningAPageCounts)
{
    ask("/q/BINHNUOC");
    ask("/q/binhnuoc?from=poster");
    ask("/q/BINHNUOC", "HEAD");
    ask("/q/BINHNUOC.png");
    ask("/q/BINHNUOC.svg");
    ask("/q/BINHNUOC", "POST");
    ask("/q/MOCKHOA");
    EXPECT_EQ(counted(reach::measure::scanned), 2);
}

TEST_F(LandingRoutes, AQrCodeLeadsToThePage)
{
    const auto png = ask("/q/binhnuoc.png");
    EXPECT_EQ(png.content_type, "image/png");
    EXPECT_TRUE(png.body.starts_with("\x89PNG"));
    const auto svg = ask("/q/BINHNUOC.svg");
    EXPECT_EQ(svg.content_type, "image/svg+xml");
    EXPECT_THAT(svg.body, HasSubstr("<svg"));
    EXPECT_EQ(svg.body, ask("/q/binhnuoc.svg").body) << "the code as printed";
}

TEST_F(LandingRoutes, WhatIsNoKeywordOrTokenIsNotFound)
{
    for (const std::string target :
         {"/q/",
          "/q/KHONGCO",
          "/q/BINHNUOC/",
          "/q/BINHNUOC.gif",
          "/q/../BINHNUOC",
          "/q/%42INHNUOC",
          "/d/",
          "/d/ffffffffffffffffffff",
          "/d/0123456789abcdef012",
          "/d/0123456789abcdef0123/",
          "/d/'%20OR%201"})
        EXPECT_EQ(ask(target).status, 404U) << target;
    EXPECT_EQ(ask("/q/" + std::string(41, 'A')).status, 404U);
    EXPECT_EQ(ask("/d/" + std::string(100'000, 'a')).status, 404U);
}

TEST_F(LandingRoutes, ALinkLeadsToItsStoredTargetAndNowhereElse)
{
    const auto path = std::string("/d/") + token;
    for (const auto* query : {"", "?target=https://evil.example", "?url=//evil.example"}) {
        const auto reply = ask(path + query);
        EXPECT_EQ(reply.status, 302U);
        EXPECT_EQ(field(reply, "Location"), "https://dichvucong.gov.vn/p/home");
        EXPECT_EQ(field(reply, "Referrer-Policy"), "no-referrer");
        EXPECT_EQ(field(reply, "Cache-Control"), "no-store");
    }
    const auto head = ask(path, "HEAD");
    EXPECT_EQ(head.status, 200U);
    EXPECT_EQ(field(head, "Location"), "");
    EXPECT_EQ(counted(reach::measure::link_opened), 3);
}

TEST_F(LandingRoutes, OtherMethodsAndPathsAreNotTheirs)
{
    const auto refused = ask(std::string("/d/") + token, "POST");
    EXPECT_EQ(refused.status, 405U);
    EXPECT_EQ(field(refused, "Allow"), "GET, HEAD");
    EXPECT_EQ(ask("/q/BINHNUOC", "DELETE").status, 405U);
    for (const auto* target : {"/", "/q", "/d", "/qr/BINHNUOC", "/webhook/zalo"})
        EXPECT_EQ(ask(target).status, 418U) << target;
    EXPECT_EQ(counted(reach::measure::link_opened), 0);
}

TEST_F(LandingRoutes, WhatCannotBeCountedIsAskedForLater)
{
    full_writer full;
    to_ = &full;
    for (const auto& target : {std::string("/q/BINHNUOC"), std::string("/d/") + token}) {
        const auto reply = ask(target);
        EXPECT_EQ(reply.status, 503U);
        EXPECT_EQ(field(reply, "Retry-After"), "5");
    }
    EXPECT_EQ(full.asked, 2);
    ask("/d/ffffffffffffffffffff");
    EXPECT_EQ(full.asked, 2) << "an invention takes no turn of the writer";
}

} // namespace
} // namespace motcua
