#include <gtest/gtest.h>
#include <motcua/core/text/slots.hpp>

namespace {

using namespace motcua::text;

struct slot_case
{
    const char* name;
    const char* text;
    const char* expected; // "kind=value" joined by blanks
};

class Slots : public testing::TestWithParam<slot_case>
{
};

TEST_P(Slots, AreFound)
{
    const std::string_view text = GetParam().text;
    std::string found;
    std::size_t behind = 0;
    for (const slot& one : find_slots(text)) {
        EXPECT_LE(behind, one.begin);
        EXPECT_LT(one.begin, one.end);
        EXPECT_LE(one.end, text.size());
        behind = one.end;
        found += (found.empty() ? "" : " ") + std::string(name(one.kind)) + "=" + one.value;
    }
    EXPECT_EQ(found, GetParam().expected);
}

const auto case_name = [](const auto& info) { return std::string(info.param.name); };

INSTANTIATE_TEST_SUITE_P(
    DossierCodes,
    Slots,
    testing::Values(
        slot_case{"Old", "000.00.04.H51-200221-0001", "dossier_code=000.00.04.H51-200221-0001"},
        slot_case{"New", "hs H15.50.05.13-261008-0975?", "dossier_code=H15.50.05.13-261008-0975"},
        slot_case{"Lower", "000.00.04.h51-200221-0001", "dossier_code=000.00.04.H51-200221-0001"},
        slot_case{"Blanks", "h15 50 05 13 261008 0975", "dossier_code=H15.50.05.13-261008-0975"},
        slot_case{"NoDots", "h15500513-261008-0975", "dossier_code=H15.50.05.13-261008-0975"},
        slot_case{"OldNoDots", "0000004h51-200221-0001", "dossier_code=000.00.04.H51-200221-0001"},
        slot_case{"LongDash", "H15.50.05.13–261008–0975", "dossier_code=H15.50.05.13-261008-0975"},
        slot_case{
            "LongNumber",
            "000.00.04.H51-200221-12345678",
            "dossier_code=000.00.04.H51-200221-12345678"},
        slot_case{"OtherUnit", "G22.99.01-240131-00012", "dossier_code=G22.99.01-240131-00012"},
        slot_case{"NoSuchDate", "H15.50.05.13-261308-0975", ""},
        slot_case{
            "Two",
            "H15.50-261008-0975, H15.51-261009-0001",
            "dossier_code=H15.50-261008-0975 dossier_code=H15.51-261009-0001"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    ProcedureCodes,
    Slots,
    testing::Values(
        slot_case{"Plain", "1.004222", "procedure_code=1.004222"},
        slot_case{"Suffix", "1.004222.000.00.00.H44 là gì", "procedure_code=1.004222"},
        slot_case{"Dotted", "mã 1.013.978", "procedure_code=1.013978"},
        slot_case{"Bare", " 1013978 ", "procedure_code=1.013978"},
        slot_case{"BareNamed", "thủ tục 1013978 cần gì", "procedure_code=1.013978"},
        slot_case{"BareElsewhere", "chuyển 1013978 đi", ""},
        slot_case{"Short", "2.00072", "procedure_code=2.00072"},
        slot_case{"Comma", "tthc 2,000635", "procedure_code=2.000635"},
        slot_case{"Money", "1000000", ""},
        slot_case{"DottedMoney", "phí 1.000.000 đồng", ""},
        slot_case{"DottedMoneyWithUnit", "1.013.500đ", ""},
        slot_case{"InsideNumber", "21.0042223", ""},
        slot_case{"NoCatalogueHasIt", "7.987654", ""}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Numbers,
    Slots,
    testing::Values(
        slot_case{"Mobile", "gọi 0901234567 nhé", "phone=0901234567"},
        slot_case{"MobileBlanks", "0901 234 567", "phone=0901234567"},
        slot_case{"MobileDots", "090.123.4567", "phone=0901234567"},
        slot_case{"Country", "+84 901 234 567", "phone=0901234567"},
        slot_case{"CountryBare", "84901234567", "phone=0901234567"},
        slot_case{"Landline", "0276 3822 333", "phone=02763822333"},
        slot_case{"LandlineWhole", "(0276) 3822 333", "phone=02763822333"},
        slot_case{"LandlineEleven", "02763822333", "phone=02763822333"},
        slot_case{"NoSuchPrefix", "0123456789", ""},
        slot_case{"CitizenId", "079193012345", "citizen_id=079193012345"},
        slot_case{"CitizenIdBlanks", "079 193 012 345", "citizen_id=079193012345"},
        slot_case{"NoSuchProvince", "999193012345", ""},
        slot_case{"OldCitizenId", "cmnd 290123456", "old_citizen_id=290123456"},
        slot_case{"TaxCode", "0100109106", "tax_code=0100109106"},
        slot_case{"TaxCodeBranch", "0100109106-001", "tax_code=0100109106-001"},
        slot_case{"TaxCodeWrongDigit", "0100109107", ""},
        slot_case{"PhoneAndNumber", "0901234567 25", "phone=0901234567"},
        slot_case{"Million", "500000000", ""},
        slot_case{"Two", "0901234567 0912345678", "phone=0901234567 phone=0912345678"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    DatesAndLinks,
    Slots,
    testing::Values(
        slot_case{"Slashes", "5/6/2025", "date=2025-06-05"},
        slot_case{"ShortYear", "05-06-25", "date=2025-06-05"},
        slot_case{"Words", "ngày 5 tháng 6 năm 2025", "date=2025-06-05"},
        slot_case{"WordsNoYear", "ngay 5 thang 6", "date=--06-05"},
        slot_case{"DayAndMonth", "ngày 5/6", "date=--06-05"},
        slot_case{"Relative", "Hôm qua nộp", "date=hôm qua"},
        slot_case{"LeapDay", "29/2/2024", "date=2024-02-29"},
        slot_case{"NoLeapDay", "29/2/2025", ""},
        slot_case{"NoSuchMonth", "5/13/2025", ""},
        slot_case{"Half", "1/2", ""},
        slot_case{
            "Url", "xem https://dichvucong.gov.vn/a?b=1.", "url=https://dichvucong.gov.vn/a?b=1"},
        slot_case{"Host", "vào dichvucong.gov.vn nhé", "url=dichvucong.gov.vn"},
        slot_case{"MailIsNoUrl", "a@gmail.com", ""},
        slot_case{"Nothing", "đăng ký khai sinh", ""},
        slot_case{"Empty", "", ""}),
    case_name);

TEST(MaskNumbers, KeepsTheLastTwoDigits)
{
    EXPECT_EQ(mask_numbers("cccd 079193012345 nhé"), "cccd ••••••••••45 nhé");
    EXPECT_EQ(mask_numbers("0901 234 567"), "•••• ••• •67");
    EXPECT_EQ(mask_numbers("0100109106-001"), "••••••••••-•01");
    EXPECT_EQ(mask_numbers("290123456"), "•••••••56");
    EXPECT_EQ(mask_numbers("số 5 0901234567"), "số 5 ••••••••67");
    EXPECT_EQ(mask_numbers("0901234567 0912345678"), "••••••••67 ••••••••78");
    EXPECT_EQ(mask_numbers("12345678 và 12345678901234"), "12345678 và 12345678901234");
    EXPECT_EQ(mask_numbers("1. 2- 3"), "1. 2- 3");
    EXPECT_EQ(mask_numbers("ngày 5 tháng 6"), "ngày 5 tháng 6");
    EXPECT_EQ(mask_numbers("\xFF"), "\xFF");
}

} // namespace
