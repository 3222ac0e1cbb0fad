#include "qr_code.hpp"

#include "png_file.hpp"

#include <qrencode.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace motcua {
namespace {

constexpr std::size_t quiet_zone = 4; // modules, ISO/IEC 18004
constexpr std::size_t pixels = 10;    // of a module

struct freer
{
    void operator()(QRcode* code) const { QRcode_free(code); }
};

// The modules, the quiet zone included; true is black.
class grid
{
public:
    explicit grid(const std::string& text)
    {
        const std::unique_ptr<QRcode, freer> code(
            QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
        if (!code)
            throw std::runtime_error("too long for a QR code");
        const auto width = static_cast<std::size_t>(code->width);
        side_ = width + 2 * quiet_zone;
        black_.resize(side_ * side_);
        for (std::size_t y = 0; y < width; ++y)
            for (std::size_t x = 0; x < width; ++x)
                black_[(y + quiet_zone) * side_ + x + quiet_zone] =
                    (code->data[y * width + x] & 1U) != 0;
    }
    std::size_t side() const { return side_; }
    bool is_black(std::size_t x, std::size_t y) const { return black_[y * side_ + x]; }

private:
    std::size_t side_ = 0;
    std::vector<bool> black_;
};

} // namespace

std::string qr_png(std::string_view text)
{
    const grid modules{std::string(text)};
    const auto side = modules.side() * pixels;
    std::string grey;
    for (std::size_t y = 0; y < side; ++y)
        for (std::size_t x = 0; x < side; ++x)
            grey += modules.is_black(x / pixels, y / pixels) ? '\0' : '\xff';
    return png_file(side, side, pixel::grey, grey);
}

std::string qr_svg(std::string_view text)
{
    const grid modules{std::string(text)};
    const auto side = std::to_string(modules.side());
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " +
                      side + "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" +
                      side + "v" + side + "H0z\"/><path d=\"";
    for (std::size_t y = 0; y < modules.side(); ++y)
        for (std::size_t x = 0; x < modules.side(); ++x)
            if (modules.is_black(x, y))
                svg += "M" + std::to_string(x) + " " + std::to_string(y) + "h1v1h-1z";
    return svg + "\"/></svg>\n";
}

} // namespace motcua
