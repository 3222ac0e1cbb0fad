#include "differing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace motcua::dialogue {
namespace {

struct names_and_question
{
    std::string name;
    std::vector<std::string> names; // of the candidates, best first
    std::string question;           // empty: none
    std::vector<std::string> titles;
};

class DifferingAttribute : public testing::TestWithParam<names_and_question>
{
};

TEST_P(DifferingAttribute, IsFound)
{
    std::vector<procedures::procedure> records;
    for (const auto& name : GetParam().names) {
        procedures::procedure record;
        record.code = "1.00000" + std::to_string(records.size());
        record.name = name;
        records.push_back(std::move(record));
    }
    std::vector<const procedures::procedure*> pointers;
    for (const auto& record : records)
        pointers.push_back(&record);

    const auto found = differing_attribute(pointers);
    EXPECT_EQ(found ? std::string(found->phrase) : std::string(), GetParam().question);
    std::vector<std::string> titles;
    if (found)
        for (const auto& value : found->values)
            titles.push_back(std::string(value.phrase) + value.number);
    EXPECT_EQ(titles, GetParam().titles);
}

INSTANTIATE_TEST_SUITE_P(
    Names,
    DifferingAttribute,
    testing::Values(
        names_and_question{
            "Action",
            {"Đổi giấy phép lái xe",
             "Cấp lại giấy phép lái xe",
             "Tích hợp thông tin trên thẻ căn cước",
             "Cấp giấy phép lái xe"},
            "ask_attribute.action",
            {"attribute.exchange", "attribute.reissue", "attribute.first"}},
        names_and_question{
            "RegisteredAgain",
            {"Đăng ký khai sinh", "Đăng ký lại khai sinh"},
            "ask_attribute.action",
            {"attribute.first", "attribute.reissue"}},
        names_and_question{
            "Foreign",
            {"Đăng ký kết hôn", "Đăng ký kết hôn có yếu tố nước ngoài"},
            "ask_attribute.foreign",
            {"attribute.domestic", "attribute.foreign"}},
        names_and_question{
            "Age",
            {"Cấp thẻ căn cước cho người từ đủ 14 tuổi trở lên",
             "Cấp thẻ căn cước cho người dưới 14 tuổi"},
            "ask_attribute.age",
            {"attribute.over14", "attribute.under14"}},
        names_and_question{
            "Level",
            {"Khóa căn cước điện tử (thực hiện tại cấp xã)",
             "Khóa căn cước điện tử (thực hiện tại cấp tỉnh)"},
            "ask_attribute.level",
            {"attribute.commune", "attribute.province"}},
        names_and_question{
            "OtherObject", {"Đăng ký tạm trú", "Gia hạn giấy phép xây dựng"}, "", {}},
        names_and_question{
            "OnlyTheThird", {"Đăng ký tạm trú", "Khai báo tạm vắng", "Gia hạn tạm trú"}, "", {}},
        names_and_question{"SameName", {"Đăng ký tạm trú", "Đăng ký tạm trú"}, "", {}},
        names_and_question{"One", {"Đăng ký tạm trú"}, "", {}}),
    [](const auto& test) { return test.param.name; });

} // namespace
} // namespace motcua::dialogue
