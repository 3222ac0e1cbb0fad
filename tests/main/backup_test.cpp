#include "commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/sqlite/database.hpp>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

namespace motcua {
namespace {

namespace fs = std::filesystem;

class BackupCommand : public ::testing::Test
{
protected:
    BackupCommand()
        : folder_(
              fs::temp_directory_path() /
              ("motcua-backup-command-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name()))
    {
        fs::remove_all(folder_);
        fs::create_directories(source().storage.directory);
        std::ofstream(source().storage.directory / "signing.key") << "key";
        std::ofstream(source().storage.directory / "model-1.bin") << "made anew";
    }
    ~BackupCommand() override { fs::remove_all(folder_); }

    configuration at(const std::string& name) const
    {
        configuration out;
        out.storage.directory = folder_ / name;
        return out;
    }
    configuration source() const { return at("source"); }
    fs::path file() const { return folder_ / "backup.tar.zst"; }
    static void count_to(sqlite::database& database, int number)
    {
        database.run_now([number](app::transaction& store) {
            store.put_setting("a", std::to_string(number));
            store.put_setting("b", std::to_string(number));
        });
    }

    fs::path folder_;
};

TEST_F(BackupCommand, TakesOneInstantWhileTheServerWrites)
{
    const auto database = sqlite::open_database({.file = source().storage.directory / "motcua.db"});
    count_to(*database, 0);
    std::atomic<bool> stop = false;
    std::thread writing([&] {
        for (int number = 1; !stop; ++number)
            count_to(*database, number);
    });
    const auto status = backup(source(), file());
    stop = true;
    writing.join();
    ASSERT_EQ(status, 0);
    ASSERT_EQ(restore(at("restored"), file()), 0);
    const auto restored = sqlite::open_database({.file = folder_ / "restored/motcua.db"});
    std::optional<std::string> a;
    std::optional<std::string> b;
    restored->run_now([&](app::transaction& store) {
        a = store.setting("a");
        b = store.setting("b");
    });
    EXPECT_TRUE(a.has_value());
    EXPECT_EQ(a, b);
    EXPECT_TRUE(fs::exists(folder_ / "restored/signing.key"));
    EXPECT_FALSE(fs::exists(folder_ / "restored/model-1.bin"));
}

TEST_F(BackupCommand, RestoresIntoAnEmptyFolderButOverNothing)
{
    sqlite::open_database({.file = source().storage.directory / "motcua.db"});
    ASSERT_EQ(backup(source(), file()), 0);
    EXPECT_EQ(backup(source(), file()), 1) << "the file exists";
    EXPECT_EQ(restore(source(), file()), 1) << "the folder is not empty";
    fs::create_directory(folder_ / "empty");
    EXPECT_EQ(restore(at("empty"), file()), 0);
    EXPECT_TRUE(fs::exists(folder_ / "empty/motcua.db"));
    EXPECT_FALSE(fs::exists(folder_ / "empty/restoring.part"));
}

TEST_F(BackupCommand, ADamagedBackupLeavesNothing)
{
    sqlite::open_database({.file = source().storage.directory / "motcua.db"});
    ASSERT_EQ(backup(source(), file()), 0);
    fs::resize_file(file(), fs::file_size(file()) / 2);
    EXPECT_ANY_THROW(restore(at("restored"), file()));
    EXPECT_FALSE(fs::exists(folder_ / "restored"));
    EXPECT_FALSE(fs::exists(folder_ / "restored.part"));
}

TEST_F(BackupCommand, NeedsADatabase)
{
    EXPECT_EQ(backup(source(), file()), 1);
    EXPECT_FALSE(fs::exists(file()));
}

} // namespace
} // namespace motcua
