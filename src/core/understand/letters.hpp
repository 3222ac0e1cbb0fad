#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace motcua::understand {

enum class mark : std::uint8_t
{
    none,
    circumflex,
    breve,
    horn,
    bar
};

// One lower-case Vietnamese vowel or đ taken apart: "ấ" is a, circumflex, sắc.
struct letter
{
    char base;
    mark shape;
    std::uint8_t tone; // 0 ngang, 1 sắc, 2 huyền, 3 hỏi, 4 ngã, 5 nặng
};

// nullopt for everything that can carry no mark.
std::optional<letter> take_apart(std::string_view code_point);

// The letter with its shape but no tone.
std::string_view without_tone(letter value);

std::vector<std::string_view> code_points_of(std::string_view utf8);

// True if no mark of the typed word contradicts the other, which has the same folded form: "giây"
// and "giay" agree with "giấy"; "giầy" and "giặy" do not.
bool marks_agree(std::string_view typed, std::string_view official);

} // namespace motcua::understand
