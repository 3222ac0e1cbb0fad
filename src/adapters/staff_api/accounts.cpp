#include "accounts.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace motcua::staff_api {
namespace {

constexpr std::size_t cookie_bytes = 32;
constexpr std::size_t cookie_length = 43; // in base64url
constexpr std::size_t sessions_at_once = 10;
constexpr int hashing_limit = 8;
constexpr std::chrono::minutes touch_step{1};
constexpr std::size_t tracked = 10'000;
// A colleague's typing errors make nobody wait long; an address that goes through names does.
constexpr back_off::rules name_rules{5, std::chrono::seconds(60), tracked};
constexpr back_off::rules address_rules{20, std::chrono::seconds(900), tracked};

// Nothing of it is stored, and nobody without the cookie can make it.
std::string csrf_token_of(std::string_view cookie)
{
    return base64url(sha256("motcua csrf 1 " + std::string(cookie)));
}

caller caller_of(const app::account& who, const app::session& session, std::string_view cookie)
{
    caller out;
    out.stage = session.stage;
    out.who = who.who;
    out.totp_enrolled = !who.totp_secret.empty();
    out.session_id = session.id;
    out.csrf_token = csrf_token_of(cookie);
    out.idle_ends = session.idle_ends();
    out.ends = session.ends();
    return out;
}

// A session that is about to be, with the cookie that opens it.
struct fresh_session
{
    std::string cookie = base64url(random_bytes(cookie_bytes));
    std::string id = random_id("");
};

// In place of `old`: another id, another secret, the same end.
app::session renewed(
    app::transaction& store, app::session old, const fresh_session& fresh, stage next, utc_time now)
{
    store.accounts().remove_session(old.id);
    old.id = fresh.id;
    old.secret_hash = sha256(fresh.cookie);
    old.stage = next;
    old.last_seen = now;
    old.new_totp.clear();
    store.accounts().put_session(old);
    return old;
}

app::session opened_session(
    app::transaction& store,
    const app::account& who,
    const fresh_session& fresh,
    stage at,
    const visitor& from,
    utc_time now)
{
    auto& accounts = store.accounts();
    accounts.remove_ended_sessions(now);
    const auto others = accounts.sessions_of(who.who.id);
    for (std::size_t i = sessions_at_once - 1; i < others.size(); ++i)
        accounts.remove_session(others[i].id);
    app::session out;
    out.id = fresh.id;
    out.secret_hash = sha256(fresh.cookie);
    out.staff_id = who.who.id;
    out.stage = at;
    out.signed_in = now;
    out.last_seen = now;
    out.address = from.address;
    out.browser = from.browser;
    accounts.put_session(out);
    accounts.touch(out.id, now);
    return out;
}

// The caller's session as it is now; empty if it has gone meanwhile.
std::optional<app::session> session_of(app::transaction& store, const caller& by)
{
    for (auto& one : store.accounts().sessions_of(by.who.id))
        if (one.id == by.session_id)
            return std::move(one);
    return std::nullopt;
}

// The word the browser's family goes by, most special first: Edge says Chrome, Chrome says Safari.
std::string_view known_word(
    std::string_view header,
    const std::array<std::pair<std::string_view, std::string_view>, 6>& words)
{
    for (const auto& [mark, word] : words)
        if (header.find(mark) != std::string_view::npos)
            return word;
    return {};
}

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

problem signed_out()
{
    return problem("signed_out", "Xin đăng nhập lại.");
}

} // namespace

visitor visitor_of(const http::request& asked)
{
    const auto header = asked.field("user-agent");
    const auto family = known_word(
        header,
        {{{"Edg/", "Edge"},
          {"OPR/", "Opera"},
          {"CocCoc", "Cốc Cốc"},
          {"Firefox/", "Firefox"},
          {"Chrome/", "Chrome"},
          {"Safari/", "Safari"}}});
    const auto system = known_word(
        header,
        {{{"Android", "Android"},
          {"iPhone", "iOS"},
          {"iPad", "iPadOS"},
          {"Windows", "Windows"},
          {"Mac OS", "macOS"},
          {"Linux", "Linux"}}});
    visitor out;
    out.address = asked.peer;
    out.browser = family.empty() ? "Khác" : std::string(family);
    if (!system.empty())
        out.browser += fmt::format(", {}", system);
    return out;
}

app::audit_entry act_of(const caller& by, const visitor& from, utc_time now)
{
    app::audit_entry out;
    out.at = now;
    out.staff_id = by.who.id;
    out.actor = by.who.user_name;
    out.address = from.address;
    return out;
}

accounts::accounts(const staff_api_parts& parts, reading& reader)
    : parts_(parts), reader_(reader), box_(parts.accounts.key),
      nobodys_hash_(parts.accounts.passwords->hash(random_password())), names_(name_rules),
      addresses_(address_rules)
{
}

stage accounts::after_password(const app::account& of) const
{
    return of.totp_secret.empty() ? after_totp(of) : stage::totp;
}

stage accounts::after_totp(const app::account& of) const
{
    if (of.password_temporary)
        return stage::password_change;
    return of.totp_secret.empty() && parts_.accounts.totp_required ? stage::totp_enrolment
                                                                   : stage::active;
}

void accounts::expect_patience(
    const std::string& user_name, const std::string& address, utc_time now)
{
    const auto wait = std::max(names_.wait(user_name, now), addresses_.wait(address, now));
    if (wait > std::chrono::seconds(0)) {
        problem slower("too_many", fmt::format("Xin thử lại sau {} giây.", wait.count()));
        slower.more["retry_after_seconds"] = wait.count();
        throw slower;
    }
    names_.attempt(user_name, now);
    addresses_.attempt(address, now);
}

struct accounts::admission
{
    explicit admission(int& counted) : count(counted)
    {
        if (count >= hashing_limit)
            throw problem("unavailable", "Nhiều người đang đăng nhập. Xin thử lại sau ít giây.");
        ++count;
    }
    ~admission() { --count; }
    admission(const admission&) = delete;
    admission& operator=(const admission&) = delete;
    int& count;
};

asio::awaitable<bool> accounts::matches(std::string hash, std::string password)
{
    const admission admitted(hashing_);
    auto job = [this, &hash, &password] {
        return parts_.accounts.passwords->matches(hash, password);
    };
    const bool same = co_await run_on(parts_.accounts.hashing, std::move(job));
    sodium_memzero(password.data(), password.size());
    co_return same;
}

asio::awaitable<std::string> accounts::hash(std::string password)
{
    const admission admitted(hashing_);
    auto job = [this, &password] { return parts_.accounts.passwords->hash(password); };
    auto out = co_await run_on(parts_.accounts.hashing, std::move(job));
    sodium_memzero(password.data(), password.size());
    co_return out;
}

asio::awaitable<caller> accounts::find(std::string cookie, std::string, bool keeps_alive)
{
    if (cookie.size() != cookie_length)
        co_return caller();
    struct found
    {
        std::optional<app::session> session;
        std::optional<app::account> account;
    };
    auto look = [hash = sha256(cookie)](app::reader& from) {
        found out;
        out.session = from.accounts().find_session(hash);
        if (out.session)
            out.account = from.accounts().find(out.session->staff_id);
        return out;
    };
    auto seen = co_await reader_.run(std::move(look));
    const auto now = parts_.now();
    if (!seen.account || seen.session->has_ended(now))
        co_return caller();
    if (keeps_alive && now - seen.session->last_seen >= touch_step) {
        seen.session->last_seen = now;
        auto touch = [id = seen.session->id, now](app::transaction& store) {
            store.accounts().touch(id, now);
        };
        co_await commit(parts_.store, std::move(touch));
    }
    co_return caller_of(*seen.account, *seen.session, cookie);
}

asio::awaitable<accounts::entered>
accounts::sign_in(std::string user_name, std::string password, visitor from)
{
    const auto now = parts_.now();
    user_name = lower(std::move(user_name));
    expect_patience(user_name, from.address, now);
    auto look = [&user_name](app::reader& reader) {
        return reader.accounts().find_by_user_name(user_name);
    };
    const auto found = co_await reader_.run(std::move(look));
    // The same work whether there is such an account or not.
    const bool right =
        co_await matches(found ? found->password_hash : nobodys_hash_, std::move(password));

    entered out;
    const fresh_session fresh;
    auto enter = [&](app::transaction& store) {
        auto entry = act_of({}, from, now);
        // What was typed as a name may be a password: only names there are are written down.
        entry.subject = found ? found->who.user_name : std::string();
        entry.action = "sign_in_failed";
        if (!found)
            entry.detail = "Không có tài khoản này";
        const auto account = found ? store.accounts().find(found->who.id) : std::nullopt;
        if (!right || !account || !account->who.active ||
            account->password_hash != found->password_hash) {
            store.audit().add(entry);
            return;
        }
        const auto next = after_password(*account);
        const auto session = opened_session(store, *account, fresh, next, from, now);
        out.cookie = fresh.cookie;
        out.by = caller_of(*account, session, fresh.cookie);
        if (next == stage::totp)
            return;
        entry = act_of(out.by, from, now);
        entry.action = "sign_in";
        store.audit().add(entry);
    };
    co_await commit(parts_.store, std::move(enter));
    if (out.cookie.empty())
        throw problem("wrong_credentials", "Tên đăng nhập hoặc mật khẩu không đúng.");
    addresses_.take_back(from.address);
    if (out.by.stage == stage::totp)
        names_.take_back(user_name); // else a known password would open the way to guess codes
    else
        names_.forget(user_name);
    co_return out;
}

asio::awaitable<void> accounts::sign_out(caller by, visitor from)
{
    auto leave = [&by, entry = act_of(by, from, parts_.now())](app::transaction& store) mutable {
        store.accounts().remove_session(by.session_id);
        entry.action = "sign_out";
        store.audit().add(entry);
    };
    co_await commit(parts_.store, std::move(leave));
}

asio::awaitable<accounts::entered>
accounts::give_totp_code(caller by, std::string code, visitor from)
{
    const auto now = parts_.now();
    expect_patience(by.who.user_name, from.address, now);
    entered out;
    bool gone = false;
    const fresh_session fresh;
    auto check = [&](app::transaction& store) {
        auto account = store.accounts().find(by.who.id);
        const auto session = session_of(store, by);
        gone = !account || !session;
        if (gone)
            return;
        auto entry = act_of(by, from, now);
        const auto secret = box_.open(by.who.id, account->totp_secret);
        const auto step = secret ? match_totp(*secret, code, now, account->totp_step)
                                 : std::optional<std::int64_t>();
        if (!step) {
            entry.action = "totp_failed";
            store.audit().add(entry);
            return;
        }
        account->totp_step = *step;
        store.accounts().put(*account);
        const auto renewed_session = renewed(store, *session, fresh, after_totp(*account), now);
        out.cookie = fresh.cookie;
        out.by = caller_of(*account, renewed_session, fresh.cookie);
        entry.action = "sign_in";
        store.audit().add(entry);
    };
    co_await commit(parts_.store, std::move(check));
    if (gone)
        throw signed_out();
    if (out.cookie.empty())
        throw problem("wrong_credentials", "Mã xác thực không đúng, đã dùng hoặc đã hết hạn.");
    addresses_.take_back(from.address);
    names_.forget(by.who.user_name);
    co_return out;
}

asio::awaitable<app::account>
accounts::check_own_password(caller by, std::string password, visitor from, std::string_view act)
{
    const auto now = parts_.now();
    expect_patience(by.who.user_name, from.address, now);
    auto look = [&by](app::reader& reader) { return reader.accounts().find(by.who.id); };
    auto found = co_await reader_.run(std::move(look));
    if (!found)
        throw signed_out();
    const bool right = co_await matches(found->password_hash, std::move(password));
    if (!right) {
        auto note = [entry = act_of(by, from, now), act](app::transaction& store) mutable {
            entry.action = "wrong_password";
            entry.detail = act;
            store.audit().add(entry);
        };
        co_await commit(parts_.store, std::move(note));
        throw problem("wrong_credentials", "Mật khẩu hiện tại không đúng.");
    }
    addresses_.take_back(from.address);
    names_.take_back(by.who.user_name);
    co_return std::move(*found);
}

asio::awaitable<std::string> accounts::begin_totp(caller by, std::string password, visitor from)
{
    co_await check_own_password(by, std::move(password), from, "Đăng ký ứng dụng xác thực");
    auto secret = random_bytes(totp_secret_bytes);
    bool gone = false;
    auto offer = [&](app::transaction& store) {
        auto session = session_of(store, by);
        gone = !session;
        if (gone)
            return;
        session->new_totp = box_.seal(by.who.id, secret);
        store.accounts().put_session(*session);
    };
    co_await commit(parts_.store, std::move(offer));
    if (gone)
        throw signed_out();
    co_return secret;
}

asio::awaitable<accounts::entered> accounts::confirm_totp(caller by, std::string code, visitor from)
{
    const auto now = parts_.now();
    expect_patience(by.who.user_name, from.address, now);
    entered out;
    bool gone = false;
    bool offered = false;
    const fresh_session fresh;
    auto confirm = [&](app::transaction& store) {
        auto account = store.accounts().find(by.who.id);
        const auto session = session_of(store, by);
        gone = !account || !session;
        if (gone)
            return;
        offered = !session->new_totp.empty();
        const auto secret = box_.open(by.who.id, session->new_totp);
        const auto step = secret ? match_totp(*secret, code, now, 0) : std::nullopt;
        if (!step)
            return;
        account->totp_secret = session->new_totp;
        account->totp_step = *step;
        store.accounts().put(*account);
        store.accounts().remove_sessions_of(by.who.id, session->id);
        const auto renewed_session = renewed(store, *session, fresh, after_totp(*account), now);
        out.cookie = fresh.cookie;
        out.by = caller_of(*account, renewed_session, fresh.cookie);
        auto entry = act_of(by, from, now);
        entry.action = "totp_enrolled";
        entry.subject = by.who.user_name;
        store.audit().add(entry);
    };
    co_await commit(parts_.store, std::move(confirm));
    if (gone)
        throw signed_out();
    if (!offered)
        throw invalid("totp_code", "Xin lấy khóa mới trước");
    if (out.cookie.empty())
        throw problem("wrong_credentials", "Mã không đúng. Xin xem lại giờ trên điện thoại.");
    addresses_.take_back(from.address);
    names_.forget(by.who.user_name);
    co_return out;
}

asio::awaitable<accounts::entered>
accounts::change_password(caller by, std::string current, std::string wanted, visitor from)
{
    if (auto why = objection_to_password(wanted, by.who.user_name); !why.empty())
        throw invalid("new_password", std::move(why));
    if (wanted == current)
        throw invalid("new_password", "Mật khẩu mới phải khác mật khẩu hiện tại");
    const auto before = co_await check_own_password(by, std::move(current), from, "Đổi mật khẩu");
    const auto hashed = co_await hash(std::move(wanted));
    const auto now = parts_.now();
    entered out;
    const fresh_session fresh;
    auto change = [&](app::transaction& store) {
        auto account = store.accounts().find(by.who.id);
        const auto session = session_of(store, by);
        if (!account || !session || account->password_hash != before.password_hash)
            return;
        account->password_hash = hashed;
        account->password_temporary = false;
        store.accounts().put(*account);
        store.accounts().remove_sessions_of(by.who.id, session->id);
        const auto renewed_session = renewed(store, *session, fresh, after_totp(*account), now);
        out.cookie = fresh.cookie;
        out.by = caller_of(*account, renewed_session, fresh.cookie);
        auto entry = act_of(by, from, now);
        entry.action = "password_changed";
        entry.subject = by.who.user_name;
        store.audit().add(entry);
    };
    co_await commit(parts_.store, std::move(change));
    if (out.cookie.empty())
        throw signed_out();
    names_.forget(by.who.user_name);
    co_return out;
}

} // namespace motcua::staff_api
