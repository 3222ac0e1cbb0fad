#pragma once

#include <motcua/core/procedures/procedure.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

// Small records the tests start from.
namespace motcua::procedures {

inline date day_of(int year, unsigned month, unsigned day)
{
    return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
}

inline fee fee_of(std::optional<std::int64_t> amount, std::string note = {})
{
    return {.kind = fee_kind::charge, .amount_vnd = amount, .note = std::move(note)};
}

inline channel channel_of(method how, fee cost, duration time = {})
{
    return {.how = how, .time = std::move(time), .fees = {std::move(cost)}, .note = {}};
}

inline procedure birth_registration()
{
    procedure record;
    record.code = "1.001193";
    record.name = "Đăng ký khai sinh";
    record.decision_no = "163/QĐ-BTP";
    record.at = level::commune;
    record.promulgator = "Bộ Tư pháp";
    record.subjects = {"Công dân Việt Nam"};
    record.executing = {"Ủy ban nhân dân cấp xã"};
    record.steps = "- Nộp hồ sơ.\n- Nhận kết quả.";
    record.results = {"Giấy khai sinh"};
    record.legal_basis = {{.number = "60/2014/QH13", .title = "Luật Hộ tịch"}};
    record.from.name = "Cổng Dịch vụ công quốc gia";
    record.from.as_of = day_of(2026, 7, 18);
    return record;
}

} // namespace motcua::procedures
