// The staff's list over many complaints: how long a request takes on the server, by kind of query.
//
//     motcua_list_bench FILE [COMPLAINTS [ROUNDS]]
//
// FILE is made and filled with invented complaints if it is not there. Before each request
// something is written, as in life: it empties the page caches of the connections that read.

#include "complaint_routes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/files/attachment_directory.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/core/complaints/receipt_code.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

using namespace motcua;

namespace {

namespace asio = boost::asio;

const utc_time today =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + std::chrono::hours(3);
constexpr int units = 60;
constexpr int officers = 300;
constexpr int communes = 96;

// Sentences of a few common beginnings and of rarer words, so that words have very different
// frequencies, as they have in life.
class author
{
public:
    std::size_t under(std::size_t n) { return random_() % n; }
    std::string content()
    {
        static constexpr std::array beginnings{
            "Tôi nộp hồ sơ",
            "Kính gửi cơ quan",
            "Cho tôi hỏi",
            "Gia đình tôi ở",
            "Hôm qua tôi đến"};
        static constexpr std::array matters{
            "đất đai",
            "khai sinh",
            "hộ kinh doanh",
            "bảo hiểm xã hội",
            "giấy phép xây dựng",
            "căn cước",
            "đăng ký kết hôn",
            "trợ cấp người có công",
            "đường hỏng",
            "đèn đường tắt"};
        static constexpr std::array middles{
            "mà đã ba tuần chưa có kết quả",
            "nhưng cán bộ không nhận",
            "và phải đi lại nhiều lần",
            "mà bị thu thêm tiền",
            "nhưng không ai hướng dẫn rõ ràng",
            "mà chờ cả buổi sáng"};
        std::string text = fmt::format(
            "{} {} {}",
            beginnings.at(under(beginnings.size())),
            matters.at(under(matters.size())),
            middles.at(under(middles.size())));
        const auto words = 20 + under(60);
        for (std::size_t i = 0; i < words; ++i)
            text += ' ' + word();
        return text;
    }

private:
    // Zipf-like: a few syllables make up most of a text.
    std::string word()
    {
        static constexpr std::array onsets{
            "t", "th", "ch", "b", "m", "ng", "l", "h", "c", "đ", "nh", "x"};
        static constexpr std::array rimes{
            "a",
            "ô",
            "ươi",
            "iên",
            "ông",
            "anh",
            "ước",
            "ày",
            "uyết",
            "ơn",
            "êm",
            "oan",
            "ăng",
            "ất"};
        const auto rank = static_cast<std::size_t>(
            std::pow(static_cast<double>(onsets.size() * rimes.size() * 9), unit_(random_)) - 1);
        const auto base = rank % (onsets.size() * rimes.size());
        auto made = std::string(onsets.at(base % onsets.size())) + rimes.at(base / onsets.size());
        const auto variant = rank / (onsets.size() * rimes.size());
        return variant == 0 ? made : made + std::to_string(variant);
    }

    std::mt19937 random_{20261122};
    std::uniform_real_distribution<double> unit_{0, 1};
};

void fill(sqlite::database& store, const complaints::rules& rules, int count)
{
    author by;
    std::vector<std::string> leaves;
    for (const auto& one : rules.categories.all())
        if (rules.categories.is_leaf(one.id))
            leaves.push_back(one.id);
    constexpr int at_once = 500;
    constexpr int per_day = 100;
    for (int done = 0; done < count; done += at_once) {
        store.run_now([&](app::transaction& t) {
            for (int i = done; i < std::min(count, done + at_once); ++i) {
                const auto days = (count - 1 - i) / per_day;
                const auto filed =
                    today - std::chrono::days(days) + std::chrono::minutes(i % per_day);
                complaints::complaint one;
                one.user_id = std::to_string(5'000'000 + by.under(60'000));
                one.source = by.under(20) == 0 ? "counter" : "zalo";
                one.category = leaves[by.under(leaves.size())];
                one.about = "conduct";
                one.content = by.content();
                one.where.commune = std::to_string(25'000 + by.under(communes));
                one.from = {
                    .anonymous = by.under(10) == 0,
                    .name = "Người Thử " + std::to_string(i),
                    .phone = fmt::format("09{:08}", by.under(60'000)),
                    .address = {}};
                one.test = by.under(100) == 0;
                if (by.under(3) == 0)
                    one.attachments = {{"m" + std::to_string(i), 0, "image", ""}};
                auto made = complaints::file(
                    rules,
                    std::move(one),
                    complaints::make_receipt_code(vietnam_date(filed), i % per_day + 1),
                    filed);
                auto& next = made.next;
                const bool open = days < 30 ? by.under(3) != 0 : by.under(200) == 0;
                if (by.under(10) != 0 || !open) {
                    next.unit = "unit-" + std::to_string(by.under(units));
                    next.officer = "staff-" + std::to_string(by.under(officers));
                    next.state = "processing";
                    next.course.push_back({"accept", "processing", filed + std::chrono::hours(20)});
                }
                if (!open) {
                    next.course.push_back({"answer", "answered", filed + std::chrono::hours(200)});
                    next.course.push_back({"close", "closed", filed + std::chrono::hours(400)});
                    next.state = "closed";
                    next.rating = static_cast<int>(by.under(6));
                }
                if (by.under(10) == 0)
                    next.labels = {"nhãn " + std::to_string(by.under(40))};
                next.updated_at = next.course.back().at;
                t.complaints().add(next, {.due = complaints::due_date(rules, next), .wake = {}});
            }
        });
        if (done % 10'000 == 0)
            fmt::print("{} …\n", done);
    }
}

class given_session final : public staff_api::session_source
{
public:
    asio::awaitable<staff_api::caller> find(std::string, std::string, bool) override
    {
        co_return by;
    }
    staff_api::caller by;
};

struct kind
{
    const char* name;
    const char* query;
    bool officer = false;
};

constexpr std::array kinds{
    kind{"mine", "tab=mine"},
    kind{"open", "tab=open"},
    kind{"all", "tab=all"},
    kind{"all, page 3000", "tab=all&sort=received&order=desc&page=3000"},
    kind{"all, waiting", "tab=all&sort=waiting&order=desc"},
    kind{"all of an officer", "tab=all", true},
    kind{"states and category", "tab=all&state=closed&state=answered&category=handling"},
    kind{"unit and commune", "tab=all&unit=unit-7&commune=25010"},
    kind{"deadline", "tab=all&deadline=overdue&deadline=soon"},
    kind{
        "received, files, rating",
        "tab=all&received_from=2026-01-01&has_attachment=true&rating_maximum=2"},
    kind{"label", "tab=all&label=nh%C3%A3n+7"},
    kind{"common word", "tab=all&q=t%C3%B4i"},
    kind{"three words", "tab=all&q=dat+dai+tien"},
    kind{"rare words", "tab=all&q=tuoc7+mua3"},
    kind{"words and filters", "tab=all&q=ho+so&state=closed&category=handling&reopened=false"},
    kind{"telephone", "tab=all&q=sdt:0900012345"},
    kind{"code", "tab=all&q=ma:PA-2611"},
    kind{"label searched", "tab=all&q=%23nhan7"},
};

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        fmt::print(stderr, "usage: motcua_list_bench FILE [COMPLAINTS [ROUNDS]]\n");
        return 2;
    }
    const int count = argc > 2 ? std::stoi(argv[2]) : 100'000;
    const int rounds = argc > 3 ? std::stoi(argv[3]) : 200;
    const bool is_new = !std::filesystem::exists(argv[1]);
    const auto knowledge =
        content::read_knowledge(
            std::string(MOTCUA_SOURCE_DIR) + "/intents", std::string(MOTCUA_SOURCE_DIR) + "/data")
            .known;
    const auto store = sqlite::open_database({.file = argv[1]});
    if (is_new) {
        const auto begin = std::chrono::steady_clock::now();
        fill(*store, knowledge.complaints, count);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        fmt::print("{} complaints made in {:.0f} s\n", count, took.count());
    }

    const auto files = files::open_attachment_directory(std::string(argv[1]) + ".files");
    asio::io_context context(1);
    asio::thread_pool workers(1);
    given_session sessions;
    staff_api::staff_api_parts parts{
        .store = store->writer(),
        .open_reader = [&store] { return store->open_reader(); },
        .workers = workers.get_executor(),
        .executor = context.get_executor(),
        .files = *files,
        .now = [] { return today; },
        .current_content =
            [&knowledge] {
                return app::content{{}, {std::shared_ptr<void>(), &knowledge}};
            },
        .outgoing_added = [] {},
        .accounts = {}};
    staff_api::router routes(sessions, parts.now);
    staff_api::directory known{
        .units = [](app::reader&) { return app::unit_tree(); },
        .names = [](app::reader&) { return std::map<std::string, std::string>(); },
        .audit = [](app::transaction&, const app::audit_entry&) {}};
    staff_api::add_complaint_routes(routes, parts, std::move(known));

    fmt::print(
        "{:28} {:>8} {:>8} {:>8} {:>8} {:>8}\n",
        "query",
        "total",
        "p50 ms",
        "p99 ms",
        "max ms",
        "p99 cpu");
    for (const auto& each : kinds) {
        sessions.by = {
            .stage = staff_api::stage::active,
            .who = {.id = "staff-7", .user_name = "x", .name = "x", .unit = "unit-7", .roles = {}},
            .session_id = "s",
            .csrf_token = "c"};
        sessions.by.who.roles = {
            each.officer ? app::staff_role::officer : app::staff_role::coordinator};
        std::vector<double> took;
        std::vector<double> worked; // processor time of all threads, whatever else the machine does
        std::string total;
        for (int i = 0; i < rounds; ++i) {
            http::request asked;
            asked.method = "GET";
            asked.target = std::string("/api/v1/complaints?") + each.query;
            store->run_now([i](app::transaction& t) {
                t.note_contact("5000001", today + std::chrono::milliseconds(i), today);
            });
            const auto cpu = std::clock();
            const auto begin = std::chrono::steady_clock::now();
            auto end = asio::co_spawn(context, routes.handle(std::move(asked)), asio::use_future);
            context.restart();
            while (end.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
                context.run_one_for(std::chrono::milliseconds(1));
            const std::chrono::duration<double, std::milli> span =
                std::chrono::steady_clock::now() - begin;
            took.push_back(span.count());
            worked.push_back(1000.0 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
            const auto got = end.get();
            if (got.status != 200) {
                fmt::print(stderr, "{}: {}\n", each.query, got.body);
                return 1;
            }
            total = staff_api::json::parse(got.body)["total"].dump();
        }
        std::ranges::sort(took);
        std::ranges::sort(worked);
        const auto at = [](const std::vector<double>& of, double share) {
            return of[static_cast<std::size_t>(share * static_cast<double>(of.size() - 1))];
        };
        fmt::print(
            "{:28} {:>8} {:8.1f} {:8.1f} {:8.1f} {:8.1f}\n",
            each.name,
            total,
            at(took, 0.5),
            at(took, 0.99),
            at(took, 1),
            at(worked, 0.99));
    }
    workers.join();
}
