#include <gtest/gtest.h>
#include <motcua/core/dialogue/payload.hpp>

#include <string>
#include <vector>

namespace motcua::dialogue {
namespace {

using procedures::aspect;

class Written : public testing::TestWithParam<std::pair<std::string, payload>>
{
};

TEST_P(Written, ParsesToItsMeaning)
{
    const auto& [text, meaning] = GetParam();
    EXPECT_EQ(parse_payload(text), meaning);
}

TEST_P(Written, IsWrittenBackTheSame)
{
    const auto& [text, meaning] = GetParam();
    EXPECT_EQ(make_payload(meaning), text);
}

INSTANTIATE_TEST_SUITE_P(
    Payloads,
    Written,
    testing::Values(
        std::pair{"#menu", payload{.what = action::menu}},
        std::pair{"#back", payload{.what = action::back}},
        std::pair{"#confirm-erase", payload{.what = action::confirm_erase}},
        std::pair{"#field:ho-tich", payload{.what = action::field, .target = "ho-tich"}},
        std::pair{"#answer:thanks", payload{.what = action::answer, .target = "thanks"}},
        std::pair{"#commune:25630", payload{.what = action::commune, .target = "25630"}},
        std::pair{"#procedure:1.004222", payload{.what = action::procedure, .target = "1.004222"}},
        std::pair{
            "#procedure:1.004222:fee",
            payload{.what = action::procedure, .target = "1.004222", .aspect = aspect::fee}},
        std::pair{
            "#procedure:1.004222:overview:2",
            payload{.what = action::procedure, .target = "1.004222", .number = 2}},
        std::pair{
            "#case:1.004222:3:filing",
            payload{
                .what = action::filing_case,
                .target = "1.004222",
                .aspect = aspect::filing,
                .number = 3}}));

class NoPayload : public testing::TestWithParam<std::string>
{
};

TEST_P(NoPayload, IsRefused)
{
    EXPECT_EQ(parse_payload(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Payloads,
    NoPayload,
    testing::Values(
        "",
        "menu",
        "#",
        "#nothing",
        "#menu:1",
        "#Menu",
        "#field",
        "#field:",
        "#procedure",
        "#procedure:",
        "#procedure:1.004222:nonsense",
        "#procedure:1.004222:fee:0",
        "#procedure:1.004222:fee:-1",
        "#procedure:1.004222:fee:x",
        "#procedure:1.004222:fee:2:3",
        "#case:1.004222:3",
        "#case:1.004222:x:filing",
        "#danhgia:5",
        "#" + std::string(300, 'a')));

} // namespace
} // namespace motcua::dialogue
