#pragma once

#include "adapters/sqlite/temporary_store.hpp"
#include "router.hpp"
#include "support/run_coroutine.hpp"

#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/files/attachment_directory.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/staff_api/staff_api.hpp>
#include <motcua/core/complaints/receipt_code.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace motcua::staff_api {

// Everybody is signed in as who the test says.
class given_session final : public session_source
{
public:
    asio::awaitable<caller> find(std::string, std::string, bool) override { co_return by; }
    caller by;
};

// Routes on a real store, with the content of this repository.
class Desk : public ::testing::Test
{
protected:
    Desk() { sign_in("an", {app::staff_role::coordinator}); }

    // Before the parts that wait for it are gone.
    ~Desk() override { workers.join(); }

    void sign_in(const std::string& id, std::set<app::staff_role> roles, std::string unit = {})
    {
        sessions.by = {
            .stage = stage::active,
            .who = {.id = id, .user_name = id, .name = id, .unit = std::move(unit), .roles = {}},
            .session_id = "s",
            .csrf_token = "csrf"};
        sessions.by.who.roles = std::move(roles);
    }

    http::response send(std::string method, std::string target, const json& body = {})
    {
        http::request asked;
        asked.method = std::move(method);
        asked.target = "/api/v1" + target;
        asked.fields = {
            {"host", "desk.example"},
            {"origin", "https://desk.example"},
            {"x-csrf-token", "csrf"},
            {"content-type", "application/json"}};
        if (!body.is_null())
            asked.body = body.dump();
        return run_coroutine(context, routes.handle(std::move(asked)));
    }
    // The body of a GET that succeeds.
    json get(std::string target)
    {
        const auto got = send("GET", target);
        EXPECT_EQ(got.status, 200U) << target << ' ' << got.body;
        return json::parse(got.body);
    }
    unsigned status_of(std::string target) { return send("GET", std::move(target)).status; }

    void write(const std::function<void(app::transaction&)>& unit) { store->run_now(unit); }

    static const dialogue::knowledge& knowledge()
    {
        static const auto known = content::read_knowledge(
                                      std::string(MOTCUA_SOURCE_DIR) + "/intents",
                                      std::string(MOTCUA_SOURCE_DIR) + "/data")
                                      .known;
        return known;
    }
    static const complaints::rules& rules() { return knowledge().complaints; }

    // A case as it is filed at `now`; it is stored by add().
    complaints::complaint filed(std::string content, std::string user_id = "1001")
    {
        complaints::complaint made;
        made.user_id = std::move(user_id);
        made.source = "zalo";
        made.category = "delay";
        made.about = "conduct";
        made.content = std::move(content);
        made.from = {
            .anonymous = false,
            .name = "Trần Thị Thử",
            .phone = "0912345678",
            .address = "khu phố 3"};
        const auto day = vietnam_date(now);
        auto code = complaints::make_receipt_code(day, ++numbers[std::chrono::sys_days(day)]);
        return complaints::file(rules(), std::move(made), std::move(code), now).next;
    }
    std::int64_t add(const complaints::complaint& value)
    {
        std::int64_t id = 0;
        write([&](app::transaction& t) {
            id = t.complaints().add(
                value, {.due = complaints::due_date(rules(), value), .wake = {}});
        });
        return id;
    }

    // Monday morning, office hours.
    utc_time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 16) + std::chrono::hours(2);
    std::map<std::chrono::sys_days, int> numbers;
    sqlite::temporary_folder folder;
    // Outlives the store and the workers, which let go of it after their answer has arrived.
    asio::io_context context{1};
    std::unique_ptr<sqlite::database> store = sqlite::open_database({.file = folder.file()});
    std::unique_ptr<app::attachment_files> files =
        files::open_attachment_directory(folder.file().parent_path() / "attachments");
    asio::thread_pool workers{1};
    given_session sessions;
    staff_api_parts parts{
        .store = store->writer(),
        .open_reader = [this] { return store->open_reader(); },
        .workers = workers.get_executor(),
        .executor = context.get_executor(),
        .files = *files,
        .now = [this] { return now; },
        .current_content =
            [] {
                return app::content{{}, {std::shared_ptr<void>(), &knowledge()}};
            },
        .outgoing_added = [] {},
        .reply_held = [] {},
        .accounts = {},
        .reports = {}};
    router routes{sessions, [this] { return now; }};
};

} // namespace motcua::staff_api
