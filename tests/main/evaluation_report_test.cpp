#include "evaluation_report.hpp"
#include "labelled_queries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace motcua {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class EvaluationFiles : public testing::Test
{
protected:
    ~EvaluationFiles() override { std::filesystem::remove(file_); }

    const std::filesystem::path& holding(const std::string& text)
    {
        std::ofstream(file_) << text;
        return file_;
    }

    template <class Work>
    static std::string failure_of(Work work)
    {
        try {
            work();
        } catch (const std::runtime_error& failure) {
            return failure.what();
        }
        return "no failure";
    }

    std::filesystem::path file_ =
        std::filesystem::path(testing::TempDir()) / ("evaluation-" + std::to_string(::getpid()));
};

const nlohmann::ordered_json figures = {
    {"intents", {{"clean", {{"macro_f1", 0.9}, {"calibration_error", 0.04}}}}}};

TEST_F(EvaluationFiles, ThresholdsThatAreMetSayNothing)
{
    const auto& file = holding("at_least:\n  intents.clean.macro_f1: 0.9\n"
                               "at_most:\n  intents.clean.calibration_error: 0.04\n");
    EXPECT_THAT(missed_thresholds(figures, file), IsEmpty());
}

TEST_F(EvaluationFiles, EveryMissedThresholdIsNamedWithItsLine)
{
    const auto& file = holding("at_least:\n  intents.clean.macro_f1: 0.95\n"
                               "at_most:\n  intents.clean.calibration_error: 0.03\n");
    EXPECT_THAT(
        missed_thresholds(figures, file),
        ElementsAre(
            HasSubstr(":2: intents.clean.macro_f1 is 0.9, must be at least 0.95"),
            HasSubstr(":4: intents.clean.calibration_error is 0.04, must be at most 0.03")));
}

struct bad_thresholds
{
    std::string name;
    std::string text;
    std::string complaint;
};

class BadThresholds : public EvaluationFiles, public testing::WithParamInterface<bad_thresholds>
{
};

TEST_P(BadThresholds, AreRefused)
{
    const auto& file = holding(GetParam().text);
    EXPECT_THAT(
        failure_of([&] { missed_thresholds(figures, file); }), HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    BadThresholds,
    testing::Values(
        bad_thresholds{"Section", "atleast:\n  a: 1\n", "unknown key atleast"},
        bad_thresholds{
            "NotMeasured",
            "at_least:\n  intents.clean.f2: 1\n",
            ":2: the figure intents.clean.f2 was not measured"},
        bad_thresholds{"Group", "at_least:\n  intents.clean: 1\n", "is not a figure"},
        bad_thresholds{"Word", "at_least:\n  intents.clean.macro_f1: high\n", "needs a number"},
        bad_thresholds{"Yaml", "at_least: [", "evaluation-"},
        bad_thresholds{"List", "- a\n", "at_least and at_most"}),
    [](const auto& one) { return one.param.name; });

TEST_F(EvaluationFiles, QueriesAreRead)
{
    const auto queries = read_labelled_queries(holding("# comment\n"
                                                       "a\tlàm khai sinh\t1.001193|2.000986\tx\r\n"
                                                       "\n"
                                                       "b\tgiá vàng\t-\n"));
    ASSERT_EQ(queries.size(), 2U);
    EXPECT_EQ(queries[0].id, "a");
    EXPECT_EQ(queries[0].text, "làm khai sinh");
    EXPECT_THAT(queries[0].codes, ElementsAre("1.001193", "2.000986"));
    EXPECT_THAT(queries[1].codes, IsEmpty());
    // The hash's lowest bit is that of the letters' sum and the odd start value.
    EXPECT_FALSE(understand::is_held_out(queries[0].id));
    EXPECT_TRUE(understand::is_held_out(queries[1].id));
}

TEST_F(EvaluationFiles, BadQueriesAreNamedByLine)
{
    const auto read = [this](const std::string& text) {
        const auto& file = holding(text);
        return failure_of([&] { read_labelled_queries(file); });
    };
    EXPECT_THAT(read("a\tkhai sinh\n"), HasSubstr(":1: id, text and codes are expected"));
    EXPECT_THAT(read("a\tx\t-\na\ty\t-\n"), HasSubstr(":2: the id a is used twice"));
    EXPECT_THAT(
        failure_of([] { read_labelled_queries("/nonexistent"); }), HasSubstr("cannot be read"));
}

TEST(EvaluationReport, NamesTheWorstNoise)
{
    evaluation measured;
    const auto with_f1 = [](double f1) {
        understand::classification_figures some;
        some.macro_f1 = f1;
        return some;
    };
    measured.intents = {{"clean", with_f1(0.5)}, {"typos", with_f1(0.8)}, {"blend", with_f1(0.7)}};
    const auto json = to_json(measured);
    EXPECT_EQ(json["intents"]["worst_noise"]["kind"], "blend");
    EXPECT_EQ(json["intents"]["worst_noise"]["macro_f1"], 0.7);
    EXPECT_EQ(json["intents"]["clean"]["macro_f1"], 0.5);
    EXPECT_EQ(json["intents"]["noise"].size(), 2U);
    std::ostringstream text;
    print_text(measured, text);
    EXPECT_THAT(text.str(), HasSubstr("blend"));
}

} // namespace
} // namespace motcua
