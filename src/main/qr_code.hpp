#pragma once

#include <string>
#include <string_view>

namespace motcua {

// The text as a QR code with a quiet zone, black on white, error correction M: as a picture of ten
// pixels a module, or as a drawing that prints at any size. Throws std::runtime_error if the text
// is too long for a code.
std::string qr_png(std::string_view text);
std::string qr_svg(std::string_view text);

} // namespace motcua
