#include "support/run_coroutine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/support/log_format.hpp>
#include <motcua/support/logging.hpp>

#include <limits>
#include <string>

namespace motcua {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

template <class Write>
std::string captured(Write write)
{
    testing::internal::CaptureStderr();
    write();
    return testing::internal::GetCapturedStderr();
}

TEST(Logging, WritesOneJsonObjectPerLine)
{
    const std::string line = captured([] {
        log::info(
            "event stored",
            {{"kind", "text"},
             {"count", 3U},
             {"change", -2},
             {"took_ms", std::chrono::microseconds(1500)},
             {"first", true},
             {"ratio", std::numeric_limits<double>::infinity()}});
    });
    EXPECT_THAT(line, StartsWith(R"({"time":"2)"));
    EXPECT_THAT(
        line,
        EndsWith(R"(Z","level":"info","event":"event stored","kind":"text","count":3,"change":-2,)"
                 R"("took_ms":1.500,"first":true,"ratio":null})"
                 "\n"));
}

TEST(Logging, WritesLinesForPeopleIfTold)
{
    log::set_format(log::format::text);
    const std::string line = captured([] {
        log::warning("event stored", {{"kind", "a \"b\"\n\xe1"}, {"count", 3U}});
    });
    log::set_format(log::format::json);
    EXPECT_THAT(line, StartsWith("20"));
    EXPECT_THAT(
        line, EndsWith("Z warning event stored kind=\"a \\\"b\\\"\\u000a\\u00e1\" count=3\n"));
}

TEST(Logging, HostileTextCannotForgeALineOrSteerATerminal)
{
    const std::string line = captured([] {
        log::warning("x", {{"reason", "a\"}\n{\\\x1b[2J\x7f\xff\xe2\x80\xae"}});
    });
    EXPECT_THAT(
        line, HasSubstr(R"("reason":"a\"}\u000a{\\\u001b[2J\u007f\u00ff\u00e2\u0080\u00ae")"));
    EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(Logging, PercentAndBracesAreOnlyText)
{
    EXPECT_THAT(
        captured([] {
            log::error("%v {} {0}", {{"%v", "{}"}});
        }),
        HasSubstr(R"("event":"%v {} {0}","%v":"{}")"));
}

TEST(Logging, LongTextIsCut)
{
    const std::string text(100'000, 'x');
    EXPECT_LT(captured([&text] { log::info("x", {{"reason", text}}); }).size(), 1000U);
}

TEST(Logging, LevelsBelowTheLowestAreNotWritten)
{
    EXPECT_EQ(captured([] { log::debug("hidden"); }), "");
    log::set_level(log::level::debug);
    EXPECT_THAT(captured([] { log::debug("shown"); }), HasSubstr(R"("level":"debug")"));
    log::set_level(log::level::error);
    EXPECT_EQ(captured([] { log::warning("hidden"); }), "");
    log::set_level(log::level::info);
}

boost::asio::awaitable<void> log_in_a_coroutine(std::string name)
{
    log::info("in a coroutine", {{"name", name}, {"count", 1}});
    co_return;
}

// g++ 12 miscompiles some braces in coroutines; this use must work.
TEST(Logging, WorksInsideACoroutine)
{
    EXPECT_THAT(
        captured(
            [] { run_coroutine(log_in_a_coroutine("a name that is long enough for the heap")); }),
        HasSubstr(R"("name":"a name that is long enough for the heap","count":1)"));
}

} // namespace
} // namespace motcua
