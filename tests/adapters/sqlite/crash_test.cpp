#include <adapters/sqlite/temporary_store.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>
#include <support/run_coroutine.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

// A process that is killed loses nothing it has acknowledged (reliability.md 4, "crash").
namespace motcua::sqlite {
namespace {

namespace asio = boost::asio;

constexpr int acknowledgements = 3; // descriptor
constexpr auto file_variable = "MOTCUA_CRASH_TEST_FILE";
constexpr auto round_variable = "MOTCUA_CRASH_TEST_ROUND";

dialogue::inbound_event event_of(std::int64_t number)
{
    dialogue::inbound_event event;
    event.event_name = "user_send_text";
    event.kind = dialogue::event_kind::text;
    event.user_id = "citizen " + std::to_string(number % 50);
    event.message_id = "m" + std::to_string(number);
    event.at = utc_time(std::chrono::milliseconds(number));
    return event;
}

// Commits `first`, `first` + `step`, … for ever and writes each number once it is acknowledged.
asio::awaitable<void> stream(app::writer& writer, std::int64_t first, std::int64_t step)
{
    for (auto number = first;; number += step) {
        auto unit = [number](app::transaction& t) {
            const auto event = event_of(number);
            t.insert_event(event, std::string(500, 'x'), {});
            t.save_conversation(event.user_id, {}, event.at);
            t.add_outgoing(event.user_id, {"xin chào", {}, {}}, event.at);
        };
        const auto end = co_await writer.commit(std::move(unit));
        if (!end || ::write(acknowledgements, &number, sizeof number) != sizeof number)
            co_return;
    }
}

// The process to be killed; run by the test below only.
TEST(Crash, DISABLED_Child)
{
    const auto* file = std::getenv(file_variable);   // NOLINT(concurrency-mt-unsafe)
    const auto* round = std::getenv(round_variable); // NOLINT(concurrency-mt-unsafe)
    ASSERT_NE(file, nullptr);
    ASSERT_NE(round, nullptr);
    const auto opened = open_database({.file = file});
    asio::io_context context(1);
    constexpr std::int64_t streams = 16;
    const auto first = std::stoll(round) * 1'000'000 + 1;
    for (std::int64_t i = 0; i < streams; ++i)
        asio::co_spawn(context, stream(opened->writer(), first + i, streams), asio::detached);
    context.run();
}

class child_process
{
public:
    child_process(const std::filesystem::path& file, int round)
    {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0)
            throw std::runtime_error("no pipe");
        const auto file_setting = std::string(file_variable) + "=" + file.string();
        const auto round_setting = std::string(round_variable) + "=" + std::to_string(round);
        process_ = ::fork();
        if (process_ == 0) {
            ::dup2(ends[1], acknowledgements);
            std::array<const char*, 4> arguments{
                "child",
                "--gtest_filter=Crash.DISABLED_Child",
                "--gtest_also_run_disabled_tests",
                nullptr};
            std::array<const char*, 3> settings{
                file_setting.c_str(), round_setting.c_str(), nullptr};
            ::execve(
                "/proc/self/exe",
                const_cast<char**>(arguments.data()),
                const_cast<char**>(settings.data()));
            ::_exit(127);
        }
        ::close(ends[1]);
        output_ = ends[0];
    }
    ~child_process()
    {
        kill();
        ::close(output_);
    }
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    void kill()
    {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            ::waitpid(process_, nullptr, 0);
        }
        process_ = 0;
    }
    // The next number acknowledged; 0 at the end.
    std::int64_t next()
    {
        std::int64_t number = 0;
        return ::read(output_, &number, sizeof number) == sizeof number ? number : 0;
    }

private:
    pid_t process_ = 0;
    int output_ = -1;
};

TEST(Crash, NothingAcknowledgedIsLost)
{
    const temporary_folder folder;
    std::vector<std::int64_t> acknowledged;
    for (int round = 0; round < 4; ++round) {
        child_process child(folder.file(), round);
        for (int i = 0; i < 400 + 37 * round; ++i) {
            acknowledged.push_back(child.next());
            ASSERT_NE(acknowledged.back(), 0);
        }
        child.kill();
        for (auto number = child.next(); number != 0; number = child.next())
            acknowledged.push_back(number);

        const auto opened = open_database({.file = folder.file()});
        std::size_t lost = 0;
        opened->run_now([&](app::transaction& t) {
            for (const auto number : acknowledged)
                lost += t.insert_event(event_of(number), "{}", {}) ? 1U : 0U;
        });
        EXPECT_EQ(lost, 0U) << "of " << acknowledged.size();
        const auto reader = opened->open_reader();
        EXPECT_EQ(reader->count("events"), reader->count("outbox")) << "half a unit";
        EXPECT_GE(reader->count("events"), static_cast<std::int64_t>(acknowledged.size()));
    }
}

} // namespace
} // namespace motcua::sqlite
