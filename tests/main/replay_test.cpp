#include "content_loader.hpp"
#include "data_folder.hpp"
#include "replay.hpp"

#include <gtest/gtest.h>
#include <motcua/adapters/content/procedure_files.hpp>
#include <unistd.h>

namespace motcua {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const utc_time beginning = std::chrono::sys_days(2026y / 11 / 2) + 2h;

class Replay : public testing::Test
{
protected:
    // Content whose keyword QUATANG answers `text`, and `word` something.
    static app::content with_keywords(const std::string& text, const std::string& word)
    {
        const fs::path source = MOTCUA_SOURCE_DIR;
        const auto folder = fs::path(testing::TempDir()) /
                            ("motcua-replay-" + word + "-" +
                             std::to_string(::getpid())); // tests run beside each other
        fs::remove_all(folder);
        auto plan = text_of(source / "tests/data/plans/2027.yml");
        const auto replace = [&plan](const std::string& from, const std::string& to) {
            plan.replace(plan.find(from), from.size(), to);
        };
        replace("code: BINHNUOC", "code: QUATANG");
        replace("Cảm ơn anh/chị đã nhận quà.", text);
        replace("code: TUIVAI", "code: " + word);
        configuration config;
        config.content.intents = make_intents_folder(folder);
        config.content.data = make_data_folder(folder, {{"2027.yml", plan}});
        auto records = content::read_procedures(source / "data/procedures").records;
        auto loaded =
            load_content(config, procedures::catalogue(std::move(records)), folder, 2026y / 11 / 2);
        fs::remove_all(folder);
        return loaded;
    }
    static const app::content& first()
    {
        static const auto content = with_keywords("Quà của năm nay.", "QWZXVBNMK");
        return content;
    }
    static const app::content& second()
    {
        static const auto content = with_keywords("Quà của năm sau.", "0912345678");
        return content;
    }

    void say(replay& to, const std::string& text, const std::string& user = "1001")
    {
        dialogue::inbound_event event;
        event.event_name = "user_send_text";
        event.kind = dialogue::event_kind::text;
        event.user_id = user;
        event.text = text;
        event.at = now_ += 1min;
        to.hear(event);
    }

    utc_time now_ = beginning;
};

TEST_F(Replay, TheSameContentAnswersTheSame)
{
    replay again(first(), first());
    for (const auto* text : {"#menu", "QUATANG", "qwzx vbnmk plkjh", "#answer:complaint"})
        say(again, text);
    EXPECT_EQ(again.messages(), 4U);
    EXPECT_TRUE(again.differences().empty());
}

TEST_F(Replay, WhatIsLostUnderstoodAndChangedIsCounted)
{
    replay again(first(), second());
    say(again, "QWZXVBNMK", "1001");
    say(again, "qwzxvbnmk", "1002");
    say(again, "0912345678", "1003");
    say(again, "quà tặng", "1004");
    say(again, "#menu", "1005");
    EXPECT_EQ(again.messages(), 5U);
    EXPECT_EQ(again.count(difference_kind::newly_lost), 2U);
    EXPECT_EQ(again.count(difference_kind::newly_understood), 1U);
    EXPECT_EQ(again.count(difference_kind::changed), 1U);
    const auto found = again.differences();
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].kind, difference_kind::newly_lost);
    EXPECT_EQ(found[0].before.intent, "keyword");
    EXPECT_EQ(found[2].text, "<phone>");
    EXPECT_EQ(found[3].text, "quà tặng");
    EXPECT_NE(found[3].after.said.find("năm sau"), std::string::npos);
}

TEST_F(Replay, WordsOfAComplaintAreNotShown)
{
    replay again(first(), second());
    say(again, "#answer:complaint");
    say(again, "#pa:agree");
    say(again, "QWZXVBNMK");
    for (const auto& one : again.differences()) {
        EXPECT_EQ(one.text, "(phản ánh, kiến nghị)");
        EXPECT_EQ(one.before.said, "");
        EXPECT_EQ(one.after.said, "");
    }
    EXPECT_EQ(again.differences().size(), 1U);
}

TEST(MostAllowed, IsANumberOrAShare)
{
    EXPECT_TRUE(most_allowed().holds(1000, 1000));
    EXPECT_TRUE(most_allowed("--max-lost", "2").holds(2, 1000));
    EXPECT_FALSE(most_allowed("--max-lost", "2").holds(3, 1000));
    EXPECT_TRUE(most_allowed("--max-lost", "2.5%").holds(25, 1000));
    EXPECT_FALSE(most_allowed("--max-lost", "2.5%").holds(26, 1000));
    EXPECT_FALSE(most_allowed("--max-lost", "0").holds(1, 1000));
    for (const auto* wrong : {"", "x", "2.5", "-1", "101%", "2 %"})
        EXPECT_THROW(most_allowed("--max-lost", wrong), std::runtime_error) << wrong;
}

} // namespace
} // namespace motcua
