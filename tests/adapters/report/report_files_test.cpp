#include "sample_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/report/report_files.hpp>
#include <motcua/adapters/report/zip_file.hpp>
#include <pugixml.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace motcua::report {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

const fs::path shipped = fs::path(MOTCUA_SOURCE_DIR) / "data/report-template.docx";

class ReportFiles : public ::testing::Test
{
protected:
    ReportFiles()
        : folder(
              fs::temp_directory_path() /
              ("motcua-report-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name()))
    {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    ~ReportFiles() override { fs::remove_all(folder); }

    static std::string read(const fs::path& file)
    {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    // The text of the document's paragraphs, a line each.
    std::string docx_text(const reach::report& value, const fs::path& from = shipped) const
    {
        write_docx(value, from, folder / "out.docx");
        pugi::xml_document tree;
        tree.load_string(
            member(folder / "out.docx", "word/document.xml").c_str(), pugi::parse_full);
        std::string out;
        for (const auto& paragraph : tree.select_nodes("//w:p")) {
            for (const auto& run : paragraph.node().select_nodes(".//w:t"))
                out += run.node().text().get();
            out += '\n';
        }
        return out;
    }

    static std::string member(const fs::path& file, const std::string& name)
    {
        const auto members = read_zip(file);
        const auto found = std::ranges::find(members, name, &zip_member::name);
        return found == members.end() ? std::string() : found->bytes;
    }

    // A template like the shipped one, with `from` replaced by `to` in its document.
    fs::path edited(const std::string& from, const std::string& to) const
    {
        auto members = read_zip(shipped);
        for (auto& one : members)
            if (one.name == "word/document.xml")
                one.bytes.replace(one.bytes.find(from), from.size(), to);
        write_zip(folder / "template.docx", members);
        return folder / "template.docx";
    }

    // What LibreOffice reads, as CSV of one sheet or as plain text; empty if it is not installed.
    std::string
    converted(const fs::path& file, const std::string& filter, const std::string& end) const
    {
        const auto home = "-env:UserInstallation=file://" + (folder / "profile").string();
        const auto command = "soffice --headless --norestore '" + home + "' --convert-to '" +
                             filter + "' --outdir '" + folder.string() + "' '" + file.string() +
                             "' > /dev/null 2>&1";
        // NOLINTNEXTLINE(concurrency-mt-unsafe): a test program has one thread
        if (std::system("command -v soffice > /dev/null") != 0 || std::system(command.c_str()) != 0)
            return {};
        return read(folder / (file.stem().string() + end));
    }

    fs::path folder;
};

TEST_F(ReportFiles, TheSameReportGivesTheSameBytes)
{
    const auto value = sample_report();
    for (const auto* name : {"a", "b"}) {
        write_xlsx(value, folder / (std::string(name) + ".xlsx"));
        write_docx(value, shipped, folder / (std::string(name) + ".docx"));
    }
    EXPECT_EQ(read(folder / "a.xlsx"), read(folder / "b.xlsx"));
    EXPECT_EQ(read(folder / "a.docx"), read(folder / "b.docx"));
    EXPECT_EQ(fs::status(folder / "a.docx").permissions(), fs::perms(0600));
}

TEST_F(ReportFiles, WordHoldsFormSectionsTablesAndNoPlaces)
{
    const auto text = docx_text(sample_report());
    EXPECT_THAT(
        text,
        AllOf(
            HasSubstr("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"),
            HasSubstr("ỦY BAN NHÂN DÂN TỈNH MẪU\n"),
            HasSubstr("/BC-UBND"),
            HasSubstr("từ ngày 01/01/2020 đến ngày 31/12/2020"),
            HasSubstr("I. Kết quả chung\n"),
            HasSubstr("36,84\u00a0% (7/19)"),
            HasSubstr("1.234"),
            HasSubstr("- Các sở, ban, ngành;"),
            HasSubstr("Phụ lục 1. Chỉ tiêu chung"),
            HasSubstr("Tử số: đúng hạn. Mẫu số: đã xử lý và quá hạn.")));
    EXPECT_THAT(text, AllOf(Not(HasSubstr("{{")), Not(HasSubstr("\x01"))));
    EXPECT_THAT(text, HasSubstr("0912345678 <b>&amp; ")) << "text stays text";
}

TEST_F(ReportFiles, AWideTableStandsOnALandscapePageAndTheFirstPageAloneHasNoNumber)
{
    write_docx(sample_report(), shipped, folder / "out.docx");
    pugi::xml_document tree;
    tree.load_string(member(folder / "out.docx", "word/document.xml").c_str());
    std::vector<std::string> pages;
    for (const auto& found : tree.select_nodes("//w:sectPr")) {
        const auto section = found.node();
        std::string page = section.child("w:pgSz").attribute("w:orient").as_string("portrait");
        if (section.child("w:titlePg"))
            page += " first";
        pages.push_back(page);
    }
    EXPECT_EQ(
        pages, (std::vector<std::string>{"portrait first", "landscape", "portrait", "landscape"}));
}

TEST_F(ReportFiles, ACellThatContinuesTheOneAboveIsOneTallCell)
{
    write_docx(sample_report(), shipped, folder / "out.docx");
    const auto xml = member(folder / "out.docx", "word/document.xml");
    EXPECT_THAT(xml, HasSubstr("<w:vMerge w:val=\"restart\"/>"));
    EXPECT_THAT(xml, HasSubstr("<w:vMerge/>"));
}

TEST_F(ReportFiles, APlaceSplitOverRunsIsFilled)
{
    const auto text = docx_text(
        sample_report(),
        edited("{{trích yếu}}", "{{trích</w:t></w:r><w:r><w:t> yếu}} tỉnh</w:t></w:r><w:r><w:t>."));
    EXPECT_THAT(text, HasSubstr("Kết quả thực hiện Kế hoạch mẫu năm 2020 tỉnh."));
}

TEST_F(ReportFiles, WhatACitizenWroteIsNoPlace)
{
    auto value = sample_report();
    value.sections[0].paragraphs = {"{{chức vụ ký}} {{gì đó}}"};
    value.subject = "{{cơ quan}}";
    EXPECT_THAT(
        docx_text(value),
        AllOf(HasSubstr("{{chức vụ ký}} {{gì đó}}\n"), HasSubstr("{{cơ quan}}\n")));
}

TEST_F(ReportFiles, AnUnknownPlaceOrAFileThatIsNoWordFileIsAnError)
{
    EXPECT_THAT(
        [&] { docx_text(sample_report(), edited("{{trích yếu}}", "{{trích}}")); },
        ThrowsMessage<std::runtime_error>(HasSubstr("unknown place {{trích}}")));
    EXPECT_FALSE(fs::exists(folder / "out.docx"));
    EXPECT_FALSE(fs::exists(folder / "out.docx.part"));
    std::ofstream(folder / "no.docx") << "text";
    EXPECT_THAT(
        [&] { docx_text(sample_report(), folder / "no.docx"); },
        ThrowsMessage<std::runtime_error>(HasSubstr("no.docx")));
}

TEST_F(ReportFiles, ExcelHoldsNumbersAndTextNeverAFormula)
{
    write_xlsx(sample_report(), folder / "out.xlsx");
    for (const auto& one : read_zip(folder / "out.xlsx"))
        if (one.name.starts_with("xl/worksheets/")) {
            EXPECT_THAT(one.bytes, Not(HasSubstr("<f>"))) << one.name;
        }
    const auto sheet = member(folder / "out.xlsx", "xl/worksheets/sheet2.xml");
    EXPECT_THAT(sheet, HasSubstr("<v>1234</v>"));
    EXPECT_THAT(sheet, HasSubstr("ySplit=\"4\"")) << "the head is frozen";
    const auto texts = member(folder / "out.xlsx", "xl/sharedStrings.xml");
    EXPECT_THAT(texts, HasSubstr("=HYPERLINK("));
    EXPECT_THAT(texts, HasSubstr("_x005F_x0041_"));
    EXPECT_THAT(
        member(folder / "out.xlsx", "xl/workbook.xml"), HasSubstr("Phụ lục 1. Chỉ tiêu chung"));
}

TEST_F(ReportFiles, LibreOfficeReadsTheSameValues)
{
    write_xlsx(sample_report(), folder / "out.xlsx");
    const auto csv = converted(
        folder / "out.xlsx",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        "-Bảng 2. Kết quả theo hoạt động.csv");
    if (csv.empty())
        GTEST_SKIP() << "LibreOffice is not installed";
    EXPECT_THAT(csv, HasSubstr("=HYPERLINK("));
    EXPECT_THAT(csv, HasSubstr("0912345678 <b>&amp; "));
    EXPECT_THAT(csv, HasSubstr("_x0041_"));
    const auto figures = read(folder / "out-Bảng 1. Chỉ tiêu chung.csv");
    EXPECT_THAT(figures, HasSubstr("hạn,36.842105"));
    EXPECT_THAT(figures, HasSubstr("cập,1234\n"));
    EXPECT_THAT(figures, HasSubstr("02/05/2020"));
    EXPECT_THAT(figures, HasSubstr("12:01:05 AM"));
}

TEST_F(ReportFiles, LibreOfficeOpensTheWordFile)
{
    write_docx(sample_report(), shipped, folder / "out.docx");
    const auto text = converted(folder / "out.docx", "txt:Text (encoded):UTF8", ".txt");
    if (text.empty())
        GTEST_SKIP() << "LibreOffice is not installed";
    EXPECT_THAT(
        text, AllOf(HasSubstr("BÁO CÁO"), HasSubstr("36,84\u00a0% (7/19)"), HasSubstr("CHỦ TỊCH")));
}

} // namespace
} // namespace motcua::report
