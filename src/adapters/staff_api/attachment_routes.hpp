#pragma once

#include "complaint_routes.hpp"
#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace motcua::staff_api {

// GET /attachments/{id}. `parts` must outlive the router.
void add_attachment_routes(router& to, const staff_api_parts& parts, directory known);

// A kept file on its way, with the bytes its type is told by.
struct open_download
{
    std::unique_ptr<app::stored_file> file;
    std::string first;
};
// Blocking. Throws not_found.
std::shared_ptr<open_download> open_kept(app::attachment_files& from, const std::string& name);
// The answer that sends it, read piece by piece on `workers`; `given` and `id` as in file_name.
http::response file_response(
    std::shared_ptr<open_download> what,
    std::int64_t id,
    const std::string& given,
    asio::any_io_executor workers);

// How a file of that content is to be handled, and under which name (RFC 6266). Only pictures that
// browsers show without running anything are shown in place.
std::string content_disposition(std::string_view type, std::string_view name);

// The name the citizen gave, or one of ours if that is empty: "tep-17.jpg".
std::string file_name(std::int64_t id, std::string_view type, const std::string& given);

} // namespace motcua::staff_api
