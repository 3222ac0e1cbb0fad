#include "qr_code.hpp"

#include <qrencode.h>
#include <zlib.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

namespace motcua {
namespace {

constexpr int quiet_zone = 4;      // modules, ISO/IEC 18004
constexpr std::size_t pixels = 10; // of a module

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

void append_number(std::string& to, std::uint32_t value)
{
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        to += static_cast<char>((value >> shift) & 0xffU);
}

const Bytef* bytes_of(const std::string& text)
{
    return reinterpret_cast<const Bytef*>(text.data());
}

void append_chunk(std::string& to, const std::string& type, const std::string& data)
{
    append_number(to, static_cast<std::uint32_t>(data.size()));
    const auto body = type + data;
    to += body;
    append_number(
        to, static_cast<std::uint32_t>(crc32(0, bytes_of(body), static_cast<uInt>(body.size()))));
}

} // namespace

std::string qr_png(std::string_view text)
{
    const grid modules{std::string(text)};
    const auto side = modules.side() * pixels;
    std::string rows; // one byte a pixel, each row behind its filter type (none)
    for (std::size_t y = 0; y < side; ++y) {
        rows += '\0';
        for (std::size_t x = 0; x < side; ++x)
            rows += modules.is_black(x / pixels, y / pixels) ? '\0' : '\xff';
    }
    auto length = compressBound(static_cast<uLong>(rows.size()));
    std::string packed(length, '\0');
    if (compress(
            reinterpret_cast<Bytef*>(packed.data()),
            &length,
            bytes_of(rows),
            static_cast<uLong>(rows.size())) != Z_OK)
        throw std::runtime_error("the picture cannot be compressed");
    packed.resize(length);
    std::string head;
    append_number(head, static_cast<std::uint32_t>(side));
    append_number(head, static_cast<std::uint32_t>(side));
    head += std::string("\x08\x00\x00\x00\x00", 5); // 8 bits of grey
    std::string png = "\x89PNG\r\n\x1a\n";
    append_chunk(png, "IHDR", head);
    append_chunk(png, "IDAT", packed);
    append_chunk(png, "IEND", {});
    return png;
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
