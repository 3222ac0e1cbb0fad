#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/files/backup_archive.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace motcua::files {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Backup : public ::testing::Test
{
protected:
    Backup()
        : folder(
              fs::temp_directory_path() /
              ("motcua-backup-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name()))
    {
        fs::remove_all(folder);
        fs::create_directories(folder / "source/attachments/ab");
        fs::create_directories(folder / "restored");
        write("source/motcua.db", std::string(300'000, 'd'));
        write("source/attachments/ab/cd", "photo");
    }
    ~Backup() override { fs::remove_all(folder); }

    void write(const fs::path& name, const std::string& bytes) const
    {
        std::ofstream(folder / name, std::ios::binary) << bytes;
    }
    std::string read(const fs::path& name) const
    {
        std::ifstream file(folder / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void save() const
    {
        write_backup(
            folder / "backup",
            {{folder / "source/motcua.db", "motcua.db"},
             {folder / "source/attachments/ab/cd", "attachments/ab/cd"},
             {folder / "source/gone", "gone"}});
    }
    void load() const { read_backup(folder / "backup", folder / "restored"); }

    fs::path folder;
};

TEST_F(Backup, ComesBackByteForByte)
{
    save();
    load();
    EXPECT_EQ(read("restored/motcua.db"), read("source/motcua.db"));
    EXPECT_EQ(read("restored/attachments/ab/cd"), "photo");
    EXPECT_FALSE(fs::exists(folder / "restored/gone")) << "it was gone when its turn came";
    EXPECT_EQ(fs::status(folder / "backup").permissions(), fs::perms(0600));
    EXPECT_EQ(fs::status(folder / "restored/motcua.db").permissions(), fs::perms(0600));
    EXPECT_FALSE(fs::exists(folder / "backup.part"));
}

TEST_F(Backup, NeverOverwritesAFile)
{
    write("backup", "precious");
    EXPECT_THROW(save(), std::runtime_error);
    EXPECT_EQ(read("backup"), "precious");
}

TEST_F(Backup, LeavesNothingHalfWritten)
{
    EXPECT_ANY_THROW(write_backup(
        folder / "backup", {{folder / "source", "a folder cannot be read as a file"}}));
    EXPECT_FALSE(fs::exists(folder / "backup"));
    EXPECT_FALSE(fs::exists(folder / "backup.part"));
}

TEST_F(Backup, CutOffAnywhereIsRefused)
{
    save();
    const auto whole = read("backup");
    for (std::size_t length = 0; length < whole.size(); length += 37) {
        write("backup", whole.substr(0, length));
        fs::remove_all(folder / "restored");
        fs::create_directories(folder / "restored");
        EXPECT_ANY_THROW(load()) << "cut after " << length << " of " << whole.size();
    }
}

TEST_F(Backup, ADamagedByteIsRefusedOrHarmless)
{
    save();
    const auto whole = read("backup");
    for (std::size_t at = 0; at < whole.size(); at += 7) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        write("backup", damaged);
        fs::remove_all(folder / "restored");
        fs::create_directories(folder / "restored");
        try {
            load();
        } catch (const std::exception&) {
            continue;
        }
        // Bits that carry nothing, such as padding, may change; the content may not.
        EXPECT_EQ(read("restored/motcua.db"), read("source/motcua.db")) << "byte " << at;
        EXPECT_EQ(read("restored/attachments/ab/cd"), "photo") << "byte " << at;
    }
}

TEST_F(Backup, ANameOutsideTheFolderIsRefused)
{
    for (const auto* name : {"../evil", "/tmp/evil", "a/../../evil"}) {
        fs::remove(folder / "backup");
        write_backup(folder / "backup", {{folder / "source/attachments/ab/cd", name}});
        EXPECT_THAT(
            [this] { load(); }, ThrowsMessage<std::runtime_error>(HasSubstr("does not hold")));
    }
}

} // namespace
} // namespace motcua::files
