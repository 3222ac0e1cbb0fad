#include <gtest/gtest.h>
#include <motcua/adapters/content/dossier_file.hpp>
#include <motcua/core/dossiers/csv.hpp>
#include <motcua/core/dossiers/export.hpp>

#include <filesystem>
#include <random>

namespace motcua::dossiers {
namespace {

const std::filesystem::path own_file =
    std::filesystem::path(MOTCUA_SOURCE_DIR) / "data/dossiers.yml";

const export_format& own_format()
{
    static const auto read = content::read_dossier_format(own_file);
    EXPECT_TRUE(read.findings.empty()) << read.findings.front().message;
    return read.format;
}

std::string plain_seal(std::string_view text)
{
    return "sealed " + std::string(text);
}

read_export read(std::string_view text, const proof_rule& rule = {})
{
    return read_export_text(text, own_format(), rule, plain_seal);
}

constexpr std::string_view good =
    "STT;Mã hồ sơ;Tên thủ tục;Trạng thái;Ngày hẹn trả;Số điện thoại;Chủ hồ sơ\n"
    "1;H15.50.05.13-261008-0975;Đăng ký khai sinh;Đang xử lý;24/11/2026 16:30;0912345678;An\n"
    "2;H15.50.05.13-261008-0976;\"Cấp lại; đổi\";ĐÃ XỬ LÝ XONG;;;Bình\n";

TEST(Export, AGoodFileGivesItsDossiers)
{
    const auto got = read(good);
    ASSERT_EQ(got.fault_count, 0U) << got.faults.front().why;
    ASSERT_EQ(got.rows.size(), 2U);
    const auto& first = got.rows.front();
    EXPECT_EQ(first.code, "H15.50.05.13-261008-0975");
    EXPECT_EQ(first.procedure, "Đăng ký khai sinh");
    EXPECT_EQ(first.at, status::processing);
    EXPECT_EQ(first.due, local_day(std::chrono::year{2026} / 11 / 24));
    EXPECT_EQ(first.proof, plain_seal(to_be_sealed(first.code, "5678", {})));
    EXPECT_EQ(got.rows.back().procedure, "Cấp lại; đổi");
    EXPECT_EQ(got.rows.back().at, status::done);
    EXPECT_TRUE(got.rows.back().proof.empty());
    EXPECT_EQ(got.unprovable, 1U);
}

TEST(Export, WordsOfAllTenStatesAreKnown)
{
    for (int number = 1; number <= status_count; ++number) {
        const auto text = "code,status,phone\n0123456," + std::to_string(number) + ",\n";
        ASSERT_EQ(read(text).rows.size(), 1U);
        EXPECT_EQ(read(text).rows.front().at, *status_from_number(number));
        EXPECT_TRUE(std::any_of(
            own_format().statuses.begin(), own_format().statuses.end(), [&](const auto& word) {
                return word.second == *status_from_number(number);
            }));
    }
}

struct fault_case
{
    std::string name;
    std::string text;
    std::size_t line;
    std::string why;
};

class Faults : public testing::TestWithParam<fault_case>
{
};

TEST_P(Faults, AreNamedByLineWithoutTheContent)
{
    const auto got = read(GetParam().text);
    ASSERT_EQ(got.fault_count, 1U);
    EXPECT_EQ(got.faults.front().line, GetParam().line);
    EXPECT_NE(got.faults.front().why.find(GetParam().why), std::string::npos)
        << got.faults.front().why;
    EXPECT_EQ(got.faults.front().why.find("0123456"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    Faults,
    testing::Values(
        fault_case{"Empty", "", 1, "empty"},
        fault_case{"NoPhoneColumn", "code,status\n0123456,1\n", 1, "'phone'"},
        fault_case{"ColumnTwice", "code,mã hồ sơ,status,phone\n", 1, "twice"},
        fault_case{"NoCode", "code,status,phone\nabc,1,\n", 2, "'code'"},
        fault_case{"UnknownState", "code,status,phone\n0123456,đang bay,\n", 2, "'status'"},
        fault_case{"NoDay", "code,status,phone,due\n0123456,1,,31/02/2026\n", 2, "'due'"},
        fault_case{"TooFewCells", "code,status,phone\n0123456,1\n", 2, "2 cells instead of 3"},
        fault_case{
            "CodeAgain", "code,status,phone\n0123456,1,\n0123457,1,\n0123456,2,\n", 4, "line 2"},
        fault_case{"OpenQuote", "code,status,phone\n\"0123456,1,\n", 2, "never closes"}),
    [](const auto& one) { return one.param.name; });

TEST(Export, ARowRepeatedWordForWordCountsOnce)
{
    const auto got = read("code,status,phone\n0123456,1,\n0123456,1,\n");
    EXPECT_EQ(got.fault_count, 0U);
    EXPECT_EQ(got.rows.size(), 1U);
}

TEST(Export, KeepsFewFaultsButCountsAll)
{
    std::string text = "code,status,phone\n";
    for (int i = 0; i < 1000; ++i)
        text += "x,1,\n";
    const auto got = read(text);
    EXPECT_EQ(got.fault_count, 1000U);
    EXPECT_EQ(got.faults.size(), faults_kept);
}

TEST(Export, DaysAreReadInBothForms)
{
    const local_day day(std::chrono::year{2026} / 11 / 4);
    for (const auto* text :
         {"04/11/2026",
          "4/11/2026",
          "04-11-2026",
          "04.11.2026 07:30",
          "2026-11-04",
          "2026-11-04T16:30:00+07:00"})
        EXPECT_EQ(read_day(text), day) << text;
    for (const auto* text : {"", "hôm qua", "2026", "29/02/2026", "1/1/26", "2026-13-01"})
        EXPECT_FALSE(read_day(text)) << text;
}

// A file cut anywhere, or with any byte changed, is read to an end and never gives a dossier that
// the whole file does not hold under that code unless the change is in its own line.
TEST(Export, ACutFileGivesNoOtherDossiers)
{
    const auto whole = read(good);
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto got = read(good.substr(0, size));
        EXPECT_LE(got.rows.size(), whole.rows.size());
        for (const auto& row : got.rows)
            EXPECT_TRUE(
                row.code != whole.rows.front().code || size < good.rfind("2;H15") ||
                row == whole.rows.front());
    }
    std::mt19937 random(22);
    for (int round = 0; round < 2000; ++round) {
        std::string text(good);
        for (auto changes = 1 + random() % 4; changes > 0; --changes)
            text[random() % text.size()] = static_cast<char>(random());
        const auto got = read(text);
        EXPECT_LE(got.rows.size(), 3U);
        EXPECT_LE(got.faults.size(), got.fault_count);
    }
}

TEST(ExportFormat, FaultsOfTheFileAreNamed)
{
    const auto file = std::filesystem::path(testing::TempDir()) / "dossiers-format-test.yml";
    const auto faults = [&file](const std::string& text) {
        std::FILE* out = std::fopen(file.c_str(), "w");
        std::fputs(text.c_str(), out);
        std::fclose(out);
        std::string all;
        for (const auto& one : content::read_dossier_format(file).findings)
            all += std::to_string(one.line) + ": " + one.message + "\n";
        std::filesystem::remove(file);
        return all;
    };
    const std::string head = "encoding: utf-8\ndelimiters: [\",\"]\n";
    const auto got = faults(
        head + "columns:\n  code: [mã]\n  status: [ma]\n  colour: [màu]\n  phone: [sđt]\n"
               "statuses:\n  1: [mới]\n  12: [lạ]\n");
    EXPECT_NE(got.find("5: 'ma' stands for two things"), std::string::npos) << got;
    EXPECT_NE(got.find("unknown column 'colour'"), std::string::npos) << got;
    EXPECT_NE(got.find("'status' needs a header"), std::string::npos) << got;
    EXPECT_NE(got.find("a number from 1 to 10"), std::string::npos) << got;
    EXPECT_NE(got.find("all ten states"), std::string::npos) << got;
}

} // namespace
} // namespace motcua::dossiers
