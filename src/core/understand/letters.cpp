#include "letters.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace motcua::understand {

namespace {

struct vowel_row
{
    char base;
    mark shape;
    std::array<std::string_view, 6> by_tone;
};

constexpr std::array<vowel_row, 12> vowel_rows{{
    {'a', mark::none, {"a", "á", "à", "ả", "ã", "ạ"}},
    {'a', mark::breve, {"ă", "ắ", "ằ", "ẳ", "ẵ", "ặ"}},
    {'a', mark::circumflex, {"â", "ấ", "ầ", "ẩ", "ẫ", "ậ"}},
    {'e', mark::none, {"e", "é", "è", "ẻ", "ẽ", "ẹ"}},
    {'e', mark::circumflex, {"ê", "ế", "ề", "ể", "ễ", "ệ"}},
    {'i', mark::none, {"i", "í", "ì", "ỉ", "ĩ", "ị"}},
    {'o', mark::none, {"o", "ó", "ò", "ỏ", "õ", "ọ"}},
    {'o', mark::circumflex, {"ô", "ố", "ồ", "ổ", "ỗ", "ộ"}},
    {'o', mark::horn, {"ơ", "ớ", "ờ", "ở", "ỡ", "ợ"}},
    {'u', mark::none, {"u", "ú", "ù", "ủ", "ũ", "ụ"}},
    {'u', mark::horn, {"ư", "ứ", "ừ", "ử", "ữ", "ự"}},
    {'y', mark::none, {"y", "ý", "ỳ", "ỷ", "ỹ", "ỵ"}},
}};

struct letter_row
{
    std::string_view code_point;
    letter parts;
};

using letter_rows = std::array<letter_row, vowel_rows.size() * 6 + 1>;

const letter_rows& letters()
{
    static const letter_rows table = [] {
        letter_rows made;
        std::size_t at = 0;
        for (const vowel_row& row : vowel_rows)
            for (std::size_t tone = 0; tone < row.by_tone.size(); ++tone)
                made[at++] = {
                    row.by_tone[tone], {row.base, row.shape, static_cast<std::uint8_t>(tone)}};
        made[at] = {"đ", {'d', mark::bar, 0}};
        std::sort(made.begin(), made.end(), [](const letter_row& a, const letter_row& b) {
            return a.code_point < b.code_point;
        });
        return made;
    }();
    return table;
}

} // namespace

std::optional<letter> take_apart(std::string_view code_point)
{
    const letter_rows& table = letters();
    const auto found = std::lower_bound(
        table.begin(), table.end(), code_point, [](const letter_row& row, std::string_view wanted) {
            return row.code_point < wanted;
        });
    if (found == table.end() || found->code_point != code_point)
        return std::nullopt;
    return found->parts;
}

std::string_view without_tone(letter value)
{
    if (value.shape == mark::bar)
        return "đ";
    for (const vowel_row& row : vowel_rows)
        if (row.base == value.base && row.shape == value.shape)
            return row.by_tone[0];
    return {};
}

namespace {

std::string_view first_code_point(std::string_view utf8)
{
    std::size_t end = 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xc0U) == 0x80U)
        ++end;
    return utf8.substr(0, end);
}

} // namespace

std::vector<std::string_view> code_points_of(std::string_view utf8)
{
    std::vector<std::string_view> points;
    points.reserve(utf8.size());
    for (; !utf8.empty(); utf8.remove_prefix(points.back().size()))
        points.push_back(first_code_point(utf8));
    return points;
}

bool marks_agree(std::string_view typed, std::string_view official)
{
    if (typed == official)
        return true;
    while (!typed.empty() && !official.empty()) {
        const auto left = first_code_point(typed);
        const auto right = first_code_point(official);
        typed.remove_prefix(left.size());
        official.remove_prefix(right.size());
        if (left == right)
            continue;
        const auto mine = take_apart(left);
        if (!mine)
            continue; // a plain d under đ
        const auto theirs = take_apart(right);
        if (!theirs || (mine->shape != mark::none && mine->shape != theirs->shape) ||
            (mine->tone != 0 && mine->tone != theirs->tone))
            return false;
    }
    return typed.empty() && official.empty();
}

} // namespace motcua::understand
