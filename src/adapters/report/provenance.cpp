#include "provenance.hpp"

namespace motcua::report {

std::vector<std::string> provenance_lines(const reach::report& value)
{
    const auto& from = value.provenance;
    std::vector<std::string> lines;
    const auto add = [&lines](const std::string& label, const std::string& text) {
        if (!text.empty())
            lines.push_back(label + text + ".");
    };
    lines.push_back("Kỳ báo cáo: " + reach::words(value.period) + ".");
    add("Thời điểm xuất số liệu: ", from.exported_at);
    add("Phiên bản định nghĩa chỉ tiêu: ", from.definitions_version);
    add("Phiên bản kế hoạch: ", from.plan_version);
    lines.emplace_back(
        from.test_excluded ? "Không tính người dùng thử và trình mô phỏng."
                           : "Có tính người dùng thử và trình mô phỏng.");
    if (from.small_masked)
        lines.emplace_back("Số dưới 5 được ghi là “<5”.");
    add("Đối chiếu với dữ liệu gốc: ", from.verified);
    return lines;
}

} // namespace motcua::report
