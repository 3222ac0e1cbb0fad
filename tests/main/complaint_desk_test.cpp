#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/app/complaint_timers.hpp>
#include <support/run_coroutine.hpp>
#include <unistd.h>

#include <filesystem>

// The desk's commands on the real store with the rules shipped.
namespace motcua::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using complaints::objection;
using complaints::role;

utc_time local(unsigned month, unsigned day, int hour)
{
    return std::chrono::sys_days{
               std::chrono::year{2026} / std::chrono::month{month} / std::chrono::day{day}} +
           std::chrono::hours(hour) - vietnam_offset;
}

const complaints::actor officer{role::officer, "an"};

class ComplaintDesk : public testing::Test
{
protected:
    void SetUp() override
    {
        auto name = (fs::temp_directory_path() / "motcua-desk-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        database_ = sqlite::open_database({.file = folder_ / "motcua.db"});
        static auto files = motcua::content::read_knowledge(
            fs::path(MOTCUA_SOURCE_DIR) / "intents", fs::path(MOTCUA_SOURCE_DIR) / "data");
        known_ = &files.known;
    }
    void TearDown() override
    {
        database_.reset();
        fs::remove_all(folder_);
    }

    desk_outcome run(const std::function<desk_outcome(complaint_unit&)>& what)
    {
        desk_outcome end;
        database_->run_now([&](transaction& store) {
            complaint_unit unit(store, *known_, now_);
            end = what(unit);
        });
        return end;
    }
    std::string file()
    {
        std::string code;
        database_->run_now([&](transaction& store) {
            dialogue::step_outcome outcome;
            complaints::complaint content;
            content.user_id = "1001";
            content.category = "delay";
            content.content = "Trễ hẹn hai tuần";
            outcome.complaints.emplace_back(dialogue::file_complaint{content});
            complaint_unit(store, *known_, now_).carry_out(outcome, "1001", false);
            EXPECT_EQ(outcome.messages.at(0).why, dialogue::purpose::notice) << "the receipt code";
            code = store.complaints().of_citizen("1001", 1).at(0).code;
        });
        return code;
    }
    desk_outcome accept(const std::string& code, std::optional<std::int64_t> version = {})
    {
        return run([&](complaint_unit& unit) {
            return unit.change(
                code, {.transition = "accept", .by = officer, .unit = "Sở Tư pháp"}, version);
        });
    }
    std::vector<complaints::history_entry> history(const std::string& code)
    {
        std::vector<complaints::history_entry> found;
        database_->run_now([&](transaction& store) {
            found = store.complaints().history(store.complaints().find(code)->id, 99);
        });
        return found;
    }
    std::vector<std::string> said()
    {
        std::vector<std::string> texts;
        for (bool more = true; more;) {
            database_->run_now([&](transaction& store) {
                const auto batch = store.claim_due(now_, 100);
                more = !batch.rows.empty();
                for (const auto& row : batch.rows) {
                    texts.push_back(row.message.text);
                    EXPECT_EQ(row.message.why, dialogue::purpose::notice) << "dropped after hours";
                    store.settle(row.id, {.message_id = "z" + std::to_string(row.id)}, now_);
                }
            });
        }
        return texts;
    }

    fs::path folder_;
    std::unique_ptr<sqlite::database> database_;
    const dialogue::knowledge* known_ = nullptr;
    utc_time now_ = local(11, 2, 9);
};

TEST_F(ComplaintDesk, AChangeIsStoredWithItsHistoryAndTold)
{
    const auto code = file();
    const auto end = accept(code, 1);
    ASSERT_EQ(end.end, desk_end::done);
    EXPECT_EQ(end.now->version, 2);
    const auto lines = history(code);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].what, "file");
    EXPECT_EQ(lines[1].what, "accept");
    EXPECT_EQ(lines[1].by.id, "an");
    const auto texts = said();
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_NE(texts[0].find("Sở Tư pháp"), std::string::npos);
}

TEST_F(ComplaintDesk, AnIllegalChangeChangesNothing)
{
    const auto code = file();
    const auto end = run([&](complaint_unit& unit) {
        return unit.change(code, {.transition = "answer", .by = officer, .message = "Xong."});
    });
    EXPECT_EQ(end.end, desk_end::refused);
    EXPECT_EQ(end.why, objection::wrong_state);
    EXPECT_EQ(history(code).size(), 1U);
    EXPECT_TRUE(said().empty());
    EXPECT_EQ(accept("PA-261102-0099Z").end, desk_end::not_found);
}

TEST_F(ComplaintDesk, AStaleCommandIsRefusedWithWhatIsThereNow)
{
    const auto code = file();
    accept(code, 1);
    said();
    const auto end = accept(code, 1);
    EXPECT_EQ(end.end, desk_end::stale);
    ASSERT_TRUE(end.now);
    EXPECT_EQ(end.now->state, "processing");
    EXPECT_EQ(history(code).size(), 2U);
    EXPECT_TRUE(said().empty());
}

TEST_F(ComplaintDesk, AUnitThatFailsUndoesTheChangeTheHistoryAndTheMessage)
{
    const auto code = file();
    EXPECT_THROW(
        database_->run_now([&](transaction& store) {
            complaint_unit(store, *known_, now_)
                .change(code, {.transition = "accept", .by = officer, .unit = "Sở Tư pháp"});
            throw std::runtime_error("undone");
        }),
        std::exception);
    EXPECT_EQ(history(code).size(), 1U);
    EXPECT_TRUE(said().empty());
}

TEST_F(ComplaintDesk, MergingNeedsAnExistingCase)
{
    const auto first = file();
    const auto second = file();
    EXPECT_NE(first, second);
    const auto merge = [&](const std::string& other) {
        return run([&](complaint_unit& unit) {
            return unit.change(
                second, {.transition = "merge", .by = officer, .duplicate_of = other});
        });
    };
    EXPECT_EQ(merge("PA-261102-0099Z").why, objection::own_duplicate);
    EXPECT_EQ(merge(first).end, desk_end::done);
    EXPECT_NE(said().at(0).find("gộp với phản ánh " + first), std::string::npos);
}

TEST_F(ComplaintDesk, AHiddenCaseSaysNothing)
{
    const auto code = file();
    const auto end = run([&](complaint_unit& unit) {
        return unit.change(code, {.transition = "hide", .by = officer, .reason = "quảng cáo"});
    });
    EXPECT_EQ(end.end, desk_end::done);
    EXPECT_TRUE(said().empty());
}

TEST_F(ComplaintDesk, AssignmentCategoryNoteAndReplyAreInTheHistory)
{
    const auto code = file();
    run([&](complaint_unit& on) { return on.assign(code, officer, "Sở Tư pháp", "binh"); });
    auto end = run([&](complaint_unit& on) {
        return on.categorise(code, officer, "attitude", "nói về thái độ", 2);
    });
    EXPECT_EQ(end.end, desk_end::done);
    EXPECT_EQ(end.now->officer, "binh");
    EXPECT_EQ(end.now->category, "attitude");
    end = run([&](complaint_unit& on) { return on.categorise(code, officer, "conduct", "nhánh"); });
    EXPECT_EQ(end.end, desk_end::refused) << "no leaf";
    run([&](complaint_unit& on) { return on.add_note(code, officer, "đã gọi điện"); });
    EXPECT_TRUE(said().empty());
    end = run([&](complaint_unit& on) { return on.reply(code, officer, "Chúng tôi đang xem."); });
    EXPECT_EQ(end.now->version, 3) << "notes and replies change no version";
    EXPECT_EQ(said().size(), 1U);
    std::vector<std::string> what;
    for (const auto& line : history(code))
        what.push_back(line.what);
    EXPECT_EQ(what, (std::vector<std::string>{"file", "assign", "category", "note", "reply"}));
    EXPECT_EQ(
        run([&](complaint_unit& on) { return on.reply(code, officer, ""); }).why,
        objection::missing_input);
}

TEST_F(ComplaintDesk, TimeRemindsEachOnceAndClosesWhatNobodyObjectsTo)
{
    const auto code = file();
    const auto wake = [&] {
        database_->run_now(
            [&](transaction& store) { complaint_unit(store, *known_, now_).wake(10); });
    };
    now_ = local(11, 24, 9); // everything up to the superior is due by now
    wake();
    wake();
    std::vector<std::string> what;
    for (const auto& line : history(code))
        what.push_back(line.what);
    EXPECT_EQ(
        what,
        (std::vector<std::string>{
            "file",
            "reminder:acceptance",
            "reminder:half",
            "reminder:day_before",
            "reminder:late",
            "reminder:escalation"}));
    accept(code, 1); // reminders do not stand in an officer's way
    EXPECT_EQ(said().size(), 1U);
    run([&](complaint_unit& on) {
        return on.change(code, {.transition = "answer", .by = officer, .message = "Xong."});
    });
    said();
    now_ = local(12, 1, 23); // the fifth working day is over, but it is night
    wake();
    EXPECT_TRUE(said().empty());
    now_ = local(12, 2, 8);
    wake();
    ASSERT_EQ(said().size(), 1U);
    EXPECT_EQ(history(code).back().what, "close");
    EXPECT_EQ(history(code).back().by.role, role::system);
}

TEST_F(ComplaintDesk, AChangedCalendarMovesTheDatesOfOpenCases)
{
    const auto code = file();
    auto files = motcua::content::read_knowledge(
        fs::path(MOTCUA_SOURCE_DIR) / "intents", fs::path(MOTCUA_SOURCE_DIR) / "data");
    auto parts = files.known.complaints.calendar.parts();
    parts.special[complaints::local_day{std::chrono::year{2026} / 11 / 3}] = {
        .worked = false, .name = "Nghỉ", .source = "Thông báo mới"};
    files.known.complaints.calendar = complaints::working_calendar(parts);
    files.known.version = "another";
    auto changed = std::make_shared<const dialogue::knowledge>(std::move(files.known));
    boost::asio::io_context context;
    complaint_timers timers(
        context.get_executor(),
        {.store = database_->writer(),
         .current_content = [&] { return app::content{.understander = {}, .knowledge = changed}; },
         .now = [this] { return now_; },
         .outgoing_added = [] {}});
    // The acceptance reminder moves from the 3rd to the 4th.
    const auto wakes = [&](utc_time when) {
        bool found = false;
        database_->run_now(
            [&](transaction& store) { found = !store.complaints().waking(when, 1).empty(); });
        return found;
    };
    EXPECT_TRUE(wakes(local(11, 3, 12)));
    ASSERT_TRUE(run_coroutine(context, timers.derive_dates()).has_value());
    EXPECT_FALSE(wakes(local(11, 3, 12)));
    EXPECT_TRUE(wakes(local(11, 4, 12)));
}

} // namespace
} // namespace motcua::app
