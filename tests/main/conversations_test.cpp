#include "content_loader.hpp"
#include "procedure_source.hpp"

#include <gtest/gtest.h>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/core/dialogue/step.hpp>
#include <motcua/simulator/conversation_script.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>

// Every conversation of tests/conversations on the pure core: understanding and step(), no socket
// and no database.
namespace motcua {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const fs::path source_folder = MOTCUA_SOURCE_DIR;
const fs::path national_data = fs::path(MOTCUA_SHARED_DIR) / "tthc-raw";
const utc_time noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 5h;

app::content load(const std::vector<fs::path>& procedure_files)
{
    configuration config;
    config.content.intents = source_folder / "intents";
    config.content.data = source_folder / "data";
    std::vector<procedures::procedure> records;
    for (const auto& file : procedure_files)
        std::ranges::move(content::read_procedures(file).records, std::back_inserter(records));
    return load_content(
        config, procedures::catalogue(std::move(records)), MOTCUA_TEST_CACHE, vietnam_date(noon));
}

std::vector<std::string> scripts()
{
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(source_folder / "tests/conversations"))
        files.push_back(entry.path().string());
    std::ranges::sort(files);
    return files;
}

std::vector<simulator::heard_message>
as_heard(const std::vector<dialogue::outgoing_message>& messages)
{
    std::vector<simulator::heard_message> heard;
    for (const auto& message : messages) {
        heard.push_back({.text = message.text, .buttons = {}});
        for (const auto& button : message.buttons)
            heard.back().buttons.emplace_back(button.title, button.payload);
    }
    return heard;
}

// The event the platform would send for the turn.
dialogue::inbound_event event_of(
    const simulator::conversation_script& script,
    const simulator::exchange& turn,
    const std::vector<simulator::heard_message>& last)
{
    using simulator::deed;
    dialogue::inbound_event event;
    event.kind = dialogue::event_kind::text;
    event.user_id = "citizen";
    event.text = simulator::what_to_send(script, turn, last);
    const auto attach = [&event](const char* type) {
        event.kind = dialogue::event_kind::media;
        event.attachments.emplace_back().type = type;
    };
    switch (turn.does) {
    case deed::says:
    case deed::taps:
        break;
    case deed::sends_photo:
        attach("image");
        break;
    case deed::sends_file:
        attach("file");
        event.text.clear();
        break;
    case deed::sends_voice:
        attach("audio");
        break;
    case deed::sends_place: {
        const auto [latitude, longitude] = simulator::place_of(event.text);
        event.kind = dialogue::event_kind::location;
        event.where = dialogue::coordinates{latitude, longitude};
        event.text.clear();
        break;
    }
    case deed::follows:
        event.kind = dialogue::event_kind::follow;
        break;
    case deed::unfollows:
        event.kind = dialogue::event_kind::unfollow;
        break;
    case deed::officer_writes:
        event.kind = dialogue::event_kind::echo;
        event.admin_id = "officer";
        break;
    }
    return event;
}

void play(const std::string& file, const app::content& content)
{
    const auto script = simulator::read_conversation(file);
    dialogue::conversation conversation;
    std::vector<simulator::heard_message> last;
    auto now = noon;
    for (const auto& turn : script.exchanges) {
        auto event = event_of(script, turn, last);
        event.at = now += 1min;
        understand::understood heard;
        if (dialogue::needs_understanding(event))
            heard = content.understander->understand(event.text);
        auto outcome = dialogue::step(conversation, event, heard, *content.knowledge, now);
        conversation = outcome.next;
        last = as_heard(outcome.messages);
        for (const auto& complaint : simulator::unmet(script, turn, last))
            ADD_FAILURE() << complaint;
    }
}

class Conversation : public testing::TestWithParam<std::string>
{
};

TEST_P(Conversation, GoesAsWritten)
{
    static const auto content = load({source_folder / "data/procedures"});
    play(GetParam(), content);
}

std::string name_of(const testing::TestParamInfo<std::string>& script)
{
    auto name = fs::path(script.param).stem().string();
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Scripts, Conversation, testing::ValuesIn(scripts()), name_of);

// The same with the national export beside our own records: thousands of look-alikes.
TEST(Conversations, GoAsWrittenAmongThousandsOfProcedures)
{
    if (!fs::exists(national_data))
        GTEST_SKIP() << "no national export here";
    const auto content = load(
        {source_folder / "data/procedures",
         national_data / "unified-commune.jsonl",
         national_data / "unified-province.jsonl.gz",
         national_data / "unified-ministry.jsonl.gz",
         national_data / "unified-other-provinces.jsonl.gz"});
    ASSERT_GE(content.knowledge->procedures.all().size(), 3000U);
    for (const auto& file : scripts())
        play(file, content);
}

TEST(Conversations, ThereAreEnoughOfThem)
{
    EXPECT_GE(scripts().size(), 25U);
}

} // namespace
} // namespace motcua
