#pragma once

#include "router.hpp"

#include <motcua/app/procedure_desk.hpp>
#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/procedures/rendering.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

// A procedure as the desk shows it.
namespace motcua::staff_api {

inline constexpr std::array<std::pair<procedures::aspect, std::string_view>, 11> aspect_titles{{
    {procedures::aspect::overview, "Tổng quan"},
    {procedures::aspect::documents, "Hồ sơ"},
    {procedures::aspect::fee, "Phí, lệ phí"},
    {procedures::aspect::time, "Thời hạn"},
    {procedures::aspect::place, "Nơi nộp"},
    {procedures::aspect::steps, "Các bước"},
    {procedures::aspect::requirements, "Điều kiện"},
    {procedures::aspect::legal_basis, "Căn cứ pháp lý"},
    {procedures::aspect::forms, "Biểu mẫu"},
    {procedures::aspect::result, "Kết quả"},
    {procedures::aspect::filing, "Hướng dẫn nộp"},
}};

json date_json(procedures::date value);
std::string_view name(procedures::level value);
std::string_view name(procedures::origin value);

// "no", "stale" (data or check older than 12 months), "expiring" (within 90 days), "expired".
std::string_view out_of_date(const procedures::procedure& record, procedures::date today);

json summary_json(
    const procedures::procedure& record,
    const dialogue::knowledge& known,
    procedures::date today,
    bool edited);
// The record in words, for people.
json facts_json(const procedures::procedure& record);
// What the chat says.
json answers_json(
    const procedures::procedure& record, const procedures::rendering_context& context);
json overlay_json(const procedures::overlay& value, const std::string& source);
json edit_json(const app::procedure_edit& value);
json changes_json(const app::procedure_edit& wanted, const app::procedure_edit& stored);

// What the body of an edit holds; throws problem.
app::procedure_edit edit_in(body_reader& body, const dialogue::knowledge& known);

} // namespace motcua::staff_api
