#pragma once

#include <motcua/app/attachments.hpp>

#include <string>
#include <string_view>
#include <vector>

// What can be told of a citizen's file without decoding it. Pure.
namespace motcua::app {

// The media type by the content's first bytes, whatever the sender calls it: photos, documents,
// sound and film as phones make them; "application/octet-stream" if it is none of them. Decides how
// a file may be shown; nothing else may.
std::string_view content_type_of(std::string_view content);

// The name without what could mislead a reader or a file system: no path, control or direction
// marks, no leading dot; at most 100 code points, the extension kept. Empty if nothing is left.
std::string safe_file_name(std::string_view name);

// What of the event is to be kept as attachments of the citizen: photos, files, sound, film and
// places. Stickers, pictures in motion, links and business cards are words, not files.
std::vector<new_attachment> attachments_of(const dialogue::inbound_event& event);

} // namespace motcua::app
