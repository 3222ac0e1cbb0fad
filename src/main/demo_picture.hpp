#pragma once

#include <string>

namespace motcua {

inline constexpr int demo_pictures = 12;

// A drawing in place of a photo, PNG: a sheet of paper, a queue at a counter or a road with holes,
// in one of four lights. `number` is 0..demo_pictures-1.
std::string demo_picture(int number);

} // namespace motcua
