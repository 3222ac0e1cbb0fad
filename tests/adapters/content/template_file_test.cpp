#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/content/template_file.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace motcua::content {
namespace {

using ::testing::HasSubstr;

const auto data = std::filesystem::path(MOTCUA_SOURCE_DIR) / "data";
const auto shipped = data / "templates.yml";

const complaints::rules& rules()
{
    static const auto known =
        read_knowledge(std::filesystem::path(MOTCUA_SOURCE_DIR) / "intents", data);
    return known.known.complaints;
}

class TemplateFile : public ::testing::Test
{
protected:
    ~TemplateFile() override { std::filesystem::remove(file_); }

    // The first objection to the shipped file with one change.
    std::string objection_to(const std::string& from, const std::string& to)
    {
        std::ifstream in(shipped);
        std::ostringstream bytes;
        bytes << in.rdbuf();
        auto text = bytes.str();
        const auto at = text.find(from, text.find("templates:"));
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        std::ofstream(file_) << text;
        const auto read = read_templates(file_, rules());
        return read.findings.empty() ? std::string() : read.findings.front().message;
    }

    std::filesystem::path file_ =
        std::filesystem::path(::testing::TempDir()) /
        (std::string("templates-") +
         ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".yml");
};

TEST_F(TemplateFile, TheShippedTemplatesCanBeUsed)
{
    const auto read = read_templates(shipped, rules());
    for (const auto& one : read.findings)
        ADD_FAILURE() << one.line << ": " << one.message;
    ASSERT_GE(read.templates.size(), 10U);
    EXPECT_EQ(read.templates[0].title, "Đang kiểm tra");
    EXPECT_EQ(read.templates[0].transition, "");
    EXPECT_TRUE(read.templates[0].categories.empty());
    EXPECT_EQ(read.templates[5].categories, std::vector<std::string>{"delay"});
    EXPECT_EQ(read.templates[5].transition, "answer");
}

TEST_F(TemplateFile, WhatIsWrongIsNamed)
{
    EXPECT_THAT(objection_to("{{mã}}", "{{mả}}"), HasSubstr("unknown place '{{mả}}'"));
    EXPECT_THAT(objection_to("[delay]", "[late]"), HasSubstr("unknown category 'late'"));
    EXPECT_THAT(
        objection_to("transition: answer", "transition: withdraw"),
        HasSubstr("no transition of the staff: 'withdraw'"));
    EXPECT_THAT(objection_to("Đang kiểm tra", std::string(101, 'x')), HasSubstr("100 characters"));
    EXPECT_THAT(objection_to("Chào", std::string(2000, 'x')), HasSubstr("2000 characters"));
    EXPECT_THAT(objection_to("title: Đang", "tittle: Đang"), HasSubstr("tittle"));
    EXPECT_FALSE(read_templates(file_ / "none", rules()).findings.empty());
}

} // namespace
} // namespace motcua::content
