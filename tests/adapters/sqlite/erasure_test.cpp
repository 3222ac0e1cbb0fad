#include "audit_chain.hpp"
#include "connection.hpp"
#include "unit_runner.hpp"

#include <SQLiteCpp/Statement.h>
#include <adapters/sqlite/temporary_store.hpp>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

// What an erasure leaves in the bytes of the files themselves.
namespace motcua::sqlite {
namespace {

const std::string citizen = "6131000000004711";
// All that leads to the citizen begins with this.
const std::string canary = "canary4711";
const std::string phone = "0912347110";

std::string with_canary(const std::string& what)
{
    return canary + what;
}

complaints::complaint case_of(const std::string& code, const std::string& user_id)
{
    complaints::complaint made;
    made.code = code;
    made.user_id = user_id;
    made.source = "zalo";
    made.category = "delay";
    made.state = "submitted";
    made.course = {{"file", "submitted", {}}};
    return made;
}

class Erasure : public testing::Test
{
protected:
    void open() { store_ = open_database({.file = folder_.file()}); }
    void run(const std::function<void(app::transaction&)>& unit) { store_->run_now(unit); }
    // Which files still hold it.
    static std::vector<std::string>
    files_with(const std::string& words, const std::filesystem::path& folder)
    {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string bytes((std::istreambuf_iterator<char>(in)), {});
            if (bytes.find(words) != std::string::npos)
                found.push_back(entry.path().filename().string());
        }
        return found;
    }
    std::vector<std::string> files_with(const std::string& words) const
    {
        return files_with(words, folder_.file().parent_path());
    }
    static void expect_no_trace(const std::filesystem::path& folder)
    {
        for (const auto& words : {canary, phone, citizen})
            for (const auto& file : files_with(words, folder))
                ADD_FAILURE() << file << " holds " << words;
    }
    std::int64_t number(const std::string& sql)
    {
        SQLite::Database db(folder_.file().string(), SQLite::OPEN_READONLY);
        SQLite::Statement query(db, sql);
        query.executeStep();
        return query.getColumn(0).getInt64();
    }

    temporary_folder folder_;
    std::unique_ptr<database> store_;
};

// Every way in which words of a citizen, or about one, come into a case.
void fill_case(app::transaction& t)
{
    const complaints::actor self{complaints::role::citizen, citizen};
    const complaints::actor officer{complaints::role::officer, "staff-1"};
    const auto words = "Tôi là " + with_canary(" ten") + ", gọi " + phone;
    auto made = case_of("PA-261122-0001X", citizen);
    made.from = {
        .anonymous = false,
        .name = with_canary(" ten"),
        .phone = phone,
        .address = with_canary(" dia-chi")};
    made.content = words + " ở " + with_canary(" dia-chi");
    made.where = {
        .commune = "25459", .text = "gần " + with_canary(" dia-chi"), .coordinates = "1,2"};
    made.message = "Kính gửi " + with_canary(" ten");
    made.attachments = {{"m1", 0, "file", with_canary(".pdf")}};
    made.id = t.complaints().add(made, {});
    complaints::history_entry entry{.at = {}, .by = self, .what = "file"};
    entry.reason = entry.message = entry.value = words;
    entry.changes = {{"public_text", words, words}};
    t.complaints().add_history(made.id, entry);
    complaints::message said;
    said.by = self;
    said.text = words;
    said.attachments = {{"m2", 0, "image", with_canary(".jpg")}};
    const auto id = t.complaints().add_message(made.id, said);
    t.casework().add_moderation(
        {.complaint_id = made.id,
         .message_id = id,
         .original = words,
         .text = "bớt " + words,
         .reason = words,
         .staff_id = "staff-1"});
    complaints::message reply{.kind = complaints::message_kind::staff, .by = officer};
    reply.text = words;
    reply.held = true;
    const auto held = t.complaints().add_message(made.id, reply);
    app::reply_draft draft;
    draft.text = "Kính gửi\n" + words;
    draft.inputs.message = draft.inputs.reason = words;
    t.casework().hold(
        {.message_id = held,
         .complaint_id = made.id,
         .code = made.code,
         .by = officer,
         .draft = draft});
    complaints::message note{.kind = complaints::message_kind::note, .by = officer};
    note.text = words;
    t.complaints().add_message(made.id, note);
    app::audit_entry revealed{.action = "reveal", .subject = made.code, .detail = words};
    revealed.citizen = citizen;
    t.audit().add(revealed);
}

void fill_the_rest(app::transaction& t)
{
    dialogue::inbound_event event;
    event.event_name = "user_send_text";
    event.kind = dialogue::event_kind::text;
    event.user_id = citizen;
    event.message_id = "m0";
    t.insert_event(event, with_canary(" body"), {});
    dialogue::outgoing_message message;
    message.text = with_canary(" answer");
    t.add_outgoing(citizen, message, {});
    dialogue::conversation talk;
    talk.asked = with_canary(" asked");
    t.save_conversation(citizen, talk, {});
    app::new_attachment file;
    file.user_id = citizen;
    file.kind = "file";
    file.url = "https://f.example/" + with_canary("?token");
    file.name = with_canary(".pdf");
    t.attachments().add(file, {});
    t.handovers().note({.user_id = citizen, .by = dialogue::attention::waiting}, {});
}

TEST_F(Erasure, NothingOfTheCitizenIsLeftInAnyFileAndTheActStays)
{
    open();
    run(fill_the_rest);
    // Each commit makes a part of the search index of its own; the case's is among them.
    for (int i = 2; i < 30; ++i) {
        run([i](app::transaction& t) {
            auto other = case_of("PA-261122-00" + std::to_string(10 + i) + "X", "1002");
            other.content = "Đường ngập nước " + std::to_string(i);
            t.complaints().add(other, {});
        });
        if (i == 9)
            run(fill_case);
    }
    EXPECT_FALSE(files_with(canary).empty()) << "the search works";
    EXPECT_FALSE(files_with(phone).empty());
    run([](app::transaction& t) { t.erase(citizen, "p1", "asked", {}); });
    store_.reset();
    expect_no_trace(folder_.file().parent_path());
    EXPECT_EQ(number("SELECT count(*) FROM complaints"), 29);
    EXPECT_EQ(number("SELECT count(*) FROM complaint_messages"), 3);
    EXPECT_EQ(number("SELECT count(*) FROM complaint_words"), 28);
    EXPECT_EQ(number("SELECT count(*) FROM complaint_words ('ngap')"), 28);
    EXPECT_EQ(number("SELECT files FROM complaint_list WHERE code = 'PA-261122-0001X'"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM erasures"), 1);
    EXPECT_EQ(
        number("SELECT count(*) FROM complaints WHERE record ->> '$.content' LIKE 'Tôi là [%'"), 1);
}

TEST_F(Erasure, WhatACrashInterruptedIsFinishedByTheNextStart)
{
    open();
    run(fill_the_rest);
    run(fill_case);
    store_.reset();
    const temporary_folder crashed;
    const auto folder = crashed.file().parent_path();
    {
        auto connection = open_writing_connection(folder_.file());
        audit_chain chain({folder_.file().parent_path()}, connection);
        unit_runner runner(connection, chain);
        job only{
            .unit = [](app::transaction& t) { t.erase(citizen, "p1", "asked", {}); },
            .failure = {}};
        const std::array<job*, 1> group{&only};
        runner.run(group);
        EXPECT_FALSE(only.failure);
        // The disk as a crash would leave it: the erasure is committed, nothing is tidied.
        std::filesystem::copy(
            folder_.file().parent_path(),
            folder,
            std::filesystem::copy_options::recursive |
                std::filesystem::copy_options::overwrite_existing);
    }
    EXPECT_FALSE(files_with(canary, folder).empty());
    store_ = open_database({.file = crashed.file()});
    // While it runs: closing the database would remove the log.
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!files_with(canary, folder).empty() && std::chrono::steady_clock::now() < give_up)
        std::this_thread::yield();
    expect_no_trace(folder);
    store_.reset();
}

} // namespace
} // namespace motcua::sqlite
