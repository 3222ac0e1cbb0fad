#include <adapters/sqlite/temporary_store.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/files/attachment_directory.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/app/attachment_fetcher.hpp>
#include <motcua/support/within.hpp>

#include <atomic>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The fetcher between a real store and real files; only the platform is played.
namespace motcua::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using kind = media_answer::kind;

const std::string jpeg = "\xFF\xD8\xFF\xE0 a photo";

class played_platform final : public media_source
{
public:
    asio::awaitable<media_answer> fetch(std::string url) override
    {
        ++under_way;
        most_under_way = std::max(most_under_way, under_way);
        asked.push_back(url);
        if (slow)
            co_await sleep_for(slow_span);
        --under_way;
        auto& left = answers[url];
        media_answer answer{kind::try_later, {}, "http 404"};
        if (!left.empty()) {
            answer = left.front();
            left.pop_front();
        }
        co_return answer;
    }

    std::map<std::string, std::deque<media_answer>> answers;
    std::vector<std::string> asked;
    bool slow = false;
    std::chrono::milliseconds slow_span{20};
    int under_way = 0;
    int most_under_way = 0;
};

// A disk that takes its time: nothing is written before release().
class held_files final : public attachment_files
{
public:
    explicit held_files(std::unique_ptr<attachment_files> disk) : disk_(std::move(disk)) {}

    std::string name_of(std::string_view content) const override { return disk_->name_of(content); }
    void put(const std::string& name, std::string_view content) override
    {
        writing = true;
        released_.wait();
        disk_->put(name, content);
    }
    std::unique_ptr<stored_file> open(const std::string& name) override
    {
        return disk_->open(name);
    }
    void remove(const std::string& name) override { disk_->remove(name); }
    void release() { release_.set_value(); }

    std::atomic<bool> writing = false;

private:
    std::unique_ptr<attachment_files> disk_;
    std::promise<void> release_;
    std::shared_future<void> released_ = release_.get_future().share();
};

class Fetcher : public testing::Test
{
protected:
    ~Fetcher() override { stop(); }

    void want(const std::string& user_id, const std::string& url)
    {
        database_->run_now([&](transaction& store) {
            dialogue::inbound_event event;
            event.event_name = "user_send_image";
            event.kind = dialogue::event_kind::media;
            event.user_id = user_id;
            event.message_id = url;
            store.insert_event(event, "{}", now_);
            new_attachment photo;
            photo.user_id = user_id;
            photo.kind = "image";
            photo.url = url;
            store.attachments().add(photo, now_);
        });
    }

    void start()
    {
        tasks_.emplace(context_.get_executor());
        fetcher_.emplace(
            context_.get_executor(),
            attachment_fetcher_parts{
                .store = database_->writer(),
                .platform = platform_,
                .files = *files_,
                .workers = disk_.get_executor(),
                .now = [this] { return now_; },
                .concurrency = 2,
                .attempts = 3,
                .first_wait = 10s});
        tasks_->spawn("fetcher", fetcher_->run());
    }

    void stop()
    {
        if (!fetcher_)
            return;
        fetcher_->stop();
        EXPECT_TRUE(until([this] { return tasks_->size() == 0; }));
        fetcher_.reset();
        tasks_.reset();
    }

    bool until(const std::function<bool()>& reached)
    {
        context_.restart();
        const auto give_up = std::chrono::steady_clock::now() + 5s;
        while (!reached() && std::chrono::steady_clock::now() < give_up)
            context_.run_one_for(20ms);
        return reached();
    }

    // Later, and woken.
    void pass(std::chrono::seconds span)
    {
        now_ += span;
        fetcher_->wake();
    }

    attachment_figures figures() { return database_->open_reader()->attachments(); }
    bool is_on_disk(const std::string& content)
    {
        return fs::exists(files::attachment_path(path_, files_->name_of(content)));
    }

    sqlite::temporary_folder folder_;
    fs::path path_ = folder_.file().parent_path() / "attachments";
    asio::io_context context_{1};
    asio::thread_pool disk_{1};
    std::unique_ptr<sqlite::database> database_ = sqlite::open_database({.file = folder_.file()});
    std::unique_ptr<attachment_files> files_ = files::open_attachment_directory(path_);
    played_platform platform_;
    utc_time now_{std::chrono::hours(1000)};
    std::optional<task_group> tasks_;
    std::optional<attachment_fetcher> fetcher_;
};

TEST_F(Fetcher, FetchesStoresAndSaysWhatItIs)
{
    platform_.answers["u"] = {{kind::fetched, jpeg, {}}};
    want("1001", "u");
    start();
    ASSERT_TRUE(until([this] { return figures().stored == 1; }));
    EXPECT_TRUE(is_on_disk(jpeg));
    database_->run_now([this](transaction& store) {
        const auto found = store.attachments().of_citizen("1001", now_, 10).at(0);
        EXPECT_EQ(found.type, "image/jpeg");
        EXPECT_EQ(found.file, files_->name_of(jpeg));
        EXPECT_EQ(found.bytes, static_cast<std::int64_t>(jpeg.size()));
    });
}

TEST_F(Fetcher, WhatComesWhileItRunsIsFetchedOnceItIsWoken)
{
    start();
    ASSERT_TRUE(until([this] { return database_->writer().waiting() == 0; }));
    platform_.answers["u"] = {{kind::fetched, jpeg, {}}};
    want("1001", "u");
    fetcher_->wake();
    EXPECT_TRUE(until([this] { return figures().stored == 1; }));
}

TEST_F(Fetcher, AFailureIsTriedAgainLaterAndThenShown)
{
    want("1001", "u");
    start();
    ASSERT_TRUE(until([this] { return figures().reasons.size() == 1; }));
    EXPECT_EQ(figures().wanted, 1);
    pass(9s);
    pass(1s);
    ASSERT_TRUE(until([this] { return platform_.asked.size() == 2; }));
    ASSERT_TRUE(until([this] { return figures().wanted == 1; }));
    pass(19s);
    context_.run_for(5ms);
    EXPECT_EQ(platform_.asked.size(), 2U) << "the second wait is twice the first";
    pass(1s);
    ASSERT_TRUE(until([this] { return figures().failed == 1; }));
    EXPECT_EQ(platform_.asked.size(), 3U);
    EXPECT_EQ(figures().reasons.at(0).reason, "http 404");
}

TEST_F(Fetcher, WhatOurRulesRefuseIsNotTriedAgain)
{
    platform_.answers["u"] = {{kind::refused, {}, "host not allowed: example.org"}};
    want("1001", "u");
    start();
    ASSERT_TRUE(until([this] { return figures().failed == 1; }));
    pass(24h);
    context_.run_for(5ms);
    EXPECT_EQ(platform_.asked.size(), 1U);
}

TEST_F(Fetcher, WhatLiesOnAnUnlistedHostIsFetchedAfterTheStartThatKnowsIt)
{
    platform_.answers["u"] = {{kind::unlisted, {}, "host not allowed: f.example.org"}};
    want("1001", "u");
    start();
    ASSERT_TRUE(until([this] { return !figures().reasons.empty(); }));
    EXPECT_EQ(figures().reasons[0].reason, "host not allowed: f.example.org");
    pass(24h);
    context_.run_for(5ms);
    EXPECT_EQ(platform_.asked.size(), 1U) << "without a start nothing has changed";
    stop();
    platform_.answers["u"] = {{kind::fetched, jpeg, {}}};
    start();
    EXPECT_TRUE(until([this] { return figures().stored == 1; }));
}

TEST_F(Fetcher, OneCitizenKeepsNobodyWaiting)
{
    platform_.slow = true;
    for (int i = 0; i < 10; ++i)
        want("1001", "many-" + std::to_string(i));
    want("1002", "one");
    want("1003", "another");
    start();
    ASSERT_TRUE(until([this] { return platform_.asked.size() >= 4; }));
    const std::vector<std::string> first(platform_.asked.begin(), platform_.asked.begin() + 3);
    EXPECT_NE(std::find(first.begin(), first.end(), "one"), first.end());
    EXPECT_LE(platform_.most_under_way, 2);
}

TEST_F(Fetcher, AStopInTheMiddleLosesNothing)
{
    platform_.slow = true;
    platform_.slow_span = 1h;
    want("1001", "u");
    start();
    ASSERT_TRUE(until([this] { return platform_.under_way == 1; }));
    stop();
    EXPECT_EQ(figures().fetching, 1);
    platform_.slow = false;
    platform_.answers["u"] = {{kind::fetched, jpeg, {}}};
    start();
    EXPECT_TRUE(until([this] { return figures().stored == 1; }));
}

// Its coroutine is cancelled while the disk has the job.
TEST_F(Fetcher, AStopWhileAFileIsWrittenWaitsForTheDiskAndLosesNothing)
{
    auto held = std::make_unique<held_files>(std::move(files_));
    auto& disk = *held;
    files_ = std::move(held);
    platform_.answers["u"] = {{kind::fetched, jpeg, {}}, {kind::fetched, jpeg, {}}};
    want("1001", "u");
    start();
    ASSERT_TRUE(until([&disk] { return disk.writing.load(); }));
    fetcher_->stop();
    context_.run_for(20ms);
    EXPECT_GE(tasks_->size(), 1U) << "the job cannot be taken back";
    disk.release();
    stop();
    EXPECT_EQ(figures().stored, 0);
    start();
    ASSERT_TRUE(until([this] { return figures().stored == 1; }));
    EXPECT_TRUE(is_on_disk(jpeg));
}

TEST_F(Fetcher, TheSameFileOfTwoCitizensStaysUntilBothAreErased)
{
    platform_.answers["a"] = {{kind::fetched, jpeg, {}}};
    platform_.answers["b"] = {{kind::fetched, jpeg, {}}};
    want("1001", "a");
    want("1002", "b");
    start();
    // Both may come at once: then one waits for the other's writing.
    ASSERT_TRUE(until([this] { return figures().stored >= 1 && platform_.asked.size() == 2; }));
    if (figures().stored < 2) {
        platform_.answers["a"] = platform_.answers["b"] = {{kind::fetched, jpeg, {}}};
        ASSERT_TRUE(until([this] { return figures().wanted == 1; }));
        pass(10s);
    }
    ASSERT_TRUE(until([this] { return figures().stored == 2; }));
    const auto erase = [this](const std::string& user_id) {
        database_->run_now(
            [&](transaction& store) { store.erase(user_id, "p" + user_id, "asked", now_); });
        fetcher_->wake();
    };
    erase("1001");
    ASSERT_TRUE(until([this] { return figures().files_to_remove == 0; }));
    EXPECT_TRUE(is_on_disk(jpeg));
    erase("1002");
    ASSERT_TRUE(until([this] { return !is_on_disk(jpeg); }));
    ASSERT_TRUE(until([this] { return figures().files_to_remove == 0; }));
}

TEST_F(Fetcher, ErasedDuringTheCallNothingIsWritten)
{
    platform_.slow = true;
    platform_.answers["u"] = {{kind::fetched, jpeg, {}}};
    want("1001", "u");
    start();
    ASSERT_TRUE(until([this] { return platform_.under_way == 1; }));
    database_->run_now([this](transaction& store) { store.erase("1001", "p1001", "asked", now_); });
    ASSERT_TRUE(until([this] { return platform_.under_way == 0; }));
    context_.run_for(20ms);
    EXPECT_FALSE(is_on_disk(jpeg));
    EXPECT_EQ(figures().erased, 1);
}

TEST_F(Fetcher, AFullDiskIsTriedAgain)
{
    fs::remove_all(path_ / "unfinished");
    platform_.answers["u"] = {{kind::fetched, jpeg, {}}, {kind::fetched, jpeg, {}}};
    want("1001", "u");
    start();
    ASSERT_TRUE(until([this] { return figures().reasons.size() == 1; }));
    EXPECT_EQ(figures().reasons[0].reason.rfind("disk: ", 0), 0U);
    fs::create_directory(path_ / "unfinished");
    pass(10s);
    EXPECT_TRUE(until([this] { return figures().stored == 1; }));
}

} // namespace
} // namespace motcua::app
