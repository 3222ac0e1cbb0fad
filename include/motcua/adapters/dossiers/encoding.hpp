#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace motcua::dossier_files {

// The bytes of a text file as UTF-8, by its byte order mark (UTF-8, UTF-16), else from `encoding`
// (a name that iconv knows). Empty if they are not of that encoding, or nobody knows it. UTF-8 must
// be valid: what is cut in the middle of a letter is refused.
std::optional<std::string> to_utf8(std::string_view bytes, const std::string& encoding);

} // namespace motcua::dossier_files
