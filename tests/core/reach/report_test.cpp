#include <gtest/gtest.h>
#include <motcua/core/reach/report.hpp>

#include <chrono>
#include <string>

namespace motcua::reach {
namespace {

using namespace std::chrono_literals;

struct printed
{
    std::string name;
    cell_value value;
    std::string text;
};

class PrintedCell : public testing::TestWithParam<printed>
{
};

TEST_P(PrintedCell, ReadsAsInAVietnameseDocument)
{
    EXPECT_EQ(words(GetParam().value), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Cells,
    PrintedCell,
    testing::Values(
        printed{"blank", std::monostate{}, ""},
        printed{"text", std::string("=1+1"), "=1+1"},
        printed{"zero", std::int64_t{0}, "0"},
        printed{"hundreds", std::int64_t{999}, "999"},
        printed{"thousands", std::int64_t{1234}, "1.234"},
        printed{"millions", std::int64_t{12345678}, "12.345.678"},
        printed{"negative", std::int64_t{-1234}, "-1.234"},
        printed{"negative_hundreds", std::int64_t{-123}, "-123"},
        printed{"share", share{7, 19}, "36,84\u00a0% (7/19)"},
        printed{"share_one_decimal", share{1, 8}, "12,5\u00a0% (1/8)"},
        printed{"share_small_decimal", share{1, 2000}, "0,05\u00a0% (1/2.000)"},
        printed{"share_whole", share{19, 19}, "100\u00a0% (19/19)"},
        printed{"share_none", share{0, 19}, "0\u00a0% (0/19)"},
        printed{"share_of_nothing", share{0, 0}, "–"},
        printed{"no_figure", no_figure{}, "–"},
        printed{"masked", masked{}, "<5"},
        printed{"day", std::chrono::year_month_day{2026y / 2 / 5}, "05/02/2026"},
        printed{"blink", std::chrono::milliseconds(340), "0,3\u00a0giây"},
        printed{"second", std::chrono::milliseconds(2000), "2\u00a0giây"},
        printed{"seconds", std::chrono::milliseconds(45000), "45\u00a0giây"},
        printed{"minutes", std::chrono::milliseconds(65000), "1\u00a0phút 5\u00a0giây"},
        printed{"hours", std::chrono::milliseconds(3h), "3\u00a0giờ"},
        printed{"days", std::chrono::milliseconds(50h + 30min), "2\u00a0ngày 2\u00a0giờ"}),
    [](const auto& shown) { return shown.param.name; });

TEST(Report, PeriodReadsAsDays)
{
    EXPECT_EQ(
        words(period{2020y / 1 / 1, 2020y / 12 / 31}), "từ ngày 01/01/2020 đến ngày 31/12/2020");
}

TEST(Report, TablesComeInTheOrderPrinted)
{
    report whole;
    whole.sections = {{.tables = {{.id = "a"}, {.id = "b"}}}, {}, {.tables = {{.id = "c"}}}};
    whole.annexes = {{.id = "d"}};
    std::string order;
    for (const auto* one : tables_of(whole))
        order += one->id;
    EXPECT_EQ(order, "abcd");
}

} // namespace
} // namespace motcua::reach
