#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/core/understand/gazetteer.hpp>

#include <string>
#include <vector>

namespace motcua::understand {
namespace {

std::vector<commune> some_communes()
{
    const auto made = [](std::string code,
                         std::string name,
                         std::vector<former_unit> former,
                         std::vector<std::string> aliases = {}) {
        commune one;
        one.code = std::move(code);
        one.name = std::move(name);
        one.former = std::move(former);
        one.aliases = std::move(aliases);
        return one;
    };
    return {
        made(
            "25459",
            "phường Tân Ninh",
            {{"phường 1", "thành phố Tây Ninh"},
             {"phường 2", "thành phố Tây Ninh"},
             {"xã Thái Bình", ""}},
            {"thành phố Tây Ninh"}),
        made("27694", "phường Long An", {{"phường 1", "thành phố Tân An"}, {"phường 4", ""}}),
        made("25645", "phường Hòa Thành", {{"xã Long Thành Nam", ""}}),
        made("25630", "phường Long Hoa", {{"phường Long Thành Bắc", ""}, {"phường Long Hoa", ""}}),
        made(
            "25486", "xã Tân Biên", {{"xã Tân Bình", "huyện Tân Biên"}, {"thị trấn Tân Biên", ""}}),
        made("25480", "phường Bình Minh", {{"xã Tân Bình", "thành phố Tây Ninh"}, {"xã Phan", ""}}),
        made("25489", "xã Tân Lập", {{"xã Thạnh Bắc", ""}}),
        made("27943", "xã An Ninh", {{"xã An Ninh Đông", ""}, {"xã An Ninh Tây", ""}}),
        made("25585", "xã Châu Thành", {{"xã Thái Bình", ""}}),
    };
}

struct place_case
{
    std::string name;
    std::string message;
    std::vector<std::string> codes;
};

void PrintTo(const place_case& one, std::ostream* out)
{
    *out << one.message;
}

class Places : public testing::TestWithParam<place_case>
{
};

TEST_P(Places, AreFound)
{
    const gazetteer places(some_communes());
    const text::normaliser words{text::lexicon{}};
    std::vector<std::string> codes;
    for (const commune* one : places.find(words.normalise(GetParam().message)))
        codes.push_back(one->code);
    EXPECT_EQ(codes, GetParam().codes);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    Places,
    testing::Values(
        place_case{"FullName", "nộp ở xã Tân Biên được không", {"25486"}},
        place_case{"WithoutPrefix", "em ở long hoa", {"25630"}},
        place_case{"WithoutMarks", "phuong hoa thanh o dau", {"25645"}},
        place_case{"ShortPrefix", "p. tân ninh", {"25459"}},
        place_case{"ShortPrefixWithoutDot", "p tan ninh", {"25459"}},
        place_case{"ShortCommunePrefix", "x. tân lập", {"25489"}},
        place_case{"FormerName", "xã Long Thành Nam cũ", {"25645"}},
        place_case{"PresentBeforeFormer", "long hoa với thái bình", {"25630", "25459", "25585"}},
        place_case{"AmbiguousFormerName", "xã tân bình", {"25486", "25480"}},
        place_case{"DistrictNarrows", "xã tân bình huyện tân biên", {"25486"}},
        place_case{"AmbiguousNumber", "phường 1", {"25459", "27694"}},
        place_case{"NumberWithTown", "phường 1 thành phố tân an", {"27694"}},
        place_case{"NumberAlone", "em cần 1 bản", {}},
        place_case{"LoneSyllableAlone", "phan", {}},
        place_case{"LoneSyllableWithPrefix", "xã phan", {"25480"}},
        place_case{"MarksMustAgree", "tân lắp", {}},
        place_case{"LongerNameWins", "xã an ninh đông", {"27943"}},
        place_case{"KindNarrows", "thị trấn tân biên", {"25486"}},
        place_case{"AliasOfATown", "ở thành phố tây ninh", {"25459"}},
        place_case{"Nothing", "làm khai sinh cần gì", {}},
        place_case{"Empty", "", {}}),
    [](const auto& one) { return one.param.name; });

TEST(Gazetteer, FindsByCode)
{
    const gazetteer places(some_communes());
    ASSERT_NE(places.by_code("25630"), nullptr);
    EXPECT_EQ(places.by_code("25630")->name, "phường Long Hoa");
    EXPECT_EQ(places.by_code("1"), nullptr);
    EXPECT_EQ(places.all().size(), 9U);
}

TEST(Gazetteer, EmptyListFindsNothing)
{
    const gazetteer places({});
    const text::normaliser words{text::lexicon{}};
    EXPECT_TRUE(places.find(words.normalise("xã Tân Biên")).empty());
}

TEST(Gazetteer, StaysValidWhenMoved)
{
    gazetteer places(some_communes());
    const commune* before = places.by_code("25630");
    const gazetteer moved = std::move(places);
    EXPECT_EQ(moved.by_code("25630"), before);
}

} // namespace
} // namespace motcua::understand
