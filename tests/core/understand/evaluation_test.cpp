#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/core/understand/evaluation.hpp>

#include <string>
#include <vector>

// Every figure here was worked out by hand.
namespace motcua::understand {
namespace {

using testing::DoubleNear;

judged_message
judged(std::string truth, std::string said, double confidence, decision verdict = decision::answer)
{
    return {std::move(truth), std::move(said), confidence, verdict};
}

// fee: 3 messages, 2 found; time: 2 messages, both found, and one fee taken for it; place: 1
// message, taken for fee.
const std::vector<judged_message> six{
    judged("fee", "fee", 0.95),
    judged("fee", "fee", 0.85, decision::ask),
    judged("fee", "time", 0.45, decision::ask),
    judged("time", "time", 0.95),
    judged("time", "time", 0.65, decision::none),
    judged("place", "fee", 0.95)};

TEST(Classification, PrecisionRecallAndF1PerIntent)
{
    const auto figures = measure_classification(six);
    ASSERT_EQ(figures.intents.size(), 3U);
    const auto& fee = figures.intents[0];
    EXPECT_EQ(fee.intent, "fee");
    EXPECT_EQ(fee.messages, 3U);
    EXPECT_EQ(fee.said, 3U);
    EXPECT_DOUBLE_EQ(fee.precision, 2.0 / 3);
    EXPECT_DOUBLE_EQ(fee.recall, 2.0 / 3);
    EXPECT_DOUBLE_EQ(fee.f1, 2.0 / 3);
    const auto& place = figures.intents[1];
    EXPECT_DOUBLE_EQ(place.f1, 0);
    const auto& time = figures.intents[2];
    EXPECT_DOUBLE_EQ(time.precision, 2.0 / 3);
    EXPECT_DOUBLE_EQ(time.recall, 1);
    EXPECT_DOUBLE_EQ(time.f1, 0.8);
    EXPECT_DOUBLE_EQ(figures.accuracy, 4.0 / 6);
    EXPECT_DOUBLE_EQ(figures.macro_f1, (2.0 / 3 + 0.8 + 0) / 3);
}

TEST(Classification, AnIntentThatLabelsNothingIsNoPartOfTheMean)
{
    const std::vector<judged_message> two{judged("fee", "fee", 1), judged("fee", "time", 1)};
    const auto figures = measure_classification(two);
    EXPECT_EQ(figures.intents.size(), 2U);
    EXPECT_DOUBLE_EQ(figures.macro_f1, 2.0 / 3); // precision 1, recall 1/2
}

TEST(Classification, ConfusionsComeMostFrequentFirst)
{
    const std::vector<judged_message> some{
        judged("a", "b", 1),
        judged("c", "a", 1),
        judged("c", "a", 1),
        judged("a", "a", 1),
        judged("b", "a", 1)};
    const auto figures = measure_classification(some);
    ASSERT_EQ(figures.confusions.size(), 3U);
    EXPECT_EQ(figures.confusions[0].truth, "c");
    EXPECT_EQ(figures.confusions[0].said, "a");
    EXPECT_EQ(figures.confusions[0].count, 2U);
    EXPECT_EQ(figures.confusions[1].truth, "a");
    EXPECT_EQ(figures.confusions[2].truth, "b");
}

TEST(Classification, WrongButCertainCountsOnlyWhatIsAnswered)
{
    const auto figures = measure_classification(six);
    EXPECT_DOUBLE_EQ(figures.answered, 3.0 / 6);
    EXPECT_DOUBLE_EQ(figures.asked, 2.0 / 6);
    EXPECT_DOUBLE_EQ(figures.wrong_when_answered, 1.0 / 3);
    EXPECT_DOUBLE_EQ(figures.wrong_answers, 1.0 / 6);
}

TEST(Classification, CalibrationErrorWeighsTheGapOfEachBin)
{
    // 0.9-1.0: three of mean 0.95, two right; the others alone in their bins.
    const auto figures = measure_classification(six);
    const double expected =
        3.0 / 6 * (0.95 - 2.0 / 3) + 1.0 / 6 * (1 - 0.85) + 1.0 / 6 * 0.45 + 1.0 / 6 * (1 - 0.65);
    EXPECT_THAT(figures.calibration_error, DoubleNear(expected, 1e-12));
    ASSERT_EQ(figures.reliability.size(), 4U);
    EXPECT_DOUBLE_EQ(figures.reliability[0].from, 0.4);
    const auto& last = figures.reliability[3];
    EXPECT_DOUBLE_EQ(last.from, 0.9);
    EXPECT_DOUBLE_EQ(last.to, 1.0);
    EXPECT_EQ(last.messages, 3U);
    EXPECT_THAT(last.confidence, DoubleNear(0.95, 1e-12));
    EXPECT_DOUBLE_EQ(last.right, 2.0 / 3);
}

TEST(Classification, CertaintyOfOneFallsIntoTheLastBin)
{
    const std::vector<judged_message> one{judged("a", "a", 1.0)};
    const auto figures = measure_classification(one);
    ASSERT_EQ(figures.reliability.size(), 1U);
    EXPECT_DOUBLE_EQ(figures.reliability[0].from, 0.9);
    EXPECT_DOUBLE_EQ(figures.calibration_error, 0);
}

TEST(Classification, NothingMeasuredIsZero)
{
    const auto figures = measure_classification({});
    EXPECT_EQ(figures.messages, 0U);
    EXPECT_EQ(figures.macro_f1, 0);
    EXPECT_EQ(figures.calibration_error, 0);
    EXPECT_EQ(figures.wrong_when_answered, 0);
}

// Own messages at 0.1, 0.2 … 1.0.
std::vector<judged_message> ten_own()
{
    std::vector<judged_message> messages;
    for (int i = 1; i <= 10; ++i)
        messages.push_back(
            judged("fee", "fee", i / 10.0, i > 2 ? decision::answer : decision::none));
    return messages;
}

TEST(Rejection, TheThresholdKeepsWhatWasAsked)
{
    auto messages = ten_own();
    messages.push_back(judged("out_of_scope", "fee", 0.05, decision::none));
    messages.push_back(judged("out_of_scope", "fee", 0.15, decision::none));
    messages.push_back(judged("out_of_scope", "fee", 0.25, decision::ask));
    messages.push_back(judged("out_of_scope", "out_of_scope", 0.9, decision::none));
    const auto figures = measure_rejection(messages);
    EXPECT_EQ(figures.own, 10U);
    EXPECT_EQ(figures.foreign, 4U);
    ASSERT_EQ(figures.curve.size(), 4U);
    // 90 %: one of ten may go, so the threshold is 0.2; 95 % and more: none may, so it is 0.1.
    EXPECT_DOUBLE_EQ(figures.curve[0].kept_at_least, 0.90);
    EXPECT_DOUBLE_EQ(figures.curve[0].kept, 0.9);
    EXPECT_DOUBLE_EQ(figures.curve[0].rejected, 0.75);
    EXPECT_DOUBLE_EQ(figures.curve[2].kept, 1.0);
    EXPECT_DOUBLE_EQ(figures.curve[2].rejected, 0.5);
    EXPECT_DOUBLE_EQ(figures.kept, 0.8);
    EXPECT_DOUBLE_EQ(figures.rejected, 0.75);
    // Pairs in the right order: 10 + 9 + 8 + 10 of 40.
    EXPECT_DOUBLE_EQ(figures.area, 37.0 / 40);
}

TEST(Rejection, EqualRanksCountHalfAndAreNotRejected)
{
    const std::vector<judged_message> messages{
        judged("fee", "fee", 0.5), judged("out_of_scope", "fee", 0.5)};
    const auto figures = measure_rejection(messages);
    EXPECT_DOUBLE_EQ(figures.area, 0.5);
    EXPECT_DOUBLE_EQ(figures.curve[0].rejected, 0);
}

TEST(Rejection, AnOwnMessageSaidToBeForeignRanksLast)
{
    const std::vector<judged_message> messages{
        judged("fee", "out_of_scope", 0.9, decision::none),
        judged("out_of_scope", "out_of_scope", 0.6, decision::none)};
    const auto figures = measure_rejection(messages);
    EXPECT_DOUBLE_EQ(figures.area, 0);
    EXPECT_DOUBLE_EQ(figures.kept, 0);
}

TEST(Rejection, WithoutOwnMessagesThereIsNoCurve)
{
    const std::vector<judged_message> messages{judged("out_of_scope", "fee", 0.6)};
    const auto figures = measure_rejection(messages);
    EXPECT_TRUE(figures.curve.empty());
    EXPECT_EQ(figures.area, 0);
}

const std::vector<judged_query> some_queries{
    {{"1"}, {"1", "2"}, decision::answer},
    {{"1", "9"}, {"2", "9", "1"}, decision::answer}, // second place, answered: wrong
    {{"1"}, {"2", "3", "4", "1"}, decision::ask},
    {{"1"}, {"2"}, decision::none},
    {{}, {"2"}, decision::answer}, // foreign, answered: wrong
    {{}, {"2"}, decision::ask}};

TEST(SearchFigures, RecallAndReciprocalRank)
{
    const auto figures = measure_search(some_queries);
    EXPECT_EQ(figures.queries, 4U);
    EXPECT_EQ(figures.foreign, 2U);
    EXPECT_DOUBLE_EQ(figures.recall_at_1, 1.0 / 4);
    EXPECT_DOUBLE_EQ(figures.recall_at_3, 2.0 / 4);
    EXPECT_DOUBLE_EQ(figures.recall_at_5, 3.0 / 4);
    EXPECT_DOUBLE_EQ(figures.mean_reciprocal_rank, (1 + 0.5 + 0.25 + 0) / 4);
}

TEST(SearchFigures, WrongAnswersIncludeForeignOnes)
{
    const auto figures = measure_search(some_queries);
    EXPECT_DOUBLE_EQ(figures.answered, 2.0 / 4);
    EXPECT_DOUBLE_EQ(figures.asked, 1.0 / 4);
    EXPECT_DOUBLE_EQ(figures.foreign_answered, 1.0 / 2);
    EXPECT_DOUBLE_EQ(figures.wrong_when_answered, 2.0 / 3);
    EXPECT_DOUBLE_EQ(figures.wrong_answers, 2.0 / 6);
}

TEST(SearchFigures, NothingAskedIsZero)
{
    const auto figures = measure_search({});
    EXPECT_EQ(figures.recall_at_1, 0);
    EXPECT_EQ(figures.wrong_when_answered, 0);
}

TEST(Percentile, IsTheNearestRank)
{
    EXPECT_EQ(percentile({}, 0.5), 0);
    EXPECT_EQ(percentile({7}, 0.99), 7);
    EXPECT_EQ(percentile({4, 1, 3, 2}, 0.5), 2);
    EXPECT_EQ(percentile({5, 4, 3, 2, 1}, 0.5), 3);
    std::vector<double> hundred;
    for (int i = 100; i >= 1; --i)
        hundred.push_back(i);
    EXPECT_EQ(percentile(hundred, 0.99), 99);
    EXPECT_EQ(percentile(hundred, 1), 100);
    EXPECT_EQ(percentile(hundred, 0), 1);
}

} // namespace
} // namespace motcua::understand
