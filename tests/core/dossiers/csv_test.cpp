#include <gtest/gtest.h>
#include <motcua/core/dossiers/csv.hpp>

#include <random>

namespace motcua::dossiers {
namespace {

using cells = std::vector<std::string>;

std::vector<cells> read_all(std::string_view text, char delimiter = ',')
{
    csv_reader reader(text, delimiter);
    std::vector<cells> all;
    while (auto record = reader.next())
        all.push_back(std::move(record->cells));
    return all;
}

struct csv_case
{
    std::string name;
    std::string text;
    std::vector<cells> expected;
};

class Csv : public testing::TestWithParam<csv_case>
{
};

TEST_P(Csv, ReadsAsRfc4180Says)
{
    EXPECT_EQ(read_all(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Forms,
    Csv,
    testing::Values(
        csv_case{"Nothing", "", {}},
        csv_case{"Plain", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
        csv_case{"NoLastLineEnd", "a,b", {{"a", "b"}}},
        csv_case{"EveryLineEnd", "a\r\nb\nc\rd", {{"a"}, {"b"}, {"c"}, {"d"}}},
        csv_case{"EmptyCells", ",\n,,x\n", {{"", ""}, {"", "", "x"}}},
        csv_case{"EmptyLines", "\n\na\n\n", {{"a"}}},
        csv_case{"Quoted", "\"a,b\",\"c\"\"d\"\n", {{"a,b", "c\"d"}}},
        csv_case{"LinesInQuotes", "\"a\nb\",c\n", {{"a\nb", "c"}}},
        csv_case{"QuotedEmpty", "\"\",x\n", {{"", "x"}}},
        csv_case{"QuoteInside", "a\"b,c\n", {{"a\"b", "c"}}}),
    [](const auto& one) { return one.param.name; });

TEST(Csv, NamesTheLineOfAFault)
{
    csv_reader open("a,b\n\"c,d\ne,f\n", ',');
    EXPECT_TRUE(open.next());
    EXPECT_FALSE(open.next());
    EXPECT_EQ(open.fault(), "a quote that never closes");
    EXPECT_EQ(open.fault_line(), 2U);

    csv_reader behind("a\n\"b\" c,d\n", ',');
    behind.next();
    EXPECT_FALSE(behind.next());
    EXPECT_EQ(behind.fault_line(), 2U);
    EXPECT_FALSE(behind.next()) << "a fault is final";

    const auto long_cell = std::string(csv_cell_limit_bytes + 1, 'x');
    for (const auto& text : {long_cell, "\"" + long_cell + "\"", std::string(300, ',')}) {
        csv_reader beyond(text, ',');
        EXPECT_FALSE(beyond.next());
        EXPECT_FALSE(beyond.fault().empty());
    }
}

TEST(Csv, LinesAreCountedAcrossQuotes)
{
    csv_reader reader("h\n\"a\nb\"\nc\n", ',');
    EXPECT_EQ(reader.next()->line, 1U);
    EXPECT_EQ(reader.next()->line, 2U);
    EXPECT_EQ(reader.next()->line, 4U);
}

TEST(Csv, TheDelimiterOfTheFirstLineIsUsed)
{
    EXPECT_EQ(guess_delimiter("a;b;c,d\n", ",;\t"), ';');
    EXPECT_EQ(guess_delimiter("\"a,b,c\";d\n,,,,", ",;\t"), ';');
    EXPECT_EQ(guess_delimiter("a\tb", ",;\t"), '\t');
    EXPECT_EQ(guess_delimiter("a", ";,"), ';');
}

// Whatever is written as CSV is read back; whatever bytes there are, reading ends.
TEST(Csv, WhatWasWrittenIsReadBack)
{
    std::mt19937 random(20261122);
    constexpr std::string_view letters = "ab,;\"\n\r \xC4\x91";
    for (int round = 0; round < 500; ++round) {
        std::vector<cells> table(1 + random() % 5);
        std::string text;
        for (auto& row : table) {
            row.resize(1 + random() % 5);
            for (std::size_t i = 0; i < row.size(); ++i) {
                for (auto left = random() % 8; left > 0; --left)
                    row[i] += letters[random() % letters.size()];
                text += (i > 0 ? "," : "") + csv_cell(row[i], ',');
            }
            text += round % 2 == 0 ? "\n" : "\r\n";
        }
        ASSERT_EQ(read_all(text), table) << text;
    }
}

TEST(Csv, AnyBytesEndSomehow)
{
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes(random() % 200, '\0');
        for (auto& byte : bytes)
            byte = random() % 3 == 0 ? "\",\n\r;"[random() % 5] : static_cast<char>(random());
        std::size_t size = 0;
        for (const auto& row : read_all(bytes))
            for (const auto& cell : row)
                size += cell.size();
        EXPECT_LE(size, bytes.size());
    }
}

} // namespace
} // namespace motcua::dossiers
