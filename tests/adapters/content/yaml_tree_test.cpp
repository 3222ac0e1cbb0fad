#include "yaml_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace motcua::content {
namespace {

yaml_fault fault_of(const std::string& bytes)
{
    const auto parsed = parse_yaml(bytes);
    const auto* fault = std::get_if<yaml_fault>(&parsed);
    return fault == nullptr ? yaml_fault{0, "no fault"} : *fault;
}

TEST(ParseYaml, KeepsOrderLinesAndTheWrittenForm)
{
    const auto parsed = parse_yaml("b: 1.000080\na:\n  - \"có: dấu\"\n  - ~\n  -\n");
    const auto* root = std::get_if<yaml_value>(&parsed);
    ASSERT_NE(root, nullptr);
    ASSERT_EQ(root->entries.size(), 2U);
    EXPECT_EQ(root->entries[0].key, "b");
    EXPECT_EQ(root->entries[0].value.scalar, "1.000080");
    const auto& list = root->entries[1];
    EXPECT_EQ(list.line, 2U);
    ASSERT_EQ(list.value.items.size(), 3U);
    EXPECT_EQ(list.value.items[0].scalar, "có: dấu");
    EXPECT_EQ(list.value.items[0].line, 3U);
    EXPECT_EQ(list.value.items[1].is, yaml_value::kind::null);
    EXPECT_EQ(list.value.items[2].is, yaml_value::kind::null);
}

TEST(ParseYaml, NothingIsNull)
{
    for (const char* bytes : {"", "\n\n", "# only a comment\n"}) {
        const auto parsed = parse_yaml(bytes);
        ASSERT_TRUE(std::holds_alternative<yaml_value>(parsed)) << bytes;
        EXPECT_EQ(std::get<yaml_value>(parsed).is, yaml_value::kind::null);
    }
}

TEST(ParseYaml, ByteOrderMarkIsNoContent)
{
    const auto parsed = parse_yaml("\xEF\xBB\xBF"
                                   "a: b\n");
    ASSERT_TRUE(std::holds_alternative<yaml_value>(parsed));
    EXPECT_EQ(std::get<yaml_value>(parsed).entries.at(0).key, "a");
}

TEST(ParseYaml, HostileInputIsAFault)
{
    constexpr std::size_t many = 200'000;
    std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
    for (char name = 'b'; name <= 'i'; ++name) {
        const std::string before(1, static_cast<char>(name - 1));
        bomb += std::string(1, name) + ": &" + name + " [*" + before + ", *" + before + "]\n";
    }
    EXPECT_EQ(fault_of(bomb).line, 2U);
    EXPECT_THAT(fault_of(bomb).message, testing::HasSubstr("aliases"));
    EXPECT_THAT(fault_of(std::string(many, '[')).message, testing::HasSubstr("deeply"));
    EXPECT_THAT(fault_of(std::string(many, '{')).message, testing::HasSubstr("deeply"));
    std::string steps;
    for (std::size_t depth = 0; depth < 1'000; ++depth)
        steps += std::string(depth, ' ') + "a:\n";
    EXPECT_THAT(fault_of(steps).message, testing::HasSubstr("deeply"));
    std::string dashes;
    for (std::size_t i = 0; i < many; ++i)
        dashes += "- ";
    EXPECT_THAT(fault_of(dashes).message, testing::HasSubstr("deeply"));
    std::string items = "[";
    for (std::size_t i = 0; i <= yaml_value_limit; ++i)
        items += "a,";
    EXPECT_THAT(fault_of(items).message, testing::HasSubstr("too many values"));
    EXPECT_EQ(fault_of(std::string("a: b\nc\0d: e\n", 12)).line, 2U);
    EXPECT_EQ(fault_of("? [a, b]\n: c\n").line, 1U);
}

// Damaged content never ends the program: every edit of a real file gives a tree or a fault.
TEST(ParseYaml, DamagedFilesAreSurvived)
{
    const std::string sound =
        "%YAML 1.2\n---\nintent: fee # x\ntitle: 'a'\nexamples:\n  - \"b \\u1EC7\"\n  - |\n    c\n"
        "  - {text: d, intent: [e, f]}\n  - &g !!str h\n? i\n: >-\n  j\n...\n";
    std::mt19937 random(20200101);
    for (int round = 0; round < 3'000; ++round) {
        std::string damaged = sound;
        for (std::uint32_t edits = 1 + random() % 4; edits > 0; --edits) {
            const std::size_t at = random() % damaged.size();
            constexpr std::string_view letters = "-:?[]{}&*!|>'\"%@#,\n\t \\x\xff\xf0";
            switch (random() % 3) {
            case 0:
                damaged[at] = letters[random() % letters.size()];
                break;
            case 1:
                damaged.insert(at, 1, letters[random() % letters.size()]);
                break;
            default:
                damaged.erase(at, 1 + random() % 5);
            }
        }
        const auto parsed = parse_yaml(damaged);
        if (const auto* fault = std::get_if<yaml_fault>(&parsed)) {
            EXPECT_GE(fault->line, 1U);
            EXPECT_FALSE(fault->message.empty());
        }
    }
}

} // namespace
} // namespace motcua::content
