#include "content_loader.hpp"
#include "demo_data.hpp"
#include "demo_talk.hpp"

#include <adapters/sqlite/temporary_store.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/files/attachment_directory.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>

namespace motcua {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Sunday, 22 November 2026, 10:00 local.
constexpr utc_time sunday = std::chrono::sys_days{2026y / 11 / 22} + 3h;
constexpr std::size_t many = 10'000;

const dialogue::knowledge& known()
{
    static const auto files = content::read_knowledge(
        fs::path(MOTCUA_SOURCE_DIR) / "intents", fs::path(MOTCUA_SOURCE_DIR) / "data");
    return files.known;
}

const demo_texts& texts()
{
    static const auto read = read_demo_texts(fs::path(MOTCUA_SOURCE_DIR) / "data" / "demo.yml");
    return read;
}

struct filled
{
    explicit filled(std::uint64_t seed = 1, std::size_t complaints = 300)
    {
        figures = fill_demo(
            *database, known(), texts(), {.seed = seed, .complaints = complaints, .now = sunday});
        database->run_now([this](app::transaction& on) {
            for (const auto& one : on.complaints().dated(0, many))
                dated.push_back(one);
            for (const auto& one : everybodys(on))
                cases.push_back(one);
        });
    }

    static std::vector<complaints::complaint> everybodys(app::transaction& on)
    {
        std::vector<complaints::complaint> all;
        for (std::uint64_t citizen = 9'000'000'000'000'000'000U;; ++citizen) {
            auto theirs = on.complaints().of_citizen(std::to_string(citizen), many);
            if (theirs.empty())
                return all;
            all.insert(all.end(), theirs.begin(), theirs.end());
        }
    }

    sqlite::temporary_folder folder;
    std::unique_ptr<sqlite::database> database = sqlite::open_database({.file = folder.file()});
    demo_figures figures;
    std::vector<complaints::complaint> cases;
    std::vector<complaints::complaint> dated; // something is still to come
};

const filled& usual()
{
    static const filled once;
    return once;
}

TEST(DemoData, PicturesAreThereWhereSomebodySentOne)
{
    const sqlite::temporary_folder folder;
    const auto database = sqlite::open_database({.file = folder.file()});
    const auto files =
        files::open_attachment_directory(folder.file().parent_path() / "attachments");
    fill_demo(
        *database,
        known(),
        texts(),
        {.seed = 1, .complaints = 60, .now = sunday, .files = files.get()});
    const auto reader = database->open_reader();
    EXPECT_GT(reader->attachments().stored, 10);
    EXPECT_EQ(reader->attachments().wanted + reader->attachments().fetching, 0);
    int shown = 0;
    for (std::int64_t id = 1; id <= reader->attachments().stored; ++id) {
        const auto found = reader->complaint_file(id);
        ASSERT_TRUE(found) << id;
        const auto file = files->open(found->file.file);
        ASSERT_TRUE(file) << id;
        EXPECT_TRUE(file->read(8).starts_with("\x89PNG"));
        ++shown;
    }
    EXPECT_EQ(shown, reader->attachments().stored);
}

TEST(DemoData, CitizensAskAreAnsweredAndCounted)
{
    configuration config;
    config.content.intents = fs::path(MOTCUA_SOURCE_DIR) / "intents";
    config.content.data = fs::path(MOTCUA_SOURCE_DIR) / "data";
    std::vector<procedures::procedure> records;
    for (const auto& entry : fs::directory_iterator(config.content.data / "procedures"))
        std::ranges::move(
            content::read_procedures(entry.path()).records, std::back_inserter(records));
    boost::asio::io_context io;
    const sqlite::temporary_folder folder;
    const auto database = sqlite::open_database({.file = folder.file()});
    const auto events = fill_demo_talk(
        {.io = io,
         .store = *database,
         .used = load_content(
             config,
             procedures::catalogue(std::move(records)),
             MOTCUA_TEST_CACHE,
             vietnam_date(sunday)),
         .pseudonym = [](std::string_view id) { return "of " + std::string(id); }},
        texts(),
        {.seed = 1, .complaints = 100, .now = sunday});
    EXPECT_GT(events, 250U);
    const auto reader = database->open_reader();
    EXPECT_EQ(reader->count("events"), static_cast<std::int64_t>(events));
    EXPECT_EQ(reader->count("interactions"), static_cast<std::int64_t>(events));
    EXPECT_GT(reader->count("unknown_messages"), 0);
    database->run_now([](app::transaction& on) {
        EXPECT_TRUE(on.claim_due(sunday + std::chrono::days(1), many).rows.empty());
    });
}

TEST(DemoData, ShowsEveryState)
{
    std::map<std::string, int> seen;
    for (const auto& one : usual().cases)
        ++seen[one.state];
    for (const auto& state : known().complaints.flow.all().states)
        EXPECT_GT(seen[state.id], 0) << state.id;
    EXPECT_EQ(usual().cases.size(), 300U);
    EXPECT_EQ(usual().figures.complaints, 300U);
}

TEST(DemoData, ShowsWhatAnOfficeKnows)
{
    std::set<std::string> categories;
    std::set<std::string> contents;
    int late = 0;
    int rated_low = 0;
    int unassigned = 0;
    for (const auto& one : usual().cases) {
        categories.insert(one.category);
        contents.insert(one.content);
        rated_low += one.rating == 1 || one.rating == 2 ? 1 : 0;
        const auto due = complaints::due_date(known().complaints, one);
        late += due && *due < sunday && one.state == "processing" ? 1 : 0;
        unassigned += one.state == "processing" && one.officer.empty() ? 1 : 0;
        EXPECT_FALSE(one.test) << "the database is marked instead";
        EXPECT_LE(one.updated_at, sunday);
        EXPECT_TRUE(one.from.anonymous || one.from.phone.starts_with("09000"));
    }
    EXPECT_EQ(categories.size(), texts().categories.size());
    EXPECT_GT(contents.size(), 200U) << "not the same few again and again";
    EXPECT_GT(late, 3);
    EXPECT_GT(rated_low, 0);
    EXPECT_GT(unassigned, 0);
    EXPECT_FALSE(usual().dated.empty());
}

TEST(DemoData, StaffWorkInOfficeHours)
{
    int seen = 0;
    usual().database->run_now([&seen](app::transaction& on) {
        for (const auto& one : usual().cases)
            for (const auto& line : on.complaints().history(one.id, 100)) {
                const auto by = line.by.role;
                if (by != complaints::role::officer && by != complaints::role::coordinator)
                    continue;
                ++seen;
                EXPECT_TRUE(known().complaints.calendar.is_open(line.at)) << one.code << line.what;
            }
    });
    EXPECT_GT(seen, 500);
}

TEST(DemoData, NothingIsLeftToSend)
{
    usual().database->run_now([](app::transaction& on) {
        const auto left = on.claim_due(sunday + std::chrono::days(1), many);
        EXPECT_TRUE(left.rows.empty());
        EXPECT_FALSE(left.next_due);
    });
}

TEST(DemoData, TheSameSeedGivesTheSame)
{
    const auto story_of = [](const filled& all) {
        std::string story;
        for (const auto& one : all.cases)
            story += one.code + one.state + one.content + one.from.name + one.message + "\n";
        return story;
    };
    const filled one(7, 40);
    const filled again(7, 40);
    const filled other(8, 40);
    EXPECT_EQ(story_of(one), story_of(again));
    EXPECT_NE(story_of(one), story_of(other));
}

TEST(DemoData, RealAndInventedNeverMeet)
{
    sqlite::temporary_folder folder;
    const auto database = sqlite::open_database({.file = folder.file()});
    EXPECT_NO_THROW(keep_demo_apart(*database, false)) << "empty, not marked";
    fill_demo(*database, known(), texts(), {.complaints = 1, .now = sunday});
    EXPECT_THROW(keep_demo_apart(*database, true), std::runtime_error) << "not marked: real";
    EXPECT_NO_THROW(keep_demo_apart(*database, false));

    sqlite::temporary_folder other;
    const auto demo = sqlite::open_database({.file = other.file()});
    keep_demo_apart(*demo, true);
    fill_demo(*demo, known(), texts(), {.complaints = 1, .now = sunday});
    EXPECT_NO_THROW(keep_demo_apart(*demo, true));
    EXPECT_THROW(keep_demo_apart(*demo, false), std::runtime_error);
}

TEST(DemoData, AddsStaffOnce)
{
    sqlite::temporary_folder folder;
    const auto database = sqlite::open_database({.file = folder.file()});
    add_demo_staff(*database, texts(), "hash");
    add_demo_staff(*database, texts(), "another hash");
    const auto reader = database->open_reader();
    const auto all = reader->accounts().all();
    EXPECT_EQ(all.size(), texts().staff.size());
    std::set<app::staff_role> roles;
    for (const auto& one : all) {
        EXPECT_EQ(one.password_hash, "hash");
        EXPECT_TRUE(one.who.active);
        EXPECT_TRUE(one.who.unit.empty() || reader->accounts().find_unit(one.who.unit));
        roles.insert(one.who.roles.begin(), one.who.roles.end());
    }
    EXPECT_TRUE(roles.contains(app::staff_role::admin));
    EXPECT_TRUE(roles.contains(app::staff_role::coordinator));
    EXPECT_TRUE(roles.contains(app::staff_role::officer));
}

TEST(DemoData, AFaultyFileIsNamed)
{
    sqlite::temporary_folder folder;
    try {
        read_demo_texts(folder.file());
        FAIL() << "there is no such file";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find(folder.file().string()), std::string::npos);
    }
}

} // namespace
} // namespace motcua
