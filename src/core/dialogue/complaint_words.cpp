#include "complaint_words.hpp"

#include "typed_words.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::dialogue {
namespace {

// What is longer than a few words tells something and commands nothing.
typed_words short_words(std::string_view text)
{
    constexpr std::size_t longest = 60; // code points
    return typed_words(text::code_points(text) > longest ? std::string_view() : text);
}

} // namespace

bool says_send(std::string_view text)
{
    constexpr std::array<std::string_view, 26> all{
        "gửi",        "gửi đi",         "gửi luôn",     "gửi nhé",
        "gửi nha",    "gửi giúp",       "gửi phản ánh", "gởi",
        "gởi đi",     "gởi luôn",       "gởi giúp",     "ok",
        "oke",        "ok gửi",         "ok gửi đi",    "đồng ý",
        "đồng ý gửi", "đúng",           "đúng rồi",     "đúng rồi gửi đi",
        "chính xác",  "xong",           "xác nhận",     "có",
        "vẫn gửi",    "vẫn gửi ẩn danh"};
    const auto typed = short_words(text);
    return std::ranges::any_of(all, [&typed](std::string_view words) { return typed.are(words); });
}

bool wants_no_name(std::string_view text)
{
    constexpr std::array<std::string_view, 6> all{
        "ẩn danh",
        "giấu tên",
        "không tên",
        "không muốn nói tên",
        "không muốn cho tên",
        "không cho tên"};
    const auto typed = short_words(text);
    return std::ranges::any_of(all, [&typed](std::string_view words) { return typed.hold(words); });
}

bool asks_for_change(std::string_view text)
{
    constexpr std::array<std::string_view, 7> all{
        "sửa", "sai", "nhầm", "lộn", "đổi", "chưa đúng", "không đúng"};
    const auto typed = short_words(text);
    return std::ranges::any_of(all, [&typed](std::string_view words) { return typed.hold(words); });
}

std::string_view part_named(std::string_view text)
{
    using named = std::pair<std::string_view, std::string_view>;
    constexpr std::array<named, 17> all{
        named{"địa chỉ", "address"},
        {"điện thoại", "phone"},
        {"sđt", "phone"},
        {"số đt", "phone"},
        {"số máy", "phone"},
        {"tên", "name"},
        {"người gửi", "contact"},
        {"thông tin liên hệ", "contact"},
        {"lĩnh vực", "category"},
        {"nội dung", "content"},
        {"hình", "attachments"},
        {"tệp", "attachments"},
        {"file", "attachments"},
        {"nơi xảy ra", "place"},
        {"địa điểm", "place"},
        {"vị trí", "place"},
        {"chỗ xảy ra", "place"}};
    const auto typed = short_words(text);
    const auto* const found =
        std::ranges::find_if(all, [&typed](const named& one) { return typed.hold(one.first); });
    return found == all.end() ? std::string_view() : found->second;
}

} // namespace motcua::dialogue
