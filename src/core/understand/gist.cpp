#include "gist.hpp"

#include "phrases.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace motcua::understand {

namespace {

struct word_class
{
    std::string_view name; // empty: the words go
    std::string_view phrases;
};

constexpr std::array classes{
    // ways of speaking
    word_class{
        "",
        "ạ, à, ơi, nha, nhé, nhỉ, nhen, nghen, nghe, dạ, vâng, vậy, thế, hả, hở, luôn, đi, "
        "với, đó, đấy"},
    word_class{
        "",
        "cho em hỏi, cho mình hỏi, cho tôi hỏi, cho hỏi, cho con hỏi, cho cháu hỏi, "
        "xin hỏi, em hỏi, hỏi"},
    word_class{
        "",
        "làm ơn, giùm, dùm, giúp, giúp em, giúp tôi, giúp mình, hộ em, thì, là, mà, rằng, "
        "cái, quá, lắm, trời, ủa"},
    word_class{
        "",
        "xin chào anh chị, chào anh chị, anh chị ơi, ad ơi, admin ơi, shop ơi, bạn ơi, "
        "ai biết"},
    word_class{
        "",
        "cho em, cho tôi, cho mình, của em, của tôi, của mình, nhà em, nhà tôi, nhà mình, "
        "bên mình, bên em"},
    // persons
    word_class{
        "<person>",
        "tôi, em, mình, tui, cháu, tớ, chúng tôi, tụi em, tụi mình, tụi tui, chúng em, "
        "bà con, người dân"},
    word_class{"<you>", "anh chị, anh, chị, ad, admin, bạn, cô, chú, bác, shop, các bạn"},
    // questions
    word_class{"<what>", "gì, những gì, cái gì, gì vậy, gì không, nào, những nào, loại nào, chi"},
    word_class{
        "<how_much>",
        "bao nhiêu, nhiêu, bao nhiêu tiền, nhiêu tiền, mấy tiền, mấy đồng, mấy trăm, "
        "bao tiền"},
    word_class{
        "<how_long>",
        "bao lâu, mấy ngày, bao nhiêu ngày, mấy hôm, mấy tuần, mấy bữa, trong bao lâu, "
        "lâu không, có lâu không, mất bao lâu, mất mấy ngày"},
    word_class{
        "<when>",
        "khi nào, bao giờ, chừng nào, lúc nào, hồi nào, ngày nào, bữa nào, tới chừng nào, "
        "đến khi nào"},
    word_class{
        "<where>",
        "ở đâu, đâu, chỗ nào, nơi nào, ở chỗ nào, tại đâu, đến đâu, tới đâu, đi đâu, "
        "cơ quan nào, chỗ mô, xã nào"},
    word_class{
        "<how>",
        "làm sao, thế nào, như thế nào, như nào, ra sao, sao, kiểu gì, cách nào, "
        "bằng cách nào, làm thế nào, làm như thế nào, cách làm, cách"},
    word_class{
        "<whether>",
        "được không, có được không, không, chưa, phải không, có phải không, đúng không, "
        "hay không, hay chưa, có không, được chưa, được chưa vậy"},
    // what one does
    word_class{"<want>", "muốn, cần, định, tính, cần phải, phải, xin, đang cần, có nhu cầu, nên"},
    word_class{
        "<paper>",
        "giấy tờ, hồ sơ, giấy, tài liệu, bộ hồ sơ, thành phần hồ sơ, loại giấy tờ, "
        "bản chính, bản sao"},
    word_class{"<form>", "mẫu đơn, mẫu tờ khai, tờ khai, biểu mẫu, mẫu, đơn, form, file mẫu"},
    word_class{
        "<fee>",
        "lệ phí, phí, chi phí, tiền, mức phí, mức thu, tốn tiền, tốn phí, mất phí, "
        "mất tiền, đóng tiền, đóng phí, hết, tốn"},
    word_class{"<submit>", "nộp, nộp hồ sơ, gửi hồ sơ, gửi, đem nộp, nộp đơn, đi nộp"},
    word_class{
        "<online>",
        "trực tuyến, online, qua mạng, trên mạng, qua điện thoại, trên điện thoại, "
        "dịch vụ công"},
    word_class{
        "<staff>",
        "cán bộ, nhân viên, công chức, người thật, tư vấn viên, tổng đài viên, "
        "nhân viên tư vấn"},
    word_class{
        "<office>",
        "ủy ban, uỷ ban, xã, phường, trung tâm, một cửa, trung tâm hành chính công, "
        "bộ phận một cửa, ủy ban xã, ủy ban phường"},
    word_class{
        "<send>",
        "bưu điện, gửi về nhà, giao tận nhà, chuyển phát, ship, ship về, giao tận nơi, "
        "gửi tận nhà, bưu chính, gửi qua bưu điện"},
    word_class{
        "<pay>",
        "thanh toán, chuyển khoản, momo, quét mã, quét mã qr, trả tiền, internet banking, "
        "ví điện tử, thẻ ngân hàng, nộp tiền"},
    word_class{
        "<account>", "tài khoản, mật khẩu, đăng nhập, mã otp, otp, mã xác thực, đăng ký tài khoản"},
    word_class{
        "<proxy>",
        "ủy quyền, làm thay, đi thay, làm hộ, nhờ người, nộp thay, làm giùm, "
        "nộp giùm, nộp hộ, nhận thay, lấy giùm, lấy hộ, đi giùm, nhận hộ, nhận giùm"},
    word_class{
        "<law>",
        "luật, nghị định, thông tư, văn bản, quyết định, điều khoản, căn cứ pháp lý, "
        "pháp luật, văn bản nào, luật nào, quy định, quy định nào, cơ sở pháp lý, "
        "điều luật, điều mấy"},
    word_class{
        "<phone>",
        "số điện thoại, hotline, đường dây nóng, số máy, sđt, số liên hệ, tổng đài, "
        "điện thoại liên hệ"},
    word_class{
        "<hours>",
        "mở cửa, giờ làm việc, giờ hành chính, thứ bảy, thứ 7, chủ nhật, cuối tuần, "
        "nghỉ trưa, mấy giờ, lịch làm việc, ngày lễ, giờ giấc, ngoài giờ"},
    word_class{
        "<data>", "dữ liệu, thông tin cá nhân, dữ liệu cá nhân, lịch sử trò chuyện, tin nhắn"},
    word_class{
        "<condition>",
        "điều kiện, đủ điều kiện, bao nhiêu tuổi, mấy tuổi, đủ tuổi, được phép, có quyền, "
        "đối tượng nào, ai được"},
    word_class{
        "<step>",
        "các bước, bước, quy trình, trình tự, thủ tục, hướng dẫn, chỉ cách, chỉ dẫn, "
        "mấy bước, thứ tự"},
    word_class{
        "<status>",
        "tới đâu rồi, đến đâu rồi, xong chưa, có chưa, tình trạng, đã xong chưa, tra cứu, "
        "có kết quả chưa, xử lý tới đâu, giải quyết tới đâu, ra sao rồi, "
        "tới bước nào"},
    word_class{
        "<late>",
        "trễ, trễ hẹn, quá hạn, chậm, lâu quá, chậm trễ, mãi chưa, hoài, hoài chưa, "
        "quá lâu, chờ hoài, đợi hoài, ngâm, ngâm hồ sơ, rề rà, lâu lắc"},
    word_class{
        "<conduct>",
        "thái độ, cáu gắt, quát, quát nạt, hách dịch, nhũng nhiễu, vòi vĩnh, vòi tiền, "
        "đòi tiền, hối lộ, làm khó, hạch sách, gây khó dễ, lót tay, phong bì, bồi dưỡng, "
        "hành dân, la mắng, khó chịu, nạt nộ"},
    word_class{"<complain>", "phản ánh, kiến nghị, góp ý, phàn nàn, ý kiến, phản hồi"},
    // feelings and manners
    word_class{
        "<thanks>", "cảm ơn, cám ơn, thanks, thank you, tks, đội ơn, biết ơn, đa tạ, cảm ơn nhiều"},
    word_class{
        "<hello>",
        "chào, xin chào, hello, hi, alo, a lô, hey, chào buổi sáng, chào buổi chiều, "
        "chào buổi tối"},
    word_class{
        "<bye>",
        "tạm biệt, bye, bye bye, bái bai, hẹn gặp lại, chào tạm biệt, gặp lại sau, "
        "goodbye"},
    word_class{
        "<yes>",
        "đúng, đúng rồi, ừ, ừm, ok, oke, okie, okay, đồng ý, chính xác, chuẩn, phải rồi, "
        "đúng vậy"},
    word_class{
        "<no>",
        "không phải, sai, sai rồi, không đúng, đâu có, hổng phải, nhầm, nhầm rồi, "
        "không phải vậy"},
    word_class{
        "<angry>",
        "bực, bực mình, bực bội, tức, tức quá, tức giận, chán, chán quá, tệ, quá tệ, dở, "
        "dở tệ, thất vọng, phiền, ức chế, nản, bức xúc, vô dụng, vớ vẩn"},
    word_class{
        "<insult>",
        "ngu, đồ ngu, khùng, điên, đồ chó, chó, mất dạy, óc chó, khốn, khốn nạn, cút, câm, "
        "đồ điên, con lợn, ngu dốt, vcl, vl, đm, dm, dmm, cc, clgt, mẹ mày"},
    word_class{
        "<danger>",
        "cứu, cháy, cháy nhà, tai nạn, đánh nhau, cướp, tự tử, giết, đâm, ngất xỉu, "
        "bất tỉnh, chết đuối, đột quỵ, cấp cứu, chém, xỉu, bắt cóc, chảy máu, ngộ độc, "
        "đuối nước"},
    word_class{
        "<street>",
        "ổ gà, rác, đèn đường, ngập, ngập nước, kẹt xe, ồn, ồn ào, karaoke, cống, "
        "nắp cống, hôi thối, mùi hôi, vỉa hè, cây đổ, khói, xả thải, nước thải, mất điện, "
        "cúp điện, cúp nước, mất nước"},
    word_class{
        "<machine>",
        "robot, rô bốt, máy, bot, chatbot, trợ lý ảo, ai, trí tuệ nhân tạo, máy trả lời, "
        "trả lời tự động"},
    word_class{
        "<place>",
        "hà nội, hồ chí minh, tp hcm, hcm, sài gòn, đồng nai, bình dương, cần thơ, "
        "đà nẵng, hải phòng, an giang, đồng tháp, vĩnh long, cà mau, lâm đồng, đà lạt, "
        "khánh hòa, nha trang, gia lai, đắk lắk, quảng ngãi, quảng nam, huế, quảng trị, "
        "quảng bình, nghệ an, hà tĩnh, thanh hóa, ninh bình, nam định, hưng yên, "
        "thái bình, bắc ninh, bắc giang, thái nguyên, phú thọ, lào cai, yên bái, sơn la, "
        "điện biên, lai châu, cao bằng, lạng sơn, quảng ninh, tuyên quang, hà giang, "
        "bến tre, tiền giang, sóc trăng, bạc liêu, hậu giang, kiên giang, trà vinh, "
        "bà rịa, vũng tàu, bình phước, bình định, phú yên, ninh thuận, bình thuận, "
        "kon tum, vĩnh phúc, hải dương, hà nam, hòa bình"},
    // what one asks an office for
    word_class{
        "<object>",
        "khai sinh, giấy khai sinh, đăng ký khai sinh, kết hôn, đăng ký kết hôn, "
        "giấy kết hôn, ly hôn, khai tử, giấy chứng tử, độc thân, tình trạng hôn nhân"},
    word_class{
        "<object>",
        "hộ khẩu, sổ hộ khẩu, thường trú, tạm trú, cư trú, tạm vắng, lưu trú, hộ tịch, "
        "nhập khẩu, tách khẩu, cắt khẩu"},
    word_class{
        "<object>",
        "căn cước, thẻ căn cước, căn cước công dân, chứng minh nhân dân, hộ chiếu, "
        "định danh, vneid, lý lịch tư pháp"},
    word_class{
        "<object>",
        "sổ đỏ, sổ hồng, đất, đất đai, quyền sử dụng đất, tách thửa, sang tên, "
        "giấy phép xây dựng, xây dựng, xây nhà, thổ cư, giấy chứng nhận"},
    word_class{
        "<object>",
        "hộ kinh doanh, đăng ký kinh doanh, giấy phép kinh doanh, kinh doanh, công ty, "
        "doanh nghiệp, thành lập công ty, thành lập doanh nghiệp, mở quán, mở tiệm"},
    word_class{
        "<object>", "bằng lái, giấy phép lái xe, lái xe, đăng ký xe, biển số, cà vẹt, xe máy, xe"},
    word_class{
        "<object>",
        "công chứng, chứng thực, sao y, trích lục, hợp đồng, di chúc, thừa kế, "
        "con nuôi, giám hộ"},
    word_class{
        "<object>",
        "trợ cấp, bảo hiểm, bảo hiểm y tế, bảo hiểm xã hội, thất nghiệp, người cao tuổi, "
        "khuyết tật, hộ nghèo, thương binh, chế độ"},
};

const phrase_table& class_phrases()
{
    static const phrase_table table = [] {
        phrase_table made;
        for (std::size_t number = 0; number < classes.size(); ++number)
            for (std::string_view rest = classes.at(number).phrases; !rest.empty();) {
                const std::size_t end = std::min(rest.find(','), rest.size());
                made.add(phrase_words(rest.substr(0, end)), number);
                rest.remove_prefix(std::min(end + 1, rest.size()));
            }
        return made;
    }();
    return table;
}

} // namespace

std::vector<std::string_view> gist_of(std::span<const text::token> tokens)
{
    std::vector<std::string_view> gist;
    for (std::size_t i = 0; i < tokens.size();) {
        const auto found = class_phrases().longest_at(tokens.subspan(i));
        if (!found) {
            gist.emplace_back(tokens[i++].folded);
            continue;
        }
        const std::string_view name = classes.at(found->value).name;
        if (!name.empty() && (gist.empty() || gist.back() != name))
            gist.emplace_back(name);
        i += found->length;
    }
    return gist;
}

std::vector<std::string> gist_phrases()
{
    return class_phrases().phrases();
}

} // namespace motcua::understand
