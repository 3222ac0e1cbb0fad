#pragma once

#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/dialogue/knowledge.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

// The places staff may write in what they say to a citizen, like {{mã}}. Pure.
namespace motcua::dialogue {

struct reply_place
{
    std::string_view name;  // without braces, NFC
    std::string_view title; // Vietnamese
};
inline constexpr std::array<reply_place, 9> reply_places{{
    {"mã", "Mã phản ánh"},
    {"hạn", "Hạn trả lời"},
    {"đơn vị", "Đơn vị đang xử lý"},
    {"lĩnh vực", "Lĩnh vực của phản ánh"},
    {"ngày gửi", "Ngày người dân gửi"},
    {"cơ quan", "Cơ quan được chuyển đến"},
    {"hạn bổ sung", "Hạn gửi bổ sung"},
    {"hạn mở lại", "Hạn yêu cầu mở lại"},
    {"cán bộ", "Tên cán bộ trả lời"},
}};

// The first {{place}} of a text, without its braces, that is none of reply_places; blanks around it
// do not matter. Empty if all are known. An unclosed "{{" is text.
std::optional<std::string> unknown_place(std::string_view text);

struct filled_reply
{
    std::string text;
    // The first place that cannot be filled, without braces: not one of reply_places, or one this
    // case has nothing for. Then `text` is empty.
    std::optional<std::string> unfilled;
    bool is_known = false; // it is one of reply_places
};
// `after` is the case as it will be when the words are said, `before` as it is now: a date that the
// one has not, the other may have. Units in words. An unclosed "{{" is text.
filled_reply fill_reply(
    const knowledge& known,
    const complaints::complaint& before,
    const complaints::complaint& after,
    std::string_view officer_name,
    std::string_view text);

} // namespace motcua::dialogue
