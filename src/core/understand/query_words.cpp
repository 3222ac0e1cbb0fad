#include "query_words.hpp"

#include <motcua/core/understand/search.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace motcua::understand {

namespace {

// Phrases separated by commas, all with one value.
struct phrase_row
{
    std::size_t value;
    std::string_view phrases;
};

phrase_table table_of(std::initializer_list<phrase_row> rows)
{
    phrase_table table;
    for (const phrase_row& row : rows)
        for (std::string_view rest = row.phrases; !rest.empty();) {
            const std::size_t end = std::min(rest.find(','), rest.size());
            table.add(phrase_words(rest.substr(0, end)), row.value);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    return table;
}

constexpr std::size_t as_value(level_hint level)
{
    return static_cast<std::size_t>(level);
}

} // namespace

const phrase_table& question_frames()
{
    static const phrase_table table = table_of({
        // papers
        {0, "cần giấy tờ gì, cần những giấy tờ gì, cần giấy tờ nào, giấy tờ gì, giấy tờ nào"},
        {0, "những giấy tờ gì, những giấy gì, cần giấy gì, giấy gì, cần chuẩn bị gì, chuẩn bị gì"},
        {0, "chuẩn bị những gì, chuẩn bị giấy tờ, cần những gì, cần gì, cần mang gì, mang theo gì"},
        {0, "mang theo, mang gì, mang giấy tờ, hồ sơ gồm những gì, hồ sơ gồm gì, hồ sơ gồm"},
        {0, "gồm những gì, gồm gì, bao gồm những gì, bao gồm, thành phần hồ sơ, hồ sơ cần gì"},
        {0, "hồ sơ cần, hồ sơ, bộ hồ sơ, giấy tờ cần thiết, giấy tờ liên quan, giấy tờ"},
        {0, "loại giấy tờ, mấy loại, bản chính hay bản sao, thiếu giấy tờ, thiếu, chuẩn bị"},
        // forms
        {0, "mẫu đơn, mẫu tờ khai, tờ khai, biểu mẫu, xin mẫu, tải mẫu, mẫu ở đâu, mẫu, form"},
        // fees
        {0, "lệ phí bao nhiêu, lệ phí, phí bao nhiêu, mức phí, mức thu, chi phí, tốn bao nhiêu"},
        {0, "tốn bao nhiêu tiền, hết bao nhiêu tiền, hết bao nhiêu, bao nhiêu tiền, nhiêu tiền"},
        {0, "mất bao nhiêu tiền, mất bao nhiêu, đóng bao nhiêu, nộp bao nhiêu, tốn tiền, mất tiền"},
        {0, "có mất phí, mất phí, tốn phí, thu phí, đóng phí, giá bao nhiêu, bao nhiêu, nhiêu"},
        {0, "miễn phí, phí, bao tiền, tiền nong, đóng tiền, hết tiền, hết nhiêu tiền, hết nhiêu"},
        {0, "tốn nhiêu tiền, tốn nhiêu, mất nhiêu tiền, mất nhiêu, một bản, mỗi bản"},
        // results
        {0, "nhận được giấy gì, nhận được giấy tờ gì, nhận được những gì, nhận được cái gì"},
        {0, "nhận được gì, nhận giấy gì, được giấy gì, kết quả nhận được, nhận được"},
        // time
        {0, "mất bao lâu, bao lâu thì xong, bao lâu có, bao lâu, mấy ngày, mấy hôm, mất mấy ngày"},
        {0, "trong bao lâu, khi nào có, khi nào xong, khi nào, chừng nào, bao giờ có, bao giờ"},
        {0, "thời gian giải quyết, thời hạn giải quyết, thời gian, thời hạn, lâu không, lâu"},
        {0, "có lâu không, bao nhiêu ngày, mất thời gian, mấy giờ, giờ làm việc, ngày nào"},
        {0, "thứ mấy, thứ bảy, cuối tuần, hôm nay, ngày mai, bữa nay, xong, nhanh, gấp"},
        // place
        {0, "ở đâu, tại đâu, làm ở đâu, nộp ở đâu, đến đâu, tới đâu, đi đâu, chỗ nào, đâu"},
        {0, "ở chỗ nào, nơi nào, cơ quan nào, ai giải quyết, địa chỉ, nơi nộp"},
        // manner
        {0, "làm sao, làm thế nào, làm như thế nào, làm như nào, như thế nào, như nào, thế nào"},
        {0, "ra sao, sao, cách làm, cách, các bước, bước, quy trình, trình tự, hướng dẫn"},
        {0, "thủ tục làm, thủ tục, làm thủ tục, thủ tục thế nào, làm online, online, qua mạng"},
        {0, "trực tuyến, nộp trực tuyến, nộp online, trên mạng, tại nhà, trực tiếp, bưu điện"},
        {0, "qua bưu điện, dịch vụ công, điều kiện, căn cứ pháp lý, văn bản nào, quy định nào"},
        {0, "luật nào, quy định"},
        // speaking
        {0, "cho em hỏi, cho mình hỏi, cho tôi hỏi, cho hỏi, cho con hỏi, cho cháu hỏi, em hỏi"},
        {0, "hỏi, hỏi về, xin hỏi, muốn hỏi, tư vấn, giúp, giúp em, giúp mình, giúp với"},
        {0, "chỉ giúp, chỉ em, chỉ, cho biết, xin cho biết, biết, xin chào, chào, alo, dạ, vâng"},
        {0, "ạ, à, ơi, nhé, nha, nhỉ, hả, vậy, thế, với, luôn, nữa, rồi, đi, chưa, thì, là, mà"},
        {0, "và, hay, hoặc, nếu, bây giờ, giờ, hiện nay, hiện tại, đang, vừa, mới đây, sắp, sẽ"},
        {0, "đã, có được không, được không, được, có phải, phải không, không, có, phải, cần"},
        {0, "cần phải, muốn, định, tính, nên, xin, xin phép hỏi, nhờ, cho, cho em, cho mình, giùm"},
        {0,
         "dùm, hộ em, ad, admin, shop, em, anh, chị, anh chị, cô, chú, bác, cháu, mình, tôi, tui"},
        {0, "tao, mày, bạn, nhà em, nhà mình, nhà tôi, của em, của tôi, của mình, của, này, kia"},
        {0, "đó, ấy, nó, cái, cái này, việc, vụ, chuyện, những, các, một, mấy, nào, gì, ai, để"},
        {0, "ở, tại, trên, trong, ra, lên, về, làm, nộp, đến, tới, bị, do, vì, khi, lúc, lại bị"},
        {0, "thật, rất, quá, lắm, còn, cũng, chỉ cần, đây, bên, phía, người ta, trường hợp"},
        {0,
         "trường hợp này, hồ sơ này, bản thân, mọi người, cảm ơn, cám ơn, thanks, ok, ad ơi, tự"},
        {0, "chờ, đợi, lấy, nhận kết quả, kết quả, nhận ở đâu, trả, đem, đem theo, đi làm, lo"},
        {0, "theo, sau, trước, lần, kiểu, phải làm, làm gì"},
    });
    return table;
}

const phrase_table& kept_phrases()
{
    static const phrase_table table = table_of({
        {0,
         "bản sao, sao y, sao lục, con dấu, dấu, đóng dấu, khuyết tật, cho thuê, tặng cho, cho "
         "tặng"},
        {0, "thế chấp, thẻ, căn cước, tai nạn, nhà ở, ở nhờ, chỗ ở, hộ khẩu, hộ tịch, hộ chiếu"},
        {0,
         "hộ kinh doanh, hộ gia đình, hộ nghèo, hộ cận nghèo, chế độ, người có công, cha mẹ, ông "
         "bà"},
        {0, "bảo hiểm, giá đất, đấu giá, tiền sử dụng đất, đi học, đi nước ngoài, đi lao động"},
        {0,
         "xuất cảnh, làm con nuôi, nhận con nuôi, con nuôi, nhận cha, nhận mẹ, nhận con, cha mẹ "
         "con"},
        {0, "đường đi, lối đi, việc làm, làm việc, thôi học, tạm trú, thường trú, cư trú, trợ cấp"},
        {0,
         "chi trả, trả lại, tự nguyện, ly hôn, độc thân, đơn thân, lần đầu, công chứng, chỉ giới"},
        {0, "địa chỉ kinh doanh, thời hạn sử dụng, sở hữu, lao động, ban đầu, đầu tư, lên thổ cư"},
    });
    return table;
}

const phrase_table& query_actions()
{
    static const phrase_table table = table_of({
        {issue, "cấp mới, làm mới, lần đầu, cấp lần đầu, đăng ký mới"},
        {extract, "trích lục, bản sao, sao lục"},
        {reissue, "cấp lại, làm lại, xin lại, đăng ký lại, in lại"},
        {reissue | report_loss, "bị mất, làm mất, đánh mất, mất, rớt mất, thất lạc, rơi"},
        {reissue | exchange, "hư, hỏng, rách, bị hư, bị hỏng, bị rách"},
        {report_loss, "báo mất, trình báo"},
        {exchange, "cũ, đổi, cấp đổi, làm đổi, đổi mới, đổi sang"},
        {renew, "gia hạn, kéo dài"},
        {renew | exchange | reissue, "hết hạn, quá hạn, sắp hết hạn, bị hết hạn"},
        {amend, "sửa, sửa đổi, sửa lại, đính chính, cải chính, chỉnh sửa, điều chỉnh, bổ sung"},
        {amend, "cập nhật, đổi tên, ghi sai, sai, bị sai, sai tên, nhầm, sửa sai"},
        {amend | exchange, "thay đổi"},
        {remove, "xóa, xoá, gỡ, hủy, huỷ, hủy bỏ, thu hồi"},
        {terminate, "chấm dứt, giải thể, đóng cửa, dẹp, nghỉ luôn, đóng mã"},
        {terminate | suspend, "nghỉ bán, ngừng"},
        {suspend, "tạm ngừng, tạm nghỉ, tạm dừng"},
    });
    return table;
}

const phrase_table& official_actions()
{
    static const phrase_table table = table_of({
        {issue, "cấp mới, lần đầu"},
        {extract, "trích lục, bản sao"},
        {reissue, "cấp lại, đăng ký lại"},
        {report_loss, "mất"},
        {exchange, "cấp đổi, đổi"},
        {renew, "gia hạn"},
        {amend, "sửa đổi, cải chính, đính chính, điều chỉnh, thay đổi, bổ sung, chỉnh lý"},
        {amend, "hiệu đính, cập nhật"},
        {0, "chuyển đổi, trao đổi, biến đổi"},
        {remove, "xóa, xoá, hủy, hủy bỏ, huỷ, thu hồi, dừng thực hiện, rút"},
        {terminate, "chấm dứt, giải thể"},
        {suspend, "tạm ngừng, tạm dừng"},
    });
    return table;
}

const phrase_table& level_phrases()
{
    static const phrase_table table = table_of({
        {as_value(level_hint::commune), "cấp xã, ở xã, tại xã, ở phường, tại phường"},
        {as_value(level_hint::commune), "ủy ban xã, ủy ban phường"},
        {as_value(level_hint::province), "cấp tỉnh, ở tỉnh, tại tỉnh, trên tỉnh"},
        {as_value(level_hint::ministry), "cấp bộ, cấp trung ương, trung ương"},
    });
    return table;
}

const phrase_table& special_conditions()
{
    static const phrase_table table = table_of({
        {0, "nước ngoài, ngoại kiều, quốc tịch"},
        {1, "biên giới"},
        {2, "lưu động"},
        {3, "đã có hồ sơ"},
        {4, "quân đội, quân sự, quốc phòng, quân nhân"},
        {5, "công an nhân dân"},
        {6, "cơ quan đại diện, đại diện ngoại giao"},
        {7, "tiến hành tố tụng"},
        {8, "cơ quan nhà nước"},
        {9, "cấp huyện"},
        {10, "kết hợp"},
        {11, "liên thông"},
        {12, "gốc việt nam"},
        {13, "láng giềng"},
        {14, "dự án"},
        {15, "doanh nghiệp"},
        {16, "tín dụng"},
        {17, "chứng khoán"},
        {18, "dưới"},
        {19, "ghi vào sổ"},
        {20, "hàng không, tàu bay"},
        {21, "tàu biển, hàng hải"},
        {22, "hải quan"},
        {23, "xuất khẩu, nhập khẩu, tạm nhập"},
        {24, "vũ khí"},
        {25, "đường sắt, đường ngang"},
        {26, "thế chấp"},
        {27, "nông nghiệp tập trung"},
        {28, "điện tử"},
        {29, "quốc tế"},
        {30, "cơ sở dữ liệu, khai thác thông tin"},
        {31, "có thời hạn"},
    });
    return table;
}

bool is_weak_word(std::string_view folded)
{
    static constexpr std::array<std::string_view, 35> words{
        "ba",    "ban",   "bang", "be",   "bo",   "cap",  "cha",  "chau", "chong",
        "chung", "con",   "dang", "dau",  "doi",  "giay", "ky",   "me",   "moi",
        "ngoai", "nguoi", "nha",  "nhan", "noi",  "ong",  "phep", "so",   "tai",
        "the",   "tien",  "tinh", "tu",   "viec", "vo",   "xa",   "xac"};
    return std::binary_search(words.begin(), words.end(), folded);
}

} // namespace motcua::understand
