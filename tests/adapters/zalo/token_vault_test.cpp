#include "token_fakes.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace motcua::zalo {
namespace {

namespace fs = std::filesystem;

const std::string key(32, 'k');

vault_state a_state()
{
    vault_state state;
    state.id = "one";
    state.current = token_pair{
        .access = "CANARY-access",
        .refresh = "CANARY-refresh",
        .obtained = utc_time(std::chrono::hours(5)),
        .life = std::chrono::seconds(77)};
    state.previous = token_pair{.access = "CANARY-old", .refresh = "CANARY-older"};
    state.intent = call_intent{.id = "i", .is_exchange = true, .refresh_hash = "h"};
    state.lost_since = utc_time(std::chrono::hours(1));
    state.imported_hash = "x";
    state.last_error = "http 502";
    state.alarm_since = utc_time(std::chrono::hours(2));
    state.alarm = "something";
    return state;
}

class TokenVault : public testing::Test
{
protected:
    void SetUp() override
    {
        folder_ = fs::path(testing::TempDir()) / ("vault-" + std::to_string(::getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string everything() const
    {
        std::ostringstream all;
        for (const auto& entry : fs::directory_iterator(folder_)) {
            const std::ifstream in(entry.path(), std::ios::binary);
            if (entry.file_size() > 0)
                all << in.rdbuf();
        }
        return all.str();
    }

    fs::path folder_;
    std::unique_ptr<vault_disk> disk_ = make_vault_disk();
};

TEST_F(TokenVault, GivesBackWhatWasStoredAndHidesItOnDisk)
{
    token_vault vault(*disk_, folder_, key);
    EXPECT_FALSE(vault.load().current) << "nothing at first";
    vault.store(a_state());
    vault.reserve_answer();
    vault.store_answer("i", {.status = 200, .body = "CANARY-answer"});
    const auto state = token_vault(*disk_, folder_, key).load();
    EXPECT_EQ(state.current->access, "CANARY-access");
    EXPECT_EQ(state.current->refresh, "CANARY-refresh");
    EXPECT_EQ(state.current->obtained, utc_time(std::chrono::hours(5)));
    EXPECT_EQ(state.current->life.count(), 77);
    EXPECT_EQ(state.previous->refresh, "CANARY-older");
    EXPECT_FALSE(state.previous->obtained);
    EXPECT_EQ(state.intent->id, "i");
    EXPECT_TRUE(state.intent->is_exchange);
    EXPECT_EQ(state.lost_since, utc_time(std::chrono::hours(1)));
    EXPECT_EQ(state.imported_hash, "x");
    EXPECT_EQ(state.alarm, "something");
    EXPECT_EQ(everything().find("CANARY"), std::string::npos);
    for (const auto& entry : fs::directory_iterator(folder_))
        EXPECT_EQ(fs::status(entry).permissions(), fs::perms(0600)) << entry;
}

TEST_F(TokenVault, RefusesAnotherKeyAShortOneAndAChangedFile)
{
    token_vault(*disk_, folder_, key).store(a_state());
    EXPECT_THROW(token_vault(*disk_, folder_, std::string(32, 'x')).load(), vault_error);
    EXPECT_THROW(token_vault(*disk_, folder_, "short"), vault_error);
    auto bytes = everything();
    for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        disk_->write(folder_ / "tokens.vault", changed);
        EXPECT_THROW(token_vault(*disk_, folder_, key).load(), vault_error) << at;
    }
}

TEST_F(TokenVault, RefusesAFileThatOthersMayRead)
{
    token_vault vault(*disk_, folder_, key);
    vault.store(a_state());
    for (const ::mode_t mode : {0640U, 0604U, 0620U, 0660U}) {
        ::chmod((folder_ / "tokens.vault").c_str(), mode);
        try {
            vault.load();
            ADD_FAILURE() << mode;
        } catch (const std::system_error& error) {
            EXPECT_NE(std::string(error.what()).find("chmod 600"), std::string::npos);
        }
    }
}

TEST_F(TokenVault, AnAnswerBelongsToItsCall)
{
    token_vault vault(*disk_, folder_, key);
    EXPECT_FALSE(vault.answer_to("i"));
    vault.reserve_answer();
    EXPECT_FALSE(vault.answer_to("i"));
    const std::string odd = std::string("half \xff\0 body", 12);
    vault.store_answer(
        "i", {.status = 502, .body = odd, .received = utc_time(std::chrono::hours(3))});
    vault.reserve_answer();
    const auto answer = vault.answer_to("i");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 502U);
    EXPECT_EQ(answer->body, odd);
    EXPECT_EQ(answer->received, utc_time(std::chrono::hours(3)));
    EXPECT_FALSE(vault.answer_to("j"));
    vault.store_answer("j", {.status = 200, .body = std::string(1024UL * 1024, 'x')});
    EXPECT_EQ(vault.answer_to("j")->body.size(), 32U * 1024);
}

TEST_F(TokenVault, ALinkStartsOneConsentInItsTime)
{
    token_vault vault(*disk_, folder_, key);
    const utc_time now(std::chrono::hours(9));
    EXPECT_FALSE(vault.take_link("", now));
    vault.offer_link("first", now + std::chrono::minutes(15));
    vault.offer_link("second", now + std::chrono::minutes(15));
    EXPECT_FALSE(vault.take_link("first", now)) << "void since the second";
    EXPECT_FALSE(vault.take_link("secone", now));
    EXPECT_TRUE(vault.take_link("second", now));
    EXPECT_FALSE(vault.take_link("second", now)) << "once";
    vault.offer_link("third", now);
    EXPECT_FALSE(vault.take_link("third", now)) << "too late";
}

TEST_F(TokenVault, OnlyOneHoldsTheLock)
{
    token_vault one(*disk_, folder_, key);
    token_vault other(*disk_, folder_, key);
    auto held = one.try_lock();
    EXPECT_TRUE(held);
    EXPECT_FALSE(other.try_lock());
    held.reset();
    EXPECT_TRUE(other.try_lock());
}

TEST_F(TokenVault, TheKeyIsMadeOnceAndNotBesideAVault)
{
    const auto file = folder_ / "token.key";
    const auto made = vault_key_from(*disk_, file, folder_);
    EXPECT_EQ(made.size(), 43U);
    EXPECT_EQ(vault_key_from(*disk_, file, folder_), made);
    token_vault(*disk_, folder_, made).store(a_state());
    fs::remove(file);
    EXPECT_THROW(vault_key_from(*disk_, file, folder_), vault_error);
    disk_->write(file, "short\n");
    EXPECT_THROW(vault_key_from(*disk_, file, folder_), vault_error);
    disk_->write(file, key + "\n");
    EXPECT_EQ(vault_key_from(*disk_, file, folder_), key);
    ::chmod(file.c_str(), 0644);
    EXPECT_THROW(vault_key_from(*disk_, file, folder_), std::system_error);
}

} // namespace
} // namespace motcua::zalo
