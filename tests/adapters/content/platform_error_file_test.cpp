#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/content/platform_error_file.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace motcua::content {
namespace {

using app::error_action;
using ::testing::HasSubstr;

const auto shipped = std::filesystem::path(MOTCUA_SOURCE_DIR) / "data/zalo_errors.yml";

class PlatformErrors : public ::testing::Test
{
protected:
    ~PlatformErrors() override { std::filesystem::remove(file_); }

    // The shipped file with one change.
    platform_error_file read_with(const std::string& from, const std::string& to)
    {
        std::ifstream in(shipped);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        auto text = bytes.str();
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        std::ofstream(file_) << text;
        return read_platform_errors(file_);
    }

    std::filesystem::path file_ =
        std::filesystem::path(::testing::TempDir()) /
        (std::string("zalo_errors-") +
         ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".yml");
};

TEST_F(PlatformErrors, TheShippedTableIsSoundAndComplete)
{
    const auto read = read_platform_errors(shipped);
    for (const auto& one : read.findings)
        ADD_FAILURE() << one.line << ": " << one.message;
    // Every code of zalo-oa-protocol 2.10.
    for (const int code :
         {-32,  -100, -200, -201, -204, -205, -209, -210, -211, -212, -213, -214,  -216,
          -217, -218, -219, -220, -221, -223, -224, -227, -230, -232, -233, -234,  -235,
          -237, -403, -238, -241, -240, -242, -244, -248, -249, -320, -321, -1340, -1341})
        EXPECT_TRUE(read.table.by_code.contains(code)) << code;
    EXPECT_EQ(read.table.find(-200).action, error_action::look) << "it may have gone out";
    EXPECT_EQ(read.table.find(-99999).action, error_action::dead);
    EXPECT_EQ(read.table.find(-99999).meaning, "unknown error code");
}

TEST_F(PlatformErrors, WhatIsWrongIsNamed)
{
    const auto message = [this](const std::string& from, const std::string& to) {
        const auto read = read_with(from, to);
        return read.findings.empty() ? std::string() : read.findings.front().message;
    };
    EXPECT_THAT(message("code: -205", "code: -204"), HasSubstr("code -204 is listed twice"));
    EXPECT_THAT(message("code: -205", "code: 205"), HasSubstr("a number below zero"));
    EXPECT_THAT(message("code: -205", "code: viel"), HasSubstr("a number below zero"));
    EXPECT_THAT(message("action: look", "action: repeat"), HasSubstr("unknown action 'repeat'"));
    EXPECT_THAT(
        message("action: look", "action: other_endpoint"), HasSubstr("for -235 and -240 only"));
    EXPECT_THAT(
        message("action: slow_down}", "action: dead}"),
        HasSubstr("code -32 must have the action slow_down"));
    EXPECT_THAT(message("otherwise: dead", "otherwise: retry"), HasSubstr("may have been sent"));
    EXPECT_FALSE(read_platform_errors("/no/such/file.yml").findings.empty());
}

} // namespace
} // namespace motcua::content
