#include "golden_log.hpp"

#include <gtest/gtest.h>
#include <motcua/core/reach/complaint_figures.hpp>
#include <motcua/core/reach/row_query.hpp>

#include <map>

namespace motcua::reach {
namespace {

using namespace std::chrono_literals;

std::map<measure, std::int64_t> count_january(const measure_rules& rules)
{
    std::map<measure, std::int64_t> counts;
    for (const auto& row : golden::contacts()) {
        if (row.at < begin_of(golden::january) || row.at >= end_of(golden::january))
            continue;
        const auto set = measures_of(row, rules);
        for (const auto& rule : interaction_rules())
            counts[rule.gives] += (set & bit(rule.gives)) != 0 ? 1 : 0;
    }
    return counts;
}

std::map<measure, std::int64_t> golden_counts()
{
    std::map<measure, std::int64_t> counts;
    for (const auto& one : golden::figures()) {
        const bool of_row = one.what != measure::visit && one.what != measure::link_opened &&
                            one.what != measure::scanned;
        if (of_row)
            counts[one.what] = one.contacts;
    }
    return counts;
}

TEST(Measures, GoldenLogGivesTheFiguresComputedByHand)
{
    const auto counts = count_january(interaction_rules());
    for (const auto& [what, number] : golden_counts())
        EXPECT_EQ(counts.at(what), number) << name(what);
}

TEST(Measures, TheGoldenLogNoticesEveryBrokenRule)
{
    for (std::size_t i = 0; i < interaction_rules().size(); ++i) {
        for (const bool always : {false, true}) {
            auto broken = interaction_rules();
            broken[i].holds = always ? [](const interaction&, measure_set) { return true; }
                                     : [](const interaction&, measure_set) { return false; };
            EXPECT_NE(count_january(broken), golden_counts())
                << name(broken[i].gives) << (always ? " always" : " never");
        }
    }
}

TEST(Measures, NamesLeadBack)
{
    for (std::size_t i = 0; i < measure_count; ++i) {
        const auto one = static_cast<measure>(i);
        EXPECT_EQ(measure_from(name(one)), one);
    }
    EXPECT_EQ(measure_from("nothing"), std::nullopt);
}

// Every active contact is a question, about a complaint, or apart; every question ends in one way.
TEST(Measures, PartitionsAddUp)
{
    for (const auto kind :
         {contact_kind::message,
          contact_kind::tap,
          contact_kind::media,
          contact_kind::follow,
          contact_kind::unfollow,
          contact_kind::other}) {
        for (const auto end :
             {outcome::answered,
              outcome::clarified,
              outcome::not_understood,
              outcome::handed_over,
              outcome::menu,
              outcome::greeting,
              outcome::silent}) {
            for (const auto* intent : {"", "complaint", "keyword", "file_status", "understood"}) {
                interaction row;
                row.kind = kind;
                row.outcome = end;
                row.intent = intent;
                row.procedure = "1.001193";
                const auto set = measures_of(row);
                const auto number = [set](std::initializer_list<measure> some) {
                    int count = 0;
                    for (const auto one : some)
                        count += (set & bit(one)) != 0 ? 1 : 0;
                    return count;
                };
                using enum measure;
                EXPECT_EQ(number({active}), number({question, complaint_talk, apart}));
                EXPECT_EQ(
                    number({question}), number({answered, clarified, not_understood, handed_over}));
            }
        }
    }
}

TEST(Measures, ATestContactCountsAsNothing)
{
    for (auto row : golden::contacts()) {
        row.test = true;
        EXPECT_EQ(measures_of(row), 0U);
    }
}

TEST(RowQuery, SaysAllThatItIs)
{
    row_query query;
    query.of = row_query::kind::people;
    query.period = golden::january;
    query.measures = bit(measure::lookup) | bit(measure::understood);
    query.activity = "2020/II.5";
    query.field = "dat-dai";
    const auto text = to_text(query);
    EXPECT_EQ(
        text,
        "people?from=2026-01-01&to=2026-01-31&measures=lookup,understood&activity=2020/II.5"
        "&field=dat-dai");
    EXPECT_EQ(row_query_from(text), query);
    row_query late;
    late.of = row_query::kind::entries;
    late.period = golden::january;
    late.figure = late_entry;
    late.made = 2026y / 2 / 3;
    EXPECT_EQ(
        to_text(late), "entries?from=2026-01-01&to=2026-01-31&figure=late_entry&made=2026-02-03");
    EXPECT_EQ(row_query_from(to_text(late)), late);
}

TEST(RowQuery, NonsenseIsNone)
{
    for (const auto* text :
         {"",
          "people",
          "people?",
          "folk?from=2026-01-01&to=2026-01-31",
          "people?from=2026-01-31&to=2026-01-01",
          "people?from=2026-02-30&to=2026-03-01",
          "people?from=2026-01-01&to=2026-01-31&measures=all",
          "people?from=2026-01-01&to=2026-01-31&activity=%27",
          "people?from=2026-01-01&to=2026-01-31&made=x",
          "people?from=2026-01-01&to=2026-01-31&what=x"})
        EXPECT_FALSE(row_query_from(text)) << text;
}

TEST(Quantile, IsTheNearestRank)
{
    const std::map<std::int64_t, std::int64_t> values{{2, 3}, {5, 1}, {40, 1}}; // 2 2 2 5 40
    EXPECT_EQ(quantile(values, 0.5), 2);
    EXPECT_EQ(quantile(values, 0.8), 5);
    EXPECT_EQ(quantile(values, 0.9), 40);
    EXPECT_EQ(mean(values), 10); // 51 / 5
    EXPECT_EQ(quantile({}, 0.5), 0);
    EXPECT_EQ(mean({}), 0);
}

TEST(Mean, IsRounded)
{
    EXPECT_EQ(mean({{10, 2}, {11, 1}}), 10); // 31 / 3
    EXPECT_EQ(mean({{10, 1}, {11, 2}}), 11); // 32 / 3
    EXPECT_EQ(mean({{10, 1}, {11, 1}}), 11);
}

} // namespace
} // namespace motcua::reach
