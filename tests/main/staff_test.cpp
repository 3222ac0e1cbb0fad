#include "child_process.hpp"

#include <gtest/gtest.h>
#include <motcua/adapters/sqlite/database.hpp>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

// `motcua staff` and `motcua audit` as an operator uses them.
namespace motcua {
namespace {

namespace fs = std::filesystem;

struct ended
{
    int status;
    std::string output; // both streams
};

class StaffCommand : public testing::Test
{
protected:
    void SetUp() override
    {
        folder_ = fs::path(testing::TempDir()) / ("staff-" + std::to_string(::getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    ended run(const std::string& arguments, const std::string& input = {}) const
    {
        std::ofstream(folder_ / "input") << input;
        const auto command = std::string(MOTCUA_PROGRAM) + " " + arguments +
                             " --set storage.directory=" + (folder_ / "storage").string() + " <" +
                             (folder_ / "input").string() + " 2>&1";
        const auto close = [](std::FILE* pipe) { return ::pclose(pipe); };
        // NOLINTNEXTLINE(cert-env33-c): the program under test
        auto* const pipe = ::popen(command.c_str(), "r");
        std::string output;
        std::array<char, 256> part{};
        while (std::fgets(part.data(), part.size(), pipe) != nullptr)
            output += part.data();
        const int status = close(pipe);
        return {WEXITSTATUS(status), output};
    }
    fs::path database() const { return folder_ / "storage/motcua.db"; }

    fs::path folder_;
};

TEST_F(StaffCommand, TheFirstAdminIsAddedWithAPasswordFromStandardInput)
{
    const auto added = run("staff add quantri --name Quản-trị --role admin", "một mật khẩu dài\n");
    EXPECT_EQ(added.status, 0) << added.output;
    EXPECT_EQ(added.output.find("một mật khẩu"), std::string::npos);
    const auto one =
        sqlite::open_reader(database())->accounts().find_by_user_name("quantri").value();
    EXPECT_TRUE(one.password_temporary);
    EXPECT_TRUE(one.who.is(app::staff_role::admin));
    EXPECT_EQ(one.password_hash.find("$argon2id$"), 0U);
    const auto listed = run("staff list");
    EXPECT_NE(listed.output.find("quantri\tQuản-trị\tadmin\t-\tactive"), std::string::npos)
        << listed.output;
    EXPECT_EQ(run("staff disable quantri").status, 1) << "the last admin";
    EXPECT_EQ(run("staff reset quantri --generate --totp").status, 0);
    EXPECT_EQ(run("staff add lan --role viewer --generate").status, 0);
    EXPECT_EQ(run("staff disable lan").status, 0);
    EXPECT_EQ(run("staff enable lan").status, 0);
    const auto verified = run("audit verify");
    EXPECT_EQ(verified.status, 0) << verified.output;
    EXPECT_EQ(verified.output.find("6 rows\n"), 0U) << verified.output;
}

TEST_F(StaffCommand, APasswordFileIsRead)
{
    std::ofstream(folder_ / "password") << "một mật khẩu dài\n";
    const auto file = (folder_ / "password").string();
    EXPECT_EQ(run("staff add lan --role viewer --password-file " + file).status, 0);
    EXPECT_EQ(run("staff add mai --role viewer --password-file /nowhere").status, 2);
}

TEST_F(StaffCommand, WhatIsWrongIsSaidAndNothingDone)
{
    EXPECT_EQ(run("staff add lan --role king", "một mật khẩu dài\n").status, 2);
    EXPECT_EQ(run("staff add Lan --role viewer", "một mật khẩu dài\n").status, 2);
    EXPECT_EQ(run("staff add lan --role viewer", "ngắn\n").status, 2);
    EXPECT_EQ(run("staff add lan --role officer", "một mật khẩu dài\n").status, 1);
    EXPECT_EQ(run("staff disable nobody").status, 1);
    EXPECT_EQ(run("staff list").output, "");
}

TEST_F(StaffCommand, ARunningServersDatabaseIsLeftAlone)
{
    EXPECT_EQ(run("staff add quantri --role admin --generate").status, 0);
    const auto held = sqlite::open_database({.file = database()});
    const auto refused = run("staff add lan --role viewer --generate");
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.output.find("stop the server"), std::string::npos) << refused.output;
    EXPECT_EQ(run("staff list").status, 0) << "beside it";
    EXPECT_EQ(run("audit verify").status, 0) << "beside it";
}

TEST_F(StaffCommand, AVerificationNamesTheFirstBadRow)
{
    for (const std::string name : {"an", "bi", "cu"})
        EXPECT_EQ(run("staff add " + name + "1 --role admin --generate").status, 0);
    const auto head = run("audit verify").output;
    fs::remove(folder_ / "storage/audit.head");
    const auto lost = run("audit verify");
    EXPECT_EQ(lost.status, 1);
    EXPECT_NE(lost.output.find("audit.head"), std::string::npos) << lost.output;
    EXPECT_EQ(run("staff disable an1").status, 0);
    const auto bad = run("audit verify");
    EXPECT_EQ(bad.status, 1);
    EXPECT_NE(bad.output.find("row 4: missing"), std::string::npos) << bad.output;
}

} // namespace
} // namespace motcua
