#include <gtest/gtest.h>
#include <motcua/core/text/csv.hpp>

namespace motcua::text {
namespace {

TEST(CsvCell, IsNeverAFormula)
{
    EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
    EXPECT_EQ(csv_cell("@x"), "'@x");
    EXPECT_EQ(csv_cell("-cmd"), "'-cmd");
    EXPECT_EQ(csv_cell("+84"), "'+84");
    EXPECT_EQ(csv_cell("\t=1"), "'\t=1");
    EXPECT_EQ(csv_cell("-3"), "-3");
    EXPECT_EQ(csv_cell("-"), "'-");
    EXPECT_EQ(csv_cell("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"");
    EXPECT_EQ(csv_cell("=a,b"), "\"'=a,b\"");
    EXPECT_EQ(csv_cell(""), "");
}

} // namespace
} // namespace motcua::text
