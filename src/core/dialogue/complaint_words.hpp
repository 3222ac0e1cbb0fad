#pragma once

#include <string_view>

// What people type at the end of a complaint where buttons are offered.
namespace motcua::dialogue {

// "gửi", "ok gửi đi", "đúng rồi": the summary is right.
bool says_send(std::string_view text);

// "ẩn danh", "không muốn nói tên": somebody who would rather not be known.
bool wants_no_name(std::string_view text);

// "sai", "sửa giúp", "nhầm rồi": something is not right.
bool asks_for_change(std::string_view text);

// The part of a complaint that is named: content, category, attachments, place, name, phone,
// address, contact; empty if none.
std::string_view part_named(std::string_view text);

} // namespace motcua::dialogue
