#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/use_tuple.hpp>
#include <motcua/support/within.hpp>
#include <sodium.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace motcua::zalo {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds pass_period{5};
constexpr std::chrono::minutes attempt_spacing{10};
constexpr std::chrono::minutes unsent_spacing{1}; // nothing reached the platform
constexpr std::chrono::minutes consent_life{15};
// Longer than any call, so that whoever waits sees how the other's call ended.
constexpr std::chrono::seconds lock_patience{60};
constexpr milliseconds lock_poll{100};
constexpr std::chrono::hours service_wanted{12};
constexpr milliseconds unknown_age = std::chrono::days(3650);
constexpr std::chrono::minutes clock_tolerance{5};

constexpr auto no_refresh_token =
    "no refresh token: grant the app its tokens with motcua token consent, or enter a pair with "
    "motcua token set";

bool same_secret(std::string_view one, std::string_view other)
{
    return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

} // namespace

bool should_refresh(const refresh_question& question)
{
    const auto age = std::max(question.age_by_wall, question.age_by_steady);
    const auto limit =
        question.lost ? retry_lost_after(question.life) : refresh_after(question.life);
    return question.refused || age >= limit;
}

token_status status_of(const vault_state& state)
{
    token_status out;
    out.last_renewal = state.last_renewal;
    out.last_attempt = state.last_attempt;
    out.last_error = state.last_error;
    out.alarm_since = state.alarm_since;
    out.alarm = state.alarm;
    if (state.current) {
        out.has_access_token = !state.current->access.empty();
        out.has_refresh_token = !state.current->refresh.empty();
        out.obtained = state.current->obtained;
    }
    if (out.obtained) {
        out.access_until = *out.obtained + state.current->life;
        out.refresh_until = *out.obtained + refresh_token_life;
    }
    if (!out.has_refresh_token && out.alarm.empty())
        out.alarm = no_refresh_token;
    return out;
}

void enter_pair(
    vault_state& state,
    std::string access,
    std::string refresh,
    std::string_view first_refresh_token)
{
    state.id = random_token();
    state.previous = std::move(state.current);
    state.current.emplace();
    state.current->access = std::move(access);
    state.current->refresh = std::move(refresh);
    state.current->life = usual_token_life;
    // Or the configuration's older one would take its place.
    if (!first_refresh_token.empty())
        state.imported_hash = token_hash(first_refresh_token);
    state.intent.reset();
    state.lost_since.reset();
    state.last_attempt.reset();
    state.last_error.clear();
    state.alarm.clear();
    state.alarm_since.reset();
}

token_keeper::token_keeper(const asio::any_io_executor& executor, token_keeper_parts parts)
    : parts_(std::move(parts)), wake_(executor), passed_(executor)
{
    passed_.expires_at(asio::steady_timer::time_point::max());
    not_before_ = parts_.steady_now();
    adopt(parts_.vault.load());
    if (const auto now = status(); !now.alarm.empty())
        log::warning("token alarm stands", {{"alarm", now.alarm}});
}

// --- what others ask ---

std::string token_keeper::access_token() const
{
    return state_.current ? state_.current->access : std::string();
}

token_status token_keeper::status() const
{
    auto out = status_of(state_);
    if (!disk_fault_.empty() && state_.alarm.empty()) {
        out.alarm = disk_fault_;
        out.alarm_since = disk_fault_since_;
    }
    return out;
}

asio::awaitable<void> token_keeper::served(std::uint64_t request)
{
    wake_.cancel();
    while (running_ && !stopping_ && served_ < request)
        co_await passed_.async_wait(use_tuple);
}

asio::awaitable<std::string> token_keeper::replace(std::string refused)
{
    if (access_token() == refused) {
        refused_access_ = token_hash(refused);
        const auto request = ++requests_;
        co_await served(request);
    }
    auto token = access_token();
    if (token == refused)
        token.clear();
    co_return token;
}

std::optional<std::string>
token_keeper::begin_consent(std::string_view link, std::string_view callback_url)
{
    if (!parts_.vault.take_link(link, parts_.now()))
        return std::nullopt;
    consent_.emplace();
    consent_->state = random_token();
    consent_->verifier = random_token();
    consent_->until = parts_.steady_now() + consent_life;
    return consent_url(
        parts_.oauth_base,
        parts_.app_id,
        callback_url,
        code_challenge(consent_->verifier),
        consent_->state);
}

asio::awaitable<consent_end>
token_keeper::finish_consent(std::string code, std::string state, std::string oa_id)
{
    if (!consent_ || !same_secret(consent_->state, state))
        co_return consent_end::stale;
    auto begun = std::move(*consent_);
    consent_.reset();
    if (parts_.steady_now() > begun.until || !is_token(code))
        co_return consent_end::stale;
    if (!parts_.oa_id.empty() && oa_id != parts_.oa_id)
        co_return consent_end::other_oa;
    exchange_.emplace();
    exchange_->code = std::move(code);
    exchange_->verifier = std::move(begun.verifier);
    const auto request = ++requests_;
    co_await served(request);
    if (served_ < request) // stopping
        co_return consent_end::failed;
    co_return exchange_end_;
}

void token_keeper::ask_refresh()
{
    if (state_.current)
        asked_refresh_ = token_hash(state_.current->refresh);
    ++requests_;
    wake_.cancel();
}

// --- the vault ---

// A refresh token of the configuration is the beginning of a line of pairs. It is taken over once;
// from then on the vault holds what came of it.
void token_keeper::import_first_tokens(vault_state& state) const
{
    const auto& refresh = parts_.first_refresh_token;
    const auto hash = token_hash(refresh);
    const auto holds = [&hash](const std::optional<token_pair>& pair) {
        return pair && token_hash(pair->refresh) == hash;
    };
    const bool is_known =
        hash == state.imported_hash || holds(state.current) || holds(state.previous);
    if (!refresh.empty() && !is_known) {
        token_pair pair;
        pair.refresh = refresh;
        pair.access = parts_.first_access_token;
        pair.life = usual_token_life;
        // Until the first refresh the old access token, if there is one, is better than none.
        if (pair.access.empty() && state.current)
            pair.access = state.current->access;
        if (state.current)
            state.previous = std::move(state.current);
        state.current = std::move(pair);
        state.imported_hash = hash;
        state.lost_since.reset();
        state.last_attempt.reset();
    }
    if (!state.current && !parts_.first_access_token.empty()) {
        state.current.emplace();
        state.current->access = parts_.first_access_token;
        state.current->life = usual_token_life;
    }
}

void token_keeper::adopt(vault_state from_disk)
{
    on_disk_ = from_disk.id;
    import_first_tokens(from_disk);
    const auto before = access_token();
    state_ = std::move(from_disk);
    if (!before.empty() && before != access_token())
        log::info("tokens replaced by another program");
    set_clocks();
}

// Takes over what another process has written meanwhile.
void token_keeper::reload()
{
    auto from_disk = parts_.vault.load();
    if (from_disk.id != on_disk_)
        adopt(std::move(from_disk));
}

void token_keeper::save()
{
    if (state_.id == on_disk_)
        state_.id = random_token();
    parts_.vault.store(state_);
    on_disk_ = state_.id;
    if (!disk_fault_.empty())
        log::info("token store works again");
    disk_fault_.clear();
    disk_fault_since_.reset();
}

// Behind a call: what is known is used even if it cannot be saved, and saved later.
void token_keeper::save_if_possible()
{
    try {
        save();
    } catch (const std::system_error& error) {
        disk_failed(error);
    }
}

void token_keeper::disk_failed(const std::exception& error)
{
    if (disk_fault_.empty()) {
        disk_fault_since_ = parts_.now();
        log::error("token alarm", {{"alarm", "the token store fails"}, {"reason", error.what()}});
    }
    disk_fault_ = std::string("the token store fails: ") + error.what();
}

void token_keeper::raise(std::string alarm)
{
    if (state_.alarm.empty()) {
        state_.alarm_since = parts_.now();
        log::error("token alarm", {{"alarm", alarm}});
    }
    state_.alarm = std::move(alarm);
}

// --- the clocks ---

void token_keeper::set_clocks()
{
    const auto now = parts_.now();
    const auto steady = parts_.steady_now();
    obtained_ = steady;
    if (state_.current && state_.current->obtained) {
        const auto& pair = *state_.current;
        const milliseconds old = now - *pair.obtained;
        // From the future: one of the two readings is wrong, so the age is unknown. Renewing sets
        // it right.
        obtained_ = old < -clock_tolerance ? steady - refresh_after(pair.life)
                                           : steady - std::max(old, milliseconds(0));
    }
    not_before_ = steady;
    if (state_.last_attempt) {
        const auto since = std::max(now - *state_.last_attempt, milliseconds(0));
        wait_before_next(std::max<milliseconds>(attempt_spacing - since, milliseconds(0)));
    }
}

void token_keeper::wait_before_next(milliseconds span)
{
    not_before_ = parts_.steady_now() + span;
}

// The greater age of the two clocks: steady time cannot be put back, the wall clock also runs while
// the machine sleeps.
milliseconds token_keeper::age() const
{
    const auto by_steady = std::chrono::floor<milliseconds>(parts_.steady_now() - obtained_);
    if (!state_.current || !state_.current->obtained)
        return unknown_age;
    return std::max<milliseconds>(parts_.now() - *state_.current->obtained, by_steady);
}

bool token_keeper::is_due() const
{
    if (!state_.current || state_.current->refresh.empty())
        return false;
    const auto& pair = *state_.current;
    if (asked_refresh_ == token_hash(pair.refresh))
        return true;
    if (parts_.steady_now() < not_before_)
        return false;
    refresh_question question;
    question.life = pair.life;
    question.age_by_wall = age();
    question.age_by_steady = question.age_by_wall;
    question.refused = pair.access.empty() || refused_access_ == token_hash(pair.access);
    question.lost = state_.lost_since.has_value();
    return should_refresh(question);
}

// --- the passes ---

asio::awaitable<void> token_keeper::run()
{
    running_ = true;
    while (!stopping_) {
        co_await pass();
        if (stopping_ || requests_ != served_)
            continue;
        wake_.expires_after(pass_period);
        co_await wake_.async_wait(use_tuple);
    }
    running_ = false;
    passed_.cancel();
}

void token_keeper::stop()
{
    stopping_ = true;
    wake_.cancel();
    passed_.cancel();
}

asio::awaitable<void> token_keeper::pass()
{
    const auto seen = requests_;
    auto wanted = std::exchange(exchange_, std::nullopt);
    if (wanted)
        exchange_end_ = consent_end::failed;
    try {
        co_await work(std::move(wanted));
    } catch (const boost::system::system_error&) { // cancelled
        throw;
    } catch (const std::exception& error) {
        disk_failed(error);
    }
    served_ = seen;
    passed_.cancel();
}

asio::awaitable<std::unique_ptr<vault_lock>> token_keeper::lock()
{
    std::unique_ptr<vault_lock> held = parts_.vault.try_lock();
    for (auto waited = milliseconds(0); !held && waited < lock_patience && !stopping_;
         waited += lock_poll) {
        co_await sleep_for(lock_poll);
        held = parts_.vault.try_lock();
    }
    co_return held;
}

asio::awaitable<void> token_keeper::work(std::optional<exchange> wanted)
{
    if (disk_fault_.empty())
        reload();
    if (disk_fault_.empty() && !wanted && !state_.intent && !is_due())
        co_return;
    const auto held = co_await lock();
    if (!held) {
        log::warning("another program holds the token lock");
        co_return;
    }
    // Behind the lock everything may be different.
    if (!disk_fault_.empty()) {
        auto from_disk = parts_.vault.load();
        if (from_disk.id != on_disk_ && from_disk.id != state_.id)
            adopt(std::move(from_disk));
        save();
    } else {
        reload();
    }
    if (state_.intent)
        recover();
    if (wanted) {
        co_await redeem(std::move(*wanted));
        co_return;
    }
    if (is_due())
        co_await refresh();
}

// The process that made the call has died, or it would hold the lock.
void token_keeper::recover()
{
    const auto intent = *state_.intent;
    const auto answer = parts_.vault.answer_to(intent.id);
    log::warning("token call found unfinished", {{"answered", answer.has_value()}});
    if (answer)
        take_answer(intent, *answer);
    else
        lost(intent, "the program ended during the call");
}

asio::awaitable<void> token_keeper::refresh()
{
    asked_refresh_.clear();
    if (parts_.app_secret_key.empty()) {
        wait_before_next(attempt_spacing);
        raise("the app secret key is missing: set MOTCUA_APP_SECRET_KEY or "
              "zalo.app_secret_key_file");
        co_return;
    }
    call_intent intent;
    intent.refresh_hash = token_hash(state_.current->refresh);
    auto form = form_body(
        {{"refresh_token", state_.current->refresh},
         {"app_id", parts_.app_id},
         {"grant_type", "refresh_token"}});
    co_await call(std::move(intent), std::move(form));
}

asio::awaitable<void> token_keeper::redeem(exchange wanted)
{
    call_intent intent;
    intent.is_exchange = true;
    auto form = form_body(
        {{"code", wanted.code},
         {"app_id", parts_.app_id},
         {"grant_type", "authorization_code"},
         {"code_verifier", wanted.verifier}});
    exchange_end_ = co_await call(std::move(intent), std::move(form));
}

asio::awaitable<consent_end> token_keeper::call(call_intent intent, std::string form)
{
    intent.id = random_token();
    intent.at = parts_.now();
    const auto earlier_attempt = state_.last_attempt;
    state_.intent = intent;
    state_.last_attempt = intent.at;
    try {
        parts_.vault.reserve_answer();
        save();
    } catch (const std::system_error& error) { // no call without a journal
        state_.intent.reset();
        state_.last_attempt = earlier_attempt;
        wait_before_next(unsent_spacing);
        disk_failed(error);
        co_return consent_end::failed;
    }
    http_fields fields;
    fields.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    fields.emplace_back("secret_key", parts_.app_secret_key);
    auto answer = co_await parts_.oauth.post(std::string(token_path), std::move(fields), form);
    wipe(form);

    if (answer.end == http_answer::kind::cut)
        co_return lost(intent, answer.reason);
    if (answer.end == http_answer::kind::not_sent) {
        state_.intent.reset();
        state_.last_error = answer.reason;
        wait_before_next(unsent_spacing);
        if (!intent.is_exchange && state_.current->life - age() <= service_wanted)
            raise("the OAuth server cannot be reached: " + answer.reason);
        save_if_possible();
        log::warning("token call not sent", {{"reason", answer.reason}});
        co_return consent_end::failed;
    }
    stored_answer kept;
    kept.status = answer.status;
    kept.body = std::move(answer.body);
    kept.received = parts_.now();
    try {
        parts_.vault.store_answer(intent.id, kept);
    } catch (const std::system_error& error) { // the pair may still be saved with the state
        disk_failed(error);
    }
    const auto end = take_answer(intent, kept);
    wipe(kept.body);
    co_return end;
}

consent_end token_keeper::take_answer(const call_intent& intent, const stored_answer& answer)
{
    auto meaning = parse_token_answer(answer.status, answer.body);
    switch (meaning.end) {
    case token_answer::kind::refused:
        return refused(intent, meaning.reason);
    case token_answer::kind::unclear:
        return lost(intent, meaning.reason);
    case token_answer::kind::renewed:
        break;
    }
    token_pair pair;
    pair.access = std::move(meaning.access_token);
    pair.refresh = std::move(meaning.refresh_token);
    pair.obtained = answer.received;
    pair.life = meaning.life;
    take_pair(std::move(pair));
    return consent_end::stored;
}

void token_keeper::take_pair(token_pair pair)
{
    const auto life = pair.life;
    if (!state_.alarm.empty())
        log::info("token alarm over");
    state_.previous = std::move(state_.current);
    state_.last_renewal = pair.obtained;
    state_.current = std::move(pair);
    state_.intent.reset();
    state_.lost_since.reset();
    state_.last_error.clear();
    state_.alarm.clear();
    state_.alarm_since.reset();
    refused_access_.clear();
    set_clocks();
    save_if_possible();
    log::info("tokens renewed", {{"access_life_s", life.count()}});
}

consent_end token_keeper::refused(const call_intent& intent, const std::string& reason)
{
    state_.intent.reset();
    state_.last_error = reason;
    if (!intent.is_exchange) {
        state_.lost_since.reset();
        wait_before_next(attempt_spacing);
        raise(
            "the platform refused to renew the tokens (" + reason +
            "); if that lasts, grant the app its tokens again with motcua token consent");
    }
    save_if_possible();
    log::warning("token call refused", {{"reason", reason}});
    return consent_end::refused;
}

consent_end token_keeper::lost(const call_intent& intent, const std::string& reason)
{
    state_.intent.reset();
    state_.last_error = reason;
    if (!intent.is_exchange) {
        state_.lost_since = intent.at;
        wait_before_next(attempt_spacing);
        raise(
            "the answer to a token refresh was lost (" + reason +
            "): the access token serves on; grant the app its tokens again with motcua token "
            "consent, or try the old refresh token now with motcua token refresh");
    }
    save_if_possible();
    log::warning("token answer lost", {{"reason", reason}});
    return consent_end::lost;
}

namespace {

class kept_token final : public token_source
{
public:
    explicit kept_token(token_keeper& keeper) : keeper_(keeper) {}
    std::string access_token() override { return keeper_.access_token(); }
    asio::awaitable<void> refused(std::string token) override
    {
        co_await keeper_.replace(std::move(token));
    }

private:
    token_keeper& keeper_;
};

} // namespace

std::unique_ptr<token_source> make_token_source(token_keeper& keeper)
{
    return std::make_unique<kept_token>(keeper);
}

} // namespace motcua::zalo
