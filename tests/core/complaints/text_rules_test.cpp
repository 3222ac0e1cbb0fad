#include <gtest/gtest.h>
#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/complaints/text_rules.hpp>

#include <string>

namespace motcua::complaints {
namespace {

TEST(Masking, HidesIdentityNumbersAndKeepsTheRest)
{
    const auto masked = mask_identity_numbers(
        "CCCD 072090001234, CMND cũ 285123456 hoặc 285 123 457, BHXH 7912345678, "
        "CCCD 072090001234 của tôi.");
    EXPECT_EQ(masked.find("072090001234"), std::string::npos);
    EXPECT_EQ(masked.find("285123456"), std::string::npos);
    EXPECT_EQ(masked.find("285 123 457"), std::string::npos);
    EXPECT_EQ(masked.find("7912345678"), std::string::npos);
    EXPECT_NE(masked.find("34 của tôi"), std::string::npos);
    const auto code = make_receipt_code(std::chrono::year{2026} / 11 / 22, 7);
    for (const std::string& kept :
         {std::string("gọi 0912345678 giúp"),
          std::string("ngày 12/11/2026"),
          std::string("hồ sơ H15.50.05.13-261008-0975"),
          std::string("thủ tục 1.004222"),
          std::string("phản ánh ") + code,
          std::string("không có số nào"),
          std::string()})
        EXPECT_EQ(mask_identity_numbers(kept), kept);
}

TEST(Masking, TwiceChangesNothing)
{
    const auto once = mask_identity_numbers("số 072 090 001 234 và 079123456");
    EXPECT_EQ(mask_identity_numbers(once), once);
}

TEST(WithoutPerson, NothingThatLeadsToTheSenderStays)
{
    const contact sender{
        .anonymous = false,
        .name = "Trần Thị Thử",
        .phone = "0912345678",
        .address = "12 đường Số 3"};
    const auto code = make_receipt_code(std::chrono::year{2026} / 11 / 22, 7);
    const std::vector<std::pair<std::string, std::string>> table{
        {"Tôi là Trần Thị Thử, gọi 0912.345.678", "Tôi là [đã xóa], gọi [đã xóa]"},
        {"gọi +84 912 345 678\nhoặc 0276 3822 233", "gọi [đã xóa]\nhoặc [đã xóa]"},
        {"CCCD 072090001234", "CCCD [đã xóa]"},
        {"thư a.b@example.org  nhé @", "thư [đã xóa]  nhé @"},
        {"nhà 12 đường Số 3 ngập", "nhà [đã xóa] ngập"},
        {"phản ánh " + code, "phản ánh " + code},
        {"hồ sơ H15.50.05.13-261008-0975, thủ tục 1.004222, ngày 12/11/2026, 50.000 đồng",
         "hồ sơ H15.50.05.13-261008-0975, thủ tục 1.004222, ngày 12/11/2026, 50.000 đồng"},
        {"", ""}};
    for (const auto& [words, want] : table) {
        const auto once = without_person(words, sender);
        EXPECT_EQ(once, want);
        EXPECT_EQ(without_person(once, sender), once);
    }
    EXPECT_EQ(without_person("An nói", {.name = "An"}), "An nói") << "a syllable of other words";
}

TEST(Similarity, TellsRepetitionFromAnotherMatter)
{
    const std::string one =
        "Cán bộ một cửa xã Hòa Thành bắt tôi đi lại 5 lần mới nhận hồ sơ khai sinh";
    EXPECT_DOUBLE_EQ(similarity(one, one), 1.0);
    EXPECT_DOUBLE_EQ(
        similarity(
            one, "can bo mot cua xa hoa thanh bat toi di lai 5 lan moi nhan ho so khai sinh"),
        1.0);
    EXPECT_GE(
        similarity(
            one,
            "Tôi phản ánh: cán bộ một cửa xã Hòa Thành bắt tôi đi lại 5 lần mới chịu nhận hồ sơ "
            "khai sinh"),
        likely_duplicate_from);
    EXPECT_LT(
        similarity(one, "Lệ phí đăng ký kinh doanh ở phường Tân Ninh thu cao hơn niêm yết"),
        likely_duplicate_from);
    EXPECT_EQ(similarity("", one), 0);
    EXPECT_EQ(similarity("...", "..."), 0);
    EXPECT_EQ(similarity(one, "khác hẳn"), similarity("khác hẳn", one));
}

} // namespace
} // namespace motcua::complaints
