#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/adapters/zalo/token_source.hpp>
#include <motcua/adapters/zalo/token_vault.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Keeps the access token alive: refresh tokens are single use, so a lost answer to a refresh cannot
// be got back (zalo-oa-protocol 3.7, reliability.md finding 8).
//
// A refresh takes the lock, writes down what it is about to do, calls, writes down the raw answer,
// and only then reads it. After a crash the answer is read from the disk; without one the outcome
// is unknown: the old access token serves on, and the old refresh token is tried again when nothing
// is left to lose.
namespace motcua::zalo {

// Of 25 h: after 12 h, so that 13 h remain for people and retries.
constexpr std::chrono::seconds refresh_after(std::chrono::seconds life)
{
    return life * 12 / 25;
}
// Of 25 h: in the last hour. A second use of a refresh token may make the platform revoke the
// access token too, so it waits until that has given its service.
constexpr std::chrono::seconds retry_lost_after(std::chrono::seconds life)
{
    return life * 24 / 25;
}

struct refresh_question
{
    std::chrono::seconds life{0};
    std::chrono::milliseconds age_by_wall{0};   // negative if the clock was put back
    std::chrono::milliseconds age_by_steady{0}; // does not count while the machine is asleep
    bool refused = false;                       // the platform no longer takes the access token
    bool lost = false;                          // the answer to the last refresh was lost
};
// Pure. Whether to spend the refresh token now. Errs on the early side: too early costs one call.
bool should_refresh(const refresh_question& question);

struct token_status
{
    bool has_access_token = false;
    bool has_refresh_token = false;
    std::optional<utc_time> obtained;     // empty = not known
    std::optional<utc_time> access_until; // by the wall clock
    std::optional<utc_time> refresh_until;
    std::optional<utc_time> last_renewal;
    std::optional<utc_time> last_attempt;
    std::string last_error; // of the last attempt; empty = it succeeded. Never holds a token
    std::optional<utc_time> alarm_since;
    std::string alarm; // what a person must see to; empty = nothing
};
token_status status_of(const vault_state& state);

// What a person enters by hand; ends every alarm. The age is not known, so the keeper refreshes at
// once.
void enter_pair(
    vault_state& state,
    std::string access,
    std::string refresh,
    std::string_view first_refresh_token);

enum class consent_end
{
    stored,
    stale,    // no consent was begun with this state, or too long ago
    other_oa, // of another OA than ours
    refused,  // by the platform
    lost,     // no whole answer came; begin again
    failed,   // on our side: disk, another refresher
};

struct token_keeper_parts
{
    token_vault& vault;
    http_client& oauth; // its base is the OAuth server; its call deadline bounds a refresh
    std::function<utc_time()> now;
    std::function<std::chrono::steady_clock::time_point()> steady_now;
    std::string app_id;
    std::string app_secret_key;
    std::string oa_id; // a consent for another OA is refused; empty = any
    std::string oauth_base;
    std::string first_access_token;  // of the configuration, used while the vault has none
    std::string first_refresh_token; // of the configuration, taken over once
};

// Lives on one single-threaded executor: call everything there. One call to the token endpoint at a
// time, across processes too. Only run() or pass() makes calls; whoever waits for one may give up
// without harm.
class token_keeper
{
public:
    // Reads the vault; throws vault_error or std::system_error if that fails.
    token_keeper(const asio::any_io_executor& executor, token_keeper_parts parts);

    // The token to send with; empty if there is none. It may be dead: the platform decides.
    std::string access_token() const;

    // The platform refused this token. Gives another to send with, once: the one that has replaced
    // it already, or that a refresh brings. Empty if there is none. Needs run().
    asio::awaitable<std::string> replace(std::string refused);

    // The page to which an administrator must go, if `link` is the offered one (token_vault); empty
    // otherwise. An earlier consent is void. `callback_url` is the one registered with the app,
    // without a query.
    std::optional<std::string> begin_consent(std::string_view link, std::string_view callback_url);
    // What the page sends back. Needs run().
    asio::awaitable<consent_end>
    finish_consent(std::string code, std::string state, std::string oa_id);

    token_status status() const;

    // Refresh at the next pass even if it is early, unless the pair is replaced meanwhile.
    void ask_refresh();

    // Looks once at the vault and the clocks and does what is due. Never throws for a fault of the
    // platform or the disk.
    asio::awaitable<void> pass();
    // A pass every few seconds, and at once when asked for something, until stop() and then until
    // the call under way has ended. Run once.
    asio::awaitable<void> run();
    void stop();

private:
    using steady_time = std::chrono::steady_clock::time_point;
    struct consent
    {
        std::string state;
        std::string verifier;
        steady_time until;
    };
    struct exchange
    {
        std::string code;
        std::string verifier;
    };

    // the vault
    void adopt(vault_state from_disk);
    void import_first_tokens(vault_state& state) const;
    void reload();
    void save();
    void save_if_possible();
    void disk_failed(const std::exception& error);

    // the clocks
    bool is_due() const;
    std::chrono::milliseconds age() const;
    void set_clocks();
    void wait_before_next(std::chrono::milliseconds span);

    // the calls, all under the lock
    asio::awaitable<std::unique_ptr<vault_lock>> lock();
    asio::awaitable<void> work(std::optional<exchange> wanted);
    asio::awaitable<void> refresh();
    asio::awaitable<void> redeem(exchange wanted);
    asio::awaitable<consent_end> call(call_intent intent, std::string form);
    consent_end take_answer(const call_intent& intent, const stored_answer& answer);
    void take_pair(token_pair pair);
    consent_end refused(const call_intent& intent, const std::string& reason);
    consent_end lost(const call_intent& intent, const std::string& reason);
    void recover();

    void raise(std::string alarm);
    asio::awaitable<void> served(std::uint64_t request);

    token_keeper_parts parts_;
    vault_state state_;
    std::string on_disk_;    // id of the state last seen there
    std::string disk_fault_; // state_ could not be read or saved; empty = all is well
    std::optional<utc_time> disk_fault_since_;
    steady_time obtained_; // when the current pair was, by the steady clock
    steady_time not_before_;
    std::string refused_access_; // token_hash
    std::string asked_refresh_;  // token_hash of the refresh token to be spent early
    std::optional<consent> consent_;
    std::optional<exchange> exchange_;
    consent_end exchange_end_ = consent_end::failed;
    std::uint64_t requests_ = 0;
    std::uint64_t served_ = 0; // requests that a whole pass has seen
    asio::steady_timer wake_;
    asio::steady_timer passed_;
    bool running_ = false;
    bool stopping_ = false;
};

// The keeper's tokens for calls; the keeper must outlive it.
std::unique_ptr<token_source> make_token_source(token_keeper& keeper);

} // namespace motcua::zalo
