#include "query_words.hpp"

#include <motcua/core/understand/search.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace motcua::understand {

namespace {

using phrase_row = std::pair<std::string_view, std::size_t>;

phrase_table table_of(std::initializer_list<phrase_row> rows)
{
    phrase_table table;
    for (const auto& [phrase, value] : rows)
        table.add(phrase_words(phrase), value);
    return table;
}

phrase_table numbered(std::initializer_list<std::string_view> phrases)
{
    phrase_table table;
    for (const std::string_view phrase : phrases)
        table.add(phrase_words(phrase), 0);
    return table;
}

constexpr std::size_t as_value(level_hint level)
{
    return static_cast<std::size_t>(level);
}

} // namespace

const phrase_table& question_frames()
{
    static const phrase_table table = numbered({
        // papers
        "cần giấy tờ gì", "cần những giấy tờ gì", "cần giấy tờ nào", "giấy tờ gì", "giấy tờ nào",
        "những giấy tờ gì", "những giấy gì", "cần giấy gì", "giấy gì", "cần chuẩn bị gì",
        "chuẩn bị gì", "chuẩn bị những gì", "chuẩn bị giấy tờ", "cần những gì", "cần gì", "cần mang gì",
        "mang theo gì", "mang theo", "mang gì", "mang giấy tờ", "hồ sơ gồm những gì", "hồ sơ gồm gì",
        "hồ sơ gồm", "gồm những gì", "gồm gì", "bao gồm những gì", "bao gồm", "thành phần hồ sơ",
        "hồ sơ cần gì", "hồ sơ cần", "hồ sơ", "bộ hồ sơ", "giấy tờ cần thiết", "giấy tờ liên quan",
        "giấy tờ", "loại giấy tờ", "mấy loại", "bản chính hay bản sao", "thiếu giấy tờ", "thiếu",
        // forms
        "mẫu đơn", "mẫu tờ khai", "tờ khai", "biểu mẫu", "xin mẫu", "tải mẫu", "mẫu ở đâu", "mẫu",
        "đơn từ", "form",
        // fees
        "lệ phí bao nhiêu", "lệ phí", "phí bao nhiêu", "mức phí", "mức thu", "chi phí", "tốn bao nhiêu",
        "tốn bao nhiêu tiền", "hết bao nhiêu tiền", "hết bao nhiêu", "bao nhiêu tiền", "mất bao nhiêu tiền",
        "mất bao nhiêu", "đóng bao nhiêu", "nộp bao nhiêu", "tốn tiền", "mất tiền", "có mất phí",
        "mất phí", "tốn phí", "thu phí", "đóng phí", "giá bao nhiêu", "bao nhiêu", "miễn phí", "phí",
        "bao tiền", "nhiêu tiền", "tiền nong",
        // time
        "mất bao lâu", "bao lâu thì xong", "bao lâu có", "bao lâu", "mấy ngày", "mấy hôm", "mất mấy ngày",
        "trong bao lâu", "khi nào có", "khi nào xong", "khi nào", "chừng nào", "bao giờ có", "bao giờ",
        "thời gian giải quyết", "thời hạn giải quyết", "thời gian", "thời hạn", "lâu không",
        "có lâu không", "lâu", "bao nhiêu ngày", "mất thời gian", "mấy giờ", "giờ làm việc", "ngày nào",
        "thứ mấy", "thứ bảy", "cuối tuần", "hôm nay", "ngày mai", "bữa nay", "xong", "nhanh", "gấp",
        // place
        "ở đâu", "tại đâu", "làm ở đâu", "nộp ở đâu", "đến đâu", "tới đâu", "đi đâu", "chỗ nào",
        "ở chỗ nào", "nơi nào", "cơ quan nào", "ai giải quyết", "đâu", "địa chỉ", "nơi nộp",
        // manner
        "làm sao", "làm thế nào", "làm như thế nào", "làm như nào", "như thế nào", "như nào", "thế nào",
        "ra sao", "sao", "cách làm", "cách", "các bước", "bước", "quy trình", "trình tự", "hướng dẫn",
        "thủ tục làm", "thủ tục", "làm thủ tục", "thủ tục thế nào", "làm online", "online", "qua mạng",
        "trực tuyến", "nộp trực tuyến", "nộp online", "trên mạng", "tại nhà", "trực tiếp", "bưu điện",
        "qua bưu điện", "dịch vụ công", "điều kiện", "căn cứ pháp lý", "văn bản nào", "quy định nào",
        "luật nào", "quy định",
        // speaking
        "cho em hỏi", "cho mình hỏi", "cho tôi hỏi", "cho hỏi", "cho con hỏi", "cho cháu hỏi", "em hỏi",
        "hỏi", "hỏi về", "xin hỏi", "muốn hỏi", "tư vấn", "giúp", "giúp em", "giúp mình", "giúp với",
        "chỉ giúp", "chỉ em", "chỉ", "cho biết", "xin cho biết", "biết", "xin chào", "chào", "alo", "dạ",
        "vâng", "ạ", "à", "ơi", "nhé", "nha", "nhỉ", "hả", "vậy", "thế", "với", "luôn", "nữa", "rồi",
        "đi", "chưa", "thì", "là", "mà", "và", "hay", "hoặc", "nếu", "bây giờ", "giờ", "hiện nay",
        "hiện tại", "đang", "vừa", "mới đây", "sắp", "sẽ", "đã", "có được không", "được không", "được",
        "có phải", "phải không", "không", "có", "phải", "cần", "cần phải", "muốn", "định", "tính", "nên",
        "xin", "xin phép hỏi", "nhờ", "cho", "cho em", "cho mình", "giùm", "dùm", "hộ em", "ad", "admin",
        "shop", "em", "anh", "chị", "anh chị", "cô", "chú", "bác", "cháu", "mình", "tôi", "tui", "tao",
        "mày", "bạn", "nhà em", "nhà mình", "nhà tôi", "của em", "của tôi", "của mình", "của", "này", "kia",
        "đó", "ấy", "nó", "cái", "cái này", "việc", "vụ", "chuyện", "những", "các", "một", "mấy", "nào",
        "gì", "ai", "để", "ở", "tại", "trên", "trong", "ra", "lên", "về", "làm", "nộp", "đến", "tới", "bị",
        "do", "vì", "khi", "lúc", "lại bị", "thật", "rất", "quá", "lắm", "còn", "cũng", "chỉ cần", "đây",
        "bên", "phía", "người ta", "trường hợp", "trường hợp này", "hồ sơ này", "bản thân", "mọi người",
        "cảm ơn", "cám ơn", "thanks", "ok", "ad ơi", "tự", "chờ", "đợi", "lấy", "nhận kết quả", "kết quả",
        "nhận ở đâu", "trả", "đem", "đem theo", "đi làm", "lo", "theo", "sau", "trước", "lần", "kiểu",
    });
    return table;
}

const phrase_table& kept_phrases()
{
    static const phrase_table table = numbered({
        "bản sao", "sao y", "sao lục", "con dấu", "dấu", "đóng dấu", "khuyết tật", "cho thuê", "tặng cho",
        "cho tặng", "thế chấp", "thẻ", "căn cước", "tai nạn", "nhà ở", "ở nhờ", "chỗ ở", "hộ khẩu",
        "hộ tịch", "hộ chiếu", "hộ kinh doanh", "hộ gia đình", "hộ nghèo", "hộ cận nghèo", "chế độ",
        "người có công", "cha mẹ", "ông bà", "bảo hiểm", "giá đất", "đấu giá", "tiền sử dụng đất",
        "đi học", "đi nước ngoài", "đi lao động", "xuất cảnh", "làm con nuôi", "nhận con nuôi", "con nuôi",
        "nhận cha", "nhận mẹ", "nhận con", "cha mẹ con", "đường đi", "lối đi", "việc làm", "làm việc", "thôi học",
        "tạm trú", "thường trú", "cư trú", "trợ cấp", "chi trả", "trả lại", "tự nguyện", "ly hôn",
        "độc thân", "đơn thân", "lần đầu", "công chứng", "chỉ giới", "địa chỉ kinh doanh",
        "thời hạn sử dụng", "sở hữu", "lao động", "ban đầu", "đầu tư", "lên thổ cư",
    });
    return table;
}

const phrase_table& query_actions()
{
    static const phrase_table table = table_of({
        {"cấp mới", issue},
        {"làm mới", issue},
        {"lần đầu", issue},
        {"cấp lần đầu", issue},
        {"đăng ký mới", issue},
        {"cấp lại", reissue},
        {"làm lại", reissue},
        {"xin lại", reissue},
        {"đăng ký lại", reissue},
        {"in lại", reissue},
        {"bị mất", reissue | report_loss},
        {"làm mất", reissue | report_loss},
        {"đánh mất", reissue | report_loss},
        {"mất", reissue | report_loss},
        {"rớt mất", reissue | report_loss},
        {"thất lạc", reissue | report_loss},
        {"rơi", reissue | report_loss},
        {"hư", reissue | exchange},
        {"hỏng", reissue | exchange},
        {"rách", reissue | exchange},
        {"cũ", exchange},
        {"báo mất", report_loss},
        {"trình báo", report_loss},
        {"đổi", exchange},
        {"cấp đổi", exchange},
        {"làm đổi", exchange},
        {"đổi mới", exchange},
        {"đổi sang", exchange},
        {"gia hạn", renew},
        {"kéo dài", renew},
        {"hết hạn", renew | exchange | reissue},
        {"quá hạn", renew | exchange | reissue},
        {"sắp hết hạn", renew | exchange | reissue},
        {"sửa", amend},
        {"sửa đổi", amend},
        {"sửa lại", amend},
        {"đính chính", amend},
        {"cải chính", amend},
        {"chỉnh sửa", amend},
        {"điều chỉnh", amend},
        {"thay đổi", amend | exchange},
        {"bổ sung", amend},
        {"cập nhật", amend},
        {"đổi tên", amend},
        {"ghi sai", amend},
        {"sai", amend},
        {"bị sai", amend},
        {"sai tên", amend},
        {"nhầm", amend},
        {"xóa", remove},
        {"gỡ", remove},
        {"hủy", remove},
        {"huỷ", remove},
        {"hủy bỏ", remove},
        {"thu hồi", remove},
        {"chấm dứt", terminate},
        {"giải thể", terminate},
        {"đóng cửa", terminate},
        {"nghỉ bán", terminate | suspend},
        {"dẹp", terminate},
        {"nghỉ luôn", terminate},
        {"đóng mã", terminate},
        {"ngừng", suspend | terminate},
        {"tạm ngừng", suspend},
        {"tạm nghỉ", suspend},
        {"tạm dừng", suspend},
    });
    return table;
}

const phrase_table& official_actions()
{
    static const phrase_table table = table_of({
        {"cấp mới", issue},
        {"lần đầu", issue},
        {"cấp lại", reissue},
        {"đăng ký lại", reissue},
        {"mất", report_loss},
        {"cấp đổi", exchange},
        {"đổi", exchange},
        {"gia hạn", renew},
        {"sửa đổi", amend},
        {"cải chính", amend},
        {"đính chính", amend},
        {"điều chỉnh", amend},
        {"thay đổi", amend},
        {"bổ sung", amend},
        {"chỉnh lý", amend},
        {"hiệu đính", amend},
        {"cập nhật", amend},
        {"chuyển đổi", 0},
        {"trao đổi", 0},
        {"biến đổi", 0},
        {"xóa", remove},
        {"xoá", remove},
        {"hủy", remove},
        {"hủy bỏ", remove},
        {"huỷ", remove},
        {"thu hồi", remove},
        {"dừng thực hiện", remove},
        {"chấm dứt", terminate},
        {"giải thể", terminate},
        {"tạm ngừng", suspend},
        {"tạm dừng", suspend},
    });
    return table;
}

const phrase_table& level_phrases()
{
    static const phrase_table table = table_of({
        {"cấp xã", as_value(level_hint::commune)},
        {"ở xã", as_value(level_hint::commune)},
        {"tại xã", as_value(level_hint::commune)},
        {"ở phường", as_value(level_hint::commune)},
        {"tại phường", as_value(level_hint::commune)},
        {"ủy ban xã", as_value(level_hint::commune)},
        {"ủy ban phường", as_value(level_hint::commune)},
        {"cấp tỉnh", as_value(level_hint::province)},
        {"ở tỉnh", as_value(level_hint::province)},
        {"tại tỉnh", as_value(level_hint::province)},
        {"trên tỉnh", as_value(level_hint::province)},
        {"cấp bộ", as_value(level_hint::ministry)},
        {"cấp trung ương", as_value(level_hint::ministry)},
        {"trung ương", as_value(level_hint::ministry)},
    });
    return table;
}

const phrase_table& special_conditions()
{
    static const phrase_table table = table_of({
        {"nước ngoài", 0},
        {"ngoại kiều", 0},
        {"quốc tịch", 0},
        {"biên giới", 1},
        {"lưu động", 2},
        {"đã có hồ sơ", 3},
        {"quân đội", 4},
        {"quân sự", 4},
        {"quốc phòng", 4},
        {"quân nhân", 4},
        {"công an nhân dân", 5},
        {"cơ quan đại diện", 6},
        {"tiến hành tố tụng", 7},
        {"cơ quan nhà nước", 8},
        {"cấp huyện", 9},
        {"kết hợp", 10},
        {"liên thông", 11},
        {"gốc việt nam", 12},
        {"láng giềng", 13},
        {"dự án", 14},
        {"tổ chức", 15},
        {"tín dụng", 16},
        {"chứng khoán", 17},
        {"đại diện ngoại giao", 18},
        {"vũ khí", 19},
        {"hàng không", 20},
        {"tàu biển", 21},
        {"hải quan", 22},
        {"xuất khẩu", 23},
        {"nhập khẩu", 24},
        {"đường sắt", 25},
        {"chuyên dùng", 26},
        {"thí điểm", 27},
        {"điện tử", 28},
        {"quốc tế", 29},
        {"cơ sở dữ liệu", 30},
        {"khai thác thông tin", 31},
    });
    return table;
}

bool is_weak_word(std::string_view folded)
{
    static constexpr std::array<std::string_view, 24> words{
        "ban", "bang", "cap", "chung", "con", "dang", "dau", "doi", "giay", "ky", "moi", "nguoi",
        "nhan", "nha", "phep", "so", "tai", "the", "tien", "tinh", "tu", "viec", "xa", "xac"};
    return std::binary_search(words.begin(), words.end(), folded);
}

} // namespace motcua::understand
