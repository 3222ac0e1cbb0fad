#include <gtest/gtest.h>
#include <motcua/app/search_documents.hpp>

namespace motcua::app {
namespace {

const procedures::date today = std::chrono::year{2026} / 11 / 22;

procedures::procedure record(std::string code, std::string promulgator = "Bộ Tư pháp")
{
    procedures::procedure made;
    made.code = std::move(code);
    made.name = "Đăng ký khai sinh";
    made.promulgator = std::move(promulgator);
    made.at = procedures::level::commune;
    made.results = {"Giấy khai sinh"};
    made.field = "Hộ tịch";
    made.executing = {"UBND cấp xã"};
    return made;
}

std::vector<understand::search_document> documents_of(std::vector<procedures::procedure> records)
{
    return make_search_documents(
        procedures::catalogue(std::move(records)),
        {{"1.000001", {"làm khai sinh"}}},
        "Tây Ninh",
        today);
}

TEST(SearchDocuments, CarryNamesFieldLevelAndFolkNames)
{
    auto own = record("1.000001");
    own.local.aliases = {"khai sinh cho bé"};
    own.short_name = "Khai sinh";
    const auto made = documents_of({own});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(
        made[0].aliases,
        (std::vector<std::string>{"khai sinh cho bé", "Khai sinh", "làm khai sinh"}));
    EXPECT_EQ(made[0].result, "Giấy khai sinh");
    EXPECT_EQ(made[0].field, "Hộ tịch. UBND cấp xã");
    EXPECT_EQ(made[0].level, understand::level_hint::commune);
    EXPECT_TRUE(made[0].for_citizens);
}

// Another list of the same procedures, with codes of its own.
TEST(SearchDocuments, GiveFolkNamesByTheOfficialNameWhereTheCodeIsMissing)
{
    const auto made_from = [](std::vector<procedures::procedure> records) {
        return make_search_documents(
            procedures::catalogue(std::move(records)),
            {{"1.000001", {"làm khai sinh"}}},
            "Tây Ninh",
            today,
            {{"1.000001", "Đăng ký khai sinh"}});
    };
    auto same = record("A-1");
    same.name = "Thủ tục ĐĂNG KÝ KHAI SINH (cấp xã)";
    auto other = record("A-2");
    other.name = "Đăng ký lại khai sinh";
    const auto by_name = made_from({same, other});
    ASSERT_EQ(by_name.size(), 2U);
    EXPECT_EQ(by_name[0].aliases, std::vector<std::string>{"làm khai sinh"});
    EXPECT_TRUE(by_name[1].aliases.empty());

    const auto by_code = made_from({record("1.000001"), same});
    EXPECT_EQ(by_code[0].aliases, std::vector<std::string>{"làm khai sinh"});
    EXPECT_TRUE(by_code[1].aliases.empty());
}

TEST(SearchDocuments, LeaveOutWhatMustNotBeOffered)
{
    auto gone = record("1.000002");
    gone.in_catalogue = false;
    auto ended = record("1.000003");
    ended.valid_to = std::chrono::year{2026} / 1 / 1;
    EXPECT_TRUE(documents_of({gone, ended, record("1.000004", "UBND tỉnh An Giang")}).empty());
}

TEST(SearchDocuments, ARecordForEnterprisesOnlyIsNotForCitizens)
{
    auto one = record("1.000001");
    one.subjects = {"Doanh nghiệp"};
    EXPECT_FALSE(documents_of({one})[0].for_citizens);
    one.subjects = {"Doanh nghiệp", "Công dân Việt Nam"};
    EXPECT_TRUE(documents_of({one})[0].for_citizens);
}

TEST(SearchDocuments, OurOwnRecordsAreTheMostPopular)
{
    auto own = record("1.000005");
    own.from.from = procedures::origin::own;
    const auto made = documents_of({record("1.000001"), own, record("1.000006")});
    ASSERT_EQ(made.size(), 3U);
    EXPECT_GT(made[1].popularity, made[0].popularity);
    EXPECT_GT(made[0].popularity, made[2].popularity);
}

} // namespace
} // namespace motcua::app
