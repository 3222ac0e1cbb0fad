#pragma once

#include <motcua/adapters/http/server.hpp>
#include <motcua/app/attachment_fetcher.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/storage.hpp>

#include <functional>
#include <memory>

// The staff API (data/api/openapi.yaml) as an HTTP handler: the staff half of the HTTP adapter, in
// a folder of its own.
namespace motcua::staff_api {

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
};

// Answers everything below /api/v1. The I/O thread alone. `parts` must outlive the handler.
http::request_handler make_staff_api(staff_api_parts parts);

} // namespace motcua::staff_api
