#include "content_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/content/plan_files.hpp>

#include <fstream>
#include <sstream>

namespace motcua::content {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path source_folder = MOTCUA_SOURCE_DIR;

std::string text_of(const std::filesystem::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

const reach::catalogue& kpis()
{
    static const auto read = read_kpis(source_folder / "data/kpi.yml");
    return read.catalogue;
}

TEST(PlanFiles, TheShippedPlanHasItsEightActivities)
{
    const auto read = read_plans(source_folder / "data/plans", kpis());
    EXPECT_THAT(read.findings, IsEmpty());
    ASSERT_EQ(read.plans.size(), 1U);
    ASSERT_EQ(read.plans[0].activities.size(), 8U);
    for (std::size_t i = 0; i < 8; ++i) {
        const auto& one = read.plans[0].activities[i];
        EXPECT_EQ(one.id, "II." + std::to_string(i + 1));
        EXPECT_FALSE(one.products.empty()) << one.id;
        EXPECT_FALSE(one.keywords.empty()) << one.id;
    }
}

TEST(PlanFiles, AnotherYearIsAnotherFile)
{
    const content_directory folder;
    folder.write("plans/2020.yml", text_of(source_folder / "data/plans/2020.yml"));
    folder.write("plans/2027.yml", text_of(source_folder / "tests/data/plans/2027.yml"));
    const auto read = read_plans(folder.data().parent_path() / "plans", kpis());
    EXPECT_THAT(read.findings, IsEmpty()) << "they share a keyword, in different years";
    ASSERT_EQ(read.plans.size(), 2U);
    EXPECT_EQ(read.plans[1].head.id, "2027");
    EXPECT_EQ(read.plans[1].activities[0].keywords[0].folded, "binhnuoc");
    EXPECT_NE(read.plans[0].version, read.plans[1].version);
}

TEST(PlanFiles, PlansThatOverlapAndShareAKeywordAreWarnedOf)
{
    const content_directory folder;
    auto text = text_of(source_folder / "tests/data/plans/2027.yml");
    folder.write("plans/2027.yml", text);
    text.replace(text.find("\"2027\""), 6, "\"2027b\"");
    folder.write("plans/b.yml", text);
    const auto read = read_plans(folder.data().parent_path() / "plans", kpis());
    ASSERT_EQ(read.findings.size(), 4U); // a keyword each
    EXPECT_EQ(read.findings[0].severity, finding::grade::warning);
    EXPECT_THAT(read.findings[0].message, HasSubstr("'2027' and '2027b' overlap"));
    EXPECT_EQ(read.plans.size(), 2U);
}

struct fault
{
    std::string name;
    std::string from; // in tests/data/plans/2027.yml, its first occurrence
    std::string to;
    std::size_t line; // of the finding
    std::string message;
};

class PlanFault : public testing::TestWithParam<fault>
{
};

TEST_P(PlanFault, IsFoundWithItsLine)
{
    const auto& given = GetParam();
    auto text = text_of(source_folder / "tests/data/plans/2027.yml");
    const auto at = text.find(given.from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, given.from.size(), given.to);
    const content_directory folder;
    folder.write("plan.yml", text);
    const auto file = folder.data().parent_path() / "plan.yml";
    const auto read = read_plan(file, kpis());
    ASSERT_FALSE(read.findings.empty());
    const auto& found = read.findings.front();
    EXPECT_EQ(found.line, given.line) << found.message;
    EXPECT_THAT(found.message, HasSubstr(given.message));
    EXPECT_THAT(found.file, HasSubstr("plan.yml"));
    EXPECT_EQ(found.severity, finding::grade::error);
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    PlanFault,
    testing::Values(
        fault{"day", "2027-01-01", "2027-13-01", 6, "is no day"},
        fault{"order", "to: 2027-12-31", "to: 2026-12-31", 7, "'to' is before 'from'"},
        fault{"days", "follow_on_days: 7", "follow_on_days: 91", 8, "within 0 and 90"},
        fault{"key", "issuer: Ủy ban nhân dân tỉnh\nfrom", "isuer: x\nfrom", 5, "isuer"},
        fault{"form", "  symbol:", "  sign:", 14, "sign"},
        fault{"id", "- id: A.2", "- id: \"A 2\"", 34, "an id is made of letters"},
        fault{"activity_again", "- id: A.2", "- id: A.1", 34, "activity 'A.1' is repeated"},
        fault{"product_again", "{id: A.2.d1", "{id: A.1.d1", 38, "product 'A.1.d1' is repeated"},
        fault{
            "kpi",
            "kpis: [users_reached, contacts",
            "kpis: [users_reach, contacts",
            26,
            "no figure 'users_reach'"},
        fault{"nothing_answers", ", by_hand: buổi", "", 45, "nothing answers the product"},
        fault{"keyword_form", "code: BINHNUOC", "code: Bình", 28, "5 to 20 capital letters"},
        fault{"keyword_again", "code: TOROI27", "code: BINHNUOC", 40, "is repeated"},
        fault{"button", "\"#fields\"", "\"#nothing\"", 32, "neither a payload nor a link"},
        fault{"link", "\"#fields\"", "\"http://x.vn\"", 32, "neither a payload nor a link"}),
    [](const auto& tested) { return tested.param.name; });

class KpiFault : public testing::TestWithParam<fault>
{
};

// The line is that of the text replaced.
TEST_P(KpiFault, IsFoundWithItsLine)
{
    const auto& given = GetParam();
    auto text = text_of(source_folder / "data/kpi.yml");
    const auto at = text.find(given.from);
    ASSERT_NE(at, std::string::npos);
    const auto line = 1 + static_cast<std::size_t>(std::count(
                              text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    text.replace(at, given.from.size(), given.to);
    const content_directory folder;
    folder.write("kpi.yml", text);
    const auto read = read_kpis(folder.data().parent_path() / "kpi.yml");
    ASSERT_FALSE(read.findings.empty());
    EXPECT_EQ(read.findings.front().line, line + given.line);
    EXPECT_THAT(read.findings.front().message, HasSubstr(given.message));
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    KpiFault,
    testing::Values(
        fault{"measure", "people: [active]", "people: [acting]", 0, "no measure 'acting'"},
        fault{"share", "share: {part: answered,", "share: {part: answer,", 0, "no figure 'answer'"},
        fault{"figure", "complaints: carried", "complaints: kept", 0, "unknown 'kept'"},
        fault{"statistic", "answers: median", "answers: middle", 0, "unknown 'middle'"},
        fault{"again", "- id: users\n", "- id: contacts\n", 0, "is repeated"},
        fault{"two_groups", "Nuôi con nuôi", "Chứng thực", 3, "is in two groups"}),
    [](const auto& tested) { return tested.param.name; });

TEST(KpiFile, TheShippedOneHasNoFault)
{
    EXPECT_THAT(read_kpis(source_folder / "data/kpi.yml").findings, IsEmpty());
    EXPECT_GT(kpis().kpis.size(), 50U);
}

} // namespace
} // namespace motcua::content
