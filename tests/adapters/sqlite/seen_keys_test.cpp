#include "seen_keys.hpp"

#include <gtest/gtest.h>

#include <set>

namespace motcua::sqlite {
namespace {

std::set<std::int64_t> rows_with(const seen_keys& keys, std::uint32_t bits)
{
    std::set<std::int64_t> rows;
    keys.any(bits, [&rows](std::int64_t row) {
        rows.insert(row);
        return false;
    });
    return rows;
}

std::uint32_t spread(std::int64_t row)
{
    return static_cast<std::uint32_t>(row) * 2654435761U;
}

TEST(SeenKeys, FindsEveryRowOfAKeyAndNoOther)
{
    seen_keys keys;
    EXPECT_EQ(rows_with(keys, 7), std::set<std::int64_t>{});
    keys.insert(7, 1);
    keys.insert(7, 2);
    keys.insert(7 + 1024, 3); // the same place in the table
    EXPECT_EQ(rows_with(keys, 7), (std::set<std::int64_t>{1, 2}));
    EXPECT_EQ(rows_with(keys, 7 + 1024), std::set<std::int64_t>{3});
    EXPECT_EQ(rows_with(keys, 8), std::set<std::int64_t>{});
    EXPECT_TRUE(keys.any(7, [](std::int64_t row) { return row == 2; }));
    EXPECT_FALSE(keys.any(7, [](std::int64_t row) { return row == 3; }));
}

TEST(SeenKeys, KeepsAllWhileItGrows)
{
    constexpr std::int64_t count = 200'000;
    seen_keys keys;
    for (std::int64_t row = 1; row <= count; ++row)
        keys.insert(spread(row), row);
    EXPECT_EQ(keys.size(), static_cast<std::size_t>(count));
    for (std::int64_t row = 1; row <= count; ++row)
        ASSERT_TRUE(rows_with(keys, spread(row)).contains(row));
}

TEST(SeenKeys, ForgetsTheOlderHalfWhenFull)
{
    seen_keys keys(1000);
    for (std::int64_t row = 1; row <= 1001; ++row)
        keys.insert(spread(row), row);
    EXPECT_LE(keys.size(), 501U);
    EXPECT_TRUE(rows_with(keys, spread(1)).empty());
    for (std::int64_t row = 502; row <= 1001; ++row)
        ASSERT_TRUE(rows_with(keys, spread(row)).contains(row)) << row;
    for (std::int64_t row = 1002; row <= 100'000; ++row)
        keys.insert(spread(row), row);
    EXPECT_LE(keys.size(), 1000U);
}

TEST(SeenKeys, StaysBoundedWhenOneRowComesAgainAndAgain)
{
    seen_keys keys(1000);
    for (int i = 0; i < 10'000; ++i)
        keys.insert(spread(i), 5);
    EXPECT_LE(keys.size(), 1000U);
}

TEST(SeenKeys, RowsBeyondItsReachAreNotRemembered)
{
    seen_keys keys;
    keys.insert(7, std::int64_t{1} << 32);
    keys.insert(7, 0);
    EXPECT_EQ(keys.size(), 0U);
}

} // namespace
} // namespace motcua::sqlite
