#include "demo_picture.hpp"

#include "png_file.hpp"

#include <array>
#include <cstdlib>

namespace motcua {
namespace {

constexpr int picture_width = 480;
constexpr int picture_height = 360;

struct rgb
{
    int red;
    int green;
    int blue;
};

rgb sheet_at(int x, int y)
{
    const bool paper = x > 110 && x < 370 && y > 30 && y < 340;
    if (!paper)
        return {120, 84, 58};
    const bool stamp = std::abs((x - 310) * (x - 310) + (y - 285) * (y - 285) - 900) < 220;
    if (stamp)
        return {200, 30, 40};
    const bool title = y > 55 && y < 67 && x > 170 && x < 310;
    const bool line = y > 90 && y < 250 && y % 18 < 3 && x > 135 && x < 345 - (y * 7) % 90;
    if (title || line)
        return {60, 60, 70};
    return {246, 244, 236};
}

// Heads and shoulders before a counter.
rgb queue_at(int x, int y)
{
    const int place = x % 96;
    const int head = (place - 48) * (place - 48) + (y - 190) * (y - 190);
    const int shoulders = (place - 48) * (place - 48) + (y - 290) * (y - 290) / 2;
    if (head < 24 * 24)
        return {72, 52, 44};
    if (shoulders < 40 * 40 && y > 212) {
        constexpr std::array<rgb, 5> shirts{
            {{52, 92, 150}, {170, 70, 60}, {80, 130, 80}, {190, 160, 80}, {110, 90, 140}}};
        return shirts.at(static_cast<std::size_t>(x / 96) % shirts.size());
    }
    if (y > 120 && y < 150)
        return {150, 110, 70};
    return y < 120 ? rgb{222, 228, 232} : rgb{196, 196, 190};
}

rgb road_at(int x, int y)
{
    if (y < 130)
        return {156, 196, 226};
    const int half = 30 + (y - 130);
    if (std::abs(x - 240) > half)
        return {104, 142, 78};
    const int hole = (x - 215) * (x - 215) / 9 + (y - 255) * (y - 255);
    const int puddle = (x - 290) * (x - 290) / 6 + (y - 315) * (y - 315);
    if (hole < 330 || puddle < 260)
        return hole < 200 || puddle < 150 ? rgb{92, 84, 70} : rgb{66, 60, 54};
    const bool mark = std::abs(x - 240) < 1 + (y - 130) / 40 && y % 60 < 34;
    return mark ? rgb{230, 226, 210} : rgb{120, 120, 124};
}

} // namespace

std::string demo_picture(int number)
{
    constexpr std::array motifs{sheet_at, queue_at, road_at};
    constexpr std::array lights{100, 86, 72, 58}; // percent
    const auto motif = motifs.at(static_cast<std::size_t>(number) % motifs.size());
    const auto light = lights.at(static_cast<std::size_t>(number) / motifs.size() % lights.size());
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(picture_width) * picture_height * 3);
    for (int y = 0; y < picture_height; ++y)
        for (int x = 0; x < picture_width; ++x) {
            const auto one = motif(x, y);
            for (const int part : {one.red, one.green, one.blue})
                bytes += static_cast<char>(part * light / 100);
        }
    return png_file(picture_width, picture_height, pixel::colour, bytes);
}

} // namespace motcua
