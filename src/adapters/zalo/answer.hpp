#pragma once

#include <motcua/adapters/zalo/client.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <nlohmann/json.hpp>

#include <optional>

// What the platform's answers mean. Pure.
namespace motcua::zalo {

struct meaning
{
    app::send_result result;
    // Set if the platform answered with an error code: what the table says of it.
    std::optional<app::error_action> action;
    nlohmann::json data; // of an accepted call: the answer's `data`
};

// API errors come with HTTP 200 (zalo-oa-protocol 0.7, 2.10).
meaning meaning_of(const http_answer& answer, const app::error_table& errors);

// The conversation of a read-back (zalo-oa-protocol 4).
std::vector<app::remembered> remembered_in(const nlohmann::json& data);

// Empty, or why the platform would refuse the upload.
std::string fault_of_upload(upload_kind what, std::string_view bytes);
std::string upload_body(std::string_view boundary, std::string_view name, std::string_view bytes);

} // namespace motcua::zalo
