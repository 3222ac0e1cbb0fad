#include "records.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/core/procedures/rendering.hpp>
#include <motcua/core/text/unicode.hpp>

namespace motcua::procedures {
namespace {

using testing::HasSubstr;
using testing::Not;

rendering_context context_of()
{
    return {
        .today = day_of(2026, 11, 22),
        .portal_url = "https://dichvucong.gov.vn",
        .counter_name = {},
        .chosen_group = {}};
}

// --- The table of domain.md section 3: what to say, and what never ------------------------------

struct fee_row
{
    std::string name;
    std::vector<channel> channels;
    overlay local;
    std::vector<std::string> says;
    std::vector<std::string> never;
};

class FeeTable : public testing::TestWithParam<fee_row>
{
};

TEST_P(FeeTable, SaysAndNeverSays)
{
    auto record = birth_registration();
    record.channels = GetParam().channels;
    record.local = GetParam().local;
    for (const auto what : {aspect::fee, aspect::overview, aspect::filing}) {
        const auto said = render(record, what, context_of());
        for (const auto& words : GetParam().says)
            EXPECT_THAT(text::lower(said), HasSubstr(text::lower(words)));
        for (const auto& words : GetParam().never)
            EXPECT_THAT(text::lower(said), Not(HasSubstr(text::lower(words))));
    }
}

overlay local_fee()
{
    overlay local;
    local.fee_text = "5.000 đồng";
    local.fee_resolution = "Nghị quyết 12/2026/NQ-HĐND";
    local.fee_date = day_of(2026, 3, 1);
    return local;
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    FeeTable,
    testing::Values(
        fee_row{
            .name = "OverlayHasTheFee",
            .channels = {channel_of(method::direct, fee_of(0))},
            .local = local_fee(),
            .says = {"Theo quy định của tỉnh: 5.000 đồng (Nghị quyết 12/2026/NQ-HĐND, ngày "
                     "01/03/2026)"},
            .never = {"miễn phí", "ghi 0 đồng"}},
        fee_row{
            .name = "AmountPerChannel",
            .channels =
                {channel_of(method::online, fee_of(10000, "mỗi lần đăng ký")),
                 channel_of(method::direct, fee_of(20000))},
            .local = {},
            .says =
                {"nộp trực tuyến: lệ phí 10.000 đồng (mỗi lần đăng ký)",
                 "nộp trực tiếp: lệ phí 20.000 đồng"},
            .never = {"miễn phí"}},
        fee_row{
            .name = "SameAmountIsMerged",
            .channels =
                {channel_of(method::online, fee_of(8000)),
                 channel_of(method::direct, fee_of(8000)),
                 channel_of(method::postal, fee_of(8000))},
            .local = {},
            .says = {"Lệ phí 8.000 đồng"},
            .never = {"nộp trực tuyến:", "miễn phí"}},
        fee_row{
            .name = "AmountWithUnit",
            .channels = {channel_of(method::direct, fee_of(2000, "/trang"))},
            .local = {},
            .says = {"2.000 đồng/trang"},
            .never = {}},
        fee_row{
            .name = "ZeroCouncil",
            .channels = {channel_of(
                method::online,
                fee_of(
                    0,
                    "Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định. Miễn lệ phí cho người "
                    "khuyết tật."))},
            .local = {},
            .says =
                {"mức thu do HĐND tỉnh quy định; Cổng chưa công bố số tiền",
                 "Miễn lệ phí cho người khuyết tật"},
            .never = {"miễn phí", "0 đồng"}},
        fee_row{
            .name = "ZeroCouncilExemptionNeverReadsFree",
            .channels = {channel_of(
                method::online, fee_of(0, "HĐND quy định. Miễn phí cho hộ nghèo."))},
            .local = {},
            .says = {"mức thu do HĐND tỉnh quy định; Cổng chưa công bố số tiền", "cho hộ nghèo"},
            .never = {"miễn phí", "0 đồng"}},
        fee_row{
            .name = "ZeroAmountInNote",
            .channels = {channel_of(
                method::online, fee_of(0, "Phí thẩm định: 150.000 đồng/hồ sơ"))},
            .local = {},
            .says = {"Cổng chưa công bố số tiền", "150.000 đồng/hồ sơ"},
            .never = {"miễn phí", "ghi 0 đồng", "HĐND"}},
        fee_row{
            .name = "ZeroOtherNoteIsNotFree",
            .channels = {channel_of(method::online, fee_of(0, "Theo Thông tư số 244/2016/TT-BTC"))},
            .local = {},
            .says = {"Cổng chưa công bố số tiền", "244/2016/TT-BTC"},
            .never = {"miễn phí", "ghi 0 đồng"}},
        fee_row{
            .name = "ZeroWithoutNote",
            .channels = {channel_of(method::online, fee_of(0))},
            .local = {},
            .says = {"Cổng Dịch vụ công quốc gia ghi 0 đồng"},
            .never = {"miễn phí"}},
        fee_row{
            .name = "ZeroWithBareClaim",
            .channels = {channel_of(method::online, fee_of(0, "Hoàn toàn miễn phí"))},
            .local = {},
            .says = {"Cổng Dịch vụ công quốc gia ghi 0 đồng"},
            .never = {"miễn phí"}},
        fee_row{
            .name = "Nothing",
            .channels = {},
            .local = {},
            .says = {"Cổng không công bố mức phí"},
            .never = {"miễn phí", "0 đồng"}},
        fee_row{
            .name = "NoInformation",
            .channels = {channel_of(method::direct, fee_of(std::nullopt, "Không có thông tin"))},
            .local = {},
            .says = {"Cổng không công bố mức phí"},
            .never = {"miễn phí", "0 đồng"}},
        fee_row{
            .name = "ChannelNoteNamesCouncil",
            .channels = {channel{
                .how = method::direct,
                .time = {},
                .fees = {fee_of(std::nullopt)},
                .note = "05 ngày làm việc\nPhí, lệ phí: Hội đồng nhân dân cấp tỉnh quyết định"}},
            .local = {},
            .says = {"mức thu do HĐND tỉnh quy định; Cổng chưa công bố số tiền"},
            .never = {"miễn phí", "0 đồng"}},
        fee_row{
            .name = "ImplausibleAmountIsMarked",
            .channels = {channel_of(method::direct, fee_of(50))},
            .local = {},
            .says = {"có thể chưa đúng"},
            .never = {"miễn phí"}}),
    [](const auto& test) { return test.param.name; });

TEST(Fee, SeveralFeesOfAChannelAreAllListed)
{
    auto record = birth_registration();
    auto way = channel_of(method::direct, fee_of(100000, "thẩm định"));
    way.fees.push_back({.kind = fee_kind::fee, .amount_vnd = 1234567, .note = "cấp giấy"});
    record.channels = {way};
    const auto said = render(record, aspect::fee, context_of());
    EXPECT_THAT(said, HasSubstr("100.000 đồng (thẩm định); phí 1.234.567 đồng (cấp giấy)"));
}

TEST(Fee, ZeroBesideAmountsIsAnExemption)
{
    auto record = birth_registration();
    auto way = channel_of(method::online, fee_of(7000));
    way.fees.push_back(fee_of(0, "Người thuộc diện được miễn xuất trình giấy tờ"));
    record.channels = {way};
    const auto said = render(record, aspect::fee, context_of());
    EXPECT_THAT(said, HasSubstr("7.000 đồng; ghi chú của Cổng về miễn, giảm: “Người thuộc diện"));
    EXPECT_THAT(said, Not(HasSubstr("0 đồng.")));
}

struct time_row
{
    std::string name;
    std::vector<channel> channels;
    std::vector<processing_case> cases;
    std::string chosen;
    std::vector<std::string> says;
    std::vector<std::string> never;
};

class TimeTable : public testing::TestWithParam<time_row>
{
};

TEST_P(TimeTable, SaysAndNeverSays)
{
    auto record = birth_registration();
    record.channels = GetParam().channels;
    record.cases = GetParam().cases;
    auto context = context_of();
    context.chosen_group = GetParam().chosen;
    for (const auto what : {aspect::time, aspect::overview, aspect::filing}) {
        const auto said = render(record, what, context);
        for (const auto& words : GetParam().says)
            EXPECT_THAT(text::lower(said), HasSubstr(text::lower(words)));
        for (const auto& words : GetParam().never)
            EXPECT_THAT(text::lower(said), Not(HasSubstr(text::lower(words))));
    }
}

channel
timed(std::optional<int> quantity, time_unit unit, std::string prose = {}, std::string note = {})
{
    return {
        .how = method::direct,
        .time = {.quantity = quantity, .unit = unit, .note = std::move(prose)},
        .fees = {},
        .note = std::move(note)};
}

processing_case case_of(std::string name, int quantity, time_unit unit)
{
    return {.name = std::move(name), .time = {.quantity = quantity, .unit = unit, .note = {}}};
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    TimeTable,
    testing::Values(
        time_row{
            "Known",
            {timed(7, time_unit::working_day)},
            {},
            "",
            {"7 ngày làm việc"},
            {"Giấy tiếp nhận hồ sơ và hẹn trả kết quả.\nThời hạn tính"}},
        time_row{"Hours", {timed(8, time_unit::hour)}, {}, "", {"8 giờ"}, {}},
        time_row{"Months", {timed(2, time_unit::month)}, {}, "", {"2 tháng"}, {}},
        time_row{
            "LostUnitOneCase",
            {timed(17, time_unit::unknown)},
            {case_of("", 3, time_unit::working_day)},
            "",
            {"3 ngày làm việc"},
            {"17"}},
        time_row{
            "LostUnitSeveralCases",
            {timed(17, time_unit::unknown)},
            {case_of("", 5, time_unit::working_day),
             case_of("", 2, time_unit::day),
             case_of("", 2, time_unit::day)},
            "",
            {"tùy trường hợp: 5 ngày làm việc; 2 ngày"},
            {"17", "2 ngày; 2 ngày"}},
        time_row{
            "LostUnitChosenCase",
            {timed(17, time_unit::unknown)},
            {case_of("Trường hợp A", 5, time_unit::day),
             case_of("Trường hợp B", 9, time_unit::day)},
            "* Trường hợp B:",
            {"Trường hợp B: 9 ngày"},
            {"17", "5 ngày"}},
        time_row{
            "LostUnitProse",
            {timed(17, time_unit::unknown, "Không quá 12 ngày kể từ ngày nhận hồ sơ")},
            {},
            "",
            {"“Không quá 12 ngày kể từ ngày nhận hồ sơ”"},
            {"17"}},
        time_row{
            "LostUnitChannelNote",
            {timed(17, time_unit::unknown, "", "Nộp tại quầy.\nGiải quyết trong 12 ngày.")},
            {},
            "",
            {"“Giải quyết trong 12 ngày”"},
            {"17"}},
        time_row{
            "LostUnitNothing",
            {timed(17, time_unit::unknown)},
            {},
            "",
            {"xem ngày hẹn trên Giấy tiếp nhận hồ sơ"},
            {"17"}},
        time_row{
            "CaseWithoutUnit",
            {timed(17, time_unit::unknown)},
            {case_of("A", 17, time_unit::unknown)},
            "",
            {"xem ngày hẹn trên Giấy tiếp nhận hồ sơ"},
            {"17"}},
        time_row{"Zero", {timed(0, time_unit::working_day)}, {}, "", {"xem ngày hẹn"}, {"0 ngày"}},
        time_row{"NoChannels", {}, {}, "", {"xem ngày hẹn trên Giấy tiếp nhận hồ sơ"}, {}}),
    [](const auto& test) { return test.param.name; });

struct place_row
{
    std::string name;
    level at = level::commune;
    std::vector<std::string> executing;
    std::string address;
    std::vector<std::string> says;
};

class PlaceTable : public testing::TestWithParam<place_row>
{
};

TEST_P(PlaceTable, NeverSendsToADistrict)
{
    auto record = birth_registration();
    record.at = GetParam().at;
    record.executing = GetParam().executing;
    record.receiving_address = GetParam().address;
    record.channels = {channel_of(method::direct, fee_of(0))};
    record.steps =
        "Bước 1: Nộp tại UBND cấp huyện.\nBước 2: Uỷ ban nhân dân cấp huyện trả kết quả.";
    record.requirements = "Có hộ khẩu tại UBND huyện nơi cư trú.";
    for (const auto what :
         {aspect::place, aspect::overview, aspect::filing, aspect::steps, aspect::requirements})
        EXPECT_THAT(text::lower(render(record, what, context_of())), Not(HasSubstr("huyện")));
    const auto said = render(record, aspect::place, context_of());
    for (const auto& words : GetParam().says)
        EXPECT_THAT(said, HasSubstr(words));
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    PlaceTable,
    testing::Values(
        place_row{
            "Commune",
            level::commune,
            {"Ủy ban nhân dân cấp xã", "Ủy ban nhân dân cấp huyện"},
            "",
            {"Trung tâm Phục vụ hành chính công cấp xã",
             "bất kỳ trung tâm nào trong tỉnh",
             "Cơ quan giải quyết: Ủy ban nhân dân cấp xã."}},
        place_row{
            "Province",
            level::province,
            {"Sở Xây dựng"},
            "UBND huyện Bến Lức",
            {"Trung tâm Phục vụ hành chính công tỉnh", "Sở Xây dựng"}},
        place_row{
            "Unknown", level::unknown, {"UBND huyện"}, "", {"Trung tâm Phục vụ hành chính công"}},
        place_row{
            "Ministry",
            level::ministry,
            {"Bộ Tài chính"},
            "28 Trần Hưng Đạo",
            {"Bộ Tài chính", "28 Trần Hưng Đạo"}}),
    [](const auto& test) { return test.param.name; });

TEST(Place, SocialInsuranceTakesItsPapersItself)
{
    auto record = birth_registration();
    record.at = level::province;
    record.executing = {"Bảo hiểm xã hội tỉnh"};
    EXPECT_THAT(
        render(record, aspect::place, context_of()),
        HasSubstr("Bảo hiểm xã hội tỉnh, hoặc Trung tâm Phục vụ hành chính công tỉnh nếu"));
    record.executing = {"Công đoàn cơ quan BHXH Việt Nam", "Công đoàn Bảo hiểm xã hội"};
    EXPECT_THAT(
        render(record, aspect::place, context_of()), Not(HasSubstr("nếu nơi đó tiếp nhận")));
}

TEST(Place, PoliceHandleTheirOwn)
{
    auto record = birth_registration();
    record.executing = {"Công an cấp xã"};
    EXPECT_THAT(
        render(record, aspect::place, context_of()),
        HasSubstr(
            "Công an cấp xã, hoặc Trung tâm Phục vụ hành chính công cấp xã nếu nơi đó tiếp nhận"));
}

TEST(Place, NamesTheCitizensOwnCounterAndTheProvincesOwnWords)
{
    auto record = birth_registration();
    record.channels = {
        channel_of(method::online, fee_of(0)),
        channel_of(method::direct, fee_of(0)),
        channel_of(method::postal, fee_of(0))};
    record.url = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/abc";
    record.local.online = overlay::online_level::fully;
    record.local.receiving_place = "số 1 đường A";
    auto context = context_of();
    context.counter_name = "Trung tâm Phục vụ hành chính công xã Hòa Thành";
    const auto said = render(record, aspect::place, context);
    EXPECT_THAT(said, HasSubstr("Trực tiếp: Trung tâm Phục vụ hành chính công xã Hòa Thành"));
    EXPECT_THAT(said, HasSubstr("Trực tuyến toàn trình (theo công bố của tỉnh)"));
    EXPECT_THAT(said, HasSubstr("https://dichvucong.gov.vn/thu-tuc-hanh-chinh/abc"));
    EXPECT_THAT(said, HasSubstr("Theo thông tin của tỉnh: số 1 đường A"));
    EXPECT_THAT(said, HasSubstr("bưu chính công ích"));
}

// --- Papers -------------------------------------------------------------------------------------

document paper_of(std::string group, std::string name, int originals = 1, int copies = 0)
{
    return {
        .group = std::move(group),
        .name = std::move(name),
        .originals = originals,
        .copies = copies,
        .attached_form = {}};
}

procedure with_cases()
{
    auto record = birth_registration();
    record.documents = {
        paper_of("* Giấy tờ phải nộp:", "- Tờ khai;"),
        paper_of("a) Trường hợp ở nhà thuê:", "Hợp đồng thuê", 0, 1),
        paper_of("b) Trường hợp ở nhà của mình:", "Giấy tờ nhà", 1, 2),
        paper_of("* Giấy tờ phải xuất trình:", "Thẻ căn cước", 0, 0),
        paper_of("* Lưu ý:", "- Bản dịch phải chứng thực.", 0, 0),
    };
    return record;
}

TEST(Documents, CasesAreTheGroupsThatNameACase)
{
    EXPECT_EQ(
        cases_to_ask(with_cases()),
        (std::vector<std::string>{"Trường hợp ở nhà thuê", "Trường hợp ở nhà của mình"}));
    auto record = birth_registration();
    record.documents = {
        paper_of("* Giấy tờ phải nộp:", "Tờ khai"),
        paper_of("* Giấy tờ phải xuất trình:", "Thẻ căn cước"),
        paper_of("Trường hợp ủy quyền thực hiện thủ tục:", "Văn bản ủy quyền"),
        paper_of("Trường hợp trẻ bị bỏ rơi:", "Biên bản")};
    EXPECT_TRUE(cases_to_ask(record).empty()) << "one case is no choice";
}

TEST(Documents, GroupsAreListedAsGroupsUntilOneIsChosen)
{
    const auto all = render(with_cases(), aspect::documents, context_of());
    EXPECT_THAT(all, HasSubstr("• Tờ khai (1 bản chính)"));
    EXPECT_THAT(all, HasSubstr("chỉ cần phần ứng với trường hợp của mình"));
    EXPECT_THAT(all, HasSubstr("Trường hợp ở nhà thuê:\n• Hợp đồng thuê (1 bản sao)"));
    EXPECT_THAT(
        all, HasSubstr("Trường hợp ở nhà của mình:\n• Giấy tờ nhà (1 bản chính, 2 bản sao)"));
    EXPECT_THAT(all, HasSubstr("Giấy tờ phải xuất trình:\n• Thẻ căn cước"));

    auto context = context_of();
    context.chosen_group = "Trường hợp ở nhà thuê";
    const auto one = render(with_cases(), aspect::documents, context);
    EXPECT_THAT(one, HasSubstr("Hợp đồng thuê"));
    EXPECT_THAT(one, HasSubstr("Tờ khai"));
    EXPECT_THAT(one, HasSubstr("Thẻ căn cước"));
    EXPECT_THAT(one, Not(HasSubstr("Giấy tờ nhà")));
    EXPECT_THAT(one, Not(HasSubstr("chỉ cần phần ứng")));
}

TEST(Documents, ImplausibleCountsAreNotSaid)
{
    auto record = birth_registration();
    record.documents = {paper_of("", "Đơn theo Mẫu số", 181, 1)};
    const auto said = render(record, aspect::documents, context_of());
    EXPECT_THAT(said, HasSubstr("Đơn theo Mẫu số (1 bản sao)"));
    EXPECT_THAT(said, Not(HasSubstr("181")));
}

TEST(Documents, UnmarkedGroupsAreIntroducedAsGroups)
{
    auto record = birth_registration();
    record.documents = {
        paper_of("Đăng ký vào nhà của mình", "Giấy tờ nhà"),
        paper_of("Đăng ký vào nhà thuê", "Hợp đồng thuê")};
    EXPECT_THAT(
        render(record, aspect::documents, context_of()),
        HasSubstr("anh/chị xem nhóm ứng với trường hợp của mình"));
    EXPECT_THAT(
        render(with_cases(), aspect::documents, context_of()),
        Not(HasSubstr("xếp giấy tờ theo nhóm")));
}

TEST(Documents, UnknownChoiceListsAllGroups)
{
    auto context = context_of();
    context.chosen_group = "Trường hợp không có";
    const auto said = render(with_cases(), aspect::documents, context);
    EXPECT_THAT(said, HasSubstr("Hợp đồng thuê"));
    EXPECT_THAT(said, HasSubstr("Giấy tờ nhà"));
}

TEST(Filing, HasEveryPartInOrder)
{
    auto record = with_cases();
    record.sets = 1;
    record.portal_id = "abc";
    record.channels = {channel_of(
        method::online, fee_of(8000), {.quantity = 1, .unit = time_unit::working_day, .note = {}})};
    auto context = context_of();
    context.chosen_group = "Trường hợp ở nhà thuê";
    const auto said = render(record, aspect::filing, context);
    std::size_t before = 0;
    for (const auto* part :
         {"Trường hợp của anh/chị: Trường hợp ở nhà thuê",
          "1. Chuẩn bị giấy tờ",
          "Hợp đồng thuê",
          "1 bộ hồ sơ",
          "2. Nộp hồ sơ",
          "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/abc",
          "3. Phí, lệ phí",
          "8.000 đồng",
          "4. Thời hạn",
          "1 ngày làm việc",
          "5. Sau khi nộp",
          "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"}) {
        const auto at = said.find(part, before);
        EXPECT_NE(at, std::string::npos) << part << "\n" << said;
        before = at;
    }
}

// --- The rest -----------------------------------------------------------------------------------

TEST(Steps, ProseBecomesANumberedList)
{
    auto record = birth_registration();
    record.steps = "- Nộp hồ sơ tại Trung \ntâm.\n+ Chi tiết một.\n- Nhận kết quả.\n* Lưu ý:\n- "
                   "Mang theo giấy tờ.";
    const auto said = render(record, aspect::steps, context_of());
    EXPECT_THAT(
        said,
        HasSubstr("1. Nộp hồ sơ tại Trung tâm.\n• Chi tiết một.\n2. Nhận kết quả.\nLưu ý:\n• Mang "
                  "theo giấy tờ."));
}

TEST(Steps, BuocMarksAreTheNumbers)
{
    auto record = birth_registration();
    record.steps = "Bước 1: Nộp hồ sơ\n- một\n- hai\nBước 2. Nhận kết quả";
    EXPECT_THAT(
        render(record, aspect::steps, context_of()),
        HasSubstr("1. Nộp hồ sơ\n• Một\n• Hai\n2. Nhận kết quả"));
}

class MissingAspect : public testing::TestWithParam<aspect>
{
};

TEST_P(MissingAspect, IsSaidHonestly)
{
    procedure record;
    record.code = "1.000001";
    record.name = "Tên thủ tục";
    record.channels = {channel_of(method::direct, fee{})};
    EXPECT_THAT(render(record, GetParam(), context_of()), HasSubstr("Dữ liệu hiện có chưa nêu"));
}

INSTANTIATE_TEST_SUITE_P(
    Aspects,
    MissingAspect,
    testing::Values(
        aspect::documents,
        aspect::steps,
        aspect::requirements,
        aspect::legal_basis,
        aspect::forms,
        aspect::result,
        aspect::filing),
    [](const auto& test) { return std::string(name(test.param)); });

TEST(Forms, LinkWhereThereIsOneElseThePortal)
{
    auto record = birth_registration();
    record.documents = {
        paper_of("", "Tờ khai A"), paper_of("", "Tờ khai B"), paper_of("", "Giấy C")};
    record.documents[0].attached_form =
        form{.name = "Mẫu A", .id = {}, .url = "https://example.vn/a.doc"};
    record.documents[1].attached_form = form{};
    const auto said = render(record, aspect::forms, context_of());
    EXPECT_THAT(said, HasSubstr("• Mẫu A: https://example.vn/a.doc"));
    EXPECT_THAT(said, HasSubstr("• Tờ khai B\n"));
    EXPECT_THAT(said, HasSubstr("kèm thủ tục trên Cổng Dịch vụ công quốc gia"));
    EXPECT_THAT(said, Not(HasSubstr("Giấy C")));
}

TEST(LegalBasis, NumbersAndTitles)
{
    EXPECT_THAT(
        render(birth_registration(), aspect::legal_basis, context_of()),
        HasSubstr("• 60/2014/QH13: Luật Hộ tịch"));
}

TEST(Overview, HasOneLineEachAndTheHint)
{
    const auto said = render(birth_registration(), aspect::overview, context_of());
    for (const auto* words :
         {"Đăng ký khai sinh\n",
          "Dành cho: Công dân Việt Nam",
          "Nơi nộp:",
          "Thời hạn:",
          "Phí, lệ phí:",
          "hỏi tiếp"})
        EXPECT_THAT(said, HasSubstr(words));
}

TEST(Overview, LongNotesAreLeftToTheFeeAnswer)
{
    auto record = birth_registration();
    std::string note = "HĐND tỉnh quy định.";
    for (int i = 0; i < 60; ++i)
        note += " Miễn lệ phí cho hộ nghèo";
    record.channels = {channel_of(method::direct, fee_of(0, note))};
    EXPECT_THAT(
        render(record, aspect::overview, context_of()),
        HasSubstr("Mức thu do HĐND tỉnh quy định; Cổng chưa công bố số tiền.\n"));
    EXPECT_THAT(render(record, aspect::fee, context_of()), HasSubstr("Miễn lệ phí cho hộ nghèo"));
}

TEST(Fee, ANoteBeginsWithItsFirstWord)
{
    auto record = birth_registration();
    record.channels = {channel_of(method::direct, fee_of(70000, ". - Cấp lại thẻ bị mất;"))};
    EXPECT_THAT(
        render(record, aspect::fee, context_of()), HasSubstr("70.000 đồng (Cấp lại thẻ bị mất)"));
}

TEST(NameOnly, SaysWhereToReadOn)
{
    procedure record;
    record.code = "1.014748";
    record.name = "Hưởng trợ cấp thất nghiệp";
    record.at = level::province;
    record.portal_id = "019d2bff";
    for (const auto what :
         {aspect::overview, aspect::documents, aspect::steps, aspect::result, aspect::filing}) {
        const auto said = render(record, what, context_of());
        EXPECT_THAT(said, HasSubstr("Hưởng trợ cấp thất nghiệp\nKênh này mới có tên thủ tục"));
        EXPECT_THAT(said, HasSubstr("https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bff"));
        EXPECT_THAT(said, HasSubstr("Nơi nộp: Trung tâm Phục vụ hành chính công tỉnh"));
        for (const auto* words : {"công bố", "0 đồng", "Giấy tiếp nhận", "hỏi tiếp"})
            EXPECT_THAT(said, Not(HasSubstr(words)));
    }
    EXPECT_THAT(render(record, aspect::place, context_of()), HasSubstr("Nơi nộp hồ sơ –"));
    EXPECT_THAT(render(record, aspect::fee, context_of()), HasSubstr("không công bố mức phí"));
    record.local.fee_text = "5.000 đồng";
    EXPECT_THAT(render(record, aspect::overview, context_of()), HasSubstr("5.000 đồng"));
}

TEST(Documents, PapersWithoutGroupComeFirst)
{
    auto record = birth_registration();
    record.documents = {paper_of("Thành phần hồ sơ:", "Đơn"), paper_of("", "Thẻ căn cước")};
    EXPECT_THAT(
        render(record, aspect::documents, context_of()),
        HasSubstr(":\n• Thẻ căn cước (1 bản chính)\n\nThành phần hồ sơ:\n• Đơn"));
}

TEST(AspectNames, GoThereAndBack)
{
    for (const auto what :
         {aspect::overview,
          aspect::documents,
          aspect::fee,
          aspect::time,
          aspect::place,
          aspect::steps,
          aspect::requirements,
          aspect::legal_basis,
          aspect::forms,
          aspect::result,
          aspect::filing})
        EXPECT_EQ(aspect_from(name(what)), what);
    EXPECT_EQ(aspect_from("nonsense"), aspect::overview);
}

TEST(SourceLine, NamesCodeSourceDecisionAndDate)
{
    EXPECT_EQ(
        source_line(birth_registration(), context_of()),
        "Mã thủ tục 1.001193 · Nguồn: Cổng Dịch vụ công quốc gia, QĐ 163/QĐ-BTP · Dữ liệu ngày "
        "18/07/2026");
}

TEST(SourceLine, WarnsOfExpiryAgeAndOverlay)
{
    auto record = birth_registration();
    record.valid_to = day_of(2026, 11, 21);
    EXPECT_THAT(source_line(record, context_of()), HasSubstr("hết hiệu lực"));
    record = birth_registration();
    record.valid_from = day_of(2027, 3, 1);
    EXPECT_THAT(source_line(record, context_of()), HasSubstr("có hiệu lực từ ngày 01/03/2027"));
    record = birth_registration();
    record.in_catalogue = false;
    EXPECT_THAT(source_line(record, context_of()), HasSubstr("không còn trong danh mục"));
    record = birth_registration();
    record.from.as_of = day_of(2025, 11, 21);
    EXPECT_THAT(source_line(record, context_of()), HasSubstr("quá 12 tháng"));
    record.checked_at = day_of(2026, 11, 1);
    EXPECT_THAT(source_line(record, context_of()), Not(HasSubstr("quá 12 tháng")));
    record.local.hotline = "1022";
    EXPECT_THAT(source_line(record, context_of()), HasSubstr("của tỉnh"));
}

} // namespace
} // namespace motcua::procedures
