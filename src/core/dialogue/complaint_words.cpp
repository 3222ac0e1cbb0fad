#include "complaint_words.hpp"

#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace motcua::dialogue {
namespace {

// Folded words with one blank before each and one at the end; an answer that is longer than a few
// words is no command.
std::string short_words(std::string_view text)
{
    constexpr std::size_t longest = 60;
    std::string out = " ";
    for (const char c : text::fold(text)) {
        const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_word)
            out += c;
        else if (out.back() != ' ')
            out += ' ';
    }
    if (out.back() != ' ')
        out += ' ';
    return out.size() > longest ? std::string() : out;
}

bool has(std::string_view words, std::string_view wanted)
{
    return words.find(' ' + std::string(wanted) + ' ') != std::string_view::npos;
}

} // namespace

bool says_send(std::string_view text)
{
    constexpr std::array<std::string_view, 22> all{
        "gui",          "gui di", "gui luon", "gui nhe",         "gui nha",   "gui giup",
        "gui phan anh", "ok",     "oke",      "ok gui",          "ok gui di", "dong y",
        "dong y gui",   "dung",   "dung roi", "dung roi gui di", "chinh xac", "xong",
        "xac nhan",     "co",     "van gui",  "van gui an danh"};
    const auto words = short_words(text);
    return std::ranges::any_of(
        all, [&words](std::string_view one) { return words == ' ' + std::string(one) + ' '; });
}

bool wants_no_name(std::string_view text)
{
    constexpr std::array<std::string_view, 6> all{
        "an danh",
        "giau ten",
        "khong ten",
        "khong muon noi ten",
        "khong muon cho ten",
        "khong cho ten"};
    const auto words = short_words(text);
    return std::ranges::any_of(all, [&words](std::string_view one) { return has(words, one); });
}

bool asks_for_change(std::string_view text)
{
    constexpr std::array<std::string_view, 7> all{
        "sua", "sai", "nham", "lon", "doi", "chua dung", "khong dung"};
    const auto words = short_words(text);
    return std::ranges::any_of(all, [&words](std::string_view one) { return has(words, one); });
}

std::string_view part_named(std::string_view text)
{
    using named = std::pair<std::string_view, std::string_view>;
    constexpr std::array<named, 22> all{
        named{"dia chi", "address"},
        {"dien thoai", "phone"},
        {"sdt", "phone"},
        {"so dt", "phone"},
        {"so may", "phone"},
        {"ho ten", "name"},
        {"ho va ten", "name"},
        {"ten nguoi gui", "name"},
        {"ten toi", "name"},
        {"ten", "name"},
        {"nguoi gui", "contact"},
        {"thong tin lien he", "contact"},
        {"linh vuc", "category"},
        {"noi dung", "content"},
        {"hinh", "attachments"},
        {"hinh anh", "attachments"},
        {"tep", "attachments"},
        {"file", "attachments"},
        {"noi xay ra", "place"},
        {"dia diem", "place"},
        {"vi tri", "place"},
        {"cho xay ra", "place"}};
    const auto words = short_words(text);
    const auto found =
        std::ranges::find_if(all, [&words](const named& one) { return has(words, one.first); });
    return found == all.end() ? std::string_view() : found->second;
}

} // namespace motcua::dialogue
