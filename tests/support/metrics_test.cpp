#include <gtest/gtest.h>
#include <motcua/support/metrics.hpp>

namespace motcua::metrics {
namespace {

TEST(Exposition, IsPrometheusText)
{
    histogram waits({0.5, 2});
    waits.record(0.5); // a bound holds what equals it
    waits.record(1);
    waits.record(3);
    exposition text;
    text.gauge("queue", "Units that wait.", 12);
    text.family("ends_total", exposition::kind::counter, "How it ended.");
    text.sample(1, {{"end", "sent"}, {"code", "0"}});
    text.sample(2, {{"end", "a \"quoted\" \\ \nword"}});
    text.family("wait_seconds", exposition::kind::histogram, "Waits.");
    text.sample(waits);
    EXPECT_EQ(
        text.take(),
        "# HELP queue Units that wait.\n# TYPE queue gauge\nqueue 12\n"
        "# HELP ends_total How it ended.\n# TYPE ends_total counter\n"
        "ends_total{end=\"sent\",code=\"0\"} 1\n"
        "ends_total{end=\"a \\\"quoted\\\" \\\\ \\nword\"} 2\n"
        "# HELP wait_seconds Waits.\n# TYPE wait_seconds histogram\n"
        "wait_seconds_bucket{le=\"0.5\"} 1\nwait_seconds_bucket{le=\"2\"} 2\n"
        "wait_seconds_bucket{le=\"+Inf\"} 3\nwait_seconds_sum 4.5\nwait_seconds_count 3\n");
}

TEST(Exposition, BoundsAscend)
{
    for (const auto& bounds : {seconds_bounds(), count_bounds()})
        for (std::size_t i = 1; i < bounds.size(); ++i)
            EXPECT_LT(bounds[i - 1], bounds[i]);
}

} // namespace
} // namespace motcua::metrics
