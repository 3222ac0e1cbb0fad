#include "connection.hpp"
#include "packed_people.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>
#include <adapters/sqlite/temporary_store.hpp>
#include <core/reach/golden_log.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/sqlite/event_log.hpp>
#include <motcua/adapters/sqlite/reach.hpp>

#include <algorithm>
#include <functional>

namespace motcua::sqlite {
namespace {

using namespace std::chrono_literals;
using reach::bit;
using reach::measure;
namespace golden = reach::golden;

app::tracked_link link_of(const std::string& token, const std::string& who)
{
    app::tracked_link link;
    link.token = token;
    link.target = "https://dichvucong.gov.vn/" + token;
    link.pseudonym = who;
    return link;
}

class Reach : public testing::Test
{
protected:
    void run(const std::function<void(app::transaction&)>& unit)
    {
        open_database({.file = file_})->run_now(unit);
    }

    // One transaction each, the database opened anew in between now and then.
    void write_golden_log()
    {
        const auto noon = [](unsigned day) {
            return golden::local(2026y / 1 / std::chrono::day(day), 12h);
        };
        auto database = open_database({.file = file_});
        int done = 0;
        for (const auto& one : golden::contacts()) {
            database->run_now([&one](app::transaction& t) { t.add_interaction(one); });
            if (++done % 5 == 0) {
                database.reset();
                database = open_database({.file = file_});
            }
        }
        database->run_now([&noon](app::transaction& t) {
            auto residence = link_of("b", "B");
            residence.procedure = "1.004222";
            residence.field = "Đăng ký, quản lý cư trú";
            residence.activity = "2020/II.5";
            t.reach().put_link(residence, noon(5));
            auto birth = link_of("a", "A");
            birth.field = "Hộ tịch";
            t.reach().put_link(birth, noon(1));
            auto test = link_of("t", "T");
            test.test = true;
            t.reach().put_link(test, noon(1));
            EXPECT_EQ(t.reach().open_link("b", noon(5)), residence.target);
            t.reach().open_link("b", noon(5));
            t.reach().open_link("b", noon(31));
            t.reach().open_link("a", noon(2));
            t.reach().open_link("t", noon(2));
            EXPECT_EQ(t.reach().open_link("nobody's", noon(2)), std::nullopt);
            t.reach().count_scan("2020/II.5", "BINHNUOC", noon(4));
            t.reach().count_scan("2020/II.5", "BINHNUOC", noon(4));
        });
    }

    reach::figures figures(const reach::period& span)
    {
        return open_figures(file_)->read(
            {.period = span, .plan = "2020", .fields = golden::groups()});
    }
    reach::figures recounted(const reach::period& span)
    {
        return open_recount(file_)->read(
            {.period = span, .plan = "2020", .fields = golden::groups()});
    }

    void execute(const std::string& sql)
    {
        auto connection = open_writing_connection(file_);
        SQLite::Statement(connection, sql).exec();
    }
    std::int64_t number(const std::string& sql)
    {
        const auto connection = open_reading_connection(file_);
        SQLite::Statement query(connection, sql);
        query.executeStep();
        return query.getColumn(0).getInt64();
    }

    temporary_folder folder_;
    std::filesystem::path file_ = folder_.file();
};

constexpr auto credited = bit(measure::direct) | bit(measure::follow_on);

std::int64_t credited_people(const reach::tally& one)
{
    std::int64_t sum = 0;
    for (const auto& [set, people] : one.people)
        sum += (set & credited) != 0 ? people : 0;
    return sum;
}

void expect_golden(const reach::figures& found)
{
    for (const auto& one : golden::figures()) {
        EXPECT_EQ(found.all.count(one.what), one.contacts) << name(one.what);
        EXPECT_EQ(found.all.people_with(bit(one.what)), one.people) << name(one.what);
    }
    EXPECT_EQ(found.all.people_with(bit(measure::lookup) | bit(measure::understood)), 1);
    ASSERT_EQ(found.activities.size(), 2U);
    const auto& gifts = found.activities.at("2020/II.5");
    EXPECT_EQ(gifts.count(measure::direct), 1);
    EXPECT_EQ(gifts.count(measure::follow_on), 2);
    EXPECT_EQ(gifts.count(measure::link_opened), 3);
    EXPECT_EQ(gifts.count(measure::scanned), 2);
    EXPECT_EQ(credited_people(gifts), 1);
    EXPECT_EQ(credited_people(found.activities.at("2020/II.1")), 2);
    EXPECT_EQ(credited_people(found.credited), 2) << "distinct, not the sum";
    EXPECT_EQ(found.people_in_several, 1);
    EXPECT_EQ(found.keywords.at("2020/TOROI").people_with(bit(measure::direct)), 2);
    EXPECT_EQ(found.fields.at("ho-tich").count(measure::question), 1);
    EXPECT_EQ(found.fields.at("ho-tich").count(measure::link_opened), 1);
    EXPECT_EQ(found.fields.at("cu-tru").count(measure::link_opened), 3);
    EXPECT_EQ(found.fields.at("cu-tru").people_with(bit(measure::question)), 1);
    EXPECT_EQ(
        found.lookups,
        (std::map<std::string, std::int64_t, std::less<>>{{"1.001193", 1}, {"1.004222", 1}}));
}

TEST_F(Reach, GoldenLogGivesTheFiguresComputedByHand)
{
    write_golden_log();
    expect_golden(figures(golden::january));
}

TEST_F(Reach, TheRecountFindsTheSame)
{
    write_golden_log();
    expect_golden(recounted(golden::january));
    for (const auto& span :
         {golden::january,
          golden::december,
          reach::period{2025y / 12 / 31, 2026y / 2 / 1},
          reach::period{2026y / 1 / 5, 2026y / 1 / 5},
          reach::period{2026y / 3 / 1, 2026y / 3 / 31}})
        EXPECT_EQ(figures(span), recounted(span)) << words(span);
}

TEST_F(Reach, PeopleOfAPeriodAreNotTheSumOfItsMonths)
{
    write_golden_log();
    const auto people = [this](const reach::period& span) {
        return figures(span).all.people_with(bit(measure::contact));
    };
    EXPECT_EQ(people(golden::december), 2); // A, E
    EXPECT_EQ(people(golden::january), 4);
    EXPECT_EQ(people({golden::december.from, golden::january.to}), 5);
}

TEST_F(Reach, ALateContactIsAVisibleCorrectionOfItsMonth)
{
    write_golden_log();
    const std::vector<reach::correction> expected{
        {.month = 2025y / 12, .made = 2026y / 1 / 1, .cause = "late_contact", .count = 1}};
    EXPECT_EQ(open_reach_reader(file_)->corrections(golden::december), expected);
    EXPECT_TRUE(open_reach_reader(file_)->corrections(golden::january).empty());
}

TEST_F(Reach, TheRollUpsCanBeMadeAnew)
{
    write_golden_log();
    const auto before = figures(golden::january);
    execute("DELETE FROM settings WHERE key = 'reach.rollup'");
    execute("UPDATE reach_daily SET contacts = contacts + 1");
    EXPECT_NE(figures(golden::january), before);
    run([](app::transaction&) {});
    EXPECT_EQ(figures(golden::january), before);
}

// As a database of the version before has them.
TEST_F(Reach, ContactsFromBeforeTheRollUpsAreCounted)
{
    write_golden_log();
    const auto before = figures(golden::january);
    execute("DELETE FROM settings WHERE key LIKE 'reach.%'");
    execute("DELETE FROM link_clicks");
    execute("UPDATE interactions SET citizen = NULL, visit = 0");
    execute("UPDATE pseudonyms SET number = NULL, last_active_ms = NULL");
    run([](app::transaction&) {});
    auto after = figures(golden::january);
    for (const auto one : {measure::visit, measure::contact, measure::direct}) {
        EXPECT_EQ(after.all.count(one), before.all.count(one));
        EXPECT_EQ(after.all.people_with(bit(one)), before.all.people_with(bit(one)));
    }
}

TEST_F(Reach, ErasureChangesNoFigure)
{
    write_golden_log();
    const auto before = figures(golden::january);
    run([](app::transaction& t) {
        t.erase("1001", "B", "asked", golden::local(2026y / 2 / 2, 9h));
    });
    EXPECT_EQ(figures(golden::january), before);
    EXPECT_EQ(recounted(golden::january), before);
    EXPECT_EQ(number("SELECT count(*) FROM links WHERE citizen IS NOT NULL"), 2);
    // The link goes on leading there, and counts for nobody.
    run([](app::transaction& t) {
        EXPECT_TRUE(t.reach().open_link("b", golden::local(2026y / 1 / 31, 13h)));
    });
    EXPECT_EQ(figures(golden::january).all.count(measure::link_opened), 5);
    EXPECT_EQ(figures(golden::january).all.people_with(bit(measure::link_opened)), 2);
}

TEST_F(Reach, ATamperedRowIsFound)
{
    write_golden_log();
    for (const auto* change :
         {"UPDATE interactions SET outcome = 'answered' WHERE outcome = 'clarified'",
          "UPDATE interactions SET pseudonym = 'X' WHERE id = 5",
          "DELETE FROM interactions WHERE id = 8",
          "UPDATE interactions SET activity = '2020/II.1' WHERE id = 4",
          "UPDATE link_clicks SET citizen = NULL WHERE id = 4",
          "UPDATE reach_daily SET contacts = 99 WHERE scope = 'activity:2020/II.1'"}) {
        EXPECT_EQ(figures(golden::january), recounted(golden::january)) << "before " << change;
        std::filesystem::copy(file_, folder_.file().string() + ".kept");
        execute(change);
        EXPECT_NE(figures(golden::january), recounted(golden::january)) << change;
        std::filesystem::rename(folder_.file().string() + ".kept", file_);
    }
}

TEST_F(Reach, AsManyRowsAsTheFigureSays)
{
    write_golden_log();
    const auto reader = open_reach_reader(file_);
    for (const auto& one : golden::figures()) {
        reach::row_query query;
        query.period = golden::january;
        query.measures = bit(one.what);
        const auto contacts = reader->rows(query, golden::groups(), 0, 100);
        EXPECT_EQ(contacts.total, one.contacts) << name(one.what);
        EXPECT_EQ(std::ssize(contacts.rows), one.contacts) << name(one.what);
        query.of = reach::row_query::kind::people;
        EXPECT_EQ(reader->rows(query, golden::groups(), 0, 2).total, one.people) << name(one.what);
    }
    reach::row_query query;
    query.period = golden::january;
    query.measures = bit(measure::link_opened);
    query.field = "cu-tru";
    EXPECT_EQ(reader->rows(query, golden::groups(), 1, 1).total, 3);
    query.field.clear();
    query.activity = "2020/II.5";
    query.measures = bit(measure::direct);
    const auto rows = reader->rows(query, golden::groups(), 0, 10).rows;
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].contact.keyword, "BINHNUOC");
    EXPECT_TRUE(rows[0].contact.pseudonym.empty());
}

// Opened with another gap, everything is counted anew by it.
TEST_F(Reach, TheGapThatEndsAVisitIsASetting)
{
    write_golden_log();
    const auto visits = [this] { return figures(golden::january).all.count(measure::visit); };
    EXPECT_EQ(visits(), 8);
    for (const auto& [gap, count] :
         {std::pair(61min, 7), std::pair(29min, 9), std::pair(30min, 8)}) {
        open_database({.file = file_, .visit_gap = gap});
        EXPECT_EQ(visits(), count) << gap.count();
        EXPECT_EQ(
            figures(golden::january),
            open_recount(file_, {}, gap)
                ->read({.period = golden::january, .plan = "2020", .fields = golden::groups()}));
    }
}

TEST_F(Reach, StoredEventsAreReadInTheOrderOfTheirTime)
{
    const auto start = golden::local(2026y / 1 / 5, 9h);
    constexpr int events = 2500; // some pages
    run([&](app::transaction& t) {
        for (int i = 0; i < events; ++i) {
            dialogue::inbound_event event;
            event.event_name = "user_send_text";
            event.user_id = i % 10 == 0 ? "" : "1001"; // of nobody: no body is kept
            event.message_id = std::to_string(i);
            event.at = start + std::chrono::seconds((i * 7) % events); // many orders of arrival
            t.insert_event(event, std::to_string((i * 7) % events), start);
        }
    });
    std::vector<int> seen;
    read_events(file_, start + 1s, start + std::chrono::seconds(2000), [&](auto body, double done) {
        seen.push_back(std::stoi(std::string(body)));
        EXPECT_GE(done, 0);
        EXPECT_LT(done, 1);
    });
    EXPECT_TRUE(std::ranges::is_sorted(seen));
    EXPECT_EQ(seen.front(), 1);
    EXPECT_EQ(seen.back(), 1999);
    EXPECT_EQ(seen.size(), 1800U);
    EXPECT_THROW(read_events(folder_.file().string() + "x", start, start, {}), std::runtime_error);
}

TEST_F(Reach, EntriesStayWhenWithdrawn)
{
    reach::plan_entry entry;
    entry.plan = "2020";
    entry.activity = "II.6";
    entry.product = "II.6.d1";
    entry.day = 2025y / 12 / 20;
    entry.quantity = 2;
    entry.unit = "buổi";
    entry.note = "Tập huấn";
    entry.participants = 85;
    entry.evidence_link = "https://example.vn/tin";
    entry.entered_by = "staff-1";
    const auto now = golden::local(2026y / 1 / 3, 9h);
    std::int64_t id = 0;
    run([&](app::transaction& t) { id = t.reach().add_entry(entry, now); });
    auto kept = open_reach_reader(file_)->entries("2020");
    entry.id = id;
    entry.entered_at = now;
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0], entry);
    run([&](app::transaction& t) {
        EXPECT_TRUE(t.reach().withdraw_entry(id, "staff-2", now + 1h));
        EXPECT_FALSE(t.reach().withdraw_entry(id, "staff-2", now + 2h));
        EXPECT_FALSE(t.reach().withdraw_entry(id + 1, "staff-2", now + 2h));
    });
    kept = open_reach_reader(file_)->entries("2020");
    EXPECT_EQ(kept[0].withdrawn_by, "staff-2");
    EXPECT_EQ(open_reach_reader(file_)->corrections(golden::december).size(), 2U);
    EXPECT_TRUE(open_reach_reader(file_)->entries("2021").empty());
}

// A file noted as evidence stays while an entry may name it or does; the rest is removed.
TEST_F(Reach, EvidenceThatNoEntryNamesGoesAfterADay)
{
    const auto now = golden::local(2026y / 1 / 3, 9h);
    const auto to_remove = [this] {
        std::vector<std::string> files;
        run([&](app::transaction& t) { files = t.attachments().files_to_remove(1000); });
        return files;
    };
    run([&](app::transaction& t) {
        t.reach().note_evidence("used", now);
        t.reach().note_evidence("left", now);
        EXPECT_TRUE(t.reach().has_evidence("used"));
        EXPECT_FALSE(t.reach().has_evidence("other"));
        reach::plan_entry entry;
        entry.plan = "2020";
        entry.day = 2026y / 1 / 2;
        entry.evidence_file = "used";
        entry.evidence_name = "bien-ban.pdf";
        t.reach().add_entry(entry, now);
    });
    EXPECT_EQ(open_reach_reader(file_)->entries("2020")[0].evidence_name, "bien-ban.pdf");
    run([&](app::transaction& t) { t.reach().note_evidence("late", now + 24h); });
    EXPECT_TRUE(to_remove().empty()) << "a day has not passed";
    run([&](app::transaction& t) { t.reach().note_evidence("late", now + 25h); });
    EXPECT_EQ(to_remove(), std::vector<std::string>{"left"});
    run([&](app::transaction& t) {
        EXPECT_TRUE(t.reach().has_evidence("used"));
        EXPECT_FALSE(t.reach().has_evidence("left"));
        for (int i = 0; i < 105; ++i)
            t.reach().note_evidence("many" + std::to_string(i), now + 26h + i * 1s);
    });
    EXPECT_EQ(to_remove().size(), 1U + 6U) << "left, late and the oldest five";
}

TEST_F(Reach, TheAnswersTimeIsCountedOnce)
{
    const auto start = golden::local(2026y / 1 / 5, 9h);
    run([&](app::transaction& t) {
        dialogue::outgoing_message message;
        message.text = "trả lời";
        t.add_interaction(
            golden::contact("B", start, reach::contact_kind::message, reach::outcome::answered));
        t.add_outgoing("1001", message, start);
        t.add_outgoing("1001", message, start);
        auto test =
            golden::contact("T", start, reach::contact_kind::message, reach::outcome::answered);
        test.test = true;
        t.add_interaction(test);
    });
    run([&](app::transaction& t) {
        for (int round = 0; round < 2; ++round) {
            const auto claimed = t.claim_due(start + 1240ms + round * 1s, 10);
            ASSERT_EQ(claimed.rows.size(), 1U);
            app::settlement sent;
            sent.message_id = "z" + std::to_string(round);
            t.settle(claimed.rows[0].id, sent, start + 1300ms, {});
            t.settle(claimed.rows[0].id, sent, start + 1300ms, {});
        }
    });
    const std::map<std::int64_t, std::int64_t> expected{{12, 1}};
    EXPECT_EQ(figures(golden::january).answer_tenths, expected);
    EXPECT_EQ(recounted(golden::january).answer_tenths, expected);
}

TEST(PackedPeople, ComeOutAsTheyWentIn)
{
    const std::vector<counted_person> people{
        {1, 1}, {2, 0xffffffff}, {300, 7}, {5'000'000'000, 128}};
    std::vector<counted_person> found;
    EXPECT_TRUE(unpack(pack(people), [&found](auto number, auto measures) {
        found.push_back({number, measures});
    }));
    EXPECT_EQ(found, people);
    const auto bytes = pack(people);
    EXPECT_FALSE(unpack(std::string_view(bytes).substr(0, bytes.size() - 1), [](auto, auto) {}));
}

} // namespace
} // namespace motcua::sqlite
