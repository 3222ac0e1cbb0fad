#include "png_file.hpp"

#include <zlib.h>

#include <stdexcept>

namespace motcua {
namespace {

void append_number(std::string& to, std::uint32_t value)
{
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        to += static_cast<char>((value >> shift) & 0xffU);
}

const Bytef* zlib_bytes(const std::string& text)
{
    return reinterpret_cast<const Bytef*>(text.data());
}

void append_chunk(std::string& to, const std::string& type, const std::string& data)
{
    append_number(to, static_cast<std::uint32_t>(data.size()));
    const auto body = type + data;
    to += body;
    append_number(
        to, static_cast<std::uint32_t>(crc32(0, zlib_bytes(body), static_cast<uInt>(body.size()))));
}

} // namespace

std::string png_file(std::size_t width, std::size_t height, pixel kind, std::string_view bytes)
{
    const auto row = width * static_cast<std::size_t>(kind);
    std::string rows; // each behind its filter type (none)
    for (std::size_t y = 0; y < height; ++y) {
        rows += '\0';
        rows += bytes.substr(y * row, row);
    }
    auto length = compressBound(static_cast<uLong>(rows.size()));
    std::string packed(length, '\0');
    if (compress(
            reinterpret_cast<Bytef*>(packed.data()),
            &length,
            zlib_bytes(rows),
            static_cast<uLong>(rows.size())) != Z_OK)
        throw std::runtime_error("the picture cannot be compressed");
    packed.resize(length);
    std::string head;
    append_number(head, static_cast<std::uint32_t>(width));
    append_number(head, static_cast<std::uint32_t>(height));
    head += '\x08'; // bits of a sample
    head += kind == pixel::grey ? '\0' : '\x02';
    head += std::string(3, '\0');
    std::string png = "\x89PNG\r\n\x1a\n";
    append_chunk(png, "IHDR", head);
    append_chunk(png, "IDAT", packed);
    append_chunk(png, "IEND", {});
    return png;
}

} // namespace motcua
