#include "support/run_coroutine.hpp"
#include "token_fakes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <motcua/support/logging.hpp>
#include <motcua/support/task_group.hpp>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace motcua::zalo {
namespace {

namespace fs = std::filesystem;
using mood = fake_oauth::mood;
using namespace std::chrono_literals;

const std::string key(32, 'k');

std::size_t count_of(const std::string& text, const std::string& part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

// A process with a keeper in it.
struct process
{
    process(
        asio::io_context& context,
        vault_disk& disk,
        const fs::path& folder,
        fake_oauth& oauth,
        test_clocks& clocks,
        const std::string& first_access = {},
        const std::string& first_refresh = {})
        : vault(disk, folder, key)
    {
        token_keeper_parts parts{.vault = vault, .oauth = oauth};
        parts.now = [&clocks] { return clocks.wall; };
        parts.steady_now = [&clocks] { return clocks.steady; };
        parts.app_id = "app";
        parts.app_secret_key = "app-secret";
        parts.oa_id = "oa";
        parts.oauth_base = "https://oauth.example";
        parts.first_access_token = first_access;
        parts.first_refresh_token = first_refresh;
        keeper.emplace(context.get_executor(), std::move(parts));
    }

    token_vault vault;
    std::optional<token_keeper> keeper;
};

class TokenKeeper : public testing::Test
{
protected:
    void SetUp() override { testing::internal::CaptureStderr(); }
    void TearDown() override
    {
        const auto log = end_of_log();
        for (const auto* secret : {"access-", "refresh-", "app-secret", "good-code"})
            EXPECT_EQ(log.find(secret), std::string::npos) << log;
        log::set_level(log::level::info);
    }
    std::string end_of_log()
    {
        if (!log_) {
            log_ = testing::internal::GetCapturedStderr();
        }
        return *log_;
    }

    // A pair that was obtained just now.
    void store_first_pair(vault_disk& disk)
    {
        vault_state state;
        state.id = "first";
        state.current = token_pair{
            .access = "access-0", .refresh = "refresh-0", .obtained = clocks_.wall, .life = 25h};
        token_vault(disk, folder_, key).store(state);
    }

    process& start(const std::string& access = {}, const std::string& refresh = {})
    {
        process_.reset();
        process_ =
            std::make_unique<process>(context_, disk_, folder_, oauth_, clocks_, access, refresh);
        return *process_;
    }
    token_keeper& keeper() { return *process_->keeper; }
    void pass() { run_coroutine(context_, keeper().pass()); }
    // Time goes by, with a pass after every step.
    void live_on(std::chrono::minutes span, std::chrono::minutes step = 10min)
    {
        for (auto left = span; left > 0min; left -= step) {
            clocks_.pass(std::min(left, step));
            pass();
        }
    }

    asio::io_context context_{1};
    fs::path folder_ = "/vault";
    model_disk disk_;
    fake_oauth oauth_;
    test_clocks clocks_;
    std::unique_ptr<process> process_;
    std::optional<std::string> log_;
    std::string challenge_;
};

TEST_F(TokenKeeper, RefreshesWithThirteenHoursLeftAndOnlyThen)
{
    store_first_pair(disk_);
    start();
    live_on(12h - 1min);
    EXPECT_EQ(oauth_.calls, 0);
    EXPECT_EQ(keeper().access_token(), "access-0");
    live_on(1min);
    EXPECT_EQ(oauth_.calls, 1);
    EXPECT_EQ(keeper().access_token(), "access-1");
    EXPECT_EQ(oauth_.last_form, "refresh_token=refresh-0&app_id=app&grant_type=refresh_token");
    const auto status = keeper().status();
    EXPECT_EQ(status.last_renewal, clocks_.wall);
    EXPECT_EQ(status.access_until, clocks_.wall + 25h);
    EXPECT_EQ(status.alarm, "");
    EXPECT_EQ(start().keeper->access_token(), "access-1") << "after a restart too";
    live_on(12h - 1min);
    EXPECT_EQ(oauth_.calls, 1);
    EXPECT_EQ(process_->vault.load().previous->access, "access-0");
}

TEST_F(TokenKeeper, KeepsServingUnderARefusalWithOneAlarmAndATryPerTenMinutes)
{
    store_first_pair(disk_);
    start();
    oauth_.usual = mood::refusing;
    live_on(12h, 12h);
    EXPECT_EQ(oauth_.calls, 1);
    live_on(12h, 1min);
    EXPECT_EQ(oauth_.calls, 1 + 12 * 6);
    EXPECT_EQ(keeper().access_token(), "access-0");
    EXPECT_NE(keeper().status().alarm.find("-14014"), std::string::npos);
    const auto since = keeper().status().alarm_since;
    start();
    pass();
    EXPECT_EQ(keeper().status().alarm_since, since) << "the same alarm after a restart";
    EXPECT_EQ(oauth_.calls, 73) << "nor does a restart make it impatient";
    oauth_.usual = mood::obliging;
    live_on(10min);
    EXPECT_EQ(keeper().status().alarm, "");
    EXPECT_EQ(keeper().access_token(), "access-1");
    EXPECT_EQ(count_of(end_of_log(), "\"token alarm\""), 1U);
}

TEST_F(TokenKeeper, AServerThatCannotBeReachedIsTriedEachMinuteAndAlarmsAtTwelveHours)
{
    store_first_pair(disk_);
    start();
    oauth_.usual = mood::unreachable;
    live_on(12h + 59min, 1min);
    EXPECT_EQ(keeper().status().alarm, "");
    EXPECT_EQ(keeper().status().last_error, "connect: refused");
    live_on(1min);
    EXPECT_NE(keeper().status().alarm, "");
    oauth_.usual = mood::obliging;
    live_on(1min);
    EXPECT_EQ(keeper().access_token(), "access-1");
    EXPECT_EQ(oauth_.calls, 1);
}

TEST_F(TokenKeeper, ALostAnswerIsTriedAgainOnlyWhenNothingIsLeftToLose)
{
    for (const auto how : {mood::silent, mood::deaf, mood::babbling, mood::ailing}) {
        disk_ = {};
        oauth_ = {};
        oauth_.moods = {how};
        store_first_pair(disk_);
        start();
        live_on(12h);
        EXPECT_EQ(oauth_.calls, 1);
        EXPECT_NE(keeper().status().alarm, "");
        start();
        live_on(12h - 10min);
        EXPECT_EQ(oauth_.calls, 1);
        EXPECT_TRUE(oauth_.live.contains(keeper().access_token())) << "12 h of service";
        live_on(10min);
        EXPECT_EQ(oauth_.calls, 2);
        const bool had_acted = how == mood::silent || how == mood::babbling;
        EXPECT_EQ(keeper().status().alarm.empty(), !had_acted);
        EXPECT_EQ(oauth_.live.contains(keeper().access_token()), !had_acted);
    }
}

TEST_F(TokenKeeper, APersonMayTryALostRefreshTokenAtOnce)
{
    oauth_.moods = {mood::deaf};
    store_first_pair(disk_);
    start();
    live_on(12h);
    keeper().ask_refresh();
    pass();
    EXPECT_EQ(oauth_.calls, 2);
    EXPECT_EQ(keeper().access_token(), "access-1");
    EXPECT_EQ(keeper().status().alarm, "");
}

TEST_F(TokenKeeper, WithAFullDiskItMakesNoCall)
{
    store_first_pair(disk_);
    start();
    disk_.full = true;
    live_on(15h, 5min);
    EXPECT_EQ(oauth_.calls, 0);
    EXPECT_EQ(keeper().access_token(), "access-0");
    EXPECT_NE(keeper().status().alarm, "");
    EXPECT_TRUE(keeper().status().alarm_since);
    disk_.full = false;
    live_on(2min, 1min);
    EXPECT_EQ(oauth_.calls, 1);
    EXPECT_EQ(keeper().status().alarm, "");
    EXPECT_EQ(start().keeper->access_token(), "access-1");
    EXPECT_EQ(count_of(end_of_log(), "\"token alarm\""), 1U);
}

TEST_F(TokenKeeper, ADiskThatFillsDuringTheCallLosesNothing)
{
    store_first_pair(disk_);
    start();
    oauth_.before = [this] { disk_.full = true; };
    live_on(12h);
    EXPECT_EQ(keeper().access_token(), "access-1");
    EXPECT_NE(keeper().status().alarm, "");
    start();
    EXPECT_EQ(keeper().access_token(), "access-0") << "not stored yet";
    disk_.full = false;
    pass();
    EXPECT_EQ(keeper().access_token(), "access-1") << "but the answer was";
    EXPECT_EQ(oauth_.calls, 1);
}

TEST_F(TokenKeeper, TwoProcessesMakeOneRefresh)
{
    store_first_pair(disk_);
    process one(context_, disk_, folder_, oauth_, clocks_);
    process other(context_, disk_, folder_, oauth_, clocks_);
    clocks_.pass(12h);
    bool begun = false;
    oauth_.before = [&] { // in the middle of the first one's call
        if (!std::exchange(begun, true))
            asio::co_spawn(context_, other.keeper->pass(), [](std::exception_ptr) {});
    };
    run_coroutine(context_, one.keeper->pass());
    context_.restart();
    context_.run();
    EXPECT_EQ(oauth_.calls, 1);
    EXPECT_EQ(one.keeper->access_token(), "access-1");
    EXPECT_EQ(other.keeper->access_token(), "access-1");
    other.keeper->ask_refresh();
    run_coroutine(context_, other.keeper->pass());
    one.keeper->ask_refresh(); // of a pair that is no more
    run_coroutine(context_, one.keeper->pass());
    EXPECT_EQ(oauth_.calls, 2);
    EXPECT_EQ(one.keeper->access_token(), "access-2");
}

// The vault is on a disk on which the process dies at one step after the other; then another takes
// over. Whatever is on the disk by then, a token that was answered and written down is not lost,
// and one that was not leaves 12 h to people.
class Rotation : public TokenKeeper, public testing::WithParamInterface<std::string>
{
protected:
    void SetUp() override
    {
        TokenKeeper::SetUp();
        if (GetParam() == "files") {
            real_ = make_vault_disk();
            folder_ = fs::path(testing::TempDir()) / ("rotation-" + std::to_string(::getpid()));
        }
    }
    void TearDown() override
    {
        if (real_)
            fs::remove_all(folder_);
        TokenKeeper::TearDown();
    }

    vault_disk& disk()
    {
        if (real_)
            return *real_;
        return disk_;
    }

    void begin()
    {
        disk_ = {};
        if (real_) {
            fs::remove_all(folder_);
            fs::create_directories(folder_);
        }
        oauth_ = {};
        clocks_ = {};
        store_first_pair(disk());
        token_vault(disk(), folder_, key).reserve_answer();
    }

    // False if it lived.
    bool dies_at(int step)
    {
        dying_disk dying(disk());
        process running(context_, dying, folder_, oauth_, clocks_);
        clocks_.pass(12h);
        oauth_.before = [&dying] { dying.step(); };
        oauth_.behind = oauth_.before;
        dying.steps_left = step;
        bool died = false;
        try {
            run_coroutine(context_, running.keeper->pass());
        } catch (const killed&) {
            died = true;
        }
        oauth_.before = oauth_.behind = [] {};
        was_written_ = dying.answers_written > 0;
        return died;
    }

    void follow(int step)
    {
        if (GetParam() == "power_cut")
            disk_.cut_power();
        const bool had_acted = oauth_.acted > 0;
        const auto acted = oauth_.acted;
        process next(context_, disk(), folder_, oauth_, clocks_);
        const bool called = next.vault.load().intent.has_value();
        const auto pass = [&] { run_coroutine(context_, next.keeper->pass()); };
        pass();
        if (was_written_ || (!had_acted && !called)) {
            EXPECT_EQ(next.keeper->access_token(), "access-1") << step;
            EXPECT_EQ(next.keeper->status().alarm, "") << step;
            EXPECT_EQ(oauth_.acted, 1) << step;
            return;
        }
        ++lost_;
        lost_for_good_ += had_acted ? 1 : 0;
        EXPECT_NE(next.keeper->status().alarm, "") << step;
        for (auto lived = 0min; lived < 12h; lived += 10min) {
            ASSERT_TRUE(oauth_.live.contains(next.keeper->access_token())) << step;
            ASSERT_EQ(oauth_.acted, acted) << step;
            clocks_.pass(10min);
            pass();
        }
        EXPECT_EQ(next.keeper->status().alarm.empty(), !had_acted) << step;
        EXPECT_EQ(oauth_.live.contains(next.keeper->access_token()), !had_acted) << step;
    }

    std::unique_ptr<vault_disk> real_;
    bool was_written_ = false;
    int lost_ = 0;
    int lost_for_good_ = 0;
};

TEST_P(Rotation, SurvivesDeathAtEveryStep)
{
    int step = 1;
    for (;; ++step) {
        begin();
        if (!dies_at(step))
            break;
        follow(step);
    }
    EXPECT_EQ(oauth_.acted, 1);
    EXPECT_GT(step, 15) << "reads, lock, journal, call, answer, pair";
    EXPECT_GE(lost_, 3) << "behind the journal and before the answer is written";
    EXPECT_LE(lost_for_good_, 3) << "only until the answer is written";
    EXPECT_EQ(count_of(end_of_log(), "\"token alarm\""), static_cast<std::size_t>(lost_));
}

INSTANTIATE_TEST_SUITE_P(
    Disks, Rotation, testing::Values("files", "memory", "power_cut"), [](const auto& one) {
        return one.param;
    });

TEST_F(TokenKeeper, ARefusedTokenIsReplacedByOneRefreshForAllWhoAsk)
{
    store_first_pair(disk_);
    start();
    task_group running(context_.get_executor());
    running.spawn("keeper", keeper().run());
    std::vector<std::future<std::string>> asked;
    for (int i = 0; i < 20; ++i)
        asked.push_back(asio::co_spawn(context_, keeper().replace("access-0"), asio::use_future));
    EXPECT_EQ(run_coroutine(context_, keeper().replace("access-0")), "access-1");
    for (auto& one : asked)
        EXPECT_EQ(one.get(), "access-1");
    EXPECT_EQ(oauth_.calls, 1);
    EXPECT_EQ(run_coroutine(context_, keeper().replace("access-0")), "access-1")
        << "replaced since";
    EXPECT_EQ(oauth_.calls, 1);
    EXPECT_EQ(run_coroutine(context_, keeper().replace("access-1")), "")
        << "not again within ten minutes";
    EXPECT_EQ(oauth_.calls, 1);
    clocks_.pass(10min);
    EXPECT_EQ(run_coroutine(context_, keeper().replace("access-1")), "access-2");
    keeper().stop();
    EXPECT_TRUE(run_coroutine(context_, running.join(1s)));
    EXPECT_EQ(run_coroutine(context_, keeper().replace("access-2")), "") << "nobody is there";
}

TEST_F(TokenKeeper, ALostAnswerIsTriedAgainWhenTheAccessTokenIsRefused)
{
    oauth_.moods = {mood::deaf};
    store_first_pair(disk_);
    start();
    live_on(12h);
    clocks_.pass(10min);
    task_group running(context_.get_executor());
    running.spawn("keeper", keeper().run());
    EXPECT_EQ(run_coroutine(context_, keeper().replace("access-0")), "access-1");
    keeper().stop();
    run_coroutine(context_, running.join(1s));
}

TEST_F(TokenKeeper, TakesTheConfiguredPairOverOnce)
{
    oauth_.refresh = "refresh-first";
    start("access-first", "refresh-first");
    EXPECT_EQ(keeper().access_token(), "access-first") << "before the first refresh";
    pass();
    EXPECT_EQ(keeper().access_token(), "access-1") << "its age is not known";
    live_on(12h);
    live_on(12h);
    start("access-first", "refresh-first");
    pass();
    EXPECT_EQ(keeper().access_token(), "access-3");
    EXPECT_EQ(oauth_.calls, 3);
    oauth_.refresh = "refresh-second"; // a person has got another pair
    start("", "refresh-second");
    EXPECT_EQ(keeper().access_token(), "access-3") << "until the refresh";
    pass();
    EXPECT_EQ(keeper().access_token(), "access-4");
}

TEST_F(TokenKeeper, AnAccessTokenAloneServesWithAnAlarm)
{
    start("access-only");
    live_on(30h);
    EXPECT_EQ(keeper().access_token(), "access-only");
    EXPECT_FALSE(keeper().status().has_refresh_token);
    EXPECT_NE(keeper().status().alarm.find("no refresh token"), std::string::npos);
    EXPECT_EQ(oauth_.calls, 0);
}

TEST_F(TokenKeeper, TakesOverWhatAPersonEntersWhileItRuns)
{
    store_first_pair(disk_);
    start();
    oauth_.usual = mood::refusing;
    live_on(13h);
    token_vault vault(disk_, folder_, key);
    auto state = vault.load();
    enter_pair(state, "access-hand", "refresh-hand", "refresh-first");
    vault.store(state);
    oauth_.usual = mood::obliging;
    oauth_.refresh = "refresh-hand";
    pass();
    EXPECT_EQ(keeper().access_token(), "access-1") << "refreshed at once";
    EXPECT_EQ(keeper().status().alarm, "");
    start("access-first", "refresh-first");
    EXPECT_EQ(keeper().access_token(), "access-1") << "the configuration's is older";
}

TEST_F(TokenKeeper, AConsentBringsAPairOnce)
{
    start();
    task_group running(context_.get_executor());
    running.spawn("keeper", keeper().run());
    const std::string callback = "https://x.example/oauth/callback";
    const auto finish = [&](const std::string& state, const std::string& oa) {
        return run_coroutine(context_, keeper().finish_consent("good-code", state, oa));
    };
    EXPECT_EQ(finish("", "oa"), consent_end::stale) << "none was begun";
    EXPECT_FALSE(keeper().begin_consent("guess", callback));
    const auto begin = [&] {
        process_->vault.offer_link("link", clocks_.wall + 15min);
        const auto url = *keeper().begin_consent("link", callback);
        EXPECT_TRUE(url.starts_with("https://oauth.example/v4/oa/permission?")) << url;
        challenge_ = form_value(url.substr(url.find('?') + 1), "code_challenge");
        return form_value(url.substr(url.find('?') + 1), "state");
    };
    auto state = begin();
    EXPECT_EQ(finish("other-state", "oa"), consent_end::stale);
    EXPECT_EQ(finish(state, "other"), consent_end::other_oa);
    EXPECT_EQ(finish(state, "oa"), consent_end::stale) << "used";
    state = begin();
    clocks_.pass(16min);
    EXPECT_EQ(finish(state, "oa"), consent_end::stale);
    state = begin();
    oauth_.moods = {mood::refusing, mood::silent};
    EXPECT_EQ(finish(state, "oa"), consent_end::refused);
    EXPECT_EQ(finish(begin(), "oa"), consent_end::lost);
    EXPECT_EQ(keeper().access_token(), "");
    EXPECT_EQ(finish(begin(), "oa"), consent_end::stored);
    EXPECT_EQ(keeper().access_token(), "access-2");
    EXPECT_EQ(form_value(oauth_.last_form, "grant_type"), "authorization_code");
    EXPECT_EQ(code_challenge(form_value(oauth_.last_form, "code_verifier")), challenge_);
    EXPECT_EQ(keeper().status().alarm, "");
    keeper().stop();
    EXPECT_TRUE(run_coroutine(context_, running.join(1s)));
}

class ClockJump : public TokenKeeper, public testing::WithParamInterface<std::tuple<long, bool>>
{
};

// The wall clock jumps and, a while later, is put right.
TEST_P(ClockJump, DoesNotLetTheTokenDie)
{
    const auto& [hours, restart] = GetParam();
    const std::chrono::hours jump(hours);
    const bool restarts = restart; // a lambda cannot capture a structured binding
    store_first_pair(disk_);
    start();
    // Across a restart, two hours less are seen as two hours less.
    const auto oldest = hours == -2 && restarts ? 15h : 13h;
    auto born = clocks_.steady;
    auto token = keeper().access_token();
    const auto live = [&](std::chrono::hours span) {
        for (int half_hour = 1; half_hour <= 2 * span.count(); ++half_hour) {
            clocks_.pass(30min);
            if (restarts && half_hour % 3 == 0)
                start();
            pass();
            if (keeper().access_token() != token) {
                token = keeper().access_token();
                born = clocks_.steady;
            }
            ASSERT_LE(clocks_.steady - born, oldest);
        }
    };
    live(5h);
    clocks_.wall += jump;
    live(40h);
    clocks_.wall -= jump;
    live(40h);
    EXPECT_LE(oauth_.calls, 10) << "and is not refreshed without need";
    EXPECT_EQ(keeper().status().alarm, "");
}

INSTANTIATE_TEST_SUITE_P(
    All,
    ClockJump,
    testing::Combine(
        testing::Values(-24L * 365 * 50, -30L, -2L, 0L, 2L, 30L, 24L * 365 * 20), testing::Bool()));

struct question_case
{
    std::string name;
    refresh_question question;
    bool expected;
};

class ShouldRefresh : public testing::TestWithParam<question_case>
{
};

TEST_P(ShouldRefresh, Decides)
{
    EXPECT_EQ(should_refresh(GetParam().question), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    ShouldRefresh,
    testing::Values(
        question_case{"young", {25h, 11h, 11h}, false},
        question_case{"half", {25h, 12h, 12h}, true},
        question_case{"steady_only", {25h, -100h, 12h}, true},
        question_case{"after_sleep", {25h, 12h, 1h}, true},
        question_case{"refused", {.life = 25h, .refused = true}, true},
        question_case{"lost", {.life = 25h, .age_by_wall = 23h, .lost = true}, false},
        question_case{"lost_and_old", {.life = 25h, .age_by_wall = 24h, .lost = true}, true},
        question_case{"lost_and_refused", {.life = 25h, .refused = true, .lost = true}, true},
        question_case{"short_life", {50s, 24s, 24s}, true}),
    [](const auto& one) { return one.param.name; });

// Restarts, outages, refusals and lost requests at random, for 90 days; only what the platform has
// answered into the void is beyond help, so it does not do that here.
TEST_F(TokenKeeper, NinetyDaysGoByWithoutAnOutage)
{
    std::mt19937 random(4711);
    const auto chance = [&random](double share) {
        return std::uniform_real_distribution<>(0, 1)(random) < share;
    };
    oauth_.old_access_lives = false;
    store_first_pair(disk_);
    start();
    std::map<std::string, test_clocks> born;
    for (auto lived = 0min; lived < std::chrono::days(90); lived += 10min) {
        clocks_.pass(10min);
        if (chance(0.01))
            start();
        oauth_.usual =
            chance(0.2) ? mood::unreachable : (chance(0.05) ? mood::refusing : mood::obliging);
        if (chance(0.02))
            oauth_.usual = mood::deaf;
        pass();
        const auto token = keeper().access_token();
        ASSERT_TRUE(oauth_.live.contains(token));
        born.try_emplace(token, clocks_);
        ASSERT_LT(clocks_.steady - born[token].steady, 25h);
    }
    EXPECT_GE(oauth_.acted, 150);
    EXPECT_LE(oauth_.acted, 185);
}

TEST_F(TokenKeeper, LogsNothingOfATokenAtAnyLevel)
{
    log::set_level(log::level::debug);
    store_first_pair(disk_);
    start();
    oauth_.moods = {mood::unreachable, mood::refusing, mood::ailing, mood::deaf, mood::babbling};
    live_on(90h);
    EXPECT_GE(oauth_.calls, 5);
    EXPECT_GT(end_of_log().size(), 500U) << "TearDown looks into it";
}

} // namespace
} // namespace motcua::zalo
