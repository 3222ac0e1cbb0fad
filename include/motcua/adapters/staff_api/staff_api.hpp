#pragma once

#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/staff_api/operation_parts.hpp>
#include <motcua/adapters/staff_api/passwords.hpp>
#include <motcua/app/attachment_fetcher.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/report_desk.hpp>
#include <motcua/app/storage.hpp>

#include <functional>
#include <memory>
#include <string>

// The staff API (data/api/openapi.yaml) as an HTTP handler: the staff half of the HTTP adapter, in
// a folder of its own.
namespace motcua::staff_api {

struct account_options
{
    std::shared_ptr<password_hasher> passwords;
    http::asio::any_io_executor hashing; // as many threads as may hash at once
    std::string key; // seals the secrets of authenticators; 32 bytes or more, not in the database
    bool totp_required = true;
};

// Reports may take seconds: they have a worker of their own. Without a desk they are unavailable.
struct report_options
{
    std::shared_ptr<app::report_desk> desk;
    http::asio::any_io_executor worker; // one thread
};

struct staff_api_parts
{
    app::writer& store;
    std::function<std::unique_ptr<app::reader>()> open_reader; // called on `workers`
    http::asio::any_io_executor workers;                       // for what may wait for a disk
    http::asio::any_io_executor executor;                      // the I/O thread
    app::attachment_files& files;                              // what citizens sent
    std::function<utc_time()> now;
    std::function<app::content()> current_content;
    std::function<void()> outgoing_added; // wakes the sender
    std::function<void()> reply_held;     // wakes app::reply_task
    account_options accounts;
    operation_parts operations{};
    report_options reports = {};
};

// Answers everything below /api/v1. The I/O thread alone. What `parts` refers to must outlive the
// handler.
http::request_handler make_staff_api(staff_api_parts parts);

} // namespace motcua::staff_api
