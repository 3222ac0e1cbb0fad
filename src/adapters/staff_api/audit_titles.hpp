#pragma once

#include <array>
#include <string_view>

namespace motcua::staff_api {

struct audit_title
{
    std::string_view action;
    std::string_view title;
};

// Every action there is, as the filter of the audit lists them.
inline constexpr auto audit_titles = std::to_array<audit_title>({
    {"sign_in", "Đăng nhập"},
    {"sign_in_failed", "Đăng nhập không được"},
    {"totp_failed", "Sai mã xác thực"},
    {"wrong_password", "Nhập sai mật khẩu hiện tại"},
    {"sign_out", "Đăng xuất"},
    {"session_ended", "Kết thúc phiên"},
    {"password_changed", "Đổi mật khẩu"},
    {"password_reset", "Đặt lại mật khẩu"},
    {"totp_enrolled", "Đăng ký ứng dụng xác thực"},
    {"totp_reset", "Gỡ ứng dụng xác thực"},
    {"staff_added", "Thêm tài khoản"},
    {"staff_changed", "Sửa tài khoản"},
    {"unit_added", "Thêm đơn vị"},
    {"unit_changed", "Sửa đơn vị"},
    {"unit_removed", "Xóa đơn vị"},
    {"audit_verified", "Kiểm tra nhật ký"},
    {"audit_forget", "Xóa dữ liệu cá nhân trong nhật ký"},
    {"erase", "Xóa dữ liệu của người dân"},
    {"search_phone", "Tìm theo số điện thoại"},
    {"reveal", "Hiện thông tin người gửi"},
    {"export", "Xuất danh sách"},
    {"archive", "Tải hồ sơ phản ánh"},
    {"attachment", "Mở tệp đính kèm"},
    {"assign", "Phân công"},
    {"transition", "Chuyển trạng thái"},
    {"category", "Đổi lĩnh vực"},
    {"label", "Đổi nhãn"},
    {"edit", "Sửa thông tin phản ánh"},
    {"note", "Ghi chú nội bộ"},
    {"reply", "Trả lời người dân"},
    {"reply_undone", "Thu hồi trả lời"},
    {"reply_stale", "Trả lời không gửi được vì phản ánh đã đổi"},
    {"reply_resent", "Gửi lại trả lời"},
    {"moderate", "Biên tập để công khai"},
    {"takeover", "Tiếp nhận trò chuyện"},
    {"hand_back", "Trả trò chuyện cho máy"},
    {"template", "Mẫu trả lời"},
    {"saved_view", "Bộ lọc đã lưu"},
    {"silence_on", "Tắt trả lời tự động"},
    {"silence_off", "Bật lại trả lời tự động"},
    {"send_retried", "Gửi lại tin không gửi được"},
    {"unknown_decided", "Xử lý câu chưa hiểu"},
    {"unknown_exported", "Xuất thay đổi nội dung"},
    {"procedure_edited", "Sửa phần của tỉnh trong thủ tục"},
    {"procedures_imported", "Nạp thủ tục từ tệp"},
    {"plan_entry", "Kết quả nhập tay"},
    {"report", "Tải báo cáo"},
    {"report_link", "Liên kết lấy báo cáo"},
    {"report_pulled", "Lấy báo cáo qua liên kết"},
});

// The action itself if it has no title.
constexpr std::string_view title_of(std::string_view action)
{
    for (const auto& one : audit_titles)
        if (one.action == action)
            return one.title;
    return action;
}

} // namespace motcua::staff_api
