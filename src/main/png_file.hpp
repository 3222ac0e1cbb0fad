#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace motcua {

enum class pixel : std::uint8_t
{
    grey = 1,   // bytes of a pixel
    colour = 3, // red, green, blue
};

// A PNG picture of those bytes, row by row from the top: width x height pixels.
std::string png_file(std::size_t width, std::size_t height, pixel kind, std::string_view bytes);

} // namespace motcua
