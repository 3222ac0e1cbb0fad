#include <gtest/gtest.h>
#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/text/slots.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace motcua::complaints {
namespace {

constexpr std::chrono::year_month_day today{
    std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};

TEST(ReceiptCode, IsReadBackHoweverItIsTyped)
{
    const auto code = make_receipt_code(today, 7);
    EXPECT_TRUE(code.starts_with("PA-261122-0007"));
    ASSERT_EQ(code.size(), 15U);
    const auto digits = code.substr(3, 6) + code.substr(10, 4);
    const auto letter = code.back();
    std::string small = code;
    std::ranges::transform(small, small.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    for (const auto& typed :
         {code,
          small,
          "PA" + digits + letter,
          "pa " + code.substr(3, 6) + " " + code.substr(10, 4) + " " + letter,
          "PA.261122.0007-" + std::string(1, letter),
          "  " + code + "\n"})
        EXPECT_EQ(parse_receipt_code(typed), code) << typed;
}

TEST(ReceiptCode, AnySingleCharacterReplacedIsNoticed)
{
    const std::string all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (const int number : {1, 7, 42, 975, 9999, 10000, 123456}) {
        const auto code = make_receipt_code(today, number);
        ASSERT_EQ(parse_receipt_code(code), code);
        for (std::size_t at = 0; at < code.size(); ++at) {
            if (code[at] == '-')
                continue;
            for (const char other : all) {
                auto wrong = code;
                wrong[at] = other;
                if (wrong != code) {
                    EXPECT_EQ(parse_receipt_code(wrong), std::nullopt) << wrong;
                }
            }
        }
    }
}

TEST(ReceiptCode, SwappedNeighboursAreNoticed)
{
    for (int number = 1; number < 10000; number += 37) {
        auto plain = make_receipt_code(today, number);
        std::erase(plain, '-');
        for (std::size_t at = 0; at + 1 < plain.size(); ++at) {
            auto wrong = plain;
            std::swap(wrong[at], wrong[at + 1]);
            if (wrong != plain) {
                EXPECT_EQ(parse_receipt_code(wrong), std::nullopt) << wrong;
            }
        }
    }
}

TEST(ReceiptCode, NeverHasTheShapeOfADossierCode)
{
    for (const int number : {1, 975, 9999, 12345678 % 1000000}) {
        for (const auto& slot : text::find_slots(make_receipt_code(today, number)))
            EXPECT_NE(slot.kind, text::slot_kind::dossier_code);
    }
}

TEST(ReceiptCode, OtherTextIsNone)
{
    for (const auto* text :
         {"",
          "P",
          "PA",
          "PA-",
          "PA-261122",
          "PA-261322-0007A",
          "PA-261122-0007",
          "PAPI",
          "000.00.04.H51-200221-0001",
          "XPA-261122-0007Q",
          "PA-261122-0007QX"})
        EXPECT_EQ(parse_receipt_code(text), std::nullopt) << text;
    EXPECT_EQ(parse_receipt_code(std::string(100'000, 'P')), std::nullopt);
    EXPECT_EQ(parse_receipt_code("PA" + std::string(100'000, '-')), std::nullopt);
}

TEST(ReceiptCode, ASlipIsToldFromOtherWords)
{
    auto wrong = make_receipt_code(today, 7);
    wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
    EXPECT_EQ(find_mistyped_code("mã " + wrong + " đâu"), wrong);
    EXPECT_EQ(find_mistyped_code("pa 261122 0007"), "PA 261122 0007");
    EXPECT_EQ(find_mistyped_code("PA-261122-0007 tới đâu"), "PA-261122-0007");
    for (const auto* text : {"", "P", "pa", "papi 2026", "PA 12", "spa 261122 0007"})
        EXPECT_EQ(find_mistyped_code(text), std::nullopt) << text;
}

TEST(ReceiptCode, IsFoundWithinASentence)
{
    const auto code = make_receipt_code(today, 7);
    const auto text = "cho hỏi phản ánh " + code + " tới đâu rồi";
    const auto found = find_receipt_code(text);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->code, code);
    EXPECT_EQ(text.substr(found->begin, found->end - found->begin), code);
    EXPECT_FALSE(find_receipt_code("pa tui chua co ma"));
}

} // namespace
} // namespace motcua::complaints
