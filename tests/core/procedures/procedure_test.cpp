#include "records.hpp"

#include <gtest/gtest.h>
#include <motcua/core/procedures/procedure.hpp>
#include <motcua/core/text/unicode.hpp>

namespace motcua::procedures {
namespace {

struct code_case
{
    std::string typed;
    std::string code;
};

class CanonicalCode : public testing::TestWithParam<code_case>
{
};

TEST_P(CanonicalCode, IsSixDigitsOrNothing)
{
    EXPECT_EQ(canonical_code(GetParam().typed), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Codes,
    CanonicalCode,
    testing::Values(
        code_case{"1.004222", "1.004222"},
        code_case{" 1.014325", "1.014325"},
        code_case{"1. 004222\n", "1.004222"},
        code_case{"1.004.222", "1.004222"},
        code_case{"1.013.978", "1.013978"},
        code_case{"2.001765.000.00.00.H44", "2.001765"},
        code_case{"1.013226.H13", "1.013226"},
        code_case{"1.013226.h13", "1.013226"},
        code_case{"1.004.222.000.00.00.H53", "1.004222"},
        code_case{"", ""},
        code_case{"2.00072", ""},
        code_case{"1.0133611", ""},
        code_case{"2.009182739", ""},
        code_case{"1.014955-Xoa", ""},
        code_case{"1004222", ""},
        code_case{"11.004222", ""},
        code_case{"1.004222.H", ""},
        code_case{"1.004222.H13.H14", ""},
        code_case{"1.00422a", ""},
        code_case{"a.004222", ""},
        code_case{"thủ tục 1.004222", ""},
        code_case{std::string(100000, '1'), ""}));

TEST(CanonicalCode, IsIdempotent)
{
    EXPECT_EQ(canonical_code(canonical_code("2.001765.000.00.00.H44")), "2.001765");
}

struct answerable_case
{
    std::string name;
    bool in_catalogue = true;
    std::optional<date> valid_from = std::nullopt;
    std::optional<date> valid_to = std::nullopt;
    std::string promulgator = "Bộ Tư pháp";
    bool answerable = true;
};

class Answerable : public testing::TestWithParam<answerable_case>
{
};

TEST_P(Answerable, DependsOnCatalogueValidityAndProvince)
{
    auto record = birth_registration();
    record.in_catalogue = GetParam().in_catalogue;
    record.valid_from = GetParam().valid_from;
    record.valid_to = GetParam().valid_to;
    record.promulgator = GetParam().promulgator;
    EXPECT_EQ(is_answerable(record, day_of(2026, 11, 22), "Tây Ninh"), GetParam().answerable);
}

INSTANTIATE_TEST_SUITE_P(
    Records,
    Answerable,
    testing::Values(
        answerable_case{.name = "Plain"},
        answerable_case{.name = "Gone", .in_catalogue = false, .answerable = false},
        answerable_case{.name = "FromToday", .valid_from = day_of(2026, 11, 22)},
        answerable_case{
            .name = "FromTomorrow", .valid_from = day_of(2026, 11, 23), .answerable = false},
        answerable_case{.name = "UntilToday", .valid_to = day_of(2026, 11, 22)},
        answerable_case{
            .name = "UntilYesterday", .valid_to = day_of(2026, 11, 21), .answerable = false},
        answerable_case{.name = "OwnProvince", .promulgator = "UBND tỉnh Tây Ninh"},
        answerable_case{.name = "Unknown", .promulgator = ""},
        answerable_case{
            .name = "OtherProvince", .promulgator = "UBND tỉnh Lào Cai", .answerable = false},
        answerable_case{
            .name = "OtherCity",
            .promulgator = "Ủy ban nhân dân thành phố Hải Phòng",
            .answerable = false}),
    [](const auto& test) { return test.param.name; });

TEST(OtherProvince, OwnNameMayCarryItsKind)
{
    auto record = birth_registration();
    record.promulgator = "UBND Thành phố Hải Phòng";
    EXPECT_FALSE(is_of_other_province(record, "Hải Phòng"));
    EXPECT_FALSE(is_of_other_province(record, "thành phố Hải Phòng"));
    EXPECT_TRUE(is_of_other_province(record, "Tây Ninh"));
}

TEST(DisplayName, PrefersTheProvincesThenOurs)
{
    auto record = birth_registration();
    EXPECT_EQ(display_name(record), "Đăng ký khai sinh");
    record.short_name = "Khai sinh";
    EXPECT_EQ(display_name(record), "Khai sinh");
    record.local.short_name = "Làm giấy khai sinh";
    EXPECT_EQ(display_name(record), "Làm giấy khai sinh");
}

TEST(DisplayName, LongNamesAreCutWithinTheLimit)
{
    auto record = birth_registration();
    record.name =
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của "
        "Việt Nam; cơ quan, tổ chức có thẩm quyền của nước ngoài cấp hoặc chứng nhận";
    EXPECT_EQ(display_name(record), "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan…");
    for (std::size_t limit = 1; limit < 200; ++limit)
        EXPECT_LE(text::code_points(display_name(record, limit)), limit);
}

} // namespace
} // namespace motcua::procedures
