#include "content_loader.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/app/dossier_desk.hpp>
#include <motcua/support/within.hpp>
#include <support/run_coroutine.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

// Questions about dossiers from the message to the answer: real understanding, real store, a source
// and a clock of the test.
namespace motcua::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const fs::path source_folder = MOTCUA_SOURCE_DIR;
// Monday 2 November 2026, 9:00 in Vietnam.
const utc_time morning = std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + 2h;
const std::string known_code = "H15.50.05.13-261008-0975";
const std::string other_code = "H15.50.05.13-261008-0976";
const std::string no_code = "H15.50.05.13-261008-9999";

std::string keyed(std::string_view text)
{
    return std::to_string(std::hash<std::string_view>{}(text));
}

class table_source final : public dossier_source
{
public:
    std::map<std::string, dossiers::dossier> held;
    std::map<std::string, std::chrono::milliseconds> slow;
    bool available = true;
    int calls = 0;

    asio::awaitable<found_dossier> find(std::string code) override
    {
        ++calls;
        if (slow.contains(code))
            co_await sleep_for(slow[code]);
        found_dossier found{available, std::nullopt};
        if (available && held.contains(code))
            found.what = held[code];
        co_return found;
    }
    void put(const std::string& code, dossiers::status at, const std::string& phone)
    {
        held[code] = {
            .code = code,
            .procedure = "Đăng ký khai sinh",
            .at = at,
            .due = dossiers::local_day(std::chrono::year{2026} / 11 / 24),
            .proof = keyed(dossiers::to_be_sealed(code, dossiers::held_proof(phone, {}), {}))};
    }
};

class DossierDesk : public testing::Test
{
protected:
    void SetUp() override
    {
        const fs::path memory = "/dev/shm"; // no disk to wait for
        auto name =
            ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "motcua-hs-XXXXXX")
                .string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        static const auto loaded = [] {
            configuration config;
            config.content.intents = source_folder / "intents";
            config.content.data = source_folder / "data";
            config.dossiers.source = "folder";
            auto records =
                motcua::content::read_procedures(source_folder / "data/procedures").records;
            return load_content(
                config,
                procedures::catalogue(std::move(records)),
                MOTCUA_TEST_CACHE,
                vietnam_date(morning));
        }();
        content_ = loaded;
        source_.put(known_code, dossiers::status::processing, "0912345678");
        source_.put(other_code, dossiers::status::needs_papers, "0912345678");
        restart();
    }
    void TearDown() override
    {
        pool_.join();
        database_.reset();
        fs::remove_all(folder_);
    }
    void restart()
    {
        database_.reset();
        database_ = sqlite::open_database({.file = folder_ / "motcua.db"});
    }

    // One message, and what is answered within the same unit of work.
    void hear(const std::string& text, const std::string& who)
    {
        dialogue::inbound_event event;
        event.kind = dialogue::event_kind::text;
        event.event_name = "user_send_text";
        event.user_id = who;
        event.text = text;
        event.message_id = "m" + std::to_string(++events_);
        event.at = now_ += 1s;
        event_handler handler(
            {.store = database_->writer(),
             .workers = context_.get_executor(),
             .current_content = [this] { return content_; },
             .now = [this] { return now_; },
             .pseudonym = [](std::string_view id) { return keyed(id); },
             .outgoing_added = [] {},
             .dossier_guesses = limits_,
             .is_test_user = [](std::string_view) { return false; }});
        ASSERT_TRUE(run_coroutine(context_, handler.handle(event, "raw " + text)).has_value());
    }
    std::string say(const std::string& text, const std::string& who = "1001")
    {
        hear(text, who);
        answer_all();
        return collect(who);
    }
    dossier_desk_parts desk_parts()
    {
        return {
            .store = database_->writer(),
            .source = source_,
            .open_reader = [this] { return database_->open_reader(); },
            .workers = pool_.get_executor(),
            .current_content = [this] { return content_; },
            .now = [this] { return now_; },
            .outgoing_added = [] {},
            .refusal_step = step_};
    }
    asio::awaitable<void> answer_and_stop(dossier_desk& desk)
    {
        task_group running(context_.get_executor());
        running.spawn("desk", desk.run());
        const auto give_up = std::chrono::steady_clock::now() + 4s;
        while (database_->open_reader()->dossiers().questions > 0 &&
               std::chrono::steady_clock::now() < give_up)
            co_await sleep_for(1ms);
        desk.stop();
        co_await running.join();
    }
    void answer_all()
    {
        dossier_desk desk(context_.get_executor(), desk_parts());
        auto run = [](asio::awaitable<void> what) -> asio::awaitable<int> {
            co_await std::move(what);
            co_return 0;
        };
        run_coroutine(context_, run(answer_and_stop(desk)));
    }
    std::size_t look_at_watched()
    {
        dossier_desk desk(context_.get_executor(), desk_parts());
        return run_coroutine(context_, desk.look_at_watched());
    }
    // What was said to the citizen since the last time.
    std::string collect(const std::string& who)
    {
        std::string all;
        for (bool more = true; more;) {
            database_->run_now([&](transaction& store) {
                const auto batch = store.claim_due(now_ + 1h, 100);
                more = !batch.rows.empty();
                for (const auto& row : batch.rows) {
                    said_[row.user_id] += row.message.text + "\n";
                    last_ = row.message;
                    store.settle(row.id, {.message_id = "z" + std::to_string(row.id)}, now_);
                }
            });
        }
        std::swap(all, said_[who]);
        return all;
    }
    static bool has(const std::string& text, std::string_view words)
    {
        return text.find(words) != std::string::npos;
    }
    std::string prove(const std::string& code, const std::string& tail, const std::string& who)
    {
        say(code, who);
        return say(tail, who);
    }

    fs::path folder_;
    asio::io_context context_;
    asio::thread_pool pool_{1};
    content content_;
    std::unique_ptr<sqlite::database> database_;
    table_source source_;
    guess_limits limits_;
    std::chrono::milliseconds step_{1};
    utc_time now_ = morning;
    std::map<std::string, std::string> said_;
    dialogue::outgoing_message last_;
    int events_ = 0;
};

TEST_F(DossierDesk, AWrongProofAndAnUnknownCodeAreAnsweredWithTheSameBytes)
{
    const auto asked_known = say(known_code, "1001");
    auto asked_unknown = say(no_code, "1002");
    asked_unknown.replace(asked_unknown.find(no_code), no_code.size(), known_code);
    EXPECT_EQ(asked_known, asked_unknown);
    const auto wrong = say("1111", "1001");
    const auto wrong_message = last_;
    const auto unknown = say("1111", "1002");
    EXPECT_EQ(wrong, unknown);
    EXPECT_EQ(wrong_message, last_);
    EXPECT_TRUE(has(wrong, "không tìm thấy hồ sơ khớp")) << wrong;
}

TEST_F(DossierDesk, ARefusalTakesAsLongWhateverTheLookTook)
{
    step_ = 150ms;
    source_.slow[known_code] = 60ms;
    say(known_code, "1001");
    say(no_code, "1002");
    const auto took = [this](const std::string& who) {
        const auto begin = std::chrono::steady_clock::now();
        say("1111", who);
        return std::chrono::steady_clock::now() - begin;
    };
    EXPECT_GE(took("1002"), 150ms);
    EXPECT_GE(took("1001"), 150ms);
}

TEST_F(DossierDesk, GuessingEndsAndARestartOrErasureDoesNotHelp)
{
    limits_.by_citizen = 3;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(has(prove(known_code, "111" + std::to_string(i), "1001"), "không tìm thấy"));
    const int calls = source_.calls;
    EXPECT_TRUE(has(prove(known_code, "5678", "1001"), "tạm dừng")) << "even the right one";
    restart();
    EXPECT_TRUE(has(prove(no_code, "5678", "1001"), "tạm dừng")) << "nor does it tell of codes";
    say("xóa dữ liệu của tôi", "1001");
    say("1", "1001");
    EXPECT_TRUE(has(prove(known_code, "5678", "1001"), "tạm dừng"));
    EXPECT_EQ(source_.calls, calls) << "nobody is asked";
    now_ += 24h;
    EXPECT_TRUE(has(prove(known_code, "5678", "1001"), "Đang xử lý"));
}

TEST_F(DossierDesk, ManyGuessersAreStoppedPerCodeAndOverall)
{
    limits_.of_code = 4;
    limits_.by_all = 6;
    for (int i = 0; i < 4; ++i)
        prove(known_code, "1111", "10" + std::to_string(i));
    EXPECT_TRUE(has(prove(known_code, "5678", "2001"), "tạm dừng"));
    EXPECT_TRUE(has(prove(other_code, "5678", "2001"), "Yêu cầu bổ sung"));
    prove(no_code, "1111", "2002");
    prove(no_code, "1111", "2003");
    EXPECT_TRUE(has(prove(other_code, "5678", "2004"), "tạm dừng"));
    now_ += 1h;
    EXPECT_TRUE(has(prove(other_code, "5678", "2004"), "Yêu cầu bổ sung"));
}

TEST_F(DossierDesk, RightProofsAndBadLinesDoNotCount)
{
    limits_.by_citizen = 1;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(has(say(known_code + " đuôi 5678"), "Đang xử lý"));
    source_.available = false;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(has(say(known_code + " đuôi 1111"), "chưa xem được"));
    source_.available = true;
    EXPECT_TRUE(has(say(known_code + " đuôi 5678"), "Đang xử lý"));
}

TEST_F(DossierDesk, OverwhelmingWithQuestionsSavesNoGuess)
{
    limits_.by_citizen = 2;
    for (const auto* tail : {"1111", "2222", "3333"})
        hear(known_code + " đuôi " + tail, "1001"); // before any answer
    EXPECT_EQ(database_->open_reader()->dossiers().guesses, 2);
    answer_all();
    EXPECT_TRUE(has(prove(known_code, "5678", "1001"), "tạm dừng"));
}

TEST_F(DossierDesk, TwoDossiersAskedAboutInOneBreathAreBothAnswered)
{
    hear(known_code + " đuôi 5678", "1001");
    hear(other_code + " đuôi 5678", "1001");
    answer_all();
    const auto said = collect("1001");
    EXPECT_TRUE(has(said, known_code) && has(said, "Đang xử lý")) << said;
    EXPECT_TRUE(has(said, other_code) && has(said, "Yêu cầu bổ sung")) << said;
}

TEST_F(DossierDesk, WhatWasProvedIsNotAskedForAgainForADay)
{
    EXPECT_TRUE(has(prove(known_code, "5678", "1001"), "24/11/2026"));
    EXPECT_TRUE(has(say("hs cua toi toi dau roi"), "Đang xử lý"));
    source_.held[known_code].at = dossiers::status::done;
    EXPECT_TRUE(has(say(known_code), "Đã xử lý xong"));
    // Somebody else's telephone now: what was proved holds no more.
    source_.put(known_code, dossiers::status::done, "0900000000");
    EXPECT_TRUE(has(say(known_code), "không tìm thấy"));
    EXPECT_TRUE(has(say(known_code), "4 số cuối"));
    say("hủy");
    source_.put(known_code, dossiers::status::done, "0912345678");
    prove(known_code, "5678", "1001");
    now_ += 25h;
    EXPECT_TRUE(has(say(known_code), "4 số cuối"));
}

TEST_F(DossierDesk, ATypedPayloadProvesNothing)
{
    EXPECT_TRUE(has(say("#hs:watch:" + known_code), "4 số cuối"));
    EXPECT_TRUE(has(say("#hs:ask:" + known_code, "1002"), "4 số cuối"));
    EXPECT_EQ(source_.calls, 0);
}

TEST_F(DossierDesk, WhoAskedIsToldOfAChangeOnce)
{
    prove(known_code, "5678", "1001");
    EXPECT_TRUE(has(say("Báo cho tôi khi có thay đổi"), "sẽ nhắn"));
    EXPECT_EQ(look_at_watched(), 0U) << "nothing has changed";
    source_.held[known_code].at = dossiers::status::needs_papers;
    source_.held[known_code].note = "Thiếu giấy chứng sinh";
    restart();
    EXPECT_EQ(look_at_watched(), 1U);
    const auto news = collect("1001");
    EXPECT_TRUE(has(news, "có thay đổi")) << news;
    EXPECT_TRUE(has(news, "Thiếu giấy chứng sinh")) << news;
    EXPECT_EQ(last_.why, dialogue::purpose::notice) << "waits for the window";
    ASSERT_TRUE(last_.by_template);
    EXPECT_EQ(last_.by_template->name, "dossier");
    EXPECT_EQ(look_at_watched(), 0U);
    now_ += 48h;
    EXPECT_TRUE(has(say("hồ sơ của em tới đâu rồi"), "Thiếu giấy chứng sinh"))
        << "who is told of it need not prove it again";
    // Once returned there is nothing more to tell.
    source_.held[known_code].at = dossiers::status::returned;
    EXPECT_EQ(look_at_watched(), 1U);
    source_.held[known_code].note = "khác";
    EXPECT_EQ(look_at_watched(), 0U);
}

TEST_F(DossierDesk, NobodyIsToldOfADossierThatIsTheirsNoMore)
{
    prove(known_code, "5678", "1001");
    say("Báo cho tôi khi có thay đổi");
    source_.put(known_code, dossiers::status::done, "0900000000");
    EXPECT_EQ(look_at_watched(), 0U);
    source_.available = false;
    EXPECT_EQ(look_at_watched(), 0U);
}

TEST_F(DossierDesk, SeveralWatchedOnesAreOfferedAndOneCanBeDropped)
{
    for (const auto& code : {known_code, other_code}) {
        prove(code, "5678", "1001");
        say("Báo cho tôi khi có thay đổi");
    }
    now_ += 25h;
    const auto list = say("#answer:file_status");
    EXPECT_TRUE(has(list, "1. " + known_code) || has(list, known_code)) << list;
    EXPECT_TRUE(has(list, other_code));
    EXPECT_TRUE(has(say("2"), "Yêu cầu bổ sung"));
    EXPECT_TRUE(has(say("#hs:unwatch:" + other_code), "không nhắn"));
    source_.held[other_code].note = "khác";
    EXPECT_EQ(look_at_watched(), 0U);
}

TEST_F(DossierDesk, ErasureForgetsWhatWasAskedProvedAndWatched)
{
    prove(known_code, "5678", "1001");
    say("Báo cho tôi khi có thay đổi");
    hear(known_code, "1001");
    EXPECT_EQ(database_->open_reader()->dossiers().questions, 1);
    hear("xóa dữ liệu của tôi", "1001");
    hear("1", "1001");
    EXPECT_EQ(database_->open_reader()->dossiers().questions, 0);
    EXPECT_EQ(database_->open_reader()->dossiers().watches, 0);
    collect("1001");
    source_.held[known_code].note = "khác";
    EXPECT_EQ(look_at_watched(), 0U);
    EXPECT_TRUE(has(say(known_code), "4 số cuối"));
}

TEST_F(DossierDesk, TheProofIsKeptNowhereAndTheCodeInNoList)
{
    prove(known_code, "0912345678", "1001");
    say("mã " + known_code + " đuôi 5678 xyzzy", "1002");
    say("xyzzy plugh " + known_code + " 0987654321", "1003");
    database_.reset();
    std::string bytes;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
        std::ifstream in(entry.path(), std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        bytes += text.str();
    }
    EXPECT_FALSE(has(bytes, "0912345678"));
    EXPECT_FALSE(has(bytes, "0987654321"));
    restart();
    for (const auto& one : database_->open_reader()->unknown_messages({}))
        EXPECT_FALSE(has(one.text, known_code)) << one.text;
}

TEST_F(DossierDesk, AQuestionOutlivesTheProcess)
{
    hear(known_code + " đuôi 5678", "1001");
    EXPECT_EQ(collect("1001"), "");
    restart();
    answer_all();
    EXPECT_TRUE(has(collect("1001"), "Đang xử lý"));
}

} // namespace
} // namespace motcua::app
