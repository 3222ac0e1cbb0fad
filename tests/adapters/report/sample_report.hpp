#pragma once

#include <motcua/core/reach/report.hpp>

namespace motcua::report {

// One of every kind of cell, hostile text, a wide table, a cell that continues the one above.
inline reach::report sample_report()
{
    using namespace std::chrono_literals;
    using reach::column_kind;
    using std::chrono::year;
    reach::report out;
    out.title = "BÁO CÁO";
    out.subject = "Kết quả thực hiện Kế hoạch mẫu năm 2020";
    out.period = {year(2020) / 1 / 1, year(2020) / 12 / 31};
    out.plan = {
        .id = "2020",
        .title = "Kế hoạch mẫu",
        .number = "",
        .issuer = "UBND tỉnh Mẫu",
        .period = out.period};
    out.form = {
        .parent = "",
        .issuer = "ỦY BAN NHÂN DÂN TỈNH MẪU",
        .place = "Mẫu",
        .symbol = "/BC-UBND",
        .signer_capacity = "TM. ỦY BAN NHÂN DÂN",
        .signer_title = "CHỦ TỊCH",
        .recipients = {"Bộ Nội vụ;", "Các sở, ban, ngành;", "Lưu: VT."}};
    const auto figure = [](reach::cell_value value) {
        return reach::cell{
            .value = std::move(value), .kpi = "users", .rows = "users 2020-01-01 2020-12-31"};
    };
    const auto text = [](std::string value) {
        return reach::cell{.value = std::move(value), .kpi = {}, .rows = {}};
    };
    reach::table general;
    general.id = "general";
    general.title = "Bảng 1. Chỉ tiêu chung";
    general.columns = {
        {"no", "TT", column_kind::ordinal, 1},
        {"name", "Chỉ tiêu", column_kind::text, 6},
        {"value", "Kỳ báo cáo", column_kind::number, 3}};
    general.rows = {
        {reach::row_kind::group, {text("I"), text("Tiếp cận"), {}}},
        {{}, {text("1"), text("Số người truy cập"), figure(1234)}},
        {{}, {text("2"), text("Tỷ lệ xử lý đúng hạn"), figure(reach::share{7, 19})}},
        {{}, {text("3"), text("Tỷ lệ không có mẫu số"), figure(reach::share{0, 0})}},
        {{}, {text("4"), text("Thời gian trả lời"), figure(65s)}},
        {{}, {text("5"), text("Ngày bắt đầu"), figure(year(2020) / 2 / 5)}},
        {{}, {text("6"), text("Hồ sơ nộp qua kênh"), figure(reach::no_figure{})}},
        {{}, {text("7"), text("Ít người"), figure(reach::masked{})}},
        {reach::row_kind::total, {{}, text("Tổng"), figure(1241)}}};
    general.notes = {"Tổng là số người khác nhau, không phải phép cộng."};
    reach::table wide;
    wide.id = "plan_results";
    wide.title = "Bảng 2. Kết quả theo hoạt động";
    wide.wide = true;
    wide.columns = {
        {"no", "TT", column_kind::ordinal, 1},
        {"activity", "Hoạt động", column_kind::text, 4},
        {"result", "Kết quả", column_kind::text, 6}};
    wide.rows = {
        {{}, {text("1"), text("Phát quà tặng"), text("=HYPERLINK(\"http://evil\")")}},
        {{},
         {text("1"),
          {.value = {}, .kpi = {}, .rows = {}, .same_as_above = true},
          {.value = "0912345678 <b>&amp; \x01 _x0041_\nxuống dòng",
           .kpi = {},
           .rows = {},
           .by_hand = true,
           .from_words = "Cán bộ nhập ngày 05/02/2020",
           .link = "https://example.vn/anh"}}}};
    out.sections = {
        {"I", "Kết quả chung", {"Trong kỳ có 1.234 người truy cập."}, {general}},
        {"II", "Kết quả theo hoạt động", {}, {wide}},
        {"III", "Đánh giá", {"Đoạn sau bảng ngang."}, {}}};
    reach::table annex = general;
    annex.id = "annex_1";
    annex.title = "Phụ lục 1. Chỉ tiêu chung";
    annex.wide = true;
    out.annexes = {annex};
    out.definitions = {
        {"users",
         "Số người truy cập",
         "người",
         "Số người khác nhau có ít nhất một tin nhắn trong kỳ.",
         "",
         ""},
        {"on_time",
         "Tỷ lệ đúng hạn",
         "%",
         "Xử lý đúng hạn trên tổng số.",
         "đúng hạn",
         "đã xử lý và quá hạn"}};
    out.notes = {"Số liệu không gồm người dùng thử."};
    out.provenance.definitions_version = "abc";
    return out;
}

} // namespace motcua::report
