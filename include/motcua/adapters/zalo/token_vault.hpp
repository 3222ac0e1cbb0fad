#pragma once

#include <motcua/core/time.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

// The tokens on disk: encrypted (XChaCha20-Poly1305), mode 0600, replaced as a whole. Blocking, a
// few fsyncs per refresh, so twice a day.
namespace motcua::zalo {

// Overwrites the bytes, then empties the string.
void wipe(std::string& secret);

class vault_lock
{
public:
    virtual ~vault_lock() = default; // gives the lock back
};

// The disk as the vault uses it. Each call is a point at which a fault or a crash may come, so
// tests have another one. All throw std::system_error naming the file.
class vault_disk
{
public:
    virtual ~vault_disk() = default;
    // Empty if there is none. Refuses (EACCES) a file whose mode lets others in.
    virtual std::optional<std::string> read(const std::filesystem::path& file) = 0;
    // Creates it with mode 0600 or replaces its bytes; on the disk when it returns, the name not
    // yet.
    virtual void write(const std::filesystem::path& file, std::string_view bytes) = 0;
    // Writes over the bytes of a file at least as long, which takes no further space; on the disk
    // when it returns.
    virtual void overwrite(const std::filesystem::path& file, std::string_view bytes) = 0;
    virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
    virtual void remove(const std::filesystem::path& file) = 0; // or nothing, if there is none
    virtual void sync_directory(const std::filesystem::path& directory) = 0;
    // Null if this or another process holds it. Ends with the process.
    virtual std::unique_ptr<vault_lock> try_lock(const std::filesystem::path& file) = 0;
};

std::unique_ptr<vault_disk> make_vault_disk();

// Cannot be used as it is. what() says what to do.
class vault_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

struct token_pair
{
    std::string access;               // may be empty: only a refresh token was given
    std::string refresh;              // may be empty: only an access token was given
    std::optional<utc_time> obtained; // empty: entered by hand, the age is not known
    std::chrono::seconds life{0};     // of the access token
};

// A call to the token endpoint that is about to be made, or was when the process died.
struct call_intent
{
    std::string id;
    bool is_exchange = false; // of a consent code; otherwise a refresh
    std::string refresh_hash; // token_hash of the refresh token to be spent
    utc_time at{};
};

struct vault_state
{
    std::string id; // of this version of the state; the vault's user makes it
    std::optional<token_pair> current;
    std::optional<token_pair> previous;
    std::optional<call_intent> intent;
    // The answer to a refresh was lost then: the current refresh token may be spent.
    std::optional<utc_time> lost_since;
    std::string imported_hash; // of the refresh token of the configuration that was last taken over
    std::optional<utc_time> last_attempt;
    std::optional<utc_time> last_renewal;
    std::string last_error; // of the last attempt; empty = it succeeded
    std::optional<utc_time> alarm_since;
    std::string alarm; // for people; empty = none
};

struct stored_answer
{
    unsigned status = 0;
    std::string body;
    utc_time received{};
};

class token_vault
{
public:
    // `key` is any text of 32 bytes at least. Throws vault_error if it is shorter. `disk` must
    // outlive the vault.
    token_vault(vault_disk& disk, std::filesystem::path directory, std::string_view key);
    ~token_vault();
    token_vault(const token_vault&) = delete;
    token_vault& operator=(const token_vault&) = delete;

    // The state; one without anything if nothing was ever stored. Throws vault_error if it cannot
    // be read with this key.
    vault_state load() const;
    // All or nothing, on the disk when it returns. Hold the lock.
    void store(const vault_state& state);

    // Makes room for an answer, so that a full disk is found before the call and not behind it.
    void reserve_answer();
    // The raw answer to the call `intent_id`, on the disk when it returns. Bodies are cut at 32
    // KiB.
    void store_answer(std::string_view intent_id, const stored_answer& answer);
    // Empty if none came, or one to another call, or half of one.
    std::optional<stored_answer> answer_to(std::string_view intent_id) const;

    std::unique_ptr<vault_lock> try_lock();

    // A link that may start one consent before `until`; an earlier one is void. Only its hash is
    // kept.
    void offer_link(std::string_view link, utc_time until);
    // True for the offered link in its time, once.
    bool take_link(std::string_view link, utc_time now);

private:
    std::string sealed(std::string_view purpose, std::string_view plain) const;
    std::optional<std::string> opened(std::string_view purpose, std::string_view box) const;
    void replace(const std::filesystem::path& file, std::string_view bytes);

    vault_disk& disk_;
    std::filesystem::path directory_;
    std::array<unsigned char, 32> key_{};
};

// The key in the file, which is made if there is none and no vault either. Throws vault_error if
// it is too short, missing beside a vault, or if others may read it.
std::string vault_key_from(
    vault_disk& disk,
    const std::filesystem::path& file,
    const std::filesystem::path& vault_directory);

} // namespace motcua::zalo
