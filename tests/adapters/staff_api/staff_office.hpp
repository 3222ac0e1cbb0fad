#pragma once

#include "adapters/sqlite/temporary_store.hpp"
#include "assembly.hpp"
#include "support/run_coroutine.hpp"

#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/files/attachment_directory.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/app/staff_administration.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace motcua::staff_api {

// Counts the expensive calls.
class counting_hasher final : public password_hasher
{
public:
    std::string hash(const std::string& password) override
    {
        ++hashed;
        return inner_->hash(password);
    }
    bool matches(const std::string& hash, const std::string& password) override
    {
        ++compared;
        return inner_->matches(hash, password);
    }
    int hashed = 0;
    int compared = 0;

private:
    std::unique_ptr<password_hasher> inner_ = make_password_hasher(hashing_cost::least);
};

inline const std::string good_password = "đúng mật khẩu rồi"; // NFC

// The whole API on a real store, with a clock that is moved.
class StaffOffice : public testing::Test
{
protected:
    StaffOffice() { open(true); }
    ~StaffOffice() override
    {
        workers_.join();
        hashing_.join();
    }

    void open(bool totp_required)
    {
        api_.reset();
        api_ = std::make_unique<assembly>(staff_api_parts{
            .store = store_->writer(),
            .open_reader = [this] { return store_->open_reader(); },
            .workers = workers_.get_executor(),
            .executor = context_.get_executor(),
            .files = *files_,
            .now = [this] { return now_; },
            .current_content =
                [] {
                    return app::content{{}, std::make_shared<dialogue::knowledge>()};
                },
            .outgoing_added = [] {},
            .accounts =
                {.passwords = hasher_,
                 .hashing = hashing_.get_executor(),
                 .key = std::string(32, 'k'),
                 .totp_required = totp_required},
            .reports = {}});
    }

    void pass(std::chrono::milliseconds span) { now_ += span; }

    // An account that can go straight in, unless told otherwise.
    app::account add_account(
        const std::string& user_name,
        std::set<app::staff_role> roles,
        const std::string& unit = {},
        bool temporary = false)
    {
        app::account one;
        one.who = {.id = "s-" + user_name, .user_name = user_name, .name = user_name, .unit = unit};
        one.who.roles = std::move(roles);
        one.password_hash = hasher_->hash(good_password);
        one.password_temporary = temporary;
        write([&one](app::transaction& t) {
            ASSERT_EQ(app::add_account(t, one, {.actor = "test"}), app::objection::none);
        });
        return one;
    }
    void add_unit(const std::string& id, const std::string& parent = {})
    {
        write([&](app::transaction& t) {
            const app::unit one{.id = id, .name = "Đơn vị " + id, .parent = parent};
            ASSERT_EQ(app::add_unit(t, one, {.actor = "test"}), app::objection::none);
        });
    }
    // Gives the account an authenticator; returns its secret.
    std::string enrol(const std::string& user_name)
    {
        const auto secret = random_bytes(totp_secret_bytes);
        write([&](app::transaction& t) {
            auto one = t.accounts().find_by_user_name(user_name);
            one->totp_secret = secret_box(std::string(32, 'k')).seal(one->who.id, secret);
            t.accounts().put(*one);
        });
        return secret;
    }
    std::string code(const std::string& secret, int step = 0) const
    {
        return totp_code(secret, totp_step(now_) + step);
    }
    void write(const std::function<void(app::transaction&)>& unit) { store_->run_now(unit); }
    app::account account(const std::string& user_name)
    {
        return store_->open_reader()->accounts().find_by_user_name(user_name).value();
    }
    std::vector<std::string> actions() // oldest first
    {
        app::audit_filter all;
        all.limit = 1000;
        std::vector<std::string> out;
        for (const auto& row : store_->open_reader()->audit().rows(all))
            out.insert(out.begin(), row.entry.action);
        return out;
    }
    std::string last_action()
    {
        const auto all = actions();
        return all.empty() ? "" : all.back();
    }

    // Somebody in front of the desk.
    struct browser
    {
        std::string cookie;
        std::string csrf;
        std::string address = "192.0.2.1";
        std::string origin = "https://desk.example";
    };

    http::response
    send(browser& from, std::string method, const std::string& target, const json& body = {})
    {
        http::request asked;
        asked.method = std::move(method);
        asked.target = "/api/v1" + target;
        asked.peer = from.address;
        asked.fields = {
            {"host", "desk.example"},
            {"user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"},
            {"content-type", "application/json"}};
        if (!from.origin.empty())
            asked.fields.emplace_back("origin", from.origin);
        if (!from.cookie.empty())
            asked.fields.emplace_back("cookie", "__Host-motcua_session=" + from.cookie);
        if (!from.csrf.empty())
            asked.fields.emplace_back("x-csrf-token", from.csrf);
        if (!body.is_null())
            asked.body = body.dump();
        auto got = run_coroutine(context_, api_->routes().handle(std::move(asked)));
        const auto set = field(got, "Set-Cookie");
        if (!set.empty())
            from.cookie = set.substr(set.find('=') + 1, set.find(';') - set.find('=') - 1);
        const auto answer = json::parse(got.body, nullptr, false);
        if (answer.is_object() && answer.contains("csrf_token"))
            from.csrf =
                answer["csrf_token"].is_null() ? "" : answer["csrf_token"].get<std::string>();
        return got;
    }
    static std::string field(const http::response& of, std::string_view name)
    {
        for (const auto& [key, value] : of.fields)
            if (key == name)
                return value;
        return {};
    }
    static json body(const http::response& of) { return json::parse(of.body); }

    http::response sign_in(browser& from, const std::string& user_name, const std::string& password)
    {
        return send(from, "POST", "/session", {{"user_name", user_name}, {"password", password}});
    }
    // A session at the stage active.
    browser signed_in(const std::string& user_name)
    {
        browser out;
        EXPECT_EQ(sign_in(out, user_name, good_password).status, 200U);
        EXPECT_EQ(stage_of(out), "active");
        return out;
    }
    std::string stage_of(browser& of)
    {
        auto looking = of;
        return body(send(looking, "GET", "/session")).at("stage").get<std::string>();
    }

    utc_time now_ =
        std::chrono::sys_days(std::chrono::year(2026) / 11 / 16) + std::chrono::hours(2);
    sqlite::temporary_folder folder_;
    asio::io_context context_{1}; // outlives the store and the workers, which post to it
    std::unique_ptr<sqlite::database> store_ = sqlite::open_database({.file = folder_.file()});
    std::unique_ptr<app::attachment_files> files_ =
        files::open_attachment_directory(folder_.file().parent_path() / "attachments");
    asio::thread_pool workers_{1};
    asio::thread_pool hashing_{1};
    std::shared_ptr<counting_hasher> hasher_ = std::make_shared<counting_hasher>();
    std::unique_ptr<assembly> api_;
};

} // namespace motcua::staff_api
