#include "content_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace motcua::content {
namespace {

using testing::AllOf;
using testing::Field;
using testing::HasSubstr;

struct fault
{
    std::string name;
    std::string file;
    std::string replaced; // by
    std::string by;
    std::string said;
};

class ComplaintFault : public testing::TestWithParam<fault>
{
};

std::string shipped(const std::string& file)
{
    std::ifstream in(std::filesystem::path(MOTCUA_SOURCE_DIR) / "data" / file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

TEST_P(ComplaintFault, IsFoundWithItsLine)
{
    const auto& one = GetParam();
    const content_directory directory;
    directory.write_sound_content();
    auto text = shipped(one.file);
    const auto at = text.find(one.replaced);
    ASSERT_NE(at, std::string::npos);
    const auto line = 1 + static_cast<std::size_t>(std::count(
                              text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    text.replace(at, one.replaced.size(), one.by);
    directory.write("data/" + one.file, text);
    const auto read = read_knowledge(directory.intents(), directory.data());
    EXPECT_THAT(
        read.findings,
        testing::Contains(
            AllOf(Field(&finding::message, HasSubstr(one.said)), Field(&finding::line, line))));
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    ComplaintFault,
    testing::Values(
        fault{
            "state",
            "complaint-workflow.yml",
            "to: needs_more, by: [officer, coordinator], needs: [message], limit: ask}",
            "to: needs, by: [officer]}",
            "unknown state 'needs'"},
        fault{
            "role",
            "complaint-workflow.yml",
            "by: [officer, coordinator], needs: [unit], limit",
            "by: [boss], needs: [unit], limit",
            "unknown role 'boss'"},
        fault{
            "input",
            "complaint-workflow.yml",
            "needs: [unit], limit: accept}",
            "needs: [money]}",
            "unknown input 'money'"},
        fault{
            "limit",
            "complaint-workflow.yml",
            "needs: [unit], limit: accept}",
            "limit: accepted}",
            "unknown limit 'accepted'"},
        fault{
            "days",
            "complaint-workflow.yml",
            "{id: accept, days: 2, from: state}",
            "{id: accept, days: two, from: state}",
            "must be a number"},
        fault{
            "origin",
            "complaint-workflow.yml",
            "{id: accept, days: 2, from: state}",
            "{id: accept, days: 2, from: noon}",
            "'from' is one of"},
        fault{
            "bound",
            "complaint-workflow.yml",
            "messages: 20 ",
            "messages: 2000 ",
            "within 1 and 100"},
        fault{
            "time",
            "complaint-workflow.yml",
            "quiet_from: \"21:00\"",
            "quiet_from: \"25:00\"",
            "time of day"},
        fault{
            "weekend",
            "calendar.yml",
            "{day: 2025-01-01, name: Tết",
            "{day: 2025-01-04, name: Tết",
            "free anyway"},
        fault{
            "no_day",
            "calendar.yml",
            "{day: 2025-01-01, name: Tết",
            "{day: 2025-02-30, name: Tết",
            "is no day"},
        fault{
            "workday_worked",
            "calendar.yml",
            "{day: 2025-04-26, worked",
            "{day: 2025-04-25, worked",
            "only a Saturday or Sunday"},
        fault{
            "class",
            "complaint-categories.yml",
            "about: conduct\n    children",
            "about: people\n    children",
            "unknown class of complaints 'people'"}),
    [](const auto& one) { return one.param.name; });

TEST(ComplaintFiles, TheShippedOnesAreSound)
{
    const content_directory directory;
    directory.write_sound_content();
    const auto read = read_knowledge(directory.intents(), directory.data());
    EXPECT_THAT(read.findings, testing::IsEmpty());
    EXPECT_TRUE(read.known.complaints.intake.open);
    EXPECT_EQ(read.known.complaints.flow.all().states.size(), 13U);
}

} // namespace
} // namespace motcua::content
