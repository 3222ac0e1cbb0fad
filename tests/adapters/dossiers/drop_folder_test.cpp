#include <adapters/sqlite/temporary_store.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/dossier_file.hpp>
#include <motcua/adapters/dossiers/drop_folder.hpp>
#include <motcua/adapters/dossiers/encoding.hpp>
#include <motcua/core/text/unicode.hpp>
#include <support/run_coroutine.hpp>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace motcua::dossier_files {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const std::string header = "code,status,phone\n";
const utc_time now{std::chrono::sys_days(std::chrono::year{2026} / 11 / 22)};

class DropFolder : public testing::Test
{
protected:
    DropFolder()
    {
        fs::create_directories(drop_);
        database_ = sqlite::open_database({.file = folder_.file()});
        restart();
    }
    ~DropFolder() override { pool_.join(); }

    void restart()
    {
        watched_.emplace(
            io_.get_executor(),
            drop_folder_parts{
                .folder = drop_,
                .store = database_->writer(),
                .workers = pool_.get_executor(),
                .format =
                    content::read_dossier_format(fs::path(MOTCUA_SOURCE_DIR) / "data/dossiers.yml")
                        .format,
                .rule = {},
                .seal = [](std::string_view text) { return std::string(text); },
                .now = [] { return now; },
                .taken = [this] { ++told_; }});
    }
    // As if it had been written that long ago.
    void put(const std::string& name, const std::string& text, std::chrono::seconds ago = 60s)
    {
        std::ofstream(drop_ / name, std::ios::binary) << text;
        fs::last_write_time(drop_ / name, fs::file_time_type::clock::now() - ago);
    }
    drop_folder::look_result look() { return run_coroutine(io_, watched_->look()); }
    std::optional<dossiers::dossier> find(const std::string& code)
    {
        return database_->open_reader()->find_dossier(code, "phone_tail:4").what;
    }
    std::string state(const std::string& code)
    {
        const auto found = find(code);
        return found ? std::string(name(found->at)) : "none";
    }
    std::string reason(const std::string& name) const
    {
        std::ifstream in(drop_ / "refused" / (name + ".reason.txt"));
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }

    sqlite::temporary_folder folder_;
    fs::path drop_ = folder_.file().parent_path() / "drop";
    asio::io_context io_;
    asio::thread_pool pool_{1};
    std::unique_ptr<sqlite::database> database_;
    std::optional<drop_folder> watched_;
    int told_ = 0;
};

TEST_F(DropFolder, TakesGoodFilesOldestFirst)
{
    put("b.csv", header + "0123456,2,0912345678\n", 60s);
    put("a.csv", header + "0123456,4,0912345678\n0123457,9,\n", 30s);
    const auto end = look();
    EXPECT_EQ(end.taken, 2U);
    EXPECT_EQ(state("0123456"), "processing");
    EXPECT_EQ(state("0123457"), "done");
    EXPECT_EQ(find("0123456")->proof, dossiers::to_be_sealed("0123456", "5678", {}));
    EXPECT_TRUE(fs::exists(drop_ / "taken/a.csv"));
    EXPECT_FALSE(fs::exists(drop_ / "a.csv"));
    EXPECT_EQ(told_, 2);
    EXPECT_EQ(database_->open_reader()->count("dossiers"), 2) << "the superseded row is gone";
}

TEST_F(DropFolder, ABadFileChangesNothingAndSaysWhy)
{
    put("good.csv", header + "0123456,2,\n");
    look();
    put("bad.csv", header + "0123456,4,\n0123457,bay,\n");
    const auto end = look();
    EXPECT_EQ(end.refused, 1U);
    EXPECT_EQ(state("0123456"), "accepted");
    EXPECT_TRUE(fs::exists(drop_ / "refused/bad.csv"));
    EXPECT_NE(reason("bad.csv").find("line 3: 'status'"), std::string::npos) << reason("bad.csv");
    put("bad.csv", header + "x\n");
    look();
    EXPECT_NE(reason("bad-2.csv").find("line 2"), std::string::npos) << "nothing is written over";
}

TEST_F(DropFolder, WhatIsBeingWrittenIsLeftAlone)
{
    put("young.csv", header + "0123456,2,\n", 0s);
    put("cut.csv", header + "0123456,2,09123456", 60s);
    put("later.csv.part", header + "0123456,2,\n");
    put(".hidden.csv", header + "0123456,2,\n");
    auto end = look();
    EXPECT_EQ(end.taken + end.refused, 0U);
    EXPECT_EQ(state("0123456"), "none");
    for (const auto* name : {"young.csv", "cut.csv", "later.csv.part", ".hidden.csv"})
        EXPECT_TRUE(fs::exists(drop_ / name)) << name;
    put("cut.csv", header + "0123456,2,09123456", 3600s);
    EXPECT_EQ(look().refused, 1U) << "nobody is writing it any more";
    EXPECT_NE(reason("cut.csv").find("last line"), std::string::npos);
    fs::rename(drop_ / "later.csv.part", drop_ / "later.csv");
    EXPECT_EQ(look().taken, 1U);
}

// Cut at every length, as if the copy had stopped there: taken only as a whole number of lines.
TEST_F(DropFolder, AHalfWrittenFileLosesNothing)
{
    const std::string whole = header + "0123456,2,0912345678\n0123457,4,0912345678\n";
    put("first.csv", header + "0123457,1,0900000000\n");
    look();
    for (std::size_t size = 1; size < whole.size(); size += 3) {
        put("export.csv", whole.substr(0, size));
        look();
        const auto at = state("0123457");
        EXPECT_TRUE(at == "registered") << "cut at " << size << ": " << at;
        fs::remove(drop_ / "export.csv");
    }
    put("export.csv", whole);
    look();
    EXPECT_EQ(state("0123457"), "processing");
}

TEST_F(DropFolder, AFileThatGrowsAfterItWasTakenIsTakenAgain)
{
    put("slow.csv", header + "0123456,2,\n");
    EXPECT_EQ(look().taken, 1U);
    std::ofstream(drop_ / "taken/slow.csv", std::ios::app) << "0123457,4,\n";
    fs::last_write_time(drop_ / "taken/slow.csv", fs::file_time_type::clock::now() - 60s);
    EXPECT_EQ(look().taken, 1U);
    EXPECT_EQ(state("0123457"), "processing");
    EXPECT_EQ(look().taken, 0U);
}

TEST_F(DropFolder, TheSameExportAgainChangesNothing)
{
    put("one.csv", header + "0123456,2,\n");
    look();
    put("two.csv", header + "0123456,2,\n");
    const auto end = look();
    EXPECT_EQ(end.repeated, 1U);
    EXPECT_EQ(end.taken, 0U);
    EXPECT_EQ(told_, 1);
    EXPECT_TRUE(fs::exists(drop_ / "taken/two.csv"));
    put("three.csv", header + "0123456,4,\n");
    put("four.csv", header + "0123456,2,\n", 30s);
    EXPECT_EQ(look().taken, 2U) << "back to what it was is a change";
    EXPECT_EQ(state("0123456"), "accepted");
}

TEST_F(DropFolder, FoldersAndLinksAreNotFollowed)
{
    std::ofstream(folder_.file().parent_path() / "outside.csv") << header << "0123456,2,\n";
    fs::create_symlink(folder_.file().parent_path() / "outside.csv", drop_ / "link.csv");
    fs::create_directory(drop_ / "folder.csv");
    const auto end = look();
    EXPECT_EQ(end.taken + end.refused, 0U);
}

// A tenth of it unless MOTCUA_LONG_RUNS is set.
TEST_F(DropFolder, FiftyThousandDossiersAreTakenWithinAMinute)
{
    const bool is_long =
        std::getenv("MOTCUA_LONG_RUNS") != nullptr; // NOLINT(concurrency-mt-unsafe)
    const int count = is_long ? 50'000 : 5'000;
    std::string text = "Mã hồ sơ,Tên thủ tục,Trạng thái,Ngày hẹn trả,Số điện thoại\n";
    for (int i = 0; i < count; ++i)
        text += "H15.50.05.13-261008-" + std::to_string(100'000 + i) +
                ",Đăng ký khai sinh,Đang xử lý,24/11/2026,09" + std::to_string(10'000'000 + i) +
                "\n";
    put("large.csv", text);
    const auto begin = std::chrono::steady_clock::now();
    auto future = asio::co_spawn(io_, watched_->look(), asio::use_future);
    io_.restart();
    io_.run();
    EXPECT_EQ(future.get().taken, 1U);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << count << " dossiers in " << took.count() << " s\n";
    EXPECT_LT(took, 45s); // and at most 15 s until the folder is looked at
    EXPECT_EQ(state("H15.50.05.13-261008-" + std::to_string(99'999 + count)), "processing");
    EXPECT_EQ(database_->open_reader()->dossiers().dossiers, count);
}

TEST(Encoding, IsReadByItsMarkElseByItsName)
{
    EXPECT_EQ(to_utf8("\xEF\xBB\xBFmã", "windows-1258"), "mã");
    EXPECT_EQ(to_utf8(std::string("\xFF\xFEm\0\xE3\0", 6), "utf-8"), "mã");
    EXPECT_EQ(to_utf8(std::string("\xFE\xFF\0m\0\xE3", 6), "utf-8"), "mã");
    EXPECT_EQ(to_utf8("mã", "utf-8"), "mã");
    // ế is ê and an acute accent there; what is compared is NFC.
    EXPECT_EQ(text::to_nfc(to_utf8("\xEA\xEC", "windows-1258").value_or("")), "ế");
    EXPECT_FALSE(to_utf8("m\xC3", "utf-8")) << "cut within a letter";
    EXPECT_FALSE(to_utf8("\xFF\xFEm", "utf-8"));
    EXPECT_FALSE(to_utf8("a", "no-such-encoding"));
    EXPECT_EQ(to_utf8("", "utf-8"), "");
    const std::string large(200'000, 'x');
    EXPECT_EQ(to_utf8(large, "utf-8"), large);
}

} // namespace
} // namespace motcua::dossier_files
