#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/core/procedures/catalogue.hpp>
#include <motcua/core/procedures/rendering.hpp>
#include <motcua/core/text/unicode.hpp>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace motcua::content {
namespace {

using procedures::level;
using procedures::method;
using procedures::time_unit;
using std::chrono::year_month_day;

year_month_day day_of(int year, unsigned month, unsigned day)
{
    return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
}

// A directory of its own for each test, removed afterwards.
class procedure_files : public testing::Test
{
protected:
    void SetUp() override
    {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        directory_ = std::filesystem::temp_directory_path() /
                     (std::string("motcua_") + test->name() + std::to_string(::getpid()));
        std::filesystem::create_directories(directory_);
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }

    std::filesystem::path write(const std::string& name, const std::string& content) const
    {
        auto file = directory_ / name;
        std::ofstream(file, std::ios::binary) << content;
        return file;
    }

    std::filesystem::path directory_;
};

// True if there is a finding at that line whose message contains the words.
bool has_finding(const procedure_file& read, std::size_t line, const std::string& words)
{
    return std::any_of(read.findings.begin(), read.findings.end(), [&](const finding& found) {
        return found.line == line && found.message.find(words) != std::string::npos;
    });
}

std::string listed(const procedure_file& read)
{
    std::string text;
    for (const auto& found : read.findings)
        text += found.file + ":" + std::to_string(found.line) + ": " + found.message + "\n";
    return text;
}

std::size_t errors(const procedure_file& read)
{
    return static_cast<std::size_t>(
        std::count_if(read.findings.begin(), read.findings.end(), [](const finding& found) {
            return found.severity == finding::grade::error;
        }));
}

const std::string unified_row =
    R"json({"code":" 1.000894.000.00.00.H44 ","name":"THỦ TỤC ĐĂNG KÝ KẾT HÔN",
"level":"Cấp tỉnh, Cấp xã","category":"Hộ tịch","promulgator":"Bộ Tư pháp","executing":["Ủy ban nhân dân cấp xã"],
"in_catalog":true,"decision_no":"163/QĐ-BTP","subjects":"Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX)",
"steps":"- Nộp hồ sơ","results":["Giấy chứng nhận kết hôn"],"legal_codes":["60/2014/QH13","Thông tư số 04/2020/TT-BTP"],
"channels":[
{"method":"ONLINE","time_raw":"1 OTHER","time_qty":1,"time_unit":null,"fee_value":0,"fee_currency":"VND","fee_note":"HĐND tỉnh quy định","fee_type":"SERVICE_FEE","note":"x"},
{"method":"ONLINE","time_raw":"1 OTHER","time_qty":1,"time_unit":null,"fee_value":8000,"fee_currency":"VND","fee_note":"","fee_type":"FEE","note":"x"},
{"method":"DIRECT","time_raw":"3.5 WORKING_DAY","time_qty":3.5,"time_unit":"WORKING_DAY","fee_raw":"10 USD","fee_value":10,"fee_currency":"USD","fee_note":"/bản","note":""}],
"documents":[{"group":"* Giấy tờ phải nộp:","name":"Tờ khai","ban_chinh":1,"ban_sao":2,"form_file":["a.doc","b.doc"]}],
"processing_cases":[{"case_code":"1.000894.02","qty":1,"unit":"WORKING_DAY"}],
"updated_at":"2026-07-13T00:00:00Z","source":"opengov-2026-07-18","url":"https://dichvucong.gov.vn/x"
})json";

std::string one_line(std::string text)
{
    text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
    return text;
}

TEST_F(procedure_files, UnifiedRowBecomesARecord)
{
    const auto read = read_procedures(write("a.jsonl", one_line(unified_row) + "\n"));
    ASSERT_EQ(read.records.size(), 1U) << listed(read);
    const auto& record = read.records.front();
    EXPECT_EQ(record.code, "1.000894");
    EXPECT_EQ(record.name, "Đăng ký kết hôn");
    EXPECT_EQ(record.at, level::commune);
    EXPECT_EQ(record.from.as_of, day_of(2026, 7, 18));
    EXPECT_EQ(record.from.name, "Cổng Dịch vụ công quốc gia");
    EXPECT_EQ(
        record.subjects,
        (std::vector<std::string>{
            "Công dân Việt Nam", "Tổ chức (không bao gồm doanh nghiệp, HTX)"}));
    ASSERT_EQ(record.channels.size(), 2U);
    EXPECT_EQ(record.channels[0].how, method::online);
    EXPECT_EQ(record.channels[0].time.quantity, 1);
    EXPECT_EQ(record.channels[0].time.unit, time_unit::unknown);
    ASSERT_EQ(record.channels[0].fees.size(), 2U);
    EXPECT_EQ(record.channels[0].fees[1].amount_vnd, 8000);
    EXPECT_EQ(record.channels[1].time.note, "3,5 ngày làm việc");
    EXPECT_FALSE(record.channels[1].time.quantity);
    EXPECT_FALSE(record.channels[1].fees[0].amount_vnd);
    EXPECT_EQ(record.channels[1].fees[0].note, "10 USD /bản");
    ASSERT_EQ(record.documents.size(), 1U);
    EXPECT_EQ(record.documents[0].copies, 2);
    EXPECT_EQ(record.documents[0].attached_form->id, "a.doc");
    ASSERT_EQ(record.legal_basis.size(), 2U);
    EXPECT_EQ(record.legal_basis[1].number, "04/2020/TT-BTP");
    EXPECT_EQ(record.cases[0].time.unit, time_unit::working_day);
    EXPECT_TRUE(has_finding(read, 1, "time unit lost"));
    EXPECT_TRUE(has_finding(read, 1, "fee 0 with a note"));
}

TEST_F(procedure_files, PortalRecordKeepsPartsAndPromulgator)
{
    const std::string row =
        R"({"code":"1.012796","source_id":"id-1","name":"Đính chính","category":{"code":"x","name":"Đất đai"},
"promulgating_agency":"UBND tỉnh Lào Cai","executing_agency":"Ủy ban nhân dân cấp xã","subject_types":["Công dân Việt Nam"],
"results":["Giấy chứng nhận"],"requirements":"","state":"ACTIVE","legal_basis":[{"code":"31/2024/QH15","name":"Luật Đất đai"}],
"channels":[{"method":"POSTAL","note":"","processing":{"qty":"Không quá 10 ngày làm việc","unit":"OTHER"},
"fees":[{"type":"FEE","value_vnd":null,"text":""},{"type":"SERVICE_FEE","value_vnd":25000,"text":"n"}]}],
"processing_cases":[],"steps_raw":[{"name":"Bước 1:","text":"Nộp"}],
"checklist_raw":[{"group":"Trường hợp A","items":[{"name":"Đơn","original_qty":1,"copy_qty":0,"attachments":[{"id":"f1","fileName":"a.doc"}]}]}],
"source":{"url":"https://dichvucong.gov.vn/y","updated_at":"2026-08-02T08:00:00Z","crawled_at":"2026-07-18T09:13:46Z"}})";
    const auto read = read_procedures(write("raw.jsonl", one_line(row)));
    ASSERT_EQ(read.records.size(), 1U) << listed(read);
    const auto& record = read.records.front();
    EXPECT_EQ(record.field, "Đất đai");
    EXPECT_TRUE(procedures::is_of_other_province(record, "Tây Ninh"));
    EXPECT_EQ(record.from.as_of, day_of(2026, 8, 2)) << "the later of crawl and change";
    EXPECT_EQ(record.channels[0].time.note, "Không quá 10 ngày làm việc");
    EXPECT_EQ(record.channels[0].fees.size(), 2U);
    EXPECT_EQ(record.documents[0].attached_form->id, "f1");
    EXPECT_EQ(record.steps, "Bước 1:\nNộp");
    EXPECT_EQ(record.legal_basis[0].title, "Luật Đất đai");
    EXPECT_EQ(record.at, level::commune);
}

struct source_case
{
    std::string name;
    std::string source;
    year_month_day as_of;
};

class SourceDate : public procedure_files, public testing::WithParamInterface<source_case>
{
};

TEST_P(SourceDate, IsReadFromTheLabel)
{
    const auto read = read_procedures(write(
        "a.jsonl",
        R"({"code":"1.000001","name":"Tên","steps":"x","source":")" + GetParam().source + "\"}"));
    ASSERT_EQ(read.records.size(), 1U);
    EXPECT_EQ(read.records[0].from.as_of, GetParam().as_of);
}

INSTANTIATE_TEST_SUITE_P(
    Labels,
    SourceDate,
    testing::Values(
        source_case{"day", "opengov-2026-07-18", day_of(2026, 7, 18)},
        source_case{"month", "vnpt-2026-06/07", day_of(2026, 6, 30)},
        source_case{"year", "nhdandz-2025", day_of(2025, 12, 31)},
        source_case{"handbook", "hongdienvbhp-2026", day_of(2025, 12, 31)},
        source_case{"none", "somewhere", year_month_day{}}),
    [](const auto& test) { return test.param.name; });

TEST_F(procedure_files, NamesAreCleanedAndPutInNfc)
{
    const std::string decomposed = "Thu\xCC\x89 tu\xCC\xA3"
                                   "c đăng ký"; // "Thủ tục" in NFD
    const auto read = read_procedures(write(
        "a.jsonl",
        "{\"code\":\" 1.014325\",\"name\":\"" + decomposed +
            "\",\"steps\":\"x\"}\n"
            R"({"code":"1.0133611","name":"  thủ tục cấp  giấy","steps":"x"})"
            "\n"));
    ASSERT_EQ(read.records.size(), 2U) << listed(read);
    EXPECT_EQ(read.records[0].code, "1.014325");
    EXPECT_TRUE(text::is_nfc(read.records[0].name));
    EXPECT_EQ(read.records[1].name, "Cấp giấy");
    EXPECT_EQ(read.records[1].code, "1.0133611") << "odd codes are kept";
    EXPECT_TRUE(has_finding(read, 2, "odd code"));
}

TEST_F(procedure_files, CatalogueRowBecomesARecordWithoutContents)
{
    const auto read = read_procedures(write(
        "a.jsonl",
        R"row({"code":" 1.014325","name":"Thủ tục đăng ký A (thực hiện tại cấp xã)",)row"
        R"row("categories":["Hộ tịch","Cư trú"],"executing":["Ủy ban nhân dân cấp Xã"],)row"
        R"row("promulgator":"Bộ Tư pháp","subjects":["Công dân Việt Nam"],"type":"STANDARD",)row"
        R"row("state":"ACTIVE","id":"019dc4fb","detail":false})row"
        "\n"
        R"row({"code":"1.000002","name":"Tên","state":"INACTIVE"})row"));
    ASSERT_EQ(read.records.size(), 2U) << listed(read);
    EXPECT_EQ(read.skipped, 0U);
    const auto& first = read.records.front();
    EXPECT_EQ(first.code, "1.014325");
    EXPECT_EQ(first.field, "Hộ tịch, Cư trú");
    EXPECT_EQ(first.at, level::commune);
    EXPECT_EQ(first.portal_id, "019dc4fb");
    EXPECT_TRUE(first.in_catalogue);
    EXPECT_FALSE(read.records.back().in_catalogue);
}

struct bad_line
{
    std::string name;
    std::string line;
    std::string message;
};

class BadLine : public procedure_files, public testing::WithParamInterface<bad_line>
{
};

TEST_P(BadLine, IsSkippedWithItsLine)
{
    const std::string good = R"({"code":"1.000001","name":"Tên","steps":"x"})";
    const auto read =
        read_procedures(write("a.jsonl", good + "\n" + GetParam().line + "\n" + good + "\n"));
    EXPECT_EQ(read.records.size(), 2U);
    EXPECT_EQ(read.skipped, 1U);
    EXPECT_TRUE(has_finding(read, 2, GetParam().message)) << listed(read);
}

INSTANTIATE_TEST_SUITE_P(
    Lines,
    BadLine,
    testing::Values(
        bad_line{"Json", R"({"code": )", "invalid JSON"},
        bad_line{"Utf8", "{\"code\":\"\xFF\"}", "invalid JSON"},
        bad_line{"Nul", std::string("{\"code\":\"1.000002\0\"}", 20), "NUL byte"},
        bad_line{"Array", "[1]", "not a JSON object"},
        bad_line{"OtherShape", R"({"ma_thu_tuc":"1.000002"})", "neither"},
        bad_line{"NoCode", R"({"name":"Tên","steps":"x"})", "without a code"},
        bad_line{"CodeOfWrongType", R"({"code":7,"name":"Tên","steps":"x"})", "expected a string"},
        bad_line{"NoName", R"({"code":"1.000002","steps":"x"})", "without a name"},
        bad_line{
            "Deep",
            "{\"steps\":" + std::string(5000, '[') + std::string(5000, ']') + "}",
            "nested"},
        bad_line{
            "TooLong",
            "{\"steps\":\"" + std::string(5UL << 20U, 'x') + "\"}",
            "longer than 4 MiB"}),
    [](const auto& test) { return test.param.name; });

TEST_F(procedure_files, WrongTypesAreReportedAndTheRecordKept)
{
    const auto read = read_procedures(write(
        "a.jsonl",
        R"({"code":"1.000001","name":"Tên","steps":3,"results":"x","channels":[7,{"method":"PIGEON"},)"
        R"({"method":"DIRECT","time_qty":-4,"time_unit":"WEEK","fee_value":"1"}],)"
        R"("documents":[{"name":"Đơn","ban_chinh":1e99},{"name":""}],"in_catalog":"yes"})"));
    ASSERT_EQ(read.records.size(), 1U);
    for (const auto* words :
         {"steps: expected a string",
          "results: expected a list",
          "channels: expected a list of objects",
          "channels.method: neither",
          "channels.time_qty: expected a whole number",
          "channels.time_unit: unknown unit",
          "channels.fee_value: expected a number",
          "documents.ban_chinh: expected a whole number",
          "documents.a paper without a name",
          "in_catalog: expected true or false"})
        EXPECT_TRUE(has_finding(read, 1, words)) << words << "\n" << listed(read);
    EXPECT_TRUE(read.records[0].in_catalogue);
}

TEST_F(procedure_files, GluedLegalNumbersAreDropped)
{
    const auto read = read_procedures(write(
        "a.jsonl",
        R"({"code":"1.000001","name":"Tên","steps":"x",)"
        R"("legal_codes":["53/2025/TT-BCAL","53/2025/TT-BCA","76/2025/QH15Th","76/2025/QH15"]})"));
    ASSERT_EQ(read.records.size(), 1U);
    ASSERT_EQ(read.records[0].legal_basis.size(), 2U);
    EXPECT_EQ(read.records[0].legal_basis[0].number, "53/2025/TT-BCA");
    EXPECT_TRUE(has_finding(read, 1, "2 numbers glued"));
}

TEST_F(procedure_files, GoneFromTheCatalogueIsKeptButNotAnswerable)
{
    const auto read = read_procedures(
        write("a.jsonl", R"({"code":"1.000001","name":"Tên","steps":"x","in_catalog":false})"));
    ASSERT_EQ(read.records.size(), 1U);
    EXPECT_FALSE(procedures::is_answerable(read.records[0], day_of(2026, 11, 22), "Tây Ninh"));
    EXPECT_TRUE(has_finding(read, 1, "not in the national catalogue"));
}

TEST_F(procedure_files, ManyUnreadableLinesGiveTheFileUp)
{
    std::string lines;
    for (int i = 0; i < 500; ++i)
        lines += "{broken\n";
    const auto read = read_procedures(write("a.jsonl", lines));
    EXPECT_EQ(read.skipped, 100U);
    EXPECT_TRUE(has_finding(read, 100, "the rest ignored"));
}

TEST_F(procedure_files, GzipIsToldByContentAndCutGzipIsReported)
{
    const auto file = directory_ / "a.jsonl";
    auto* out = gzopen(file.c_str(), "wb");
    std::string rows;
    for (int i = 0; i < 500; ++i)
        rows += R"({"code":"1.000)" + std::to_string(100 + i) + R"(","name":"Tên )" +
                std::to_string(i * 7919) + R"(","steps":"x"})" + "\n";
    gzwrite(out, rows.data(), static_cast<unsigned>(rows.size()));
    gzclose(out);
    EXPECT_EQ(read_procedures(file).records.size(), 500U);

    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    const auto cut = read_procedures(file);
    EXPECT_LT(cut.records.size(), 500U);
    EXPECT_TRUE(has_finding(cut, 0, "cannot be read to its end")) << listed(cut);
}

TEST_F(procedure_files, DirectoryIsReadInOrderWithProgress)
{
    const std::string row = R"({"code":"1.00000X","name":"Tên","steps":"x"})";
    const auto with = [&row](char digit) {
        auto made = row;
        made.replace(made.find('X'), 1, 1, digit);
        return made;
    };
    write("b.jsonl", with('2'));
    write("a.jsonl", with('1'));
    write("notes.txt", "no procedures");
    std::vector<std::size_t> done;
    std::size_t all = 0;
    const auto read = read_procedures(directory_, [&](std::size_t bytes, std::size_t of) {
        done.push_back(bytes);
        all = of;
    });
    ASSERT_EQ(read.records.size(), 2U);
    EXPECT_EQ(read.records[0].code, "1.000001");
    EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
    EXPECT_EQ(done.back(), all);
    EXPECT_EQ(all, 2 * row.size());
}

TEST_F(procedure_files, MissingEmptyAndRepeatedAreFindings)
{
    EXPECT_TRUE(has_finding(read_procedures(directory_ / "none.jsonl"), 0, "no such file"));
    EXPECT_TRUE(has_finding(read_procedures(directory_), 0, "no *.yml"));
    EXPECT_TRUE(has_finding(read_procedures(write("e.yml", " \n")), 0, "empty file"));
    const std::string row = R"({"code":"1.000001","name":"Tên","steps":"x"})";
    EXPECT_TRUE(
        has_finding(read_procedures(write("t.jsonl", row + "\n" + row)), 2, "occurs twice"));
}

// --- YAML ---------------------------------------------------------------------------------------

const std::string yaml_record = R"(code: 1.004222
name: Đăng ký thường trú
short_name: Đăng ký thường trú
decision_no: 1523/QĐ-BCA-C06
level: commune
field: Đăng ký, quản lý cư trú
promulgator: Bộ Công an
subjects: [Công dân Việt Nam]
source: {name: Cổng Dịch vụ công quốc gia, as_of: 2026-07-18, loaded_from: opengov-2026-07-18}
checked_at: 2026-11-22
sets: 1
channels:
  - method: online
    time: {quantity: 7, unit: working_day}
    fees:
      - {kind: charge, amount: 10000, note: mỗi lần đăng ký}
  - method: direct
    time: {quantity: 7, unit: working_day}
    fees:
      - {kind: charge, amount: 20000}
documents:
  - papers:
      - {name: Tờ khai CT01, originals: 1, form: {name: CT01, id: ct01.doc}}
  - group: Trường hợp ở nhờ
    papers:
      - {name: Giấy đồng ý, copies: 1}
cases:
  - {name: Trường hợp chung, time: {quantity: 7, unit: working_day}}
steps: |
  Nộp hồ sơ.
results: [Thông báo kết quả]
legal_basis:
  - {number: 68/2020/QH14, title: Luật Cư trú}
local:
  short_name: Thường trú
  aliases: [nhập hộ khẩu, chuyển khẩu]
  online: fully
  postal_return: true
  fee_text: 5.000 đồng khi nộp trực tuyến
  fee_resolution: Nghị quyết 01/2026/NQ-HĐND
  fee_date: 2026-01-02
)";

TEST_F(procedure_files, YamlRecordIsReadInFull)
{
    const auto read = read_procedures(write("r.yml", yaml_record));
    ASSERT_EQ(read.records.size(), 1U) << listed(read);
    EXPECT_EQ(errors(read), 0U) << listed(read);
    const auto& record = read.records.front();
    EXPECT_EQ(record.from.from, procedures::origin::own);
    EXPECT_EQ(record.from.as_of, day_of(2026, 7, 18));
    EXPECT_EQ(record.checked_at, day_of(2026, 11, 22));
    EXPECT_EQ(record.at, level::commune);
    ASSERT_EQ(record.channels.size(), 2U);
    EXPECT_EQ(record.channels[0].fees[0].amount_vnd, 10000);
    EXPECT_EQ(record.channels[0].fees[0].kind, procedures::fee_kind::charge);
    EXPECT_EQ(record.channels[1].time.quantity, 7);
    ASSERT_EQ(record.documents.size(), 2U);
    EXPECT_EQ(record.documents[0].group, "");
    EXPECT_EQ(record.documents[0].attached_form->id, "ct01.doc");
    EXPECT_EQ(record.documents[1].group, "Trường hợp ở nhờ");
    EXPECT_EQ(record.sets, 1);
    EXPECT_EQ(record.local.aliases.size(), 2U);
    EXPECT_EQ(record.local.online, procedures::overlay::online_level::fully);
    EXPECT_EQ(record.local.postal_return, true);
    EXPECT_EQ(record.local.fee_date, day_of(2026, 1, 2));
    EXPECT_EQ(record.cases[0].name, "Trường hợp chung");
}

TEST_F(procedure_files, AnAdditionOfTheProvinceNeedsNoRecord)
{
    const auto read = read_procedures(write(
        "addition.yml",
        "overlay_for: 1.013831\n"
        "source: {name: Nghị quyết, as_of: 2026-11-01}\n"
        "local: {hotline: \"1022\", aliases: [sang tên sổ]}\n"));
    EXPECT_TRUE(read.findings.empty());
    ASSERT_EQ(read.records.size(), 1U);
    EXPECT_EQ(read.records[0].code, "1.013831");
    EXPECT_EQ(read.records[0].from.from, procedures::origin::overlay);
    EXPECT_EQ(read.records[0].local.hotline, "1022");

    const auto bad = read_procedures(
        write("bad.yml", "overlay_for: 1.013831\nname: x\nsource: {name: y, as_of: 2026-11-01}\n"));
    ASSERT_EQ(bad.findings.size(), 1U);
    EXPECT_EQ(bad.findings[0].line, 2U);
}

TEST_F(procedure_files, YamlListHoldsSeveralRecords)
{
    std::string list;
    for (const auto* code : {"1.000001", "1.000002"})
        list += std::string("- {code: ") + code +
                ", name: Tên, decision_no: \"\", source: {name: Cổng, as_of: 2026-01-01}}\n";
    const auto read = read_procedures(write("r.yaml", list));
    EXPECT_EQ(read.records.size(), 2U) << listed(read);
    EXPECT_EQ(errors(read), 0U) << listed(read);
}

struct yaml_fault
{
    std::string name;
    std::string from;
    std::string to;
    std::size_t line;
    std::string message;
};

class YamlFault : public procedure_files, public testing::WithParamInterface<yaml_fault>
{
};

TEST_P(YamlFault, IsReportedWithItsLine)
{
    auto content = yaml_record;
    const auto at = content.find(GetParam().from);
    ASSERT_NE(at, std::string::npos);
    content.replace(at, GetParam().from.size(), GetParam().to);
    const auto read = read_procedures(write("r.yml", content));
    EXPECT_TRUE(has_finding(read, GetParam().line, GetParam().message)) << listed(read);
    EXPECT_GE(errors(read), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Faults,
    YamlFault,
    testing::Values(
        yaml_fault{
            "UnknownKey", "short_name: Đăng", "shortname: Đăng", 3, "unknown key 'shortname'"},
        yaml_fault{
            "UnknownNestedKey",
            "{kind: charge, amount: 10000",
            "{kind: charge, sum: 10000",
            16,
            "unknown key 'sum'"},
        yaml_fault{"KeyTwice", "short_name: Đăng", "name: Đăng", 3, "occurs twice"},
        yaml_fault{"NoCode", "code: 1.004222\n", "", 1, "missing key 'code'"},
        yaml_fault{"BadCode", "1.004222", "1.00422", 1, "expected d.dddddd"},
        yaml_fault{"NoName", "name: Đăng ký thường trú\n", "", 1, "missing key 'name'"},
        yaml_fault{
            "NoDecision", "decision_no: 1523/QĐ-BCA-C06\n", "", 1, "missing key 'decision_no'"},
        yaml_fault{
            "EmptyDecision",
            "decision_no: 1523/QĐ-BCA-C06",
            "decision_no:",
            1,
            "missing key 'decision_no'"},
        yaml_fault{"NoSource", "source: {", "# {", 1, "missing key 'source'"},
        yaml_fault{
            "NoSourceName", "name: Cổng Dịch vụ công quốc gia, ", "", 9, "missing key 'name'"},
        yaml_fault{"NoAsOf", ", as_of: 2026-07-18", "", 9, "missing key 'as_of'"},
        yaml_fault{
            "BadDate", "checked_at: 2026-11-22", "checked_at: 2026-02-30", 10, "no such day"},
        yaml_fault{
            "BadDateOrder", "checked_at: 2026-11-22", "checked_at: 22/11/2026", 10, "no such day"},
        yaml_fault{
            "FeeFree", "note: mỗi lần đăng ký", "note: Hoàn toàn miễn phí", 16, "stated free"},
        yaml_fault{
            "LocalFeeFree",
            "fee_text: 5.000 đồng khi",
            "fee_text: MIỄN PHÍ khi",
            39,
            "stated free"},
        yaml_fault{
            "NoResolution",
            "  fee_resolution: Nghị quyết 01/2026/NQ-HĐND\n",
            "",
            39,
            "fee_text without fee_resolution"},
        yaml_fault{"BadUnit", "unit: working_day", "unit: week", 14, "expected one of"},
        yaml_fault{"BadLevel", "level: commune", "level: huyện", 5, "expected one of"},
        yaml_fault{"BadMethod", "method: online", "method: pigeon", 13, "expected one of"},
        yaml_fault{
            "NotAList",
            "subjects: [Công dân Việt Nam]",
            "subjects: Công dân",
            8,
            "expected a list"},
        yaml_fault{"NotANumber", "sets: 1", "sets: một", 11, "expected a whole number"},
        yaml_fault{"Syntax", "sets: 1", "sets: [1", 12, "invalid YAML"}),
    [](const auto& test) { return test.param.name; });

TEST_F(procedure_files, TowerOfYamlBracketsIsNoRecord)
{
    const auto read = read_procedures(write("r.yml", std::string(200000, '[')));
    EXPECT_TRUE(read.records.empty());
    EXPECT_GE(errors(read), 1U);
}

// The document's example is a record like any other, with every key.
TEST_F(procedure_files, ExampleOfTheDocumentIsValid)
{
    std::ifstream in(std::filesystem::path(MOTCUA_SOURCE_DIR) / "docs" / "procedure-format.md");
    const std::string document{std::istreambuf_iterator<char>(in), {}};
    const std::string fence = "```yaml\n";
    const auto start = document.find(fence);
    ASSERT_NE(start, std::string::npos);
    const auto end = document.find("```", start + fence.size());
    const auto read = read_procedures(
        write("r.yml", document.substr(start + fence.size(), end - start - fence.size())));
    EXPECT_EQ(read.records.size(), 1U);
    EXPECT_TRUE(read.findings.empty()) << listed(read);
}

// --- What is shipped, and the national export ---------------------------------------------------

TEST(ShippedProcedures, HaveNoErrorsAndAreAnswerable)
{
    const auto read =
        read_procedures(std::filesystem::path(MOTCUA_SOURCE_DIR) / "data" / "procedures");
    EXPECT_EQ(errors(read), 0U) << listed(read);
    EXPECT_GE(read.records.size(), 24U);
    std::set<std::string> codes;
    for (const auto& record : read.records) {
        EXPECT_TRUE(codes.insert(record.code).second) << record.code << " is shipped twice";
        EXPECT_TRUE(procedures::is_answerable(record, day_of(2026, 11, 22), "Tây Ninh"))
            << record.code;
        EXPECT_FALSE(record.short_name.empty()) << record.code;
        EXPECT_GE(record.local.aliases.size(), 4U) << record.code;
        EXPECT_FALSE(record.channels.empty()) << record.code;
        EXPECT_FALSE(record.documents.empty()) << record.code;
        EXPECT_FALSE(record.results.empty()) << record.code;
        EXPECT_FALSE(record.legal_basis.empty()) << record.code;
        EXPECT_TRUE(record.from.from == procedures::origin::own) << record.code;
        for (const auto& alias : record.local.aliases)
            EXPECT_TRUE(text::is_nfc(alias)) << record.code;
    }
}

std::filesystem::path national_export()
{
    return std::filesystem::path(MOTCUA_SHARED_DIR) / "tthc-raw";
}

TEST(NationalExport, LoadsInFullAndSaysNothingFree)
{
    if (!std::filesystem::exists(national_export()))
        GTEST_SKIP() << "no national export here";
    std::vector<procedures::procedure> all;
    const auto start = std::chrono::steady_clock::now();
    std::size_t skipped = 0;
    std::size_t findings = 0;
    for (const auto* name :
         {"unified-commune.jsonl",
          "unified-province.jsonl.gz",
          "unified-ministry.jsonl.gz",
          "unified-other-provinces.jsonl.gz"}) {
        auto read = read_procedures(national_export() / name);
        skipped += read.skipped;
        findings += read.findings.size();
        std::move(read.records.begin(), read.records.end(), std::back_inserter(all));
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start);
    RecordProperty("load_ms", std::to_string(took.count()));
    std::cout << all.size() << " records, " << findings << " findings, " << took.count() << " ms\n";
    EXPECT_EQ(all.size(), 3274U);
    EXPECT_EQ(skipped, 0U);

    const procedures::rendering_context context{
        .today = day_of(2026, 11, 22),
        .portal_url = "https://dichvucong.gov.vn",
        .counter_name = {},
        .chosen_group = {}};
    for (const auto& record : all) {
        for (const auto what : {procedures::aspect::fee, procedures::aspect::overview}) {
            const auto said = text::lower(procedures::render(record, what, context));
            EXPECT_EQ(said.find("miễn phí"), std::string::npos) << record.code << ": " << said;
        }
        const auto place =
            text::lower(procedures::render(record, procedures::aspect::place, context));
        // The heading repeats the official name, which may speak of districts.
        EXPECT_EQ(place.find("huyện", place.find('\n')), std::string::npos)
            << record.code << ": " << place;
        for (const auto& page : procedures::paginate(
                 procedures::render(record, procedures::aspect::filing, context),
                 procedures::source_line(record, context),
                 "Nhắn “xem tiếp” để đọc tiếp."))
            EXPECT_LE(text::code_points(page), 2000U) << record.code;
    }
}

TEST(NationalExport, CatalogueLoads)
{
    if (!std::filesystem::exists(national_export()))
        GTEST_SKIP() << "no national export here";
    const auto catalogue = read_procedures(national_export() / "catalog-national-5670.jsonl");
    EXPECT_EQ(catalogue.records.size(), 5670U);
    EXPECT_EQ(catalogue.skipped, 0U);
}

TEST(NationalExport, PortalRecordsAndExtrasLoad)
{
    if (!std::filesystem::exists(national_export()))
        GTEST_SKIP() << "no national export here";
    const auto portal = read_procedures(national_export() / "raw-opengov-502.jsonl.gz");
    EXPECT_EQ(portal.records.size(), 502U);
    EXPECT_EQ(portal.skipped, 0U);
    const auto extra = read_procedures(national_export() / "extra-commune-4.jsonl");
    EXPECT_EQ(extra.records.size(), 4U);
    EXPECT_EQ(extra.skipped, 0U);
}

} // namespace
} // namespace motcua::content
