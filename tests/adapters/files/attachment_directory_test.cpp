#include <adapters/sqlite/temporary_store.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/files/attachment_directory.hpp>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace motcua::files {
namespace {

namespace fs = std::filesystem;

// SHA-256 of "abc" (FIPS 180-2, appendix B.1).
const std::string name_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

std::string bytes_of(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(const fs::path& path)
{
    struct stat found = {};
    ::stat(path.c_str(), &found);
    return found.st_mode & 0777U;
}

class AttachmentDirectory : public testing::Test
{
protected:
    std::size_t files_below(const fs::path& path) const
    {
        std::size_t count = 0;
        for (const auto& entry : fs::recursive_directory_iterator(path))
            count += entry.is_regular_file() ? 1U : 0U;
        return count;
    }

    sqlite::temporary_folder folder_;
    fs::path path_ = folder_.file().parent_path() / "attachments";
    std::unique_ptr<app::attachment_files> files_ = open_attachment_directory(path_);
};

TEST_F(AttachmentDirectory, AFileIsReadInPieces)
{
    const auto name = files_->name_of("abc");
    EXPECT_EQ(files_->open(name), nullptr);
    files_->put(name, "abc");
    const auto file = files_->open(name);
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->read(2), "ab");
    files_->remove(name);
    EXPECT_EQ(file->read(2), "c") << "though it was removed meanwhile";
    EXPECT_EQ(file->read(2), "");
}

TEST_F(AttachmentDirectory, KeepsAFileUnderItsContent)
{
    const auto name = files_->name_of("abc");
    EXPECT_EQ(name, name_of_abc);
    files_->put(name, "abc");
    const auto path = attachment_path(path_, name);
    EXPECT_EQ(path, path_ / "ba" / name_of_abc.substr(2));
    EXPECT_EQ(bytes_of(path), "abc");
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_EQ(mode_of(path.parent_path()), 0700U);
    EXPECT_EQ(mode_of(path_), 0700U);
    files_->put(name, "abc");
    EXPECT_EQ(files_below(path_), 1U) << "nothing half written beside it";
}

TEST_F(AttachmentDirectory, RemovesOnceAndAgain)
{
    files_->put(name_of_abc, "abc");
    files_->remove(name_of_abc);
    EXPECT_EQ(files_below(path_), 0U);
    files_->remove(name_of_abc);
    files_->remove(std::string(64, '0'));
}

TEST_F(AttachmentDirectory, WhatAnEarlierProcessLeftHalfWrittenGoes)
{
    files_->put(name_of_abc, "abc");
    std::ofstream(path_ / "unfinished" / "half") << "personal";
    files_ = open_attachment_directory(path_);
    EXPECT_EQ(files_below(path_), 1U);
}

TEST_F(AttachmentDirectory, AFailedWriteIsSaidAndLeavesNothing)
{
    fs::remove_all(path_ / "unfinished");
    EXPECT_THROW(files_->put(name_of_abc, "abc"), std::system_error);
    EXPECT_EQ(files_below(path_), 0U);
    EXPECT_THROW(open_attachment_directory("/proc/nowhere"), std::system_error);
}

} // namespace
} // namespace motcua::files
