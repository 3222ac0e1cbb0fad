#include <gtest/gtest.h>
#include <motcua/core/dossiers/dossier.hpp>

namespace motcua::dossiers {
namespace {

using kind = proof_rule::kind;
using namespace std::chrono_literals;

TEST(Dossier, TheTenStatesHaveNamesOfTheirOwn)
{
    std::vector<std::string_view> names;
    for (int number = 1; number <= status_count; ++number) {
        const auto at = status_from_number(number);
        ASSERT_TRUE(at);
        EXPECT_EQ(std::count(names.begin(), names.end(), name(*at)), 0);
        names.push_back(name(*at));
    }
    EXPECT_FALSE(status_from_number(0));
    EXPECT_FALSE(status_from_number(11));
    EXPECT_TRUE(is_final(status::returned));
    EXPECT_FALSE(is_final(status::done)) << "it has still to be fetched";
}

struct code_case
{
    std::string typed;
    std::string canonical;
};

class Code : public testing::TestWithParam<code_case>
{
};

TEST_P(Code, HasOneSpelling)
{
    EXPECT_EQ(canonical_code(GetParam().typed), GetParam().canonical);
    EXPECT_EQ(canonical_code(canonical_code(GetParam().typed)), GetParam().canonical);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes,
    Code,
    testing::Values(
        code_case{"H15.50.05.13-261008-0975", "H15.50.05.13-261008-0975"},
        code_case{"h15 50 05 13 - 261008 - 0975", "H15.50.05.13-261008-0975"},
        code_case{"000.00.04.H51-200221-0001", "000.00.04.H51-200221-0001"},
        code_case{" 0123456 ", "0123456"}, // a ministry's
        code_case{"bxd-2026/001234", "BXD-2026/001234"},
        code_case{"12345", ""},
        code_case{"hồ sơ của tôi", ""},
        code_case{"", ""},
        code_case{std::string(80, '1'), ""}));

TEST(Code, IsFoundInASentence)
{
    EXPECT_EQ(
        find_code("cho em hỏi hồ sơ h15.50.05.13-261008-0975 tới đâu", false),
        "H15.50.05.13-261008-0975");
    EXPECT_EQ(find_code("mã của em là 0012345, cảm ơn", true), "0012345");
    EXPECT_EQ(find_code("mã của em là 0012345", false), "") << "only when a code was asked for";
    EXPECT_EQ(find_code("gọi em số 0912345678", true), "") << "a telephone number is no code";
    EXPECT_EQ(find_code("chưa có mã", true), "");
}

TEST(Code, IsMaskedForLogs)
{
    EXPECT_EQ(masked_code("H15.50.05.13-261008-0975"), "H15…75");
    EXPECT_EQ(masked_code("12345"), "…");
}

struct proof_case
{
    std::string name;
    std::string typed;
    proof_rule rule;
    std::string expected;
};

class Proof : public testing::TestWithParam<proof_case>
{
};

TEST_P(Proof, IsReadFromWhatIsTyped)
{
    EXPECT_EQ(typed_proof(GetParam().typed, GetParam().rule), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Typed,
    Proof,
    testing::Values(
        proof_case{"Phone", "0912 345 678", {.is = kind::phone}, "0912345678"},
        proof_case{"PhoneInWords", "sđt em là 0912.345.678 ạ", {.is = kind::phone}, "0912345678"},
        proof_case{"PhoneAbroad", "+84912345678", {.is = kind::phone}, "0912345678"},
        proof_case{"NoPhone", "5678", {.is = kind::phone}, ""},
        proof_case{"Tail", "5678", {.digits = 4}, "5678"},
        proof_case{"TailInWords", "4 số cuối là 5678", {.digits = 4}, "5678"},
        proof_case{"TailOfThePhone", "0912345678", {.digits = 4}, "5678"},
        proof_case{"TailTooLong", "45678", {.digits = 4}, ""},
        proof_case{"TwoTails", "5678 hay 8765", {.digits = 4}, ""},
        proof_case{"DigitsOfTheCodeAreNone", "H15.50.05.13-261008-0975", {.digits = 4}, ""},
        proof_case{"BesideTheCode", "H15.50.05.13-261008-0975 đuôi 5678", {.digits = 4}, "5678"},
        proof_case{"Words", "em quên rồi", {.digits = 4}, ""}),
    [](const auto& one) { return one.param.name; });

TEST(Proof, IsReadFromWhatTheSourceHolds)
{
    EXPECT_EQ(held_proof("0912.345.678", {.is = kind::phone}), "0912345678");
    EXPECT_EQ(held_proof("912345678", {.is = kind::phone}), "0912345678")
        << "a spreadsheet drops the zero";
    EXPECT_EQ(held_proof("09xxxxx678", {.is = kind::phone}), "");
    EXPECT_EQ(held_proof("09xxxx5678", {.digits = 4}), "5678");
    EXPECT_EQ(held_proof("09xxxxx678", {.digits = 4}), "");
    EXPECT_EQ(held_proof("", {.digits = 4}), "");
}

TEST(Proof, SealsAreComparedWhole)
{
    EXPECT_TRUE(same_seal("abcd", "abcd"));
    EXPECT_FALSE(same_seal("abcd", "abce"));
    EXPECT_FALSE(same_seal("abcd", "abc"));
    EXPECT_FALSE(same_seal("", "")) << "without a proof nobody can prove anything";
    EXPECT_NE(to_be_sealed("A", "5678", {}), to_be_sealed("B", "5678", {}));
    EXPECT_NE(to_be_sealed("A", "5678", {.digits = 4}), to_be_sealed("A", "5678", {.digits = 5}));
}

TEST(Dossier, IsLateOnlyWhileInHandAndAfterItsDay)
{
    dossier what;
    what.at = status::processing;
    what.due = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20);
    const utc_time last_moment = std::chrono::sys_days(std::chrono::year{2026} / 11 / 20) + 16h;
    EXPECT_FALSE(is_late(what, last_moment));
    EXPECT_TRUE(is_late(what, last_moment + 1h)) << "midnight in Vietnam";
    what.at = status::needs_papers;
    EXPECT_FALSE(is_late(what, last_moment + 24h)) << "the clock stands";
}

} // namespace
} // namespace motcua::dossiers
