// A year of contacts, and what the report takes to count it: fills a new database with the rows the
// server would have written, has the roll-ups made by the server's own code, reads the figures of
// the year from them, counts them once more from the rows and compares, as `motcua report verify`
// does.
//
//     motcua_reach_bench FOLDER [CONTACTS [KEPT_DAYS]]
//
// Events are kept of the last KEPT_DAYS days, as a server that throws old ones away would have it.
// A folder that is filled already is measured only; the program works on it, too:
//
//     motcua report --plan data/plans/2020.yml --period 2020 --set storage.directory=FOLDER

#include "pseudonym.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/reach.hpp>

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace motcua;

namespace {

using reach::contact_kind;
using reach::outcome;

constexpr std::int64_t days_of_year = 366; // 2020
constexpr std::int64_t day_ms = 86'400'000;

struct subject
{
    const char* procedure;
    const char* field;
};
constexpr std::array subjects{
    subject{"1.001193", "Hộ tịch"},
    subject{"1.000894", "Hộ tịch"},
    subject{"1.004222", "Đăng ký, quản lý cư trú"},
    subject{"1.004194", "Đăng ký, quản lý cư trú"},
    subject{"1.012783", "Đất đai"},
    subject{"1.013831", "Đất đai"},
    subject{"2.000815", "Chứng thực"},
    subject{"1.001612", "Thành lập và hoạt động của hộ kinh doanh"},
    subject{"1.009645", "Đầu tư tại Việt Nam"},
    subject{"3.000333", "Lý lịch tư pháp"}};
struct word
{
    const char* activity;
    const char* code;
};
constexpr std::array words{
    word{"2020/II.1", "CCHCNOIBO"},
    word{"2020/II.2", "NGHEDAI"},
    word{"2020/II.4", "TOROI"},
    word{"2020/II.5", "BINHNUOC"},
    word{"2020/II.5", "MOCKHOA"},
    word{"2020/II.8", "DOITHOAI"}};

class year
{
public:
    year(std::int64_t contacts, std::string key) : contacts_(contacts), key_(std::move(key))
    {
        credited_.resize(static_cast<std::size_t>(contacts / 100 + 10));
        seen_.resize(credited_.size());
        names_.reserve(credited_.size());
        for (std::size_t who = 0; who < credited_.size(); ++who)
            names_.push_back(pseudonym(key_, id_of(who)));
    }

    // Everything, into a database that has no rows yet.
    void write(SQLite::Database& to, std::int64_t first_kept)
    {
        SQLite::Statement contact(
            to,
            "INSERT INTO interactions (at_ms, recorded_ms, pseudonym, kind, intent, procedure, "
            "field, aspect, outcome, activity, credit, keyword, model_version, content_version, "
            "procedure_version, test, event, citizen, visit) VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, "
            "?7, ?8, ?9, ?10, ?11, 'bench', 'bench', '', 0, ?12, ?13, ?14)");
        SQLite::Statement event(
            to,
            "INSERT INTO events (id, timestamp_ms, key, received_ms, event_name, user_id, body) "
            "VALUES (?1, ?2, CAST(?3 AS BLOB), ?2, ?4, ?5, X'7B7D')");
        SQLite::Statement link(
            to,
            "INSERT INTO links (id, token, target, citizen, procedure, field, activity, test, "
            "created_ms) VALUES (?1, ?2, 'https://dichvucong.gov.vn/', ?3, ?4, ?5, ?6, 0, ?7)");
        SQLite::Statement click(
            to,
            "INSERT INTO link_clicks (at_ms, link, citizen, procedure, field, activity, test) "
            "VALUES (?7, ?1, ?3, ?4, ?5, ?6, 0)");
        SQLite::Statement scan(
            to, "INSERT INTO landing_scans (at_ms, activity, keyword) VALUES (?1, ?2, ?3)");
        for (std::int64_t n = 0; n < contacts_; ++n) {
            const auto who = somebody();
            const auto row = made(who, n);
            const auto at = row.at.time_since_epoch().count();
            const auto citizen = static_cast<std::int64_t>(who) + 1;
            if (n >= first_kept)
                run(event,
                    n + 1,
                    at,
                    fmt::format("{:032x}", n),
                    row.kind == contact_kind::follow     ? "follow"
                    : row.kind == contact_kind::unfollow ? "unfollow"
                                                         : "user_send_text",
                    id_of(who));
            contact.bind(12); // no event
            if (n >= first_kept)
                contact.bind(12, n + 1);
            contact.bind(13, citizen);
            contact.bind(14, begins_visit(row, who) ? 1 : 0);
            run(contact,
                at,
                row.pseudonym,
                std::string(name(row.kind)),
                row.intent,
                row.procedure,
                row.field,
                row.aspect,
                std::string(name(row.outcome)),
                row.activity,
                std::string(name(row.credit)),
                row.keyword);
            if (below(200) == 0)
                for (auto* statement : {&link, &click})
                    run(*statement,
                        n + 1,
                        fmt::format("{:020x}", n),
                        citizen,
                        row.procedure,
                        row.field,
                        row.activity,
                        at);
            const auto& scanned = words[below(words.size())];
            if (below(500) == 0)
                run(scan, at, scanned.activity, scanned.code);
            if (n % 100'000 == 0)
                std::cerr << fmt::format("\r{} of {}", n, contacts_) << std::flush;
        }
        SQLite::Statement person(
            to, "INSERT INTO pseudonyms (pseudonym, last_interaction, number) VALUES (?1, 1, ?2)");
        for (std::size_t who = 0; who < names_.size(); ++who)
            run(person, names_[who], static_cast<std::int64_t>(who) + 1);
        to.exec(
            "INSERT OR REPLACE INTO settings VALUES ('reach.citizens', '" +
            std::to_string(names_.size()) + "')");
        to.exec("DELETE FROM settings WHERE key = 'reach.rollup'");
    }

private:
    static std::string id_of(std::size_t who) { return std::to_string(1'000'000'000 + who); }
    std::size_t below(std::size_t n) { return random_() % n; }
    // Few come often, many once or twice.
    std::size_t somebody()
    {
        const auto drawn = static_cast<double>(random_() >> 11U) * 0x1p-53;
        return static_cast<std::size_t>(drawn * drawn * static_cast<double>(names_.size()));
    }

    template <class... Values>
    static void run(SQLite::Statement& statement, const Values&... values)
    {
        int place = 0;
        (statement.bind(++place, values), ...);
        statement.exec();
        statement.reset();
    }

    reach::interaction made(std::size_t who, std::int64_t n)
    {
        reach::interaction row;
        row.at = utc_time(std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)) - vietnam_offset +
                 std::chrono::milliseconds(static_cast<std::int64_t>(
                     static_cast<double>(n) / static_cast<double>(contacts_) *
                     static_cast<double>(days_of_year * day_ms)));
        row.pseudonym = names_[who];
        describe(row);
        credit(row, who, n);
        return row;
    }

    bool begins_visit(const reach::interaction& row, std::size_t who)
    {
        if (!makes_visits(row.kind))
            return false;
        return row.at - std::exchange(seen_[who], row.at) >= reach::visit_gap;
    }

    void describe(reach::interaction& row)
    {
        const auto drawn = below(100);
        const auto& subject = subjects[below(subjects.size())];
        row.kind = drawn % 3 == 0 ? contact_kind::tap : contact_kind::message;
        if (drawn < 55) {
            row.outcome = outcome::answered;
            row.intent = "procedure";
            row.procedure = subject.procedure;
            row.field = subject.field;
            row.aspect = drawn < 8 ? "filing" : drawn < 20 ? "fee" : "overview";
            row.procedure_version = "2026-11-01";
        } else if (drawn < 63) {
            row.outcome = outcome::clarified;
        } else if (drawn < 70) {
            row.outcome = outcome::not_understood;
        } else if (drawn < 73) {
            row.outcome = outcome::handed_over;
            row.intent = "agent";
        } else if (drawn < 76) {
            row.outcome = outcome::answered;
            row.intent = "file_status";
        } else if (drawn < 80) {
            row.outcome = outcome::menu;
            row.intent = "understood";
        } else if (drawn < 84) {
            row.outcome = outcome::answered;
            row.intent = "complaint";
        } else if (drawn < 88) {
            row.kind = drawn < 87 ? contact_kind::follow : contact_kind::unfollow;
            row.outcome = outcome::silent;
        } else {
            row.outcome = drawn < 94 ? outcome::greeting : outcome::menu;
        }
    }

    void credit(reach::interaction& row, std::size_t who, std::int64_t n)
    {
        auto& last = credited_[who];
        const auto week = contacts_ / 52;
        if (below(40) == 0 && row.kind == contact_kind::message) {
            const auto& one = words[below(words.size())];
            row.activity = one.activity;
            row.keyword = one.code;
            row.credit = reach::credit::direct;
            row.intent = "keyword";
            row.outcome = outcome::answered;
            row.procedure.clear();
            row.field.clear();
            last = {one.activity, n};
        } else if (last.activity != nullptr && n - last.at < week) {
            row.activity = last.activity;
            row.credit = reach::credit::follow_on;
        }
    }

    struct last_credit
    {
        const char* activity = nullptr;
        std::int64_t at = 0; // number of the contact
    };

    std::int64_t contacts_;
    std::string key_;
    std::mt19937_64 random_{20261122};
    std::vector<last_credit> credited_; // by person
    std::vector<std::string> names_;    // pseudonyms
    std::vector<utc_time> seen_;        // when last
};

// Wall clock and processor since it was made.
class stop_watch
{
public:
    std::string read() const
    {
        const auto wall = std::chrono::steady_clock::now() - wall_;
        return fmt::format(
            "{:.2f} s, {:.2f} s of processor",
            std::chrono::duration<double>(wall).count(),
            static_cast<double>(std::clock() - processor_) / CLOCKS_PER_SEC);
    }

private:
    std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
    std::clock_t processor_ = std::clock();
};

void fill(
    const std::filesystem::path& file,
    std::int64_t contacts,
    std::int64_t kept_days,
    const std::string& key)
{
    sqlite::open_database({.file = file}); // makes it
    const stop_watch filling;
    {
        SQLite::Database rows(file.string(), SQLite::OPEN_READWRITE);
        rows.exec("PRAGMA synchronous = OFF");
        SQLite::Transaction all(rows);
        year(contacts, key).write(rows, contacts - contacts * kept_days / days_of_year);
        all.commit();
    }
    std::cout << fmt::format("\nrows written: {}\n", filling.read()) << std::flush;
    const stop_watch counting;
    sqlite::open_database({.file = file});
    std::cout << fmt::format("roll-ups made: {}\n", counting.read()) << std::flush;
}

std::vector<reach::figures> count(app::figure_source& source)
{
    using std::chrono::year;
    std::vector<reach::figures> found;
    for (const auto& span :
         {reach::period{year(2020) / 1 / 1, year(2020) / 12 / 31},
          reach::period{year(2020) / 7 / 1, year(2020) / 9 / 30},
          reach::period{year(2020) / 4 / 1, year(2020) / 6 / 30}})
        found.push_back(source.read(
            {.period = span,
             .plan = "2020",
             .fields = {
                 {"ho-tich", "", {"Hộ tịch"}}, {"dat-dai", "", {"Đất đai"}}, {"khac", "", {}}}}));
    return found;
}

} // namespace

int main(int argument_count, char** arguments)
{
    if (argument_count < 2) {
        std::cerr << "motcua_reach_bench FOLDER [CONTACTS [KEPT_DAYS]]\n";
        return 2;
    }
    const std::filesystem::path folder = arguments[1];
    const std::int64_t contacts = argument_count > 2 ? std::stoll(arguments[2]) : 1'000'000;
    const std::int64_t kept_days = argument_count > 3 ? std::stoll(arguments[3]) : 30;
    std::filesystem::create_directories(folder);
    const auto file = folder / "motcua.db";
    const auto key = signing_key_from(folder / "signing.key");
    if (!std::filesystem::exists(file))
        fill(file, contacts, kept_days, key);

    const stop_watch reading;
    const auto figures = count(*sqlite::open_figures(file));
    std::cout << "a year and two quarters from the roll-ups: " << reading.read() << std::endl;

    const auto tell = [](double part) { std::cerr << fmt::format("\r{:3.0f} %", part * 100); };
    const stop_watch counting;
    const auto recounted = count(*sqlite::open_recount(file, tell));
    std::cout << "\ncounted once more from the rows: " << counting.read() << ", "
              << (figures == recounted ? "the same" : "NOT THE SAME") << '\n';

    const stop_watch checking;
    const auto checked = sqlite::check_contacts(
        file,
        {.pseudonym = [&key](std::string_view id) { return pseudonym(key, id); },
         .is_test_user = [](std::string_view) { return false; },
         .progress = tell});
    std::cout << fmt::format(
        "\n{} contacts, {} without their event, compared with {} events: {}, {} different\n",
        checked.contacts,
        checked.unprovable,
        checked.events,
        checking.read(),
        checked.different);
    return figures == recounted && checked.different == 0 ? 0 : 1;
}
